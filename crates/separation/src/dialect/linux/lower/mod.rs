//! [`Ruleset`] → [`Device`].

mod condition;
mod named;
mod nat;

use model::lang::Text;

use self::condition::{Conditions, Lookup};
use super::tree::{
    Among, Base, Chain as Written, Field, Leads, Rule as WrittenRule, Ruleset, Statement, Table, Verdict,
};
use crate::device::{
    Action, Affects, Chain, ChainId, Device, Filter, Interfaces, Line, Match, Pipeline, Rule, Scope, Stage, Tracking,
    Unread,
};
use crate::packet::Family;

/// A rule with more alternatives than this is not read.
const MOST: usize = 200_000;

/// Adds what the rulesets say, each with the number of its file. The device knows its interfaces by then, as far as a file lists them.
pub(in crate::dialect) fn lower(rulesets: &[(u16, Ruleset)], device: &mut Device) {
    let mut turns = Vec::new();
    for (file, ruleset) in rulesets {
        named::set_up(ruleset, *file, device);
    }
    for (file, ruleset) in rulesets {
        one(ruleset, *file, device, &mut turns);
    }
    arrange(turns, device);
}

fn one(ruleset: &Ruleset, file: u16, device: &mut Device, turns: &mut Vec<Turn>) {
    for (index, table) in ruleset.tables.iter().enumerate().filter(|(_, table)| !table.dormant) {
        let families = match &*table.family {
            "ip" => Some(Family::V4),
            "ip6" => Some(Family::V6),
            "inet" => None,
            // Who has which card is no question of who reaches whom.
            "arp" => continue,
            _ => {
                outside(table, file, device);
                continue;
            }
        };
        let first = device.chains.len();
        Lowering {
            table,
            family: families,
            file,
            first,
            device,
        }
        .table(turns);
        for unread in ruleset
            .unread
            .iter()
            .filter(|unread| unread.within.as_ref().is_some_and(|(of, _)| *of == index))
        {
            let name = unread.within.as_ref().map_or("", |(_, name)| name);
            let at = table.chains.iter().position(|chain| chain.name == name);
            let nat = at
                .and_then(|at| table.chains.get(at))
                .and_then(|chain| chain.base.as_ref())
                .is_some_and(|base| base.kind == "nat");
            let affects = match at.and_then(|at| u32::try_from(first + at).ok()) {
                _ if nat => Affects::Translations,
                Some(chain) => Affects::Chain(ChainId(chain)),
                None => Affects::Everything,
            };
            device
                .unread
                .push(not_read(file, unread.line, unread.why.clone(), affects));
        }
    }
    let loose = ruleset.unread.iter().filter(|unread| unread.within.is_none());
    let loose: Vec<Unread> = loose
        .map(|unread| not_read(file, unread.line, unread.why.clone(), Affects::Everything))
        .collect();
    device.unread.extend(loose);
}

fn not_read(file: u16, number: u32, why: Text, affects: Affects) -> Unread {
    Unread {
        line: Line { file, number },
        text: String::new(),
        why,
        affects,
    }
}

/// Tables that see frames before they are packets: what they do is not read.
fn outside(table: &Table, file: u16, device: &mut Device) {
    for chain in table.chains.iter().filter(|chain| chain.base.is_some()) {
        let why = Text::new(
            format!("{} の表は読まない", table.family),
            format!("tables of family {} are not read", table.family),
        );
        device.unread.push(not_read(file, chain.line, why, Affects::Everything));
    }
}

/// A stage with the hook and the priority that say when its turn is.
struct Turn {
    base: Base,
    stage: Stage,
}

/// Puts the stages in order around the choice of the way out.
fn arrange(mut turns: Vec<Turn>, device: &mut Device) {
    turns.sort_by_key(|turn| turn.base.priority);
    let of = |hook: &str| {
        let turns = turns.iter().filter(|turn| turn.base.hook == hook);
        turns.map(|turn| turn.stage.clone()).collect::<Vec<_>>()
    };
    let mut stages = of("prerouting");
    stages.push(Stage::Route);
    stages.extend(of("forward"));
    stages.extend(of("postrouting"));
    device.pipelines = vec![Pipeline { reading: None, stages }];
}

struct Lowering<'a> {
    table: &'a Table,
    /// `None` for both.
    family: Option<Family>,
    file: u16,
    /// The number of the table's first chain among the device's.
    first: usize,
    device: &'a mut Device,
}

impl Lowering<'_> {
    fn table(&mut self, turns: &mut Vec<Turn>) {
        for chain in &self.table.chains {
            let lowered = self.chain(chain);
            self.device.chains.push(lowered);
        }
        for (at, chain) in self.table.chains.iter().enumerate() {
            let Some(base) = &chain.base else { continue };
            let through = ["prerouting", "forward", "postrouting"].contains(&&*base.hook);
            match &*base.kind {
                _ if ["input", "output"].contains(&&*base.hook) => {}
                "filter" | "route" if through => turns.push(Turn {
                    base: base.clone(),
                    stage: self.filter(at, chain),
                }),
                "nat" if through => {
                    let translations = self.translations(chain);
                    turns.push(Turn {
                        base: base.clone(),
                        stage: Stage::Translate(translations),
                    });
                }
                _ => self.unread(
                    chain.line,
                    Text::fixed("この位置の連鎖は読まない", "a chain at this hook is not read"),
                    Affects::Everything,
                ),
            }
        }
    }

    fn filter(&self, at: usize, chain: &Written) -> Stage {
        Stage::Filter(Filter {
            scope: Scope {
                ingress: Interfaces::Any,
                egress: Interfaces::Any,
            },
            chain: ChainId(u32::try_from(self.first + at).unwrap_or(u32::MAX)),
            tracking: Tracking::Everything,
            line: self.line(chain.line),
        })
    }

    fn chain(&mut self, chain: &Written) -> Chain {
        let mut rules = Vec::new();
        if chain.base.is_some()
            && let Some(family) = self.family
        {
            // A table of one family does not see the other.
            rules.push(Rule {
                name: format!("{} {}", self.table.family, self.table.name),
                condition: Match::all_of(if family == Family::V4 { Family::V6 } else { Family::V4 }),
                action: Action::Permit,
                line: self.line(chain.line),
                last_line: chain.line,
                logs: false,
                implied: true,
            });
        }
        // A chain of translations is no filter.
        if chain.base.as_ref().is_none_or(|base| base.kind != "nat") {
            for written in &chain.rules {
                self.rule(chain, written, &mut rules);
            }
        }
        Chain {
            name: format!("{} {}", self.table.name, chain.name),
            rules,
            otherwise: match (&chain.base, chain.drops) {
                (Some(_), true) => Action::Deny,
                (Some(_), false) => Action::Permit,
                (None, _) => Action::Return,
            },
            line: self.line(chain.line),
        }
    }

    fn rule(&mut self, chain: &Written, written: &WrittenRule, rules: &mut Vec<Rule>) {
        let mut conditions = Conditions::all(self.family);
        let mut logs = false;
        for statement in &written.statements {
            let done = match statement {
                Statement::Verdict(verdict) => {
                    let made = self.decided(&conditions.alternatives, verdict, written, logs, rules);
                    if let Err(why) = made {
                        self.unread_rule(chain, written, why);
                    }
                    return;
                }
                Statement::VerdictMap { fields, map } => self.mapped(&conditions, fields, map, written, logs, rules),
                Statement::Log => {
                    logs = true;
                    Ok(())
                }
                Statement::Nat(_) => Err(Text::fixed(
                    "変換は nat の連鎖に書く",
                    "a translation belongs in a chain of type nat",
                )),
                other => self.narrowed(&mut conditions, other, written.line),
            };
            if let Err(why) = done {
                self.unread_rule(chain, written, why);
                return;
            }
        }
    }

    /// Narrows the conditions by a statement that decides nothing.
    fn narrowed(&mut self, conditions: &mut Conditions, statement: &Statement, line: u32) -> Result<(), Text> {
        match statement {
            Statement::Match { fields, negated, among } => {
                let among = condition::lookup(&self.table.sets, among)?;
                conditions.narrow(
                    self.device,
                    Line {
                        file: self.file,
                        number: line,
                    },
                    fields,
                    *negated,
                    among,
                )?;
            }
            Statement::Unknown(on) => conditions.depend(on.clone()),
            _ => {}
        }
        if conditions.alternatives.len() > MOST {
            return Err(Text::fixed("組合せが多すぎる", "too many combinations"));
        }
        Ok(())
    }

    fn mapped(
        &mut self,
        conditions: &Conditions,
        fields: &[Field],
        map: &Among,
        written: &WrittenRule,
        logs: bool,
        rules: &mut Vec<Rule>,
    ) -> Result<(), Text> {
        let Lookup::Elements(elements) = condition::lookup(&self.table.sets, map)? else {
            return Err(Text::fixed(
                "動作中に変わる対応表",
                "a map that changes while the device runs",
            ));
        };
        for element in elements {
            let Some(Leads::Verdict(verdict)) = &element.leads else {
                return Err(Text::fixed("対応表に判断がない", "a map without a verdict"));
            };
            let mut narrowed = conditions.clone();
            let line = self.line(written.line);
            narrowed.narrow(
                self.device,
                line,
                fields,
                false,
                Lookup::Elements(std::slice::from_ref(element)),
            )?;
            self.decided(&narrowed.alternatives, verdict, written, logs, rules)?;
        }
        Ok(())
    }

    fn decided(
        &self,
        alternatives: &[Match],
        verdict: &Verdict,
        written: &WrittenRule,
        logs: bool,
        rules: &mut Vec<Rule>,
    ) -> Result<(), Text> {
        let action = match verdict {
            Verdict::Accept => Action::Permit,
            Verdict::Drop => Action::Deny,
            Verdict::Return => Action::Return,
            Verdict::Jump(to) => Action::Jump(self.chain_named(to)?),
            Verdict::Goto(to) => Action::Goto(self.chain_named(to)?),
            Verdict::Continue => return Ok(()),
        };
        rules.extend(alternatives.iter().map(|condition| Rule {
            name: format!("{} {}:{}", self.table.family, self.table.name, written.line),
            condition: condition.clone(),
            action,
            line: self.line(written.line),
            last_line: written.last_line,
            logs,
            implied: false,
        }));
        Ok(())
    }

    fn chain_named(&self, name: &str) -> Result<ChainId, Text> {
        let at = self.table.chains.iter().position(|chain| chain.name == name);
        at.and_then(|at| u32::try_from(self.first + at).ok())
            .map(ChainId)
            .ok_or_else(|| Text::new(format!("連鎖「{name}」がない"), format!("there is no chain `{name}`")))
    }

    fn line(&self, number: u32) -> Line {
        Line {
            file: self.file,
            number,
        }
    }

    fn unread_rule(&mut self, chain: &Written, written: &WrittenRule, why: Text) {
        let affects = self
            .chain_named(&chain.name)
            .map_or(Affects::Everything, Affects::Chain);
        self.unread(written.line, why, affects);
    }

    fn unread(&mut self, line: u32, why: Text, affects: Affects) {
        self.device.unread.push(not_read(self.file, line, why, affects));
    }
}

//! What zones and their pairs do to packets.

use std::collections::BTreeMap;

use model::lang::Text;

use super::Reader;
use super::zone::{Does, Pair};
use crate::device::{
    Action, Affects, Chain, ChainId, Filter, InterfaceId, Interfaces, Line, Match, Rule, Scope, Stage, Tracking, Unread,
};
use crate::dialect::draft::unknown;
use crate::dialect::statement::Refusal;
use crate::packet::Family;

/// The zone of interfaces that are in no other, where it is set up.
const DEFAULT: &str = "default";

/// Zones that are the device itself.
const SELF: &str = "self";

impl Reader {
    /// The filters between zones: they are asked when the way out is known, before sources are changed.
    pub(super) fn firewall(&mut self) -> Vec<Stage> {
        if self.zones.members.is_empty() && self.zones.pairs.is_empty() {
            return Vec::new();
        }
        let ports = std::mem::take(&mut self.zones.ports);
        self.draft.device.unread.extend(ports);
        let zones = self.members();
        let pairs: Vec<Pair> = std::mem::take(&mut self.zones.pairs);
        let mut asked: BTreeMap<(&str, &str), (ChainId, Vec<Match>)> = BTreeMap::new();
        for pair in pairs
            .iter()
            .filter(|pair| pair.source != SELF && pair.destination != SELF)
        {
            let policy = self.policy(pair);
            asked.insert((&pair.source, &pair.destination), policy);
        }
        let mut stages = Vec::new();
        for (source, (members, line)) in &zones {
            let mut rules = vec![Rule::known_flow(Match::everything(), *line)];
            let mut followed = Vec::new();
            for (destination, (others, _)) in &zones {
                let on = |action| Rule {
                    action,
                    ..Rule::implied("zone pair", to(others), Action::Permit, *line)
                };
                match asked.get(&(source, destination)) {
                    Some((chain, follows)) => {
                        rules.push(on(Action::Jump(*chain)));
                        followed.extend(follows.iter().map(|follows| Match {
                            egress: Interfaces::These(others.clone()),
                            ..follows.clone()
                        }));
                    }
                    None if source == destination => rules.push(on(Action::Permit)),
                    None => {}
                }
            }
            let ingress = Interfaces::These(members.clone());
            stages.push(self.zone_filter(source, rules, (ingress, Interfaces::Any), followed, *line));
        }
        let inside: Vec<InterfaceId> = zones.values().flat_map(|(members, _)| members.clone()).collect();
        let line = zones
            .values()
            .next()
            .map_or(Line { file: 0, number: 1 }, |(_, line)| *line);
        let scope = (Interfaces::AllBut(inside.clone()), Interfaces::These(inside));
        stages.push(self.zone_filter(
            "no zone",
            vec![Rule::known_flow(Match::everything(), line)],
            scope,
            Vec::new(),
            line,
        ));
        stages
    }

    /// The interfaces of each zone, and where the first is set up.
    fn members(&mut self) -> BTreeMap<String, (Vec<InterfaceId>, Line)> {
        let mut zones: BTreeMap<String, (Vec<InterfaceId>, Line)> = BTreeMap::new();
        let has_default = self.zones.named.contains(DEFAULT);
        for (at, interface) in (0..).zip(&self.draft.device.interfaces) {
            let id = InterfaceId(at);
            let zone = match self.zones.members.get(&id) {
                Some(zone) => zone.clone(),
                None if has_default => DEFAULT.to_owned(),
                None => continue,
            };
            let (members, _) = zones.entry(zone).or_insert((Vec::new(), interface.line));
            members.push(id);
        }
        zones
    }

    fn zone_filter(
        &mut self,
        name: &str,
        rules: Vec<Rule>,
        (ingress, egress): (Interfaces, Interfaces),
        followed: Vec<Match>,
        line: Line,
    ) -> Stage {
        let chain = self.draft.chain(Chain {
            name: format!("zone {name}"),
            rules,
            otherwise: Action::Deny,
            line,
        });
        Stage::Filter(Filter {
            scope: Scope { ingress, egress },
            chain,
            tracking: if followed.is_empty() {
                Tracking::Nothing
            } else {
                Tracking::Only(followed)
            },
            line,
        })
    }

    /// The chain of a pair, and which flows it follows.
    fn policy(&mut self, pair: &Pair) -> (ChainId, Vec<Match>) {
        let (mut rules, mut followed, mut unread) = (Vec::new(), Vec::new(), Vec::new());
        let policy = pair
            .policy
            .as_ref()
            .map(|name| (name, self.zones.policies.remove(name)));
        match policy {
            None => {}
            Some((name, None)) => unread.push(refused(pair.line, name, undefined(name))),
            Some((name, Some(policy))) => {
                unread.extend(policy.refused.iter().cloned());
                for part in &policy.parts {
                    let action = if part.does == Does::Drop {
                        Action::Deny
                    } else {
                        Action::Permit
                    };
                    let before = rules.len();
                    match &part.class {
                        None => rules.push(Rule {
                            action,
                            ..Rule::on_line("class class-default", Match::everything(), Action::Permit, part.line)
                        }),
                        Some(class) => match self.in_class(class, action, part.line) {
                            Ok(found) => rules.extend(found),
                            Err(why) => {
                                let condition = Match {
                                    unknown: vec![unknown("読めないクラス", "a class that cannot be read")],
                                    ..Match::everything()
                                };
                                rules.push(Rule {
                                    action,
                                    ..Rule::on_line(class, condition, Action::Permit, part.line)
                                });
                                unread.push(refused(part.line, class, why));
                            }
                        },
                    }
                    if let Some(class) = part.class.as_ref().and_then(|class| self.zones.classes.get(class)) {
                        unread.extend(class.refused.iter().cloned());
                    }
                    if part.does == Does::Inspect {
                        followed.extend(rules.iter().skip(before).flat_map(|rule| self.permitted(rule)));
                    }
                }
                self.zones.policies.insert(name.clone(), policy);
            }
        }
        let (source, destination) = (&pair.source, &pair.destination);
        let chain = self.draft.chain(Chain {
            name: format!("zone-pair {source} {destination}"),
            rules,
            otherwise: Action::Deny,
            line: pair.line,
        });
        let unread = unread.into_iter().map(|unread| Unread {
            affects: Affects::Chain(chain),
            ..unread
        });
        self.draft.device.unread.extend(unread);
        (chain, followed)
    }

    /// What a rule of a pair permits, itself or the list that it asks.
    fn permitted(&self, rule: &Rule) -> Vec<Match> {
        match rule.action {
            Action::Permit => vec![rule.condition.clone()],
            Action::Jump(chain) => {
                let rules = self
                    .draft
                    .device
                    .chain(chain)
                    .into_iter()
                    .flat_map(|chain| &chain.rules);
                let permits = rules.filter(|rule| rule.action == Action::Permit);
                permits.map(|rule| rule.condition.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Rules for the packets of a class.
    fn in_class(&mut self, class: &str, action: Action, line: Line) -> Result<Vec<Rule>, Refusal> {
        let mut rules = Vec::new();
        for way in self.zones.alternatives(class)? {
            let condition = Match {
                services: way.services,
                unknown: way.unknown,
                ..Match::everything()
            };
            let Some((family, list)) = way.list else {
                rules.push(Rule {
                    action,
                    ..Rule::on_line(class, condition, Action::Permit, line)
                });
                continue;
            };
            let other = if family == Family::V4 { Family::V6 } else { Family::V4 };
            let lists = [family, other];
            let found = lists.iter().find_map(|family| self.lists.get(&(*family, list.clone())));
            let found = found.ok_or_else(|| undefined(&list))?;
            let mut selected = Vec::new();
            for ruled in found.rules(&format!("access-list {list}"), &self.groups) {
                if let Some(why) = ruled.refusal {
                    return Err(why);
                }
                let is_selected = ruled.rule.action == Action::Permit;
                selected.push(Rule {
                    condition: ruled.rule.condition.and(&condition),
                    // What a list denies may be in the class another way.
                    action: if is_selected { action } else { Action::Return },
                    ..ruled.rule
                });
            }
            let chain = self.draft.chain(Chain {
                name: format!("class {class}: access-list {list}"),
                rules: selected,
                otherwise: Action::Return,
                line,
            });
            rules.push(Rule {
                action: Action::Jump(chain),
                ..Rule::on_line(class, Match::everything(), Action::Permit, line)
            });
        }
        Ok(rules)
    }
}

fn to(interfaces: &[InterfaceId]) -> Match {
    Match {
        egress: Interfaces::These(interfaces.to_vec()),
        ..Match::everything()
    }
}

fn refused(line: Line, text: &str, why: Refusal) -> Unread {
    Unread {
        line,
        text: text.to_owned(),
        why,
        affects: Affects::Everything,
    }
}

fn undefined(name: &str) -> Text {
    Text::new(
        format!("「{name}」が定義されていない"),
        format!("`{name}` is defined nowhere"),
    )
}

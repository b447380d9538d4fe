//! Filters: `ip filter`, `ipv6 filter`, `ip filter dynamic`, `ip filter set`.

use std::collections::BTreeMap;

use model::lang::Text;

use super::address::addresses;
use super::service::{Ports, WITHOUT_EFFECT, application, services};
use crate::device::{Line, Match, RemarkKind, Service};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, no_address, number, unknown_word};
use crate::packet::Family;

/// All filters of a device, by number. The two families count by themselves.
#[derive(Default)]
pub(super) struct Filters {
    pub(super) fixed: BTreeMap<(Family, u32), Fixed>,
    pub(super) dynamic: BTreeMap<(Family, u32), Dynamic>,
    pub(super) sets: BTreeMap<String, Set>,
}

/// A filter that keeps no state.
pub(super) struct Fixed {
    pub(super) condition: Match,
    pub(super) permits: bool,
    pub(super) logs: bool,
    pub(super) line: Line,
    pub(super) last_line: u32,
}

/// A filter that remembers flows.
pub(super) struct Dynamic {
    /// Addresses, and any service.
    pub(super) condition: Match,
    pub(super) services: Vec<Service>,
    /// Services that it means by one claim only.
    pub(super) perhaps: Vec<Service>,
    /// Filters whose protocols and ports it watches, of the form that names filters.
    pub(super) watches: Vec<u32>,
    pub(super) line: Line,
    pub(super) last_line: u32,
}

/// Numbers of filters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    pub(super) fixed: Vec<u32>,
    pub(super) dynamic: Vec<u32>,
}

/// A named list for each direction.
#[derive(Default)]
pub(super) struct Set {
    pub(super) inward: Option<(List, Line)>,
    pub(super) outward: Option<(List, Line)>,
}

/// The largest number of a filter.
const MOST: u32 = 21_474_836;

impl Filters {
    /// What follows `ip filter` or `ipv6 filter`.
    pub(super) fn read(
        &mut self,
        statement: &mut Statement<'_>,
        family: Family,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        if statement.is("dynamic") {
            return self.dynamic(statement, family, draft);
        }
        if family == Family::V4 && statement.is("set") {
            return self.set(statement);
        }
        if family == Family::V4 && (statement.is("source-route") || statement.is("directed-broadcast")) {
            return sender_chooses(statement, draft);
        }
        let number = statement.parse(filter_number).ok_or(unknown_word())?;
        let (permits, logs) = statement.parse(action).ok_or_else(unknown_action)?;
        let mut condition = condition(statement, family)?;
        condition.services = protocols(statement, family)?;
        statement.end()?;
        let fixed = Fixed {
            condition,
            permits,
            logs,
            line: statement.line(),
            last_line: statement.last_line(),
        };
        self.fixed.insert((family, number), fixed);
        Ok(())
    }

    /// `80 * * www syslog=off`, `81 10.0.0.0/8 * filter 1 2 in 3 out 4`
    fn dynamic(&mut self, statement: &mut Statement<'_>, family: Family, draft: &mut Draft) -> Result<(), Refusal> {
        let number = statement.parse(filter_number).ok_or(unknown_word())?;
        let mut dynamic = Dynamic {
            condition: condition(statement, family)?,
            services: Vec::new(),
            perhaps: Vec::new(),
            watches: Vec::new(),
            line: statement.line(),
            last_line: statement.last_line(),
        };
        if statement.is("filter") {
            dynamic.watches = numbers(statement);
            // What they let through besides is only between the two ends of the flow, as a related one.
            while statement.is("in") || statement.is("out") {
                numbers(statement);
            }
            if dynamic.watches.is_empty() {
                return Err(unknown_word());
            }
        } else if let Some(word) = statement.parse(|word| WITHOUT_EFFECT.contains(&word).then(|| word.to_owned())) {
            draft.remark(
                RemarkKind::DoesNothing,
                statement.line(),
                Text::new(
                    format!("動的フィルタの「{word}」は、書くことはできるが働かない"),
                    format!("`{word}` can be written in a dynamic filter, and does nothing"),
                ),
                Text::fixed(
                    "この行を消し、必要なら静的フィルタで書く",
                    "remove the line; write a static filter if it is needed",
                ),
            );
        } else {
            let known = statement.parse(application).ok_or(Text::fixed(
                "動的フィルタのアプリケーション名を知らない",
                "an application of a dynamic filter that is not known",
            ))?;
            (dynamic.services, dynamic.perhaps) = (known.services, known.perhaps);
        }
        while statement.parse(option).is_some() {}
        statement.end()?;
        self.dynamic.insert((family, number), dynamic);
        Ok(())
    }

    /// `NAME in 1 2 3 dynamic 80 out 4`
    fn set(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let name = statement.parse(name).ok_or(unknown_word())?;
        let line = statement.line();
        let mut set = Set::default();
        loop {
            let side = if statement.is("in") {
                &mut set.inward
            } else if statement.is("out") {
                &mut set.outward
            } else {
                break;
            };
            *side = Some((list(statement)?, line));
        }
        statement.end()?;
        if set.inward.is_none() && set.outward.is_none() {
            return Err(unknown_word());
        }
        let known = self.sets.entry(name).or_default();
        known.inward = set.inward.or_else(|| known.inward.take());
        known.outward = set.outward.or_else(|| known.outward.take());
        Ok(())
    }
}

/// Numbers of filters, and of dynamic ones after `dynamic`; at least one.
pub(super) fn list(statement: &mut Statement<'_>) -> Result<List, Refusal> {
    let fixed = numbers(statement);
    let dynamic = if statement.is("dynamic") {
        numbers(statement)
    } else {
        Vec::new()
    };
    if fixed.is_empty() && dynamic.is_empty() {
        return Err(unknown_word());
    }
    Ok(List { fixed, dynamic })
}

pub(super) fn numbers(statement: &mut Statement<'_>) -> Vec<u32> {
    std::iter::from_fn(|| statement.parse(filter_number)).collect()
}

fn filter_number(word: &str) -> Option<u32> {
    number(word).filter(|number| (1..=MOST).contains(number))
}

/// The name of a set: what the device allows in names, and nothing that is a keyword.
pub(super) fn name(word: &str) -> Option<String> {
    let fits = word.len() <= 16 && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    (fits && !word.is_empty()).then(|| word.to_owned())
}

/// Whether it lets pass, and whether it logs. One that passes only while a line is up passes: the line may be up.
fn action(word: &str) -> Option<(bool, bool)> {
    let (action, logs) = match word.rsplit_once('-') {
        Some((action, "log")) => (action, true),
        Some((action, "nolog")) => (action, false),
        Some(_) => return None,
        None => (word, word == "reject"),
    };
    match action {
        "pass" | "restrict" => Some((true, logs)),
        "reject" => Some((false, logs)),
        _ => None,
    }
}

const fn unknown_action() -> Text {
    Text::fixed(
        "フィルタの動作(pass、reject、restrict)ではない",
        "no action of a filter (pass, reject, restrict)",
    )
}

/// Source and destination, where they are written.
fn condition(statement: &mut Statement<'_>, family: Family) -> Result<Match, Refusal> {
    let mut condition = Match::all_of(family);
    for part in [true, false] {
        if statement.is_done() {
            break;
        }
        let (these, depends) = statement.parse(|word| addresses(word, family)).ok_or(no_address())?;
        if part {
            condition.source = these;
        } else {
            condition.destination = these;
        }
        condition.unknown.extend(depends);
    }
    Ok(condition)
}

/// Protocol, source ports and destination ports, where they are written.
fn protocols(statement: &mut Statement<'_>, family: Family) -> Result<Vec<Service>, Refusal> {
    let Some(protocols) = statement.peek() else {
        return Ok(vec![Service::anything()]);
    };
    if statement.peek_at(1) == Some("dpi") || protocols == "dpi" {
        return Err(Text::fixed(
            "DPI による条件は読めない",
            "conditions by deep packet inspection are not read",
        ));
    }
    let ports = Ports {
        source: statement.peek_at(1),
        destination: statement.peek_at(2),
    };
    let services = services(protocols, &ports, family).ok_or(Text::fixed(
        "プロトコル又はポートとして読めない",
        "not a protocol, or not a port",
    ))?;
    (0..3).for_each(|_| drop(statement.take()));
    Ok(services)
}

/// `syslog=on`, `timeout=30`
fn option(word: &str) -> Option<()> {
    let (name, value) = word.split_once('=')?;
    let fits = value == "on" || value == "off" || number::<u32>(value).is_some();
    (["syslog", "timeout"].contains(&name) && fits).then_some(())
}

/// `on` (drop, the default), `off`, `filter N…` (drop but these).
fn sender_chooses(statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    if statement.is("on") {
        return statement.end();
    }
    let filtered = statement.is("filter");
    if !filtered && !statement.is("off") {
        return Err(unknown_word());
    }
    if filtered {
        numbers(statement);
    }
    statement.end()?;
    draft.remark(
        RemarkKind::SenderChoosesWay,
        statement.line(),
        Text::fixed(
            "送信元が経路を指定したパケット又はネットワーク全体あてのパケットを捨てない設定である",
            "packets whose sender chose the way, or that are for a whole network, are not dropped",
        ),
        Text::fixed("「on」(捨てる)に戻す", "turn it back to `on` (drop)"),
    );
    Ok(())
}

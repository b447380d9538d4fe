//! What the judge asks of the network: one answer for each fact, kept only if every pair of zones that it is about is proved.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use model::lang::Text;
use policy::judge::{EngineFact, Evidence, FileLine, Observed, Place};
use separation::network::ZoneId;
use separation::question::{Finding, Kind};

use super::registers::PERMITTED_PATH;
use super::{Checked, CityNetwork, FILE, FOLDER, GapPlace, Open, OpenPlace};
use crate::problem::Problem;

/// The fact about a pair of zones of which only the use of its permitted paths is asked.
pub(super) const USED: &str = "paths_used";
/// The fact about every pair of zones.
const LISTED: &str = "paths_listed";
/// The facts that this engine answers, without their prefix.
const FACTS: [&str; 5] = [
    "mynumber_isolated",
    "lgwan_internet_split",
    "internet_single_exit",
    LISTED,
    USED,
];

/// The facts of a network that was asked for a day.
#[must_use]
pub fn facts(network: &CityNetwork, checked: &Checked, today: Date) -> BTreeMap<String, EngineFact> {
    let evidence = Arc::new(network.evidence(today));
    let fact = |name: &'static str| {
        let pairs = pairs(checked, name);
        let found = checked.findings.iter().filter(|finding| tells(checked, name, finding));
        let mut observed: Vec<Observed> = found.map(|finding| network.observed(finding, name)).collect();
        let open = checked
            .open
            .iter()
            .filter(|open| open.between.iter().any(|pair| pairs.contains(pair)));
        observed.extend(open.map(|open| network.undecided(open, &pairs)));
        let is_proved = match name {
            USED => observed.is_empty() && paths_are_asked(network, &pairs),
            _ => !pairs.is_empty() && pairs.iter().all(|pair| settled(checked, name, *pair)),
        };
        EngineFact {
            is_proved,
            observed,
            evidence: Arc::clone(&evidence),
        }
    };
    named(fact)
}

/// The facts of a city that describes no network: nobody has shown anything.
#[must_use]
pub(super) fn unknown(today: Date) -> BTreeMap<String, EngineFact> {
    let observed = Observed {
        subject: Text::fixed("ネットワークの記述", "the description of the network"),
        is_broken: false,
        reason: Text::new(
            format!("{FOLDER}/{FILE} がないため、機器の設定を調べていない"),
            format!("there is no {FOLDER}/{FILE}, so no configuration was looked at"),
        ),
        fix: Some(Text::new(
            format!("{FOLDER}/{FILE} に領域と機器を書き、機器から取り出した設定を同じフォルダに置く"),
            format!("describe zones and devices in {FOLDER}/{FILE}, and put the exported configurations beside it"),
        )),
        row: None,
        line: None,
    };
    let evidence = Arc::new(nothing_seen(today));
    named(|_| EngineFact {
        is_proved: false,
        observed: vec![observed.clone()],
        evidence: Arc::clone(&evidence),
    })
}

/// The facts of a network that cannot be read: every problem is a reason for which nothing is shown.
#[must_use]
pub(super) fn unusable(problems: &[Problem], today: Date) -> BTreeMap<String, EngineFact> {
    let observed: Vec<Observed> = problems
        .iter()
        .map(|problem| Observed {
            subject: Text::same(problem.file.clone()),
            is_broken: false,
            reason: problem.diagnostic.message.clone(),
            fix: problem.diagnostic.help.clone(),
            row: None,
            line: None,
        })
        .collect();
    let evidence = Arc::new(nothing_seen(today));
    named(|_| EngineFact {
        is_proved: false,
        observed: observed.clone(),
        evidence: Arc::clone(&evidence),
    })
}

fn named(fact: impl Fn(&'static str) -> EngineFact) -> BTreeMap<String, EngineFact> {
    FACTS.map(|name| (format!("separation.{name}"), fact(name))).into()
}

const fn nothing_seen(at: Date) -> Evidence {
    Evidence {
        engine: "separation",
        // All crates of the workspace have one version.
        version: env!("CARGO_PKG_VERSION"),
        at,
        inputs: Vec::new(),
    }
}

/// The pairs of zones that a fact is about.
fn pairs(checked: &Checked, name: &str) -> Vec<(ZoneId, ZoneId)> {
    let demanded = checked.demands.iter();
    let mut pairs: Vec<(ZoneId, ZoneId)> = demanded
        .filter(|demand| matches!(name, LISTED | USED) || demand.fact == name)
        .map(|demand| (demand.from, demand.to))
        .collect();
    if name == USED {
        pairs.extend(&checked.beside);
    }
    pairs
}

/// Whether a finding belongs to a fact. That a path is in the register and has ended, or is not allowed, is no matter of its being in
/// the register, unless there is no other fact about its zones.
fn tells(checked: &Checked, name: &str, finding: &Finding) -> bool {
    if name == USED {
        return finding.kind == Kind::Unused;
    }
    let pair = (finding.from, finding.to);
    let demand = checked.demands.iter().find(|demand| (demand.from, demand.to) == pair);
    let Some(demand) = demand.filter(|_| finding.kind.breaks()) else {
        return false;
    };
    let is_registered = matches!(finding.kind, Kind::Expired | Kind::NotAllowed);
    demand.fact == name || (name == LISTED && !is_registered)
}

/// Whether a pair of zones was looked at to the end and has nothing that breaks the fact.
fn settled(checked: &Checked, name: &str, pair: (ZoneId, ZoneId)) -> bool {
    if checked.proved.contains(&pair) {
        return true;
    }
    let of_pair = |finding: &&Finding| (finding.from, finding.to) == pair && finding.kind.breaks();
    let mut found = checked.findings.iter().filter(of_pair).peekable();
    // What is not proved and not open was broken by something, which other facts may tell.
    found.peek().is_some()
        && !checked.open.iter().any(|open| open.between.contains(&pair))
        && !found.any(|finding| tells(checked, name, finding))
}

/// Whether the use of every permitted path was asked.
fn paths_are_asked(network: &CityNetwork, pairs: &[(ZoneId, ZoneId)]) -> bool {
    let mut paths = network.fabric.network.permitted.iter();
    paths.all(|path| pairs.contains(&(path.from, path.to)))
}

impl CityNetwork {
    /// What an answer about it is made of.
    #[must_use]
    pub fn evidence(&self, at: Date) -> Evidence {
        Evidence {
            inputs: self.sources.inputs(),
            ..nothing_seen(at)
        }
    }

    fn observed(&self, finding: &Finding, name: &str) -> Observed {
        let path = finding.path.as_ref();
        Observed {
            subject: self.subject(finding),
            is_broken: finding.kind.breaks() || name == USED,
            reason: self.reason(finding),
            fix: Some(finding.fix.clone()),
            row: path.map(|path| self.row(path)),
            line: finding.rule.and_then(|rule| self.line(rule.node, rule.line)),
        }
    }

    /// The row of a permitted path.
    fn row(&self, path: &str) -> Place {
        self.rows.get(path).cloned().unwrap_or_else(|| Place {
            register: PERMITTED_PATH.to_owned(),
            key: Some(path.to_owned()),
            row: 0,
            field: None,
        })
    }

    fn undecided(&self, open: &Open, pairs: &[(ZoneId, ZoneId)]) -> Observed {
        let between: Vec<(ZoneId, ZoneId)> = open
            .between
            .iter()
            .copied()
            .filter(|pair| pairs.contains(pair))
            .collect();
        let (row, line) = match &open.at {
            None => (None, None),
            Some(OpenPlace::Line(node, line)) => (None, self.line(*node, *line)),
            Some(OpenPlace::Gap(GapPlace::Row(place))) => (Some(place.clone()), None),
            Some(OpenPlace::Gap(GapPlace::Network(span))) => (None, Some(self.described(*span))),
        };
        Observed {
            subject: self.pairs(&between),
            is_broken: false,
            reason: open.reason.clone(),
            fix: open.help.clone(),
            row,
            line,
        }
    }

    /// The line of `network.toml` that a place is in.
    #[must_use]
    pub fn described(&self, span: model::diagnostic::Span) -> FileLine {
        let text = &self.sources.text;
        let before = text.get(..span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(line_start..).and_then(|rest| rest.lines().next());
        let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        FileLine {
            file: format!("{FOLDER}/{FILE}"),
            line: count(before.matches('\n').count()),
            column: count(before.get(line_start..).unwrap_or_default().chars().count()),
            text: line.unwrap_or_default().trim().to_owned(),
        }
    }

    /// Some pairs of zones in words: the first, and how many more there are.
    #[must_use]
    pub fn pairs(&self, pairs: &[(ZoneId, ZoneId)]) -> Text {
        let first = pairs.first().map(|pair| self.pair(*pair)).unwrap_or_default();
        match pairs.len() {
            0 | 1 => Text::same(first),
            more => {
                let more = more - 1;
                Text::new(
                    format!("{first} ほか{more}組"),
                    format!("{first} and {more} more pairs"),
                )
            }
        }
    }
}

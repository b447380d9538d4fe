//! Is every separation kept that the municipality's model demands? The answer of the crate `separation`, with what the registers say.

use jiff::civil::Date;
use model::lang::Text;
use separation::device::Line;
use separation::fabric::NodeId;
use separation::network::{Crossing, Demand, ZoneId, demands};
use separation::question::{self, Finding, Options, Unproven, Weakness};

use super::{CityNetwork, GapPlace};

/// What was asked of a network, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What the model demands.
    pub demands: Vec<Demand>,
    /// What is wrong, worst kinds first.
    pub findings: Vec<Finding>,
    /// Pairs of zones that are proved to be separated as demanded.
    pub proved: Vec<(ZoneId, ZoneId)>,
    /// What cannot be said, and why.
    pub open: Vec<Open>,
    /// Pairs of zones of which the model demands nothing and between which there are permitted paths: whether those are used was
    /// asked too.
    pub beside: Vec<(ZoneId, ZoneId)>,
    /// What is weak in itself and breaks nothing by that.
    pub weaknesses: Vec<Weakness>,
}

/// A reason for which nobody can say that zones are separated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The pairs of zones of which it cannot be said.
    pub between: Vec<(ZoneId, ZoneId)>,
    /// Why.
    pub reason: Text,
    /// What to do about it, where there is more to say than to look at the place.
    pub help: Option<Text>,
    /// Where it shows, if it does at one place.
    pub at: Option<OpenPlace>,
}

/// Where an [`Open`] shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenPlace {
    /// A line of a device's configuration.
    Line(NodeId, Line),
    /// `network.toml`, or a row of a register.
    Gap(GapPlace),
}

impl CityNetwork {
    /// Asks of every separation that `model` demands whether it is kept, for a day.
    #[must_use]
    pub fn check(&self, model: &str, today: Date) -> Checked {
        let demanded = demands(&self.fabric.network, model);
        let beside = self.beside(&demanded);
        let mut asked = demanded.clone();
        asked.extend(beside.iter().map(|&(from, to)| Demand {
            from,
            to,
            crossing: Crossing::Permitted,
            fact: super::facts::USED,
        }));
        let answer = question::check(&self.fabric, &asked, Options::on(today));
        let mut open: Vec<Open> = Vec::new();
        for one in answer.unproven {
            let at = one.at.map(|(node, line)| OpenPlace::Line(node, line));
            add(&mut open, (one.from, one.to), one.reason, None, at);
        }
        for gap in &self.gaps {
            for demand in asked.iter().filter(|demand| gap.concerns(demand.from, demand.to)) {
                let at = Some(OpenPlace::Gap(gap.at.clone()));
                add(
                    &mut open,
                    (demand.from, demand.to),
                    gap.message.clone(),
                    Some(gap.help.clone()),
                    at,
                );
            }
        }
        let is_open = |pair: &(ZoneId, ZoneId)| open.iter().any(|open| open.between.contains(pair));
        let mut proved = answer.proved;
        proved.retain(|pair| !beside.contains(pair) && !is_open(pair));
        let mut findings = answer.findings;
        // Nothing is demanded there: what passes is no finding, only a path that nothing carries is.
        findings.retain(|finding| !finding.kind.breaks() || !beside.contains(&(finding.from, finding.to)));
        Checked {
            demands: demanded,
            findings,
            proved,
            open,
            beside,
            weaknesses: answer.weaknesses,
        }
    }

    /// Pairs of zones with permitted paths of which nothing is demanded.
    fn beside(&self, demanded: &[Demand]) -> Vec<(ZoneId, ZoneId)> {
        let mut pairs: Vec<(ZoneId, ZoneId)> = self
            .fabric
            .network
            .permitted
            .iter()
            .map(|path| (path.from, path.to))
            .filter(|pair| pair.0 != pair.1 && !demanded.iter().any(|demand| (demand.from, demand.to) == *pair))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

impl Checked {
    /// The same in the words of the crate `separation`: what stands in the registers has no line.
    #[must_use]
    pub fn answer(&self) -> question::Checked {
        let unproven = self.open.iter().flat_map(|open| {
            let at = match open.at {
                Some(OpenPlace::Line(node, line)) => Some((node, line)),
                _ => None,
            };
            open.between.iter().map(move |&(from, to)| Unproven {
                from,
                to,
                reason: open.reason.clone(),
                at,
            })
        });
        question::Checked {
            findings: self.findings.clone(),
            proved: self.proved.clone(),
            unproven: unproven.collect(),
            weaknesses: self.weaknesses.clone(),
        }
    }

    /// Whether everything that is demanded is proved.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        !self.demands.is_empty()
            && self
                .demands
                .iter()
                .all(|demand| self.proved.contains(&(demand.from, demand.to)))
    }
}

/// Adds a pair to the reason of the same place and words.
fn add(open: &mut Vec<Open>, pair: (ZoneId, ZoneId), reason: Text, help: Option<Text>, at: Option<OpenPlace>) {
    match open.iter_mut().find(|known| known.reason == reason && known.at == at) {
        Some(known) if known.between.contains(&pair) => {}
        Some(known) => known.between.push(pair),
        None => open.push(Open {
            between: vec![pair],
            reason,
            help,
            at,
        }),
    }
}

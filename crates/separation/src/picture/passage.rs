//! What passes between zones, and how that stands towards what is demanded.

use std::collections::BTreeMap;

use model::lang::Text;

use crate::fabric::{Fabric, NodeId};
use crate::network::{Demand, ZoneId};
use crate::packet::{Family, Packet};
use crate::question::{Cell, Checked};
use crate::trace::{End, walk};

/// How a pair of zones stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Something passes that must not.
    Broken,
    /// Nobody can say.
    Unproven,
    /// Only what is permitted passes, and that is proved.
    Kept,
    /// Nothing is demanded of it.
    Free,
}

impl Standing {
    /// Every standing, the worst first.
    pub const ALL: [Self; 4] = [Self::Broken, Self::Unproven, Self::Kept, Self::Free];

    /// A mark that tells it without colour.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Broken => "✕",
            Self::Unproven => "?",
            Self::Kept => "✓",
            Self::Free => "○",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> Text {
        match self {
            Self::Broken => Text::fixed("破れている", "broken"),
            Self::Unproven => Text::fixed("未証明", "unproven"),
            Self::Kept => Text::fixed("守られている", "kept"),
            Self::Free => Text::fixed("求めなし", "free"),
        }
    }

    /// Its word in classes of style sheets.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Unproven => "unproven",
            Self::Kept => "kept",
            Self::Free => "free",
        }
    }
}

/// An ordered pair of zones between which something passes, or may pass for all that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The zone in which flows begin.
    pub from: ZoneId,
    /// The zone that they go to.
    pub to: ZoneId,
    /// How it stands.
    pub standing: Standing,
    /// Protocols and ports; none where nothing is known to pass.
    pub services: Vec<String>,
    /// The devices on the way of one of its packets.
    pub way: Vec<NodeId>,
    /// Indices of its findings that break it, in [`Checked::findings`].
    pub findings: Vec<usize>,
    /// Indices of what is unproven of it, in [`Checked::unproven`].
    pub unproven: Vec<usize>,
}

/// How many pairs stand how: of those of which something is demanded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Pairs of which something is demanded.
    pub demanded: usize,
    /// Those that are proved to be kept.
    pub kept: usize,
    /// Those that are broken.
    pub broken: usize,
    /// The rest.
    pub unproven: usize,
}

/// Every pair of zones between which something passes, is found or cannot be told; the worst first, then in the order of the zones.
///
/// `cells` and `unknown` are what [`crate::question::matrix`] says, `checked` what [`crate::question::check`] says of the same network.
#[must_use]
pub fn passages(
    fabric: &Fabric,
    demands: &[Demand],
    (cells, unknown): (&[Cell], &[(ZoneId, Family)]),
    checked: &Checked,
) -> Vec<Passage> {
    let mut seen: BTreeMap<(ZoneId, ZoneId), (Vec<String>, Option<Packet>)> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.from != cell.to) {
        let (services, witness) = seen.entry((cell.from, cell.to)).or_default();
        services.extend(cell.services.iter().cloned());
        witness.get_or_insert(cell.witness);
    }
    for finding in checked.findings.iter().filter(|finding| finding.kind.breaks()) {
        let (services, witness) = seen.entry((finding.from, finding.to)).or_default();
        services.push(finding.service.clone());
        *witness = finding.witness.or(*witness);
    }
    for open in &checked.unproven {
        seen.entry((open.from, open.to)).or_default();
    }
    for demand in demands
        .iter()
        .filter(|demand| unknown.iter().any(|(from, _)| *from == demand.from))
    {
        seen.entry((demand.from, demand.to)).or_default();
    }
    let mut passages: Vec<Passage> = seen
        .into_iter()
        .map(|((from, to), (mut services, witness))| {
            services.retain(|service| !service.is_empty());
            services.sort();
            services.dedup();
            Passage {
                from,
                to,
                standing: standing(demands, checked, (from, to)),
                services,
                way: witness.map(|packet| way(fabric, from, to, packet)).unwrap_or_default(),
                findings: indices(&checked.findings, |finding| {
                    (finding.from, finding.to) == (from, to) && finding.kind.breaks()
                }),
                unproven: indices(&checked.unproven, |open| (open.from, open.to) == (from, to)),
            }
        })
        .collect();
    passages.sort_by_key(|passage| (passage.standing, passage.from, passage.to));
    passages
}

/// How many pairs stand how.
#[must_use]
pub fn count(demands: &[Demand], checked: &Checked) -> Count {
    let mut count = Count {
        demanded: demands.len(),
        ..Count::default()
    };
    for demand in demands {
        match standing(demands, checked, (demand.from, demand.to)) {
            Standing::Broken => count.broken += 1,
            Standing::Kept => count.kept += 1,
            Standing::Unproven | Standing::Free => count.unproven += 1,
        }
    }
    count
}

/// How a pair of zones stands.
#[must_use]
pub fn standing(demands: &[Demand], checked: &Checked, pair: (ZoneId, ZoneId)) -> Standing {
    if !demands.iter().any(|demand| (demand.from, demand.to) == pair) {
        return Standing::Free;
    }
    let breaks = |finding: &crate::question::Finding| (finding.from, finding.to) == pair && finding.kind.breaks();
    if checked.findings.iter().any(breaks) {
        Standing::Broken
    } else if checked.proved.contains(&pair) {
        Standing::Kept
    } else {
        Standing::Unproven
    }
}

fn indices<T>(all: &[T], of: impl Fn(&T) -> bool) -> Vec<usize> {
    let these = all.iter().enumerate().filter(|(_, one)| of(one));
    these.map(|(at, _)| at).collect()
}

/// The devices on the first way by which a packet arrives.
fn way(fabric: &Fabric, from: ZoneId, to: ZoneId, packet: Packet) -> Vec<NodeId> {
    let walk = walk(fabric, from, packet, &|first, _| first);
    let arrives = walk.branches.iter().find(|branch| branch.end == End::Arrives(to));
    arrives.map_or_else(Vec::new, |branch| branch.hops.iter().map(|hop| hop.node).collect())
}

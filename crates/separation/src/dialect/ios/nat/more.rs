//! What may follow a translation: of which table it is, for which packets, what else it does.

use super::selected::chosen;
use crate::device::route::Next;
use crate::device::{Addresses, InterfaceId, Interfaces, Line, Match, PolicyRoute, Translation, Way};
use crate::dialect::draft::{Draft, unknown};
use crate::dialect::ios::part::name;
use crate::dialect::statement::{Refusal, Statement, number, unknown_word};
use crate::ranges::Ranges;

/// What may follow a translation.
#[derive(Default)]
pub(super) struct More {
    /// The table of the inner side; `None` for the main one.
    pub(super) vrf: Option<String>,
    /// Whether it is only for what a map of routes selects, which is taken for unknown.
    pub(super) by_map: bool,
    pub(super) overload: bool,
    pub(super) adds_route: bool,
}

impl More {
    /// `extendable`, `overload`, `vrf NAME`, …, to the end of the line.
    pub(super) fn read(statement: &mut Statement<'_>) -> Result<Self, Refusal> {
        let mut more = Self::default();
        // What it is said to the neighbours, what is looked into, which device of two does it.
        const BESIDE: [&str; 6] = [
            "extendable",
            "no-alias",
            "no-payload",
            "forced",
            "match-in-vrf",
            "reversible",
        ];
        while !statement.is_done() {
            if statement.is("vrf") {
                more.vrf = Some(statement.parse(name).ok_or(unknown_word())?);
            } else if statement.is("route-map") {
                statement.parse(name).ok_or(unknown_word())?;
                more.by_map = true;
            } else if statement.is("redundancy") {
                statement.parse(name).ok_or(unknown_word())?;
            } else if statement.is("mapping-id") {
                statement.parse(number::<u32>).ok_or(unknown_word())?;
            } else if statement.is("overload") {
                more.overload = true;
            } else if statement.is("add-route") {
                more.adds_route = true;
            } else if !BESIDE.iter().any(|word| statement.is(word)) {
                return Err(unknown_word());
            }
        }
        Ok(more)
    }

    /// Whether it is for some of the packets that it names, and no packet shows for which: those of a table, of a map of routes.
    pub(super) const fn is_narrow(&self) -> bool {
        self.by_map || self.vrf.is_some()
    }

    /// What leaves by an interface of its table, and what leaves by one of another: whether that is translated, nobody says.
    pub(super) fn within(&self, leaves: Translation, inside: &Interfaces, draft: &mut Draft) -> Vec<Translation> {
        let Interfaces::These(these) = inside else {
            return vec![leaves];
        };
        let table = self.vrf.as_deref().unwrap_or_default();
        let here = |id: &InterfaceId| draft.of(*id).is_some_and(|interface| interface.table == table);
        let (own, others): (Vec<_>, Vec<_>) = these.iter().copied().partition(here);
        let by = |these: Vec<InterfaceId>| {
            let mut leaves = leaves.clone();
            leaves.condition.ingress = Interfaces::These(these);
            leaves
        };
        let mut elsewhere = by(others);
        elsewhere.condition.unknown.push(chosen());
        let mut both = vec![by(own), elsewhere];
        both.retain(|leaves| !leaves.condition.ingress.is_empty());
        both
    }

    /// What comes from outside and is translated to `hosts` goes by the routes of their table. Whether it was translated, no packet shows.
    pub(super) fn lead(&self, hosts: Ranges<u32>, outside: &Interfaces, line: Line, draft: &mut Draft) {
        let Some(table) = &self.vrf else { return };
        draft.device.policy_routes.push(PolicyRoute {
            condition: Match {
                ingress: outside.clone(),
                destination: Addresses::of_v4(hosts),
                unknown: vec![unknown("変換されたかどうか", "whether the packet was translated")],
                ..Match::everything()
            },
            ways: vec![Way {
                condition: None,
                next: Next::Table(table.clone()),
            }],
            line,
        });
    }
}

//! Packets that come through a VPN.

use model::lang::Text;

use super::Reader;
use super::list::List;
use crate::device::{
    Action, Addresses, Affects, Change, InterfaceId, Interfaces, Line, Match, Rule, Service, Translation, Unread,
};
use crate::dialect::draft::unknown;
use crate::packet::Family;
use crate::ranges::Ranges;

impl Reader<'_> {
    /// What passes an interface without a list being asked, since it comes through a VPN. Whether a packet does, no packet shows.
    pub(super) fn through(&mut self, inward: &[Translation]) -> Vec<Rule> {
        if !self.vpn.passes {
            return Vec::new();
        }
        let mut rules = Vec::new();
        for tunnel in self.ports.tunnels.clone() {
            let line = self
                .draft
                .of(tunnel)
                .map_or(Line { file: 0, number: 1 }, |interface| interface.line);
            rules.push(through(Match::everything(), tunnel, line));
        }
        for (map, interface, line) in self.vpn.bound.clone() {
            let id = self.draft.interface(&interface, line);
            let lists: Option<Vec<&List>> = self
                .vpn
                .lists(&map)
                .and_then(|names| names.into_iter().map(|name| self.lists.get(name)).collect());
            let known = lists.filter(|lists| lists.iter().all(|list| list.refused.is_empty()));
            let Some(lists) = known else {
                self.open(id, &format!("crypto map {map} interface {interface}"), line);
                continue;
            };
            let entries = lists.iter().flat_map(|list| &list.entries);
            for entry in entries.filter(|entry| entry.action == Action::Permit) {
                let condition = reversed(&entry.condition);
                rules.extend(arriving(&condition, id, inward).map(|condition| through(condition, id, entry.line)));
            }
        }
        for (interface, line) in self.vpn.clients.clone() {
            let id = self.draft.interface(&interface, line);
            self.open(id, &format!("enable {interface}"), line);
        }
        rules
    }

    /// The interfaces by which packets may come through a VPN.
    pub(super) fn tunnel_ends(&mut self) -> Vec<InterfaceId> {
        let mut ends = self.ports.tunnels.clone();
        let bound = self.vpn.bound.iter().map(|(_, interface, line)| (interface, *line));
        let clients = self.vpn.clients.iter().map(|(interface, line)| (interface, *line));
        for (interface, line) in bound.chain(clients) {
            let end = self.draft.interface(interface, line);
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        ends
    }

    /// Says that nobody knows what comes through the tunnels of an interface.
    fn open(&mut self, id: InterfaceId, text: &str, line: Line) {
        self.draft.device.unread.push(Unread {
            line,
            text: text.to_owned(),
            why: Text::fixed(
                "VPN を通って来たものは、アクセスリストを経ずに通る。その範囲は設定から分からない",
                "what comes through a VPN passes without lists being asked, and the file does not say what that is",
            ),
            affects: Affects::Interface(id),
        });
    }
}

fn through(condition: Match, ingress: InterfaceId, line: Line) -> Rule {
    let mut condition = Match {
        ingress: Interfaces::These(vec![ingress]),
        ..condition
    };
    condition.unknown.push(unknown(
        "VPN を通って来たかどうか",
        "whether the packet came through a VPN",
    ));
    Rule::implied("through a VPN", condition, Action::Permit, line)
}

/// The packets of the other direction.
fn reversed(condition: &Match) -> Match {
    let mut reversed = condition.clone();
    std::mem::swap(&mut reversed.source, &mut reversed.destination);
    for service in &mut reversed.services {
        let is_message = Family::ALL
            .iter()
            .any(|family| service.protocols == Ranges::one(family.icmp()));
        if is_message {
            (service.source_ports, service.destination_ports) = (Ranges::all(), Ranges::all());
        } else {
            std::mem::swap(&mut service.source_ports, &mut service.destination_ports);
        }
    }
    reversed
}

/// What arrives as `condition` and what translations of the destination make of it.
fn arriving<'t>(
    condition: &Match,
    ingress: InterfaceId,
    inward: &'t [Translation],
) -> impl Iterator<Item = Match> + use<'t> {
    let arrives = condition.clone();
    let changed = inward.iter().filter_map(move |translation| {
        let here = translation.condition.ingress.contains(ingress);
        let meets = translation.condition.destination.intersect(&arrives.destination);
        if !here || meets.is_empty() {
            return None;
        }
        let family = if meets.v4.is_empty() { Family::V6 } else { Family::V4 };
        let span = |first: u128, last: u128| Addresses::span(family.address(first), family.address(last));
        let destination = match translation.destination {
            Change::Keep => return None,
            Change::Into { first, last } => span(first, last),
            Change::Shift { from, to } => {
                let numbers = meets.of(family);
                let shifted = numbers.iter().map(|(first, last)| {
                    let moved = |number: u128| number.wrapping_sub(from).wrapping_add(to) & family.last_address();
                    span(moved(first), moved(last))
                });
                shifted.fold(Addresses::none(), |all, one| all.union(&one))
            }
        };
        Some(Match {
            destination,
            services: vec![Service::anything()],
            ..arrives.clone()
        })
    });
    std::iter::once(condition.clone()).chain(changed)
}

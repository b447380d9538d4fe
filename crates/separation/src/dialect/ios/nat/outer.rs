//! Translations of the outer side: its hosts have other addresses on the inner one, or several inner hosts share one address.

use super::more::More;
use super::selected::{Selected, chosen, permitted};
use super::{Dynamic, entry, hosts, into_any_of};
use crate::device::route::Next;
use crate::device::{Addresses, Change, Interfaces, Line, Service, Translation, Way};
use crate::dialect::draft::Draft;
use crate::dialect::ios::part::name;
use crate::dialect::statement::{Refusal, Statement, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// What is written.
#[derive(Default)]
pub(super) struct Outer {
    fixed: Vec<Foreign>,
    dynamic: Vec<Dynamic>,
    shared: Vec<Dynamic>,
}

/// `outside source static`: hosts beyond the outer side have other addresses on the inner one.
struct Foreign {
    global: u32,
    local: u32,
    count: u32,
    more: More,
    line: Line,
}

/// What a list or a map of routes of a translation selects; `None` where it cannot be read.
pub(super) type Conditions<'c> = &'c dyn Fn(&Dynamic) -> Option<Selected>;

/// The first and the last address of the pool of a translation; its line where there is none.
pub(super) type Pools<'p> = &'p dyn Fn(&Dynamic) -> Result<(u32, u32), Line>;

impl Outer {
    /// `203.0.113.9 10.20.99.9 add-route`, `network 203.0.113.0 10.20.99.0 /24`
    pub(super) fn fixed(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        let line = statement.line();
        let is_network = statement.is("network");
        let global = statement.parse(v4).ok_or(unknown_word())?.to_bits();
        let local = statement.parse(v4).ok_or(unknown_word())?.to_bits();
        let count = if is_network { hosts(statement)? } else { 1 };
        let fits = |first: u32| first.checked_add(count - 1).is_some();
        if !fits(global) || !fits(local) {
            return Err(unknown_word());
        }
        let more = More::read(statement)?;
        if more.overload {
            return Err(unknown_word());
        }
        if more.adds_route {
            let length = u8::try_from(32 - count.trailing_zeros()).unwrap_or(32);
            let way = Way {
                condition: None,
                next: Next::Gateway(std::net::Ipv4Addr::from_bits(global).into()),
            };
            let network = std::net::Ipv4Addr::from_bits(local).into();
            let table = more.vrf.clone().unwrap_or_default();
            draft.route_of(table, network, length, vec![way], line);
        }
        self.fixed.push(Foreign {
            global,
            local,
            count,
            more,
            line,
        });
        Ok(())
    }

    /// `list 22 pool NAME add-route`, `route-map NAME pool NAME`
    pub(super) fn dynamic(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let by_map = statement.is("route-map");
        if !by_map && !statement.is("list") {
            return Err(unknown_word());
        }
        let list = statement.parse(name).ok_or(unknown_word())?;
        let dynamic = pooled(list, by_map, statement)?;
        self.dynamic.push(dynamic);
        Ok(())
    }

    /// `22 pool NAME`: what comes from outside to the addresses of a list goes to one host of a pool after the other.
    pub(super) fn shared(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let list = statement.parse(name).ok_or(unknown_word())?;
        let shared = pooled(list, false, statement)?;
        self.shared.push(shared);
        Ok(())
    }

    /// What becomes of packets from outside, before the way out is chosen; of packets to outside, after it. `pool` says what a pool holds.
    pub(super) fn entries(
        &self,
        (inside, outside): (&Interfaces, &Interfaces),
        draft: &mut Draft,
        pool: Pools<'_>,
        conditions: Conditions<'_>,
    ) -> Result<(Vec<Translation>, Vec<Translation>), Line> {
        let (mut inward, mut outward) = (Vec::new(), Vec::new());
        for foreign in &self.fixed {
            let span = |first: u32| Addresses::of_v4(Ranges::span(first, first + (foreign.count - 1)));
            let shift = |from: u32, to: u32| Change::Shift {
                from: from.into(),
                to: to.into(),
            };
            let mut comes = entry(foreign.line, outside.clone(), Interfaces::Any);
            comes.condition.source = span(foreign.global);
            comes.source = shift(foreign.global, foreign.local);
            let mut leaves = entry(foreign.line, inside.clone(), outside.clone());
            leaves.condition.destination = span(foreign.local);
            leaves.destination = shift(foreign.local, foreign.global);
            if foreign.more.is_narrow() {
                comes.condition.unknown.push(chosen());
                leaves.condition.unknown.push(chosen());
            }
            inward.push(comes);
            outward.push(leaves);
        }
        for dynamic in &self.dynamic {
            let (first, last) = pool(dynamic)?;
            let local = Addresses::of_v4(Ranges::span(first, last));
            if dynamic.more.adds_route {
                draft.learns_routes(&local, dynamic.line);
            }
            for condition in permitted(conditions(dynamic)) {
                let mut comes = entry(dynamic.line, outside.clone(), Interfaces::Any);
                comes.condition = comes.condition.and(&condition);
                if dynamic.more.is_narrow() {
                    comes.condition.unknown.push(chosen());
                }
                comes.source = Change::Into {
                    first: first.into(),
                    last: last.into(),
                };
                // An address of the pool is a host's only while it has spoken.
                let mut leaves = entry(dynamic.line, inside.clone(), outside.clone());
                leaves.condition.destination = local.clone();
                leaves.condition.unknown.push(chosen());
                leaves.destination = into_any_of(&condition.source.v4);
                inward.push(comes);
                outward.push(leaves);
            }
        }
        Ok((inward, outward))
    }

    /// What comes from outside to an address that inner hosts share. Only TCP is shared, and only by pools of that kind: whether it is,
    /// is taken for unknown.
    pub(super) fn shares(
        &self,
        outside: &Interfaces,
        draft: &mut Draft,
        pool: Pools<'_>,
        conditions: Conditions<'_>,
    ) -> Result<Vec<Translation>, Line> {
        let mut inward = Vec::new();
        for shared in &self.shared {
            let (first, last) = pool(shared)?;
            shared.more.lead(Ranges::span(first, last), outside, shared.line, draft);
            for condition in permitted(Some(conditions(shared).ok_or(shared.line)?)) {
                // A plain list names its addresses as sources.
                let plain = condition.destination.v4 == Ranges::all();
                let to = if plain { condition.source } else { condition.destination };
                let mut comes = entry(shared.line, outside.clone(), Interfaces::Any);
                comes.condition.destination = to.intersect(&Addresses::all_of(Family::V4));
                comes.condition.services = vec![Service::protocol(protocol::TCP)];
                comes.condition.unknown.push(chosen());
                comes.destination = Change::Into {
                    first: first.into(),
                    last: last.into(),
                };
                inward.push(comes);
            }
        }
        Ok(inward)
    }
}

/// `pool NAME`, and what may follow.
fn pooled(list: String, by_map: bool, statement: &mut Statement<'_>) -> Result<Dynamic, Refusal> {
    if !statement.is("pool") {
        return Err(unknown_word());
    }
    let dynamic = Dynamic {
        list,
        by_map,
        pool: Some(statement.parse(name).ok_or(unknown_word())?),
        of: None,
        more: More::read(statement)?,
        line: statement.line(),
    };
    if dynamic.more.overload || dynamic.more.by_map {
        return Err(unknown_word());
    }
    Ok(dynamic)
}

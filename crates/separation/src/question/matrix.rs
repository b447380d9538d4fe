//! Which services go from which zone to which.

use num_bigint::BigUint;

use super::service::service;
use super::slices::{Asked, Options, each, slices};
use crate::diagram::{BudgetSpent, Id, Order, Wishes};
use crate::engine::{Prepared, Slice, Space, Work};
use crate::fabric::Fabric;
use crate::network::ZoneId;
use crate::packet::{Family, Packet};
use crate::trace::End;

/// What goes from one zone to another, of one family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The zone that packets come from, with addresses of the zone.
    pub from: ZoneId,
    /// The zone that they arrive in.
    pub to: ZoneId,
    /// IPv4 or IPv6.
    pub family: Family,
    /// Protocols and destination ports, each as it is sent: one for every part of the addresses that goes its own way.
    pub services: Vec<String>,
    /// How many packets.
    pub packets: BigUint,
    /// One of them.
    pub witness: Packet,
}

/// Every pair of zones between which something may pass; pairs and families for which that cannot be said have no packets but are in the
/// second list.
#[must_use]
pub fn matrix(fabric: &Fabric, options: Options) -> (Vec<Cell>, Vec<(ZoneId, Family)>) {
    let zones: Vec<ZoneId> = fabric.network.zones().map(|(zone, _)| zone).collect();
    let mut asked: Vec<(Slice, Family)> = Vec::new();
    for one in slices(&fabric.network, &zones).into_iter().map(Asked::own) {
        asked.extend(one.slices().map(|(slice, _)| (slice, one.family)));
    }
    asked.sort_by_key(|(slice, _)| slice.from);
    let prepared = Prepared::new(fabric);
    let answers = each(&asked, options, |(asked, family), order, budget| match family {
        Family::V4 => slice::<u32>(&prepared, asked, order, budget),
        Family::V6 => slice::<u128>(&prepared, asked, order, budget),
    });
    let (mut cells, mut unknown): (Vec<Cell>, Vec<(ZoneId, Family)>) = (Vec::new(), Vec::new());
    for ((asked, family), answer) in asked.iter().zip(answers) {
        let Ok((parts, true)) = answer else {
            unknown.push((asked.from, *family));
            continue;
        };
        for part in parts {
            let same = |cell: &&mut Cell| (cell.from, cell.to, cell.family) == (part.from, part.to, part.family);
            if let Some(cell) = cells.iter_mut().find(same) {
                cell.packets += part.packets;
                cell.services.extend(part.services);
                cell.services.sort();
                cell.services.dedup();
            } else {
                cells.push(part);
            }
        }
    }
    cells.sort_by_key(|cell| (cell.from, cell.to, cell.family == Family::V6));
    unknown.dedup();
    (cells, unknown)
}

fn slice<B: Space>(
    prepared: &Prepared<'_>,
    asked: &Slice,
    order: Order,
    budget: u64,
) -> Result<(Vec<Cell>, bool), BudgetSpent> {
    let mut work = Work::<B>::new(prepared, order, budget);
    let reach = work.reach(asked)?;
    let mut cells = Vec::new();
    for (to, _) in prepared.fabric().network.zones() {
        let mut all = Id::NONE;
        for ended in reach.ends.iter().filter(|ended| ended.end == End::Arrives(to)) {
            all = work.arena.over(all, ended.sent)?;
        }
        let all = work.arena.map(all, |_| Some(0))?;
        cells.extend(work.arena.survey(all, &Wishes::default()).into_iter().map(|part| Cell {
            from: asked.from,
            to,
            family: B::FAMILY,
            services: vec![service(&work.arena, all)],
            packets: part.packets,
            witness: B::packet(&part.witness),
        }));
    }
    Ok((cells, reach.complete))
}

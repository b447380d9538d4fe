//! Which crossing packets permitted paths cover.

use jiff::civil::Date;

use crate::device::Addresses;
use crate::diagram::{BudgetSpent, Field, Id, Product};
use crate::engine::{Ended, Space, Work};
use crate::network::{Crossing, GatewayKind, Network, PermittedPath, ZoneId};
use crate::ranges::Ranges;

/// How a permitted path stands towards what is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It covers its packets.
    Good,
    /// It would, but its approval has ended.
    Expired,
    /// The model allows none there, or not without a gateway.
    NotAllowed,
}

/// A permitted path between two zones.
pub(super) struct Path<'n> {
    pub(super) index: usize,
    pub(super) path: &'n PermittedPath,
    pub(super) standing: Standing,
    /// Hosts of which one end must be, where the model asks for a gateway.
    gateway: Option<Addresses>,
}

const CLEANING: [GatewayKind; 4] = [
    GatewayKind::Sanitise,
    GatewayKind::Mail,
    GatewayKind::Screen,
    GatewayKind::Update,
];

/// The permitted paths from one zone to another.
pub(super) fn paths(network: &Network, from: ZoneId, to: ZoneId, crossing: Crossing, today: Date) -> Vec<Path<'_>> {
    let between = network.permitted.iter().enumerate();
    between
        .filter(|(_, path)| path.from == from && path.to == to)
        .map(|(index, path)| Path {
            index,
            path,
            standing: match crossing {
                _ if path.expires.is_some_and(|last| last < today) => Standing::Expired,
                Crossing::None => Standing::NotAllowed,
                Crossing::Breakout if !named(network, to, path) => Standing::NotAllowed,
                _ => Standing::Good,
            },
            gateway: (crossing == Crossing::Sanitised).then(|| network.gateway_hosts(&CLEANING)),
        })
        .collect()
}

/// Whether a path leads to services that are named one by one: not to a whole zone.
fn named(network: &Network, to: ZoneId, path: &PermittedPath) -> bool {
    network
        .zone(to)
        .is_some_and(|zone| !zone.addresses.minus(&path.destination).is_empty())
}

/// Packets of an end, as they were sent, that a path covers: as the register has it, and as the model allows.
pub(super) struct Covered {
    pub(super) registered: Id,
    pub(super) allowed: Id,
}

impl Path<'_> {
    /// The hosts that begin a flow are those that send it; hosts and ports that it goes to are those that it arrives at. A packet of
    /// which a device may make several is covered if all of those are.
    pub(super) fn covered<B: Space>(&self, work: &mut Work<'_, B>, ended: &Ended<B>) -> Result<Covered, BudgetSpent> {
        let sources = Product::everything().with(Field::Source, B::of(&self.path.source));
        let sources = work.arena.product(&sources, 0)?;
        let sent = work.arena.keep(ended.sent, sources)?;
        if sent == Id::NONE {
            return Ok(Covered {
                registered: Id::NONE,
                allowed: Id::NONE,
            });
        }
        let mut within = Id::NONE;
        for service in &self.path.services {
            let product = Product::everything()
                .with(Field::Destination, B::of(&self.path.destination))
                .with(Field::Protocol, &wider(service.protocols.iter()))
                .with(Field::SourcePort, &wider(service.source_ports.iter()))
                .with(Field::DestinationPort, &wider(service.destination_ports.iter()))
                .with(Field::Flags, &wider(service.flags.iter()));
            let part = work.arena.product(&product, 0)?;
            within = work.arena.over(within, part)?;
        }
        let registered = sent_only_into(work, ended, sent, within)?;
        let allowed = match &self.gateway {
            _ if self.standing == Standing::NotAllowed => Id::NONE,
            None => registered,
            Some(gateways) => {
                let gateway = |field| Product::everything().with(field, B::of(gateways));
                let at_source = work.arena.product(&gateway(Field::Source), 0)?;
                let at_destination = work.arena.product(&gateway(Field::Destination), 0)?;
                let from_gateway = work.arena.keep(registered, at_source)?;
                let to_gateway = sent_only_into(work, ended, registered, at_destination)?;
                work.arena.over(from_gateway, to_gateway)?
            }
        };
        Ok(Covered { registered, allowed })
    }
}

/// Those of `sent` that arrive as packets of `within` and as no others.
fn sent_only_into<B: Space>(work: &mut Work<'_, B>, ended: &Ended<B>, sent: Id, within: Id) -> Result<Id, BudgetSpent> {
    let outside = work.arena.remove(ended.arrived, within)?;
    let outside = work.sent_as(ended, outside)?;
    work.arena.remove(sent, outside)
}

fn wider<B: Space, T: Into<u16>>(ranges: impl Iterator<Item = (T, T)>) -> Ranges<B> {
    Ranges::of(ranges.map(|(first, last)| (B::from(first.into()), B::from(last.into()))))
}

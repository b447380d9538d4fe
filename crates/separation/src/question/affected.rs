//! Which packets a change can be about, found out from what is written: so that a change of one line asks after few packets.

use crate::device::{
    Addresses, Chain, Change, Device, Interface, Line, Match, Pipeline, PolicyRoute, Route, Rule, Service, Stage,
    Translation,
};
use crate::diagram::{Arena, BudgetSpent, Field, Id, Product};
use crate::engine::Space;
use crate::fabric::Fabric;
use crate::ranges::Ranges;

/// Packets, as they are sent; all others go the same ways in both networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Affected {
    pub(super) sources: Addresses,
    pub(super) destinations: Addresses,
    services: Vec<Service>,
}

/// What a change of `old` into `new` can be about; every packet where something but the rules of chains has changed.
///
/// A packet that meets none of the rules that are in one list and not in the other is decided by the same rule in both. Where devices
/// change a field of packets on their way, it says nothing of how they were sent, so it is left open.
pub(super) fn affected(old: &Fabric, new: &Fabric) -> Affected {
    let everything = Affected {
        sources: Addresses::all(),
        destinations: Addresses::all(),
        services: vec![Service::anything()],
    };
    if old.network != new.network || old.nodes.len() != new.nodes.len() {
        return everything;
    }
    let mut affected = Affected {
        sources: Addresses::none(),
        destinations: Addresses::none(),
        services: Vec::new(),
    };
    for (one, other) in old.nodes.iter().zip(&new.nodes) {
        let chains = (&one.device.chains, &other.device.chains);
        let alike = one.places == other.places && chains.0.len() == chains.1.len();
        if !alike || rest(&one.device) != rest(&other.device) {
            return everything;
        }
        for (one, other) in chains.0.iter().zip(chains.1) {
            if one.otherwise != other.otherwise {
                return everything;
            }
            affected.changed(one, other);
        }
    }
    let devices = new.nodes.iter().map(|node| &node.device);
    for translation in devices.flat_map(translations) {
        if translation.source != Change::Keep {
            affected.sources = Addresses::all();
        }
        if translation.destination != Change::Keep {
            affected.destinations = Addresses::all();
        }
        if translation.source_port != Change::Keep || translation.destination_port != Change::Keep {
            affected.services = vec![Service::anything()];
        }
    }
    affected
}

impl Affected {
    /// Rules that only one of two chains has; those between two changes count as changed.
    fn changed(&mut self, old: &Chain, new: &Chain) {
        let same = |(one, other): &(&Rule, &Rule)| (&one.condition, one.action) == (&other.condition, other.action);
        let before = old.rules.iter().zip(&new.rules).take_while(same).count();
        let (old, new) = (
            old.rules.get(before..).unwrap_or_default(),
            new.rules.get(before..).unwrap_or_default(),
        );
        let after = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
        for rules in [old, new] {
            let changed = rules.len().saturating_sub(after);
            rules.iter().take(changed).for_each(|rule| self.add(&rule.condition));
        }
    }

    fn add(&mut self, condition: &Match) {
        self.sources = self.sources.union(&condition.source);
        self.destinations = self.destinations.union(&condition.destination);
        for service in &condition.services {
            if !self.services.contains(service) {
                self.services.push(service.clone());
            }
        }
    }

    /// Those of a set that can be affected. Flags are left open, since what a device remembers of a flow holds whatever they are.
    pub(super) fn of<B: Space>(&self, arena: &mut Arena<B>, set: Id) -> Result<Id, BudgetSpent> {
        let mut any = Id::NONE;
        for service in &self.services {
            let product = Product::everything()
                .with(Field::Source, B::of(&self.sources))
                .with(Field::Destination, B::of(&self.destinations))
                .with(Field::Protocol, &wider(service.protocols.iter()))
                .with(Field::SourcePort, &wider(service.source_ports.iter()))
                .with(Field::DestinationPort, &wider(service.destination_ports.iter()));
            let part = arena.product(&product, 0)?;
            any = arena.over(any, part)?;
        }
        arena.keep(set, any)
    }
}

fn translations(device: &Device) -> impl Iterator<Item = &Translation> {
    let stages = device.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    stages
        .filter_map(|stage| match stage {
            Stage::Translate(translations) => Some(translations),
            _ => None,
        })
        .flatten()
}

type Rest = (Vec<Interface>, Vec<Route>, Vec<PolicyRoute>, Vec<Pipeline>);

/// What a device does besides its rules, wherever it is written.
fn rest(device: &Device) -> Rest {
    const NOWHERE: Line = Line { file: 0, number: 0 };
    let mut rest = (
        device.interfaces.clone(),
        device.routes.clone(),
        device.policy_routes.clone(),
        device.pipelines.clone(),
    );
    rest.0.iter_mut().for_each(|interface| interface.line = NOWHERE);
    rest.1.iter_mut().for_each(|route| route.line = NOWHERE);
    rest.2.iter_mut().for_each(|route| route.line = NOWHERE);
    for stage in rest.3.iter_mut().flat_map(|pipeline| &mut pipeline.stages) {
        match stage {
            Stage::Filter(filter) => filter.line = NOWHERE,
            Stage::Translate(translations) => translations.iter_mut().for_each(|one| one.line = NOWHERE),
            Stage::Route => {}
        }
    }
    rest
}

fn wider<B: Space, T: Into<u16>>(ranges: impl Iterator<Item = (T, T)>) -> Ranges<B> {
    Ranges::of(ranges.map(|(first, last)| (B::from(first.into()), B::from(last.into()))))
}

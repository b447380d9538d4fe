//! Conditions become sets.

use super::prepared::Outline;
use super::{Space, Work};
use crate::device::{InterfaceId, Interfaces, Match, Service};
use crate::diagram::{Arena, BudgetSpent, Field, Id, Product, state_number};
use crate::packet::{State, protocol};
use crate::ranges::{self, Ranges};

/// Where packets came in and, once known, go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Between {
    pub(super) ingress: InterfaceId,
    pub(super) egress: Option<InterfaceId>,
}

/// The fields whose values of a set rules are clipped to.
pub(super) const CLIPPED: [Field; 5] = [
    Field::Source,
    Field::Destination,
    Field::Protocol,
    Field::SourcePort,
    Field::DestinationPort,
];

/// The values that a set has: what rules are clipped to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Clip<B: ranges::Bound>(pub(super) [Ranges<B>; CLIPPED.len()]);

impl<B: Space> Clip<B> {
    pub(super) fn of(arena: &Arena<B>, set: Id) -> Self {
        Self(arena.values_of_each(set, CLIPPED))
    }

    /// Every packet.
    pub(super) fn everything() -> Self {
        Self(CLIPPED.map(|field| Ranges::span(B::MIN, field.last())))
    }

    /// Whether packets of a rule may be among them; no is sure.
    pub(super) fn may_meet(&self, outline: &Outline<B>) -> bool {
        let [source, destination, ..] = &self.0;
        source.meets(outline.source.0, outline.source.1)
            && destination.meets(outline.destination.0, outline.destination.1)
    }
}

impl Between {
    pub(super) fn meets(self, condition: &Match) -> bool {
        let egress = match self.egress {
            Some(egress) => condition.egress.contains(egress),
            None => condition.egress == Interfaces::Any,
        };
        condition.ingress.contains(self.ingress) && egress
    }
}

/// The packets of a condition, a product for each service; none where no packet of `clip` meets it.
pub(super) fn products<B: Space>(condition: &Match, between: Between, clip: &Clip<B>) -> Vec<Product<B>> {
    if between.meets(condition) {
        packets(condition, clip)
    } else {
        Vec::new()
    }
}

/// The same, of whatever interfaces.
pub(super) fn packets<B: Space>(condition: &Match, clip: &Clip<B>) -> Vec<Product<B>> {
    let (source, destination) = (B::of(&condition.source), B::of(&condition.destination));
    let Clip([sources, destinations, ..]) = clip;
    if !meet(source, sources) || !meet(destination, destinations) {
        return Vec::new();
    }
    let (source, destination) = (source.intersect(sources), destination.intersect(destinations));
    services(condition, &source, &destination)
}

/// The same, wherever they come from and go.
pub(super) fn packets_of<B: Space>(condition: &Match) -> Vec<Product<B>> {
    services(condition, B::of(&condition.source), B::of(&condition.destination))
}

fn services<B: Space>(condition: &Match, source: &Ranges<B>, destination: &Ranges<B>) -> Vec<Product<B>> {
    let states = condition.states;
    let all = [State::New, State::Established, State::Related, State::Invalid];
    let states = Ranges::of(all.into_iter().filter(|state| states.contains(*state)).map(|state| {
        let number = B::from(u16::from(state_number(state)));
        (number, number)
    }));
    let whole = Product::everything()
        .with(Field::Source, source)
        .with(Field::Destination, destination)
        .with(Field::State, &states);
    condition
        .services
        .iter()
        .map(|service| of_service(whole.clone(), service))
        .filter(|product| !product.is_empty())
        .collect()
}

fn of_service<B: Space>(mut product: Product<B>, service: &Service) -> Product<B> {
    if !service.protocols.is_all() {
        product = product.with(Field::Protocol, &wider(&service.protocols));
    }
    if !service.source_ports.is_all() {
        product = product.with(Field::SourcePort, &wider(&service.source_ports));
    }
    if !service.destination_ports.is_all() {
        product = product.with(Field::DestinationPort, &wider(&service.destination_ports));
    }
    if !service.flags.is_all() {
        product = product.with(Field::Flags, &wider(&service.flags));
    }
    product
}

fn wider<T: ranges::Bound + Into<u16>, B: Space>(narrow: &Ranges<T>) -> Ranges<B> {
    Ranges::of(
        narrow
            .iter()
            .map(|(first, last)| (B::from(first.into()), B::from(last.into()))),
    )
}

/// Whether two sets share a number.
pub(super) fn meet<B: ranges::Bound>(a: &Ranges<B>, b: &Ranges<B>) -> bool {
    let (few, many) = if a.iter().len() <= b.iter().len() {
        (a, b)
    } else {
        (b, a)
    };
    few.iter().any(|(first, last)| many.meets(first, last))
}

/// Every packet that can be and begins a flow.
pub(super) fn valid<B: Space>(arena: &mut Arena<B>) -> Result<Id, BudgetSpent> {
    let one = |number: u16| Ranges::one(B::from(number));
    let plain = Product::everything()
        .with(Field::State, &one(0))
        .with(Field::Flags, &one(0));
    let tcp = Product::everything()
        .with(Field::State, &one(0))
        .with(Field::Protocol, &one(protocol::TCP.into()));
    let with_ports = protocol::WITH_PORTS.map(|number| (B::from(number.into()), B::from(number.into())));
    let with_ports = Ranges::of(with_ports);
    let ports = plain.clone().with(Field::Protocol, &with_ports);
    let byte = Ranges::span(B::MIN, B::from(0xff));
    let icmp = plain
        .clone()
        .with(Field::Protocol, &one(B::FAMILY.icmp().into()))
        .with(Field::SourcePort, &byte)
        .with(Field::DestinationPort, &byte);
    let others = plain
        .with(Field::SourcePort, &one(0))
        .with(Field::DestinationPort, &one(0));
    let mut valid = Id::NONE;
    for product in [tcp, ports, icmp, others] {
        let part = arena.product(&product, 0)?;
        valid = arena.over(valid, part)?;
    }
    Ok(valid)
}

impl<B: Space> Work<'_, B> {
    /// Those packets of `set` that meet a condition, what cannot be decided taken as met.
    pub(super) fn meeting(
        &mut self,
        set: Id,
        condition: &Match,
        between: Between,
        clip: &Clip<B>,
    ) -> Result<Id, BudgetSpent> {
        let mut any = Id::NONE;
        for product in products(condition, between, clip) {
            let part = self.arena.product(&product, 0)?;
            any = self.arena.over(any, part)?;
        }
        self.arena.keep(set, any)
    }
}

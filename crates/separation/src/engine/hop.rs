//! A set of packets through one device, by one reading.

use super::lower::{Between, Clip};
use super::route::Out;
use super::{Bound, Space, Work};
use crate::device::{Change, Device, Filter, InterfaceId, Pipeline, Stage, Tracking, Translation};
use crate::diagram::{BudgetSpent, Field, Id, Product, state_number};
use crate::fabric::{Neighbour, Port};
use crate::packet::{State, protocol};
use crate::ranges::Ranges;
use crate::trace::End;

/// A translation that packets went through, and the set of them before it.
#[derive(Debug, Clone)]
pub(super) struct Translated<B> {
    before: Id,
    changes: Vec<(Field, To<B>)>,
}

#[derive(Debug, Clone, Copy)]
enum To<B> {
    Shift(B, B),
    Any(B, B),
}

/// Packets inside a device.
#[derive(Debug, Clone)]
pub(super) struct Inside<B> {
    pub(super) set: Id,
    pub(super) egress: Option<InterfaceId>,
    pub(super) neighbour: Neighbour,
    pub(super) translated: Vec<Translated<B>>,
}

/// Packets that go on, and those that do not.
pub(super) type Passed<B> = (Vec<Inside<B>>, Vec<Ends<B>>);

/// Packets that a device does not pass on.
pub(super) struct Ends<B> {
    pub(super) inside: Inside<B>,
    pub(super) end: End,
}

impl<B: Space> Work<'_, B> {
    /// Every way of a set through a device by one pipeline; with `all`, what does not get through too.
    pub(super) fn through(
        &mut self,
        port: Port,
        device: &Device,
        pipeline: &Pipeline,
        entered: Inside<B>,
        all: bool,
    ) -> Result<Passed<B>, BudgetSpent> {
        let (mut going, mut ended) = (vec![entered], Vec::new());
        for stage in &pipeline.stages {
            let mut next = Vec::new();
            for inside in going {
                match stage {
                    Stage::Filter(filter) => next.extend(self.filter(port, filter, inside, all, &mut ended)?),
                    Stage::Translate(translations) => next.extend(self.translate(port, translations, inside)?),
                    Stage::Route => {
                        for (set, out) in self.outs(device, inside.set, port.interface)? {
                            let mut inside = inside.clone();
                            inside.set = set;
                            let end = match out {
                                Out::Via(egress, neighbour) => {
                                    (inside.egress, inside.neighbour) = (Some(egress), neighbour);
                                    next.push(inside);
                                    continue;
                                }
                                Out::Own => End::ForDevice,
                                Out::Discarded | Out::None => End::NoRoute,
                            };
                            if all {
                                ended.push(Ends { inside, end });
                            }
                        }
                    }
                }
            }
            going = next;
        }
        // A pipeline without a route stage leads nowhere.
        let (through, nowhere): (Vec<_>, Vec<_>) = going.into_iter().partition(|inside| inside.egress.is_some());
        if all {
            ended.extend(nowhere.into_iter().map(|inside| Ends {
                inside,
                end: End::NoRoute,
            }));
        }
        Ok((through, ended))
    }

    /// Packets of flows that the device remembers because it let the first of them through: those that differ from one that `passed` in
    /// their flags alone. A filter that lets only SYN begin a flow lets the ACK after it pass as known, and the next device may be one
    /// that lets ACK pass and SYN not.
    pub(super) fn later(
        &mut self,
        port: Port,
        device: &Device,
        pipeline: &Pipeline,
        entered: &Inside<B>,
        passed: &[Inside<B>],
    ) -> Result<Vec<Inside<B>>, BudgetSpent> {
        let remembers = |stage: &Stage| match stage {
            Stage::Filter(filter) => filter.tracking != Tracking::Nothing,
            Stage::Translate(translations) => !translations.is_empty(),
            Stage::Route => false,
        };
        // Where nobody asks for flags, packets that differ in them go together.
        if !self.prepared.asks_flags(port.node) || !pipeline.stages.iter().any(remembers) {
            return Ok(Vec::new());
        }
        let mut first = Id::NONE;
        for inside in passed {
            let here = inside.translated.get(entered.translated.len()..).unwrap_or_default();
            let came = self.sent(inside.set, here)?;
            first = self.arena.over(first, came)?;
        }
        let flows = self.arena.free(first, Field::Flags)?;
        let known = self.arena.keep(entered.set, flows)?;
        let known = self.arena.remove(known, first)?;
        if known == Id::NONE {
            return Ok(Vec::new());
        }
        let (new, established) = (number(State::New), number(State::Established));
        let mut later = entered.clone();
        later.set = self.arena.shift(known, Field::State, new, established)?;
        let (mut through, _) = self.through(port, device, pipeline, later, false)?;
        for inside in &mut through {
            inside.set = self.arena.shift(inside.set, Field::State, established, new)?;
            for translated in inside.translated.iter_mut().skip(entered.translated.len()) {
                translated.before = self.arena.shift(translated.before, Field::State, established, new)?;
            }
        }
        Ok(through)
    }

    fn filter(
        &mut self,
        port: Port,
        filter: &Filter,
        mut inside: Inside<B>,
        all: bool,
        ended: &mut Vec<Ends<B>>,
    ) -> Result<Option<Inside<B>>, BudgetSpent> {
        let egress = inside.egress.is_none_or(|egress| filter.scope.egress.contains(egress));
        if !filter.scope.ingress.contains(port.interface) || !egress {
            return Ok(Some(inside));
        }
        let between = between(port, &inside);
        let clip = Clip::of(&self.arena, inside.set);
        if all {
            let surely = self.permitted(port.node, filter.chain, between, Bound::Must, &clip)?;
            let mut denied = inside.clone();
            denied.set = self.arena.remove(inside.set, surely)?;
            if denied.set != Id::NONE {
                ended.push(Ends {
                    inside: denied,
                    end: End::Denied,
                });
            }
        }
        let permitted = self.permitted(port.node, filter.chain, between, Bound::May, &clip)?;
        let known = self.filtered.get(&(inside.set, permitted)).copied();
        let blame = &mut self.blame;
        let passed = match known {
            Some(known) => known,
            None => self
                .arena
                .meet(inside.set, permitted, |trail, verdict| blame.go_on(trail, verdict))?,
        };
        self.filtered.insert((inside.set, permitted), passed);
        inside.set = passed;
        Ok((inside.set != Id::NONE).then_some(inside))
    }

    fn translate(
        &mut self,
        port: Port,
        translations: &[Translation],
        inside: Inside<B>,
    ) -> Result<Vec<Inside<B>>, BudgetSpent> {
        let between = between(port, &inside);
        let clip = Clip::of(&self.arena, inside.set);
        let mut left = inside.clone();
        let mut passed = Vec::new();
        for translation in translations {
            if left.set == Id::NONE {
                break;
            }
            let matched = self.meeting(left.set, &translation.condition, between, &clip)?;
            // Where nobody knows whether it matches, packets may also pass as they are, or meet a later one.
            if translation.condition.unknown.is_empty() {
                left.set = self.arena.remove(left.set, matched)?;
            }
            let (with_ports, without) = if changes_ports(translation) {
                let ported = self.ported(matched)?;
                (ported, self.arena.remove(matched, ported)?)
            } else {
                (Id::NONE, matched)
            };
            for (set, ports) in [(with_ports, true), (without, false)] {
                if set != Id::NONE {
                    let mut translated = inside.clone();
                    self.change(&mut translated, set, translation, ports)?;
                    passed.push(translated);
                }
            }
        }
        if left.set != Id::NONE {
            passed.push(left);
        }
        Ok(passed)
    }

    fn ported(&mut self, set: Id) -> Result<Id, BudgetSpent> {
        let numbers = protocol::WITH_PORTS.map(|number| (B::from(number.into()), B::from(number.into())));
        let product = Product::everything().with(Field::Protocol, &Ranges::of(numbers));
        let ported = self.arena.product(&product, 0)?;
        self.arena.keep(set, ported)
    }

    fn change(
        &mut self,
        inside: &mut Inside<B>,
        set: Id,
        translation: &Translation,
        ports: bool,
    ) -> Result<(), BudgetSpent> {
        let mut changes = vec![
            (Field::Source, address(&translation.source)),
            (Field::Destination, address(&translation.destination)),
        ];
        if ports {
            changes.push((Field::SourcePort, port_change(&translation.source_port)));
            changes.push((Field::DestinationPort, port_change(&translation.destination_port)));
        }
        let changes: Vec<(Field, To<B>)> = changes
            .into_iter()
            .filter_map(|(field, change)| Some((field, change?)))
            .filter(|(_, change)| !matches!(change, To::Shift(from, to) if from == to))
            .collect();
        inside.set = set;
        if changes.is_empty() {
            return Ok(());
        }
        for (field, change) in &changes {
            inside.set = match *change {
                To::Shift(from, to) => self.arena.shift(inside.set, *field, from, to)?,
                To::Any(first, last) => self.arena.choose(inside.set, *field, first, last)?,
            };
        }
        inside.translated.push(Translated { before: set, changes });
        Ok(())
    }

    /// The packets as they were sent that became those of `set`, decided as those are.
    pub(super) fn sent(&mut self, set: Id, translated: &[Translated<B>]) -> Result<Id, BudgetSpent> {
        let mut set = set;
        for translation in translated.iter().rev() {
            for (field, change) in translation.changes.iter().rev() {
                set = match *change {
                    To::Shift(from, to) => self.arena.shift(set, *field, to, from)?,
                    To::Any(..) => self.arena.free(set, *field)?,
                };
            }
            set = self.arena.keep(set, translation.before)?;
        }
        Ok(set)
    }
}

fn number<B: Space>(state: State) -> B {
    B::from(u16::from(state_number(state)))
}

const fn between<B>(port: Port, inside: &Inside<B>) -> Between {
    Between {
        ingress: port.interface,
        egress: inside.egress,
    }
}

fn changes_ports(translation: &Translation) -> bool {
    translation.source_port != Change::Keep || translation.destination_port != Change::Keep
}

fn address<B: Space>(change: &Change<u128>) -> Option<To<B>> {
    match *change {
        Change::Keep => None,
        Change::Shift { from, to } => Some(To::Shift(B::clipped(from), B::clipped(to))),
        Change::Into { first, last } => Some(To::Any(B::clipped(first), B::clipped(last))),
    }
}

fn port_change<B: Space>(change: &Change<u16>) -> Option<To<B>> {
    match *change {
        Change::Keep => None,
        Change::Shift { from, to } => Some(To::Shift(B::from(from), B::from(to))),
        Change::Into { first, last } => Some(To::Any(B::from(first), B::from(last))),
    }
}

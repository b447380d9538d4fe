//! From device to device.

use model::lang::Text;

use super::hop::{Inside, Translated};
use super::{Space, Work};
use crate::device::{Addresses, InterfaceId, Reading};
use crate::diagram::{BudgetSpent, Id};
use crate::fabric::{Neighbour, NodeId, Port, Reached};
use crate::network::{Place, ZoneId};
use crate::trace::End;

/// More ends than this are not told.
const MOST: usize = 4_096;

/// A packet that is translated each time comes to the same interface this often before it is given up.
const ROUNDS: usize = 4;

/// Where packets of a set go.
#[derive(Debug)]
pub struct Reach<B> {
    /// Every way to an end. One packet may be in several: it may take any of them.
    pub ends: Vec<Ended<B>>,
    /// Whether these are all ways. If not, nothing is proved.
    pub complete: bool,
}

/// Packets that took one way and end alike.
#[derive(Debug, Clone)]
pub struct Ended<B> {
    /// How.
    pub end: End,
    /// The devices on the way.
    pub way: Vec<Through>,
    /// The packets as they were sent, each decided by its trail.
    pub sent: Id,
    /// The packets as they are at the end.
    pub arrived: Id,
    /// Which readings of manuals it supposes.
    pub supposes: Vec<Text>,
    pub(super) translated: Vec<Translated<B>>,
}

/// A device on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Through {
    /// The device.
    pub node: NodeId,
    /// Where packets came in.
    pub ingress: InterfaceId,
    /// Where they went out; `None` if they did not.
    pub egress: Option<InterfaceId>,
}

#[derive(Clone)]
struct Hop {
    through: Through,
    reading: Option<Reading>,
    /// How many translations there were before it.
    translations: usize,
}

#[derive(Clone)]
struct Way<B> {
    hops: Vec<Hop>,
    translated: Vec<Translated<B>>,
}

struct Walking<'w, 'f, B: Space> {
    work: &'w mut Work<'f, B>,
    all: bool,
    reach: Reach<B>,
}

pub(super) fn walk<B: Space>(
    work: &mut Work<'_, B>,
    from: ZoneId,
    set: Id,
    all: bool,
) -> Result<Reach<B>, BudgetSpent> {
    let fabric = work.fabric;
    let mut walking = Walking {
        work,
        all,
        reach: Reach {
            ends: Vec::new(),
            complete: true,
        },
    };
    for port in fabric.ports_at(Place::Zone(from)) {
        let way = Way {
            hops: Vec::new(),
            translated: Vec::new(),
        };
        walking.enter(port, set, &way)?;
    }
    Ok(walking.reach)
}

impl<B: Space> Walking<'_, '_, B> {
    fn enter(&mut self, port: Port, set: Id, way: &Way<B>) -> Result<(), BudgetSpent> {
        let fabric = self.work.fabric;
        let (Some(node), true) = (fabric.node(port.node), set != Id::NONE) else {
            return Ok(());
        };
        let here = |hop: &&Hop| hop.through.node == port.node && hop.through.ingress == port.interface;
        let rounds = way.hops.iter().filter(here).count();
        let as_it_was = |hop: &Hop| hop.translations == way.translated.len();
        if way.hops.iter().filter(here).any(as_it_was) {
            return if self.all {
                self.end(way, set, End::Loop)
            } else {
                Ok(())
            };
        }
        if rounds >= ROUNDS {
            self.reach.complete = false;
            return Ok(());
        }
        for pipeline in &node.device.pipelines {
            // A device is what one reading says of it, each time that packets come to it.
            let before = way.hops.iter().find(|hop| hop.through.node == port.node);
            if before.is_some_and(|hop| hop.reading != pipeline.reading) {
                continue;
            }
            let entered = Inside {
                set,
                egress: None,
                neighbour: Neighbour::Destination,
                translated: way.translated.clone(),
            };
            let hop = |egress| Hop {
                through: Through {
                    node: port.node,
                    ingress: port.interface,
                    egress,
                },
                reading: pipeline.reading,
                translations: way.translated.len(),
            };
            let (mut through, ended) = self
                .work
                .through(port, &node.device, pipeline, entered.clone(), self.all)?;
            let later = self.work.later(port, &node.device, pipeline, &entered, &through)?;
            through.extend(later);
            for ends in ended {
                let way = way.and(hop(ends.inside.egress), &ends.inside);
                self.end(&way, ends.inside.set, ends.end)?;
            }
            for inside in through {
                let way = way.and(hop(inside.egress), &inside);
                self.leave(port, inside, &way)?;
            }
        }
        Ok(())
    }

    /// Packets that left a device come to another, or to their end.
    fn leave(&mut self, port: Port, inside: Inside<B>, way: &Way<B>) -> Result<(), BudgetSpent> {
        let Some(egress) = inside.egress else { return Ok(()) };
        let out = Port {
            node: port.node,
            interface: egress,
        };
        let fabric = self.work.fabric;
        let mut left = inside.set;
        if inside.neighbour == Neighbour::Destination
            && let Some(place) = fabric.place(out)
        {
            // Whoever has the destination takes it, be it another device.
            let mut taken = Id::NONE;
            for other in fabric.ports_at(place).filter(|other| other.node != port.node) {
                let own = fabric
                    .node(other.node)
                    .and_then(|node| node.device.interfaces.get(usize::from(other.interface.0)))
                    .into_iter()
                    .flat_map(|interface| &interface.addresses)
                    .fold(Addresses::none(), |own, (address, _)| {
                        own.union(&Addresses::one(*address))
                    });
                let to_it = self.work.to(inside.set, &own)?;
                self.enter(other, to_it, way)?;
                taken = self.work.arena.over(taken, to_it)?;
            }
            left = self.work.arena.remove(left, taken)?;
        }
        let reached = match inside.neighbour {
            Neighbour::Destination => vec![fabric.reached(out, None)],
            Neighbour::Named(address) => vec![fabric.reached(out, Some(address))],
            Neighbour::Anyone => fabric.reached_by_any(out),
        };
        if reached.is_empty() && self.all {
            return self.end(way, left, End::NoRoute);
        }
        for reached in reached {
            match reached {
                Reached::Zone(zone) => self.end(way, left, End::Arrives(zone))?,
                Reached::Unknown => self.end(way, left, End::Unknown)?,
                Reached::Devices(ports) => ports.into_iter().try_for_each(|port| self.enter(port, left, way))?,
            }
        }
        Ok(())
    }

    fn end(&mut self, way: &Way<B>, set: Id, end: End) -> Result<(), BudgetSpent> {
        if set == Id::NONE {
            return Ok(());
        }
        if self.reach.ends.len() >= MOST {
            self.reach.complete = false;
            return Err(BudgetSpent);
        }
        let mut supposes = Vec::new();
        for reading in way.hops.iter().filter_map(|hop| hop.reading) {
            let text = Text::fixed(reading.supposes.0, reading.supposes.1);
            if !supposes.contains(&text) {
                supposes.push(text);
            }
        }
        let sent = self.work.sent(set, &way.translated)?;
        self.reach.ends.push(Ended {
            end,
            way: way.hops.iter().map(|hop| hop.through).collect(),
            sent,
            arrived: set,
            supposes,
            translated: way.translated.clone(),
        });
        Ok(())
    }
}

impl<B: Clone> Way<B> {
    fn and(&self, hop: Hop, inside: &Inside<B>) -> Self {
        let mut hops = self.hops.clone();
        hops.push(hop);
        Self {
            hops,
            translated: inside.translated.clone(),
        }
    }
}

//! From device to device.

use model::lang::Text;

use super::hop::{Left, Passed, through};
use super::{Branch, End, Hop, Walk};
use crate::device::InterfaceId;
use crate::fabric::{Fabric, Neighbour, Port, Reached};
use crate::network::{Place, ZoneId};
use crate::packet::Packet;

/// More branches than this are not followed.
const MOST: usize = 256;

/// A value between two, both included: what a device chooses that is free to choose (the port of a masqueraded flow).
pub type Choice<'c> = &'c dyn Fn(u128, u128) -> u128;

/// Every way of `packet` from a host of zone `from`: into each device that stands on the zone, whoever the host believes to be its
/// router. Where a device may choose a value, `choice` does.
#[must_use]
pub fn walk(fabric: &Fabric, from: ZoneId, packet: Packet, choice: Choice<'_>) -> Walk {
    let mut walking = Walking {
        fabric,
        choice,
        walk: Walk {
            branches: Vec::new(),
            complete: true,
        },
    };
    for port in fabric.ports_at(Place::Zone(from)) {
        walking.enter(port, packet, &[], &[]);
    }
    walking.walk
}

/// What a packet becomes that comes into one device by `port`: by which interface it leaves and as what, or that it does not leave.
/// `None` where the answer is not one. A device that is free to choose takes the smallest value.
#[must_use]
pub fn through_device(fabric: &Fabric, port: Port, packet: Packet) -> Option<Option<(InterfaceId, Packet)>> {
    let node = fabric.node(port.node)?;
    let mut answers = Vec::new();
    for pipeline in &node.device.pipelines {
        let came = (port.interface, packet);
        for passed in through(port.node, &node.device, pipeline, came, &|first, _| first, MOST)? {
            answers.push(match passed.end {
                Left::By(egress, _) => Some((egress, passed.hop.left)),
                _ => None,
            });
        }
    }
    let first = answers.first().copied()?;
    answers.iter().all(|answer| *answer == first).then_some(first)
}

struct Walking<'f> {
    fabric: &'f Fabric,
    choice: Choice<'f>,
    walk: Walk,
}

impl Walking<'_> {
    fn enter(&mut self, port: Port, packet: Packet, hops: &[Hop], supposes: &[Text]) {
        let Some(node) = self.fabric.node(port.node) else {
            return;
        };
        let been = |hop: &Hop| hop.node == port.node && hop.ingress == port.interface && hop.came == packet;
        if hops.iter().any(been) {
            return self.end(hops.to_vec(), End::Loop, supposes.to_vec());
        }
        for pipeline in &node.device.pipelines {
            // A device is what one reading says of it, each time that the packet comes to it.
            let before = hops.iter().find(|hop| hop.node == port.node);
            if before.is_some_and(|hop| hop.reading != pipeline.reading) {
                continue;
            }
            let came = (port.interface, packet);
            match through(port.node, &node.device, pipeline, came, self.choice, MOST) {
                Some(ways) => ways
                    .into_iter()
                    .for_each(|passed| self.leave(port, passed, hops, supposes)),
                None => self.walk.complete = false,
            }
        }
    }

    fn leave(&mut self, port: Port, passed: Passed, hops: &[Hop], supposes: &[Text]) {
        let mut way = hops.to_vec();
        let packet = passed.hop.left;
        let mut supposed = supposes.to_vec();
        if let Some(reading) = passed.hop.reading {
            supposed.push(Text::fixed(reading.supposes.0, reading.supposes.1));
        }
        supposed.extend(passed.supposes);
        way.push(passed.hop);
        let (egress, neighbour) = match passed.end {
            Left::By(egress, neighbour) => (egress, neighbour),
            Left::Denied => return self.end(way, End::Denied, supposed),
            Left::NoRoute => return self.end(way, End::NoRoute, supposed),
            Left::ForDevice => return self.end(way, End::ForDevice, supposed),
        };
        let out = Port {
            node: port.node,
            interface: egress,
        };
        let destination = packet.family.address(packet.destination);
        let reached = match neighbour {
            Neighbour::Destination => vec![self.fabric.reached(out, Some(destination))],
            Neighbour::Named(address) => vec![self.fabric.reached(out, Some(address))],
            Neighbour::Anyone => self.fabric.reached_by_any(out),
        };
        if reached.is_empty() {
            return self.end(way, End::NoRoute, supposed);
        }
        for reached in reached {
            match reached {
                Reached::Zone(zone) => self.end(way.clone(), End::Arrives(zone), supposed.clone()),
                Reached::Unknown => self.end(way.clone(), End::Unknown, supposed.clone()),
                Reached::Devices(ports) => ports
                    .into_iter()
                    .for_each(|port| self.enter(port, packet, &way, &supposed)),
            }
        }
    }

    fn end(&mut self, hops: Vec<Hop>, end: End, mut supposes: Vec<Text>) {
        if self.walk.branches.len() >= MOST {
            self.walk.complete = false;
            return;
        }
        supposes.dedup();
        self.walk.branches.push(Branch { hops, end, supposes });
    }
}

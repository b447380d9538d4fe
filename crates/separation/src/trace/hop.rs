//! A packet through one device, by one reading.

use model::lang::Text;

use super::filter::{Between, ask, meets, supposition};
use super::route::{Out, outs};
use super::walk::Choice;
use super::{Hop, Step};
use crate::device::{Change, Device, InterfaceId, Pipeline, Stage, Tracking, Translation};
use crate::fabric::{Neighbour, NodeId};
use crate::packet::{Packet, State, protocol};

/// How a packet leaves a device.
pub(super) struct Passed {
    pub(super) hop: Hop,
    pub(super) supposes: Vec<Text>,
    pub(super) end: Left,
}

/// Whether and where it goes on.
pub(super) enum Left {
    By(InterfaceId, Neighbour),
    Denied,
    NoRoute,
    ForDevice,
}

/// Every way of a packet through a device by one pipeline; `None` when there are more than `most`.
pub(super) fn through(
    node: NodeId,
    device: &Device,
    pipeline: &Pipeline,
    (ingress, packet): (InterfaceId, Packet),
    choice: Choice<'_>,
    most: usize,
) -> Option<Vec<Passed>> {
    let begin = Passed {
        hop: Hop {
            node,
            ingress,
            egress: None,
            reading: pipeline.reading,
            came: packet,
            left: packet,
            steps: Vec::new(),
            tracked: false,
        },
        supposes: Vec::new(),
        end: Left::NoRoute,
    };
    let (mut going, mut ended) = (vec![(begin, Neighbour::Destination)], Vec::new());
    for stage in &pipeline.stages {
        let mut next = Vec::new();
        for (passing, neighbour) in going {
            stage_of(device, stage, passing, neighbour, choice, most, &mut next, &mut ended)?;
        }
        if next.len() + ended.len() > most {
            return None;
        }
        going = next;
    }
    ended.extend(going.into_iter().map(|(mut passed, neighbour)| {
        if let Some(egress) = passed.hop.egress {
            passed.end = Left::By(egress, neighbour);
        }
        passed
    }));
    Some(ended)
}

type Going = (Passed, Neighbour);

#[expect(clippy::too_many_arguments, reason = "the state of one step of a way, used once")]
fn stage_of(
    device: &Device,
    stage: &Stage,
    passing: Passed,
    neighbour: Neighbour,
    choice: Choice<'_>,
    most: usize,
    next: &mut Vec<Going>,
    ended: &mut Vec<Passed>,
) -> Option<()> {
    let between = Between {
        ingress: passing.hop.ingress,
        egress: passing.hop.egress,
    };
    match stage {
        Stage::Filter(filter) => {
            let egress = match between.egress {
                Some(egress) => filter.scope.egress.contains(egress),
                None => true,
            };
            if !filter.scope.ingress.contains(between.ingress) || !egress {
                next.push((passing, neighbour));
                return Some(());
            }
            let packet = passing.hop.left;
            for verdict in ask(device, filter.chain, &packet, between, most)? {
                let mut passed = passing.branch();
                passed.hop.steps.push(verdict.step);
                passed.supposes.extend(verdict.supposes);
                if verdict.permits {
                    passed.hop.tracked |= packet.state == State::New && tracks(&filter.tracking, &packet, between);
                    next.push((passed, neighbour));
                } else {
                    passed.end = Left::Denied;
                    ended.push(passed);
                }
            }
        }
        Stage::Translate(translations) => {
            // What the device knows of a flow translates its later packets; that is the walk's own concern.
            if passing.hop.left.state != State::New {
                next.push((passing, neighbour));
                return Some(());
            }
            next.extend(translations_of(translations, passing, between, choice).map(|passed| (passed, neighbour)));
        }
        Stage::Route => {
            for chosen in outs(device, &passing.hop.left, passing.hop.ingress) {
                let mut passed = passing.branch();
                passed.supposes.extend(chosen.supposes);
                match chosen.out {
                    Out::Via {
                        egress,
                        neighbour,
                        line,
                    } => {
                        passed.hop.egress = Some(egress);
                        passed.hop.steps.push(Step::Routed { line });
                        next.push((passed, neighbour));
                        continue;
                    }
                    Out::Discarded(line) => passed.hop.steps.push(Step::Routed { line: Some(line) }),
                    Out::None => {}
                    Out::Own => passed.end = Left::ForDevice,
                }
                ended.push(passed);
            }
        }
    }
    Some(())
}

/// The packet after the first translation that matches; after each that may be the first, where nobody knows whether one matches.
fn translations_of(
    translations: &[Translation],
    passing: Passed,
    between: Between,
    choice: Choice<'_>,
) -> impl Iterator<Item = Passed> {
    let came = passing.hop.left;
    let mut left = passing;
    let mut ways = Vec::new();
    for translation in translations {
        let condition = &translation.condition;
        if !meets(condition, &came, between) {
            continue;
        }
        let mut passed = left.branch();
        let packet = translated(translation, came, choice);
        passed.hop.left = packet;
        passed.hop.tracked = true;
        passed.hop.steps.push(Step::Translated {
            line: translation.line,
            packet,
        });
        let Some(unknown) = condition.unknown.first() else {
            ways.push(passed);
            return ways.into_iter();
        };
        passed.supposes.push(supposition(unknown, true));
        ways.push(passed);
        left.supposes.push(supposition(unknown, false));
    }
    ways.push(left);
    ways.into_iter()
}

impl Passed {
    fn branch(&self) -> Self {
        Self {
            hop: self.hop.clone(),
            supposes: self.supposes.clone(),
            end: Left::NoRoute,
        }
    }
}

fn tracks(tracking: &Tracking, packet: &Packet, between: Between) -> bool {
    match tracking {
        Tracking::Nothing => false,
        Tracking::Everything => true,
        Tracking::Only(these) => these.iter().any(|condition| meets(condition, packet, between)),
    }
}

fn translated(translation: &Translation, packet: Packet, choice: Choice<'_>) -> Packet {
    let has_ports = protocol::WITH_PORTS.contains(&packet.protocol);
    let port = |change: &Change<u16>, port: u16| {
        if !has_ports {
            return port;
        }
        match *change {
            Change::Keep => port,
            Change::Shift { from, to } => port.wrapping_sub(from).wrapping_add(to),
            Change::Into { first, last } => u16::try_from(choice(first.into(), last.into())).unwrap_or(first),
        }
    };
    let most = packet.family.last_address();
    let address = |change: &Change<u128>, address: u128| match *change {
        Change::Keep => address,
        Change::Shift { from, to } => address.wrapping_sub(from).wrapping_add(to) & most,
        Change::Into { first, last } => choice(first, last),
    };
    Packet {
        source: address(&translation.source, packet.source),
        destination: address(&translation.destination, packet.destination),
        source_port: port(&translation.source_port, packet.source_port),
        destination_port: port(&translation.destination_port, packet.destination_port),
        ..packet
    }
}

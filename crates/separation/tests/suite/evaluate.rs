//! A packet against a device, in the plainest way: rule after rule.

use separation::device::{Action, Chain, Change, Device, InterfaceId, Interfaces, Match, Stage, Translation};
use separation::packet::{Family, Packet, State};

/// What becomes of a packet.
pub(crate) struct Outcome {
    /// Whether it passes by some reading and for some value of what is unknown.
    pub(crate) may: bool,
    /// Whether it passes whatever the reading and the unknown.
    pub(crate) must: bool,
    /// The lines that decided.
    pub(crate) lines: Vec<u32>,
}

/// From one interface to another. Routes are not asked; translations are done.
pub(crate) fn evaluate(device: &Device, ingress: &str, egress: &str, packet: &Packet) -> Outcome {
    let id = |name: &str| device.interface(name).unwrap_or_else(|| panic!("no interface {name}"));
    let way = Way {
        device,
        ingress: id(ingress),
        egress: id(egress),
    };
    let mut outcome = Outcome {
        may: false,
        must: !device.pipelines.is_empty(),
        lines: Vec::new(),
    };
    for pipeline in &device.pipelines {
        outcome.may |= way.passes(&pipeline.stages, *packet, true, &mut outcome.lines);
        outcome.must &= way.passes(&pipeline.stages, *packet, false, &mut outcome.lines);
    }
    outcome
}

struct Way<'d> {
    device: &'d Device,
    ingress: InterfaceId,
    egress: InterfaceId,
}

enum Said {
    Decided(bool),
    Returned,
}

impl Way<'_> {
    /// Whether a packet passes; what is unknown turns out so that it rather does (`hopeful`), or rather does not.
    fn passes(&self, stages: &[Stage], packet: Packet, hopeful: bool, lines: &mut Vec<u32>) -> bool {
        for (at, stage) in stages.iter().enumerate() {
            match stage {
                Stage::Route => {}
                Stage::Translate(translations) if packet.state == State::New => {
                    let mut became = self.translations_of(translations, packet).into_iter();
                    let mut passes = |packet| self.passes(&stages[at + 1..], packet, hopeful, lines);
                    return if hopeful {
                        became.any(passes)
                    } else {
                        became.all(&mut passes)
                    };
                }
                Stage::Translate(_) => {}
                Stage::Filter(filter) => {
                    let scope = &filter.scope;
                    if !scope.ingress.contains(self.ingress) || !scope.egress.contains(self.egress) {
                        continue;
                    }
                    let chain = self.device.chain(filter.chain).expect("a chain");
                    let permits = match self.ask(chain, &packet, hopeful, lines) {
                        Said::Decided(permits) => permits,
                        Said::Returned => {
                            lines.push(chain.line.number);
                            chain.otherwise == Action::Permit
                        }
                    };
                    if !permits {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// The packet after the first translation that matches; after each that may be the first.
    fn translations_of(&self, translations: &[Translation], packet: Packet) -> Vec<Packet> {
        let mut became = Vec::new();
        for translation in translations {
            if self.meets(&translation.condition, &packet) {
                became.push(translated(translation, packet));
                if translation.condition.unknown.is_empty() {
                    return became;
                }
            }
        }
        became.push(packet);
        became
    }

    fn ask(&self, chain: &Chain, packet: &Packet, hopeful: bool, lines: &mut Vec<u32>) -> Said {
        for rule in &chain.rules {
            if !self.meets(&rule.condition, packet) {
                continue;
            }
            let sure = rule.condition.unknown.is_empty();
            let called = |id| self.device.chain(id).expect("a chain");
            match rule.action {
                Action::Permit if sure || hopeful => {
                    lines.push(rule.line.number);
                    return Said::Decided(true);
                }
                Action::Deny if sure || !hopeful => {
                    lines.push(rule.line.number);
                    return Said::Decided(false);
                }
                Action::Permit | Action::Deny => {}
                Action::Return => return Said::Returned,
                Action::Jump(id) => {
                    if let Said::Decided(permits) = self.called(called(id), packet, hopeful, lines) {
                        return Said::Decided(permits);
                    }
                }
                Action::Goto(id) => return self.called(called(id), packet, hopeful, lines),
            }
        }
        Said::Returned
    }

    fn called(&self, chain: &Chain, packet: &Packet, hopeful: bool, lines: &mut Vec<u32>) -> Said {
        match (self.ask(chain, packet, hopeful, lines), chain.otherwise) {
            (Said::Returned, Action::Permit) => Said::Decided(true),
            (Said::Returned, Action::Deny) => Said::Decided(false),
            (said, _) => said,
        }
    }

    fn meets(&self, condition: &Match, packet: &Packet) -> bool {
        let on = |set: &Interfaces, id| set.contains(id);
        let source = packet.family.address(packet.source);
        let destination = packet.family.address(packet.destination);
        on(&condition.ingress, self.ingress)
            && on(&condition.egress, self.egress)
            && condition.source.contains(source)
            && condition.destination.contains(destination)
            && condition.states.contains(packet.state)
            && condition.services.iter().any(|service| {
                service.protocols.contains(packet.protocol)
                    && service.source_ports.contains(packet.source_port)
                    && service.destination_ports.contains(packet.destination_port)
                    && service.flags.contains(packet.flags)
            })
    }
}

fn translated(translation: &Translation, packet: Packet) -> Packet {
    fn moved(change: &Change<u128>, number: u128) -> u128 {
        match *change {
            Change::Keep => number,
            Change::Shift { from, to } => number.wrapping_sub(from).wrapping_add(to),
            Change::Into { first, .. } => first,
        }
    }
    let port = |change: &Change<u16>, port: u16| match *change {
        Change::Keep => port,
        Change::Shift { from, to } => port.wrapping_sub(from).wrapping_add(to),
        Change::Into { first, .. } => first,
    };
    let mask = if packet.family == Family::V4 {
        u128::from(u32::MAX)
    } else {
        u128::MAX
    };
    Packet {
        source: moved(&translation.source, packet.source) & mask,
        destination: moved(&translation.destination, packet.destination) & mask,
        source_port: port(&translation.source_port, packet.source_port),
        destination_port: port(&translation.destination_port, packet.destination_port),
        ..packet
    }
}

//! Which packets a translation is for.

use crate::device::{Match, Service, Unknown};
use crate::dialect::draft::unknown;
use crate::packet::Family;

/// Conditions in order, and whether each selects its packets or spares them.
pub(in crate::dialect::ios) type Selected = Vec<(Match, bool)>;

/// Packets that a list permits, one set for each entry: without those that an entry before it spares. Of what cannot be read, all, if it
/// is so.
pub(super) fn permitted(selected: Option<Selected>) -> Vec<Match> {
    let Some(selected) = selected else {
        let mut any = Match::all_of(Family::V4);
        any.unknown.push(chosen());
        return vec![any];
    };
    let (mut spared, mut permitted) = (Vec::new(), Vec::new());
    for (condition, permits) in selected {
        if !permits {
            spared.push(condition);
            continue;
        }
        let left = spared.iter().fold(vec![condition], |left, spared| {
            left.iter().flat_map(|packets| without(packets, spared)).collect()
        });
        permitted.extend(left);
    }
    permitted
}

/// Packets that are not among those that are spared; those that may be, if they are not.
fn without(packets: &Match, spared: &Match) -> Vec<Match> {
    let shared = Match {
        source: packets.source.intersect(&spared.source),
        destination: packets.destination.intersect(&spared.destination),
        ..packets.clone()
    };
    let others = spared.services.iter().fold(packets.services.clone(), |left, spared| {
        left.iter()
            .flat_map(|service| service_without(service, spared))
            .collect()
    });
    let mut parts = vec![
        Match {
            source: packets.source.minus(&spared.source),
            ..packets.clone()
        },
        Match {
            source: shared.source.clone(),
            destination: packets.destination.minus(&spared.destination),
            ..packets.clone()
        },
        Match {
            services: others,
            ..shared.clone()
        },
    ];
    if !spared.unknown.is_empty() {
        let mut may_be = shared;
        may_be.unknown.push(chosen());
        parts.push(may_be);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What one service has and another has not.
fn service_without(service: &Service, other: &Service) -> Vec<Service> {
    let Some(both) = service.intersect(other) else {
        return vec![service.clone()];
    };
    let mut parts = vec![
        Service {
            protocols: service.protocols.minus(&other.protocols),
            ..service.clone()
        },
        Service {
            protocols: both.protocols.clone(),
            source_ports: service.source_ports.minus(&other.source_ports),
            ..service.clone()
        },
        Service {
            destination_ports: service.destination_ports.minus(&other.destination_ports),
            flags: service.flags.clone(),
            ..both.clone()
        },
        Service {
            flags: service.flags.minus(&other.flags),
            ..both
        },
    ];
    // One that holds nothing is the same as none.
    parts.retain(|part| part.intersect(&Service::anything()).is_some());
    parts
}

/// That nobody knows whether a packet is translated.
pub(super) fn chosen() -> Unknown {
    unknown("変換の対象になるかどうか", "whether it is chosen for translation")
}

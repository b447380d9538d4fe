//! Which packets a device is to let through.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::device::{Addresses, Service};
use crate::network::{Crossing, GatewayKind, Network, PermittedPath, Place, Placed, ZoneId, demands};

/// What a device is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The device.
    pub device: String,
    /// Its interfaces, and who may stand behind each.
    pub interfaces: Vec<Behind>,
    /// What it lets through; all else it keeps out.
    pub allowed: Vec<Allowed>,
    /// Permitted paths that lead over this device and are left out, with the reason.
    pub left_out: Vec<(String, LeftOut)>,
}

/// An interface and who may stand behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Its name.
    pub interface: String,
    /// The zones that are reached by it, over other devices too.
    pub zones: BTreeSet<ZoneId>,
    /// The addresses of those zones: no other may come in by it.
    pub addresses: Addresses,
}

/// Flows that a device lets through. Their answers come back by the device's memory of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The permitted path that it serves; `None` for zones between which nothing is demanded.
    pub path: Option<String>,
    /// The fact that the judge asks for of this pair of zones (`mynumber_isolated`); empty where nothing is demanded.
    pub serves: &'static str,
    /// Interfaces behind which flows begin.
    pub ingress: Vec<String>,
    /// Interfaces behind which they end.
    pub egress: Vec<String>,
    /// Who begins them.
    pub source: Addresses,
    /// Whom they go to.
    pub destination: Addresses,
    /// Protocols and ports.
    pub services: Vec<Service>,
}

/// Why a permitted path is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// Its approval has ended.
    Expired,
    /// The model demands that nothing passes between its zones.
    Forbidden,
    /// The model demands a gateway that cleans, and neither end is one.
    Unsanitised,
    /// None of its hosts is in its zones.
    OutOfZone,
}

/// What `device` is to do under the municipality's `model` on a day.
#[must_use]
pub fn plan(network: &Network, device: &Placed, model: &str, on: Date) -> Plan {
    let interfaces: Vec<Behind> = device
        .interfaces
        .iter()
        .map(|joined| behind(network, device, &joined.interface, joined.to))
        .collect();
    let demanded = demands(network, model);
    let (mut allowed, mut left_out) = (Vec::new(), Vec::new());
    for (from, one) in network.zones() {
        for (to, other) in network.zones().filter(|(to, _)| *to != from) {
            let (ingress, egress) = (leading(&interfaces, from), leading(&interfaces, to));
            // Who is reached by the same wire needs no device, and who is not behind this one is another's concern.
            if ingress.is_empty() || egress.is_empty() || ingress == egress {
                continue;
            }
            let demand = demanded.iter().find(|demand| demand.from == from && demand.to == to);
            let Some(demand) = demand else {
                allowed.push(Allowed {
                    path: None,
                    serves: "",
                    ingress,
                    egress,
                    source: one.addresses.clone(),
                    destination: other.addresses.clone(),
                    services: vec![Service::anything()],
                });
                continue;
            };
            for path in network
                .permitted
                .iter()
                .filter(|path| path.from == from && path.to == to)
            {
                match admitted(network, path, demand.crossing, on) {
                    Ok((source, destination)) => allowed.push(Allowed {
                        path: Some(path.id.clone()),
                        serves: demand.fact,
                        ingress: ingress.clone(),
                        egress: egress.clone(),
                        source,
                        destination,
                        services: path.services.clone(),
                    }),
                    Err(why) => left_out.push((path.id.clone(), why)),
                }
            }
        }
    }
    Plan {
        device: device.name.clone(),
        interfaces,
        allowed,
        left_out,
    }
}

/// Between whom a permitted path may really lead.
fn admitted(
    network: &Network,
    path: &PermittedPath,
    crossing: Crossing,
    on: Date,
) -> Result<(Addresses, Addresses), LeftOut> {
    if path.expires.is_some_and(|expires| expires < on) {
        return Err(LeftOut::Expired);
    }
    let within = |addresses: &Addresses, zone: ZoneId| {
        let zone = network
            .zone(zone)
            .map_or_else(Addresses::none, |zone| zone.addresses.clone());
        addresses.intersect(&zone)
    };
    let (source, destination) = (within(&path.source, path.from), within(&path.destination, path.to));
    if source.is_empty() || destination.is_empty() {
        return Err(LeftOut::OutOfZone);
    }
    match crossing {
        Crossing::None => Err(LeftOut::Forbidden),
        Crossing::Permitted | Crossing::Breakout => Ok((source, destination)),
        Crossing::Sanitised => {
            let kinds = [
                GatewayKind::Sanitise,
                GatewayKind::Mail,
                GatewayKind::Screen,
                GatewayKind::Update,
            ];
            let gateways = network.gateway_hosts(&kinds);
            let clean = |ends: &Addresses| ends.minus(&gateways).is_empty();
            if clean(&source) || clean(&destination) {
                Ok((source, destination))
            } else {
                Err(LeftOut::Unsanitised)
            }
        }
    }
}

fn leading(interfaces: &[Behind], zone: ZoneId) -> Vec<String> {
    let leading = interfaces.iter().filter(|behind| behind.zones.contains(&zone));
    leading.map(|behind| behind.interface.clone()).collect()
}

/// Follows the wires from an interface, over other devices, up to zones.
fn behind(network: &Network, device: &Placed, interface: &str, place: Place) -> Behind {
    let mut zones = BTreeSet::new();
    let mut open = vec![place];
    let mut seen = BTreeSet::new();
    while let Some(place) = open.pop() {
        if !seen.insert(place) {
            continue;
        }
        if let Place::Zone(zone) = place {
            zones.insert(zone);
        }
        // A zone is passed on by the devices that stand on it, too.
        let others = network.devices.iter().filter(|other| other.name != device.name);
        for other in others.filter(|other| other.interfaces.iter().any(|joined| joined.to == place)) {
            open.extend(other.interfaces.iter().map(|joined| joined.to));
        }
    }
    let addresses = zones.iter().filter_map(|zone| network.zone(*zone));
    Behind {
        interface: interface.to_owned(),
        addresses: addresses.fold(Addresses::none(), |all, zone| all.union(&zone.addresses)),
        zones,
    }
}

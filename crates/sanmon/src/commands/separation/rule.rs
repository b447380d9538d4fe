//! Lines of configurations and packets, as answers name them.

use policy::judge::FileLine;
use separation::device::Line;
use separation::fabric::NodeId;
use separation::packet::{Packet, protocol};
use serde_json::{Value, json};
use service::network::CityNetwork;

use crate::show::problem::Snippet;

/// `{ device, file, line, text }`.
pub(super) fn json(network: &CityNetwork, node: NodeId, line: Line) -> Value {
    let device = network.fabric.placed(node).map(|placed| placed.name.as_str());
    match network.line(node, line) {
        Some(FileLine { file, line, text, .. }) => {
            json!({ "device": device, "file": file, "line": line, "text": text })
        }
        None => json!({ "device": device, "file": null, "line": line.number, "text": null }),
    }
}

/// The line with what is around it.
pub(super) fn snippet(network: &CityNetwork, node: NodeId, line: Line) -> Option<Snippet> {
    let (configuration, span) = network.span(node, line)?;
    Some(Snippet::new(&configuration.path(), &configuration.text, span))
}

/// `{ protocol, source, source_port, destination, destination_port }`; of ICMP `type` and `code` in the place of ports.
pub(super) fn packet(packet: &Packet) -> Value {
    let (source, destination) = (
        packet.family.address(packet.source).to_string(),
        packet.family.address(packet.destination).to_string(),
    );
    let has_ports = protocol::WITH_PORTS.contains(&packet.protocol);
    let ports = has_ports.then_some((packet.source_port, packet.destination_port));
    let mut value = json!({
        "protocol": name(packet.protocol),
        "source": source,
        "source_port": ports.map(|ports| ports.0),
        "destination": destination,
        "destination_port": ports.map(|ports| ports.1),
    });
    if let (protocol::ICMP | protocol::ICMP_V6, Some(fields)) = (packet.protocol, value.as_object_mut()) {
        fields.insert("type".to_owned(), packet.source_port.into());
        fields.insert("code".to_owned(), packet.destination_port.into());
    }
    value
}

fn name(number: u8) -> String {
    match number {
        protocol::TCP => "tcp".to_owned(),
        protocol::UDP => "udp".to_owned(),
        protocol::ICMP => "icmp".to_owned(),
        protocol::ICMP_V6 => "icmpv6".to_owned(),
        other => other.to_string(),
    }
}

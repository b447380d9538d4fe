//! Addresses and services as people write them in `network.toml` and in the register of permitted paths.

use std::net::IpAddr;

use model::lang::Text;

use crate::device::{Addresses, Service};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// One address, a network (`10.10.0.0/16`), or a range (`10.10.0.1-10.10.0.9`), of either family.
///
/// # Errors
/// What is none of these; a network with bits beyond its length set.
pub fn addresses(written: &str) -> Result<Addresses, Text> {
    let written = written.trim();
    let refused = || {
        Text::new(
            format!("「{written}」はアドレスではない(10.10.0.0/16、10.10.0.5、10.10.0.1-10.10.0.9 のように書く)"),
            format!("`{written}` is no address (write 10.10.0.0/16, 10.10.0.5 or 10.10.0.1-10.10.0.9)"),
        )
    };
    let one = |text: &str| text.trim().parse::<IpAddr>().map_err(|_| refused());
    if let Some((address, length)) = written.split_once('/') {
        let address = one(address)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = length.trim().parse::<u8>().ok().filter(|length| *length <= most);
        let network = Addresses::network(address, length.ok_or_else(refused)?);
        let begins = network.v4.first().map(u128::from).or(network.v6.first());
        if begins != Some(crate::packet::number(address).1) {
            return Err(Text::new(
                format!("「{written}」のアドレスが、範囲の初めではない(プレフィックス長を確かめる)"),
                format!("`{written}` does not begin at its address (check the prefix length)"),
            ));
        }
        return Ok(network);
    }
    if let Some((first, last)) = written.split_once('-') {
        let range = Addresses::span(one(first)?, one(last)?);
        return if range.is_empty() { Err(refused()) } else { Ok(range) };
    }
    one(written).map(Addresses::one)
}

/// What a permitted path carries: a protocol (`tcp`, `udp`, `icmp`, a number, or `any`) and destination ports (`443`, `8000-8010`), which
/// only TCP and UDP have. No port means all of them.
///
/// # Errors
/// A protocol that is not known, a port that is none, ports of a protocol without ports.
pub fn services(protocol_written: &str, ports: &[impl AsRef<str>]) -> Result<Vec<Service>, Text> {
    let word = protocol_written.trim().to_ascii_lowercase();
    let numbers: Vec<u8> = match word.as_str() {
        "tcp" => vec![protocol::TCP],
        "udp" => vec![protocol::UDP],
        "icmp" => vec![Family::V4.icmp(), Family::V6.icmp()],
        "any" => return unless_ports(ports, &word).map(|()| vec![Service::anything()]),
        other => vec![other.parse().map_err(|_| {
            Text::new(
                format!("プロトコル「{protocol_written}」は分からない(tcp、udp、icmp、any か番号で書く)"),
                format!("unknown protocol `{protocol_written}` (write tcp, udp, icmp, any or a number)"),
            )
        })?],
    };
    let with_ports = numbers.iter().all(|number| protocol::WITH_PORTS.contains(number));
    if !with_ports {
        unless_ports(ports, &word)?;
    }
    let mut intervals = Vec::new();
    for port in ports.iter().map(AsRef::as_ref) {
        intervals.push(interval(port)?);
    }
    let ports = if intervals.is_empty() {
        Ranges::all()
    } else {
        Ranges::of(intervals)
    };
    let service = |number: u8| Service {
        destination_ports: if with_ports { ports.clone() } else { Ranges::all() },
        ..Service::protocol(number)
    };
    Ok(numbers.into_iter().map(service).collect())
}

fn unless_ports(ports: &[impl AsRef<str>], protocol: &str) -> Result<(), Text> {
    if ports.is_empty() {
        return Ok(());
    }
    Err(Text::new(
        format!("プロトコル「{protocol}」にポートはない(ポートは tcp か udp で書く)"),
        format!("protocol `{protocol}` has no ports (ports go with tcp or udp)"),
    ))
}

fn interval(port: &str) -> Result<(u16, u16), Text> {
    let (first, last) = port.split_once('-').unwrap_or((port, port));
    let number = |text: &str| text.trim().parse::<u16>().ok();
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok((first, last)),
        _ => Err(Text::new(
            format!("「{port}」はポートではない(443 か 8000-8010 のように書く)"),
            format!("`{port}` is no port (write 443 or 8000-8010)"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_must_begin_at_its_address() {
        assert!(addresses("10.10.0.0/16").is_ok() && addresses("fd00:10::/32").is_ok());
        for wrong in [
            "10.10.1.0/16",
            "10.10.0.0/33",
            "10.10.0.9-10.10.0.1",
            "10.10",
            "::/129",
            "10.0.0.1-fd00::1",
            "",
        ] {
            assert!(addresses(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_protocols_with_ports_have_ports() {
        assert!(services("tcp", &["443", "8000-8010"]).is_ok());
        assert!(services("icmp", &[] as &[&str]).is_ok() && services("50", &[] as &[&str]).is_ok());
        for (protocol, port) in [
            ("icmp", "8"),
            ("any", "443"),
            ("50", "1"),
            ("tcp", "0x1"),
            ("tcp", "9-1"),
            ("http", "80"),
        ] {
            assert!(services(protocol, &[port]).is_err(), "{protocol} {port}");
        }
    }
}

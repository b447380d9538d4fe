//! What `ip address` and `ip route` print.

use std::fmt::Write;

use separation::packet::Family;

use super::super::sheet::Sheet;
use super::ip;

pub(super) const ENDS: [&str; 3] = ["lan0", "lan1", "wan0"];

/// Addresses and routes of a device.
pub(super) fn beside(sheet: &Sheet) -> [String; 2] {
    let family = sheet.family;
    let (mut addresses, mut routes) = (String::new(), String::new());
    for (number, (name, end)) in (2..).zip(ENDS.iter().zip(&sheet.ends)) {
        let word = if family == Family::V4 { "inet" } else { "inet6" };
        _ = writeln!(
            addresses,
            "{number}: {name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP\n    {word} {}/{} scope global {name}",
            ip(family, end.address),
            end.length
        );
    }
    for way in &sheet.routes {
        let to = match way.length {
            0 => "default".to_owned(),
            length => format!("{}/{length}", ip(family, way.network)),
        };
        _ = writeln!(routes, "{to} via {} dev {}", ip(family, way.gateway), ENDS[way.by]);
    }
    [addresses, routes]
}

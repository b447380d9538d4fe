//! Juniper SRX: policies between zones, or filters at interfaces.

mod filter;
mod policy;

use super::super::sheet::{Sheet, below};
use super::ip;
use separation::diagram::generate::Stream;

pub(super) use self::filter::Filters;
pub(super) use self::policy::Policies;

const ENDS: [&str; 3] = ["ge-0/0/0.0", "ge-0/0/1.0", "reth0.30"];

/// Interfaces with their addresses, and routes.
fn beside(sheet: &Sheet) -> Vec<String> {
    let family = sheet.family;
    let six = if family == separation::packet::Family::V4 {
        ""
    } else {
        "6"
    };
    let mut lines = vec!["version 21.4R3.15".to_owned(), "system host-name gate".to_owned()];
    for (name, end) in ENDS.iter().zip(&sheet.ends) {
        let (port, unit) = name.split_once('.').unwrap();
        let address = ip(family, end.address);
        lines.push(format!(
            "interfaces {port} unit {unit} family inet{six} address {address}/{}",
            end.length
        ));
    }
    let table = if six.is_empty() { "" } else { "rib inet6.0 " };
    for way in &sheet.routes {
        lines.push(format!(
            "routing-options {table}static route {}/{} next-hop {}",
            ip(family, way.network),
            way.length,
            ip(family, way.gateway)
        ));
    }
    lines
}

/// Sections may stand in any order.
fn mixed(lines: Vec<String>, stream: &mut Stream) -> Vec<String> {
    let mut sections: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let top = |line: &str| line.split(' ').next().map(str::to_owned);
        match sections.iter_mut().find(|section| top(&section[0]) == top(&line)) {
            Some(section) => section.push(line),
            None => sections.push(vec![line]),
        }
    }
    for at in (2..sections.len()).rev() {
        // The version stays first.
        sections.swap(at, 1 + below(stream, at));
    }
    sections.concat()
}

//! Static routes.

use std::net::IpAddr;

use model::lang::Text;

use super::list::name;
use crate::device::route::Next;
use crate::device::{Route, Way};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, no_address, number, prefix, unknown_word};
use crate::packet::Family;

/// What follows `ip route` or `ipv6 route`: `default GigaEthernet0.1`, `10.0.0.0/8 192.0.2.1 distance 20`.
pub(super) fn read(statement: &mut Statement<'_>, family: Family, draft: &mut Draft) -> Result<(), Refusal> {
    let line = statement.line();
    let table = if statement.is("vrf") {
        statement.parse(name).ok_or(unknown_word())?
    } else {
        String::new()
    };
    let of_family = |address: &IpAddr| address.is_ipv4() == (family == Family::V4);
    let (network, length) = if statement.is("default") {
        (family.address(0), 0)
    } else {
        statement
            .parse(|word| prefix(word).filter(|(network, _)| of_family(network)))
            .ok_or(no_address())?
    };
    let gateway = statement.parse(|word| word.parse::<IpAddr>().ok().filter(of_family));
    let out = statement.parse(interface_name);
    let next = match (gateway, out) {
        (None, None) => return Err(no_address()),
        (_, Some(out)) if out.starts_with("Null") => Next::Discard,
        (Some(gateway), None) => Next::Gateway(gateway),
        (Some(gateway), Some(out)) => Next::GatewayOn(gateway, draft.interface(&out, line)),
        (None, Some(out)) => {
            statement.is("dhcp");
            Next::Interface(draft.interface(&out, line))
        }
    };
    while !statement.is_done() {
        if statement.is("distance") || statement.is("metric") || statement.is("tag") {
            statement.parse(number::<u32>).ok_or(unknown_word())?;
        } else if statement.is("description") {
            statement.pass_rest();
        } else {
            return Err(Text::fixed(
                "経路の終わりの語を読めない",
                "words at the end of a route cannot be read",
            ));
        }
    }
    draft.device.routes.push(Route {
        table,
        network,
        length,
        // A route of a larger distance takes over when the other is gone: all are followed.
        preference: 1,
        ways: vec![Way { condition: None, next }],
        line,
    });
    Ok(())
}

/// `GigaEthernet0.0`, `GigaEthernet2:1.3`, `Tunnel0.0`, `BVI1`
pub(super) fn interface_name(word: &str) -> Option<String> {
    let (begin, rest) = word.split_at(word.find(|c: char| c.is_ascii_digit())?);
    let is_kind = !begin.is_empty() && begin.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    let is_number = rest.chars().all(|c| c.is_ascii_digit() || "/.:".contains(c)) && rest.len() <= 20;
    (is_kind && begin.len() <= 30 && is_number).then(|| word.to_owned())
}

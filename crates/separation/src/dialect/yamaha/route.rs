//! `ip route` and `ipv6 route`: gateways, tried in the order in which they are written.

use std::net::IpAddr;

use model::lang::Text;

use super::filter::{Filters, numbers};
use super::irrelevant::is_interface;
use crate::device::route::Next;
use crate::device::{Affects, Line, Way};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, no_address, number, prefix, unknown_word};
use crate::packet::Family;

/// A route whose filters may be defined later.
pub(super) struct Written {
    network: IpAddr,
    length: u8,
    family: Family,
    gateways: Vec<(Next, Vec<u32>)>,
    line: Line,
    text: String,
}

/// What follows `ip route` or `ipv6 route`.
pub(super) fn read(statement: &mut Statement<'_>, family: Family, draft: &mut Draft) -> Result<Written, Refusal> {
    let line = statement.line();
    let (network, length) = if statement.is("default") {
        (family.address(0), 0)
    } else {
        statement.parse(|word| destination(word, family)).ok_or(no_address())?
    };
    let mut gateways = Vec::new();
    while statement.is("gateway") {
        let next = gateway(statement, draft, line)?;
        let mut filters = Vec::new();
        loop {
            if statement.is("filter") {
                filters = numbers(statement);
                if filters.is_empty() {
                    return Err(unknown_word());
                }
            } else if statement.is("weight") || statement.is("keepalive") || statement.is("metric") {
                statement.parse(number::<u32>).ok_or(unknown_word())?;
            } else if !statement.is("hide") && statement.parse(is_metric).is_none() {
                // A route that is hidden while its line is down is up: the line may be.
                break;
            }
        }
        gateways.push((next, filters));
    }
    statement.end()?;
    if gateways.is_empty() {
        return Err(unknown_word());
    }
    Ok(Written {
        network,
        length,
        family,
        gateways,
        line,
        text: statement.shown(),
    })
}

fn destination(word: &str, family: Family) -> Option<(IpAddr, u8)> {
    if let Some((address, hex)) = word.split_once('/').filter(|(_, mask)| mask.starts_with("0x")) {
        return Some((address.parse().ok()?, super::address::mask_of(hex)?));
    }
    prefix(word).filter(|(address, _)| address.is_ipv4() == (family == Family::V4))
}

fn is_metric(word: &str) -> Option<()> {
    let (name, value) = word.split_once('=')?;
    (name == "metric" && number::<u32>(value).is_some()).then_some(())
}

fn gateway(statement: &mut Statement<'_>, draft: &mut Draft, line: Line) -> Result<Next, Refusal> {
    for kind in ["pp", "tunnel"] {
        if statement.is(kind) {
            let which = statement.parse(which).ok_or(unknown_word())?;
            // Of those who dial in: whose line it is, by name.
            statement.parse(|word| word.starts_with("name=").then_some(()));
            return Ok(Next::Interface(draft.interface(&format!("{kind} {which}"), line)));
        }
    }
    if statement.is("dhcp") {
        let name = statement.parse(interface_name).ok_or(unknown_word())?;
        return Ok(Next::Interface(draft.interface(&name, line)));
    }
    if statement.is("loopback") || statement.is("null") {
        return Ok(Next::Discard);
    }
    if let Some(name) = statement.parse(interface_name) {
        return Ok(Next::Interface(draft.interface(&name, line)));
    }
    let (address, zone) = statement.parse(zoned).ok_or(no_address())?;
    Ok(match zone {
        None => Next::Gateway(address),
        Some(zone) => Next::GatewayOn(address, draft.interface(&zone, line)),
    })
}

fn interface_name(word: &str) -> Option<String> {
    (is_interface(word) && !["pp", "tunnel"].contains(&word)).then(|| word.to_owned())
}

/// The number of a line or tunnel, or `anonymous`.
pub(super) fn which(word: &str) -> Option<String> {
    (word == "anonymous" || number::<u16>(word).is_some()).then(|| word.to_owned())
}

/// `fe80::1%lan2`
fn zoned(word: &str) -> Option<(IpAddr, Option<String>)> {
    match word.split_once('%') {
        None => Some((word.parse().ok()?, None)),
        Some((address, zone)) => Some((address.parse().ok()?, Some(interface_name(zone)?))),
    }
}

/// Puts the routes into the device, now that every filter is known.
pub(super) fn lower(routes: &[Written], filters: &Filters, draft: &mut Draft) {
    for route in routes {
        let mut ways = Vec::new();
        for (next, numbers) in &route.gateways {
            if numbers.is_empty() {
                ways.push(Way {
                    condition: None,
                    next: next.clone(),
                });
            }
            for number in numbers {
                let fixed = filters.fixed.get(&(route.family, *number));
                let Some(fixed) = fixed.filter(|fixed| fixed.permits) else {
                    unclear(route, *number, fixed.is_some(), draft);
                    continue;
                };
                ways.push(Way {
                    condition: Some(fixed.condition.clone()),
                    next: next.clone(),
                });
            }
        }
        draft.route(route.network, route.length, ways, route.line);
    }
}

/// The manual does not say what a filter that rejects means in a route, nor what one that is not defined does.
fn unclear(route: &Written, number: u32, is_defined: bool, draft: &mut Draft) {
    let why = if is_defined {
        Text::new(
            format!("経路が使うフィルタ {number} は pass ではない。その意味は公開資料にない"),
            format!("filter {number} of the route does not pass; what that means there is not documented"),
        )
    } else {
        Text::new(
            format!("経路が使うフィルタ {number} は定義されていない"),
            format!("filter {number} of the route is defined nowhere"),
        )
    };
    draft.device.unread.push(crate::device::Unread {
        line: route.line,
        text: route.text.clone(),
        why,
        affects: Affects::Routes,
    });
}

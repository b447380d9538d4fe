//! Static routes, and maps of routes as policy routing.

use std::net::IpAddr;

use model::lang::Text;

use super::interface::{interface_name, is_number};
use super::part::name;
use crate::device::route::Next;
use crate::device::{Line, Route, Way};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, mask_length, no_address, number, prefix, unknown_word, v4};
use crate::packet::Family;

/// What follows `ip route` or `ipv6 route`.
pub(super) fn read(statement: &mut Statement<'_>, family: Family, draft: &mut Draft) -> Result<(), Refusal> {
    if statement.is("static") || statement.is("profile") {
        statement.pass_rest();
        return Ok(());
    }
    let line = statement.line();
    let table = if statement.is("vrf") {
        statement.parse(name).ok_or(unknown_word())?
    } else {
        String::new()
    };
    let (network, length) = if family == Family::V4 {
        let network: IpAddr = statement.parse(v4).ok_or(no_address())?.into();
        let length = statement.parse(|word| mask_length(v4(word)?)).ok_or(no_address())?;
        (network, length)
    } else {
        statement
            .parse(prefix)
            .filter(|(network, _)| network.is_ipv6())
            .ok_or(no_address())?
    };
    let gateway = |statement: &mut Statement<'_>| statement.parse(|word| word.parse::<IpAddr>().ok());
    let next = match gateway(statement) {
        Some(gateway) => Next::Gateway(gateway),
        None => {
            if statement.is("Null0") || statement.is("Null") {
                Next::Discard
            } else if statement.is("dhcp") {
                // Whoever the server of an interface names.
                Next::Anywhere
            } else {
                let out = interface_name(statement).ok_or(unknown_word())?;
                let id = draft.interface(&out, line);
                match gateway(statement) {
                    Some(gateway) => Next::GatewayOn(gateway, id),
                    None => Next::Interface(id),
                }
            }
        }
    };
    let mut global = false;
    while !statement.is_done() {
        if statement.is("global") {
            global = true;
        } else if statement.is("name") {
            statement.pass();
        } else if statement.is("tag") || statement.is("track") || statement.is("metric") {
            statement.parse(number::<u32>).ok_or(unknown_word())?;
        } else if !statement.is("permanent") && !statement.is("multicast") && statement.parse(is_number).is_none() {
            return Err(unknown_word());
        }
    }
    if global {
        return Err(Text::fixed(
            "他の経路表への経路は読めない",
            "routes into another table are not read",
        ));
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

/// A clause of a map of routes.
pub(super) struct Clause {
    pub(super) line: Line,
    pub(super) denies: bool,
    /// Lists of which one must match; none for every packet.
    pub(super) lists: Vec<String>,
    pub(super) next: Vec<Next>,
    /// What was not understood: it matters only where the map is bound to an interface.
    pub(super) refused: Option<(Line, String, Text)>,
}

impl Clause {
    pub(super) const fn new(line: Line, denies: bool) -> Self {
        Self {
            line,
            denies,
            lists: Vec::new(),
            next: Vec::new(),
            refused: None,
        }
    }

    /// A line below `route-map …`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        if self.understood(statement, draft).is_none() {
            let why = Text::fixed("この条件又は動作は読めない", "this condition or action is not read");
            self.refused = Some((statement.line(), statement.shown(), why));
            statement.pass_rest();
        }
        Ok(())
    }

    fn understood(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Option<()> {
        if statement.are("match ip address") {
            while let Some(list) = statement.parse(name) {
                self.lists.push(list);
            }
            return statement.is_done().then_some(());
        }
        if statement.are("set ip next-hop") {
            while let Some(gateway) = statement.parse(v4) {
                self.next.push(Next::Gateway(gateway.into()));
            }
            return (statement.is_done() && !self.next.is_empty()).then_some(());
        }
        if statement.are("set interface") {
            if statement.is("Null0") {
                self.next.push(Next::Discard);
                return Some(());
            }
            let out = interface_name(statement)?;
            self.next.push(Next::Interface(draft.interface(&out, statement.line())));
            return statement.is_done().then_some(());
        }
        None
    }
}

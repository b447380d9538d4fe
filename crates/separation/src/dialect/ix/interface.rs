//! Interfaces: addresses, filters, sides of translation.

use std::collections::BTreeMap;

use model::lang::Text;

use super::beside;
use super::list::name;
use super::nat::Nat;
use super::route::interface_name;
use crate::device::{InterfaceId, Line};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, no_address, number, prefix, unknown_word, v4};
use crate::packet::Family;

/// A place where filters are bound: an interface, a direction (whether inward) and a family.
pub(super) type Place = (InterfaceId, bool, Family);

/// Lists by their number, and by their order where numbers are the same.
pub(super) type Numbered = BTreeMap<(u32, usize), (String, Line)>;

/// What is bound to interfaces.
#[derive(Default)]
pub(super) struct Bindings {
    pub(super) filters: BTreeMap<Place, Numbered>,
    /// How many there were.
    count: usize,
}

impl Bindings {
    /// A line below `interface …`.
    pub(super) fn read(
        &mut self,
        statement: &mut Statement<'_>,
        on: InterfaceId,
        draft: &mut Draft,
        nat: &mut Nat,
    ) -> Result<(), Refusal> {
        if statement.is("no") {
            // What is not set needs no undoing in a saved file; taking a filter away, though, is said nowhere else.
            let known = statement.are("ip address")
                || statement.are("ipv6 address")
                || statement.are("ip napt")
                || statement.are("ip nat")
                || beside(statement).is_some();
            statement.pass_rest();
            return if known { Ok(()) } else { Err(unknown_word()) };
        }
        for (words, family) in [("ip filter", Family::V4), ("ipv6 filter", Family::V6)] {
            if statement.are(words) {
                return self.filter(statement, on, family);
            }
        }
        if statement.are("ip address") {
            return address(statement, on, draft);
        }
        if statement.are("ipv6 address") {
            return address_v6(statement, on, draft);
        }
        if statement.are("ip unnumbered") || statement.are("ipv6 unnumbered") {
            statement.parse(interface_name).ok_or(unknown_word())?;
            if let Some(interface) = draft.of(on) {
                interface.addressed_elsewhere = true;
            }
            return statement.end();
        }
        if statement.are("ip napt") {
            return nat.of.entry(on).or_default().napt(statement);
        }
        if statement.are("ip nat") {
            return nat.of.entry(on).or_default().nat(statement);
        }
        if statement.are("ip vrf forwarding") {
            let table = statement.parse(name).ok_or(unknown_word())?;
            if let Some(interface) = draft.of(on) {
                interface.table = table;
            }
            return statement.end();
        }
        if statement.is("vrrp") {
            return shared(statement, on, draft);
        }
        if statement.is("bridge-group") {
            statement.take_rest();
            return Err(Text::fixed(
                "ブリッジの間を通るものは読めない",
                "what passes between bridged interfaces is not read",
            ));
        }
        if statement.are("ip policy") || statement.are("ipv6 policy") {
            statement.take_rest();
            return Err(Text::fixed("条件による経路は読めない", "policy routing is not read"));
        }
        if statement.is("ipsec") {
            // A policy of a tunnel is for what the tunnel carries; elsewhere it takes packets out of the interface's own way.
            let tunnel = draft
                .of(on)
                .is_some_and(|interface| interface.name.starts_with("Tunnel"));
            statement.pass_rest();
            return if tunnel {
                Ok(())
            } else {
                Err(Text::fixed(
                    "トンネルのほかの IPsec は読めない",
                    "IPsec outside tunnels is not read",
                ))
            };
        }
        beside(statement).ok_or(unknown_word())?;
        statement.pass_rest();
        Ok(())
    }

    /// `NAME 10 in`
    fn filter(&mut self, statement: &mut Statement<'_>, on: InterfaceId, family: Family) -> Result<(), Refusal> {
        let line = statement.line();
        let list = statement.parse(name).ok_or(unknown_word())?;
        let of = statement.parse(number::<u32>).ok_or(unknown_word())?;
        let inward = statement.is("in");
        if !inward && !statement.is("out") {
            return Err(unknown_word());
        }
        statement.is("suppress-logging");
        statement.end()?;
        self.count += 1;
        let filters = self.filters.entry((on, inward, family)).or_default();
        filters.insert((of, self.count), (list, line));
        Ok(())
    }
}

fn beside(statement: &mut Statement<'_>) -> Option<()> {
    let known = beside::of_interface(statement.peek(), statement.peek_at(1))?;
    (0..known).for_each(|_| drop(statement.take()));
    Some(())
}

/// `192.0.2.1/24 secondary`, `dhcp receive-default`, `ipcp`
fn address(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    if ["dhcp", "ipcp", "map-e"].iter().any(|word| statement.is(word)) {
        if let Some(interface) = draft.of(on) {
            interface.addressed_elsewhere = true;
        }
        if statement.is("receive-default") {
            draft.given_routes(on, Family::V4, statement.line());
        }
        return statement.end();
    }
    let whole = statement
        .parse(|word| prefix(word).filter(|(address, _)| address.is_ipv4()))
        .ok_or(no_address())?;
    statement.is("secondary");
    statement.end()?;
    if let Some(interface) = draft.of(on) {
        interface.addresses.push(whole);
    }
    Ok(())
}

fn address_v6(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    if ["autoconfig", "dhcp"].iter().any(|word| statement.is(word)) {
        if let Some(interface) = draft.of(on) {
            interface.addressed_elsewhere = true;
        }
        if statement.is("receive-default") {
            draft.given_routes(on, Family::V6, statement.line());
        }
        return statement.end();
    }
    let whole = statement
        .parse(|word| prefix(word).filter(|(address, _)| address.is_ipv6()))
        .ok_or(no_address())?;
    while ["eui-64", "link-local", "anycast"]
        .iter()
        .any(|word| statement.is(word))
    {}
    statement.end()?;
    if let Some(interface) = draft.of(on) {
        interface.addresses.push(whole);
    }
    Ok(())
}

/// What follows `vrrp`: `1 ip 192.0.2.254`; the rest says which of several devices holds the address.
fn shared(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    let is_address = statement.peek_at(1) == Some("ip");
    if statement.parse(number::<u8>).is_some() && is_address {
        statement.take();
        let shared = statement.parse(v4).ok_or(no_address())?;
        if let Some(interface) = draft.of(on) {
            interface.addresses.push((shared.into(), 32));
        }
    }
    statement.pass_rest();
    Ok(())
}

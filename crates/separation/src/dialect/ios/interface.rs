//! Interfaces: addresses, lists, sides of translation.

use std::collections::BTreeMap;

use model::lang::Text;

use super::beside;
use super::part::name;
use crate::device::{Addresses, InterfaceId, Line};
use crate::dialect::draft::Draft;
use crate::dialect::routing;
use crate::dialect::statement::{Refusal, Statement, mask_length, no_address, number, prefix, unknown_word, v4};
use crate::packet::Family;

/// What is bound to interfaces.
#[derive(Default)]
pub(super) struct Bindings {
    /// Lists by interface and direction (whether inward) and family.
    pub(super) lists: BTreeMap<(InterfaceId, bool, Family), (String, Line)>,
    pub(super) inside: Vec<InterfaceId>,
    pub(super) outside: Vec<InterfaceId>,
    /// Maps of routes.
    pub(super) maps: BTreeMap<InterfaceId, (String, Line)>,
    /// What is inspected, and where.
    pub(super) inspected: BTreeMap<(InterfaceId, bool), (String, Line)>,
}

impl Bindings {
    /// A line below `interface …`.
    pub(super) fn read(
        &mut self,
        statement: &mut Statement<'_>,
        on: InterfaceId,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let line = statement.line();
        if statement.is("no") {
            // What is not set needs no undoing in a saved file; taking a list away, though, is said nowhere else.
            if statement.are("ip access-group") || statement.are("ipv6 traffic-filter") {
                return Err(unknown_word());
            }
            statement.pass_rest();
            return Ok(());
        }
        if routing::sets_up(statement) {
            draft.learns_routes(&Addresses::all(), line);
        }
        if statement.are("ip address") {
            return address(statement, on, draft);
        }
        if statement.are("ipv6 address") {
            return address_v6(statement, on, draft);
        }
        if statement.are("ip access-group") {
            return self.list(statement, on, Family::V4);
        }
        if statement.are("ipv6 traffic-filter") {
            return self.list(statement, on, Family::V6);
        }
        if statement.are("ip nat inside") {
            self.inside.push(on);
            return statement.end();
        }
        if statement.are("ip nat outside") {
            self.outside.push(on);
            return statement.end();
        }
        if statement.are("ip policy route-map") {
            let map = statement.parse(name).ok_or(unknown_word())?;
            self.maps.insert(on, (map, line));
            return statement.end();
        }
        if statement.are("ip inspect") || statement.are("ipv6 inspect") {
            let what = statement.parse(name).ok_or(unknown_word())?;
            let inward = direction(statement)?;
            self.inspected.insert((on, inward), (what, line));
            return statement.end();
        }
        if statement.are("vrf forwarding") || statement.are("ip vrf forwarding") {
            let table = statement.parse(name).ok_or(unknown_word())?;
            if let Some(interface) = draft.of(on) {
                interface.table = table;
            }
            return statement.end();
        }
        if statement.are("ip unnumbered") || statement.are("ipv6 unnumbered") {
            statement.take_rest();
            if let Some(interface) = draft.of(on) {
                interface.addressed_elsewhere = true;
            }
            return Ok(());
        }
        if statement.peek() == Some("standby") && statement.peek_at(2) == Some("ip")
            || statement.peek() == Some("vrrp") && statement.peek_at(2) == Some("ip")
        {
            (0..3).for_each(|_| drop(statement.take()));
            if let Some(shared) = statement.parse(v4)
                && let Some(interface) = draft.of(on)
            {
                interface.addresses.push((shared.into(), 32));
            }
            statement.pass_rest();
            return Ok(());
        }
        if statement.are("crypto map") {
            return Err(Text::fixed("暗号マップは読めない", "crypto maps are not read"));
        }
        let beside = beside::of_interface(statement.peek(), statement.peek_at(1)).ok_or(unknown_word())?;
        (0..beside).for_each(|_| drop(statement.take()));
        statement.pass_rest();
        Ok(())
    }

    /// `NAME in`
    fn list(&mut self, statement: &mut Statement<'_>, on: InterfaceId, family: Family) -> Result<(), Refusal> {
        let line = statement.line();
        let list = statement.parse(name).ok_or(unknown_word())?;
        let inward = direction(statement)?;
        statement.end()?;
        self.lists.insert((on, inward, family), (list, line));
        Ok(())
    }
}

fn direction(statement: &mut Statement<'_>) -> Result<bool, Refusal> {
    if statement.is("in") {
        Ok(true)
    } else if statement.is("out") {
        Ok(false)
    } else {
        Err(unknown_word())
    }
}

fn address(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    if statement.is("dhcp") || statement.is("negotiated") {
        statement.pass_rest();
        if let Some(interface) = draft.of(on) {
            interface.addressed_elsewhere = true;
        }
        draft.given_routes(on, Family::V4, statement.line());
        return Ok(());
    }
    let whole = statement.parse(|word| word.contains('/').then(|| prefix(word)).flatten());
    if let Some(whole) = whole.filter(|(address, _)| address.is_ipv4()) {
        statement.is("secondary");
        statement.end()?;
        draft
            .of(on)
            .into_iter()
            .for_each(|interface| interface.addresses.push(whole));
        return Ok(());
    }
    let address = statement.parse(v4).ok_or(no_address())?;
    let length = statement.parse(|word| mask_length(v4(word)?)).ok_or(no_address())?;
    statement.is("secondary");
    statement.end()?;
    if let Some(interface) = draft.of(on) {
        interface.addresses.push((address.into(), length));
    }
    Ok(())
}

fn address_v6(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    if statement.is("dhcp") || statement.is("autoconfig") {
        statement.pass_rest();
        if let Some(interface) = draft.of(on) {
            interface.addressed_elsewhere = true;
        }
        draft.given_routes(on, Family::V6, statement.line());
        return Ok(());
    }
    let (address, length) = statement
        .parse(prefix)
        .filter(|(address, _)| address.is_ipv6())
        .ok_or(no_address())?;
    while ["eui-64", "link-local", "anycast"]
        .iter()
        .any(|word| statement.is(word))
    {}
    statement.end()?;
    if let Some(interface) = draft.of(on) {
        interface.addresses.push((address, length));
    }
    Ok(())
}

/// `GigabitEthernet0/1`, `Vlan 10`: kind and number, joined.
pub(super) fn interface_name(statement: &mut Statement<'_>) -> Option<String> {
    let is_kind = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "-/.:_".contains(c))
            && word.len() <= 60
    };
    let first = statement.parse(|word| is_kind(word).then(|| word.to_owned()))?;
    if first.ends_with(|c: char| c.is_ascii_digit()) {
        return Some(first);
    }
    let number = statement.parse(|word| {
        let fits = word.starts_with(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_digit() || "/.:".contains(c));
        fits.then(|| word.to_owned())
    });
    Some(number.map_or(first.clone(), |number| format!("{first}{number}")))
}

/// A distance, a tag: a number that changes nothing here.
pub(super) fn is_number(word: &str) -> Option<()> {
    number::<u32>(word).map(|_| ())
}

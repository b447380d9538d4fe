//! What is bound to interfaces: addresses, filters, translations.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::filter::{List, list, name};
use super::irrelevant::is_interface;
use crate::device::{InterfaceId, Line};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, no_address, number, prefix, unknown_word};
use crate::packet::Family;

/// Everything that is bound.
#[derive(Default)]
pub(super) struct Bindings {
    /// Filters by interface and direction (whether inward), in the order in which they were bound; the last one of a family counts.
    pub(super) filters: BTreeMap<(InterfaceId, bool, Family), (List, Line)>,
    /// Named sets by interface.
    pub(super) sets: BTreeMap<InterfaceId, (String, Line)>,
    /// Descriptors of translation, and those of them for which the interface is on the inner side.
    pub(super) descriptors: BTreeMap<InterfaceId, (Vec<(u32, bool)>, Line)>,
    prefixes: BTreeMap<u32, (IpAddr, u8)>,
}

/// The name of an interface that is not selected first.
pub(super) fn interface_name(word: &str) -> Option<String> {
    (is_interface(word) && !["pp", "tunnel"].contains(&word)).then(|| word.to_owned())
}

impl Bindings {
    /// `1 2001:db8::/64`
    pub(super) fn prefix(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let of = statement.parse(number).ok_or(unknown_word())?;
        let found = statement.parse(prefix).ok_or(no_address())?;
        statement.pass_rest();
        self.prefixes.insert(of, found);
        Ok(())
    }

    /// What follows the name of an interface.
    pub(super) fn read(
        &mut self,
        statement: &mut Statement<'_>,
        family: Family,
        on: InterfaceId,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        if statement.is("address") {
            if family == Family::V6 && statement.peek() == Some("auto") {
                // Routers on the line announce the way out.
                draft.given_routes(on, family, statement.line());
            }
            return self.address(statement, on, draft);
        }
        if statement.are("secondary address") {
            return self.address(statement, on, draft);
        }
        if statement.are("remote address") {
            // The other end of a dialled line.
            statement.parse(prefix);
            return statement.end();
        }
        if statement.are("secure filter") {
            return self.secure(statement, family, on);
        }
        if statement.are("nat descriptor") {
            return self.descriptor(statement, on);
        }
        if statement.is("vrrp") {
            statement.parse(number::<u8>).ok_or(unknown_word())?;
            let address = statement.parse(prefix).ok_or(no_address())?;
            statement.pass_rest();
            if let Some(interface) = draft.of(on) {
                interface.addresses.push(address);
            }
            return Ok(());
        }
        if statement.is("rip") || statement.is("ospf") {
            statement.pass_rest();
            return Ok(());
        }
        if family == Family::V6 && statement.is("prefix") {
            return self.address(statement, on, draft);
        }
        Err(unknown_word())
    }

    fn address(&mut self, statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
        if statement.is("dhcp") || statement.is("auto") || statement.parse(given).is_some() {
            statement.pass_rest();
            if let Some(interface) = draft.of(on) {
                interface.addressed_elsewhere = true;
            }
            return Ok(());
        }
        let (address, length) = match statement.parse(hex_prefix) {
            Some(found) => found,
            None => statement.parse(prefix).ok_or(no_address())?,
        };
        if statement.is("broadcast") {
            statement.take();
        }
        statement.end()?;
        if let Some(interface) = draft.of(on) {
            interface.addresses.push((address, length));
        }
        Ok(())
    }

    /// `in 1 2 3 dynamic 80`, `name SET`
    fn secure(&mut self, statement: &mut Statement<'_>, family: Family, on: InterfaceId) -> Result<(), Refusal> {
        let line = statement.line();
        if family == Family::V4 && statement.is("name") {
            let set = statement.parse(name).ok_or(unknown_word())?;
            statement.end()?;
            self.sets.insert(on, (set, line));
            return Ok(());
        }
        let inward = statement.is("in");
        if !inward && !statement.is("out") {
            return Err(unknown_word());
        }
        let list = list(statement)?;
        statement.end()?;
        self.filters.insert((on, inward, family), (list, line));
        Ok(())
    }

    /// `1 2 reverse 3`
    fn descriptor(&mut self, statement: &mut Statement<'_>, on: InterfaceId) -> Result<(), Refusal> {
        let line = statement.line();
        let mut descriptors = Vec::new();
        let mut reverse = false;
        while !statement.is_done() {
            if statement.is("reverse") {
                reverse = true;
                continue;
            }
            descriptors.push((statement.parse(number).ok_or(unknown_word())?, reverse));
        }
        if descriptors.is_empty() {
            return Err(unknown_word());
        }
        self.descriptors.insert(on, (descriptors, line));
        Ok(())
    }
}

/// An address made of what another interface is given: `ra-prefix@lan2::1/64`.
fn given(word: &str) -> Option<()> {
    let (kind, rest) = word.split_once('@')?;
    (["ra-prefix", "dhcp-prefix"].contains(&kind)
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || ":./".contains(c)))
    .then_some(())
}

fn hex_prefix(word: &str) -> Option<(IpAddr, u8)> {
    let (address, mask) = word.split_once('/').filter(|(_, mask)| mask.starts_with("0x"))?;
    Some((address.parse().ok()?, super::address::mask_of(mask)?))
}

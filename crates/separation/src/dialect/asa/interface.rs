//! Interfaces: names, security levels, addresses.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::lang::Text;

use super::beside;
use super::part::{self, name};
use crate::device::{Addresses, InterfaceId, Line};
use crate::dialect::draft::Draft;
use crate::dialect::routing;
use crate::dialect::statement::{Refusal, Statement, mask_length, no_address, number, prefix, unknown_word, v4};
use crate::packet::Family;

/// What is known of interfaces beyond their addresses.
#[derive(Default)]
pub(super) struct Ports {
    by_hardware: BTreeMap<String, InterfaceId>,
    /// Those that the file sets up, by their number.
    set_up: BTreeMap<InterfaceId, Port>,
    /// Those with a tunnel behind them.
    pub(super) tunnels: Vec<InterfaceId>,
}

#[derive(Default)]
struct Port {
    has_name: bool,
    level: Option<u8>,
    /// The level that the name alone gives.
    usual: u8,
    /// Whether it takes packets for the device itself only.
    for_management: bool,
}

impl Ports {
    /// `interface GigabitEthernet0/1`
    pub(super) fn open(&mut self, hardware: &str, line: Line, draft: &mut Draft) -> InterfaceId {
        let key = hardware.to_ascii_lowercase();
        if let Some(known) = self.by_hardware.get(&key) {
            return *known;
        }
        let id = draft.interface(hardware, line);
        self.by_hardware.insert(key, id);
        self.port(id);
        if hardware.to_ascii_lowercase().starts_with("tunnel") {
            self.tunnels.push(id);
        }
        id
    }

    /// A line below `interface …`.
    pub(super) fn read(
        &mut self,
        statement: &mut Statement<'_>,
        on: InterfaceId,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        if statement.is("no") {
            // What is not set needs no undoing in a saved file.
            let known = ["nameif", "security-level", "management-only"]
                .iter()
                .any(|word| statement.is(word))
                || statement.are("ip address")
                || statement.are("ipv6 address")
                || beside(statement).is_some();
            statement.pass_rest();
            return if known { Ok(()) } else { Err(unknown_word()) };
        }
        if statement.is("nameif") {
            return self.nameif(statement, on, draft);
        }
        if statement.is("security-level") {
            let level = statement
                .parse(|word| number::<u8>(word).filter(|level| *level <= 100))
                .ok_or(unknown_word())?;
            self.port(on).level = Some(level);
            return statement.end();
        }
        if statement.is("management-only") {
            self.port(on).for_management = true;
            statement.is("individual");
            return statement.end();
        }
        if statement.are("ip address") {
            return address(statement, on, draft);
        }
        if statement.are("ipv6 address") {
            return address_v6(statement, on, draft);
        }
        if statement.are("tunnel source") {
            if statement.is("interface") {
                statement.parse(name).ok_or(unknown_word())?;
            } else {
                statement
                    .parse(|word| word.parse::<IpAddr>().ok())
                    .ok_or(no_address())?;
            }
            return statement.end();
        }
        if ["bridge-group", "zone-member", "policy-route", "vrf"]
            .iter()
            .any(|word| statement.is(word))
        {
            statement.take_rest();
            return Err(Text::fixed(
                "ブリッジ、ゾーン、条件による経路及び VRF は読めない",
                "bridges, zones, policy routing and VRFs are not read",
            ));
        }
        if routing::sets_up(statement) {
            draft.learns_routes(&Addresses::all(), statement.line());
        }
        beside(statement).ok_or(unknown_word())?;
        statement.pass_rest();
        Ok(())
    }

    fn port(&mut self, on: InterfaceId) -> &mut Port {
        self.set_up.entry(on).or_default()
    }

    fn nameif(&mut self, statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
        let name = statement.parse(name).ok_or(unknown_word())?;
        statement.end()?;
        if draft.device.interface(&name).is_some_and(|other| other != on) {
            return Err(Text::fixed(
                "別のインタフェースがこの名前を持つ",
                "another interface has this name",
            ));
        }
        let port = self.port(on);
        port.has_name = true;
        port.usual = if name.eq_ignore_ascii_case("inside") { 100 } else { 0 };
        if let Some(interface) = draft.of(on) {
            interface.name = name;
        }
        Ok(())
    }

    /// Whether packets can pass an interface at all: it has a name, and is not for management alone. Nobody knows of one that the file
    /// only mentions.
    pub(super) fn carries(&self, id: InterfaceId) -> bool {
        self.set_up
            .get(&id)
            .is_none_or(|port| port.has_name && !port.for_management)
    }

    /// How much an interface is trusted, from 0 to 100; `None` for one that the file only mentions.
    pub(super) fn level(&self, id: InterfaceId) -> Option<u8> {
        self.set_up.get(&id).map(|port| port.level.unwrap_or(port.usual))
    }
}

fn beside(statement: &mut Statement<'_>) -> Option<()> {
    let known = beside::of_interface(statement.peek(), statement.peek_at(1))?;
    (0..known).for_each(|_| drop(statement.take()));
    Some(())
}

/// `192.0.2.1 255.255.255.0 standby 192.0.2.2`, `dhcp setroute`
fn address(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    if statement.is("dhcp") || statement.is("pppoe") {
        if let Some(interface) = draft.of(on) {
            interface.addressed_elsewhere = true;
        }
        if statement.is("setroute") {
            draft.given_routes(on, Family::V4, statement.line());
        }
        return statement.end();
    }
    let address = statement.parse(v4).ok_or(no_address())?;
    let length = statement.parse(|word| mask_length(v4(word)?)).ok_or(no_address())?;
    let other = if statement.is("standby") {
        Some(statement.parse(v4).ok_or(no_address())?)
    } else {
        None
    };
    if statement.is("cluster-pool") {
        statement.parse(name).ok_or(unknown_word())?;
    }
    statement.end()?;
    if let Some(interface) = draft.of(on) {
        interface.addresses.push((address.into(), length));
        interface.addresses.extend(other.map(|other| (other.into(), 32)));
    }
    Ok(())
}

fn address_v6(statement: &mut Statement<'_>, on: InterfaceId, draft: &mut Draft) -> Result<(), Refusal> {
    if statement.is("autoconfig") || statement.is("dhcp") {
        if let Some(interface) = draft.of(on) {
            interface.addressed_elsewhere = true;
        }
        if statement.is("default") {
            draft.given_routes(on, Family::V6, statement.line());
            if statement.is("trust") {
                statement.take();
            }
        }
        return statement.end();
    }
    let whole = |word: &str| prefix(word).filter(|(address, _)| address.is_ipv6());
    let (address, length) = statement.parse(whole).ok_or(no_address())?;
    let mut addresses = vec![(address, length)];
    while !statement.is_done() {
        if statement.is("standby") {
            addresses.push(statement.parse(whole).ok_or(no_address())?);
        } else if !statement.is("link-local") && !statement.is("eui-64") {
            return Err(unknown_word());
        }
    }
    if let Some(interface) = draft.of(on) {
        interface.addresses.extend(addresses);
    }
    Ok(())
}

/// `GigabitEthernet0/1.10`, `Vlan 10`: kind and number, joined.
pub(super) fn hardware(statement: &mut Statement<'_>) -> Option<String> {
    let first = statement.parse(|word| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            .then(|| part::name(word))
            .flatten()
    })?;
    if first.ends_with(|c: char| c.is_ascii_digit()) {
        return Some(first);
    }
    let number = statement.parse(|word| {
        word.starts_with(|c: char| c.is_ascii_digit())
            .then(|| part::name(word))
            .flatten()
    });
    number.map(|number| format!("{first}{number}"))
}

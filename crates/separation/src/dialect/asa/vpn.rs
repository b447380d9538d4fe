//! What comes through a VPN: it passes without being asked, unless `no sysopt connection permit-vpn`.

use std::collections::BTreeMap;

use super::part::name;
use crate::device::Line;
use crate::dialect::statement::{Refusal, Statement, number, unknown_word};

/// Tunnels that end here.
pub(super) struct Vpn {
    /// Whether the lists of interfaces are not asked.
    pub(super) passes: bool,
    maps: BTreeMap<String, BTreeMap<u32, Part>>,
    templates: BTreeMap<String, BTreeMap<u32, Part>>,
    /// Maps and the interfaces that they are bound to.
    pub(super) bound: Vec<(String, String, Line)>,
    /// Interfaces where clients sign in.
    pub(super) clients: Vec<(String, Line)>,
}

/// A part of a map.
#[derive(Default)]
struct Part {
    list: Option<String>,
    template: Option<String>,
}

impl Default for Vpn {
    fn default() -> Self {
        Self {
            passes: true,
            maps: BTreeMap::new(),
            templates: BTreeMap::new(),
            bound: Vec::new(),
            clients: Vec::new(),
        }
    }
}

impl Vpn {
    /// `crypto map NAME 10 match address LIST`, `crypto map NAME interface outside`
    pub(super) fn map(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let map = statement.parse(name).ok_or(unknown_word())?;
        if statement.is("interface") {
            let interface = statement.parse(name).ok_or(unknown_word())?;
            self.bound.push((map, interface, statement.line()));
            return statement.end();
        }
        part(self.maps.entry(map).or_default(), statement)
    }

    /// `crypto dynamic-map NAME 10 match address LIST`
    pub(super) fn template(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let template = statement.parse(name).ok_or(unknown_word())?;
        part(self.templates.entry(template).or_default(), statement)
    }

    /// Lists that say what comes through the tunnels of a map; `None` where the other end says it.
    pub(super) fn lists(&self, map: &str) -> Option<Vec<&str>> {
        let mut lists = Vec::new();
        for part in self.maps.get(map)?.values() {
            match (&part.list, &part.template) {
                (Some(list), _) => lists.push(&**list),
                (None, Some(template)) => {
                    for part in self.templates.get(template)?.values() {
                        lists.push(part.list.as_deref()?);
                    }
                }
                (None, None) => return None,
            }
        }
        Some(lists)
    }
}

fn part(parts: &mut BTreeMap<u32, Part>, statement: &mut Statement<'_>) -> Result<(), Refusal> {
    let of = statement.parse(number::<u32>).ok_or(unknown_word())?;
    let part = parts.entry(of).or_default();
    if statement.are("match address") {
        part.list = Some(statement.parse(name).ok_or(unknown_word())?);
        return statement.end();
    }
    if statement.are("ipsec-isakmp dynamic") {
        part.template = Some(statement.parse(name).ok_or(unknown_word())?);
        return statement.end();
    }
    if !statement.is("set") && !statement.is("annotation") && !statement.is("ipsec-isakmp") {
        return Err(unknown_word());
    }
    statement.pass_rest();
    Ok(())
}

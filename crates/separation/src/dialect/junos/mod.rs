//! Juniper SRX and other devices with Junos: `show configuration`, with or without `| display set`.
//!
//! A packet passes the filter of the interface that it comes in by; its destination is changed (static entries first, then rules for
//! destinations); the way out is chosen; policies are asked between the zones of the two interfaces, then those for all zones, then the
//! default; its source is changed (static entries first); and it passes the filter of the interface that it goes out by. A device
//! without zones and policies is a router: nothing but filters is asked.

mod action;
mod address;
mod application;
mod filter;
mod flags;
mod group;
mod interface;
mod nat;
mod network;
mod policy;
mod predefined;
mod route;
mod term;
mod word;
mod zone;

use model::lang::Text;

use super::Dialect;
use super::braced::reading::Reading;
use super::braced::{self, Node, Tree};
use crate::device::{Affects, Device, Pipeline, Stage};
use crate::source::{Redacted, Source};

/// The dialect.
pub(super) struct Junos;

impl Dialect for Junos {
    fn name(&self) -> &'static str {
        "junos"
    }

    fn label(&self) -> Text {
        Text::same("Juniper SRX (Junos)")
    }

    fn likeness(&self, text: &str) -> u8 {
        if braced::mostly_begins_with(text, &TOPS) { 92 } else { 0 }
    }

    fn read(&self, files: &[Source]) -> Device {
        let tree = braced::read(files);
        match tree.active() {
            None => lower(&tree, tree.all.clone()),
            Some(active) => {
                // Words of what is switched off may be shown as well: what is switched on later is known.
                lower(&tree, tree.all.clone());
                lower(&tree, active)
            }
        }
    }

    fn redact(&self, file: Source) -> Redacted {
        let files = [file];
        self.read(&files);
        files.first().map(braced::redact).unwrap_or_default()
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.conf")
    }
}

/// First words of statements that only this language has, or that it has in common with few.
const TOPS: [&str; 24] = [
    "version",
    "system",
    "security",
    "interfaces",
    "firewall",
    "routing-options",
    "routing-instances",
    "policy-options",
    "protocols",
    "applications",
    "groups",
    "apply-groups",
    "snmp",
    "chassis",
    "forwarding-options",
    "class-of-service",
    "vlans",
    "schedulers",
    "services",
    "access",
    "bridge-domains",
    "switch-options",
    "logical-systems",
    "event-options",
];

/// Parts of a configuration in which nothing changes what passes between networks.
const BESIDE: &str = "version snmp chassis class-of-service event-options access vlans bridge-domains schedulers \
    ethernet-switching-options switch-options virtual-chassis poe accounting-options diameter-server jsrc session-limit-group \
    multi-chassis rcsid unified-edge";

fn lower(tree: &Tree<'_>, mut root: Node) -> Device {
    let mut reading = Reading::new(tree);
    group::expand(&mut reading, &mut root);
    for part in root.children() {
        match &*part.word {
            "system" => system(&mut reading, part),
            "interfaces" | "security" | "firewall" | "routing-options" | "routing-instances" | "policy-options"
            | "applications" | "protocols" | "services" | "forwarding-options" => reading.take(part),
            word if BESIDE.split_whitespace().any(|beside| beside == word) => reading.take(part),
            "logical-systems" | "tenants" => {
                reading.take(part);
                reading.unread(
                    part,
                    Text::fixed("論理システムは読めない", "logical systems and tenants are not read"),
                    Affects::Everything,
                );
            }
            _ => reading.unread(part, super::statement::unknown_command(), Affects::Everything),
        }
    }
    let mut before = Vec::new();
    let mut after = Vec::new();
    let interfaces = interface::read(&mut reading, root.child("interfaces"));
    route::read(&mut reading, &root);
    let filters = filter::read(&mut reading, &root);
    filters.bind(&mut reading, &interfaces, &mut before, &mut after);
    let security = root.child("security");
    let mut middle = vec![Stage::Route];
    if let Some(security) = security {
        let zones = zone::zones(&mut reading, security, &interfaces);
        let books = address::read(&mut reading, security);
        let applications = application::read(&mut reading, root.child("applications"));
        let names = policy::Names {
            zones: &zones,
            books: &books,
            applications: &applications,
        };
        let policies = policy::read(&mut reading, security, &names);
        let nat = nat::read(&mut reading, security, &names);
        zone::others(&mut reading, security);
        middle = Vec::new();
        if !nat.inward.is_empty() {
            middle.push(Stage::Translate(nat.inward));
        }
        middle.push(Stage::Route);
        middle.extend(policies.map(Stage::Filter));
        if !nat.outward.is_empty() {
            middle.push(Stage::Translate(nat.outward));
        }
    } else {
        application::read(&mut reading, root.child("applications"));
    }
    let mut device = reading.done();
    device.pipelines.push(Pipeline {
        reading: None,
        stages: [before, middle, after].concat(),
    });
    tree.show(&mut device.unread);
    device
}

fn system(reading: &mut Reading<'_, '_>, part: &Node) {
    reading.take(part);
    if let Some(name) = part.child("host-name") {
        reading.take(name);
        // What is inherited is the name of one of two.
        if let Some(value) = name
            .children()
            .find(|value| !value.inherited)
            .or_else(|| name.children().next())
        {
            reading.take(value);
            reading.device().host_name = Some(value.word.clone());
        }
    }
}

//! Palo Alto Networks firewalls (PAN-OS): the configuration as `show` prints it in `configure` mode, in braces or as `set` lines,
//! or as the XML document that it is exported as.
//!
//! Which rule of translation fits is decided by the addresses that the packet came with. Security rules see those addresses too, but the
//! zone that the changed destination leads to. So a rule about a translated destination is two here: one for packets that came with the
//! destination, and one for those that have it since it was changed, of which nobody can tell by the packet whether it was.

mod changed;
mod interface;
mod nat;
mod object;
mod rule;
mod scope;
mod service;
mod system;

use model::lang::Text;

use self::scope::Scope;
use super::Dialect;
use super::braced::reading::Reading;
use super::braced::{self, Node, Tree};
use crate::device::{Device, Pipeline, Stage};
use crate::source::{Redacted, Source};

/// The dialect.
pub(super) struct Panos;

impl Dialect for Panos {
    fn name(&self) -> &'static str {
        "panos"
    }

    fn label(&self) -> Text {
        Text::same("Palo Alto Networks (PAN-OS)")
    }

    fn likeness(&self, text: &str) -> u8 {
        let document = braced::xml::is_xml(text) && DOCUMENT.iter().any(|sign| text.contains(sign));
        if document || braced::mostly_begins_with(text, &TOPS) {
            91
        } else {
            0
        }
    }

    fn read(&self, files: &[Source]) -> Device {
        let tree = braced::read(files);
        match tree.active() {
            None => lower(&tree, &tree.all),
            Some(active) => {
                lower(&tree, &tree.all);
                lower(&tree, &active)
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

/// What documents of this language have.
const DOCUMENT: [&str; 3] = ["urldb=\"paloaltonetworks\"", "<vsys>", "<rulebase>"];

/// First words of statements of this language.
const TOPS: [&str; 31] = [
    "deviceconfig",
    "mgt-config",
    "network",
    "vsys",
    "zone",
    "address",
    "address-group",
    "service",
    "service-group",
    "application",
    "application-group",
    "application-filter",
    "rulebase",
    "shared",
    "config",
    "devices",
    "policy",
    "panorama",
    "import",
    "tag",
    "external-list",
    "profiles",
    "profile-group",
    "log-settings",
    "schedule",
    "device-group",
    "template",
    "template-stack",
    "readonly",
    "region",
    "reports",
];

fn lower(tree: &Tree<'_>, root: &Node) -> Device {
    let mut reading = Reading::new(tree);
    let scope = Scope::read(&mut reading, root);
    interface::read(&mut reading, &scope);
    let systems = scope.virtual_systems();
    let gateways = scope.gateways();
    let several = scope.is_of_systems() && (systems.len() > 1 || !gateways.is_empty());
    let stages = if several {
        system::stages(&mut reading, &systems, &gateways)
    } else {
        single(&mut reading, &scope)
    };
    let mut device = reading.done();
    device.pipelines.push(Pipeline { reading: None, stages });
    tree.show(&mut device.unread);
    device
}

/// What a device does that is no more than one virtual system.
fn single(reading: &mut Reading<'_, '_>, scope: &Scope<'_>) -> Vec<Stage> {
    let (zones, external) = interface::zones(reading, scope);
    interface::refuse_external(reading, &external);
    let objects = object::Objects::read(reading, scope);
    let translations = nat::read(reading, scope, &zones, &objects);
    let filter = rule::read(reading, scope, &zones, &objects, &translations);
    let mut stages = Vec::new();
    let (inward, outward) = nat::stages(&translations);
    if !inward.is_empty() {
        stages.push(Stage::Translate(inward));
    }
    stages.push(Stage::Route);
    stages.push(Stage::Filter(filter));
    if !outward.is_empty() {
        stages.push(Stage::Translate(outward));
    }
    stages
}

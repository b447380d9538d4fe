//! Applications: protocols and ports by name.

use std::collections::HashMap;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{After, Keys, Reading, Setting};
use super::super::statement::unknown_word;
use super::predefined::predefined;
use super::word::{icmp_code, icmp_type, port, protocol, span};
use crate::device::{Affects, Service};
use crate::packet::Family;
use crate::ranges::Ranges;

/// Sets in sets deeper than this hold each other in a circle.
const DEEPEST: usize = 16;

/// A city's own applications.
#[derive(Default)]
pub(super) struct Applications {
    /// `None` for one that cannot be read.
    own: HashMap<String, Option<Vec<Service>>>,
    sets: HashMap<String, Vec<String>>,
}

/// Settings of an application, or of one of its terms.
const KEYS: Keys = &[
    ("protocol", After::Value),
    ("source-port", After::Value),
    ("destination-port", After::Value),
    ("icmp-type", After::Value),
    ("icmp-code", After::Value),
    ("icmp6-type", After::Value),
    ("icmp6-code", After::Value),
    // Which part of a protocol of remote calls: what is opened beside is narrower.
    ("uuid", After::Hidden),
    ("rpc-program-number", After::Hidden),
    ("application-protocol", After::Hidden),
    ("alg", After::Hidden),
    ("inactivity-timeout", After::Hidden),
    ("description", After::Hidden),
    ("ttl-threshold", After::Hidden),
    ("snmp-command", After::Hidden),
    ("ether-type", After::Hidden),
    ("do-not-translate-AAAA-query-to-A-query", After::Nothing),
    ("do-not-translate-A-query-to-AAAA-query", After::Nothing),
    ("term", After::Own),
];

/// Reads all applications.
pub(super) fn read(reading: &mut Reading<'_, '_>, part: Option<&Node>) -> Applications {
    let mut all = Applications::default();
    for child in part.into_iter().flat_map(Node::children) {
        reading.is(child, "application application-set");
        match &*child.word {
            "application" => {
                for application in child.children() {
                    reading.take(application);
                    let read = own(reading, application);
                    if read.is_none() {
                        let why = Text::fixed("アプリケーションの定義を読めない", "an application cannot be read");
                        reading.unread(application, why, Affects::Everything);
                    }
                    all.own.insert(application.word.clone(), read);
                }
            }
            "application-set" => {
                for set in child.children() {
                    reading.take(set);
                    let members = members(reading, set);
                    all.sets.insert(set.word.clone(), members);
                }
            }
            _ => reading.unread(child, unknown_word(), Affects::Everything),
        }
    }
    all
}

fn members(reading: &mut Reading<'_, '_>, set: &Node) -> Vec<String> {
    let mut members = Vec::new();
    for kind in set.children() {
        match &*kind.word {
            "application" | "application-set" => {
                reading.take(kind);
                for name in kind.children() {
                    reading.take(name);
                    members.push(name.word.clone());
                    name.children()
                        .for_each(|more| reading.unread(more, unknown_word(), Affects::Everything));
                }
            }
            "description" => reading.take(kind),
            _ => reading.unread(kind, unknown_word(), Affects::Everything),
        }
    }
    members
}

fn own(reading: &mut Reading<'_, '_>, application: &Node) -> Option<Vec<Service>> {
    let settings = reading.settings(application, KEYS, Affects::Everything);
    let (terms, plain): (Vec<_>, Vec<_>) = settings.into_iter().partition(|setting| setting.key == "term");
    let mut services = Vec::new();
    if !plain.is_empty() || terms.is_empty() {
        services.extend(service(reading, &plain)?);
    }
    for term in terms.iter().flat_map(|term| term.at.children()) {
        reading.take(term);
        let settings = reading.settings(term, KEYS, Affects::Everything);
        services.extend(service(reading, &settings)?);
    }
    Some(services)
}

/// The service of some settings; none where they say nothing that decides.
fn service(reading: &Reading<'_, '_>, settings: &[Setting<'_>]) -> Option<Vec<Service>> {
    let values = |key: &str| -> Vec<&Node> {
        let of = settings.iter().filter(|setting| setting.key == key);
        let values: Vec<&Node> = of.filter_map(|setting| setting.value).collect();
        let own: Vec<&Node> = values.iter().copied().filter(|value| !value.inherited).collect();
        if own.is_empty() { values } else { own }
    };
    let mut protocols = Ranges::none();
    for value in values("protocol") {
        protocols = protocols.union(&Ranges::one(protocol(&value.word)?));
        reading.take(value);
    }
    let decides = [
        "source-port",
        "destination-port",
        "icmp-type",
        "icmp-code",
        "icmp6-type",
        "icmp6-code",
    ];
    if protocols.is_empty() {
        let nothing = decides.iter().all(|key| values(key).is_empty());
        return nothing.then(Vec::new);
    }
    let mut service = Service::protocols(protocols);
    let ports = |key: &str| {
        let mut found = Ranges::none();
        for value in values(key) {
            found = found.union(&span(&value.word, port)?);
            reading.take(value);
        }
        Some(if found.is_empty() { Ranges::all() } else { found })
    };
    service.source_ports = ports("source-port")?;
    service.destination_ports = ports("destination-port")?;
    for (family, kind, code) in [
        (Family::V4, "icmp-type", "icmp-code"),
        (Family::V6, "icmp6-type", "icmp6-code"),
    ] {
        for value in values(kind) {
            service.source_ports = span(&value.word, |word| icmp_type(family, word).map(u16::from))?;
            reading.take(value);
        }
        for value in values(code) {
            service.destination_ports = span(&value.word, |word| icmp_code(family, word).map(u16::from))?;
            reading.take(value);
        }
    }
    Some(vec![service])
}

impl Applications {
    /// What a name stands for; `None` where it is defined nowhere or cannot be read.
    pub(super) fn find(&self, name: &str) -> Option<Vec<Service>> {
        self.within(name, 0)
    }

    fn within(&self, name: &str, depth: usize) -> Option<Vec<Service>> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(own) = self.own.get(name) {
            return own.clone();
        }
        let Some(members) = self.sets.get(name) else {
            return predefined(name);
        };
        let mut all = Vec::new();
        for member in members {
            all.extend(self.within(member, depth + 1)?);
        }
        Some(all)
    }
}

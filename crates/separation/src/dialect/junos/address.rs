//! Address books: networks by name, for all zones or for some.

use std::collections::HashMap;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::Reading;
use super::super::draft::unknown;
use super::super::statement::{masked, prefix, unknown_word};
use crate::device::{Addresses, Affects, Unknown};

/// Sets in sets deeper than this hold each other in a circle.
const DEEPEST: usize = 16;

/// A set of addresses, and what it depends on beside the packet.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) addresses: Addresses,
    pub(super) unknown: Vec<Unknown>,
}

#[derive(Default)]
struct Book {
    /// `None` for an entry that cannot be read.
    addresses: HashMap<String, Option<Found>>,
    /// Names of addresses, and names of sets.
    sets: HashMap<String, (Vec<String>, Vec<String>)>,
}

/// All books.
#[derive(Default)]
pub(super) struct Books {
    books: HashMap<String, Book>,
    /// The book of a zone.
    of_zones: HashMap<String, String>,
}

/// The book that every zone has.
const GLOBAL: &str = "global";

/// Reads the books of `security address-book`, and those within zones.
pub(super) fn read(reading: &mut Reading<'_, '_>, security: &Node) -> Books {
    let mut books = Books::default();
    if let Some(part) = security.child("address-book") {
        reading.take(part);
        for node in part.children() {
            reading.take(node);
            let read = book(reading, node);
            books.books.insert(node.word.clone(), read);
            for zone in node.at("attach zone").into_iter().flat_map(Node::children) {
                books.of_zones.insert(zone.word.clone(), node.word.clone());
            }
        }
    }
    for zone in security.at("zones security-zone").into_iter().flat_map(Node::children) {
        if let Some(inner) = zone.child("address-book") {
            reading.take(inner);
            // No book outside of a zone has a name with a space.
            let name = format!("zone {}", zone.word);
            let read = book(reading, inner);
            books.books.insert(name.clone(), read);
            books.of_zones.insert(zone.word.clone(), name);
        }
    }
    books
}

fn book(reading: &mut Reading<'_, '_>, part: &Node) -> Book {
    let mut book = Book::default();
    for child in part.children() {
        reading.is(child, "address address-set attach description");
        match &*child.word {
            "address" => {
                for entry in child.children() {
                    reading.take(entry);
                    let found = self::entry(reading, entry);
                    if found.is_none() {
                        let why = Text::fixed("アドレスを読めない", "an address cannot be read");
                        reading.unread(entry, why, Affects::Everything);
                    }
                    book.addresses.insert(entry.word.clone(), found);
                }
            }
            "address-set" => {
                for set in child.children() {
                    reading.take(set);
                    let members = members(reading, set);
                    book.sets.insert(set.word.clone(), members);
                }
            }
            "attach" => {
                for kind in child.children() {
                    if reading.is(kind, "zone") {
                        kind.children().for_each(|zone| reading.take(zone));
                    } else {
                        reading.unread(kind, unknown_word(), Affects::Everything);
                    }
                }
            }
            "description" => {}
            _ => reading.unread(child, unknown_word(), Affects::Everything),
        }
    }
    book
}

fn members(reading: &mut Reading<'_, '_>, set: &Node) -> (Vec<String>, Vec<String>) {
    let (mut addresses, mut sets) = (Vec::new(), Vec::new());
    for kind in set.children() {
        let names = kind.children().map(|name| name.word.clone());
        match &*kind.word {
            "address" => addresses.extend(names),
            "address-set" => sets.extend(names),
            "description" => {
                reading.take(kind);
                continue;
            }
            _ => {
                reading.unread(kind, unknown_word(), Affects::Everything);
                continue;
            }
        }
        reading.take(kind);
        for name in kind.children() {
            reading.take(name);
            for more in name.children() {
                reading.unread(more, unknown_word(), Affects::Everything);
            }
        }
    }
    (addresses, sets)
}

/// What one name stands for.
fn entry(reading: &Reading<'_, '_>, entry: &Node) -> Option<Found> {
    let mut found = Found {
        addresses: Addresses::none(),
        unknown: Vec::new(),
    };
    let mut said = false;
    for kind in entry.children() {
        match &*kind.word {
            "description" => {
                reading.take(kind);
                continue;
            }
            "dns-name" => {
                reading.take(kind);
                found.addresses = Addresses::all();
                found.unknown.push(unknown("名前解決の結果", "what a name resolves to"));
            }
            "range-address" => {
                reading.take(kind);
                for first in kind.children() {
                    let last = first
                        .child("to")
                        .and_then(|to| to.children().next().map(|last| (to, last)));
                    let from: std::net::IpAddr = first.word.parse().ok()?;
                    let (to, last_node) = last?;
                    let last: std::net::IpAddr = last_node.word.parse().ok()?;
                    (from.is_ipv4() == last.is_ipv4() && from <= last).then_some(())?;
                    [first, to, last_node].iter().for_each(|node| reading.take(node));
                    found.addresses = found.addresses.union(&Addresses::span(from, last));
                }
            }
            "wildcard-address" => {
                reading.take(kind);
                for value in kind.children() {
                    found.addresses = found.addresses.union(&wildcard(&value.word)?);
                    reading.take(value);
                }
            }
            word => {
                let (address, length) = prefix(word)?;
                reading.take(kind);
                kind.children().all(|more| more.word == "description").then_some(())?;
                found.addresses = found.addresses.union(&Addresses::network(address, length));
            }
        }
        said = true;
    }
    said.then_some(found)
}

/// `10.0.1.0/255.0.255.0`
fn wildcard(word: &str) -> Option<Addresses> {
    let (address, mask) = word.split_once('/')?;
    let (address, mask): (std::net::Ipv4Addr, std::net::Ipv4Addr) = (address.parse().ok()?, mask.parse().ok()?);
    Some(Addresses::of_v4(masked(address.to_bits(), mask.to_bits())?))
}

impl Books {
    /// What a name stands for in a zone, or in none; `None` where it is defined nowhere or cannot be read.
    pub(super) fn find(&self, zone: Option<&str>, name: &str) -> Option<Found> {
        let known = |addresses| {
            Some(Found {
                addresses,
                unknown: Vec::new(),
            })
        };
        match name {
            "any" => return known(Addresses::all()),
            "any-ipv4" => return known(Addresses::all_of(crate::packet::Family::V4)),
            "any-ipv6" => return known(Addresses::all_of(crate::packet::Family::V6)),
            _ => {}
        }
        let own = zone
            .and_then(|zone| self.of_zones.get(zone))
            .and_then(|book| self.books.get(book));
        let all = self.books.get(GLOBAL);
        let holds = |book: &&Book| book.addresses.contains_key(name) || book.sets.contains_key(name);
        own.filter(holds).or(all.filter(holds))?.find(name, 0)
    }
}

impl Book {
    fn find(&self, name: &str, depth: usize) -> Option<Found> {
        if let Some(found) = self.addresses.get(name) {
            return found.clone();
        }
        self.set(name, depth)
    }

    fn set(&self, name: &str, depth: usize) -> Option<Found> {
        let (addresses, sets) = self.sets.get(name).filter(|_| depth < DEEPEST)?;
        let mut all = Found {
            addresses: Addresses::none(),
            unknown: Vec::new(),
        };
        let addresses = addresses.iter().map(|name| self.addresses.get(name)?.clone());
        for found in addresses.chain(sets.iter().map(|name| self.set(name, depth + 1))) {
            let found = found?;
            all.addresses = all.addresses.union(&found.addresses);
            all.unknown.extend(found.unknown);
        }
        all.unknown.dedup();
        Some(all)
    }
}

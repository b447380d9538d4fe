//! What Linux says of its interfaces and routes, beside the rules: the output of `ip address`, `ip route` and `ip rule`, saved as text.
//!
//! A ruleset of nftables or iptables knows neither. A city saves them next to it, and names all files in `network.toml`:
//!
//! ```sh
//! nft list ruleset > gate.nft
//! ip address show > gate.address
//! (ip -4 route show table all; ip -6 route show table all) > gate.route
//! ip rule show > gate.rule
//! ```
//!
//! Where no routes are given, a packet may leave by any interface.

mod address;
pub(super) mod lower;
mod route;
pub(super) mod tree;

use crate::device::route::Next;
use crate::device::{Affects, Device, Interface, InterfaceId, Line, Route, Unread, Way};
use crate::source::{Source, Words};
use model::lang::Text;

/// What a file of a Linux device holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Addresses,
    Routes,
    Rules,
}

/// What `ip` printed, if it was `ip` that printed this.
fn kind(text: &str) -> Option<Kind> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    if lines().next().is_some_and(address::begins) {
        return Some(Kind::Addresses);
    }
    if lines().next().is_some_and(route::is_rule) {
        return Some(Kind::Rules);
    }
    lines().next().is_some_and(route::is_route).then_some(Kind::Routes)
}

/// Reads one of them into the device.
fn read(kind: Kind, file: u16, source: &Source, device: &mut Device) {
    match kind {
        Kind::Addresses => address::read(file, source, device),
        Kind::Routes => route::read(file, source, device),
        Kind::Rules => route::read_rules(file, source, device),
    }
}

/// Reads the files of one device: what `ip` printed of it, and its rules by `rules`.
pub(super) fn read_device(files: &[Source], rules: impl Fn(&Source) -> tree::Ruleset) -> Device {
    let mut device = Device::default();
    let numbered = || (0..).zip(files);
    for wanted in [Kind::Addresses, Kind::Routes, Kind::Rules] {
        for (number, file) in numbered().filter(|(_, file)| kind(file.text()) == Some(wanted)) {
            read(wanted, number, file, &mut device);
        }
    }
    anywhere_without_routes(files, &mut device);
    let rulesets: Vec<_> = numbered()
        .filter(|(_, file)| kind(file.text()).is_none())
        .map(|(number, file)| (number, rules(file)))
        .collect();
    lower::lower(&rulesets, &mut device);
    for unread in device.unread.iter_mut().filter(|unread| unread.text.is_empty()) {
        let file = files.get(usize::from(unread.line.file));
        let line = usize::try_from(unread.line.number).unwrap_or(0);
        // Of a file that is not made of lines, this line is not what it names.
        unread.text = file.map(|file| file.line(line).shown()).unwrap_or_default();
    }
    device
}

/// Lets packets go anywhere where nothing says where they go.
fn anywhere_without_routes(files: &[Source], device: &mut Device) {
    if files.iter().any(|file| kind(file.text()) == Some(Kind::Routes)) {
        return;
    }
    for network in [
        std::net::Ipv4Addr::UNSPECIFIED.into(),
        std::net::Ipv6Addr::UNSPECIFIED.into(),
    ] {
        device.routes.push(Route {
            table: String::new(),
            network,
            length: 0,
            preference: 0,
            ways: vec![Way {
                condition: None,
                next: Next::Anywhere,
            }],
            line: Line { file: 0, number: 1 },
        });
    }
}

/// The interface of a name, which is set up at `line` if it was not known before.
pub(super) fn interface(device: &mut Device, name: &str, line: Line) -> Option<InterfaceId> {
    if let Some(id) = device.interface(name) {
        return Some(id);
    }
    let id = u16::try_from(device.interfaces.len()).ok()?;
    device.interfaces.push(Interface {
        name: name.to_owned(),
        addresses: Vec::new(),
        table: String::new(),
        addressed_elsewhere: false,
        line,
    });
    Some(InterfaceId(id))
}

fn unread(device: &mut Device, words: &Words<'_>, file: u16, affects: Affects, why: Text) {
    device.unread.push(Unread {
        line: Line {
            file,
            number: words.number(),
        },
        text: words.shown(),
        why,
        affects,
    });
}

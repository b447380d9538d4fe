//! `ip address show`.

use std::net::IpAddr;

use model::lang::Text;

use super::{interface, unread};
use crate::device::{Affects, Device, InterfaceId, Line};
use crate::source::{Source, Words};

/// `2: lan0: <BROADCAST,UP> mtu 1500 …`
pub(super) fn begins(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|word| word.strip_suffix(':'));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
        && words.next().is_some_and(|name| name.ends_with(':'))
        && words.next().is_some_and(|flags| flags.starts_with('<'))
}

pub(super) fn read(file: u16, source: &Source, device: &mut Device) {
    let mut current = None;
    for mut words in source.lines() {
        let line = Line {
            file,
            number: words.number(),
        };
        if begins(words.line()) {
            current = heading(&mut words, device, line);
            continue;
        }
        match words.peek() {
            Some("inet" | "inet6") => {
                words.take();
                address(&mut words, device, current, line);
            }
            // The card, its counters, how long an address lasts.
            Some(word) if word.starts_with("link/") || word == "valid_lft" || word == "altname" || word == "group" => {
                words.take();
            }
            None => {}
            Some(_) => {
                let why = Text::fixed("ip address の出力にない行", "no line of `ip address`");
                unread(device, &words, file, Affects::Everything, why);
            }
        }
    }
}

fn heading(words: &mut Words<'_>, device: &mut Device, line: Line) -> Option<InterfaceId> {
    words.take();
    let name = words.take()?.trim_end_matches(':');
    // `eth0.100@eth0`: the part after @ is what it stands on.
    let name = name.split('@').next().unwrap_or(name);
    words.take_rest();
    interface(device, name, line)
}

fn address(words: &mut Words<'_>, device: &mut Device, current: Option<InterfaceId>, line: Line) {
    let written = words.take();
    let rest = words.take_rest();
    let found = written.and_then(|written| {
        let (address, length) = written.split_once('/').unwrap_or((written, ""));
        let address = address.parse::<IpAddr>().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = if length.is_empty() { most } else { length.parse().ok()? };
        (length <= most).then_some((address, length))
    });
    let at = current.and_then(|current| device.interfaces.get_mut(usize::from(current.0)));
    match (found, at) {
        // Addresses that live on one wire only lead nowhere.
        (Some((IpAddr::V6(address), _)), Some(_)) if address.is_unicast_link_local() => {}
        (Some(found), Some(interface)) => {
            interface.addresses.push(found);
            interface.addressed_elsewhere |= rest.contains(&"dynamic");
        }
        _ => {
            let why = Text::fixed("アドレスを読めない", "the address cannot be read");
            unread(device, words, line.file, Affects::Everything, why);
        }
    }
}

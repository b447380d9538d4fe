//! Addresses of filters: `192.168.1.0/24`, `192.168.*.*`, `10.0.0.1-10.0.0.9`, `-10.0.0.9`, lists of them, names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::device::{Addresses, Unknown};
use crate::dialect::draft::unknown;
use crate::dialect::statement::mask_length;
use crate::packet::Family;
use crate::ranges::Ranges;

/// Addresses, and what they depend on beside the packet.
pub(super) type Found = (Addresses, Option<Unknown>);

/// An address part of a filter of a family.
pub(super) fn addresses(word: &str, family: Family) -> Option<Found> {
    let mut all = Addresses::none();
    let mut depends = None;
    for part in word.split(',') {
        let (these, unknown) = one(part, family)?;
        all = all.union(&these);
        depends = depends.or(unknown);
    }
    Some((all, depends))
}

fn one(part: &str, family: Family) -> Option<Found> {
    if part == "*" {
        return Some((Addresses::all_of(family), None));
    }
    let known = match family {
        Family::V4 => v4(part),
        Family::V6 => v6(part),
    };
    known
        .map(|known| (known, None))
        .or_else(|| Some((Addresses::all_of(family), Some(named(part)?))))
}

/// A name: of a host, of an application, of what a provider assigns. Which addresses it means is not in the file.
fn named(part: &str) -> Option<Unknown> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if part == "map-e" || part == "hb46pp" {
        return Some(unknown(
            "事業者が割り当てるアドレス",
            "the address that the provider assigns",
        ));
    }
    if part.strip_prefix('@').is_some_and(is_name) {
        return Some(unknown("アプリケーションの判別", "which application it is"));
    }
    let host = part.strip_prefix("*.").unwrap_or(part);
    let last = host.rsplit('.').next().unwrap_or_default();
    // The last label of a host is not a number: else it is an address that is written wrongly.
    let is_host = host.contains('.') && is_name(host) && last.starts_with(|c: char| c.is_ascii_alphabetic());
    is_host.then(|| unknown("名前解決の結果", "what a name resolves to"))
}

fn v4(part: &str) -> Option<Addresses> {
    if let Some((first, last)) = part.split_once('-') {
        let first = if first.is_empty() {
            Ipv4Addr::UNSPECIFIED
        } else {
            first.parse().ok()?
        };
        let last = if last.is_empty() {
            Ipv4Addr::BROADCAST
        } else {
            last.parse().ok()?
        };
        return (first <= last).then(|| Addresses::span(first.into(), last.into()));
    }
    if let Some((address, mask)) = part.split_once('/') {
        return Some(Addresses::network(IpAddr::V4(address.parse().ok()?), mask_of(mask)?));
    }
    if !part.contains('*') {
        return Some(Addresses::one(IpAddr::V4(part.parse().ok()?)));
    }
    let octets: Vec<&str> = part.split('.').collect();
    let octets: [&str; 4] = octets.try_into().ok()?;
    let mut ranges = vec![(0u32, 0u32)];
    for (at, octet) in octets.iter().enumerate() {
        let span = if *octet == "*" {
            (0, 255)
        } else {
            let octet: u8 = crate::dialect::statement::number(octet)?;
            (u32::from(octet), u32::from(octet))
        };
        // A wildcard before an octet that is given makes a range for each of its values.
        let is_last_wildcard = octets.iter().skip(at).all(|octet| *octet == "*");
        let mut next = Vec::new();
        for (first, last) in ranges {
            if span.0 == span.1 || is_last_wildcard {
                next.push((first << 8 | span.0, last << 8 | span.1));
            } else {
                next.extend((span.0..=span.1).map(|octet| (first << 8 | octet, last << 8 | octet)));
            }
        }
        if next.len() > MOST {
            return None;
        }
        ranges = next;
    }
    Some(Addresses::of_v4(Ranges::of(ranges)))
}

/// More ranges than this are not followed.
const MOST: usize = 65_536;

/// `24`, `255.255.255.0`, `0xffffff00`: a mask of ones and then zeros.
pub(super) fn mask_of(mask: &str) -> Option<u8> {
    if let Some(hex) = mask.strip_prefix("0x") {
        return mask_length(Ipv4Addr::from_bits(u32::from_str_radix(hex, 16).ok()?));
    }
    if mask.contains('.') {
        return mask_length(mask.parse().ok()?);
    }
    crate::dialect::statement::number(mask).filter(|length| *length <= 32)
}

fn v6(part: &str) -> Option<Addresses> {
    if let Some((first, last)) = part.split_once('-') {
        let first = if first.is_empty() {
            Ipv6Addr::UNSPECIFIED
        } else {
            first.parse().ok()?
        };
        let last = if last.is_empty() {
            Ipv6Addr::from_bits(u128::MAX)
        } else {
            last.parse().ok()?
        };
        return (first <= last).then(|| Addresses::span(first.into(), last.into()));
    }
    let (address, length) = part.split_once('/').unwrap_or((part, "128"));
    let length: u8 = crate::dialect::statement::number(length).filter(|length| *length <= 128)?;
    Some(Addresses::network(IpAddr::V6(address.parse().ok()?), length))
}

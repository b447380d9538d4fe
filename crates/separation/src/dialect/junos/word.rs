//! Names and numbers as the language writes them.

use crate::dialect::names;
use crate::dialect::statement::number;
use crate::packet::Family;
use crate::ranges::{Bound, Ranges};

/// Whether a pattern with `*`, `?` and `[…]` fits a word.
pub(super) fn fits(pattern: &str, word: &str) -> bool {
    let (pattern, word): (Vec<char>, Vec<char>) = (pattern.chars().collect(), word.chars().collect());
    // Where each part of the pattern that was read so far may end in the word.
    let mut ends = vec![false; word.len() + 1];
    if let Some(first) = ends.first_mut() {
        *first = true;
    }
    let mut parts = pattern.iter().copied().peekable();
    while let Some(part) = parts.next() {
        let mut next = vec![false; word.len() + 1];
        if part == '*' {
            let from = ends.iter().position(|end| *end).unwrap_or(ends.len());
            next.iter_mut().skip(from).for_each(|end| *end = true);
            ends = next;
            continue;
        }
        let mut set = Vec::new();
        if part == '[' {
            set.extend(parts.by_ref().take_while(|c| *c != ']'));
        }
        for (at, letter) in word.iter().enumerate() {
            let is = match part {
                '?' => true,
                '[' => within(&set, *letter),
                part => part == *letter,
            };
            if is
                && ends.get(at) == Some(&true)
                && let Some(end) = next.get_mut(at + 1)
            {
                *end = true;
            }
        }
        ends = next;
    }
    ends.last() == Some(&true)
}

/// `0-3`, `0,1`, `abc`
fn within(set: &[char], letter: char) -> bool {
    let range = set
        .windows(3)
        .any(|window| matches!(window, [first, '-', last] if (*first..=*last).contains(&letter)));
    range || set.contains(&letter) && letter != '-'
}

/// `80`, `80-90`, or a name.
pub(super) fn span<T: Bound>(word: &str, one: impl Fn(&str) -> Option<T>) -> Option<Ranges<T>> {
    if let Some(value) = one(word) {
        return Some(Ranges::one(value));
    }
    let (first, last) = word.split_once('-')?;
    let span = Ranges::span(one(first)?, one(last)?);
    (!span.is_empty()).then_some(span)
}

/// A port by number or name.
pub(super) fn port(word: &str) -> Option<u16> {
    let known = PORTS.iter().find(|(name, _)| *name == word);
    known
        .map(|(_, number)| *number)
        .or_else(|| number(word))
        .or_else(|| names::port(word).filter(|_| !word.starts_with(|c: char| c.is_ascii_digit() || c == '+')))
}

/// A protocol by number or name.
pub(super) fn protocol(word: &str) -> Option<u8> {
    Some(match word {
        "hop-by-hop" => 0,
        "icmp6" => 58,
        "fragment" => 44,
        "routing" => 43,
        "dstopts" => 60,
        "no-next-header" => 59,
        _ if word.starts_with('+') => return None,
        _ => return names::protocol(word),
    })
}

/// A type of a control message.
pub(super) fn icmp_type(family: Family, word: &str) -> Option<u8> {
    let known = match (family, word) {
        (Family::V4, "unreachable") => Some(3),
        (Family::V4, "mask-request") => Some(17),
        (Family::V4, "mask-reply") => Some(18),
        (Family::V4, "timestamp") => Some(13),
        (Family::V4, "router-solicit") => Some(10),
        (Family::V6, "membership-query") => Some(130),
        (Family::V6, "membership-report") => Some(131),
        (Family::V6, "membership-termination") => Some(132),
        (Family::V6, "router-solicit") => Some(133),
        (Family::V6, "router-advertisement") => Some(134),
        (Family::V6, "neighbor-solicit") => Some(135),
        (Family::V6, "neighbor-advertisement") => Some(136),
        (Family::V6, "node-information-request") => Some(139),
        (Family::V6, "node-information-reply") => Some(140),
        _ => None,
    };
    known.or_else(|| names::icmp_type(family, word).filter(|_| !word.starts_with('+')))
}

/// A code of a control message.
pub(super) fn icmp_code(family: Family, word: &str) -> Option<u8> {
    let table: &[(&str, u8)] = match family {
        Family::V4 => &[
            ("network-unreachable", 0),
            ("host-unreachable", 1),
            ("protocol-unreachable", 2),
            ("port-unreachable", 3),
            ("fragmentation-needed", 4),
            ("source-route-failed", 5),
            ("destination-network-unknown", 6),
            ("destination-host-unknown", 7),
            ("source-host-isolated", 8),
            ("destination-network-prohibited", 9),
            ("destination-host-prohibited", 10),
            ("network-unreachable-for-tos", 11),
            ("host-unreachable-for-tos", 12),
            ("communication-prohibited-by-filtering", 13),
            ("host-precedence-violation", 14),
            ("precedence-cutoff-in-effect", 15),
            ("redirect-for-network", 0),
            ("redirect-for-host", 1),
            ("redirect-for-tos-and-net", 2),
            ("redirect-for-tos-and-host", 3),
            ("ttl-eq-zero-during-transit", 0),
            ("ttl-eq-zero-during-reassembly", 1),
            ("ip-header-bad", 0),
            ("required-option-missing", 1),
        ],
        Family::V6 => &[
            ("no-route-to-destination", 0),
            ("administratively-prohibited", 1),
            ("address-unreachable", 3),
            ("port-unreachable", 4),
            ("ttl-eq-zero-during-transit", 0),
            ("ttl-eq-zero-during-reassembly", 1),
            ("ip6-header-bad", 0),
            ("unrecognized-next-header", 1),
            ("unrecognized-option", 2),
        ],
    };
    let known = table.iter().find(|(name, _)| *name == word);
    known.map(|(_, code)| *code).or_else(|| number(word))
}

/// Ports by the names that the language has.
const PORTS: &[(&str, u16)] = &[
    ("afs", 1483),
    ("bgp", 179),
    ("biff", 512),
    ("cmd", 514),
    ("cvspserver", 2401),
    ("dhcp", 67),
    ("eklogin", 2105),
    ("ekshell", 2106),
    ("exec", 512),
    ("ident", 113),
    ("kerberos-sec", 88),
    ("klogin", 543),
    ("kpasswd", 761),
    ("krb-prop", 754),
    ("krbupdate", 760),
    ("kshell", 544),
    ("ldp", 646),
    ("mobileip-agent", 434),
    ("mobilip-mn", 435),
    ("msdp", 639),
    ("nfsd", 2049),
    ("ntalk", 518),
    ("radacct", 1813),
    ("rip", 520),
    ("rkinit", 2108),
    ("snpp", 444),
    ("socks", 1080),
    ("tacacs-ds", 65),
    ("talk", 517),
    ("timed", 525),
    ("who", 513),
    ("zephyr-clt", 2103),
    ("zephyr-hm", 2104),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_whole_words() {
        for (pattern, word, is) in [
            ("*", "", true),
            ("ge-*", "ge-0/0/1", true),
            ("ge-*/1", "ge-0/0/1", true),
            ("ge-0/0/[0-3]", "ge-0/0/2", true),
            ("ge-0/0/[0-3]", "ge-0/0/4", false),
            ("em[0,1]", "em1", true),
            ("a?c", "abc", true),
            ("ge-*", "xe-0/0/1", false),
            ("ge", "ge-", false),
        ] {
            assert_eq!(fits(pattern, word), is, "{pattern} {word}");
        }
    }

    #[test]
    fn ports_have_numbers_names_and_ranges() {
        assert_eq!(span("ssh", port), Some(Ranges::one(22)));
        assert_eq!(span("80-90", port), Some(Ranges::span(80, 90)));
        assert_eq!(span("ftp-data", port), Some(Ranges::one(20)));
        assert_eq!(span("90-80", port), None);
        assert_eq!(span::<u16>("+80", port), None);
    }
}

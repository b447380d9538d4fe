//! Parts of commands: addresses, protocols, ports, messages.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::lang::Text;

use crate::device::Addresses;
use crate::dialect::names;
use crate::dialect::statement::{Refusal, Statement, masked, no_address, number, prefix, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Why a part has no meaning.
#[derive(Debug)]
pub(super) enum Refused {
    /// Its words are none of the language.
    Unread(Refusal),
    /// It names what the file does not define.
    Undefined(Refusal),
}

impl Refused {
    /// The reason, whichever it is.
    pub(super) fn why(self) -> Refusal {
        match self {
            Self::Unread(why) | Self::Undefined(why) => why,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(why: Refusal) -> Self {
        Self::Unread(why)
    }
}

/// A name of an object, a list, an interface.
pub(super) fn name(word: &str) -> Option<String> {
    let fits = word
        .chars()
        .all(|c| c.is_alphanumeric() || "-_.:/+@#&()=!,*%'[]{}~^$;".contains(c));
    (fits && !word.is_empty() && word.len() <= 100).then(|| word.to_owned())
}

/// An address, or a name that stands for one.
pub(super) fn address(statement: &mut Statement<'_>, hosts: &BTreeMap<String, IpAddr>) -> Result<IpAddr, Refusal> {
    statement
        .parse(|word| word.parse().ok().or_else(|| hosts.get(word).copied()))
        .ok_or(no_address())
}

/// `192.0.2.0 255.255.255.0`, `2001:db8::/32`; a mask may have holes.
pub(super) fn subnet(statement: &mut Statement<'_>, hosts: &BTreeMap<String, IpAddr>) -> Result<Addresses, Refusal> {
    let whole = statement.parse(|word| {
        let whole = word.contains('/').then(|| prefix(word)).flatten();
        whole.filter(|(address, _)| address.is_ipv6())
    });
    if let Some((address, length)) = whole {
        return Ok(Addresses::network(address, length));
    }
    let network = if statement.peek() == Some("0") {
        statement.take();
        IpAddr::from([0, 0, 0, 0])
    } else {
        address(statement, hosts)?
    };
    let IpAddr::V4(network) = network else {
        return Err(no_address());
    };
    let mask = statement
        .parse(|word| {
            if word == "0" {
                Some([0, 0, 0, 0].into())
            } else {
                v4(word)
            }
        })
        .ok_or(no_address())?;
    masked(network.to_bits(), mask.to_bits())
        .map(Addresses::of_v4)
        .ok_or(Text::fixed("マスクの穴が多すぎる", "the mask has too many holes"))
}

/// `ip`, `tcp`, `tcp-udp`, `47`: the numbers of protocols.
pub(super) fn protocol_of(word: &str) -> Option<Ranges<u8>> {
    let one = match word {
        "ip" => return Some(Ranges::all()),
        "tcp-udp" => {
            return Some(Ranges::of([
                (protocol::TCP, protocol::TCP),
                (protocol::UDP, protocol::UDP),
            ]));
        }
        "icmp" => protocol::ICMP,
        "icmp6" => protocol::ICMP_V6,
        "igrp" => 9,
        "ipinip" => 4,
        "ipsec" => protocol::ESP,
        "nos" => 94,
        "pcp" => 108,
        "pptp" => protocol::GRE,
        "snp" => 109,
        "tcp" | "udp" | "ah" | "eigrp" | "esp" | "gre" | "igmp" | "ospf" | "pim" | "sctp" => names::protocol(word)?,
        _ => number(word)?,
    };
    Some(Ranges::one(one))
}

/// Whether all of these protocols have ports.
pub(super) fn with_ports(protocols: &Ranges<u8>) -> bool {
    let ported = Ranges::of(protocol::WITH_PORTS.map(|number| (number, number)));
    protocols.is_within(&ported)
}

/// Names of ports. `kerberos` and `sqlnet` are none: the number behind them is not the same in all versions.
const PORTS: &[(&str, u16)] = &[
    ("aol", 5190),
    ("bgp", 179),
    ("biff", 512),
    ("bootpc", 68),
    ("bootps", 67),
    ("chargen", 19),
    ("cifs", 3020),
    ("citrix-ica", 1494),
    ("cmd", 514),
    ("ctiqbe", 2748),
    ("daytime", 13),
    ("discard", 9),
    ("dnsix", 195),
    ("domain", 53),
    ("echo", 7),
    ("exec", 512),
    ("finger", 79),
    ("ftp", 21),
    ("ftp-data", 20),
    ("gopher", 70),
    ("h323", 1720),
    ("hostname", 101),
    ("http", 80),
    ("https", 443),
    ("ident", 113),
    ("imap4", 143),
    ("irc", 194),
    ("isakmp", 500),
    ("klogin", 543),
    ("kshell", 544),
    ("ldap", 389),
    ("ldaps", 636),
    ("login", 513),
    ("lotusnotes", 1352),
    ("lpd", 515),
    ("mobile-ip", 434),
    ("nameserver", 42),
    ("netbios-dgm", 138),
    ("netbios-ns", 137),
    ("netbios-ssn", 139),
    ("nfs", 2049),
    ("nntp", 119),
    ("ntp", 123),
    ("pcanywhere-data", 5631),
    ("pcanywhere-status", 5632),
    ("pim-auto-rp", 496),
    ("pop2", 109),
    ("pop3", 110),
    ("pptp", 1723),
    ("radius", 1645),
    ("radius-acct", 1646),
    ("rip", 520),
    ("rsh", 514),
    ("rtsp", 554),
    ("secureid-udp", 5510),
    ("sip", 5060),
    ("smtp", 25),
    ("snmp", 161),
    ("snmptrap", 162),
    ("ssh", 22),
    ("sunrpc", 111),
    ("rpc", 111),
    ("syslog", 514),
    ("tacacs", 49),
    ("talk", 517),
    ("telnet", 23),
    ("tftp", 69),
    ("time", 37),
    ("uucp", 540),
    ("vxlan", 4789),
    ("who", 513),
    ("whois", 43),
    ("www", 80),
    ("xdmcp", 177),
];

/// A port by name or number.
pub(super) fn port(word: &str) -> Option<u16> {
    let named = PORTS.iter().find(|(name, _)| *name == word).map(|(_, port)| *port);
    named.or_else(|| number(word))
}

/// `eq 80`, `range 1 9`, `gt 1023`, `lt 10`, `neq 5`; `None` where there is none of them.
pub(super) fn ports(statement: &mut Statement<'_>) -> Result<Option<Ranges<u16>>, Refusal> {
    let take = |statement: &mut Statement<'_>| {
        statement
            .parse(port)
            .ok_or(Text::fixed("ポートとして読めない", "not a port"))
    };
    Ok(Some(match () {
        () if statement.is("eq") => Ranges::one(take(statement)?),
        () if statement.is("neq") => Ranges::one(take(statement)?).complement(),
        () if statement.is("lt") => {
            let below = take(statement)?;
            Ranges::span(0, below).minus(&Ranges::one(below))
        }
        () if statement.is("gt") => {
            let above = take(statement)?;
            Ranges::span(above, u16::MAX).minus(&Ranges::one(above))
        }
        () if statement.is("range") => {
            let (first, last) = (take(statement)?, take(statement)?);
            if first > last {
                return Err(unknown_word());
            }
            Ranges::span(first, last)
        }
        () => return Ok(None),
    }))
}

/// Types of ICMP by name.
const MESSAGES: &[(&str, u8)] = &[
    ("alternate-address", 6),
    ("conversion-error", 31),
    ("echo", 8),
    ("echo-reply", 0),
    ("information-reply", 16),
    ("information-request", 15),
    ("mask-reply", 18),
    ("mask-request", 17),
    ("mobile-redirect", 32),
    ("parameter-problem", 12),
    ("redirect", 5),
    ("router-advertisement", 9),
    ("router-solicitation", 10),
    ("source-quench", 4),
    ("time-exceeded", 11),
    ("timestamp-reply", 14),
    ("timestamp-request", 13),
    ("traceroute", 30),
    ("unreachable", 3),
];

/// Types of ICMPv6 by name.
const MESSAGES_V6: &[(&str, u8)] = &[
    ("echo", 128),
    ("echo-reply", 129),
    ("membership-query", 130),
    ("membership-reduction", 132),
    ("membership-report", 131),
    ("neighbor-advertisement", 136),
    ("neighbor-redirect", 137),
    ("neighbor-solicitation", 135),
    ("packet-too-big", 2),
    ("parameter-problem", 4),
    ("router-advertisement", 134),
    ("router-renumbering", 138),
    ("router-solicitation", 133),
    ("time-exceeded", 3),
    ("unreachable", 1),
];

/// A type of control messages by name or number.
pub(super) fn message_of(family: Family, word: &str) -> Option<u8> {
    let table = match family {
        Family::V4 => MESSAGES,
        Family::V6 => MESSAGES_V6,
    };
    let named = table.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind);
    named.or_else(|| number(word))
}

/// A type of control messages and its code, if they are said.
pub(super) fn message(statement: &mut Statement<'_>, family: Family) -> (Option<u8>, Option<u8>) {
    let kind = statement.parse(|word| message_of(family, word));
    let code = kind.and_then(|_| statement.parse(number::<u8>));
    (kind, code)
}

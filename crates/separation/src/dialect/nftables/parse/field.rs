//! What a condition is about.

use model::lang::Text;

use super::{Kind, Parser, Refused};
use crate::dialect::linux::tree::Field;
use crate::packet::protocol;

/// What a condition is about.
pub(in crate::dialect::nftables) enum About {
    Field(Field),
    /// Something that no packet shows.
    Unknown(Text),
}

impl<'s> Parser<'s> {
    /// One field, by its words. What is none may be anything, and stays hidden.
    pub(super) fn about(&mut self) -> Result<About, Refused> {
        let first = self.word(|word| FIRST.contains(&word) || alone(word).is_some() || LOOSE.contains(&word))?;
        if let Some(field) = alone(first) {
            return Ok(About::Field(field));
        }
        if LOOSE.contains(&first) {
            return Ok(unknown(first));
        }
        if first == "fib" {
            return self.fib();
        }
        let turned = |second: &str| first == "ct" && ["original", "reply"].contains(&second);
        let second = self.word(|second| turned(second) || known(first, second).is_some())?;
        if turned(second) {
            return self.direction(second);
        }
        known(first, second).ok_or_else(|| self.unexpected("条件", "a condition"))
    }

    /// The next word, if it is one of those.
    fn word(&mut self, among: impl Fn(&str) -> bool) -> Result<&'s str, Refused> {
        match self.kind() {
            Some(Kind::Word(word)) if among(word) => {
                self.take();
                Ok(word)
            }
            _ => Err(self.unexpected("条件", "a condition")),
        }
    }

    /// `fib saddr . iif oif`: whether the routes say so.
    fn fib(&mut self) -> Result<About, Refused> {
        let of = |word: &str| ["saddr", "daddr", "mark", "iif", "oif"].contains(&word);
        self.word(of)?;
        while self.take_word_if(".") {
            self.word(of)?;
        }
        self.word(|word| ["oif", "oifname", "type"].contains(&word))?;
        Ok(unknown("fib"))
    }

    /// `ct original ip saddr`
    fn direction(&mut self, direction: &str) -> Result<About, Refused> {
        let what = [
            "saddr",
            "daddr",
            "proto-src",
            "proto-dst",
            "protocol",
            "l3proto",
            "bytes",
            "packets",
            "avgpkt",
            "zone",
        ];
        let mut word = self.word(|word| ["ip", "ip6"].contains(&word) || what.contains(&word))?;
        if word == "ip" || word == "ip6" {
            word = self.word(|word| what.contains(&word))?;
        }
        Ok(unknown(&format!("ct {direction} {word}")))
    }
}

/// First words of fields that have two.
const FIRST: [&str; 20] = [
    "meta", "ip", "ip6", "tcp", "udp", "sctp", "dccp", "udplite", "th", "icmp", "icmpv6", "ct", "ether", "vlan", "rt",
    "fib", "socket", "ipsec", "frag", "exthdr",
];

/// Words of `meta` that may stand alone.
const LOOSE: [&str; 9] = [
    "mark", "pkttype", "skuid", "skgid", "time", "day", "hour", "iifgroup", "oifgroup",
];

fn alone(word: &str) -> Option<Field> {
    match word {
        "iif" | "iifname" => Some(Field::Ingress),
        "oif" | "oifname" => Some(Field::Egress),
        _ => None,
    }
}

/// The field of two words, `ip saddr`.
pub(in crate::dialect::nftables) fn known(first: &str, second: &str) -> Option<About> {
    let with_ports = |number: Option<u8>| match second {
        "sport" => Some(About::Field(Field::SourcePort(number))),
        "dport" => Some(About::Field(Field::DestinationPort(number))),
        _ => None,
    };
    let field = match (first, second) {
        ("meta", word) if alone(word).is_some() => return alone(word).map(About::Field),
        ("meta", "nfproto" | "protocol") => Field::Family,
        ("meta", "l4proto") | ("ip", "protocol") | ("ip6", "nexthdr") => Field::Protocol,
        ("ip", "saddr") => Field::Source4,
        ("ip", "daddr") => Field::Destination4,
        ("ip6", "saddr") => Field::Source6,
        ("ip6", "daddr") => Field::Destination6,
        ("tcp", "flags") => Field::TcpFlags,
        ("icmp", "type") => Field::IcmpType,
        ("icmp", "code") => Field::IcmpCode,
        ("icmpv6", "type") => Field::Icmp6Type,
        ("icmpv6", "code") => Field::Icmp6Code,
        ("ct", "state") => Field::State,
        ("tcp", "sport" | "dport") => return with_ports(Some(protocol::TCP)),
        ("udp", "sport" | "dport") => return with_ports(Some(protocol::UDP)),
        ("sctp", "sport" | "dport") => return with_ports(Some(protocol::SCTP)),
        ("dccp", "sport" | "dport") => return with_ports(Some(protocol::DCCP)),
        ("udplite", "sport" | "dport") => return with_ports(Some(protocol::UDP_LITE)),
        ("th", "sport" | "dport") => return with_ports(None),
        (first, second) if is_beside(first, second) => return Some(unknown(&format!("{first} {second}"))),
        _ => return None,
    };
    Some(About::Field(field))
}

/// Fields of headers that a packet here does not have, and what a device knows beside the packet.
fn is_beside(first: &str, second: &str) -> bool {
    let fields: &[&str] = match first {
        "meta" => &[
            "mark",
            "pkttype",
            "skuid",
            "skgid",
            "length",
            "cpu",
            "iiftype",
            "oiftype",
            "iifgroup",
            "oifgroup",
            "priority",
            "cgroup",
            "time",
            "day",
            "hour",
            "rtclassid",
            "iifkind",
            "oifkind",
            "sdif",
            "sdifname",
            "ibrname",
            "obrname",
            "ipsec",
            "secmark",
        ],
        "ct" => &[
            "direction",
            "status",
            "mark",
            "expiration",
            "helper",
            "label",
            "zone",
            "bytes",
            "packets",
            "avgpkt",
            "count",
            "id",
            "secmark",
            "event",
            "l3proto",
            "protocol",
        ],
        "ether" => &["saddr", "daddr", "type"],
        "vlan" => &["id", "pcp", "dei", "type"],
        "ip" => &[
            "dscp",
            "ecn",
            "length",
            "id",
            "frag-off",
            "ttl",
            "version",
            "hdrlength",
            "checksum",
        ],
        "ip6" => &["dscp", "ecn", "flowlabel", "length", "hoplimit", "version"],
        "tcp" => &["sequence", "ackseq", "doff", "window", "checksum", "urgptr", "option"],
        "udp" => &["length", "checksum"],
        "icmp" => &["id", "sequence", "mtu", "gateway", "checksum"],
        "icmpv6" => &[
            "id",
            "sequence",
            "mtu",
            "max-delay",
            "parameter-problem",
            "packet-too-big",
            "checksum",
        ],
        "socket" => &["transparent", "mark", "wildcard", "cgroupv2"],
        "rt" => &["classid", "nexthop", "mtu", "ipsec"],
        "ipsec" => &["in", "out"],
        "frag" => &["nexthdr", "frag-off", "more-fragments", "id"],
        "exthdr" => &[
            "frag", "hbh", "dst", "rt", "mh", "exthdr", "fib", "socket", "ipsec", "&", "|", "^",
        ],
        _ => &[],
    };
    fields.contains(&second)
}

fn unknown(what: &str) -> About {
    About::Unknown(Text::new(
        format!("「{what}」の条件"),
        format!("the condition `{what}`"),
    ))
}

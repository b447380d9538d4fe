//! What a condition is about.

use model::lang::Text;

use super::{Parser, Refused};
use crate::dialect::linux::tree::Field;
use crate::packet::protocol;

/// What a condition is about.
pub(in crate::dialect::nftables) enum About {
    Field(Field),
    /// Something that no packet shows.
    Unknown(Text),
}

impl Parser<'_> {
    /// One field, by its words.
    pub(super) fn about(&mut self) -> Result<About, Refused> {
        let first = self.name()?;
        if let Some(field) = alone(first) {
            return Ok(About::Field(field));
        }
        if [
            "mark", "pkttype", "skuid", "skgid", "time", "day", "hour", "iifgroup", "oifgroup",
        ]
        .contains(&first)
        {
            return Ok(unknown(first));
        }
        if first == "fib" {
            return self.fib();
        }
        let second = self.name()?;
        if first == "ct" && ["original", "reply"].contains(&second) {
            return self.direction(second);
        }
        known(first, second).ok_or_else(|| self.unexpected("条件", "a condition"))
    }

    /// `fib saddr . iif oif`: whether the routes say so.
    fn fib(&mut self) -> Result<About, Refused> {
        self.name()?;
        while self.take_word_if(".") {
            self.name()?;
        }
        self.name()?;
        Ok(unknown("fib"))
    }

    /// `ct original ip saddr`
    fn direction(&mut self, direction: &str) -> Result<About, Refused> {
        let mut word = self.name()?;
        if word == "ip" || word == "ip6" {
            word = self.name()?;
        }
        Ok(unknown(&format!("ct {direction} {word}")))
    }
}

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

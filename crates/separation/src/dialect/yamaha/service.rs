//! Protocols and ports of filters. Which of the two port fields means what depends on the protocol.

use crate::device::Service;
use crate::dialect::statement::number;
use crate::packet::{Family, flag, protocol};
use crate::ranges::Ranges;

/// Names of ports. `ftp` is two.
const PORTS: &[(&str, &[u16])] = &[
    ("ftp", &[20, 21]),
    ("ftpdata", &[20]),
    ("telnet", &[23]),
    ("smtp", &[25]),
    ("time", &[37]),
    ("domain", &[53]),
    ("dhcps", &[67]),
    ("dhcpc", &[68]),
    ("tftp", &[69]),
    ("gopher", &[70]),
    ("finger", &[79]),
    ("www", &[80]),
    ("pop3", &[110]),
    ("sunrpc", &[111]),
    ("ident", &[113]),
    ("ntp", &[123]),
    ("nntp", &[119]),
    ("netbios_ns", &[137]),
    ("netbios_dgm", &[138]),
    ("netbios_ssn", &[139]),
    ("imap", &[143]),
    ("snmp", &[161]),
    ("https", &[443]),
    ("syslog", &[514]),
    ("printer", &[515]),
    ("talk", &[517]),
    ("route", &[520]),
    ("uucp", &[540]),
    ("submission", &[587]),
    ("ssh", &[22]),
    ("nicname", &[43]),
];

/// Names of protocols that have no meaning of their own here.
const PROTOCOLS: &[(&str, u8)] = &[
    ("tcp", 6),
    ("udp", 17),
    ("igmp", 2),
    ("ipv6", 41),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("rsvp", 46),
    ("ospf", 89),
    ("pim", 103),
    ("ipip", 4),
    ("egp", 8),
    ("vrrp", 112),
    ("l2tp", 115),
    ("etherip", 97),
];

/// Types of error messages of ICMP, and of the others.
const ERRORS: [u16; 7] = [3, 4, 5, 11, 12, 31, 32];
const INFORMATION: [(u16, u16); 5] = [(0, 0), (8, 10), (13, 18), (30, 30), (33, 36)];

/// The port words of a filter as they are written; `None` for those left out.
pub(super) struct Ports<'w> {
    pub(super) source: Option<&'w str>,
    pub(super) destination: Option<&'w str>,
}

/// The services of a protocol part and its port parts; `None` where they cannot be read.
pub(super) fn services(protocols: &str, ports: &Ports<'_>, family: Family) -> Option<Vec<Service>> {
    let parts: Vec<&str> = protocols.split(',').collect();
    if let [only] = parts.as_slice()
        && let Some(number) = icmp(only, family)
    {
        let octets = |word: Option<&str>| word.map_or(Some(Ranges::all()), kinds);
        return Some(vec![Service {
            source_ports: octets(ports.source)?,
            destination_ports: octets(ports.destination)?,
            ..Service::protocol(number)
        }]);
    }
    let (source, destination) = (ports_of(ports.source)?, ports_of(ports.destination)?);
    let mut services = Vec::new();
    for part in parts {
        for mut service in one(part, family)? {
            let with_ports = Ranges::of([protocol::TCP, protocol::UDP].map(|number| (number, number)));
            let compared = service.protocols.intersect(&with_ports);
            if compared.is_empty() || (source.is_all() && destination.is_all()) {
                services.push(service);
                continue;
            }
            // The ports of other protocols count as left out.
            let others = service.protocols.minus(&with_ports);
            if !others.is_empty() {
                services.push(Service::protocols(others));
            }
            service.protocols = compared;
            service.source_ports = source.clone();
            service.destination_ports = destination.clone();
            services.push(service);
        }
    }
    Some(services)
}

fn one(part: &str, family: Family) -> Option<Vec<Service>> {
    if let Some(number) = icmp(part, family) {
        return Some(vec![Service::protocol(number)]);
    }
    let types = |ranges: Ranges<u16>| Service {
        source_ports: ranges,
        ..Service::protocol(family.icmp())
    };
    Some(vec![match part {
        "*" => Service::anything(),
        "established" => Service::tcp_flags(flag::ACK, flag::ACK),
        "tcpsyn" => Service::tcp_flags(flag::SYN, flag::SYN),
        "tcpfin" => Service::tcp_flags(flag::FIN, flag::FIN),
        "tcprst" => Service::tcp_flags(flag::RST, flag::RST),
        "icmp-error" if family == Family::V4 => types(Ranges::of(ERRORS.map(|kind| (kind, kind)))),
        "icmp-info" if family == Family::V4 => types(Ranges::of(INFORMATION)),
        "icmp-nd" if family == Family::V6 => types(Ranges::span(133, 136)),
        _ => match part.strip_prefix("tcpflag") {
            Some(flags) => tcp_flags(flags)?,
            None => Service::protocol(protocol_number(part)?),
        },
    }])
}

fn protocol_number(word: &str) -> Option<u8> {
    let named = PROTOCOLS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number);
    named.or_else(|| number(word))
}

/// The control protocol that a word names. `icmp` of an IPv6 filter is ICMPv6.
fn icmp(word: &str, family: Family) -> Option<u8> {
    match word {
        "icmp" => Some(family.icmp()),
        "icmp4" => Some(protocol::ICMP),
        "icmp6" => Some(protocol::ICMP_V6),
        "1" => Some(protocol::ICMP),
        "58" => Some(protocol::ICMP_V6),
        _ => None,
    }
}

/// `=0x0002/0x0017`, `!=0x0000/0x0007`
fn tcp_flags(word: &str) -> Option<Service> {
    let (differs, word) = match word.strip_prefix("!=") {
        Some(word) => (true, word),
        None => (false, word.strip_prefix('=')?),
    };
    let (value, mask) = word.split_once('/')?;
    let byte = |word: &str| u8::try_from(u16::from_str_radix(word.strip_prefix("0x")?, 16).ok()?).ok();
    let mut service = Service::tcp_flags(byte(mask)?, byte(value)?);
    if differs {
        service.flags = service.flags.complement();
    }
    Some(service)
}

/// A list of types or codes of ICMP.
fn kinds(word: &str) -> Option<Ranges<u16>> {
    let all = ports_of(Some(word))?;
    Some(all).filter(|ranges| ranges.is_all() || ranges.iter().all(|(_, last)| last <= 255))
}

/// A port part: `*`, `80`, `www`, `1024-`, `80,443,8000-8010`.
pub(super) fn ports_of(word: Option<&str>) -> Option<Ranges<u16>> {
    let Some(word) = word.filter(|word| *word != "*") else {
        return Some(Ranges::all());
    };
    let mut ranges = Vec::new();
    for part in word.split(',') {
        if let Some((_, ports)) = PORTS.iter().find(|(name, _)| *name == part) {
            ranges.extend(ports.iter().map(|port| (*port, *port)));
            continue;
        }
        let bound = |word: &str| named_port(word);
        ranges.push(match part.split_once('-') {
            Some(("", "")) => return None,
            Some((first, last)) => {
                let first = if first.is_empty() { 0 } else { bound(first)? };
                let last = if last.is_empty() { u16::MAX } else { bound(last)? };
                if first > last {
                    return None;
                }
                (first, last)
            }
            None => (number(part)?, number(part)?),
        });
    }
    Some(Ranges::of(ranges))
}

fn named_port(word: &str) -> Option<u16> {
    let named = PORTS
        .iter()
        .find(|(name, _)| *name == word)
        .and_then(|(_, ports)| ports.first().copied());
    named.or_else(|| number(word))
}

/// What a dynamic filter watches: services that it certainly means, and those that it means by one claim only.
pub(super) struct Application {
    pub(super) services: Vec<Service>,
    pub(super) perhaps: Vec<Service>,
}

/// An application of a dynamic filter; `None` for a word that is none.
pub(super) fn application(word: &str) -> Option<Application> {
    let to = |number: u8, ports: &[u16]| Service::to_ports(number, Ranges::of(ports.iter().map(|port| (*port, *port))));
    let (tcp, udp) = (
        |ports: &[u16]| to(protocol::TCP, ports),
        |ports: &[u16]| to(protocol::UDP, ports),
    );
    let mut perhaps = Vec::new();
    let services = match word {
        "tcp" => vec![Service::protocol(protocol::TCP)],
        "udp" => vec![Service::protocol(protocol::UDP)],
        "ftp" => vec![tcp(&[21])],
        "tftp" => vec![udp(&[69])],
        "domain" | "dns" => vec![udp(&[53]), tcp(&[53])],
        "www" => {
            perhaps.push(tcp(&[443]));
            vec![tcp(&[80])]
        }
        "http" => vec![tcp(&[80])],
        "https" => vec![tcp(&[443])],
        "smtp" => vec![tcp(&[25])],
        "submission" => vec![tcp(&[587])],
        "pop3" => vec![tcp(&[110])],
        "imap" => vec![tcp(&[143])],
        "telnet" => vec![tcp(&[23])],
        "ssh" => vec![tcp(&[22])],
        "ident" => vec![tcp(&[113])],
        "ntp" => vec![udp(&[123])],
        "snmp" => vec![udp(&[161])],
        "syslog" => vec![udp(&[514])],
        "sip" => vec![udp(&[5060]), tcp(&[5060])],
        "netmeeting" => vec![tcp(&[1503, 1720])],
        "ping" | "ping4" => vec![Service::icmp(Family::V4, Some(8), None)],
        "ping6" => vec![Service::icmp(Family::V6, Some(128), None)],
        _ => return None,
    };
    Some(Application { services, perhaps })
}

/// Applications that a dynamic filter may name and that do nothing there.
pub(super) const WITHOUT_EFFECT: [&str; 4] = ["dhcpc", "dhcps", "dhcpv6c", "dhcpv6s"];

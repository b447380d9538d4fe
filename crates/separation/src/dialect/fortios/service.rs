//! Services: those that the device brings with it, and a city's own.

use super::tree::Entry;
use crate::device::Service;
use crate::dialect::statement::number;
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// A service of the city's own; `None` where it cannot be read.
pub(super) fn custom(entry: &Entry) -> Option<Vec<Service>> {
    match entry.one("protocol").unwrap_or("TCP/UDP/SCTP") {
        "TCP/UDP/SCTP" | "TCP/UDP/UDP-Lite/SCTP" | "ALL" | "HTTP" | "FTP" | "CONNECT" | "SOCKS-TCP" | "SOCKS-UDP" => {
            let mut services = Vec::new();
            for (key, number) in [
                ("tcp-portrange", protocol::TCP),
                ("udp-portrange", protocol::UDP),
                ("sctp-portrange", protocol::SCTP),
                ("udplite-portrange", protocol::UDP_LITE),
            ] {
                for word in entry.all(key) {
                    services.push(port_range(number, word)?);
                }
            }
            // A rule with a service that has no port is not possible on a device: it would match nothing.
            Some(services)
        }
        "IP" => {
            let number: u8 = entry.one("protocol-number").map_or(Some(0), number)?;
            Some(vec![if number == 0 {
                Service::anything()
            } else {
                Service::protocol(number)
            }])
        }
        kind @ ("ICMP" | "ICMP6") => {
            let family = if kind == "ICMP" { Family::V4 } else { Family::V6 };
            let value = |key: &str| match entry.one(key) {
                None => Some(None),
                Some(word) => number::<u8>(word).map(Some),
            };
            let (kind, code) = (value("icmptype")?, value("icmpcode")?);
            Some(vec![Service::icmp(family, kind, code.filter(|_| kind.is_some()))])
        }
        _ => None,
    }
}

/// `443`, `1024-65535`, `443:1024-65535` (to ports, from ports).
fn port_range(number: u8, word: &str) -> Option<Service> {
    let (to, from) = word.split_once(':').map_or((word, None), |(to, from)| (to, Some(from)));
    Some(Service {
        source_ports: from.map_or(Some(Ranges::all()), ports)?,
        destination_ports: ports(to)?,
        ..Service::protocol(number)
    })
}

/// `80` or `80-90`
pub(super) fn ports(word: &str) -> Option<Ranges<u16>> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let ports = Ranges::span(number(first)?, number(last)?);
    (!ports.is_empty()).then_some(ports)
}

/// Ranges of ports.
type Spans = &'static [(u16, u16)];

/// Services that a device has before anybody configures it, with their TCP and their UDP ports.
const PREDEFINED: &[(&str, Spans, Spans)] = &[
    ("ALL_TCP", &[(1, 65535)], &[]),
    ("ALL_UDP", &[], &[(1, 65535)]),
    ("AOL", &[(5190, 5194)], &[]),
    ("BGP", &[(179, 179)], &[]),
    ("DCE-RPC", &[(135, 135)], &[(135, 135)]),
    ("DHCP", &[], &[(67, 68)]),
    ("DHCP6", &[], &[(546, 547)]),
    ("DNS", &[(53, 53)], &[(53, 53)]),
    ("FINGER", &[(79, 79)], &[]),
    ("FTP", &[(21, 21)], &[]),
    ("FTP_GET", &[(21, 21)], &[]),
    ("FTP_PUT", &[(21, 21)], &[]),
    ("GOPHER", &[(70, 70)], &[]),
    ("H323", &[(1503, 1503), (1720, 1720)], &[(1719, 1719)]),
    ("HTTP", &[(80, 80)], &[]),
    ("HTTPS", &[(443, 443)], &[]),
    ("IKE", &[], &[(500, 500), (4500, 4500)]),
    ("IMAP", &[(143, 143)], &[]),
    ("IMAPS", &[(993, 993)], &[]),
    ("IRC", &[(6660, 6669)], &[]),
    ("Internet-Locator-Service", &[(389, 389)], &[]),
    ("KERBEROS", &[(88, 88), (464, 464)], &[(88, 88), (464, 464)]),
    ("L2TP", &[(1701, 1701)], &[(1701, 1701)]),
    ("LDAP", &[(389, 389)], &[]),
    ("LDAP_UDP", &[], &[(389, 389)]),
    ("MGCP", &[], &[(2427, 2427), (2727, 2727)]),
    ("MMS", &[(1755, 1755)], &[(1024, 5000)]),
    ("MS-SQL", &[(1433, 1434)], &[]),
    ("MYSQL", &[(3306, 3306)], &[]),
    ("NFS", &[(111, 111), (2049, 2049)], &[(111, 111), (2049, 2049)]),
    ("NNTP", &[(119, 119)], &[]),
    ("NTP", &[(123, 123)], &[(123, 123)]),
    ("NetMeeting", &[(1720, 1720)], &[]),
    ("ONC-RPC", &[(111, 111)], &[(111, 111)]),
    ("PC-Anywhere", &[(5631, 5631)], &[(5632, 5632)]),
    ("POP3", &[(110, 110)], &[]),
    ("POP3S", &[(995, 995)], &[]),
    ("PPTP", &[(1723, 1723)], &[]),
    (
        "QUAKE",
        &[],
        &[(26000, 26000), (27000, 27000), (27910, 27910), (27960, 27960)],
    ),
    ("RADIUS", &[], &[(1812, 1813)]),
    ("RADIUS-OLD", &[], &[(1645, 1646)]),
    ("RDP", &[(3389, 3389)], &[]),
    ("REXEC", &[(512, 512)], &[]),
    ("RIP", &[], &[(520, 520)]),
    ("RLOGIN", &[(513, 513)], &[]),
    ("RSH", &[(514, 514)], &[]),
    ("RTSP", &[(554, 554), (7070, 7070), (8554, 8554)], &[(554, 554)]),
    ("SAMBA", &[(139, 139)], &[]),
    ("SCCP", &[(2000, 2000)], &[]),
    ("SIP", &[(5060, 5060)], &[(5060, 5060)]),
    ("SIP-MSNmessenger", &[(1863, 1863)], &[]),
    ("SMB", &[(445, 445)], &[]),
    ("SMTP", &[(25, 25)], &[]),
    ("SMTPS", &[(465, 465)], &[]),
    ("SNMP", &[(161, 162)], &[(161, 162)]),
    ("SOCKS", &[(1080, 1080)], &[(1080, 1080)]),
    ("SQUID", &[(3128, 3128)], &[]),
    ("SSH", &[(22, 22)], &[]),
    ("SYSLOG", &[], &[(514, 514)]),
    ("TALK", &[], &[(517, 518)]),
    ("TELNET", &[(23, 23)], &[]),
    ("TFTP", &[], &[(69, 69)]),
    ("TRACEROUTE", &[], &[(33434, 33535)]),
    ("UUCP", &[(540, 540)], &[]),
    ("VDOLIVE", &[(7000, 7010)], &[]),
    ("VNC", &[(5900, 5900)], &[]),
    ("WAIS", &[(210, 210)], &[]),
    ("WINFRAME", &[(1494, 1494), (2598, 2598)], &[]),
    ("WINS", &[(1512, 1512)], &[(1512, 1512)]),
    ("X-WINDOWS", &[(6000, 6063)], &[]),
];

/// A service that the device brings with it; `None` for a name that is none.
pub(super) fn predefined(name: &str) -> Option<Vec<Service>> {
    if let Some((_, tcp, udp)) = PREDEFINED.iter().find(|(known, ..)| *known == name) {
        let mut services = Vec::new();
        for (number, ports) in [(protocol::TCP, tcp), (protocol::UDP, udp)] {
            if !ports.is_empty() {
                services.push(Service::to_ports(number, Ranges::of(ports.iter().copied())));
            }
        }
        return Some(services);
    }
    let icmp = |kind| vec![Service::icmp(Family::V4, kind, None)];
    Some(match name {
        "ALL" | "ANY" => vec![Service::anything()],
        "NONE" => Vec::new(),
        "ALL_ICMP" => icmp(None),
        "ALL_ICMP6" => vec![Service::icmp(Family::V6, None, None)],
        "PING" => icmp(Some(8)),
        "INFO_REQUEST" => icmp(Some(15)),
        "INFO_ADDRESS" => icmp(Some(17)),
        "TIMESTAMP" => icmp(Some(13)),
        "PING6" => vec![Service::icmp(Family::V6, Some(128), None)],
        "GRE" => vec![Service::protocol(protocol::GRE)],
        "ESP" => vec![Service::protocol(protocol::ESP)],
        "AH" => vec![Service::protocol(protocol::AH)],
        "OSPF" => vec![Service::protocol(89)],
        _ => return None,
    })
}

//! Applications that a device has before anybody configures one.

use crate::device::Service;
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Ranges of ports.
type Spans = &'static [(u16, u16)];

/// Applications with their TCP and their UDP ports, without the `junos-` of their names.
const APPLICATIONS: &[(&str, Spans, Spans)] = &[
    ("aol", &[(5190, 5193)], &[]),
    ("bgp", &[(179, 179)], &[]),
    ("biff", &[], &[(512, 512)]),
    ("bootpc", &[], &[(68, 68)]),
    ("bootps", &[], &[(67, 67)]),
    ("chargen", &[], &[(19, 19)]),
    ("cifs", &[(139, 139), (445, 445)], &[]),
    ("cvspserver", &[(2401, 2401)], &[]),
    ("dhcp-client", &[], &[(68, 68)]),
    ("dhcp-relay", &[], &[(67, 67)]),
    ("dhcp-server", &[], &[(67, 67)]),
    ("discard", &[], &[(9, 9)]),
    ("dns-tcp", &[(53, 53)], &[]),
    ("dns-udp", &[], &[(53, 53)]),
    ("echo", &[], &[(7, 7)]),
    ("finger", &[(79, 79)], &[]),
    ("ftp", &[(21, 21)], &[]),
    ("ftp-data", &[(20, 20)], &[]),
    ("gnutella", &[], &[(6346, 6347)]),
    ("gopher", &[(70, 70)], &[]),
    ("gprs-gtp-c", &[], &[(2123, 2123)]),
    ("gprs-gtp-u", &[], &[(2152, 2152)]),
    ("gprs-gtp-v0", &[], &[(3386, 3386)]),
    ("gtp", &[], &[(2123, 2123)]),
    (
        "h323",
        &[(389, 389), (522, 522), (1503, 1503), (1720, 1720), (1731, 1731)],
        &[(1719, 1719)],
    ),
    ("http", &[(80, 80)], &[]),
    ("http-ext", &[(7001, 7001)], &[]),
    ("https", &[(443, 443)], &[]),
    ("ident", &[(113, 113)], &[]),
    ("ike", &[], &[(500, 500)]),
    ("ike-nat", &[], &[(4500, 4500)]),
    ("imap", &[(143, 143)], &[]),
    ("imaps", &[(993, 993)], &[]),
    ("internet-locator-service", &[(389, 389)], &[]),
    ("irc", &[(6660, 6669)], &[]),
    ("l2tp", &[], &[(1701, 1701)]),
    ("ldap", &[(389, 389)], &[]),
    ("ldp-tcp", &[(646, 646)], &[]),
    ("ldp-udp", &[], &[(646, 646)]),
    ("lpr", &[(515, 515)], &[]),
    ("mail", &[(25, 25)], &[]),
    ("mgcp", &[], &[(2427, 2427), (2727, 2727)]),
    ("mgcp-ca", &[], &[(2727, 2727)]),
    ("mgcp-ua", &[], &[(2427, 2427)]),
    ("ms-rpc-epm", &[(135, 135)], &[]),
    ("ms-sql", &[(1433, 1433)], &[]),
    ("msn", &[(1863, 1863)], &[]),
    ("nbds", &[], &[(138, 138)]),
    ("nbname", &[], &[(137, 137)]),
    ("netbios-session", &[(139, 139)], &[]),
    ("nfs", &[], &[(111, 111)]),
    ("nfsd-tcp", &[(2049, 2049)], &[]),
    ("nfsd-udp", &[], &[(2049, 2049)]),
    ("nntp", &[(119, 119)], &[]),
    ("ntalk", &[], &[(518, 518)]),
    ("ntp", &[], &[(123, 123)]),
    ("pc-anywhere", &[], &[(5632, 5632)]),
    ("pop3", &[(110, 110)], &[]),
    ("pptp", &[(1723, 1723)], &[]),
    ("printer", &[(515, 515)], &[]),
    ("r2cp", &[], &[(28672, 28672)]),
    ("radacct", &[], &[(1813, 1813)]),
    ("radius", &[], &[(1812, 1812)]),
    ("rdp", &[(3389, 3389)], &[]),
    ("realaudio", &[(554, 554)], &[]),
    ("rip", &[], &[(520, 520)]),
    ("rlogin", &[(513, 513)], &[]),
    ("routing-inbound", &[(179, 179), (646, 646)], &[(520, 520), (646, 646)]),
    ("rsh", &[(514, 514)], &[]),
    ("rtsp", &[(554, 554)], &[]),
    ("sccp", &[(2000, 2000)], &[]),
    ("sip", &[(5060, 5060)], &[(5060, 5060)]),
    ("smb", &[(139, 139), (445, 445)], &[]),
    ("smb-session", &[(445, 445)], &[]),
    ("smtp", &[(25, 25)], &[]),
    ("smtps", &[(465, 465), (587, 587)], &[]),
    ("snmp-agentx", &[(705, 705)], &[]),
    ("snpp", &[(444, 444)], &[]),
    ("sql-monitor", &[], &[(1434, 1434)]),
    ("sqlnet-v1", &[(1525, 1525)], &[]),
    ("sqlnet-v2", &[(1521, 1521)], &[]),
    ("ssh", &[(22, 22)], &[]),
    ("stun", &[(3478, 3479)], &[(3478, 3479)]),
    ("stun-tcp", &[(3478, 3479)], &[]),
    ("stun-udp", &[], &[(3478, 3479)]),
    ("syslog", &[], &[(514, 514)]),
    ("tacacs", &[(49, 49)], &[]),
    ("tacacs-ds", &[(65, 65)], &[]),
    ("telnet", &[(23, 23)], &[]),
    ("tftp", &[], &[(69, 69)]),
    ("uucp", &[], &[(540, 540)]),
    ("vdo-live", &[], &[(7000, 7010)]),
    ("vnc", &[(5800, 5800), (5900, 5900)], &[]),
    ("wais", &[(210, 210)], &[]),
    ("who", &[], &[(513, 513)]),
    ("whois", &[(43, 43)], &[]),
    ("winframe", &[(1494, 1494)], &[]),
    ("wxcontrol", &[(3578, 3578)], &[]),
    ("x-windows", &[(6000, 6063)], &[]),
    ("xnm-clear-text", &[(3221, 3221)], &[]),
    ("xnm-ssl", &[(3220, 3220)], &[]),
    ("ymsg", &[(5000, 5010), (5050, 5050)], &[]),
];

/// What an application of the device's own is; `None` for a name that is none.
pub(super) fn predefined(name: &str) -> Option<Vec<Service>> {
    if name == "any" {
        return Some(vec![Service::anything()]);
    }
    let name = name.strip_prefix("junos-")?;
    if let Some((_, tcp, udp)) = APPLICATIONS.iter().find(|(known, ..)| *known == name) {
        return Some(on(tcp, udp));
    }
    let icmp = |kind| vec![Service::icmp(Family::V4, kind, None)];
    match name {
        "icmp-all" => return Some(icmp(None)),
        "icmp-ping" | "ping" => return Some(icmp(Some(8))),
        "icmp6-all" => return Some(vec![Service::icmp(Family::V6, None, None)]),
        "pingv6" => return Some(vec![Service::icmp(Family::V6, Some(128), None)]),
        "gre" => return Some(vec![Service::protocol(protocol::GRE)]),
        "ospf" => return Some(vec![Service::protocol(89)]),
        "tcp-any" => return Some(vec![Service::protocol(protocol::TCP)]),
        "udp-any" => return Some(vec![Service::protocol(protocol::UDP)]),
        "sctp-any" | "gprs-sctp" => return Some(vec![Service::protocol(protocol::SCTP)]),
        _ => {}
    }
    if let Some((_, kind, code)) = ICMP_V6
        .iter()
        .find(|(known, ..)| name.strip_prefix("icmp6-") == Some(known))
    {
        return Some(vec![Service::icmp(Family::V6, Some(*kind), *code)]);
    }
    // Remote calls: those to the service that tells the ports of the others. What it tells is opened as flows announced by known ones.
    let remote = [("ms-rpc", MS_RPC, 135), ("sun-rpc", SUN_RPC, 111)];
    let (_, _, port) = remote.into_iter().find(|(base, names, _)| {
        let rest = name.strip_prefix(base).map(|rest| rest.trim_start_matches('-'));
        let rest = rest.map(|rest| {
            rest.trim_end_matches("tcp")
                .trim_end_matches("udp")
                .trim_end_matches('-')
        });
        rest.is_some_and(|rest| names.split_whitespace().any(|known| known == rest) || rest.is_empty())
    })?;
    let ports: Vec<(u16, u16)> = vec![(port, port)];
    let (tcp, udp) = (!name.ends_with("-udp"), !name.ends_with("-tcp"));
    let services = [(tcp, protocol::TCP), (udp, protocol::UDP)].into_iter();
    let services = services.filter(|(is, _)| *is);
    Some(
        services
            .map(|(_, number)| Service::to_ports(number, Ranges::of(ports.iter().copied())))
            .collect(),
    )
}

/// Control messages of IPv6: type and code.
const ICMP_V6: &[(&str, u8, Option<u8>)] = &[
    ("dst-unreach-route", 1, Some(0)),
    ("dst-unreach-admin", 1, Some(1)),
    ("dst-unreach-beyond", 1, Some(2)),
    ("dst-unreach-addr", 1, Some(3)),
    ("dst-unreach-port", 1, Some(4)),
    ("packet-too-big", 2, None),
    ("time-exceed-transit", 3, Some(0)),
    ("time-exceed-reassembly", 3, Some(1)),
    ("param-prob-header", 4, Some(0)),
    ("param-prob-nexthdr", 4, Some(1)),
    ("param-prob-option", 4, Some(2)),
    ("echo-request", 128, None),
    ("echo-reply", 129, None),
];

const MS_RPC: &str = "any uuid-any iis-com iis-com-1 iis-com-adminbase msexchange msexchange-directory-nsp \
    msexchange-directory-rfr msexchange-info-store wmic wmic-admin wmic-admin2 wmic-mgmt wmic-webm-level1login \
    wmic-webm-callresult wmic-webm-classobject wmic-webm-login-clientid wmic-webm-login-helper wmic-webm-objectsink \
    wmic-webm-refreshing-services wmic-webm-remote-refresher wmic-webm-services wmic-webm-shutdown";

const SUN_RPC: &str =
    "any mountd nfs nfs-access nlockmgr portmap rquotad ruserd sadmind sprayd status walld ypbind ypserv";

fn on(tcp: &[(u16, u16)], udp: &[(u16, u16)]) -> Vec<Service> {
    [(protocol::TCP, tcp), (protocol::UDP, udp)]
        .into_iter()
        .filter(|(_, ports)| !ports.is_empty())
        .map(|(number, ports)| Service::to_ports(number, Ranges::of(ports.iter().copied())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applications_are_found_by_their_whole_names() {
        assert_eq!(
            predefined("junos-https"),
            Some(vec![Service::to_ports(6, Ranges::one(443))])
        );
        assert_eq!(
            predefined("junos-sun-rpc-nfs-tcp"),
            Some(vec![Service::to_ports(6, Ranges::one(111))])
        );
        assert_eq!(predefined("junos-ms-rpc").unwrap().len(), 2);
        for none in ["https", "junos-httpz", "junos-sun-rpc-web", "junos-"] {
            assert_eq!(predefined(none), None, "{none}");
        }
    }
}

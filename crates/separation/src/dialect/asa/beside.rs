//! What does not change what passes between networks.

/// Commands at the beginning of a line, with all that is indented below them.
const COMMANDS: &str = "aaa aaa-server arp arp-inspection as-path asdm asp auth-prompt auto-update banner boot call-home checkheaps class-map client-update clock cluster command-alias community-list config-register \
    console coredump crashinfo ctl-file ctl-provider ddns dhcp-client dhcpd dhcprelay dns dns-group dns-group-map domain-name dynamic-access-policy-config dynamic-access-policy-record dynamic-filter \
    enable end event exit failover fips flow-export flow-offload fragment ftp ftp-map group-policy gtp-map hostscan hpm hsts http http-map icmp imap4s jumbo-frame key lacp ldap license lisp \
    logging mac-address management-access media-termination mfib mgcp-map monitor-interface mount mroute mtu ntp object-group-search pager passwd password-policy \
    pdm pim policy-list pop3s prefix-list privilege prompt quit quota radius-common-pw regex rest-api route-map service shun sla \
    smtp-server smtps snmp-map snmp-server snort ssh ssl sunrpc-server tcp-map telnet terminal tftp-server threat-detection timeout time-range tls-proxy track tunnel-group tunnel-group-map \
    url-block url-cache url-server user-identity username virtual vpdn vpn-addr-assign vpn-mode vpn-sessiondb xlate xml-server";

/// Of two words: the second is said after the first.
const PAIRS: &[(&str, &str)] = &[
    (
        "crypto",
        "ca ikev1 ikev2 ipsec isakmp key engine large-cert-acceleration am-disable ssl-hw",
    ),
    ("ip", "audit local verify-config as-path dhcp domain-name igmp"),
    ("ipv6", "dhcp dhcprelay icmp local nd unicast-routing prefix-list"),
    ("sysopt", "noproxyarp nodnsalias radius traffic uauth"),
    (
        "no",
        "aaa arp asdm asp banner call-home cluster crashinfo crypto dhcpd dns eject failover fips ftp hpm http icmp logging mac-address monitor-interface names nat-control ntp pager password-policy prompt \
         service service-resetoutbound snmp-server ssh ssl sysopt-radius telnet threat-detection vpn-addr-assign xlate jumbo-frame",
    ),
];

/// What follows `sysopt connection`.
const CONNECTION: &str = "preserve-vpn-flows reclassify-vpn tcpmss tcp-max-unprocessed-seg timewait";

/// Of an interface: the first word.
const INTERFACE: &str = "arp authentication bandwidth bfd channel-group cts ddns delay description dhcp dhcprelay duplex flowcontrol fec forward hello-interval hold-time igmp \
    lacp load-interval mac-address media-type member-interface mfib mtu multicast ntp ospf pim poe port-channel power pppoe rip shutdown snmp speed split-horizon summary-address \
    switchport vlan lldp eigrp isis";

/// Of an interface: what follows `ip` or `ipv6`.
const INTERFACE_IP: &str = "dhcp enable nd ospf router";

fn is(list: &str, word: Option<&str>) -> bool {
    word.is_some_and(|word| list.split_whitespace().any(|known| known == word))
}

/// How many words name a command at the beginning of a line that does not matter.
pub(super) fn command(words: [Option<&str>; 3]) -> Option<usize> {
    let [first, second, third] = words;
    let connection = |of: Option<&str>, word: Option<&str>| of == Some("connection") && is(CONNECTION, word);
    match first {
        Some("sysopt") if connection(second, third) => Some(3),
        Some("ip") if second == Some("verify") && third == Some("reverse-path") => Some(3),
        Some(first) => match PAIRS.iter().find(|(of, _)| *of == first) {
            Some((_, list)) => is(list, second).then_some(2),
            None => is(COMMANDS, Some(first)).then_some(1),
        },
        None => None,
    }
}

/// How many words name a command of an interface that does not matter.
pub(super) fn of_interface(first: Option<&str>, second: Option<&str>) -> Option<usize> {
    match first {
        Some("ip" | "ipv6") => is(INTERFACE_IP, second).then_some(2),
        Some("tunnel") => is("destination mode protection", second).then_some(2),
        _ => is(INTERFACE, first).then_some(1),
    }
}

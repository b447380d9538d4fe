//! What does not change what passes between networks.

/// Commands at the beginning of a line, with all that is indented below them.
const COMMANDS: &str = "aaa arp banner boot bridge Building class-map clock configure console Current ddns device dns dot1x end exit http-client http-server ike \
    ikev2 ipsec isdn l2tp lldp logging mail monitor-group netmeister network-monitor nm ntp pki policy-map ppp proxy-dns pptp qos radius \
    radius-server route-map scheduler sflow snmp-agent sntp ssh-server syslog system tacacs telnet-server terminal timezone track username Using \
    watch-group web-console write";

/// Of `ip` and `ipv6`: what follows.
const IP: &str = "as-path community-list dhcp dhcp-relay domain host icmp igmp mld multicast-routing name-server nd neighbor prefix-list route-cache ufs-cache";

/// Of an interface: the first word.
const INTERFACE: &str = "arp auto-connect bandwidth description dialer dot1x duplex encapsulation ike ikev2 isdn l2tp lldp mac-address mdi-mdix mobile mtu ppp pppoe pptp proxy-dns \
    qos service-policy shutdown snmp-agent speed traffic-shape tunnel watch-group";

/// Of an interface: what follows `ip` or `ipv6`.
const INTERFACE_IP: &str = "arp dhcp dhcp-relay enable helper-address icmp igmp interface-identifier mld mtu nd ospf pim proxy-arp redirects rip ripng tcp traffic-class ufs-cache unreachables";

fn is(list: &str, word: Option<&str>) -> bool {
    word.is_some_and(|word| list.split_whitespace().any(|known| known == word))
}

/// How many words name a command at the beginning of a line that does not matter.
pub(super) fn command(first: Option<&str>, second: Option<&str>) -> Option<usize> {
    match first {
        Some("ip" | "ipv6") => is(IP, second).then_some(2),
        Some("no") => (is(COMMANDS, second) && second != Some("configure")).then_some(2),
        _ => is(COMMANDS, first).then_some(1),
    }
}

/// How many words name a command of an interface that does not matter.
pub(super) fn of_interface(first: Option<&str>, second: Option<&str>) -> Option<usize> {
    match first {
        Some("ip" | "ipv6") => is(INTERFACE_IP, second).then_some(2),
        _ => is(INTERFACE, first).then_some(1),
    }
}

//! What does not change what passes between networks.

/// Commands at the beginning of a line, with all that is indented below them.
const COMMANDS: &str = "aaa alias archive arp authentication banner boot boot-start-marker boot-end-marker buffers call call-home cdp cef class-map clock config-register \
    control-plane cpp crypto cts default-value device-sensor device-tracking diagnostic do dot1x enable end energywise environment errdisable event exception exit file fabric-version \
    hw-module identity ipc key kron lacp ldap license line lldp location logging login mac mac-address-table macro management memory memory-size mls mode module monitor \
    multilink name netconf netconf-yang network-clock network-clock-participate ntp nvram object-tracking parameter-map parser password pagp platform policy-map power ppp \
    privilege process process-max-time prompt qos queue-monitor quit radius radius-server redundancy resource restconf rmon router-id sampler scheduler sdm security service session \
    sdflow setup shell snmp snmp-server software spanning-tree spd ssh stack-mac standby stackwise subscriber-policy switch system tacacs tacacs-server tclsh telemetry template \
    terminal time-range track transport udld upgrade username version virtual-service vlan vpdn vpdn-group vstack vtp wireless wism wrr-queue bfd bfd-template \
    Building Current Using Last show policy route-tag";

/// Of `ip` and `ipv6`: what follows.
const IP: &str = "arp as-path auth-proxy bgp-community bootp cef classless community-list ddns default-gateway dhcp dhcp-client dhcp-server domain domain-list domain-lookup domain-name dns extcommunity-list finger flow-cache \
    flow-export flow forward-protocol ftp gratuitous-arps host hosts hostname http icmp identd igmp ips kerberos local multicast msdp name-server nbar options pim prefix-list radius rcmd \
    reflexive-list rsvp scp sla snmp source-track ssh subnet-zero tacacs tcp telnet tftp sdr udp urlfilter wccp unicast-routing cef source-route ospf nd neighbor general-prefix mld dhcp-relay spd nhrp audit address-pool";

/// Of an interface: the first word.
const INTERFACE: &str = "arp auto backup bandwidth bfd carrier-delay cdp channel-group channel-protocol clock cts dampening delay description device-tracking dialer dialer-group dot1x down-when-looped duplex encapsulation energywise \
    exit fair-queue flowcontrol flow full-duplex half-duplex group-range hold-queue history isdn keepalive lacp load-interval lldp logging loopback mab macro max-reserved-bandwidth mac-address mdix media-type mka mls mtu \
    negotiation ntp peer plim power ppp pppoe pppoe-client priority-queue pulse-time qos queue-set random-detect rate-limit redundancy sap shutdown snmp spanning-tree speed srr-queue standby storm-control switchport authentication clns ethernet network-clock propagate timer \
    traffic-shape transmit-interface tunnel tx-ring-limit udld vlan-id vlan-range vrrp trust wrr-queue isis ospfv3 cpu counter crc digest autonegotiation access-session";

/// Of an interface: what follows `ip` or `ipv6`.
const INTERFACE_IP: &str = "accounting authentication bandwidth-percent cef dampening-change dampening-interval dhcp directed-broadcast-limit enable flow hello-interval helper-address hold-time icmp igmp information-reply ip-address irdp load-sharing local-proxy-arp \
    mask-reply mfib mld mroute-cache mtu multicast nbar nd nhrp ospf eigrp rip ospfv3 next-hop-self pim proxy-arp rsvp redirects route-cache router rtp sap split-horizon summary-address tcp unreachables verify virtual-reassembly summary ips dvmrp cgmp \
    nat-enable verify-source";

fn is(list: &str, word: Option<&str>) -> bool {
    word.is_some_and(|word| list.split_whitespace().any(|known| known == word))
}

/// How many words name a command at the beginning of a line that does not matter.
pub(super) fn command([first, second, third]: [Option<&str>; 3]) -> Option<usize> {
    match first {
        Some("ip" | "ipv6") => is(IP, second).then_some(2),
        // How labels are told, not what is sent with them.
        Some("mpls") => is("label ldp", second).then_some(2),
        // What does not matter does not matter when it is undone; a class or a policy may be one of a firewall by zones.
        Some("no") if is("class-map policy-map no", second) => None,
        Some("no") if second == Some("mop") => Some(2),
        Some("no") => command([second, third, None]).map(|words| words + 1),
        _ => is(COMMANDS, first).then_some(1),
    }
}

/// How many words name a command of an interface that does not matter.
pub(super) fn of_interface(first: Option<&str>, second: Option<&str>) -> Option<usize> {
    match first {
        Some("ip" | "ipv6") => is(INTERFACE_IP, second).then_some(2),
        // Policies of quality only mark, delay and drop; others may send elsewhere.
        Some("service-policy") => is("input output history", second).then_some(2),
        Some("mpls") => is("mtu label ldp", second).then_some(2),
        Some("policy") => is("static dynamic", second).then_some(2),
        Some("default") => is("timer", second).then_some(2),
        _ => is(INTERFACE, first).then_some(1),
    }
}

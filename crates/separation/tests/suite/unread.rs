//! What a language has and its reader does not follow is told, never passed over.

use separation::dialect::named;

use crate::dialect::read;

/// A dialect, a configuration, and the lines of it that must be told; none where all is well.
const CASES: &[(&str, &str, &[u32])] = &[
    (
        "fortios",
        "config global\nconfig system interface\nedit \"npu0_vlink0\"\nset vdom \"root\"\nnext\n\
         edit \"npu0_vlink1\"\nset vdom \"inner\"\nset ip 10.9.9.2 255.255.255.252\nnext\nend\nend\n\
         config vdom\nedit root\nconfig system settings\nset opmode nat\nend\nnext\n\
         edit inner\nconfig system settings\nset opmode nat\nend\nnext\nend\n",
        &[6],
    ),
    (
        "fortios",
        "config system interface\nedit \"npu0_vlink0\"\nset vdom \"root\"\nnext\nedit \"npu0_vlink1\"\n\
         set vdom \"root\"\nnext\nend\n",
        &[],
    ),
    (
        "fortios",
        "config system npu-vlink\nedit \"npu0_vlink\"\nnext\nend\n",
        &[2],
    ),
    // Entries that others name are not renamed, none is moved to where none is, and routes of a VPN are not followed.
    (
        "fortios",
        "config firewall address\nedit \"a\"\nset subnet 10.0.0.1 255.255.255.255\nnext\nend\nconfig firewall addrgrp\nedit \"g\"\n\
         set member \"a\"\nnext\nmove \"g\" before \"h\"\nclone \"h\" to \"i\"\ndelete \"h\"\nmove \"g\" behind \"g\"\nend\n\
         config firewall address\nrename \"a\" to \"b\"\nend\n\
         config router bgp\nconfig neighbor\nedit \"192.0.2.9\"\nset activate-vpnv4 enable\nset remote-as 65001\nnext\nend\nend\n",
        &[10, 11, 12, 13, 16, 21],
    ),
    ("asa", "firewall transparent\n", &[1]),
    ("asa", "context inner\n", &[1]),
    ("asa", "ASA Version 8.2(5)\n", &[1]),
    (
        "asa",
        "static (inside,outside) 198.51.100.4 10.20.1.4 netmask 255.255.255.255\nnat (inside) 1 10.20.1.0 255.255.255.0\n",
        &[1, 2],
    ),
    ("asa", "route inside 0.0.0.0 0.0.0.0 10.20.1.254 tunnelled\n", &[1]),
    ("asa", "established tcp 6000 0 permitto tcp 1024-65535\n", &[1]),
    (
        "asa",
        "interface G0/0\n nameif outside\n zone-member edge\n bridge-group 1\n policy-route route-map web\n",
        &[3, 4, 5],
    ),
    // A list that names what nobody defines, where it is bound and where it is not; groups that hold each other.
    (
        "asa",
        "interface G0/0\n nameif outside\nobject-group network a\n group-object b\nobject-group network b\n group-object a\n\
         access-list bound extended permit ip object-group a any\naccess-list bound extended permit tcp any object missing\n\
         access-list loose extended permit tcp any object missing\naccess-group bound in interface outside\n",
        &[7, 8],
    ),
    // The other end says what comes through: clients, and a map without a list.
    (
        "asa",
        "interface G0/0\n nameif outside\nwebvpn\n enable outside\ncrypto dynamic-map far 1 set reverse-route\n\
         crypto map near 1 ipsec-isakmp dynamic far\ncrypto map near interface outside\n",
        &[7, 4],
    ),
    (
        "asa",
        "interface G0/0\n nameif outside\nwebvpn\n enable outside\nno sysopt connection permit-vpn\n",
        &[],
    ),
    // A translation to an interface where the routes do not lead.
    (
        "asa",
        "interface G0/0\n nameif outside\n ip address 198.51.100.2 255.255.255.0\n\
         interface G0/1\n nameif inside\n ip address 10.20.1.1 255.255.255.0\ninterface G0/2\n nameif dmz\n ip address 10.20.9.1 255.255.255.0\n\
         object network server\n host 10.20.9.10\n nat (inside,outside) static 198.51.100.4\n",
        &[12],
    ),
    (
        "ix",
        "interface GigaEthernet0.0\n  bridge-group 1\n  ip policy route-map web\n  ipsec policy transport map out\n",
        &[2, 3, 4],
    ),
    ("ix", "interface Tunnel0.0\n  ipsec policy tunnel map out\n", &[]),
    ("ix", "router bgp 65000\n  neighbor 192.0.2.1 remote-as 65001\n", &[1]),
    // A denial of which the rest cannot be read, in a list that a dynamic one asks and in one that nobody asks.
    (
        "ix",
        "ip access-list staff deny ip src 10.20.1.0/24 to any\nip access-list follow permit ip from any\n\
         ip access-list dynamic follow access staff\ninterface GigaEthernet0.0\n  ip filter follow 1 in\n",
        &[2, 1],
    ),
    (
        "ix",
        "interface GigaEthernet0.0\n  ip napt enable\n  ip napt inside list missing\n",
        &[2],
    ),
    // Routing protocols: what is told as routes of IP is followed; labels, tunnels and other ways are not.
    (
        "ios",
        "router ospf 1\n router-id 192.0.2.1\n network 10.20.0.0 0.0.255.255 area 0\n passive-interface default\n\
         router bgp 65000\n neighbor 192.0.2.9 remote-as 65001\n neighbor 192.0.2.9 password himitsu\n address-family ipv4 vrf city\n\
         \x20 redistribute connected\n exit-address-family\nipv6 router ospf 1\n no passive-interface Vlan1\n",
        &[],
    ),
    (
        "ios",
        "router bgp 65000\n neighbour 192.0.2.9 remote-as 65001\n neighbor 192.0.2.9 send-label\n address-family vpnv4\n\
         \x20 neighbor 192.0.2.9 activate\n address-family ipv4 flowspec\nrouter lisp\nrouter opsf 1\n\
         interface Vlan1\n mpls ip\n mpls mtu 1504\n ip wccp 61 redirect in\n service-policy type control users\n service-policy input mark\n\
         nat64 prefix stateful 2001:db8::/96\nno class-map type inspect web\nno snmp-server location\n",
        &[2, 3, 4, 6, 7, 8, 10, 12, 13, 15, 16],
    ),
    (
        "asa",
        "router eigrp 1\n network 10.20.0.0 255.255.0.0\nrouter bgp 65000\n address-family ipv4 unicast\n  neighbor 192.0.2.9 remote-as 65001\n\
         \x20 neighbor 192.0.2.9 password himitsu\nmulticast-routing\n",
        &[],
    ),
    (
        "asa",
        "router ospf 1\n segment-routing mpls\nwccp web-cache\nscansafe general-options\n",
        &[2, 3, 4],
    ),
    // Groups of ports that are nowhere, or have no member; a kind of group that is not known.
    (
        "ios",
        "object-group ip port none\nobject-group fqdn sites\n example.jp\nip access-list extended IN\n permit tcp any any portgroup none\n\
         \x20permit tcp any any portgroup missing\n permit tcp any any eq 80\ninterface Vlan1\n ip access-group IN in\n",
        &[2, 5, 6],
    ),
    // A zone that stands for a virtual system that does not see this one, and for one that is not there.
    (
        "panos",
        "set vsys vsys1 import visible-vsys vsys2\nset vsys vsys1 zone a network layer3 ethernet1/1\n\
         set vsys vsys1 zone b network external vsys2\nset vsys vsys2 zone a network layer3 ethernet1/2\n\
         set vsys vsys2 zone b network external vsys3\n",
        &[3, 5],
    ),
    (
        "panos",
        "set vsys vsys1 zone a network layer3 ethernet1/1\nset vsys vsys2 zone a network layer3 [ ethernet1/2 ethernet1/1 ]\n",
        &[2],
    ),
    // Rules of several virtual systems, and of one that has none.
    (
        "panos",
        "set vsys vsys1 zone a network layer3 ethernet1/1\nset vsys vsys2 zone a network layer3 ethernet1/2\n\
         set policy panorama pre-rulebase security rules all action deny\n",
        &[3],
    ),
    // Routes of others are followed; labels are not.
    (
        "junos",
        "set protocols bgp group g neighbor 192.0.2.9 family inet unicast\nset protocols bgp group g family inet labeled-unicast\n\
         set protocols mpls interface all\nset protocols ospf area 0 interface ge-0/0/0.0\nset routing-options generate route 0.0.0.0/0\n\
         set routing-options flow route a match destination 192.0.2.0/24\n",
        &[6, 2, 3],
    ),
    (
        "panos",
        "set network virtual-router default protocol bgp enable yes\n",
        &[],
    ),
    // Filters that hold each other, and one that is not there.
    (
        "junos",
        "set firewall family inet filter a term t filter b\nset firewall family inet filter b term t filter a\n\
         set firewall family inet filter c term t filter d\nset firewall family inet filter c term u filter a\n\
         set firewall family inet filter c term u then accept\n",
        &[2, 3, 5],
    ),
    // Zones: a class of two lists, a policy that is nowhere, other ports for protocols.
    (
        "ios",
        "interface GigabitEthernet0/0\n zone-member security in\ninterface GigabitEthernet0/1\n zone-member security out\n\
         class-map type inspect match-all two\n match access-group 101\n match access-group 102\n match not protocol ssh\n\
         policy-map type inspect p\n class type inspect two\n  inspect\n  reset\nip port-map http port tcp 8080\n\
         zone-pair security a source in destination out\n service-policy type inspect p\n\
         zone-pair security b source out destination in\n service-policy type inspect q\n",
        &[13, 12, 10, 8, 16],
    ),
];

#[test]
fn what_a_reader_does_not_follow_is_told() {
    for (name, text, expected) in CASES {
        let device = read(named(name).expect("a dialect"), text);
        let mut lines: Vec<u32> = device.unread.iter().map(|unread| unread.line.number).collect();
        lines.dedup();
        assert_eq!(lines, *expected, "{name}: {text}\n{:#?}", device.unread);
    }
}

//! Which tables and settings matter, which do not. What is in neither list is not understood.

use crate::device::Affects;
use crate::dialect::statement::is_near;

/// A table whose entries matter.
pub(super) struct Table {
    /// `firewall policy`; of a table inside an entry of another, with the other's path before a `/`.
    pub(super) path: &'static str,
    /// Whether it has entries (`edit`).
    pub(super) has_entries: bool,
    /// Settings that matter.
    keys: &'static str,
    /// Settings that do not; empty where every setting that does not look like one that matters is one of these.
    beside: &'static str,
    /// What a line of it that is not understood may change.
    pub(super) affects: Affects,
    /// Why an entry of it is not understood, if none is.
    pub(super) refused: Option<(&'static str, &'static str)>,
    /// Whether an entry says that other devices tell routes.
    pub(super) learns: bool,
}

/// What a table is.
pub(super) enum Kind {
    Matters(&'static Table),
    Beside,
}

/// What a setting is.
pub(super) enum Key {
    Matters(&'static str),
    /// It matters that it is set; its values are people, groups, names of hosts, and are not shown.
    Hidden(&'static str),
    /// It does not matter.
    Beside,
    /// It does not matter, and is in no list: its name is not shown either.
    Unlisted,
}

const HIDDEN: [&str; 16] = [
    "groups",
    "users",
    "fsso-groups",
    "ztna-ems-tag",
    "ztna-geo-tag",
    "src-vendor-mac",
    "macaddr",
    "start-mac",
    "end-mac",
    "fqdn",
    "country",
    "sdn",
    "filter",
    "wildcard-fqdn",
    "devices",
    "sgt",
];

impl Table {
    /// What a setting of the table is; `None` where it is not known.
    pub(super) fn key(&self, word: &str) -> Option<Key> {
        if let Some(key) = self.keys.split_whitespace().find(|key| *key == word) {
            return Some(if HIDDEN.contains(&key) {
                Key::Hidden(key)
            } else {
                Key::Matters(key)
            });
        }
        if !self.beside.is_empty() {
            let mut beside = self.beside.split_whitespace().chain(DESCRIBED.split_whitespace());
            return beside.any(|key| key == word).then_some(Key::Beside);
        }
        let is_key = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        (is_key && !self.keys.split_whitespace().any(|key| is_near(word, key))).then_some(Key::Unlisted)
    }
}

/// The table of the words of a `config`, and how many words name it.
pub(super) fn find<'w>(outer: Option<&Table>, word: impl Fn(usize) -> Option<&'w str>) -> Option<(Kind, usize)> {
    let fits = |path: &str| path.split(' ').enumerate().all(|(at, part)| word(at) == Some(part));
    let count = |path: &str| path.split(' ').count();
    let inner = |path: &'static str| match outer {
        None => Some(path).filter(|path| !path.contains('/')),
        Some(outer) => path.strip_prefix(outer.path)?.strip_prefix('/'),
    };
    let matters = TABLES.iter().filter_map(|table| Some((table, inner(table.path)?)));
    let matters = matters
        .filter(|(_, path)| fits(path))
        .max_by_key(|(_, path)| count(path));
    let beside = BESIDE
        .lines()
        .filter_map(inner)
        .filter(|path| fits(path))
        .map(count)
        .max();
    match (matters, beside) {
        (Some((table, path)), beside) if beside.is_none_or(|beside| beside <= count(path)) => {
            Some((Kind::Matters(table), count(path)))
        }
        (_, Some(beside)) => Some((Kind::Beside, beside)),
        _ => None,
    }
}

const PLAIN: Table = Table {
    path: "",
    has_entries: true,
    keys: "",
    beside: "",
    affects: Affects::Everything,
    refused: None,
    learns: false,
};

/// Settings of nearly every table that only describe.
const DESCRIBED: &str = "uuid comment comments color visibility fabric-object tags name description";

static TABLES: &[Table] = &[
    Table {
        path: "system global",
        has_entries: false,
        keys: "hostname",
        ..PLAIN
    },
    Table {
        path: "system settings",
        has_entries: false,
        keys: "opmode central-nat ngfw-mode asymroute asymroute6 vdom-type",
        ..PLAIN
    },
    Table {
        path: "system interface",
        keys: "vdom ip mode vrf remote-ip defaultgw interface type",
        ..PLAIN
    },
    Table {
        path: "system interface/secondaryip",
        keys: "ip",
        ..PLAIN
    },
    Table {
        path: "system interface/ipv6",
        has_entries: false,
        keys: "ip6-address ip6-mode",
        ..PLAIN
    },
    Table {
        path: "system interface/ipv6/ip6-extra-addr",
        keys: "",
        ..PLAIN
    },
    Table {
        path: "system interface/vrrp",
        keys: "vrip",
        ..PLAIN
    },
    Table {
        path: "system zone",
        keys: "interface intrazone",
        beside: "tagging",
        ..PLAIN
    },
    Table {
        path: "system sdwan",
        has_entries: false,
        ..PLAIN
    },
    Table {
        path: "system sdwan/members",
        keys: "interface zone gateway status",
        ..PLAIN
    },
    Table {
        path: "system virtual-wan-link",
        has_entries: false,
        ..PLAIN
    },
    Table {
        path: "system virtual-wan-link/members",
        keys: "interface zone gateway status",
        ..PLAIN
    },
    Table {
        path: "system virtual-wire-pair",
        refused: Some((
            "仮想ワイヤの間を通るものは読めない",
            "what passes a virtual wire pair is not read",
        )),
        ..PLAIN
    },
    Table {
        path: "system switch-interface",
        refused: Some((
            "ソフトウェアスイッチでつながる口の間は読めない",
            "what passes a software switch is not read",
        )),
        ..PLAIN
    },
    Table {
        path: "system vdom-link",
        refused: Some((
            "VDOM の間の接続は読めない",
            "links between virtual domains are not read",
        )),
        ..PLAIN
    },
    Table {
        path: "system npu-vlink",
        refused: Some((
            "VDOM の間の接続は読めない",
            "links between virtual domains are not read",
        )),
        ..PLAIN
    },
    Table {
        path: "firewall address",
        keys: "type subnet start-ip end-ip wildcard fqdn country interface sub-type associated-interface sdn \
            start-mac end-mac macaddr wildcard-fqdn obj-type filter",
        beside: "allow-routing cache-ttl clearpass-spt fsso-group obj-id sdn-addr-type obj-tag tag-type epg-name \
            tenant organization subnet-name policy-group node-ip-only list tagging",
        ..PLAIN
    },
    Table {
        path: "firewall address6",
        keys: "type ip6 start-ip end-ip fqdn country sdn host host-type template macaddr start-mac end-mac",
        beside: "cache-ttl obj-id list tagging",
        ..PLAIN
    },
    Table {
        path: "firewall addrgrp",
        keys: "member exclude exclude-member type",
        beside: "allow-routing category tagging",
        ..PLAIN
    },
    Table {
        path: "firewall addrgrp6",
        keys: "member exclude exclude-member",
        beside: "tagging",
        ..PLAIN
    },
    Table {
        path: "firewall service custom",
        keys: "protocol tcp-portrange udp-portrange sctp-portrange udplite-portrange icmptype icmpcode \
            protocol-number iprange fqdn app-service-type application app-category",
        beside: "category proxy helper check-reset-range tcp-halfclose-timer tcp-halfopen-timer tcp-timewait-timer \
            tcp-rst-timer udp-idle-timer session-ttl explicit-proxy",
        ..PLAIN
    },
    Table {
        path: "firewall service group",
        keys: "member",
        beside: "proxy explicit-proxy",
        ..PLAIN
    },
    Table {
        path: "firewall vip",
        keys: "type extip mappedip extintf portforward protocol extport mappedport src-filter srcintf-filter status \
            service mapped-addr extaddr portmapping-type nat44 nat46 ipv6-mappedip",
        beside: "id arp-reply nat-source-vip gratuitous-arp-interval dns-mapping-ttl http-redirect \
            one-click-gslb-server src-vip-filter",
        affects: Affects::Translations,
        ..PLAIN
    },
    Table {
        path: "firewall vip6",
        affects: Affects::Translations,
        refused: Some(("IPv6 の VIP は読めない", "virtual addresses of IPv6 are not read")),
        ..PLAIN
    },
    Table {
        path: "firewall vipgrp",
        keys: "member interface",
        beside: "id",
        affects: Affects::Translations,
        ..PLAIN
    },
    Table {
        path: "firewall ippool",
        keys: "startip endip type",
        beside: "arp-reply arp-intf associated-interface block-size num-blocks-per-user pba-timeout permit-any-host \
            source-startip source-endip startport endport port-per-user privileged-port-use-pba \
            subnet-broadcast-in-ippool nat64 add-nat64-route cgn-block-size client-prefix-length \
            icmp-session-quota pba-interim-log tcp-session-quota udp-session-quota source-prefix6 exclude-ip",
        affects: Affects::Translations,
        ..PLAIN
    },
    Table {
        path: "firewall central-snat-map",
        keys: "status srcintf dstintf orig-addr dst-addr protocol orig-port nat-ippool nat nat-port type orig-addr6 \
            dst-addr6 dst-port nat-ippool6 port-preserve",
        beside: "policyid",
        affects: Affects::Translations,
        ..PLAIN
    },
    Table {
        path: "firewall policy",
        keys: POLICY,
        beside: POLICY_BESIDE,
        ..PLAIN
    },
    Table {
        path: "firewall policy6",
        keys: POLICY,
        beside: POLICY_BESIDE,
        ..PLAIN
    },
    Table {
        path: "firewall security-policy",
        refused: Some((
            "ポリシーベースの NGFW の規則は読めない",
            "rules of the policy-based mode are not read",
        )),
        ..PLAIN
    },
    Table {
        path: "firewall proxy-policy",
        refused: Some(("プロキシの規則は読めない", "rules of the proxy are not read")),
        ..PLAIN
    },
    Table {
        path: "firewall multicast-policy",
        refused: Some(("マルチキャストの規則は読めない", "rules for multicast are not read")),
        ..PLAIN
    },
    Table {
        path: "router static",
        keys: "dst gateway device distance blackhole status sdwan sdwan-zone virtual-wan-link dstaddr \
            internet-service internet-service-custom dynamic-gateway src vrf",
        beside: "priority weight link-monitor-exempt bfd tag preferred-source",
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router static6",
        keys: "dst gateway device distance blackhole status sdwan sdwan-zone virtual-wan-link dstaddr \
            dynamic-gateway vrf",
        beside: "priority devindex bfd link-monitor-exempt weight",
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router policy",
        keys: "input-device input-device-negate src srcaddr src-negate dst dstaddr dst-negate action protocol \
            start-port end-port start-source-port end-source-port gateway output-device status \
            internet-service-id internet-service-custom users groups",
        beside: "tos tos-mask",
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router policy6",
        affects: Affects::Routes,
        refused: Some(("IPv6 のポリシールートは読めない", "policy routes of IPv6 are not read")),
        ..PLAIN
    },
    Table {
        path: "router ospf",
        has_entries: false,
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router ospf/network",
        ..LEARNT
    },
    Table {
        path: "router ospf/area",
        ..LEARNT
    },
    Table {
        path: "router ospf6",
        has_entries: false,
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router ospf6/area",
        ..LEARNT
    },
    Table {
        path: "router bgp",
        has_entries: false,
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router bgp/neighbor",
        ..LEARNT
    },
    Table {
        path: "router bgp/neighbor-range",
        ..LEARNT
    },
    Table {
        path: "router rip",
        has_entries: false,
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router rip/network",
        ..LEARNT
    },
    Table {
        path: "router ripng",
        has_entries: false,
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router ripng/interface",
        ..LEARNT
    },
    Table {
        path: "router isis",
        has_entries: false,
        affects: Affects::Routes,
        ..PLAIN
    },
    Table {
        path: "router isis/isis-net",
        ..LEARNT
    },
];

/// What other devices tell. Only routes of a VPN matter beyond that: their packets go in others.
const LEARNT: Table = Table {
    keys: "activate-vpnv4 activate-vpnv6 activate-evpn",
    affects: Affects::Routes,
    learns: true,
    ..PLAIN
};

const POLICY: &str = "srcintf dstintf srcaddr dstaddr srcaddr6 dstaddr6 srcaddr-negate dstaddr-negate srcaddr6-negate \
    dstaddr6-negate service service-negate schedule action status nat ippool poolname fixedport \
    match-vip match-vip-only internet-service internet-service-name internet-service-id \
    internet-service-group internet-service-custom internet-service-custom-group internet-service-src \
    internet-service-src-name internet-service-src-id internet-service-src-group \
    internet-service-src-custom internet-service-negate internet-service-src-negate internet-service6 \
    internet-service6-name internet-service6-src internet-service6-src-name groups users fsso-groups \
    application app-category app-group url-category devices src-vendor-mac ztna-status ztna-ems-tag \
    ztna-geo-tag vpntunnel inbound outbound natinbound natoutbound nat64 nat46 reputation-minimum \
    reputation-direction identity-based sgt sgt-check logtraffic";

const POLICY_BESIDE: &str = "utm-status av-profile webfilter-profile ips-sensor ips-voip-filter application-list ssl-ssh-profile \
    profile-type profile-group profile-protocol-options dnsfilter-profile emailfilter-profile \
    spamfilter-profile file-filter-profile voip-profile dlp-sensor dlp-profile waf-profile icap-profile \
    cifs-profile videofilter-profile ssh-filter-profile sctp-filter-profile virtual-patch-profile \
    casb-profile diameter-filter-profile logtraffic-start log-unmatched-traffic label global-label \
    capture-packet auto-asic-offload np-acceleration traffic-shaper traffic-shaper-reverse per-ip-shaper \
    session-ttl tcp-mss-sender tcp-mss-receiver inspection-mode timeout-send-rst anti-replay \
    diffserv-forward diffserv-reverse diffserv-copy diffservcode-forward diffservcode-rev vlan-cos-fwd \
    vlan-cos-rev vlan-filter wccp disclaimer replacemsg-override-group redirect-url permit-any-host \
    permit-stun-host dsri scan-botnet-connections delay-tcp-npu-session radius-mac-auth-bypass \
    radius-ip-auth-bypass geoip-match geoip-anycast tcp-session-without-syn rtp-nat rtp-addr \
    email-collect wsso fsso fsso-agent-for-ntlm ntlm ntlm-guest ntlm-enabled-browsers auth-path \
    auth-cert auth-redirect-addr custom-log-fields natip webcache webcache-https webproxy-profile \
    webproxy-forward-server wanopt wanopt-detection wanopt-passive-opt wanopt-profile wanopt-peer \
    block-notification learning-mode schedule-timeout policy-expiry policy-expiry-date \
    policy-expiry-date-utc passive-wan-health-measurement dynamic-shaping decrypted-traffic-mirror \
    http-policy-redirect ssh-policy-redirect ztna-policy-redirect pcp-inbound pcp-outbound pcp-poolname \
    eif-check eif-learn cgn-session-quota cgn-eif cgn-eim cgn-log-server-grp cgn-resource-quota tos \
    tos-mask tos-negate port-preserve max-session-per-user ssl-mirror ssl-mirror-intf \
    firewall-session-dirty send-deny-packet policy-offload fec port-random";

/// Tables in which nothing changes what passes between networks, one a line, with the words after them.
static BESIDE: &str = include_str!("beside.txt");

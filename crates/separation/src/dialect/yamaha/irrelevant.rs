//! Commands that do not change what passes between networks.

use crate::dialect::statement::is_near;

/// Words that a line can begin with and that no command of [`IRRELEVANT`] begins with.
const OTHERS: [&str; 7] = ["bgp", "bridge", "delete", "no", "ospf", "rip", "vrrp"];

/// Whole families, and single commands of families that matter. `*` stands for the name of an interface or a number. What follows
/// these words is not looked at.
const IRRELEVANT: &[&str] = &[
    "administrator",
    "account",
    "alarm",
    "analog",
    "auth",
    "aaa",
    "clear",
    "cloud",
    "cold",
    "connect",
    "console",
    "copy",
    "cooperation",
    "date",
    "description",
    "dhcp",
    "diagnosis",
    "disconnect",
    "dns",
    "embedded",
    "ethernet lan",
    "exit",
    "external-memory",
    "fr",
    "grep",
    "heartbeat",
    "heartbeat2",
    "help",
    "http",
    "httpd",
    "https",
    "icmp",
    "ipsec",
    "interface reset",
    "isdn",
    "keepalive",
    "l2ms",
    "l2tp",
    "leased",
    "led",
    "less",
    "line",
    "load",
    "log",
    "login",
    "lua",
    "mail",
    "mobile",
    "modem",
    "monitor",
    "netvolante-dns",
    "ngn",
    "ntpdate",
    "onfs",
    "operation",
    "packetdump",
    "ppp",
    "pppoe",
    "pptp",
    "provider",
    "proxy",
    "qac-tm",
    "queue",
    "quit",
    "radius",
    "rdate",
    "remote",
    "restart",
    "rollback-timer",
    "rtfs",
    "save",
    "scp",
    "schedule",
    "security",
    "set",
    "sftpd",
    "show",
    "sip",
    "snmp",
    "snmpv2c",
    "snmpv3",
    "sntpd",
    "speed",
    "ssh",
    "sshd",
    "statistics",
    "syslog",
    "system",
    "telnet",
    "telnetd",
    "terminate",
    "tftp",
    "time",
    "timezone",
    "upnp",
    "usbhost",
    "user",
    "wan",
    "wins",
    "wol",
    "yno",
    // Layer 2 of an Ethernet port; which ports belong to which VLAN is in `lan type` and `vlan`, which are read.
    "lan backup",
    "lan count-hub-overflow",
    "lan keepalive",
    "lan link-aggregation",
    "lan linkup",
    "lan port-mirroring",
    "lan shutdown",
    "lan receive-buffer-size",
    "lan type",
    "vlan port mapping",
    "switch",
    // Dialling and keeping lines.
    "pp always-on",
    "pp auth",
    "pp backup",
    "pp bind",
    "pp disable",
    "pp enable",
    "pp keepalive",
    "pp name",
    "pp enable",
    "tunnel backup",
    "tunnel disable",
    "tunnel enable",
    "tunnel encapsulation",
    "tunnel endpoint",
    "tunnel name",
    "tunnel template",
    "tunnel type",
    "tunnel multipoint",
    // IP that forwards nothing, or only what is forwarded anyway.
    "ip arp timer",
    "ip filter dynamic timer",
    "ip filter fqdn timer",
    "ip flow",
    "ip fragment remove df-bit",
    "ip host",
    "ip icmp",
    "ip keepalive",
    "ip log",
    "ip reassembly",
    "ip route change log",
    "ip routing",
    "ip routing process",
    "ip simple-service",
    "ip stealth",
    "ip tos supersede",
    "ip * arp log",
    "ip * arp static",
    "ip * arp queue length",
    "ip * dhcp auto",
    "ip * dhcp lease time",
    "ip * dhcp retry",
    "ip * intrusion detection",
    "ip * mtu",
    "ip * proxyarp",
    "ip * rebound",
    "ip * tcp mss limit",
    "ip * tcp window-scale",
    "ip * traffic list",
    "ip * wol relay",
    "ip * keepalive",
    "ip * dhcp service",
    "ip pp remote address pool",
    "ip * mac-address",
    "ip * igmp",
    "ip * secure filter log",
    "ipv6 icmp",
    "ipv6 max auto address",
    "ipv6 nd",
    "ipv6 ospf configure refresh",
    "ipv6 rh0 discard",
    "ipv6 routing",
    "ipv6 routing process",
    "ipv6 source address selection rule",
    "ipv6 stealth",
    "ipv6 * dad retry count",
    "ipv6 * dhcp service",
    "ipv6 * mld",
    "ipv6 * mtu",
    "ipv6 * rtadv send",
    "ipv6 * tcp mss limit",
    "ipv6 * icmp",
    "ipv6 * rip",
    "ipv6 * mld static",
    "ipv6 * nd",
    "ipv6 reassembly",
    "ipv6 * secure filter log",
    // Translation: its timers and logs.
    "nat descriptor backward-compatibility",
    "nat descriptor ftp port",
    "nat descriptor log",
    "nat descriptor masquerade port range",
    "nat descriptor masquerade remove df-bit",
    "nat descriptor masquerade rlogin",
    "nat descriptor masquerade session limit",
    "nat descriptor masquerade ttl hold",
    "nat descriptor masquerade unconvertible port",
    "nat descriptor sip",
    "nat descriptor timer",
    // URL filters only ever keep packets out.
    "url",
];

/// How many words of `words` are those of a command that does not matter.
pub(super) fn irrelevant<'w>(word: impl Fn(usize) -> Option<&'w str>) -> Option<usize> {
    let fits = |command: &&&str| {
        command
            .split(' ')
            .enumerate()
            .all(|(at, part)| word(at).is_some_and(|word| if part == "*" { is_interface(word) } else { part == word }))
    };
    IRRELEVANT
        .iter()
        .filter(fits)
        .map(|command| command.split(' ').count())
        .max()
}

/// Whether a word names an interface: `lan1`, `lan1/1`, `lan1.2`, `vlan3`, `bridge1`, `loopback1`, `wan1`, `onu1`, `pp`, `tunnel`, `null`.
pub(super) fn is_interface(word: &str) -> bool {
    if ["pp", "tunnel", "null"].contains(&word) {
        return true;
    }
    [
        "lan", "vlan", "bridge", "loopback", "wan", "onu", "wlan", "usb", "bri", "tunnel",
    ]
    .iter()
    .any(|kind| {
        word.strip_prefix(kind).is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit())
                && rest.len() <= 12
                && rest.chars().all(|c| c.is_ascii_digit() || "/.".contains(c))
        })
    })
}

/// Every word that a line can begin with.
fn commands() -> impl Iterator<Item = &'static str> {
    let first = IRRELEVANT.iter().filter_map(|command| command.split(' ').next());
    OTHERS.into_iter().chain(first)
}

/// Whether a line can begin with a word.
pub(super) fn is_command(word: &str) -> bool {
    commands().any(|command| command == word)
}

/// Whether a word is a command but for one letter.
pub(super) fn resembles_command(word: &str) -> bool {
    commands().any(|command| is_near(word, command))
}

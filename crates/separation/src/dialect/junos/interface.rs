//! Interfaces: their units, addresses, and which filters they are given.

use std::net::IpAddr;

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{After, Keys, Reading, is_in};
use super::super::statement::{is_near, prefix, unknown_word};
use crate::device::{Affects, InterfaceId, Line};
use crate::packet::Family;

/// What is known of the interfaces beside their addresses.
#[derive(Default)]
pub(super) struct Interfaces {
    /// Filters of units.
    pub(super) bindings: Vec<Binding>,
    /// Units whose packets are switched, not routed.
    pub(super) switched: Vec<InterfaceId>,
}

/// Filters of a unit in one direction, in the order in which they are asked.
pub(super) struct Binding {
    pub(super) interface: InterfaceId,
    pub(super) family: Family,
    pub(super) inward: bool,
    pub(super) filters: Vec<String>,
    pub(super) line: Line,
}

/// Settings of a unit that change nothing that passes.
const UNIT_BESIDE: &str = "description vlan-id vlan-id-range vlan-tags vlan-id-list bandwidth disable encapsulation point-to-point \
    multipoint proxy-arp traps no-traps ppp-options pppoe-options ppp dialer-options backup-options tunnel arp-resp \
    input-vlan-map output-vlan-map native-inner-vlan-id dlci vci inverse-arp keepalives no-keepalives accounting-profile \
    clear-dont-fragment-bit copy-tos-to-outer-ip-header reassemble-packets statistics enable swap-by-poppush \
    peer-unit peer-interface mac esi virtual-gateway-v4-mac virtual-gateway-v6-mac no-auto-virtual-gateway-esi load-balancing-options \
    radio-router layer2-policer rpm mtu alias service-domain media-type";

/// Settings of a family of addresses.
const FAMILY: Keys = &[
    ("address", After::Own),
    ("filter", After::Own),
    ("dhcp", After::Own),
    ("dhcp-client", After::Own),
    ("dhcpv6-client", After::Own),
    ("negotiate-address", After::Own),
    ("service", After::Own),
    ("simple-filter", After::Own),
    ("unnumbered-address", After::Beside),
    ("rpf-check", After::Beside),
    ("mtu", After::Beside),
    ("sampling", After::Beside),
    ("policer", After::Beside),
    ("no-redirects", After::Beside),
    ("no-neighbor-learn", After::Beside),
    ("dad-disable", After::Beside),
    ("nd6-stale-time", After::Beside),
    ("accounting", After::Beside),
    ("targeted-broadcast", After::Beside),
    ("primary", After::Beside),
    ("tcp-mss", After::Beside),
    ("ndp-proxy", After::Beside),
    ("dad-proxy", After::Beside),
    ("mac-validate", After::Beside),
    ("ndp", After::Beside),
    ("receive-options-packets", After::Beside),
    ("receive-ttl-exceeded", After::Beside),
    ("demux-source", After::Beside),
    ("arp-suppression", After::Beside),
    ("no-arp-suppression", After::Beside),
];

const FILTER: Keys = &[
    ("input", After::Value),
    ("input-list", After::Value),
    ("output", After::Value),
    ("output-list", After::Value),
    ("group", After::Hidden),
];

/// Reads the interfaces.
pub(super) fn read(reading: &mut Reading<'_, '_>, part: Option<&Node>) -> Interfaces {
    let mut interfaces = Interfaces::default();
    for device in part.into_iter().flat_map(Node::children) {
        let is_part = is_in("interface-range traceoptions interface-set", &device.word);
        if is_part || is_name(&device.word) {
            reading.take(device);
        }
        match &*device.word {
            "interface-range" => device.children().for_each(|range| members(reading, range)),
            "traceoptions" | "interface-set" => {}
            name if !is_name(name) => reading.unread(device, unknown_word(), Affects::Everything),
            _ => port(reading, device, &mut interfaces),
        }
    }
    interfaces
}

/// The interface of a name as zones and routes say it: `ge-0/0/0` is its unit 0.
pub(super) fn named(reading: &mut Reading<'_, '_>, name: &str, line: Line) -> InterfaceId {
    if name.contains('.') {
        reading.draft.interface(name, line)
    } else {
        reading.draft.interface(&format!("{name}.0"), line)
    }
}

/// Whether a word may be the name of an interface: kinds of which there are several have a number.
fn is_name(word: &str) -> bool {
    let single = "irb vlan dsc vtep tap lsi all gre ipip mtun pimd pime esi";
    word.contains(|c: char| c.is_ascii_digit()) || is_in(single, word)
}

/// Settings of many interfaces at once. What they have of the line matters not; addresses would.
fn members(reading: &mut Reading<'_, '_>, range: &Node) {
    reading.take(range);
    for setting in range.children() {
        let units = setting.word == "unit";
        let switched = |unit: &Node| {
            unit.child("family").is_some_and(|family| {
                family
                    .children()
                    .all(|family| is_in("ethernet-switching bridge", &family.word))
            })
        };
        if units && setting.children().all(switched) {
            reading.take(setting);
        } else if units || is_near(&setting.word, "unit") {
            reading.unread(
                setting,
                Text::fixed(
                    "範囲で書いたインタフェースの unit は読めない",
                    "units of a range of interfaces are not read",
                ),
                Affects::Everything,
            );
        }
    }
}

fn port(reading: &mut Reading<'_, '_>, device: &Node, interfaces: &mut Interfaces) {
    for setting in device.children() {
        if setting.word == "unit" {
            reading.take(setting);
            for unit in setting.children() {
                reading.take(unit);
                let name = format!("{}.{}", device.word, unit.word);
                let id = reading.draft.interface(&name, unit.line());
                self::unit(reading, unit, id, interfaces);
            }
        } else if is_near(&setting.word, "unit") {
            reading.unread(setting, unknown_word(), Affects::Everything);
        } else if is_in("description disable vlan-tagging mtu", &setting.word) {
            reading.take(setting);
        }
    }
}

fn unit(reading: &mut Reading<'_, '_>, unit: &Node, id: InterfaceId, interfaces: &mut Interfaces) {
    for setting in unit.children() {
        match &*setting.word {
            "family" => {
                reading.take(setting);
                setting.children().for_each(|of| family(reading, of, id, interfaces));
            }
            word if is_in(UNIT_BESIDE, word) => {
                reading.take(setting);
                // More settings may follow on the same line.
                let more = setting.children().chain(setting.children().flat_map(Node::children));
                for family in more.filter(|more| more.word == "family") {
                    reading.unread(family, unknown_word(), Affects::Interface(id));
                }
            }
            _ => reading.unread(setting, unknown_word(), Affects::Interface(id)),
        }
    }
}

fn family(reading: &mut Reading<'_, '_>, part: &Node, id: InterfaceId, interfaces: &mut Interfaces) {
    let family = match &*part.word {
        "inet" => Family::V4,
        "inet6" => Family::V6,
        word if is_in("ethernet-switching bridge vpls ccc tcc", word) => {
            reading.take(part);
            interfaces.switched.push(id);
            return;
        }
        "iso" | "mlppp" | "mlfr-end-to-end" | "mlfr-uni-nni" => return reading.take(part),
        "mpls" => {
            reading.take(part);
            let why = Text::fixed("MPLS で通るものは読めない", "what passes by MPLS is not read");
            return reading.unread(part, why, Affects::Interface(id));
        }
        _ => return reading.unread(part, unknown_word(), Affects::Interface(id)),
    };
    reading.take(part);
    let affects = Affects::Interface(id);
    for setting in reading.settings(part, FAMILY, affects) {
        match setting.key {
            "address" => {
                for address in setting.at.children() {
                    self::address(reading, address, family, id);
                }
            }
            "filter" => filters(reading, setting.at, family, id, interfaces),
            "service" | "simple-filter" => reading.unread(
                setting.at,
                Text::fixed("この種類の絞り込みは読めない", "filters of this kind are not read"),
                affects,
            ),
            _ => {
                let given_before = reading
                    .draft
                    .of(id)
                    .is_some_and(|interface| interface.addressed_elsewhere);
                if let Some(interface) = reading.draft.of(id) {
                    interface.addressed_elsewhere = true;
                }
                if !given_before {
                    reading.draft.given_routes(id, family, setting.at.line());
                }
            }
        }
    }
}

fn address(reading: &mut Reading<'_, '_>, node: &Node, family: Family, id: InterfaceId) {
    let fits = |found: &(IpAddr, u8)| found.0.is_ipv4() == (family == Family::V4);
    let Some((own, length)) = prefix(&node.word).filter(fits) else {
        return reading.unread(node, super::super::statement::no_address(), Affects::Interface(id));
    };
    reading.take(node);
    let mut addresses = vec![(own, length)];
    let mut shared: Vec<&Node> = node.child("virtual-gateway-address").into_iter().collect();
    for (of, word) in [
        ("vrrp-group", "virtual-address"),
        ("vrrp-inet6-group", "virtual-inet6-address"),
    ] {
        let Some(groups) = node.child(of) else { continue };
        reading.take(groups);
        groups.children().for_each(|group| reading.take(group));
        shared.extend(groups.children().filter_map(|group| group.child(word)));
    }
    for of in shared {
        reading.take(of);
        for address in of.children() {
            addresses.extend(virtual_address(reading, address, length, id));
        }
    }
    if let Some(interface) = reading.draft.of(id) {
        for address in addresses {
            if !interface.addresses.contains(&address) {
                interface.addresses.push(address);
            }
        }
    }
}

fn virtual_address(reading: &mut Reading<'_, '_>, node: &Node, length: u8, id: InterfaceId) -> Option<(IpAddr, u8)> {
    let Ok(address) = node.word.parse() else {
        reading.unread(node, super::super::statement::no_address(), Affects::Interface(id));
        return None;
    };
    reading.take(node);
    Some((address, length))
}

fn filters(reading: &mut Reading<'_, '_>, part: &Node, family: Family, id: InterfaceId, interfaces: &mut Interfaces) {
    let settings = reading.settings(part, FILTER, Affects::Interface(id));
    for (inward, one, list) in [(true, "input", "input-list"), (false, "output", "output-list")] {
        let named = |key: &str| {
            settings
                .iter()
                .filter(|setting| setting.key == key)
                .filter_map(|setting| setting.value)
                .collect::<Vec<_>>()
        };
        let (single, several) = (named(one), named(list));
        let own: Vec<&Node> = single.iter().copied().filter(|name| !name.inherited).collect();
        let single = if own.is_empty() { single } else { own };
        let filters = match (single.as_slice(), several.as_slice()) {
            ([], []) => continue,
            ([filter], []) => vec![*filter],
            ([], several) => several.to_vec(),
            _ => {
                let why = Text::fixed("フィルタの指定が二通りある", "filters are given in two ways");
                reading.unread(part, why, Affects::Interface(id));
                continue;
            }
        };
        filters.iter().for_each(|name| reading.take(name));
        interfaces.bindings.push(Binding {
            interface: id,
            family,
            inward,
            line: filters.first().map_or_else(|| part.line(), |name| name.line()),
            filters: filters.into_iter().map(|name| name.word.clone()).collect(),
        });
    }
}

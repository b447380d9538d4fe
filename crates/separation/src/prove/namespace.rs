//! The gateway and the far ends of its wires, each in a network namespace that goes away with the [`Site`].

use std::io::Write;
use std::net::IpAddr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::Failed;
use crate::device::route::Next;
use crate::device::{Device, InterfaceId, Route};
use crate::fabric::{Fabric, NodeId};

/// Two namespaces.
pub(super) struct Site {
    gate: String,
    hosts: String,
    wires: Vec<Wire>,
}

/// An interface of the gateway and the far end of its wire.
pub(super) struct Wire {
    /// The interface's name, the gateway's own.
    name: String,
    /// Its index among the device's interfaces.
    index: u8,
}

impl Wire {
    /// The name of the far end.
    pub(super) fn far(&self) -> String {
        format!("w{}", self.index)
    }

    /// The card's address of the gateway's end.
    pub(super) const fn gate_card(&self) -> [u8; 6] {
        [2, 0, 0, 0, 0, self.index]
    }

    /// The card's address of the far end.
    pub(super) const fn far_card(&self) -> [u8; 6] {
        [2, 0, 0, 0, 1, self.index]
    }
}

/// The neighbour that stands for everybody at the far end, of IPv6.
const FAR_V6: &str = "fe80::2";

impl Site {
    /// Sets up the device with a ruleset.
    pub(super) fn build(fabric: &Fabric, gate: NodeId, ruleset: &str) -> Result<Self, Failed> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let node = fabric
            .node(gate)
            .ok_or_else(|| Failed::new("その機器はない", "there is no such device"))?;
        let name = format!("{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut site = Self {
            gate: format!("sanmon-gate-{name}"),
            hosts: format!("sanmon-hosts-{name}"),
            wires: Vec::new(),
        };
        for namespace in [&site.gate, &site.hosts] {
            ip(&["netns", "add", namespace]).map_err(|failed| {
                Failed::new(
                    format!("ネットワーク名前空間を作れない(rootで実行する): {}", failed.0.ja),
                    format!("cannot make a network namespace (run as root): {}", failed.0.en),
                )
            })?;
        }
        sysctl(
            &site.hosts,
            &[
                "net.ipv6.conf.all.disable_ipv6=1",
                "net.ipv6.conf.default.disable_ipv6=1",
            ],
        )?;
        sysctl(
            &site.gate,
            &["net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0"],
        )?;
        for (index, (interface, place)) in (0_u8..).zip(node.device.interfaces.iter().zip(&node.places)) {
            if place.is_some() {
                site.wire(index, &interface.name)?;
                for (address, _) in &interface.addresses {
                    let length = if address.is_ipv4() { 32 } else { 128 };
                    site.in_gate(&["address", "add", &format!("{address}/{length}"), "dev", &interface.name])?;
                }
            }
        }
        site.routes(&node.device)?;
        sysctl(
            &site.gate,
            &[
                "net.ipv4.ip_forward=1",
                "net.ipv6.conf.all.forwarding=1",
                "net.ipv4.conf.all.rp_filter=0",
                "net.ipv4.conf.default.rp_filter=0",
                "net.ipv4.conf.all.send_redirects=0",
            ],
        )?;
        for wire in &site.wires {
            let filter = format!("net.ipv4.conf.{}.rp_filter=0", wire.name.replace('.', "/"));
            sysctl(&site.gate, &[&filter])?;
        }
        run("ip", &["netns", "exec", &site.gate, "nft", "-f", "-"], Some(ruleset))?;
        // A lone answer begins no flow; the numbers of the probes are not those of a real window.
        sysctl(
            &site.gate,
            &[
                "net.netfilter.nf_conntrack_tcp_loose=0",
                "net.netfilter.nf_conntrack_tcp_be_liberal=1",
            ],
        )?;
        Ok(site)
    }

    /// The wires, in the order of the device's interfaces.
    pub(super) fn wires(&self) -> &[Wire] {
        &self.wires
    }

    /// The namespace of the far ends.
    pub(super) fn hosts(&self) -> &str {
        &self.hosts
    }

    /// The wire of an interface, by the interface's index among the device's.
    pub(super) fn wire_of(&self, interface: usize) -> Option<usize> {
        self.wires.iter().position(|wire| usize::from(wire.index) == interface)
    }

    /// The index of a wire's interface among the device's.
    pub(super) fn interface_of(&self, wire: usize) -> Option<usize> {
        self.wires.get(wire).map(|wire| usize::from(wire.index))
    }

    /// The name of an interface, by its index among the device's.
    pub(super) fn interface(&self, index: usize) -> &str {
        self.wire_of(index)
            .and_then(|at| self.wires.get(at))
            .map_or("", |wire| &wire.name)
    }

    fn in_gate(&self, words: &[&str]) -> Result<(), Failed> {
        let mut all = vec!["-n", &self.gate];
        all.extend(words);
        ip(&all)
    }

    fn wire(&mut self, index: u8, name: &str) -> Result<(), Failed> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > 15 || !name.chars().all(plain) || name.starts_with('-') {
            return Err(Failed::new(
                format!("インタフェースの名「{name}」はLinuxで使えない"),
                format!("`{name}` is no name of an interface of Linux"),
            ));
        }
        let wire = Wire {
            name: name.to_owned(),
            index,
        };
        let card = |card: [u8; 6]| card.map(|byte| format!("{byte:02x}")).join(":");
        let (near, far) = (card(wire.gate_card()), card(wire.far_card()));
        let other = wire.far();
        ip(&[
            "link",
            "add",
            name,
            "netns",
            &self.gate,
            "type",
            "veth",
            "peer",
            "name",
            &other,
            "netns",
            &self.hosts,
        ])?;
        self.in_gate(&["link", "set", name, "address", &near, "up"])?;
        ip(&["-n", &self.hosts, "link", "set", &other, "address", &far, "up"])?;
        self.in_gate(&["address", "add", &format!("169.254.{index}.1/30"), "dev", name])?;
        self.in_gate(&[
            "neigh",
            "replace",
            &far_v4(index),
            "lladdr",
            &far,
            "dev",
            name,
            "nud",
            "permanent",
        ])?;
        self.in_gate(&[
            "-6",
            "neigh",
            "replace",
            FAR_V6,
            "lladdr",
            &far,
            "dev",
            name,
            "nud",
            "permanent",
        ])?;
        self.wires.push(wire);
        Ok(())
    }

    /// The device's own networks and its routes, each to the far end of its wire.
    fn routes(&self, device: &Device) -> Result<(), Failed> {
        for (index, interface) in device.interfaces.iter().enumerate() {
            for (address, length) in &interface.addresses {
                if self.wire_of(index).is_some() {
                    self.route(network(*address, *length), *length, index)?;
                }
            }
        }
        for route in &device.routes {
            let network = network(route.network, route.length);
            match way(device, route)? {
                Some(egress) if self.wire_of(egress).is_some() => self.route(network, route.length, egress)?,
                _ => self.in_gate(&[
                    family(network),
                    "route",
                    "replace",
                    "blackhole",
                    &format!("{network}/{}", route.length),
                ])?,
            }
        }
        Ok(())
    }

    fn route(&self, network: IpAddr, length: u8, egress: usize) -> Result<(), Failed> {
        let index = u8::try_from(egress).unwrap_or(u8::MAX);
        let via = if network.is_ipv4() {
            far_v4(index)
        } else {
            FAR_V6.to_owned()
        };
        let to = format!("{network}/{length}");
        self.in_gate(&[
            family(network),
            "route",
            "replace",
            &to,
            "via",
            &via,
            "dev",
            self.interface(egress),
            "onlink",
        ])
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for namespace in [&self.gate, &self.hosts] {
            // Nothing can be done about one that stays; its name says whose it is.
            let _ = ip(&["netns", "delete", namespace]);
        }
    }
}

fn far_v4(index: u8) -> String {
    format!("169.254.{index}.2")
}

const fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "-4" } else { "-6" }
}

/// The address with the bits beyond the length cleared.
fn network(address: IpAddr, length: u8) -> IpAddr {
    let network = crate::device::Addresses::network(address, length);
    let first = network.v4.first().map(|first| IpAddr::V4(first.into()));
    first
        .or(network.v6.first().map(|first| IpAddr::V6(first.into())))
        .unwrap_or(address)
}

/// The one interface that a route leads to; `None` for one that drops.
fn way(device: &Device, route: &Route) -> Result<Option<usize>, Failed> {
    let not_set_up = || {
        Failed::new(
            format!("{}行目の経路は、この確かめ方では作れない", route.line.number),
            format!("the route of line {} cannot be set up here", route.line.number),
        )
    };
    let [way] = route.ways.as_slice() else {
        return Err(not_set_up());
    };
    if way.condition.is_some() || !route.table.is_empty() {
        return Err(not_set_up());
    }
    let egress = |id: InterfaceId| usize::from(id.0);
    match &way.next {
        Next::Interface(id) | Next::GatewayOn(_, id) => Ok(Some(egress(*id))),
        Next::Discard => Ok(None),
        Next::Gateway(gateway) => {
            let on = |(own, length): &(IpAddr, u8)| crate::device::Addresses::network(*own, *length).contains(*gateway);
            let at = device
                .interfaces
                .iter()
                .position(|interface| interface.addresses.iter().any(on));
            at.map(Some).ok_or_else(not_set_up)
        }
        Next::Table(_) | Next::Anywhere => Err(not_set_up()),
    }
}

/// The release of the kernel.
pub(super) fn kernel() -> Result<String, Failed> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease");
    let release = release.map_err(|error| Failed::new("カーネルの版が分からない", error.to_string()))?;
    Ok(release.trim().to_owned())
}

fn ip(words: &[&str]) -> Result<(), Failed> {
    run("ip", words, None)
}

fn sysctl(namespace: &str, settings: &[&str]) -> Result<(), Failed> {
    let mut words = vec!["netns", "exec", namespace, "sysctl", "-q", "-w"];
    words.extend(settings);
    ip(&words)
}

#[expect(
    clippy::disallowed_methods,
    reason = "namespaces are set up by the programs of the kernel's own makers"
)]
fn run(program: &str, words: &[&str], input: Option<&str>) -> Result<(), Failed> {
    let failed = |what: &str| {
        let command = format!("{program} {}", words.join(" "));
        Failed::new(
            format!("「{command}」ができない: {what}"),
            format!("`{command}` failed: {what}"),
        )
    };
    let mut child = Command::new(program)
        .args(words)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error.to_string()))?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        stdin
            .write_all(input.as_bytes())
            .map_err(|error| failed(&error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(&error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim()))
}

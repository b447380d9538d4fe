//! The network and its devices put together: which interface of which device leads where, and who stands at the other end.

#[cfg(any(test, feature = "generate"))]
pub mod generate;

use std::net::IpAddr;

use model::diagnostic::Diagnostic;
use model::lang::Text;

use crate::device::{Device, Interface, InterfaceId};
use crate::network::{Network, Place, Placed};

/// The network with the configurations of its devices.
#[derive(Debug)]
pub struct Fabric {
    /// What the city says of it.
    pub network: Network,
    /// The devices, in the order of [`Network::devices`].
    pub nodes: Vec<Node>,
}

/// A device and where its interfaces lead.
#[derive(Debug)]
pub struct Node {
    /// What its configurations say.
    pub device: Device,
    /// Where each of [`Device::interfaces`] leads; `None` where the city does not say.
    pub places: Vec<Option<Place>>,
}

/// An index into [`Fabric::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u16);

/// An interface of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    /// The device.
    pub node: NodeId,
    /// Its interface.
    pub interface: InterfaceId,
}

/// Who takes a packet that leaves a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// Hosts of a zone, or routers of the zone's own.
    Zone(crate::network::ZoneId),
    /// One of these devices; several where the configuration does not say which.
    Devices(Vec<Port>),
    /// Nobody that the city knows of.
    Unknown,
}

/// Whom a device hands a packet to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Neighbour {
    /// Whoever has its destination.
    Destination,
    /// Whoever has this address.
    Named(IpAddr),
    /// Somebody that the configuration does not say.
    Anyone,
}

impl Fabric {
    /// Puts together a network and its devices, which are in the order of [`Network::devices`].
    ///
    /// The diagnostics are about `network.toml`: an interface that the configuration does not have (an error: what leads to it is
    /// taken for the interface of nobody), and one with an address of which the city does not say where it leads (a warning: what
    /// leaves by it has no known end).
    #[must_use]
    pub fn new(network: Network, devices: Vec<Device>) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let nodes = devices
            .into_iter()
            .zip(&network.devices)
            .map(|(device, placed)| Node {
                places: places(&device, placed, &mut problems),
                device,
            })
            .collect();
        (Self { network, nodes }, problems)
    }

    /// The device of a number.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(usize::from(id.0))
    }

    /// What the city says of a device.
    #[must_use]
    pub fn placed(&self, id: NodeId) -> Option<&Placed> {
        self.network.devices.get(usize::from(id.0))
    }

    /// Every device with its number.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }

    /// Every interface that leads to a place.
    pub fn ports_at(&self, place: Place) -> impl Iterator<Item = Port> {
        self.nodes().flat_map(move |(node, at)| {
            let interfaces = (0..).map(InterfaceId).zip(&at.places);
            interfaces
                .filter(move |(_, led)| **led == Some(place))
                .map(move |(interface, _)| Port { node, interface })
        })
    }

    /// Where an interface leads.
    #[must_use]
    pub fn place(&self, port: Port) -> Option<Place> {
        let node = self.node(port.node)?;
        node.places.get(usize::from(port.interface.0)).copied().flatten()
    }

    /// Who takes a packet that leaves by `port` for the neighbour `next`, or for whoever has its destination if there is none.
    ///
    /// A neighbour that is no interface of a known device is taken for one of the zone's own routers. On a link nobody lives but
    /// devices: there, any of them may be meant (two may share an address).
    #[must_use]
    pub fn reached(&self, port: Port, next: Option<IpAddr>) -> Reached {
        let Some(place) = self.place(port) else {
            return Reached::Unknown;
        };
        let others: Vec<Port> = self.ports_at(place).filter(|other| other.node != port.node).collect();
        let owns = |other: &Port| next.is_some_and(|next| self.owns(*other, next));
        let named: Vec<Port> = others.iter().copied().filter(owns).collect();
        match place {
            _ if !named.is_empty() => Reached::Devices(named),
            Place::Zone(zone) => Reached::Zone(zone),
            Place::Link(_) if others.is_empty() => Reached::Unknown,
            Place::Link(_) => Reached::Devices(others),
        }
    }

    /// All who may take a packet that leaves by `port` for a neighbour whom the configuration does not say; none by an interface that
    /// leads nowhere.
    pub(crate) fn reached_by_any(&self, port: Port) -> Vec<Reached> {
        let Some(place) = self.place(port) else {
            let interface = self
                .node(port.node)
                .and_then(|node| node.device.interfaces.get(usize::from(port.interface.0)));
            return interface
                .filter(|own| leads(own))
                .map(|_| Reached::Unknown)
                .into_iter()
                .collect();
        };
        let others: Vec<Port> = self.ports_at(place).filter(|other| other.node != port.node).collect();
        let hosts = match place {
            Place::Zone(zone) => Some(Reached::Zone(zone)),
            Place::Link(_) if others.is_empty() => Some(Reached::Unknown),
            Place::Link(_) => None,
        };
        let devices = (!others.is_empty()).then_some(Reached::Devices(others));
        hosts.into_iter().chain(devices).collect()
    }

    fn owns(&self, port: Port, address: IpAddr) -> bool {
        self.node(port.node)
            .and_then(|node| node.device.interfaces.get(usize::from(port.interface.0)))
            .is_some_and(|interface| interface.addresses.iter().any(|(own, _)| *own == address))
    }
}

fn places(device: &Device, placed: &Placed, problems: &mut Vec<Diagnostic>) -> Vec<Option<Place>> {
    let mut places = vec![None; device.interfaces.len()];
    for joined in &placed.interfaces {
        let at = device
            .interface(&joined.interface)
            .and_then(|id| places.get_mut(usize::from(id.0)));
        if let Some(place) = at {
            *place = Some(joined.to);
        } else {
            let known: Vec<_> = device.interfaces.iter().map(|interface| &*interface.name).collect();
            let (name, of) = (&joined.interface, &placed.name);
            let message = Text::new(
                format!(
                    "機器「{of}」の設定にインタフェース「{name}」はない(あるもの: {})",
                    known.join("、")
                ),
                format!(
                    "the configuration of `{of}` has no interface `{name}` (it has: {})",
                    known.join(", ")
                ),
            );
            problems.push(Diagnostic::error("network-interface", message).at(joined.span));
        }
    }
    for (interface, place) in device.interfaces.iter().zip(&places) {
        if place.is_none() && leads(interface) {
            let (name, of) = (&interface.name, &placed.name);
            let message = Text::new(
                format!("機器「{of}」のインタフェース「{name}」がどこにつながるか、書いていない"),
                format!("nothing says where interface `{name}` of `{of}` leads"),
            );
            problems.push(Diagnostic::warning("network-interface-nowhere", message).at(placed.span));
        }
    }
    places
}

/// Whether somebody may stand beyond an interface.
fn leads(interface: &Interface) -> bool {
    (interface.addressed_elsewhere || !interface.addresses.is_empty()) && !interface.is_loopback()
}

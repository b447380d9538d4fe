//! A device while its configuration is read.

use model::lang::Text;

use super::statement::{Refusal, Statement};
use crate::device::route::Next;
use crate::device::{
    Addresses, Affects, Chain, ChainId, Device, Interface, InterfaceId, Line, PolicyRoute, Remark, RemarkKind, Route,
    Unknown, Unread, Way,
};
use crate::packet::Family;

/// What is known of the device so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) device: Device,
}

impl Draft {
    /// The interface of a name, which is set up at `line` if it was not known before. More than a device can have are all the last.
    pub(super) fn interface(&mut self, name: &str, line: Line) -> InterfaceId {
        if let Some(id) = self.device.interface(name) {
            return id;
        }
        let Ok(id) = u16::try_from(self.device.interfaces.len()) else {
            return InterfaceId(u16::MAX);
        };
        self.device.interfaces.push(Interface {
            name: name.to_owned(),
            addresses: Vec::new(),
            table: String::new(),
            addressed_elsewhere: false,
            line,
        });
        InterfaceId(id)
    }

    /// The interface of a number, to be changed.
    pub(super) fn of(&mut self, id: InterfaceId) -> Option<&mut Interface> {
        self.device.interfaces.get_mut(usize::from(id.0))
    }

    /// Adds a chain.
    pub(super) fn chain(&mut self, chain: Chain) -> ChainId {
        let id = u32::try_from(self.device.chains.len()).unwrap_or(u32::MAX);
        self.device.chains.push(chain);
        ChainId(id)
    }

    /// Says that a statement was not understood.
    pub(super) fn unread(&mut self, statement: &Statement<'_>, why: Refusal, affects: Affects) {
        self.device.unread.push(Unread {
            line: statement.line(),
            text: statement.shown(),
            why,
            affects,
        });
    }

    /// Says what is wrong in itself.
    pub(super) fn remark(&mut self, kind: RemarkKind, line: Line, message: Text, fix: Text) {
        self.device.remarks.push(Remark {
            kind,
            line,
            message,
            fix,
        });
    }

    /// Adds the routes that come with an address that is given by someone else: everything may go out there.
    pub(super) fn given_routes(&mut self, id: InterfaceId, family: Family, line: Line) {
        let table = self.of(id).map(|interface| interface.table.clone()).unwrap_or_default();
        self.device.routes.push(Route {
            table,
            network: family.address(0),
            length: 0,
            preference: 1,
            ways: vec![Way {
                condition: None,
                next: Next::Interface(id),
            }],
            line,
        });
    }

    /// Says that other devices tell this one where packets go, or where those to `destinations` go. Once for each.
    pub(super) fn learns_routes(&mut self, destinations: &Addresses, line: Line) {
        let routes = &mut self.device.policy_routes;
        let known = |route: &PolicyRoute| route.is_learnt() && route.condition.destination == *destinations;
        if !routes.iter().any(known) {
            routes.insert(0, PolicyRoute::learnt(destinations.clone(), line));
        }
    }

    /// Adds a route of the only table.
    pub(super) fn route(&mut self, network: std::net::IpAddr, length: u8, ways: Vec<Way>, line: Line) {
        self.route_of(String::new(), network, length, ways, line);
    }

    /// Adds a route of a table.
    pub(super) fn route_of(
        &mut self,
        table: String,
        network: std::net::IpAddr,
        length: u8,
        ways: Vec<Way>,
        line: Line,
    ) {
        self.device.routes.push(Route {
            table,
            network,
            length,
            preference: 1,
            ways,
            line,
        });
    }
}

/// What depends on something that no packet shows.
pub(super) fn unknown(ja: impl Into<String>, en: impl Into<String>) -> Unknown {
    Unknown { on: Text::new(ja, en) }
}

//! A network of sheets, packet by packet.

use separation::packet::Packet;

use super::sheet::Sheet;

/// Devices and where their interfaces lead.
pub(crate) struct Net<'s> {
    pub(crate) sheets: &'s [Sheet],
    /// For each interface of each device.
    pub(crate) places: &'s [&'s [Place]],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Zone(usize),
    /// A wire with one other end: an interface of a device.
    Wire(usize, usize),
}

impl Net<'_> {
    /// The zone that a packet from another arrives in, and as what, where devices that translate sources choose `port`. Each zone is at
    /// one interface.
    pub(crate) fn arrives(&self, from: usize, mut packet: Packet, port: u16) -> Option<(usize, Packet)> {
        let ends = |device: usize| {
            self.places[device]
                .iter()
                .enumerate()
                .map(move |(end, place)| (device, end, *place))
        };
        let (mut device, mut ingress, _) = (0..self.places.len())
            .flat_map(ends)
            .find(|(.., place)| *place == Place::Zone(from))?;
        // More often than this a packet comes to no device twice as another.
        for _ in 0..16 {
            let (left, egress) = self.sheets[device].through(packet, ingress, port)?;
            packet = left;
            match self.places[device][egress] {
                Place::Zone(zone) => return Some((zone, packet)),
                // Whoever it is sent to, the other end takes it.
                Place::Wire(next, end) => (device, ingress) = (next, end),
            }
        }
        None
    }
}

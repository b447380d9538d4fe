//! A packet as far as a filter can tell packets apart.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::ranges::Ranges;

/// IPv4 or IPv6. The two never mix: each question is asked of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Addresses of 32 bits; protocol 1 is ICMP.
    V4,
    /// Addresses of 128 bits; protocol 58 is ICMPv6.
    V6,
}

impl Family {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The largest address.
    #[must_use]
    pub const fn last_address(self) -> u128 {
        match self {
            Self::V4 => u32::MAX as u128,
            Self::V6 => u128::MAX,
        }
    }

    /// Bits of an address.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// Every address of the family.
    #[must_use]
    pub fn addresses(self) -> Ranges<u128> {
        Ranges::span(0, self.last_address())
    }

    /// The protocol number of its control messages.
    #[must_use]
    pub const fn icmp(self) -> u8 {
        match self {
            Self::V4 => protocol::ICMP,
            Self::V6 => protocol::ICMP_V6,
        }
    }

    /// An address as people write it.
    #[must_use]
    pub fn address(self, number: u128) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX))),
            Self::V6 => IpAddr::V6(Ipv6Addr::from_bits(number)),
        }
    }
}

/// The family of an address, and the address as a number.
#[must_use]
pub fn number(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(address) => (Family::V4, u128::from(address.to_bits())),
        IpAddr::V6(address) => (Family::V6, address.to_bits()),
    }
}

/// Protocol numbers (IANA) that filters treat in a way of their own.
pub mod protocol {
    /// ICMP of IPv4.
    pub const ICMP: u8 = 1;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// DCCP.
    pub const DCCP: u8 = 33;
    /// IPv6 in IPv4.
    pub const IPV6: u8 = 41;
    /// GRE.
    pub const GRE: u8 = 47;
    /// ESP of IPsec.
    pub const ESP: u8 = 50;
    /// AH of IPsec.
    pub const AH: u8 = 51;
    /// ICMP of IPv6.
    pub const ICMP_V6: u8 = 58;
    /// SCTP.
    pub const SCTP: u8 = 132;
    /// UDP-Lite.
    pub const UDP_LITE: u8 = 136;

    /// Those whose packets carry a source and a destination port.
    pub const WITH_PORTS: [u8; 5] = [TCP, UDP, DCCP, SCTP, UDP_LITE];
}

/// What a device that keeps state knows of the flow of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing: the packet would begin a flow. So is any packet to a device that keeps no state, whatever its flags.
    New,
    /// It belongs to a flow whose first packet was let through, in either direction.
    Established,
    /// It begins a flow that one known announced (FTP data), or is an error message about a known flow.
    Related,
    /// The device cannot make sense of it.
    Invalid,
}

/// Flags of TCP as bits of one byte (RFC 9293 §3.1).
pub mod flag {
    /// No more data from the sender.
    pub const FIN: u8 = 0x01;
    /// Begin.
    pub const SYN: u8 = 0x02;
    /// Reset.
    pub const RST: u8 = 0x04;
    /// Push.
    pub const PSH: u8 = 0x08;
    /// Acknowledge.
    pub const ACK: u8 = 0x10;
    /// Urgent.
    pub const URG: u8 = 0x20;
}

/// One packet.
///
/// INVARIANT: only values that a packet can have: no ports where the protocol has none (both are 0), type and code of ICMP ≤ 255, no
/// flags but in TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Packet {
    /// Which addresses it has.
    pub family: Family,
    /// From where; the low 32 bits for IPv4.
    pub source: u128,
    /// To where.
    pub destination: u128,
    /// Its protocol number.
    pub protocol: u8,
    /// Its source port; of ICMP the type.
    pub source_port: u16,
    /// Its destination port; of ICMP the code.
    pub destination_port: u16,
    /// What a device knows of its flow.
    pub state: State,
    /// Its TCP flags.
    pub flags: u8,
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.family.address(self.source), self.family.address(self.destination));
        let name = match self.protocol {
            protocol::TCP => "tcp",
            protocol::UDP => "udp",
            protocol::ICMP | protocol::ICMP_V6 => {
                let (kind, code) = (self.source_port, self.destination_port);
                return write!(f, "{from} -> {to} icmp type {kind} code {code}");
            }
            other if !protocol::WITH_PORTS.contains(&other) => return write!(f, "{from} -> {to} protocol {other}"),
            protocol::SCTP => "sctp",
            other => {
                return write!(
                    f,
                    "{from}:{} -> {to}:{} protocol {other}",
                    self.source_port, self.destination_port
                );
            }
        };
        let (from, to) = match self.family {
            Family::V4 => (from.to_string(), to.to_string()),
            Family::V6 => (format!("[{from}]"), format!("[{to}]")),
        };
        write!(
            f,
            "{from}:{} -> {to}:{} {name}",
            self.source_port, self.destination_port
        )
    }
}

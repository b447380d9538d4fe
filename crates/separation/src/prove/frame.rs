//! Frames: Ethernet, IPv4 or IPv6, and what stands in them. The number of a probe is in its payload, and it is found there again
//! whatever was changed before it.

use crate::packet::{Family, Packet, protocol};

/// What tells the payload of a probe from other traffic.
const MARK: &[u8; 8] = b"sanmon\x01\x02";
const ETHERNET: usize = 14;

/// A frame with the packet in it. The answer of a flow has the number of the flow and another of its own.
pub(super) fn frame(from: [u8; 6], to: [u8; 6], packet: &Packet, flow: u32, number: u32) -> Vec<u8> {
    let mut payload = MARK.to_vec();
    payload.extend(number.to_be_bytes());
    let mut body = transport(packet, flow);
    body.extend(payload);
    checksummed(packet, &mut body);
    let mut frame = Vec::with_capacity(ETHERNET + 40 + body.len());
    frame.extend(to);
    frame.extend(from);
    let length = |body: &[u8]| u16::try_from(body.len()).unwrap_or(u16::MAX);
    match packet.family {
        Family::V4 => {
            frame.extend([0x08, 0x00]);
            let total = length(&body).saturating_add(20);
            let mut header = vec![0x45, 0];
            header.extend(total.to_be_bytes());
            header.extend([0, 0, 0x40, 0, 64, packet.protocol, 0, 0]);
            header.extend(address(packet.family, packet.source));
            header.extend(address(packet.family, packet.destination));
            let sum = checksum(&header);
            put(&mut header, 10, sum);
            frame.extend(header);
        }
        Family::V6 => {
            frame.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
            frame.extend(length(&body).to_be_bytes());
            frame.extend([packet.protocol, 64]);
            frame.extend(address(packet.family, packet.source));
            frame.extend(address(packet.family, packet.destination));
        }
    }
    frame.extend(body);
    frame
}

/// The number of the probe that a frame carries, if it is one: not one that tells of an error and quotes it.
pub(super) fn number_in(frame: &[u8]) -> Option<u32> {
    let byte = |at: usize| frame.get(ETHERNET + at).copied();
    let quotes = match byte(0)? >> 4 {
        4 => byte(9)? == protocol::ICMP && [3, 4, 5, 11, 12].contains(&byte(20)?),
        _ => byte(6)? == protocol::ICMP_V6 && (byte(40)? < 128 || byte(40)? == 137),
    };
    if quotes {
        return None;
    }
    let start = frame.windows(MARK.len()).position(|window| window == MARK)?;
    let number = frame.get(start + MARK.len()..start + MARK.len() + 4)?;
    Some(u32::from_be_bytes(number.try_into().ok()?))
}

fn address(family: Family, number: u128) -> Vec<u8> {
    match family {
        Family::V4 => u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes().to_vec(),
        Family::V6 => number.to_be_bytes().to_vec(),
    }
}

/// The header of the protocol, its checksum 0.
fn transport(packet: &Packet, flow: u32) -> Vec<u8> {
    let mut header = Vec::new();
    match packet.protocol {
        protocol::TCP => {
            header.extend(packet.source_port.to_be_bytes());
            header.extend(packet.destination_port.to_be_bytes());
            // The answer confirms the number of the first packet.
            let answers = packet.flags & crate::packet::flag::ACK != 0;
            header.extend(flow.to_be_bytes());
            header.extend(if answers { flow.wrapping_add(1) } else { 0 }.to_be_bytes());
            header.extend([0x50, packet.flags, 0xff, 0xff, 0, 0, 0, 0]);
        }
        protocol::UDP | protocol::UDP_LITE => {
            header.extend(packet.source_port.to_be_bytes());
            header.extend(packet.destination_port.to_be_bytes());
            header.extend(20_u16.to_be_bytes());
            header.extend([0, 0]);
        }
        protocol::ICMP | protocol::ICMP_V6 => {
            let bytes =
                [packet.source_port, packet.destination_port].map(|value| u8::try_from(value).unwrap_or(u8::MAX));
            header.extend(bytes);
            header.extend([0, 0]);
            // What a question and its answer have in common.
            header.extend(flow.to_be_bytes());
        }
        _ => {}
    }
    header
}

fn checksummed(packet: &Packet, body: &mut [u8]) {
    let at = match packet.protocol {
        protocol::TCP => 16,
        protocol::UDP | protocol::UDP_LITE => 6,
        protocol::ICMP | protocol::ICMP_V6 => 2,
        _ => return,
    };
    let mut all = Vec::new();
    if packet.protocol != protocol::ICMP {
        all.extend(address(packet.family, packet.source));
        all.extend(address(packet.family, packet.destination));
        all.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
        all.extend([0, 0, 0, packet.protocol]);
    }
    all.extend(body.iter());
    let sum = checksum(&all);
    // 0 means "none" in UDP.
    let sum = if sum == 0 && packet.protocol == protocol::UDP {
        u16::MAX
    } else {
        sum
    };
    put(body, at, sum);
}

/// The sum of RFC 1071.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 = 0;
    for pair in bytes.chunks(2) {
        let high = pair.first().copied().unwrap_or(0);
        let low = pair.get(1).copied().unwrap_or(0);
        sum += u32::from(u16::from_be_bytes([high, low]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(u16::MAX)
}

fn put(bytes: &mut [u8], at: usize, value: u16) {
    if let Some(place) = bytes.get_mut(at..at + 2) {
        place.copy_from_slice(&value.to_be_bytes());
    }
}

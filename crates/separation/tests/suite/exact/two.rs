//! Two devices of any two dialects, one behind the other, with translations: against a simulator of a few lines.

use separation::diagram::generate::Stream;
use separation::engine::{Prepared, Space};
use separation::fabric::Fabric;
use separation::network::{Network, ZoneId};
use separation::packet::{Family, Packet};

use super::sample::packets;
use super::sheet::{End, NETS, Nat, PORTS, Sheet, Way, below, host, pick};
use super::simulate::{Net, Place};
use super::write::{WRITERS, Writer};
use super::{agree, device, rule_sets, sets, zone};

/// The wire between the devices, in each family.
const WIRE: [u128; 2] = [0x0a09_0900, 0xfd00_0009 << 96];

#[test]
fn packets_go_through_two_devices_as_simulated() {
    let mut met = [0; 4];
    for seed in 0..rule_sets() {
        let more = if seed % 3 == 2 {
            two::<u128>(seed)
        } else {
            two::<u32>(seed)
        };
        for (met, more) in met.iter_mut().zip(more) {
            *met += more;
        }
    }
    let [passed, kept_out, translated, unanswered] = met;
    assert!(passed > 100 && kept_out > 100 && translated > 10, "{met:?}");
    assert!(unanswered as u64 <= rule_sets() * 2 / 3, "{met:?}");
    println!("two devices: {passed} packets passed, {translated} of them translated, {kept_out} did not");
}

/// The near device stands between `a` and the wire, the far one between the wire, `b` and the rest.
fn sheets(family: Family) -> [Sheet; 2] {
    let (nets, wire, lengths) = match family {
        Family::V4 => (NETS[0], WIRE[0], [16, 16, 24]),
        Family::V6 => (NETS[1], WIRE[1], [32, 32, 64]),
    };
    let end = |address, length| End { address, length };
    let way = |network, length, gateway, by| Way {
        network,
        length,
        gateway,
        by,
    };
    let sheet = |ends, routes| Sheet {
        family,
        ends,
        routes,
        lists: Vec::new(),
        nats: Vec::new(),
    };
    [
        sheet(
            vec![end(nets[0] | 1, lengths[0]), end(wire | 1, lengths[2])],
            vec![way(0, 0, wire | 2, 1)],
        ),
        sheet(
            vec![
                end(wire | 2, lengths[2]),
                end(nets[1] | 1, lengths[1]),
                end(nets[3] | 1, lengths[2]),
            ],
            vec![way(nets[0], lengths[0], wire | 1, 0), way(0, 0, nets[3] | 0xfe, 2)],
        ),
    ]
}

/// How many packets passed, how many did not, how many of the first were translated; from how many zones there was no answer.
fn two<B: Space>(seed: u64) -> [usize; 4] {
    let stream = &mut Stream::new(seed ^ 0x2222);
    let mut sheets = sheets(B::FAMILY);
    let writers = [0, 1].map(|_| WRITERS[below(stream, WRITERS.len())]);
    let mut devices = Vec::new();
    let mut text = String::new();
    for (sheet, writer) in sheets.iter_mut().zip(writers) {
        writer.shapes(B::FAMILY).fill(stream, sheet);
        if stream.chance(70) {
            sheet.open();
        }
        writer.complete(sheet);
        if let Some(port) = writer.translates(B::FAMILY) {
            translate(stream, sheet, port);
        }
        let (read, written) = device(writer, sheet, stream);
        devices.push(read);
        text.push_str(&written);
    }
    let (fabric, problems) = Fabric::new(Network::read(&network(writers)).unwrap(), devices);
    assert!(problems.is_empty(), "{problems:?}");
    let prepared = Prepared::new(&fabric);
    let simulated = Net {
        sheets: &sheets,
        places: &[
            &[Place::Zone(0), Place::Wire(1, 0)],
            &[Place::Wire(0, 1), Place::Zone(1), Place::Zone(2)],
        ],
    };
    let tried = packets(stream, &[&sheets[0], &sheets[1]], 40);
    let mut met = [0; 4];
    for from in 0..3 {
        // Packets that the two translate and send to each other again and again.
        let Some((work, arrives)) = sets::<B>(&prepared, zone(from), seed) else {
            met[3] += 1;
            continue;
        };
        for packet in &tried {
            let arrived = simulated.arrives(from, *packet, 1);
            let expected = arrived.map(|(to, _)| zone(to));
            let may = may_arrive(&simulated, from, *packet);
            let context = || format!("{seed}: {packet} from {from}\n{text}");
            agree(&fabric, &work, arrives, zone(from), packet, (expected, &may), &context);
            met[usize::from(expected.is_none())] += 1;
            met[2] += usize::from(arrived.is_some_and(|(_, arrived)| arrived != *packet));
        }
    }
    met
}

fn network(writers: [&dyn Writer; 2]) -> String {
    let [near, far] = writers.map(Writer::ends);
    format!(
        "zone = [{{ name = 'a', tier = 'lgwan', prefixes = ['10.1.0.0/16', 'fd00:1::/32'] }}, {{ name = 'b', tier = 'mynumber', \
         prefixes = ['10.2.0.0/16', 'fd00:2::/32'] }}, {{ name = 'c', tier = 'outside', rest = true }}]\n\
         link = [{{ name = 'wire' }}]\n\
         device = [{{ name = 'near', configurations = ['n'], interfaces = {{ '{}' = 'a', '{}' = 'wire' }} }}, {{ name = 'far', \
         configurations = ['f'], interfaces = {{ '{}' = 'wire', '{}' = 'b', '{}' = 'c' }} }}]\n",
        near[0], near[1], far[0], far[1], far[2]
    )
}

fn translate(stream: &mut Stream, sheet: &mut Sheet, port: u16) {
    for by in 0..sheet.ends.len() {
        if stream.chance(60) {
            sheet.nats.push(Nat::Inward {
                by,
                outer: (host(stream, sheet.family), 443),
                inner: (host(stream, sheet.family), 8_080),
            });
        }
        if stream.chance(60) {
            let length = u32::from(sheet.family.bits()) / pick(stream, &[2, 4, 8]);
            let free = u32::from(sheet.family.bits()) - length;
            let network = host(stream, sheet.family) >> free << free;
            sheet.nats.push(Nat::Outward {
                by,
                from: (network, length),
                to: sheet.ends[by].address,
                port,
            });
        }
    }
}

/// The zones in which a packet may arrive, whichever port a device chooses: those at and beside the ports that rules speak of.
fn may_arrive(simulated: &Net<'_>, from: usize, packet: Packet) -> Vec<ZoneId> {
    let ports = PORTS
        .iter()
        .flat_map(|port| [port.saturating_sub(1), *port, port.saturating_add(1)])
        .filter(|port| *port > 0);
    let arrived = ports.filter_map(|port| simulated.arrives(from, packet, port));
    let mut zones: Vec<ZoneId> = arrived.map(|(to, _)| zone(to)).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

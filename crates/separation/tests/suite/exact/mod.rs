//! Made-up rule sets, written in the words of every dialect and read again: does the device do to packets what was meant?
//!
//! Four answers are compared for each packet and each way into the network: what [`sheet`] says of the rules as they were meant; what
//! [`separation::trace`] says of what was read, packet by packet; the sets of [`separation::engine`]; and, counted over all packets, a
//! library of binary decision diagrams ([`count`]). In networks of two devices, with translations, a simulator of a few lines
//! ([`two`]) stands for the first.
//!
//! `SANMON_RULE_SETS` says how many rule sets of each dialect are tried; some dozens without it. `SANMON_DIALECT` names one that alone
//! is tried.

mod city;
mod count;
mod needless;
mod sample;
mod sheet;
mod simulate;
mod two;
mod write;

use separation::device::Addresses;
use separation::diagram::generate::Stream;
use separation::diagram::{Id, Order, values};
use separation::dialect::{DIALECTS, named};
use separation::engine::{Prepared, Slice, Space, Work};
use separation::fabric::Fabric;
use separation::network::{Network, ZoneId};
use separation::packet::{Family, Packet};
use separation::source::Source;
use separation::trace::{End as Ended, walk};

use self::count::Bits;
use self::sample::packets;
use self::sheet::{End, NETS, Sheet, Way};
use self::write::{WRITERS, Writer};

/// How many rule sets, where a run is to take seconds.
const FEW: u64 = 18;

/// How many rule sets of each dialect are tried.
pub(crate) fn rule_sets() -> u64 {
    std::env::var("SANMON_RULE_SETS").map_or(FEW, |count| count.parse().expect("SANMON_RULE_SETS is a number"))
}

#[test]
fn every_dialect_is_written() {
    for dialect in DIALECTS {
        let name = dialect.name();
        assert!(WRITERS.iter().any(|writer| writer.name() == name), "{name}");
    }
}

#[test]
fn what_was_meant_is_what_was_read() {
    let only = std::env::var("SANMON_DIALECT").ok();
    let asked = |writer: &&&dyn Writer| only.as_ref().is_none_or(|only| only == writer.name());
    std::thread::scope(|scope| {
        for writer in WRITERS.iter().filter(asked) {
            scope.spawn(move || {
                let mut met = [0; 2];
                for seed in 0..rule_sets() {
                    let [passed, kept_out] = if seed % 3 == 2 {
                        one::<u128>(*writer, seed)
                    } else {
                        one::<u32>(*writer, seed)
                    };
                    met = [met[0] + passed, met[1] + kept_out];
                }
                let name = writer.name();
                assert!(met.iter().all(|count| *count > 200), "{name}: {met:?}");
                println!("{name}: {} packets passed, {} did not", met[0], met[1]);
            });
        }
    });
}

/// The interfaces of a device between `a`, `b` and the rest, and its routes.
pub(crate) fn alone(family: Family) -> Sheet {
    let (nets, lengths) = match family {
        Family::V4 => (NETS[0], [16, 16, 24]),
        Family::V6 => (NETS[1], [32, 32, 64]),
    };
    let end = |net: usize, length| End {
        address: nets[net] | 1,
        length,
    };
    Sheet {
        family,
        ends: vec![end(0, lengths[0]), end(1, lengths[1]), end(3, lengths[2])],
        routes: vec![Way {
            network: 0,
            length: 0,
            gateway: nets[3] | 0xfe,
            by: 2,
        }],
        lists: Vec::new(),
        nats: Vec::new(),
    }
}

/// What a sheet is as a device, after it was written and read. All of it must have been understood.
pub(crate) fn device(writer: &dyn Writer, sheet: &Sheet, stream: &mut Stream) -> (separation::device::Device, String) {
    let files = writer.write(sheet, stream);
    let text = files.join("----\n");
    let sources: Vec<Source> = files.into_iter().map(Source::new).collect();
    let device = named(writer.name()).expect("a dialect").read(&sources);
    assert!(device.unread.is_empty(), "{text}\n{:#?}", device.unread);
    (device, text)
}

/// A device of a language between `a`, `b` and the rest.
pub(crate) fn placed(writer: &dyn Writer, device: separation::device::Device) -> Fabric {
    let ends = writer.ends();
    let network = format!(
        "zone = [{{ name = 'a', tier = 'lgwan', prefixes = ['10.1.0.0/16', 'fd00:1::/32'] }}, {{ name = 'b', tier = 'mynumber', \
         prefixes = ['10.2.0.0/16', 'fd00:2::/32'] }}, {{ name = 'c', tier = 'outside', rest = true }}]\n\
         device = [{{ name = 'x', configurations = ['x'], interfaces = {{ '{}' = 'a', '{}' = 'b', '{}' = 'c' }} }}]\n",
        ends[0], ends[1], ends[2]
    );
    let (fabric, problems) = Fabric::new(Network::read(&network).unwrap(), vec![device]);
    assert!(problems.is_empty(), "{problems:?}");
    fabric
}

/// One rule set; how many packets passed and how many did not.
fn one<B: Space>(writer: &dyn Writer, seed: u64) -> [usize; 2] {
    let family = B::FAMILY;
    let stream = &mut Stream::new(seed ^ 0x5eed);
    let mut sheet = alone(family);
    writer.shapes(family).fill(stream, &mut sheet);
    writer.complete(&mut sheet);
    let (device, text) = device(writer, &sheet, stream);
    let fabric = placed(writer, device);
    let prepared = Prepared::new(&fabric);
    let bits = Bits::new(family);
    let tried = packets(stream, &[&sheet], 30);
    let mut met = [0; 2];
    for ingress in 0..3 {
        let (work, arrives) = sets::<B>(&prepared, zone(ingress), seed).expect("one device has few ways");
        for (egress, set) in arrives.into_iter().enumerate() {
            let counted = work.arena.count(set).to_string();
            assert_eq!(
                counted,
                bits.between(&sheet, ingress, egress),
                "{} {seed}: {ingress} to {egress}\n{text}",
                writer.name()
            );
        }
        for packet in &tried {
            let expected = sheet.through(*packet, ingress, 1).map(|(_, egress)| zone(egress));
            let context = || format!("{} {seed}: {packet} from {ingress}\n{text}", writer.name());
            let may = expected.as_slice();
            agree(
                &fabric,
                &work,
                arrives,
                zone(ingress),
                packet,
                (expected, may),
                &context,
            );
            met[usize::from(expected.is_none())] += 1;
        }
    }
    met
}

pub(crate) fn zone(number: usize) -> ZoneId {
    ZoneId(u16::try_from(number).unwrap())
}

/// The sets of packets that arrive in each zone; `None` where the engine says that there are too many ways.
pub(crate) fn sets<'f, B: Space>(
    prepared: &'f Prepared<'f>,
    from: ZoneId,
    seed: u64,
) -> Option<(Work<'f, B>, [Id; 3])> {
    let order = if seed.is_multiple_of(2) {
        Order::BY_ADDRESS
    } else {
        Order::BY_SERVICE
    };
    let mut work = Work::<B>::new(prepared, order, u64::MAX);
    let everything = Slice {
        from,
        sources: Addresses::all(),
        destinations: Addresses::all(),
    };
    let reach = work.reach(&everything).unwrap();
    if !reach.complete {
        return None;
    }
    let mut arrives = [Id::NONE; 3];
    for ended in &reach.ends {
        if let Ended::Arrives(zone) = ended.end {
            let known = &mut arrives[usize::from(zone.0)];
            *known = work.arena.over(*known, ended.sent).unwrap();
        }
    }
    Some((work, arrives))
}

/// Panics unless the walk says of a packet what is expected where devices choose the first port, and the sets where it may arrive,
/// whatever they choose.
pub(crate) fn agree<B: Space>(
    fabric: &Fabric,
    work: &Work<'_, B>,
    arrives: [Id; 3],
    from: ZoneId,
    packet: &Packet,
    (expected, may): (Option<ZoneId>, &[ZoneId]),
    context: &dyn Fn() -> String,
) {
    let walked = walk(fabric, from, *packet, &|first, _| first);
    assert!(walked.complete, "{}", context());
    for (number, set) in arrives.into_iter().enumerate() {
        let there = expected == Some(zone(number));
        assert_eq!(
            walked.may_arrive(zone(number)),
            there,
            "walk to {number}: {}",
            context()
        );
        assert_eq!(
            walked.must_arrive(zone(number)),
            there,
            "walk to {number}: {}",
            context()
        );
        let in_set = work.arena.eval(set, &values(packet)).is_some();
        assert_eq!(in_set, may.contains(&zone(number)), "set of {number}: {}", context());
    }
}

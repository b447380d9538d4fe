//! A city with four devices of four makers, proved to be separated, and then broken: one rule is lost or widened, a thousand times over
//! (`SANMON_MUTATIONS`; some dozens without it). Whatever that opens must be found. What it opens is said by the simulator, which knows
//! the rules as they were meant, with packets at and around the rule that changed.

use jiff::civil::date;
use separation::diagram::generate::Stream;
use separation::fabric::Fabric;
use separation::network::{Network, demands};
use separation::packet::{Family, Packet};
use separation::question::{Checked, Options, check};

use super::sample::packets;
use super::sheet::{At, End, Entry, Hosts, Kind, List, Sheet, Way, pick};
use super::simulate::{Net, Place};
use super::write::{WRITERS, Writer};
use super::{device, zone};

/// How many changes, where a run is to take seconds.
const FEW: u64 = 40;

const NETWORK: &str = r#"
zone = [
  { name = "mynumber", tier = "mynumber", prefixes = ["10.1.0.0/16"] },
  { name = "lgwan", tier = "lgwan", prefixes = ["10.2.0.0/16"] },
  { name = "internet", tier = "internet", prefixes = ["198.51.0.0/16"] },
  { name = "cloud", tier = "security_cloud", rest = true },
]
link = [{ name = "w1" }, { name = "w2" }, { name = "w3" }]
device = [
  { name = "core", configurations = ["core"], interfaces = { lan0 = "mynumber", lan1 = "w1" } },
  { name = "tier", configurations = ["tier"], interfaces = { lan1 = "w1", lan2 = "lgwan", lan3 = "w2" } },
  { name = "edge", configurations = ["edge"], interfaces = { lan = "w2", dmz = "internet", wan1 = "w3" } },
  { name = "exit", configurations = ["exit"], interfaces = { "GigabitEthernet0/0" = "w3", "GigabitEthernet0/1" = "cloud" } },
]
gateway = [{ name = "cleaner", kind = "sanitise", hosts = ["10.2.9.5"] }]
permitted = [
  { id = "P1", from = "lgwan", to = "mynumber", source = ["10.2.1.11"], destination = ["10.1.1.11"], protocol = "tcp", ports = ["443"], reason = "r", approver = "a" },
  { id = "P2", from = "mynumber", to = "lgwan", source = ["10.1.1.12"], destination = ["10.2.1.0/24"], protocol = "tcp", ports = ["8080"], reason = "r", approver = "a" },
  { id = "P3", from = "internet", to = "lgwan", source = ["198.51.1.0/24"], destination = ["10.2.9.5"], protocol = "tcp", ports = ["8443"], reason = "r", approver = "a" },
  { id = "P4", from = "lgwan", to = "internet", source = ["10.2.9.5"], destination = ["198.51.1.0/24"], protocol = "udp", ports = ["514"], reason = "r", approver = "a" },
]
"#;
const DIALECTS: [&str; 4] = ["nftables", "yamaha", "fortios", "ios"];
const PLACES: [&[Place]; 4] = [
    &[Place::Zone(0), Place::Wire(1, 0)],
    &[Place::Wire(0, 1), Place::Zone(1), Place::Wire(2, 0)],
    &[Place::Wire(1, 2), Place::Zone(2), Place::Wire(3, 0)],
    &[Place::Wire(2, 2), Place::Zone(3)],
];

const MYNUMBER: Hosts = Hosts::Net(0x0a01_0000, 16);
const LGWAN: Hosts = Hosts::Net(0x0a02_0000, 16);
const INTERNET: Hosts = Hosts::Net(0xc633_0000, 16);
const PC: Hosts = Hosts::Net(0x0a02_010b, 32);
const SERVER: Hosts = Hosts::Net(0x0a01_010b, 32);
const BATCH: Hosts = Hosts::Net(0x0a01_010c, 32);
const PORTAL: Hosts = Hosts::Net(0x0a02_0100, 24);
const CLEANER: Hosts = Hosts::Net(0x0a02_0905, 32);
const SENDERS: Hosts = Hosts::Net(0xc633_0100, 24);

fn tcp(port: u16) -> Kind {
    Kind::Ports(vec![6], Vec::new(), vec![(port, port)])
}

/// An entry that permits (`true`) or denies, between interfaces of which -1 is any.
fn entry(permits: bool, (ingress, egress): (i8, i8), source: Hosts, destination: Hosts, kind: Kind) -> Entry {
    Entry {
        permits,
        ingress: usize::try_from(ingress).ok(),
        egress: usize::try_from(egress).ok(),
        source,
        destination,
        kind,
    }
}

/// The city as it is meant.
fn kept() -> Vec<Sheet> {
    let end = |address, length| End { address, length };
    let way = |network, length, gateway, by| Way {
        network,
        length,
        gateway,
        by,
    };
    let list = |at, entries| List {
        at,
        entries,
        otherwise: false,
    };
    let sheet = |ends, routes, lists| Sheet {
        family: Family::V4,
        ends,
        routes,
        lists,
        nats: Vec::new(),
    };
    let (w1, w2, w3) = (0x0a09_0100, 0x0a09_0200, 0x0a09_0300);
    let syslog = || Kind::Ports(vec![17], Vec::new(), vec![(514, 514)]);
    let any = (-1, -1);
    // Each border is guarded once, by one device or the other: what is lost there is lost.
    let core = vec![
        entry(true, (1, 0), PC, SERVER, tcp(443)),
        entry(false, (1, 0), LGWAN, MYNUMBER, Kind::Any),
        entry(true, (1, 0), Hosts::Any, MYNUMBER, Kind::Any),
        entry(true, (0, 1), BATCH, PORTAL, tcp(8_080)),
        entry(false, (0, -1), Hosts::Any, LGWAN, Kind::Any),
        entry(true, (0, 1), MYNUMBER, Hosts::Any, Kind::Any),
    ];
    let from_core = vec![
        entry(false, any, Hosts::Any, INTERNET, Kind::Any),
        entry(true, any, MYNUMBER, PORTAL, Kind::Any),
        entry(false, any, Hosts::Any, Hosts::Any, Kind::Any),
    ];
    let from_lgwan = vec![
        entry(true, any, PC, SERVER, tcp(443)),
        entry(true, any, CLEANER, SENDERS, syslog()),
        entry(true, any, LGWAN, MYNUMBER, Kind::Any),
        entry(false, any, Hosts::Any, INTERNET, Kind::Any),
        entry(true, any, LGWAN, Hosts::Any, Kind::Any),
    ];
    let from_edge = vec![
        entry(true, any, SENDERS, CLEANER, tcp(8_443)),
        entry(false, any, Hosts::Any, LGWAN, Kind::Any),
        entry(false, any, Hosts::Any, MYNUMBER, Kind::Any),
        entry(true, any, INTERNET, Hosts::Any, Kind::Any),
    ];
    let edge = vec![
        entry(true, (1, 0), INTERNET, LGWAN, Kind::Any),
        entry(true, (0, 1), CLEANER, SENDERS, syslog()),
        entry(false, (0, -1), Hosts::Any, Hosts::Any, Kind::Any),
        entry(true, (1, 0), INTERNET, MYNUMBER, Kind::Any),
        entry(true, (2, 1), Hosts::Any, INTERNET, Kind::Any),
        entry(true, (-1, 2), Hosts::Any, Hosts::Any, Kind::Any),
    ];
    let outwards = vec![entry(true, any, Hosts::Any, Hosts::Any, Kind::Any)];
    let inwards = vec![
        entry(false, any, Hosts::Any, INTERNET, Kind::Any),
        entry(false, any, Hosts::Any, LGWAN, Kind::Any),
        entry(false, any, Hosts::Any, MYNUMBER, Kind::Any),
        entry(true, any, INTERNET, Hosts::Any, Kind::Any),
    ];
    let default = |gateway, by| way(0, 0, gateway, by);
    vec![
        sheet(
            vec![end(0x0a01_0001, 16), end(w1 | 1, 24)],
            vec![default(w1 | 2, 1)],
            vec![list(At::Between, core)],
        ),
        sheet(
            vec![end(w1 | 2, 24), end(0x0a02_0001, 16), end(w2 | 1, 24)],
            vec![way(0x0a01_0000, 16, w1 | 1, 0), default(w2 | 2, 2)],
            vec![
                list(At::In(0), from_core),
                list(At::In(1), from_lgwan),
                list(At::In(2), from_edge),
            ],
        ),
        sheet(
            vec![end(w2 | 2, 24), end(0xc633_0001, 16), end(w3 | 1, 24)],
            vec![
                way(0x0a01_0000, 16, w2 | 1, 0),
                way(0x0a02_0000, 16, w2 | 1, 0),
                default(w3 | 2, 2),
            ],
            vec![list(At::Between, edge)],
        ),
        sheet(
            vec![end(w3 | 2, 24), end(0xc000_0201, 24)],
            vec![
                way(0x0a01_0000, 16, w3 | 1, 0),
                way(0x0a02_0000, 16, w3 | 1, 0),
                way(0xc633_0000, 16, w3 | 1, 0),
                default(0xc000_02fe, 1),
            ],
            vec![list(At::Out(1), outwards), list(At::In(1), inwards)],
        ),
    ]
}

/// Loses or widens a rule; the rule as it was and, if it is still there, as it is.
fn mutate(sheets: &mut [Sheet], stream: &mut Stream) -> Vec<Entry> {
    let all = sheets.iter().enumerate().flat_map(|(at, sheet)| {
        let lists = sheet.lists.iter().enumerate();
        lists.flat_map(move |(list, of)| (0..of.entries.len()).map(move |number| (at, list, number)))
    });
    let all: Vec<_> = all.collect();
    loop {
        let (at, list, number) = pick(stream, &all);
        let entries = &mut sheets[at].lists[list].entries;
        let before = entries[number].clone();
        // A list without entries is no list in some languages: that is another change than this.
        if entries.len() > 1 && stream.chance(if before.permits { 8 } else { 50 }) {
            entries.remove(number);
            return vec![before];
        }
        let entry = &mut entries[number];
        if before.permits {
            widen(entry, stream);
        } else {
            entry.permits = true;
        }
        if *entry != before {
            return vec![before, entry.clone()];
        }
    }
}

fn widen(entry: &mut Entry, stream: &mut Stream) {
    match stream.below(7) {
        0 => entry.source = Hosts::Any,
        1 => entry.destination = Hosts::Any,
        2 => entry.kind = Kind::Any,
        3 => (entry.ingress, entry.egress) = (None, None),
        4 => entry.source = wider(&entry.source),
        5 => entry.destination = wider(&entry.destination),
        _ => {
            if let Kind::Ports(_, _, ports) = &mut entry.kind {
                ports[0].1 = ports[0].1.saturating_add(pick(stream, &[1, 100]));
            }
        }
    }
}

/// A network of twice, or of many times the addresses.
fn wider(hosts: &Hosts) -> Hosts {
    match hosts {
        Hosts::Net(network, length) => {
            let length = if *length == 32 { 31 } else { 8 };
            Hosts::Net(network >> (32 - length) << (32 - length), length)
        }
        other => other.clone(),
    }
}

/// Whether a packet may go from one zone to another: by the permitted paths, said once more, or because nothing is demanded.
fn may(from: usize, to: usize, packet: &Packet) -> bool {
    let is = |source: u128, source_free: u32, destination: u128, free: u32, protocol: u8, port: u16| {
        packet.source >> source_free == source >> source_free
            && packet.destination >> free == destination >> free
            && (packet.protocol, packet.destination_port) == (protocol, port)
    };
    match (from, to) {
        (2, 3) => true,
        (1, 0) => is(0x0a02_010b, 0, 0x0a01_010b, 0, 6, 443),
        (0, 1) => is(0x0a01_010c, 0, 0x0a02_0100, 8, 6, 8_080),
        (2, 1) => is(0xc633_0100, 8, 0x0a02_0905, 0, 6, 8_443),
        (1, 2) => is(0x0a02_0905, 0, 0xc633_0100, 8, 17, 514),
        _ => from == to,
    }
}

fn writer(name: &str) -> &'static dyn Writer {
    let found = WRITERS.iter().find(|writer| writer.name() == name);
    *found.unwrap_or_else(|| panic!("nobody writes {name}"))
}

fn checked(sheets: &[Sheet], stream: &mut Stream) -> (Checked, String) {
    let mut text = String::new();
    let mut devices = Vec::new();
    for (sheet, name) in sheets.iter().zip(DIALECTS) {
        let (read, written) = device(writer(name), sheet, stream);
        devices.push(read);
        text.push_str(&written);
    }
    let (fabric, problems) = Fabric::new(Network::read(NETWORK).unwrap(), devices);
    assert!(problems.is_empty(), "{problems:?}");
    let options = Options {
        threads: 1,
        ..Options::on(date(2026, 11, 25))
    };
    (check(&fabric, &demands(&fabric.network, "alpha"), options), text)
}

#[test]
fn a_city_of_four_makers_is_proved() {
    let (checked, text) = checked(&kept(), &mut Stream::new(1));
    assert_eq!(checked.unproven, [], "{text}");
    assert!(checked.findings.is_empty(), "{:#?}\n{text}", checked.findings);
    // Twelve pairs, of which one is free.
    assert_eq!(checked.proved.len(), 11);
}

#[test]
fn whatever_a_lost_or_widened_rule_opens_is_found() {
    let count = std::env::var("SANMON_MUTATIONS").map_or(FEW, |count| count.parse().expect("a number"));
    let (mut opened, mut told) = (0, 0);
    for seed in 0..count {
        let stream = &mut Stream::new(seed ^ 0x0c17);
        let mut sheets = kept();
        let changed = mutate(&mut sheets, stream);
        let (checked, text) = checked(&sheets, stream);
        let simulated = Net {
            sheets: &sheets,
            places: &PLACES,
        };
        let broken = |from: usize, to: usize| {
            let findings = checked.findings.iter();
            let mut findings = findings.filter(|finding| finding.kind.breaks());
            findings.any(|finding| (finding.from, finding.to) == (zone(from), zone(to)))
        };
        // Around the changed rule, and around all others too.
        let mut around = sheets[0].clone();
        around.lists = vec![List {
            at: At::Between,
            entries: changed.clone(),
            otherwise: false,
        }];
        let mut tried = packets(stream, &[&around], 150);
        tried.extend(packets(stream, &sheets.iter().collect::<Vec<_>>(), 50));
        let mut crossed = false;
        for packet in &tried {
            for from in 0..4 {
                let Some((to, _)) = simulated.arrives(from, *packet, 1) else {
                    continue;
                };
                if !may(from, to, packet) {
                    crossed = true;
                    let pair = (zone(from), zone(to));
                    assert!(
                        broken(from, to) && !checked.proved.contains(&pair),
                        "{seed}: {from} to {to}: {packet}\n{changed:#?}\n{text}"
                    );
                }
            }
        }
        // And the reverse: what is told passes, and may not.
        for finding in checked.findings.iter().filter(|finding| finding.kind.breaks()) {
            let (witness, from, to) = (finding.witness.unwrap(), finding.from.0, finding.to.0);
            let arrived = simulated.arrives(usize::from(from), witness, 1).map(|(zone, _)| zone);
            assert_eq!(arrived, Some(usize::from(to)), "{seed}: {finding:#?}\n{text}");
            assert!(!may(from.into(), to.into(), &witness), "{seed}: {finding:#?}\n{text}");
        }
        opened += u64::from(crossed);
        told += u64::from(checked.proved.len() < 11);
    }
    println!("{count} changes: {opened} seen to open something, {told} told");
    assert!(opened * 4 > count && told >= opened, "{opened} of {count}");
}

//! May these zones talk? Exact answers from the configurations of routers and firewalls.
//!
//! ```text
//! configuration ──► dialect ──► device ─┐
//! network.toml ───► network ────────────┴──► engine ──► findings, each with its packet and its line
//! ```
//!
//! * [`source`]: text of a configuration, its lines and words, and how secrets are taken out of it.
//! * [`dialect`]: languages of vendors; each turns text into a [`device`].
//! * [`device`]: what a device does with packets, whatever it is made by.
//! * [`network`]: zones, where the devices stand, what may pass between zones.
//! * [`fabric`]: the network and its devices put together.
//! * [`trace`]: the way of one packet, with the line that decides at each device.
//! * [`packet`], [`ranges`]: what packets and sets of them are made of.
//! * [`diagram`]: sets of packets as decision diagrams, and which rule decided each.
//! * [`engine`]: where the packets of a zone arrive, and which rules let them.
//! * [`question`]: is every separation kept; what does a change open; which rules decide nothing; what is weak in itself.
//! * [`picture`]: the zones, the devices and what passes, as a picture and a table.
//! * [`render`]: configurations made from what the city says.
//!
//! Everything here is pure, text in and findings out, but `prove` (a feature): it sends real packets through network namespaces.
//!
//! # A network asked from its configurations
//! The configurations of two routers, a description of the network, and the question whether the municipality's model α is kept:
//!
//! ```
//! use separation::{dialect, fabric::Fabric, network::{Network, demands}, question, source::Source};
//!
//! let core = r#"
//! ip lan1 address 10.10.0.1/16
//! ip lan2 address 10.99.0.1/24
//! ip route 10.20.0.0/16 gateway 10.99.0.2
//! ip filter 100 pass 10.20.1.11 10.10.1.11 tcp * 443
//! ip filter 110 pass 10.20.0.0/16 10.10.0.0/16 tcp * 3389
//! ip lan2 secure filter in 100 110
//! ip lan1 secure filter in 999
//! ip filter 999 reject * *
//! "#;
//! let edge = r#"
//! interface GigabitEthernet0/0
//!  ip address 10.99.0.2 255.255.255.0
//! interface GigabitEthernet0/1
//!  ip address 10.20.0.1 255.255.0.0
//!  ip access-group FROM-LGWAN in
//! ip route 10.10.0.0 255.255.0.0 10.99.0.1
//! ip access-list extended FROM-LGWAN
//!  permit tcp 10.20.0.0 0.0.255.255 10.10.0.0 0.0.255.255
//! "#;
//! let network = Network::read(r#"
//! zone = [
//!   { name = "mynumber", tier = "mynumber", prefixes = ["10.10.0.0/16"] },
//!   { name = "lgwan", tier = "lgwan", prefixes = ["10.20.0.0/16"] },
//! ]
//! link = [{ name = "between" }]
//! device = [
//!   { name = "core", configurations = ["core.conf"], interfaces = { lan1 = "mynumber", lan2 = "between" } },
//!   { name = "edge", configurations = ["edge.conf"], interfaces = { "GigabitEthernet0/0" = "between", "GigabitEthernet0/1" = "lgwan" } },
//! ]
//! permitted = [
//!   { id = "P1", from = "lgwan", to = "mynumber", source = ["10.20.1.11"], destination = ["10.10.1.11"], protocol = "tcp",
//!     ports = ["443"], reason = "applications", approver = "CISO" },
//! ]
//! "#).expect("the description of the network can be read");
//!
//! // Which language a file is in is told by name, or found: `dialect::detect`. Nothing that was not understood is passed over.
//! let read = |name: &str, text: &str| dialect::named(name).expect("a dialect").read(&[Source::new(text)]);
//! let devices = vec![read("yamaha", core), read("ios", edge)];
//! assert!(devices.iter().all(|device| device.unread.is_empty()));
//!
//! let (fabric, problems) = Fabric::new(network, devices);
//! assert!(problems.is_empty());
//! let demands = demands(&fabric.network, "alpha");
//! let checked = question::check(&fabric, &demands, question::Options::on(jiff::civil::date(2026, 11, 25)));
//!
//! let zone = |id| &*fabric.network.zone(id).expect("a zone").name;
//! for finding in &checked.findings {
//!     let (from, to) = (zone(finding.from), zone(finding.to));
//!     println!("{}: {from} to {to}, {} ({} packets)", finding.kind.word(), finding.service, finding.packets);
//!     if let (Some(rule), Some(witness)) = (finding.rule, finding.witness) {
//!         let device = &fabric.placed(rule.node).expect("a device").name;
//!         println!("  by line {} of {device}: {witness}\n  {}", rule.line.number, finding.fix.en);
//!     }
//! }
//! // Line 6 of the core lets remote desktops of LGWAN into MyNumber; the other way is proved to be shut.
//! let crossing = checked.findings.iter().find(|finding| finding.kind == question::Kind::Crossing).expect("a crossing");
//! assert_eq!(crossing.service, "tcp/3389");
//! assert_eq!(crossing.rule.map(|rule| rule.line.number), Some(6));
//! let proved: Vec<_> = checked.proved.iter().map(|(from, to)| (zone(*from), zone(*to))).collect();
//! assert_eq!(proved, [("mynumber", "lgwan")]);
//! ```
//!
//! Why one packet passes or does not is [`trace::walk`]; what a change would open is [`question::diff`]; which rules decide nothing is
//! [`question::unreachable`] and [`question::redundant`].

pub mod device;
pub mod diagram;
pub mod dialect;
pub mod engine;
pub mod fabric;
pub mod network;
pub mod packet;
pub mod picture;
#[cfg(feature = "prove")]
pub mod prove;
pub mod question;
pub mod ranges;
pub mod render;
pub mod source;
pub mod trace;

//! Firewalls by zones: what passes between interfaces is said for pairs of zones.
//!
//! Between interfaces of one zone all passes; between a zone and an interface of none, or two zones without a policy, nothing does. Policies
//! see the addresses of the inner side, whatever is translated. What a device sends and receives for itself is not asked here.

use std::collections::{BTreeMap, BTreeSet};

use model::lang::Text;

use super::part::name;
use crate::device::{InterfaceId, Line, Service, Unknown, Unread};
use crate::dialect::draft::unknown;
use crate::dialect::names;
use crate::dialect::statement::{Refusal, Statement, number, unknown_word};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Kinds of classes and policies; only `inspect` says what passes between zones.
pub(super) const KINDS: [&str; 9] = [
    "access-control",
    "appnav",
    "control",
    "inspect",
    "logging",
    "port-filter",
    "queue-threshold",
    "stack",
    "traffic",
];

/// Zones and what is said of them.
#[derive(Default)]
pub(super) struct Zones {
    pub(super) named: BTreeSet<String>,
    pub(super) members: BTreeMap<InterfaceId, String>,
    pub(super) pairs: Vec<Pair>,
    pub(super) policies: BTreeMap<String, Policy>,
    pub(super) classes: BTreeMap<String, Class>,
    /// Lines that give protocols other ports.
    pub(super) ports: Vec<Unread>,
}

/// Two zones, in one direction.
pub(super) struct Pair {
    pub(super) source: String,
    pub(super) destination: String,
    pub(super) policy: Option<String>,
    pub(super) line: Line,
}

/// What is done to classes, in order.
#[derive(Default)]
pub(super) struct Policy {
    pub(super) parts: Vec<Part>,
    pub(super) refused: Vec<Unread>,
}

/// What is done to one class; `None` for all packets that are in no other.
pub(super) struct Part {
    pub(super) class: Option<String>,
    pub(super) does: Does,
    pub(super) line: Line,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It passes, and so do the answers.
    Inspect,
    Pass,
    Drop,
}

/// Which packets are in a class.
#[derive(Default)]
pub(super) struct Class {
    /// Whether one part is enough.
    any: bool,
    wants: Vec<Want>,
    pub(super) refused: Vec<Unread>,
}

enum Want {
    List(Family, String),
    Services(Vec<Service>, Option<Unknown>),
    Class(String),
}

/// One way to be in a class.
#[derive(Clone)]
pub(super) struct Alternative {
    /// Any of these.
    pub(super) services: Vec<Service>,
    /// A list that permits it as well.
    pub(super) list: Option<(Family, String)>,
    pub(super) unknown: Vec<Unknown>,
}

/// Classes in classes deeper than this hold each other in a circle; more ways than these are not followed.
const DEEPEST: usize = 8;
const MOST: usize = 256;

impl Zones {
    /// `zone-pair security NAME source A destination B`; whether the line is one.
    pub(super) fn pair(&mut self, statement: &mut Statement<'_>) -> Result<usize, Refusal> {
        statement.parse(name).ok_or(unknown_word())?;
        if !statement.is("source") {
            return Err(unknown_word());
        }
        let source = statement.parse(name).ok_or(unknown_word())?;
        if !statement.is("destination") {
            return Err(unknown_word());
        }
        let destination = statement.parse(name).ok_or(unknown_word())?;
        statement.end()?;
        self.pairs.push(Pair {
            source,
            destination,
            policy: None,
            line: statement.line(),
        });
        Ok(self.pairs.len() - 1)
    }

    /// `class-map type inspect match-any NAME`: the name.
    pub(super) fn class(&mut self, statement: &mut Statement<'_>) -> Result<String, Refusal> {
        let any = statement.is("match-any");
        if !any {
            statement.is("match-all");
        }
        let class = statement.parse(name).ok_or(unknown_word())?;
        statement.end()?;
        self.classes.entry(class.clone()).or_default().any = any;
        Ok(class)
    }

    /// The ways to be in a class.
    pub(super) fn alternatives(&self, class: &str) -> Result<Vec<Alternative>, Refusal> {
        self.ways(class, 0)
    }

    fn ways(&self, class: &str, depth: usize) -> Result<Vec<Alternative>, Refusal> {
        let found = self.classes.get(class).filter(|_| depth <= DEEPEST);
        let found = found.ok_or_else(|| {
            Text::new(
                format!("クラス「{class}」が定義されていない、又は互いを含む"),
                format!("class `{class}` is defined nowhere, or classes hold each other"),
            )
        })?;
        let one = |want: &Want| -> Result<Vec<Alternative>, Refusal> {
            let all = || vec![Service::anything()];
            Ok(match want {
                Want::Class(inner) => self.ways(inner, depth + 1)?,
                Want::List(family, list) => vec![Alternative {
                    services: all(),
                    list: Some((*family, list.clone())),
                    unknown: Vec::new(),
                }],
                Want::Services(services, depends) => vec![Alternative {
                    services: services.clone(),
                    list: None,
                    unknown: depends.iter().cloned().collect(),
                }],
            })
        };
        let mut ways: Vec<Alternative> = Vec::new();
        for (at, want) in found.wants.iter().enumerate() {
            let more = one(want)?;
            if found.any || at == 0 {
                ways.extend(more);
            } else {
                ways = both(&ways, &more)?;
            }
            if ways.len() > MOST {
                return Err(Text::fixed("クラスが大きすぎる", "the class is too large"));
            }
        }
        Ok(ways)
    }
}

/// The ways to be in two classes at once.
fn both(ours: &[Alternative], theirs: &[Alternative]) -> Result<Vec<Alternative>, Refusal> {
    let mut ways = Vec::new();
    for one in ours {
        for other in theirs {
            if one.list.is_some() && other.list.is_some() {
                return Err(Text::fixed(
                    "二つのアクセスリストの両方に当たるクラスは読めない",
                    "a class of what two access lists permit is not read",
                ));
            }
            let services = one.services.iter();
            let services = services.flat_map(|ours| other.services.iter().filter_map(|theirs| ours.intersect(theirs)));
            ways.push(Alternative {
                services: services.collect(),
                list: one.list.clone().or_else(|| other.list.clone()),
                unknown: one.unknown.iter().chain(&other.unknown).cloned().collect(),
            });
        }
    }
    Ok(ways)
}

impl Pair {
    /// A line below `zone-pair`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        if !statement.are("service-policy type inspect") {
            return Err(unknown_word());
        }
        self.policy = Some(statement.parse(name).ok_or(unknown_word())?);
        statement.end()
    }
}

impl Class {
    /// A line below `class-map type inspect`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        if !statement.is("match") {
            return Err(unknown_word());
        }
        let want = if statement.are("access-group name") {
            Want::List(Family::V4, statement.parse(name).ok_or(unknown_word())?)
        } else if statement.is("access-group") {
            Want::List(
                Family::V4,
                statement.parse(number::<u32>).ok_or(unknown_word())?.to_string(),
            )
        } else if statement.is("class-map") {
            Want::Class(statement.parse(name).ok_or(unknown_word())?)
        } else if statement.is("protocol") {
            let word = statement.parse(name).ok_or(unknown_word())?;
            match application(&word) {
                Some(services) => Want::Services(services, None),
                None => Want::Services(
                    vec![Service::anything()],
                    Some(unknown("アプリケーションの判別", "which application it is")),
                ),
            }
        } else {
            return Err(unknown_word());
        };
        statement.end()?;
        self.wants.push(want);
        Ok(())
    }
}

impl Policy {
    /// A line below `policy-map type inspect`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let line = statement.line();
        let class = if statement.are("class class-default") {
            Some(None)
        } else if statement.are("class type inspect") {
            Some(Some(statement.parse(name).ok_or(unknown_word())?))
        } else {
            None
        };
        if let Some(class) = class {
            self.parts.push(Part {
                class,
                does: Does::Drop,
                line,
            });
            return statement.end();
        }
        let Some(part) = self.parts.last_mut() else {
            return Err(unknown_word());
        };
        part.does = match () {
            () if statement.is("inspect") => {
                // Limits, by name.
                statement.parse(name);
                Does::Inspect
            }
            () if statement.is("pass") => Does::Pass,
            () if statement.is("drop") => Does::Drop,
            // Less passes.
            () if statement.is("police") || statement.is("service-policy") => {
                statement.pass_rest();
                return Ok(());
            }
            () => return Err(unknown_word()),
        };
        statement.is("log");
        statement.end()
    }
}

/// Protocols by the names that classes know; `None` for those that only their content shows.
fn application(word: &str) -> Option<Vec<Service>> {
    let to = |of: &[u8], ports: &[u16]| -> Vec<Service> {
        of.iter()
            .map(|of| Service::to_ports(*of, Ranges::of(ports.iter().map(|port| (*port, *port)))))
            .collect()
    };
    let (tcp, udp) = (protocol::TCP, protocol::UDP);
    Some(match word {
        "tcp" | "udp" => vec![Service::protocol(names::protocol(word)?)],
        "icmp" => Family::ALL.map(|family| Service::protocol(family.icmp())).to_vec(),
        "dns" => to(&[tcp, udp], &[53]),
        "ftp" => to(&[tcp], &[21]),
        "h323" => to(&[tcp], &[1720]),
        "http" => to(&[tcp], &[80]),
        "https" => to(&[tcp], &[443]),
        "imap" => to(&[tcp], &[143]),
        "imaps" => to(&[tcp], &[993]),
        "isakmp" => to(&[udp], &[500]),
        "ldap" => to(&[tcp, udp], &[389]),
        "ldaps" => to(&[tcp], &[636]),
        "ntp" => to(&[udp], &[123]),
        "pop3" => to(&[tcp], &[110]),
        "pop3s" => to(&[tcp], &[995]),
        "pptp" => to(&[tcp], &[1723]),
        "sip" => to(&[tcp, udp], &[5060]),
        "smtp" => to(&[tcp], &[25]),
        "snmp" => to(&[udp], &[161]),
        "snmptrap" => to(&[udp], &[162]),
        "ssh" => to(&[tcp], &[22]),
        "syslog" => to(&[udp], &[514]),
        "telnet" => to(&[tcp], &[23]),
        "tftp" => to(&[udp], &[69]),
        _ => return None,
    })
}

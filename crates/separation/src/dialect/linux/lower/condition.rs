//! The conditions of a rule.

use std::net::IpAddr;

use model::lang::Text;

use crate::device::rule::{States, flags};
use crate::device::{Addresses, Device, InterfaceId, Interfaces, Line, Match, Service, Unknown};
use crate::dialect::linux::tree::{Among, Element, Field, Set, Value};
use crate::dialect::{linux, names};
use crate::packet::{Family, State, protocol};
use crate::ranges::{Bound, Ranges};

/// Packets that meet one of some alternatives.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) alternatives: Vec<Match>,
}

/// What a rule refers to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lookup<'e> {
    Elements(&'e [Element]),
    Flags {
        mask: u8,
        value: u8,
    },
    /// A set that is filled while the device runs.
    Changing,
}

/// The elements that a rule refers to.
pub(super) fn lookup<'e>(sets: &'e [Set], among: &'e Among) -> Result<Lookup<'e>, Text> {
    match among {
        Among::These(elements) => Ok(Lookup::Elements(elements)),
        Among::Flags { mask, value } => Ok(Lookup::Flags {
            mask: *mask,
            value: *value,
        }),
        Among::Named(name) => {
            let set = sets.iter().find(|set| set.name == *name);
            let set =
                set.ok_or_else(|| Text::new(format!("集合「{name}」がない"), format!("there is no set `{name}`")))?;
            Ok(if set.changes {
                Lookup::Changing
            } else {
                Lookup::Elements(&set.elements)
            })
        }
    }
}

impl Conditions {
    /// Every packet of a family, or of both.
    pub(super) fn all(family: Option<Family>) -> Self {
        Self {
            alternatives: vec![family.map_or_else(Match::everything, Match::all_of)],
        }
    }

    /// Whether they hold depends on something that no packet shows.
    pub(super) fn depend(&mut self, on: Text) {
        for alternative in &mut self.alternatives {
            alternative.unknown.push(Unknown { on: on.clone() });
        }
    }

    /// Keeps packets whose fields are (or, negated, are not) among the elements.
    ///
    /// # Errors
    /// A value that is none of the field; a negated concatenation.
    pub(super) fn narrow(
        &mut self,
        device: &mut Device,
        line: Line,
        fields: &[Field],
        negated: bool,
        among: Lookup<'_>,
    ) -> Result<(), Text> {
        let mut reader = Reader { device, line };
        let narrower = match (among, fields) {
            (Lookup::Changing, _) => {
                self.depend(Text::fixed(
                    "動作中に変わる集合の中身",
                    "the content of a set that changes while the device runs",
                ));
                return Ok(());
            }
            (Lookup::Flags { mask, value }, _) => vec![tcp_flags(negate(flags(mask, value), negated))],
            (Lookup::Elements(elements), [field]) => vec![reader.one(*field, elements, negated)?],
            (Lookup::Elements(_), _) if negated => {
                return Err(Text::fixed("組の否定は読まない", "a negated concatenation is not read"));
            }
            (Lookup::Elements(elements), fields) => {
                let several = elements.iter().map(|element| reader.several(fields, element));
                several.collect::<Result<_, _>>()?
            }
        };
        let narrowed = self
            .alternatives
            .iter()
            .flat_map(|alternative| narrower.iter().map(|narrower| alternative.and(narrower)));
        self.alternatives = narrowed.filter(|alternative| !alternative.is_empty()).collect();
        Ok(())
    }
}

fn negate<T: Bound>(set: Ranges<T>, negated: bool) -> Ranges<T> {
    if negated { set.complement() } else { set }
}

fn only(service: Service) -> Match {
    Match {
        services: vec![service],
        ..Match::everything()
    }
}

fn tcp_flags(flags: Ranges<u8>) -> Match {
    only(Service {
        flags,
        ..Service::protocol(protocol::TCP)
    })
}

struct Reader<'d> {
    device: &'d mut Device,
    line: Line,
}

impl Reader<'_> {
    /// An element of a concatenation.
    fn several(&mut self, fields: &[Field], element: &Element) -> Result<Match, Text> {
        if fields.len() != element.key.len() {
            return Err(Text::fixed("組の数が合わない", "a concatenation of the wrong length"));
        }
        let mut all = Match::everything();
        for (field, value) in fields.iter().zip(&element.key) {
            let alone = Element {
                key: vec![value.clone()],
                leads: None,
            };
            all = all.and(&self.one(*field, std::slice::from_ref(&alone), false)?);
        }
        Ok(all)
    }

    /// Elements of one field.
    fn one(&mut self, field: Field, elements: &[Element], negated: bool) -> Result<Match, Text> {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            match element.key.as_slice() {
                [value] => values.push(value),
                _ => return Err(Text::fixed("組の数が合わない", "a concatenation of the wrong length")),
            }
        }
        let all = Match::everything();
        Ok(match field {
            Field::Ingress => Match {
                ingress: self.interfaces(&values, negated)?,
                ..all
            },
            Field::Egress => Match {
                egress: self.interfaces(&values, negated)?,
                ..all
            },
            Field::Source4 => Match {
                source: addresses(&values, Family::V4, negated)?,
                ..all
            },
            Field::Source6 => Match {
                source: addresses(&values, Family::V6, negated)?,
                ..all
            },
            Field::Destination4 => Match {
                destination: addresses(&values, Family::V4, negated)?,
                ..all
            },
            Field::Destination6 => Match {
                destination: addresses(&values, Family::V6, negated)?,
                ..all
            },
            Field::Family => {
                let named = |family: Family, words: [&str; 2]| {
                    let is = values
                        .iter()
                        .any(|value| matches!(value, Value::Word(word) if words.contains(&&**word)));
                    if is == negated {
                        Addresses::none()
                    } else {
                        Addresses::all_of(family)
                    }
                };
                let source = named(Family::V4, ["ip", "ipv4"]).union(&named(Family::V6, ["ip6", "ipv6"]));
                Match { source, ..all }
            }
            Field::Protocol => only(Service::protocols(negate(numbers(&values, names::protocol)?, negated))),
            Field::SourcePort(of) => only(Service {
                source_ports: negate(numbers(&values, names::port)?, negated),
                ..with_ports(of)
            }),
            Field::DestinationPort(of) => only(Service {
                destination_ports: negate(numbers(&values, names::port)?, negated),
                ..with_ports(of)
            }),
            Field::TcpFlags => tcp_flags(negate(numbers(&values, |word| word.parse().ok())?, negated)),
            Field::IcmpType | Field::Icmp6Type => {
                let family = if field == Field::IcmpType {
                    Family::V4
                } else {
                    Family::V6
                };
                let kinds = numbers(&values, |word| names::icmp_type(family, word).map(u16::from))?;
                only(Service {
                    source_ports: negate(kinds, negated),
                    ..Service::protocol(family.icmp())
                })
            }
            Field::IcmpCode | Field::Icmp6Code => {
                let family = if field == Field::IcmpCode {
                    Family::V4
                } else {
                    Family::V6
                };
                only(Service {
                    destination_ports: negate(numbers(&values, |word| word.parse().ok())?, negated),
                    ..Service::protocol(family.icmp())
                })
            }
            Field::State => {
                let states = states(&values)?;
                Match {
                    states: if negated { states.complement() } else { states },
                    ..all
                }
            }
        })
    }

    fn interfaces(&mut self, values: &[&Value], negated: bool) -> Result<Interfaces, Text> {
        let mut these = Vec::new();
        for value in values {
            let Some(name) = named(value) else {
                return Err(Text::fixed(
                    "インタフェースの名ではない",
                    "not the name of an interface",
                ));
            };
            match name.strip_suffix('*') {
                Some(start) => these.extend(self.beginning_with(start)),
                None => these.extend(linux::interface(self.device, name, self.line)),
            }
        }
        Ok(if negated {
            Interfaces::AllBut(these)
        } else {
            Interfaces::These(these)
        })
    }

    /// `eth*`: of the interfaces that are known.
    fn beginning_with(&self, start: &str) -> Vec<InterfaceId> {
        let interfaces = (0..).map(InterfaceId).zip(&self.device.interfaces);
        interfaces
            .filter(|(_, interface)| interface.name.starts_with(start))
            .map(|(id, _)| id)
            .collect()
    }
}

/// The name of an interface; nothing has an empty one.
fn named(value: &Value) -> Option<&str> {
    match value {
        Value::Word(name) if !name.is_empty() => Some(name),
        _ => None,
    }
}

fn with_ports(of: Option<u8>) -> Service {
    Service::protocols(of.map_or_else(
        || Ranges::of(protocol::WITH_PORTS.map(|number| (number, number))),
        Ranges::one,
    ))
}

/// Numbers, by names too.
pub(super) fn numbers<T: Bound>(values: &[&Value], named: impl Fn(&str) -> Option<T>) -> Result<Ranges<T>, Text> {
    let intervals = values.iter().map(|value| match value {
        Value::Any => Some((T::MIN, T::MAX)),
        Value::Word(word) => named(word).map(|number| (number, number)),
        Value::Range(first, last) => Some((named(first)?, named(last)?)),
        Value::Prefix(..) => None,
    });
    let intervals: Option<Vec<_>> = intervals.collect();
    intervals
        .map(Ranges::of)
        .ok_or_else(|| Text::fixed("名前か番号が分からない", "an unknown name or number"))
}

fn addresses(values: &[&Value], family: Family, negated: bool) -> Result<Addresses, Text> {
    let mut all = Addresses::none();
    for value in values {
        all = all.union(&address(value).ok_or_else(|| Text::fixed("アドレスではない", "not an address"))?);
    }
    let all = if negated { all.complement() } else { all };
    Ok(all.intersect(&Addresses::all_of(family)))
}

/// The addresses of a value.
pub(super) fn address(value: &Value) -> Option<Addresses> {
    let one = |text: &str| text.parse::<IpAddr>().ok();
    match value {
        Value::Any => Some(Addresses::all()),
        Value::Word(word) => one(word).map(Addresses::one),
        Value::Range(first, last) => Some(Addresses::span(one(first)?, one(last)?)).filter(|range| !range.is_empty()),
        Value::Prefix(network, length) => {
            let network = one(network)?;
            let most = if network.is_ipv4() { 32 } else { 128 };
            (*length <= most).then(|| Addresses::network(network, *length))
        }
    }
}

fn states(values: &[&Value]) -> Result<States, Text> {
    let mut these = Vec::new();
    for value in values {
        let state = match value {
            Value::Word(word) => match &**word {
                "new" => Some(State::New),
                "established" => Some(State::Established),
                "related" => Some(State::Related),
                "invalid" => Some(State::Invalid),
                // Only what a rule took out of sight; such rules are not read.
                "untracked" => continue,
                _ => None,
            },
            _ => None,
        };
        these.push(state.ok_or_else(|| Text::fixed("接続の状態が分からない", "an unknown state"))?);
    }
    Ok(States::of(&these))
}

//! Chains of type nat → translations.

use std::net::IpAddr;

use model::lang::Text;

use super::condition::{Conditions, Lookup, address, lookup, numbers};
use super::{Lowering, Written};
use crate::device::{Affects, Change, InterfaceId, Interfaces, Match, Service, Translation};
use crate::dialect::linux::tree::{Leads, Nat, Rule, Statement, To, Value, Verdict};
use crate::dialect::names;
use crate::packet::{Family, number, protocol};

/// A device may change a source port to any but this one.
const FIRST_PORT: u16 = 1;

impl Lowering<'_> {
    /// The translations of a base chain, chains that it calls in their place.
    pub(super) fn translations(&mut self, chain: &Written) -> Vec<Translation> {
        let mut translations = Vec::new();
        self.called(chain, &Conditions::all(self.family), &mut translations, 0);
        translations
    }

    fn called(&mut self, chain: &Written, under: &Conditions, translations: &mut Vec<Translation>, depth: usize) {
        for rule in &chain.rules {
            if let Err(why) = self.translating(rule, under, translations, depth) {
                self.unread(rule.line, why, Affects::Translations);
            }
        }
    }

    fn translating(
        &mut self,
        rule: &Rule,
        under: &Conditions,
        translations: &mut Vec<Translation>,
        depth: usize,
    ) -> Result<(), Text> {
        let mut conditions = under.clone();
        for statement in &rule.statements {
            match statement {
                Statement::Nat(nat) => return self.translated(rule, &conditions, nat, translations),
                Statement::Verdict(Verdict::Accept) => {
                    translations.extend(
                        conditions
                            .alternatives
                            .iter()
                            .map(|condition| self.kept(rule, condition)),
                    );
                    return Ok(());
                }
                Statement::Verdict(Verdict::Jump(to)) if depth < 16 => {
                    let chain = self.table.chains.iter().find(|chain| chain.name == *to);
                    let chain = chain
                        .ok_or_else(|| Text::new(format!("連鎖「{to}」がない"), format!("there is no chain `{to}`")))?;
                    self.called(chain, &conditions, translations, depth + 1);
                    return Ok(());
                }
                Statement::Verdict(Verdict::Continue) => return Ok(()),
                Statement::Verdict(_) | Statement::VerdictMap { .. } => {
                    return Err(Text::fixed(
                        "nat の連鎖のこの判断は読まない",
                        "this verdict in a chain of type nat is not read",
                    ));
                }
                other => self.narrowed(&mut conditions, other, rule.line)?,
            }
        }
        Ok(())
    }

    /// What exempts packets from later translations.
    fn kept(&self, rule: &Rule, condition: &Match) -> Translation {
        Translation {
            name: format!("{} {}:{}", self.table.family, self.table.name, rule.line),
            condition: condition.clone(),
            source: Change::Keep,
            destination: Change::Keep,
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line: self.line(rule.line),
        }
    }

    fn translated(
        &mut self,
        rule: &Rule,
        conditions: &Conditions,
        nat: &Nat,
        translations: &mut Vec<Translation>,
    ) -> Result<(), Text> {
        for condition in &conditions.alternatives {
            for family in Family::ALL {
                let condition = condition.and(&Match::all_of(family));
                if condition.is_empty() {
                    continue;
                }
                let made = match nat {
                    Nat::Source(to) => self.target(rule, &condition, family, to, true)?,
                    Nat::Destination(to) => self.target(rule, &condition, family, to, false)?,
                    Nat::Masquerade(ports) => self.masquerade(rule, &condition, family, ports.as_ref())?,
                    Nat::Redirect => self.redirect(rule, &condition, family),
                };
                translations.extend(made);
            }
        }
        Ok(())
    }

    fn target(
        &mut self,
        rule: &Rule,
        condition: &Match,
        family: Family,
        to: &To,
        source: bool,
    ) -> Result<Vec<Translation>, Text> {
        match to {
            To::Fixed(address, port) => self.fixed(rule, condition, family, (address.as_ref(), port.as_ref()), source),
            To::Mapped(fields, among) => {
                let Lookup::Elements(elements) = lookup(&self.table.sets, among)? else {
                    return Err(Text::fixed(
                        "動作中に変わる対応表",
                        "a map that changes while the device runs",
                    ));
                };
                let mut made = Vec::new();
                for element in elements {
                    let Some(Leads::Values(values)) = &element.leads else {
                        return Err(Text::fixed("対応表に変換先がない", "a map without a target"));
                    };
                    let mut one = Conditions {
                        alternatives: vec![condition.clone()],
                    };
                    let line = self.line(rule.line);
                    one.narrow(
                        self.device,
                        line,
                        fields,
                        false,
                        Lookup::Elements(std::slice::from_ref(element)),
                    )?;
                    for condition in &one.alternatives {
                        let target = (values.first(), values.get(1));
                        made.extend(self.fixed(rule, condition, family, target, source)?);
                    }
                }
                Ok(made)
            }
        }
    }

    /// To an address, a port, or both. Of the other family's target nothing is made.
    fn fixed(
        &self,
        rule: &Rule,
        condition: &Match,
        family: Family,
        (to, port): (Option<&Value>, Option<&Value>),
        source: bool,
    ) -> Result<Vec<Translation>, Text> {
        let mut made = self.kept(rule, condition);
        let changed = match to {
            None => Change::Keep,
            Some(value) => {
                let target = address(value)
                    .ok_or_else(|| Text::fixed("変換先がアドレスではない", "the target is no address"))?;
                match target.of(family).iter().collect::<Vec<_>>().as_slice() {
                    [] => return Ok(Vec::new()),
                    [(first, last)] => Change::Into {
                        first: *first,
                        last: *last,
                    },
                    _ => return Err(Text::fixed("変換先が一続きでない", "the target is not one range")),
                }
            }
        };
        let port_changed = match port {
            Some(value) => {
                let ports = numbers(&[value], names::port)?;
                let bounds = ports
                    .iter()
                    .next()
                    .ok_or_else(|| Text::fixed("変換先のポートがない", "no target port"))?;
                Change::Into {
                    first: bounds.0,
                    last: bounds.1,
                }
            }
            // A source port may be changed so that two flows do not fall together.
            None if source => Change::Into {
                first: FIRST_PORT,
                last: u16::MAX,
            },
            None => Change::Keep,
        };
        if source {
            (made.source, made.source_port) = (changed, port_changed);
        } else {
            (made.destination, made.destination_port) = (changed, port_changed);
        }
        if port.is_some() {
            let with_ports = Match {
                services: protocol::WITH_PORTS.map(Service::protocol).into(),
                ..Match::everything()
            };
            made.condition = made.condition.and(&with_ports);
        }
        Ok(vec![made])
    }

    /// To the address of the interface that the packet leaves by; to any address where it is not known.
    fn masquerade(
        &self,
        rule: &Rule,
        condition: &Match,
        family: Family,
        ports: Option<&Value>,
    ) -> Result<Vec<Translation>, Text> {
        let source_port = match ports {
            Some(value) => numbers(&[value], names::port)?.iter().next(),
            None => Some((FIRST_PORT, u16::MAX)),
        };
        let (first, last) = source_port.ok_or_else(|| Text::fixed("変換先のポートがない", "no target port"))?;
        let own = self.own_addresses(family, |id| condition.egress.contains(id));
        let made = own.into_iter().map(|(id, address)| {
            let (low, high) = address.map_or((0, family.last_address()), |address| (address, address));
            let mut made = self.kept(rule, condition);
            made.condition.egress = made.condition.egress.intersect(&Interfaces::These(vec![id]));
            made.source = Change::Into { first: low, last: high };
            made.source_port = Change::Into { first, last };
            made
        });
        Ok(made.collect())
    }

    /// To the device itself: an address of the interface that the packet came in by.
    fn redirect(&self, rule: &Rule, condition: &Match, family: Family) -> Vec<Translation> {
        let own = self.own_addresses(family, |id| condition.ingress.contains(id));
        let made = own.into_iter().filter_map(|(id, address)| {
            let address = address?;
            let mut made = self.kept(rule, condition);
            made.condition.ingress = made.condition.ingress.intersect(&Interfaces::These(vec![id]));
            made.destination = Change::Into {
                first: address,
                last: address,
            };
            Some(made)
        });
        made.collect()
    }

    /// The first address of each interface, `None` where it is not known.
    fn own_addresses(&self, family: Family, of: impl Fn(InterfaceId) -> bool) -> Vec<(InterfaceId, Option<u128>)> {
        let interfaces = (0..).map(InterfaceId).zip(&self.device.interfaces);
        let own = interfaces.filter(|(id, _)| of(*id)).map(|(id, interface)| {
            let mut addresses = interface
                .addresses
                .iter()
                .map(|(address, _): &(IpAddr, u8)| number(*address));
            let first = addresses.find(|(own, _)| *own == family).map(|(_, address)| address);
            (id, first.filter(|_| !interface.addressed_elsewhere))
        });
        own.collect()
    }
}

//! Translation: `ip nat inside source …`, `ip nat pool …`.
//!
//! What `ip nat outside …` and `ip nat inside destination …` do is in [`outer`].

mod more;
mod outer;
mod selected;

use std::collections::BTreeMap;

use model::lang::Text;

use self::more::More;
use self::outer::Conditions;
pub(super) use self::selected::Selected;
use self::selected::{chosen, permitted};
use super::interface::interface_name;
use super::part::name;
use crate::device::{Addresses, Change, InterfaceId, Interfaces, Line, Match, Service, Translation};
use crate::dialect::draft::Draft;
use crate::dialect::names;
use crate::dialect::statement::{Refusal, Statement, mask_length, number, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Ports that a device takes for flows whose source it changes.
const PORTS: (u16, u16) = (1, u16::MAX);

/// What is written.
#[derive(Default)]
pub(super) struct Nat {
    pub(super) pools: BTreeMap<String, (u32, u32)>,
    pub(super) fixed: Vec<Fixed>,
    pub(super) dynamic: Vec<Dynamic>,
    outer: outer::Outer,
}

/// `static`: both directions.
pub(super) struct Fixed {
    local: u32,
    global: Global,
    count: u32,
    port: Option<(u8, u16, u16)>,
    more: More,
    line: Line,
}

enum Global {
    Address(u32),
    Of(InterfaceId),
}

/// `list … pool …`, `list … interface …`: what goes out.
pub(super) struct Dynamic {
    pub(super) list: String,
    pub(super) by_map: bool,
    pool: Option<String>,
    of: Option<InterfaceId>,
    more: More,
    pub(super) line: Line,
}

impl Nat {
    /// What follows `ip nat`.
    pub(super) fn read(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        if ["translation", "log", "service", "settings", "create", "portmap"]
            .iter()
            .any(|word| statement.is(word))
        {
            statement.pass_rest();
            return Ok(());
        }
        if statement.is("pool") {
            return self.pool(statement);
        }
        if statement.are("inside source static") {
            return self.fixed(statement, draft);
        }
        if statement.are("outside source static") {
            return self.outer.fixed(statement, draft);
        }
        if statement.are("outside source") {
            return self.outer.dynamic(statement);
        }
        if statement.are("inside destination list") {
            return self.outer.shared(statement);
        }
        if !statement.are("inside source") {
            return Err(Text::fixed("この変換は読めない", "this translation is not read"));
        }
        let by_map = statement.is("route-map");
        if !by_map && !statement.is("list") {
            return Err(unknown_word());
        }
        let list = statement.parse(name).ok_or(unknown_word())?;
        let mut dynamic = Dynamic {
            list,
            by_map,
            pool: None,
            of: None,
            more: More::default(),
            line: statement.line(),
        };
        if statement.is("pool") {
            dynamic.pool = Some(statement.parse(name).ok_or(unknown_word())?);
        } else if statement.is("interface") {
            let of = interface_name(statement).ok_or(unknown_word())?;
            dynamic.of = Some(draft.interface(&of, statement.line()));
        } else {
            return Err(unknown_word());
        }
        dynamic.more = More::read(statement)?;
        dynamic.more.overload |= dynamic.of.is_some();
        self.dynamic.push(dynamic);
        Ok(())
    }

    /// `NAME 198.51.100.4 198.51.100.5 netmask 255.255.255.0`
    fn pool(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let pool = statement.parse(name).ok_or(unknown_word())?;
        let first = statement.parse(v4).ok_or(unknown_word())?.to_bits();
        let last = statement.parse(v4).ok_or(unknown_word())?.to_bits();
        if statement.is("netmask") {
            statement.parse(v4).ok_or(unknown_word())?;
        } else if statement.is("prefix-length") {
            statement.parse(number::<u8>).ok_or(unknown_word())?;
        }
        if statement.is("type") {
            statement.take();
        }
        statement.is("add-route");
        statement.end()?;
        if first > last {
            return Err(unknown_word());
        }
        self.pools.insert(pool, (first, last));
        Ok(())
    }

    /// `10.0.0.5 198.51.100.5`, `tcp 10.0.0.5 443 198.51.100.5 8443`, `network 10.0.0.0 198.51.100.0 /28`
    fn fixed(&mut self, statement: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        let line = statement.line();
        let is_network = statement.is("network");
        let of = statement.parse(|word| match word {
            "tcp" => Some(protocol::TCP),
            "udp" => Some(protocol::UDP),
            "esp" => Some(protocol::ESP),
            _ => None,
        });
        let with_ports = of.is_some_and(|of| of != protocol::ESP);
        let port = |statement: &mut Statement<'_>| -> Result<u16, Refusal> {
            if with_ports {
                statement.parse(names::port).ok_or(unknown_word())
            } else {
                Ok(0)
            }
        };
        let local = statement.parse(v4).ok_or(unknown_word())?.to_bits();
        let local_port = port(statement)?;
        let global = if statement.is("interface") {
            let of = interface_name(statement).ok_or(unknown_word())?;
            Global::Of(draft.interface(&of, line))
        } else {
            Global::Address(statement.parse(v4).ok_or(unknown_word())?.to_bits())
        };
        let global_port = port(statement)?;
        let count = if is_network { hosts(statement)? } else { 1 };
        let more = More::read(statement)?;
        let fits = |first: u32| first.checked_add(count - 1).is_some();
        if !fits(local) || matches!(global, Global::Address(global) if !fits(global)) {
            return Err(unknown_word());
        }
        self.fixed.push(Fixed {
            local,
            global,
            count,
            port: of.map(|of| (of, local_port, global_port)),
            more,
            line,
        });
        Ok(())
    }

    /// The entries: of what comes in from outside, and of what goes out; `conditions` says what a list means, `None` where it cannot.
    pub(super) fn entries(
        &self,
        inside: &Interfaces,
        outside: &Interfaces,
        draft: &mut Draft,
        conditions: Conditions<'_>,
    ) -> Result<(Vec<Translation>, Vec<Translation>), Line> {
        let shares = self
            .outer
            .shares(outside, draft, &|shared| self.pooled(shared), conditions)?;
        let (mut inward, mut outward) = (shares, Vec::new());
        for fixed in &self.fixed {
            let global = match fixed.global {
                Global::Address(address) => (address, address + (fixed.count - 1)),
                Global::Of(id) => own(id, draft).map_or((0, u32::MAX), |own| (own, own)),
            };
            let sure = global != (0, u32::MAX);
            let local = (fixed.local, fixed.local + (fixed.count - 1));
            let to = |from: (u32, u32), to: (u32, u32)| {
                if sure {
                    Change::Shift {
                        from: from.0.into(),
                        to: to.0.into(),
                    }
                } else {
                    Change::Into {
                        first: to.0.into(),
                        last: to.1.into(),
                    }
                }
            };
            let mut comes = entry(fixed.line, outside.clone(), Interfaces::Any);
            comes.condition.destination = Addresses::of_v4(Ranges::span(global.0, global.1));
            comes.destination = to(global, local);
            let mut leaves = entry(fixed.line, inside.clone(), outside.clone());
            leaves.condition.source = Addresses::of_v4(Ranges::span(local.0, local.1));
            leaves.source = to(local, global);
            if let Some((of, local_port, global_port)) = fixed.port {
                let with_ports = of != protocol::ESP;
                let mut service = Service::protocol(of);
                if with_ports {
                    service.destination_ports = Ranges::one(global_port);
                    if local_port != global_port {
                        comes.destination_port = Change::Shift {
                            from: global_port,
                            to: local_port,
                        };
                        leaves.source_port = Change::Shift {
                            from: local_port,
                            to: global_port,
                        };
                    }
                }
                comes.condition.services = vec![service];
                let mut service = Service::protocol(of);
                if with_ports {
                    service.source_ports = Ranges::one(local_port);
                }
                leaves.condition.services = vec![service];
            }
            if fixed.more.by_map {
                comes.condition.unknown.push(chosen());
                leaves.condition.unknown.push(chosen());
            }
            fixed
                .more
                .lead(Ranges::span(local.0, local.1), outside, fixed.line, draft);
            inward.push(comes);
            outward.extend(fixed.more.within(leaves, inside, draft));
        }
        for dynamic in &self.dynamic {
            let span = self.span(dynamic, draft)?;
            for condition in permitted(conditions(dynamic)) {
                let mut leaves = entry(dynamic.line, inside.clone(), outside.clone());
                leaves.condition = leaves.condition.and(&condition);
                leaves.source = Change::Into {
                    first: span.0.into(),
                    last: span.1.into(),
                };
                if dynamic.more.overload {
                    leaves.source_port = Change::Into {
                        first: PORTS.0,
                        last: PORTS.1,
                    };
                }
                outward.extend(dynamic.more.within(leaves, inside, draft));
                // While a pair stands, the global address is the local host's for everybody.
                if !dynamic.more.overload {
                    let mut comes = entry(dynamic.line, outside.clone(), Interfaces::Any);
                    comes.condition.destination = Addresses::of_v4(Ranges::span(span.0, span.1));
                    comes.condition.unknown.clone_from(&condition.unknown);
                    comes.destination = into_any_of(&condition.source.v4);
                    dynamic
                        .more
                        .lead(condition.source.v4.clone(), outside, dynamic.line, draft);
                    inward.push(comes);
                }
            }
        }
        Ok((inward, outward))
    }

    /// The entries of the outer side.
    pub(super) fn outer_entries(
        &self,
        sides: (&Interfaces, &Interfaces),
        draft: &mut Draft,
        conditions: Conditions<'_>,
    ) -> Result<(Vec<Translation>, Vec<Translation>), Line> {
        self.outer
            .entries(sides, draft, &|dynamic| self.pooled(dynamic), conditions)
    }

    fn pooled(&self, dynamic: &Dynamic) -> Result<(u32, u32), Line> {
        let pool = dynamic.pool.as_ref().and_then(|pool| self.pools.get(pool));
        pool.copied().ok_or(dynamic.line)
    }

    /// The addresses that a translation takes.
    fn span(&self, dynamic: &Dynamic, draft: &mut Draft) -> Result<(u32, u32), Line> {
        match (&dynamic.pool, dynamic.of) {
            (Some(_), _) => self.pooled(dynamic),
            (None, of) => Ok(of.and_then(|of| own(of, draft)).map_or((0, u32::MAX), |own| (own, own))),
        }
    }
}

/// One of these addresses, or of those between them.
fn into_any_of(these: &Ranges<u32>) -> Change<u128> {
    Change::Into {
        first: these.first().unwrap_or(0).into(),
        last: these.iter().last().map_or(0, |(_, last)| last).into(),
    }
}

/// `/28`, `255.255.255.240`: how many addresses that is.
fn hosts(statement: &mut Statement<'_>) -> Result<u32, Refusal> {
    let length = statement.parse(|word| match word.strip_prefix('/') {
        Some(length) => number::<u8>(length).filter(|length| (1..=32).contains(length)),
        None => mask_length(v4(word)?).filter(|length| *length > 0),
    });
    let length = length.ok_or(unknown_word())?;
    1u32.checked_shl(32 - u32::from(length)).ok_or(unknown_word())
}

fn own(id: InterfaceId, draft: &mut Draft) -> Option<u32> {
    draft.of(id)?.addresses.iter().find_map(|(own, _)| match own {
        std::net::IpAddr::V4(own) => Some(own.to_bits()),
        std::net::IpAddr::V6(_) => None,
    })
}

fn entry(line: Line, ingress: Interfaces, egress: Interfaces) -> Translation {
    Translation {
        name: "ip nat".to_owned(),
        condition: Match {
            ingress,
            egress,
            ..Match::all_of(Family::V4)
        },
        source: Change::Keep,
        destination: Change::Keep,
        source_port: Change::Keep,
        destination_port: Change::Keep,
        line,
    }
}

//! What a city asserts of its network.
//!
//! ```toml
//! [[assert]]
//! name = "職員の端末から業務システムへ"
//! from = "lgwan"
//! to = "mynumber"
//! source = ["10.20.20.11"]             # every address of the zone if it is left out
//! destination = ["10.10.20.11"]        # every address of the zone it goes to
//! protocol = "tcp"                     # every packet if it is left out
//! ports = ["443"]
//! expect = "pass"                      # pass: all of these packets must arrive; blocked: none of them may
//! ```

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use serde::Deserialize;
use toml::Spanned;

use super::slices::{Options, each};
use crate::device::{Addresses, Service};
use crate::diagram::{BudgetSpent, Field, Id, Order, Product, Wishes};
use crate::engine::{Prepared, Slice, Space, Work};
use crate::fabric::Fabric;
use crate::network::{Network, ZoneId, written};
use crate::packet::{Family, Packet};
use crate::ranges::Ranges;
use crate::trace::End;

/// Something that a city asserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// What it is called.
    pub name: String,
    /// The zone that the packets come from.
    pub from: ZoneId,
    /// The zone that they go to.
    pub to: ZoneId,
    /// Their sources.
    pub source: Addresses,
    /// Their destinations.
    pub destination: Addresses,
    /// Protocols and ports.
    pub services: Vec<Service>,
    /// What must hold.
    pub expected: Expected,
    /// Where its name is written.
    pub span: Span,
}

/// What must hold of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Every one arrives, whatever cannot be decided turns out to be.
    Pass,
    /// None may arrive.
    Blocked,
}

/// How an assertion came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not: this packet arrives (of [`Expected::Blocked`]) or may not arrive (of [`Expected::Pass`]).
    Fails(Packet),
    /// It speaks of no packet at all, so it would hold whatever the network does.
    Empty,
    /// Nobody can say: the work was too much.
    Unproven,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    assert: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: Spanned<String>,
    from: Spanned<String>,
    to: Spanned<String>,
    source: Option<Vec<Spanned<String>>>,
    destination: Option<Vec<Spanned<String>>>,
    protocol: Option<Spanned<String>>,
    #[serde(default)]
    ports: Vec<String>,
    expect: Expected,
}

impl Assertion {
    /// Reads a file of assertions.
    ///
    /// # Errors
    /// Every problem at its place.
    pub fn read(source: &str, network: &Network) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let file: File = toml::from_str(source).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = Text::new(
                format!("TOMLとして読めません: {}", error.message()),
                format!("cannot be read as TOML: {}", error.message()),
            );
            vec![Diagnostic::error("policy-test", message).at(Span::new(span.start, span.end))]
        })?;
        let mut problems = Vec::new();
        let rows = file.assert.into_iter();
        let read = rows.filter_map(|row| row.read(network, &mut problems)).collect();
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    }
}

impl Row {
    fn read(self, network: &Network, problems: &mut Vec<Diagnostic>) -> Option<Assertion> {
        let mut refuse = |span: std::ops::Range<usize>, message: Text| {
            problems.push(Diagnostic::error("policy-test", message).at(Span::new(span.start, span.end)));
        };
        let mut zone = |name: &Spanned<String>| {
            let found = network.zone_named(name.get_ref());
            if found.is_none() {
                let message = Text::new(
                    format!("領域「{}」はネットワークの記述にありません", name.get_ref()),
                    format!("the network has no zone `{}`", name.get_ref()),
                );
                refuse(name.span(), message);
            }
            found
        };
        let (from, to) = (zone(&self.from), zone(&self.to));
        let mut addresses = |written: Option<Vec<Spanned<String>>>, zone: Option<ZoneId>| match written {
            None => zone
                .and_then(|zone| network.zone(zone))
                .map_or_else(Addresses::none, |zone| zone.addresses.clone()),
            Some(all) => all
                .iter()
                .fold(Addresses::none(), |sum, one| match written::addresses(one.get_ref()) {
                    Ok(addresses) => sum.union(&addresses),
                    Err(message) => {
                        refuse(one.span(), message);
                        sum
                    }
                }),
        };
        let (source, destination) = (addresses(self.source, from), addresses(self.destination, to));
        let services = match &self.protocol {
            None => vec![Service::anything()],
            Some(protocol) => written::services(protocol.get_ref(), &self.ports).unwrap_or_else(|message| {
                refuse(protocol.span(), message);
                Vec::new()
            }),
        };
        let span = self.name.span();
        Some(Assertion {
            name: self.name.into_inner(),
            from: from?,
            to: to?,
            source,
            destination,
            services,
            expected: self.expect,
            span: Span::new(span.start, span.end),
        })
    }
}

/// Asks each assertion; the outcomes are in their order.
#[must_use]
pub fn policy_test(fabric: &Fabric, assertions: &[Assertion], options: Options) -> Vec<Outcome> {
    let asked: Vec<(&Assertion, Family)> = assertions
        .iter()
        .flat_map(|assertion| Family::ALL.map(|family| (assertion, family)))
        .collect();
    let prepared = Prepared::new(fabric);
    let answers = each(&asked, options, |(assertion, family), order, budget| match family {
        Family::V4 => one::<u32>(&prepared, assertion, order, budget),
        Family::V6 => one::<u128>(&prepared, assertion, order, budget),
    });
    let mut outcomes = Vec::new();
    let mut answers = answers.into_iter();
    while let (Some(v4), Some(v6)) = (answers.next(), answers.next()) {
        outcomes.push(
            match (v4.unwrap_or(Outcome::Unproven), v6.unwrap_or(Outcome::Unproven)) {
                (Outcome::Fails(packet), _) | (_, Outcome::Fails(packet)) => Outcome::Fails(packet),
                (Outcome::Unproven, _) | (_, Outcome::Unproven) => Outcome::Unproven,
                (Outcome::Empty, other) | (other, Outcome::Empty) => other,
                (Outcome::Holds, Outcome::Holds) => Outcome::Holds,
            },
        );
    }
    outcomes
}

fn one<B: Space>(
    prepared: &Prepared<'_>,
    assertion: &Assertion,
    order: Order,
    budget: u64,
) -> Result<Outcome, BudgetSpent> {
    let mut work = Work::<B>::new(prepared, order, budget);
    let slice = Slice {
        from: assertion.from,
        sources: assertion.source.clone(),
        destinations: assertion.destination.clone(),
    };
    let all = work.begin(&slice)?;
    let mut services = Id::NONE;
    for service in &assertion.services {
        let product = Product::everything()
            .with(Field::Protocol, &wider(service.protocols.iter()))
            .with(Field::SourcePort, &wider(service.source_ports.iter()))
            .with(Field::DestinationPort, &wider(service.destination_ports.iter()))
            .with(Field::Flags, &wider(service.flags.iter()));
        let part = work.arena.product(&product, 0)?;
        services = work.arena.over(services, part)?;
    }
    let set = work.arena.keep(all, services)?;
    if set == Id::NONE {
        return Ok(Outcome::Empty);
    }
    let reach = work.ends(assertion.from, set)?;
    if !reach.complete {
        return Ok(Outcome::Unproven);
    }
    let (mut arrives, mut elsewhere) = (Id::NONE, Id::NONE);
    for ended in &reach.ends {
        let sum = if ended.end == End::Arrives(assertion.to) {
            &mut arrives
        } else {
            &mut elsewhere
        };
        *sum = work.arena.over(*sum, ended.sent)?;
    }
    let wrong = match assertion.expected {
        Expected::Blocked => arrives,
        Expected::Pass => {
            let surely = work.arena.remove(arrives, elsewhere)?;
            work.arena.remove(set, surely)?
        }
    };
    let witness = work.arena.witness(wrong, &Wishes::default());
    Ok(witness.map_or(Outcome::Holds, |witness| Outcome::Fails(B::packet(&witness))))
}

fn wider<B: Space, T: Into<u16>>(ranges: impl Iterator<Item = (T, T)>) -> Ranges<B> {
    Ranges::of(ranges.map(|(first, last)| (B::from(first.into()), B::from(last.into()))))
}

//! A device in words, a line for each thing: for people who want to see what was understood, and for tests.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::route::{Next, Way};
use super::{
    Action, Addresses, Chain, Change, Device, Filter, InterfaceId, Interfaces, Match, Service, Stage, Tracking,
    Translation,
};
use crate::packet::{Family, State, protocol};
use crate::ranges::{Bound, Ranges};

/// Everything that is known of `device`, each with the line that it comes from (`@12`; `@1:12` in the second file).
#[must_use]
pub fn describe(device: &Device) -> String {
    let mut text = String::new();
    _ = Describing {
        device,
        text: &mut text,
    }
    .device();
    text
}

struct Describing<'d> {
    device: &'d Device,
    text: &'d mut String,
}

impl Describing<'_> {
    fn device(&mut self) -> std::fmt::Result {
        if let Some(name) = &self.device.host_name {
            writeln!(self.text, "host {name}")?;
        }
        for interface in &self.device.interfaces {
            write!(self.text, "interface {}{}", interface.name, at(interface.line))?;
            for (address, length) in &interface.addresses {
                write!(self.text, " {address}/{length}")?;
            }
            if !interface.table.is_empty() {
                write!(self.text, " table {}", interface.table)?;
            }
            let elsewhere = if interface.addressed_elsewhere {
                " (addressed elsewhere)"
            } else {
                ""
            };
            writeln!(self.text, "{elsewhere}")?;
        }
        for route in &self.device.policy_routes {
            let (when, to) = (self.condition(&route.condition), self.ways(&route.ways));
            writeln!(self.text, "policy route{} {when} -> {to}", at(route.line))?;
        }
        for route in &self.device.routes {
            let to = self.ways(&route.ways);
            let table = if route.table.is_empty() {
                String::new()
            } else {
                format!(" table {}", route.table)
            };
            let (network, length, preference) = (route.network, route.length, route.preference);
            writeln!(
                self.text,
                "route{} {network}/{length}{table} preference {preference} -> {to}",
                at(route.line)
            )?;
        }
        for chain in &self.device.chains {
            self.chain(chain)?;
        }
        for pipeline in &self.device.pipelines {
            let reading = pipeline.reading.map_or("only reading", |reading| reading.code);
            writeln!(self.text, "pipeline: {reading}")?;
            for stage in &pipeline.stages {
                self.stage(stage)?;
            }
        }
        for unread in &self.device.unread {
            writeln!(
                self.text,
                "unread{} {} ({}) {:?}",
                at(unread.line),
                unread.text,
                unread.why.en,
                unread.affects
            )?;
        }
        for remark in &self.device.remarks {
            writeln!(
                self.text,
                "remark{} {:?}: {}",
                at(remark.line),
                remark.kind,
                remark.message.en
            )?;
        }
        Ok(())
    }

    fn chain(&mut self, chain: &Chain) -> std::fmt::Result {
        writeln!(self.text, "chain {}{}", chain.name, at(chain.line))?;
        for rule in &chain.rules {
            let (action, when) = (self.action(rule.action), self.condition(&rule.condition));
            let logs = if rule.logs { " log" } else { "" };
            writeln!(self.text, "  {}{}: {action} {when}{logs}", rule.name, at(rule.line))?;
        }
        let otherwise = self.action(chain.otherwise);
        writeln!(self.text, "  otherwise: {otherwise}")
    }

    fn action(&self, action: Action) -> String {
        let name = |id| self.device.chain(id).map_or("?", |chain| &*chain.name);
        match action {
            Action::Permit => "permit".to_owned(),
            Action::Deny => "deny".to_owned(),
            Action::Return => "return".to_owned(),
            Action::Jump(id) => format!("jump {}", name(id)),
            Action::Goto(id) => format!("goto {}", name(id)),
        }
    }

    fn stage(&mut self, stage: &Stage) -> std::fmt::Result {
        match stage {
            Stage::Route => writeln!(self.text, "  route"),
            Stage::Filter(filter) => self.filter(filter),
            Stage::Translate(translations) => {
                writeln!(self.text, "  translate")?;
                translations
                    .iter()
                    .try_for_each(|translation| self.translation(translation))
            }
        }
    }

    fn filter(&mut self, filter: &Filter) -> std::fmt::Result {
        let name = self.device.chain(filter.chain).map_or("?", |chain| &*chain.name);
        let (from, to) = (
            self.interfaces(&filter.scope.ingress),
            self.interfaces(&filter.scope.egress),
        );
        write!(self.text, "  filter{} {from} > {to}: {name}", at(filter.line))?;
        match &filter.tracking {
            Tracking::Nothing => writeln!(self.text),
            Tracking::Everything => writeln!(self.text, ", remembers all"),
            Tracking::Only(these) => {
                writeln!(self.text, ", remembers")?;
                for condition in these {
                    let when = self.condition(condition);
                    writeln!(self.text, "    {when}")?;
                }
                Ok(())
            }
        }
    }

    fn translation(&mut self, translation: &Translation) -> std::fmt::Result {
        let condition = &translation.condition;
        let v4 = condition.source.v6.is_empty() || condition.destination.v6.is_empty();
        let family = if v4 { Family::V4 } else { Family::V6 };
        let address = |number: u128| family.address(number).to_string();
        let port = |number: u16| number.to_string();
        write!(
            self.text,
            "    {}{} {}",
            translation.name,
            at(translation.line),
            self.condition(condition)
        )?;
        for (of, change) in [
            ("source", change(&translation.source, address)),
            ("destination", change(&translation.destination, address)),
            ("source port", change(&translation.source_port, port)),
            ("destination port", change(&translation.destination_port, port)),
        ] {
            if let Some(change) = change {
                write!(self.text, ", {of} {change}")?;
            }
        }
        writeln!(self.text)
    }

    fn ways(&self, ways: &[Way]) -> String {
        let described = ways.iter().map(|way| {
            let condition = way
                .condition
                .as_ref()
                .map(|condition| format!("{} -> ", self.condition(condition)));
            let next = match &way.next {
                Next::Interface(id) => self.name(*id).to_owned(),
                Next::Gateway(gateway) => gateway.to_string(),
                Next::GatewayOn(gateway, id) => format!("{gateway} on {}", self.name(*id)),
                Next::Table(table) => format!("table {table}"),
                Next::Discard => "nowhere".to_owned(),
                Next::Anywhere => "anywhere".to_owned(),
            };
            condition.unwrap_or_default() + &next
        });
        described.collect::<Vec<_>>().join(" | ")
    }

    fn name(&self, id: InterfaceId) -> &str {
        let interface = self.device.interfaces.get(usize::from(id.0));
        interface.map_or("?", |interface| &interface.name)
    }

    fn interfaces(&self, set: &Interfaces) -> String {
        let names = |ids: &[InterfaceId]| ids.iter().map(|id| self.name(*id)).collect::<Vec<_>>().join(",");
        match set {
            Interfaces::Any => "any".to_owned(),
            Interfaces::These(ids) => names(ids),
            Interfaces::AllBut(ids) => format!("all but {}", names(ids)),
        }
    }

    fn condition(&self, condition: &Match) -> String {
        let mut parts = Vec::new();
        if condition.ingress != Interfaces::Any {
            parts.push(format!("in {}", self.interfaces(&condition.ingress)));
        }
        if condition.egress != Interfaces::Any {
            parts.push(format!("out {}", self.interfaces(&condition.egress)));
        }
        parts.push(format!(
            "{} > {}",
            addresses(&condition.source),
            addresses(&condition.destination)
        ));
        if condition.services != [Service::anything()] {
            parts.push(condition.services.iter().map(service).collect::<Vec<_>>().join(" or "));
        }
        for (state, name) in STATES {
            if !condition.states.contains(state) {
                parts.push(format!("not {name}"));
            }
        }
        parts.extend(condition.unknown.iter().map(|unknown| format!("if {}", unknown.on.en)));
        parts.join(" ")
    }
}

const STATES: [(State, &str); 4] = [
    (State::New, "new"),
    (State::Established, "established"),
    (State::Related, "related"),
    (State::Invalid, "invalid"),
];

fn at(line: super::Line) -> String {
    match line.file {
        0 => format!("@{}", line.number),
        file => format!("@{file}:{}", line.number),
    }
}

fn change<T: Copy>(change: &Change<T>, value: impl Fn(T) -> String) -> Option<String> {
    match *change {
        Change::Keep => None,
        Change::Shift { from, to } => Some(format!("{} becomes {}", value(from), value(to))),
        Change::Into { first, last } => {
            let (first, last) = (value(first), value(last));
            Some(if first == last {
                format!("into {first}")
            } else {
                format!("into {first}-{last}")
            })
        }
    }
}

/// More ranges of addresses than this are counted only.
const MOST: usize = 16;

fn addresses(set: &Addresses) -> String {
    let families = [
        (
            Ranges::of(set.v4.iter().map(|(a, b)| (a.into(), b.into()))),
            Family::V4,
            set.v4.is_all(),
        ),
        (set.v6.clone(), Family::V6, set.v6.is_all()),
    ];
    if set.v4.is_all() && set.v6.is_all() {
        return "*".to_owned();
    }
    let mut parts = Vec::new();
    for (ranges, family, all) in families {
        if all {
            parts.push(if family == Family::V4 { "*v4" } else { "*v6" }.to_owned());
            continue;
        }
        parts.extend(
            ranges
                .iter()
                .take(MOST)
                .map(|(first, last)| network(family, first, last)),
        );
        if let Some(more) = ranges.iter().len().checked_sub(MOST).filter(|more| *more > 0) {
            parts.push(format!("and {more} more"));
        }
    }
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(",")
    }
}

fn network(family: Family, first: u128, last: u128) -> String {
    let (from, to): (IpAddr, IpAddr) = (family.address(first), family.address(last));
    let size = last - first;
    if size == 0 {
        return from.to_string();
    }
    // A network is a range whose size is a power of two and which begins at a multiple of it.
    if size & size.wrapping_add(1) == 0 && first & size == 0 {
        let hosts = 128 - size.leading_zeros();
        return format!("{from}/{}", u32::from(family.bits()).saturating_sub(hosts));
    }
    format!("{from}-{to}")
}

fn service(service: &Service) -> String {
    let mut text = numbers(&service.protocols, |number| match number {
        protocol::TCP => "tcp".to_owned(),
        protocol::UDP => "udp".to_owned(),
        protocol::ICMP => "icmp".to_owned(),
        protocol::ICMP_V6 => "icmpv6".to_owned(),
        other => other.to_string(),
    });
    for (name, ports) in [(" from ", &service.source_ports), (" to ", &service.destination_ports)] {
        if !ports.is_all() {
            text.push_str(name);
            text.push_str(&numbers(ports, |number| number.to_string()));
        }
    }
    if !service.flags.is_all() {
        text.push_str(&format!(" flags {}", flags(&service.flags)));
    }
    text
}

/// Flags as the mask and value that they are, or are not, where they are one.
fn flags(set: &Ranges<u8>) -> String {
    if let Some(flags) = masked(set) {
        return flags;
    }
    match masked(&set.complement()) {
        Some(flags) => format!("not {flags}"),
        None => format!("{set:?}"),
    }
}

fn masked(set: &Ranges<u8>) -> Option<String> {
    let first = set.first()?;
    // The smallest mask with which it comes out.
    let mask = (0..=u8::MAX).find(|mask| super::rule::flags(*mask, first & mask) == *set)?;
    Some(format!("{mask:#04x}={:#04x}", first & mask))
}

fn numbers<T: Bound>(ranges: &Ranges<T>, name: impl Fn(T) -> String) -> String {
    if ranges.is_all() {
        return "*".to_owned();
    }
    let parts = ranges.iter().map(|(first, last)| {
        if first == last {
            name(first)
        } else {
            format!("{}-{}", name(first), name(last))
        }
    });
    parts.collect::<Vec<_>>().join(",")
}

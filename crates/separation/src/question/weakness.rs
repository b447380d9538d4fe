//! What is weak in itself, whatever passes today: it breaks no separation, and the next change may.

use std::collections::BTreeSet;

use model::lang::Text;

use super::slices::Options;
use super::unread::{asks, ports_towards};
use super::{redundant, unreachable};
use crate::device::{Action, Chain, Device, Filter, InterfaceId, Line, Match, Remark, RemarkKind, Service, Stage};
use crate::fabric::{Fabric, NodeId};
use crate::network::Demand;
use crate::packet::{Family, State};

/// Something weak at a place of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// What kind.
    pub kind: WeaknessKind,
    /// The device.
    pub node: NodeId,
    /// Where it is written.
    pub line: Line,
    /// What was found.
    pub message: Text,
    /// What to do about it.
    pub fix: Text,
}

/// Kinds of weaknesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WeaknessKind {
    /// The configuration itself shows it.
    Remark(RemarkKind),
    /// A rule on a zone border that lets everything pass.
    AnyToAny,
    /// An interface has an address of IPv6, and only IPv4 is filtered there.
    Ipv6Unfiltered,
    /// A rule that no packet comes to.
    UnreachableRule,
    /// A rule without which nothing would be otherwise.
    RedundantRule,
}

impl WeaknessKind {
    /// A stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Remark(RemarkKind::UndefinedFailsOpen) => "undefined_fails_open",
            Self::Remark(RemarkKind::UndefinedFailsClosed) => "undefined_fails_closed",
            Self::Remark(RemarkKind::ForwardsEverything) => "forwards_everything",
            Self::Remark(RemarkKind::DecidedElsewhere) => "decided_elsewhere",
            Self::Remark(RemarkKind::SenderChoosesWay) => "sender_chooses_way",
            Self::Remark(RemarkKind::DoesNothing) => "does_nothing",
            Self::Remark(RemarkKind::SecretInClear) => "secret_in_clear",
            Self::AnyToAny => "any_to_any",
            Self::Ipv6Unfiltered => "ipv6_unfiltered",
            Self::UnreachableRule => "unreachable_rule",
            Self::RedundantRule => "redundant_rule",
        }
    }
}

/// Every weakness, with the rules that decide nothing. In the order of kinds, devices and lines.
#[must_use]
pub fn weaknesses(fabric: &Fabric, demands: &[Demand], options: Options) -> Vec<Weakness> {
    let mut found = plain(fabric, demands);
    let lines = |by: &[super::RuleAt]| {
        let lines: Vec<String> = by.iter().map(|by| by.line.number.to_string()).collect();
        lines.join(", ")
    };
    for rule in unreachable(fabric, options).0 {
        let by = lines(&rule.blocked_by);
        let (mut ja, mut en) = (
            format!("この行に当たる通信は、先にある行({by})がすべて決めている"),
            format!("earlier lines ({by}) decide whatever this line is about"),
        );
        if rule.blocked_by.is_empty() {
            ja = "この行に当たる通信はない".to_owned();
            en = "this line is about no packet".to_owned();
        }
        if rule.differs {
            ja.push_str("。行の意図と異なる扱いになっている");
            en.push_str(", and one of them otherwise than it would");
        }
        found.push(Weakness {
            kind: WeaknessKind::UnreachableRule,
            node: rule.rule.node,
            line: rule.rule.line,
            message: Text::new(ja, en),
            fix: Text::fixed(
                "要らなければ消し、要るなら先の行より前に置く",
                "remove it, or put it before those lines if it is meant",
            ),
        });
    }
    for rule in redundant(fabric, options).0 {
        let by = lines(&rule.covered_by);
        found.push(Weakness {
            kind: WeaknessKind::RedundantRule,
            node: rule.rule.node,
            line: rule.rule.line,
            message: Text::new(
                format!("この行がなくても、後の行({by})が同じに決める"),
                format!("later lines ({by}) decide the same without this line"),
            ),
            fix: Text::fixed(
                "どちらか一方にする(一つ直すごとに確かめ直す)",
                "keep one of them, and ask again after each change",
            ),
        });
    }
    found.sort_by_key(|weakness| (weakness.kind, weakness.node, weakness.line));
    found
}

/// Those that are seen without following packets.
pub(super) fn plain(fabric: &Fabric, demands: &[Demand]) -> Vec<Weakness> {
    let mut found = Vec::new();
    for (node, at) in fabric.nodes() {
        found.extend(at.device.remarks.iter().map(|remark| remarked(node, remark)));
        let borders = borders(fabric, node, demands);
        found.extend(any_to_any(node, &at.device, &borders));
        found.extend(unfiltered(node, &at.device));
    }
    found.sort_by_key(|weakness| (weakness.kind, weakness.node, weakness.line));
    found
}

fn remarked(node: NodeId, remark: &Remark) -> Weakness {
    Weakness {
        kind: WeaknessKind::Remark(remark.kind),
        node,
        line: remark.line,
        message: remark.message.clone(),
        fix: remark.fix.clone(),
    }
}

/// Interfaces by which packets of a demand come in and go out; not where both zones are on the same side of the device.
type Border = (Vec<InterfaceId>, Vec<InterfaceId>);

fn borders(fabric: &Fabric, node: NodeId, demands: &[Demand]) -> Vec<Border> {
    let mut borders: Vec<Border> = Vec::new();
    for demand in demands {
        let (from, to) = (
            ports_towards(fabric, node, demand.from),
            ports_towards(fabric, node, demand.to),
        );
        let border = (from, to);
        if !border.0.is_empty() && !border.1.is_empty() && border.0 != border.1 && !borders.contains(&border) {
            borders.push(border);
        }
    }
    borders
}

fn any_to_any(node: NodeId, device: &Device, borders: &[Border]) -> Vec<Weakness> {
    let mut lines = BTreeSet::new();
    for (id, chain) in (0..).map(crate::device::ChainId).zip(&device.chains) {
        let open = chain.rules.iter().filter(|rule| {
            // What goes without saying has the line of the whole list.
            rule.action == Action::Permit && rule.line != chain.line && everything(&rule.condition).is_some()
        });
        for rule in open {
            let condition = &rule.condition;
            let on_border = |(ins, outs): &Border| {
                ins.iter().any(|id| condition.ingress.contains(*id))
                    && outs.iter().any(|id| condition.egress.contains(*id))
                    && asks(device, id, ins, outs)
            };
            if borders.iter().any(on_border) {
                lines.insert(rule.line);
            }
        }
    }
    let weakness = |line| Weakness {
        kind: WeaknessKind::AnyToAny,
        node,
        line,
        message: Text::fixed(
            "領域の境で、送信元・宛先・サービスを問わずに通している",
            "on a border of zones everything passes, whatever its source, destination and service",
        ),
        fix: Text::fixed(
            "要る通信だけを、送信元・宛先・ポートを挙げて通す",
            "permit what is needed only, by source, destination and port",
        ),
    };
    lines.into_iter().map(weakness).collect()
}

/// A family of which every packet that begins a flow meets the condition.
fn everything(condition: &Match) -> Option<Family> {
    let all = |family: Family| {
        let all = family.addresses();
        condition.source.of(family) == all && condition.destination.of(family) == all
    };
    let services = condition.services.contains(&Service::anything()) && condition.states.contains(State::New);
    Family::ALL.into_iter().find(|family| services && all(*family))
}

/// Interfaces where IPv4 meets rules that may deny, and IPv6 none.
fn unfiltered(node: NodeId, device: &Device) -> Vec<Weakness> {
    let mut found = Vec::new();
    for (id, interface) in (0..).map(InterfaceId).zip(&device.interfaces) {
        let has_v6 = interface.addresses.iter().any(|(address, _)| address.is_ipv6());
        let filters = device.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let filters: Vec<&Filter> = filters
            .filter_map(|stage| match stage {
                Stage::Filter(filter) => Some(filter),
                _ => None,
            })
            .filter(|filter| filter.scope.ingress.contains(id) || filter.scope.egress.contains(id))
            .collect();
        let denies = |family| {
            let mut chains = filters.iter().filter_map(|filter| device.chain(filter.chain));
            chains.any(|chain| may_deny(chain, family))
        };
        if has_v6 && denies(Family::V4) && !denies(Family::V6) {
            found.push(Weakness {
                kind: WeaknessKind::Ipv6Unfiltered,
                node,
                line: interface.line,
                message: Text::new(
                    format!(
                        "インタフェース「{}」には IPv6 のアドレスがあるのに、IPv4 のフィルタしかない",
                        interface.name
                    ),
                    format!(
                        "interface `{}` has an address of IPv6, and only IPv4 is filtered there",
                        interface.name
                    ),
                ),
                fix: Text::fixed(
                    "IPv6 のフィルタを置くか、IPv6 を使わないならアドレスを取り除く",
                    "filter IPv6 there, or remove the address if IPv6 is not used",
                ),
            });
        }
    }
    found
}

/// Whether some packet of a family may come to a rule of a chain that does not simply permit it.
fn may_deny(chain: &Chain, family: Family) -> bool {
    for rule in &chain.rules {
        let condition = &rule.condition;
        let about = !condition.source.of(family).is_empty() && !condition.destination.of(family).is_empty();
        if about && rule.action != Action::Permit {
            return true;
        }
        let all = family.addresses();
        let every = condition.source.of(family) == all
            && condition.destination.of(family) == all
            && condition.services.contains(&Service::anything())
            && condition.states.contains(State::New)
            && condition.unknown.is_empty()
            && condition.ingress == crate::device::Interfaces::Any
            && condition.egress == crate::device::Interfaces::Any;
        if every {
            return false;
        }
    }
    chain.otherwise != Action::Permit
}

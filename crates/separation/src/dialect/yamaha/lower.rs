//! From what was written to what the device does.
//!
//! Two things are not in the manual, and each is read in both ways: whether translation is done on the outer or the inner side of the
//! filters of an interface, and whether dynamic filters are asked before those that keep no state.

use std::net::IpAddr;

use model::lang::Text;

use super::Reader;
use super::filter::{Dynamic, Filters, List};
use super::nat::Changes;
use super::route;
use crate::device::{
    Action, Affects, Chain, Device, Filter, InterfaceId, Interfaces, Line, Match, Pipeline, Reading, RemarkKind, Rule,
    Scope, Service, Stage, Tracking, Unread,
};
use crate::dialect::draft::{Draft, unknown};
use crate::packet::Family;

/// Which way the manual is read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Way {
    /// Filters see the addresses of the inner side: translation is done next to the line.
    inner: bool,
    dynamic_first: bool,
}

const fn reading(way: Way) -> Reading {
    match (way.inner, way.dynamic_first) {
        (true, true) => Reading {
            code: "filters-inside-dynamic-first",
            supposes: (
                "フィルタは変換の内側にあり、動的フィルタを先に調べる",
                "filters see inner addresses, and dynamic filters are asked first",
            ),
        },
        (true, false) => Reading {
            code: "filters-inside-static-first",
            supposes: (
                "フィルタは変換の内側にあり、静的フィルタを先に調べる",
                "filters see inner addresses, and static filters are asked first",
            ),
        },
        (false, true) => Reading {
            code: "filters-outside-dynamic-first",
            supposes: (
                "フィルタは変換の外側にあり、動的フィルタを先に調べる",
                "filters see outer addresses, and dynamic filters are asked first",
            ),
        },
        (false, false) => Reading {
            code: "filters-outside-static-first",
            supposes: (
                "フィルタは変換の外側にあり、静的フィルタを先に調べる",
                "filters see outer addresses, and static filters are asked first",
            ),
        },
    }
}

/// The device.
pub(super) fn lower(mut reader: Reader) -> Device {
    route::lower(&reader.routes, &reader.filters, &mut reader.draft);
    let bound = bound(&mut reader);
    if reader.radius {
        decided_by_radius(&mut reader.draft);
    }
    let changes = changes(&mut reader);
    let translates = !changes.before.is_empty() || !changes.after.is_empty();
    let nat_matters = translates && !bound.is_empty();
    let dynamic_matters = bound.iter().any(|bound| {
        let mut lists = bound.lists.iter().flatten();
        bound.has_dynamic() && lists.any(|(list, _)| !list.fixed.is_empty())
    });
    let mut lowering = Lowering {
        filters: &reader.filters,
        draft: reader.draft,
    };
    let mut filters: Vec<(bool, Filter)> = Vec::new();
    for dynamic_first in if dynamic_matters { &[true, false][..] } else { &[true] } {
        filters = bound
            .iter()
            .enumerate()
            .map(|(at, bound)| match filters.get(at) {
                // Without dynamic filters there is one order only.
                Some(before) if !bound.has_dynamic() => before.clone(),
                _ => (bound.inward, lowering.filter(bound, *dynamic_first)),
            })
            .collect();
        for inner in if nat_matters { &[true, false][..] } else { &[true] } {
            let way = Way {
                inner: *inner,
                dynamic_first: *dynamic_first,
            };
            let reading = (nat_matters || dynamic_matters).then(|| reading(way));
            let stages = stages(way, &filters, &changes);
            lowering.draft.device.pipelines.push(Pipeline { reading, stages });
        }
    }
    lowering.undefined(&bound);
    lowering.draft.device
}

fn stages(way: Way, filters: &[(bool, Filter)], changes: &Changes) -> Vec<Stage> {
    let side = |inward: bool| {
        let these = filters.iter().filter(move |(is_inward, _)| *is_inward == inward);
        these.map(|(_, filter)| Stage::Filter(filter.clone()))
    };
    let translate = |translations: &Vec<_>| (!translations.is_empty()).then(|| Stage::Translate(translations.clone()));
    let mut stages = Vec::new();
    if way.inner {
        stages.extend(translate(&changes.before));
        stages.extend(side(true));
    } else {
        stages.extend(side(true));
        stages.extend(translate(&changes.before));
    }
    stages.push(Stage::Route);
    if way.inner {
        stages.extend(side(false));
        stages.extend(translate(&changes.after));
    } else {
        stages.extend(translate(&changes.after));
        stages.extend(side(false));
    }
    stages
}

/// The lists of an interface in one direction: of IPv4, of IPv6.
struct Bound {
    interface: InterfaceId,
    inward: bool,
    lists: [Option<(List, Line)>; 2],
    /// Whether a dynamic filter of the family is bound to the interface in either direction: then known flows pass.
    remembers: [bool; 2],
}

impl Bound {
    fn has_dynamic(&self) -> bool {
        self.lists.iter().flatten().any(|(list, _)| !list.dynamic.is_empty())
    }
}

fn bound(reader: &mut Reader) -> Vec<Bound> {
    let mut all = Vec::new();
    let ids = (0..reader.draft.device.interfaces.len()).filter_map(|id| u16::try_from(id).ok());
    for interface in ids.map(InterfaceId) {
        let mut both: Vec<Bound> = Vec::new();
        for inward in [true, false] {
            let of = |family| reader.bindings.filters.get(&(interface, inward, family)).cloned();
            let mut lists = [of(Family::V4), of(Family::V6)];
            if let Some((name, line)) = reader.bindings.sets.get(&interface) {
                if let Some(set) = reader.filters.sets.get(name) {
                    let side = if inward { &set.inward } else { &set.outward };
                    let [of_v4, _] = &mut lists;
                    *of_v4 = side.clone().map(|(list, _)| (list, *line));
                } else if inward {
                    undefined_set(name, *line, &mut reader.draft);
                }
            }
            both.push(Bound {
                interface,
                inward,
                lists,
                remembers: [false, false],
            });
        }
        let mut remembers = [false, false];
        for bound in &both {
            for (remembers, list) in remembers.iter_mut().zip(&bound.lists) {
                *remembers |= list.as_ref().is_some_and(|(list, _)| !list.dynamic.is_empty());
            }
        }
        both.iter_mut().for_each(|bound| bound.remembers = remembers);
        all.extend(both.into_iter().filter(|bound| bound.lists.iter().any(Option::is_some)));
    }
    all
}

fn undefined_set(name: &str, line: Line, draft: &mut Draft) {
    draft.remark(
        RemarkKind::UndefinedFailsOpen,
        line,
        Text::new(
            format!("フィルタの組「{name}」は定義されていない。このインタフェースは何も止めない"),
            format!("filter set `{name}` is defined nowhere: the interface stops nothing"),
        ),
        Text::fixed(
            "組を「ip filter set」で定義するか、番号で指定する",
            "define the set with `ip filter set`, or name filters by number",
        ),
    );
}

/// Those who dial in may be given other filters by the server that authenticates them.
fn decided_by_radius(draft: &mut Draft) {
    let Some(id) = draft.device.interface("pp anonymous") else {
        return;
    };
    let Some(line) = draft.of(id).map(|interface| interface.line) else {
        return;
    };
    let message = Text::fixed(
        "RADIUS サーバの応答が pp anonymous のフィルタを置き換えることがある",
        "an answer of the RADIUS server may replace the filters of pp anonymous",
    );
    draft.device.unread.push(Unread {
        line,
        text: "pp select anonymous".to_owned(),
        why: message.clone(),
        affects: Affects::Interface(id),
    });
    draft.remark(
        RemarkKind::DecidedElsewhere,
        line,
        message,
        Text::fixed(
            "RADIUS サーバに Filter-Id を返させない",
            "let the RADIUS server return no Filter-Id",
        ),
    );
}

fn changes(reader: &mut Reader) -> Changes {
    let mut changes = Changes::default();
    for (interface, (numbers, line)) in &reader.bindings.descriptors {
        let own: Vec<IpAddr> = reader
            .draft
            .of(*interface)
            .map(|interface| interface.addresses.iter().map(|(own, _)| *own).collect())
            .unwrap_or_default();
        for (number, reverse) in numbers {
            let known = reader
                .descriptors
                .changes(*number, *interface, &own, *reverse, &mut changes);
            if known.is_none() {
                reader.draft.device.unread.push(Unread {
                    line: *line,
                    text: format!("nat descriptor {number}"),
                    why: Text::fixed(
                        "この番号の NAT ディスクリプタは定義されていない",
                        "no NAT descriptor has this number",
                    ),
                    affects: Affects::Translations,
                });
            }
        }
    }
    changes
}

struct Lowering<'r> {
    filters: &'r Filters,
    draft: Draft,
}

impl Lowering<'_> {
    fn filter(&mut self, bound: &Bound, dynamic_first: bool) -> Filter {
        let mut rules = Vec::new();
        let mut tracked = Vec::new();
        let line = bound.lists.iter().flatten().map(|(_, line)| *line).min();
        let line = line.unwrap_or(Line { file: 0, number: 1 });
        for ((family, list), remembers) in [Family::V4, Family::V6]
            .into_iter()
            .zip(&bound.lists)
            .zip(bound.remembers)
        {
            let Some((list, line)) = list else {
                // What is not filtered in one family passes.
                let all = Match::all_of(family);
                rules.push(Rule::implied("no filter", all, Action::Permit, line));
                continue;
            };
            if remembers {
                rules.push(Rule::known_flow(Match::all_of(family), *line));
            }
            let dynamic = self.dynamic(list, family);
            tracked.extend(dynamic.iter().map(|rule| rule.condition.clone()));
            let fixed = self.fixed(list, family);
            if dynamic_first {
                rules.extend(dynamic.into_iter().chain(fixed));
            } else {
                rules.extend(fixed.into_iter().chain(dynamic));
            }
        }
        let name = self
            .draft
            .of(bound.interface)
            .map(|interface| interface.name.clone())
            .unwrap_or_default();
        let (side, order) = (
            if bound.inward { "in" } else { "out" },
            if dynamic_first { "" } else { ", static first" },
        );
        let chain = self.draft.chain(Chain {
            name: format!("{name} {side}{order}"),
            rules,
            otherwise: Action::Deny,
            line,
        });
        let on = Interfaces::These(vec![bound.interface]);
        let scope = if bound.inward {
            Scope {
                ingress: on,
                egress: Interfaces::Any,
            }
        } else {
            Scope {
                ingress: Interfaces::Any,
                egress: on,
            }
        };
        Filter {
            scope,
            chain,
            tracking: if tracked.is_empty() {
                Tracking::Nothing
            } else {
                Tracking::Only(tracked)
            },
            line,
        }
    }

    fn fixed(&self, list: &List, family: Family) -> Vec<Rule> {
        let found = list.fixed.iter().filter_map(|number| {
            let fixed = self.filters.fixed.get(&(family, *number))?;
            let action = if fixed.permits { Action::Permit } else { Action::Deny };
            let name = format!("{} {number}", command(family));
            let mut rule = Rule {
                last_line: fixed.last_line,
                ..Rule::on_line(&name, fixed.condition.clone(), action, fixed.line)
            };
            rule.logs = fixed.logs;
            Some(rule)
        });
        found.collect()
    }

    /// The rules by which dynamic filters let the first packet of a flow through.
    fn dynamic(&self, list: &List, family: Family) -> Vec<Rule> {
        let mut rules = Vec::new();
        for number in &list.dynamic {
            let Some(dynamic) = self.filters.dynamic.get(&(family, *number)) else {
                continue;
            };
            let name = format!("{} dynamic {number}", command(family));
            let mut permit = |services: Vec<Service>, perhaps: bool| {
                let mut condition = dynamic.condition.clone();
                condition.services = services;
                if perhaps {
                    condition.unknown.push(unknown(
                        "動的フィルタの名が指すポートの範囲",
                        "which ports the name of a dynamic filter means",
                    ));
                }
                rules.push(Rule {
                    last_line: dynamic.last_line,
                    ..Rule::on_line(&name, condition, Action::Permit, dynamic.line)
                });
            };
            let services = self.watched(dynamic, family);
            if !services.is_empty() {
                permit(services, false);
            }
            if !dynamic.perhaps.is_empty() {
                permit(dynamic.perhaps.clone(), true);
            }
        }
        rules
    }

    fn watched(&self, dynamic: &Dynamic, family: Family) -> Vec<Service> {
        let mut services = dynamic.services.clone();
        for number in &dynamic.watches {
            if let Some(fixed) = self.filters.fixed.get(&(family, *number)) {
                services.extend(fixed.condition.services.iter().cloned());
            }
        }
        services
    }

    /// Says which filters are bound and defined nowhere. What the device does about them is not documented.
    fn undefined(&mut self, bound: &[Bound]) {
        for bound in bound {
            for (family, list) in [Family::V4, Family::V6].into_iter().zip(&bound.lists) {
                let Some((list, line)) = list else { continue };
                let fixed = list
                    .fixed
                    .iter()
                    .filter(|number| !self.filters.fixed.contains_key(&(family, **number)));
                let dynamic = list.dynamic.iter().filter(|number| {
                    let found = self.filters.dynamic.get(&(family, **number));
                    found.is_none_or(|dynamic| {
                        !dynamic
                            .watches
                            .iter()
                            .all(|number| self.filters.fixed.contains_key(&(family, *number)))
                    })
                });
                let missing: Vec<u32> = fixed.chain(dynamic).copied().collect();
                for number in missing {
                    self.missing(number, *line, bound.interface);
                }
            }
        }
    }

    fn missing(&mut self, number: u32, line: Line, interface: InterfaceId) {
        let message = Text::new(
            format!("フィルタ {number} は定義されていない"),
            format!("filter {number} is defined nowhere"),
        );
        self.draft.device.unread.push(Unread {
            line,
            text: format!("secure filter … {number}"),
            why: message.clone(),
            affects: Affects::Interface(interface),
        });
        self.draft.remark(
            RemarkKind::UndefinedFailsClosed,
            line,
            message,
            Text::fixed(
                "フィルタを定義するか、この番号を消す",
                "define the filter, or remove its number",
            ),
        );
    }
}

const fn command(family: Family) -> &'static str {
    match family {
        Family::V4 => "ip filter",
        Family::V6 => "ipv6 filter",
    }
}

//! From what was written to what the device does.

use model::lang::Text;

use super::Reader;
use super::list::Key;
use super::nat::{Dynamic, Selected};
use crate::device::{
    Action, Affects, Chain, Device, Filter, InterfaceId, Interfaces, Line, Match, Pipeline, PolicyRoute, RemarkKind,
    Rule, Scope, Service, Stage, Tracking, Translation, Unread, Way,
};
use crate::dialect::draft::Draft;
use crate::packet::Family;

/// The device.
pub(super) fn lower(mut reader: Reader) -> Device {
    let mut stages = [Vec::new(), Vec::new()];
    let ids: Vec<InterfaceId> = (0..reader.draft.device.interfaces.len())
        .filter_map(|id| u16::try_from(id).ok())
        .map(InterfaceId)
        .collect();
    for id in &ids {
        for inward in [true, false] {
            if let Some(filter) = reader.filter(*id, inward) {
                let [before, after] = &mut stages;
                if inward {
                    before.push(filter)
                } else {
                    after.push(filter)
                }
            }
        }
    }
    reader.refused_lists();
    reader.policy_routes(&ids);
    let [(inward, outward), (foreign_inward, foreign_outward)] = reader.translations();
    let [before, after] = stages;
    let inspected: Vec<Stage> = reader.inspected();
    let zones: Vec<Stage> = reader.firewall();
    let translate = |entries: Vec<_>| (!entries.is_empty()).then_some(Stage::Translate(entries));
    let mut all: Vec<Stage> = before;
    all.extend(translate(inward));
    all.extend(translate(foreign_inward));
    all.push(Stage::Route);
    all.extend(zones);
    all.extend(translate(outward));
    all.extend(translate(foreign_outward));
    all.extend(after);
    all.extend(inspected);
    reader.draft.device.pipelines.push(Pipeline {
        reading: None,
        stages: all,
    });
    reader.draft.device
}

impl Reader {
    /// The filter of an interface in one direction, of both families.
    fn filter(&mut self, id: InterfaceId, inward: bool) -> Option<Stage> {
        let bound: Vec<(Family, (String, Line))> = Family::ALL
            .into_iter()
            .filter_map(|family| Some((family, self.bindings.lists.get(&(id, inward, family))?.clone())))
            .collect();
        let (_, (_, line)) = bound.first()?.clone();
        let (mut rules, mut tracked) = (Vec::new(), Vec::new());
        let inspects = !self.bindings.inspected.is_empty();
        for family in Family::ALL {
            let Some((_, (name, line))) = bound.iter().find(|(of, _)| *of == family) else {
                rules.push(Rule::implied("no list", Match::all_of(family), Action::Permit, line));
                continue;
            };
            let key: Key = (family, name.clone());
            let Some(list) = self.lists.get(&key).filter(|list| !list.entries.is_empty()) else {
                rules.push(Rule::implied(
                    "undefined list",
                    Match::all_of(family),
                    Action::Permit,
                    *line,
                ));
                self.undefined(name, *line);
                continue;
            };
            if inspects {
                // Inspection opens the lists on the way back for the flows that it knows.
                rules.push(Rule::known_flow(Match::all_of(family), *line));
            }
            let mut broken = Vec::new();
            for ruled in list.rules(&format!("access-list {name}"), &self.groups) {
                broken.extend(ruled.refusal.map(|why| (ruled.rule.line, why)));
                if ruled.reflects {
                    tracked.push(ruled.rule.condition.clone());
                }
                rules.push(ruled.rule);
            }
            for (line, why) in broken {
                self.draft.device.unread.push(Unread {
                    line,
                    text: format!("access-list {name}"),
                    why,
                    affects: Affects::Interface(id),
                });
            }
            if family == Family::V6 {
                // Neighbours may find each other unless the list itself denies it.
                let found = [135, 136].map(|kind| Service::icmp(family, Some(kind), None));
                let found = Match {
                    services: found.into(),
                    ..Match::all_of(family)
                };
                rules.push(Rule::implied("neighbour discovery", found, Action::Permit, *line));
            }
            if bound.len() < 2 {
                rules.push(Rule {
                    action: Action::Deny,
                    ..Rule::implied("end of list", Match::all_of(family), Action::Permit, *line)
                });
            }
        }
        let interface = self
            .draft
            .of(id)
            .map(|interface| interface.name.clone())
            .unwrap_or_default();
        let chain = self.draft.chain(Chain {
            name: format!("{interface} {}", if inward { "in" } else { "out" }),
            rules,
            otherwise: Action::Deny,
            line,
        });
        let on = Interfaces::These(vec![id]);
        Some(Stage::Filter(Filter {
            scope: Scope {
                ingress: if inward { on.clone() } else { Interfaces::Any },
                egress: if inward { Interfaces::Any } else { on },
            },
            chain,
            tracking: if tracked.is_empty() {
                Tracking::Nothing
            } else {
                Tracking::Only(tracked)
            },
            line,
        }))
    }

    fn undefined(&mut self, name: &str, line: Line) {
        self.draft.remark(
            RemarkKind::UndefinedFailsOpen,
            line,
            Text::new(
                format!("アクセスリスト「{name}」は定義されていないか、空である。すべて通す"),
                format!("access list `{name}` is defined nowhere, or is empty: everything passes"),
            ),
            Text::fixed("アクセスリストを定義する", "define the access list"),
        );
    }

    /// Lines of lists that were not understood: what they change is where the list is bound, which may be many places.
    fn refused_lists(&mut self) {
        let refused = std::mem::take(&mut self.refused);
        for (key, unread) in refused {
            let bound = self
                .bindings
                .lists
                .iter()
                .filter(|((_, _, family), (name, _))| (*family, name) == (key.0, &key.1));
            let mut ids: Vec<InterfaceId> = bound.map(|((id, ..), _)| *id).collect();
            ids.dedup();
            let affects = match ids.as_slice() {
                [one] => Affects::Interface(*one),
                _ => Affects::Everything,
            };
            self.draft.device.unread.push(Unread { affects, ..unread });
        }
    }

    /// Flows that are inspected: every packet passes, and its flow is known.
    fn inspected(&mut self) -> Vec<Stage> {
        let inspected: Vec<_> = self
            .bindings
            .inspected
            .iter()
            .map(|((id, inward), (_, line))| (*id, *inward, *line))
            .collect();
        let mut stages = Vec::new();
        for (id, inward, line) in inspected {
            let chain = self.draft.chain(Chain {
                name: "inspect".to_owned(),
                rules: vec![Rule::implied("inspect", Match::everything(), Action::Permit, line)],
                otherwise: Action::Permit,
                line,
            });
            let on = Interfaces::These(vec![id]);
            stages.push(Stage::Filter(Filter {
                scope: Scope {
                    ingress: if inward { on.clone() } else { Interfaces::Any },
                    egress: if inward { Interfaces::Any } else { on },
                },
                chain,
                tracking: Tracking::Everything,
                line,
            }));
        }
        stages
    }

    /// What a list selects: conditions in order, and whether each is for it or against it; `None` where it is unclear.
    fn selected(&self, list: &str) -> Option<Selected> {
        let list = self.lists.get(&(Family::V4, list.to_owned()))?;
        let rules = list.rules("", &self.groups);
        if rules.iter().any(|ruled| ruled.refusal.is_some()) {
            return None;
        }
        let selected = rules.into_iter();
        Some(
            selected
                .map(|ruled| (ruled.rule.condition, ruled.rule.action == Action::Permit))
                .collect(),
        )
    }

    fn policy_routes(&mut self, ids: &[InterfaceId]) {
        for id in ids {
            let Some((name, line)) = self.bindings.maps.get(id).cloned() else {
                continue;
            };
            if self.policy_route(*id, &name).is_none() {
                self.draft.device.unread.push(Unread {
                    line,
                    text: format!("ip policy route-map {name}"),
                    why: Text::fixed(
                        "この route-map は読めない、又は定義されていない",
                        "this route-map cannot be read, or is defined nowhere",
                    ),
                    affects: Affects::Routes,
                });
            }
        }
    }

    fn policy_route(&mut self, id: InterfaceId, name: &str) -> Option<()> {
        let clauses = self.maps.get(name)?;
        let count = clauses.len();
        let mut routes = Vec::new();
        for (at, clause) in clauses.values().enumerate() {
            if clause.refused.is_some() {
                return None;
            }
            let ways: Vec<Way> = clause
                .next
                .iter()
                .map(|next| Way {
                    condition: None,
                    next: next.clone(),
                })
                .collect();
            let ways = if clause.denies { Vec::new() } else { ways };
            let conditions = if clause.lists.is_empty() {
                vec![(Match::all_of(Family::V4), true)]
            } else {
                let lists: Option<Vec<_>> = clause.lists.iter().map(|list| self.selected(list)).collect();
                lists?.concat()
            };
            for (mut condition, selects) in conditions {
                // What a list denies is for the next clause.
                if !selects && (at + 1 < count || clause.lists.len() > 1) {
                    return None;
                }
                condition.ingress = Interfaces::These(vec![id]);
                routes.push(PolicyRoute {
                    condition,
                    ways: if selects { ways.clone() } else { Vec::new() },
                    line: clause.line,
                });
            }
        }
        self.draft.device.policy_routes.extend(routes);
        Some(())
    }

    /// Translations of the inner side and of the outer one: of what comes in, of what goes out.
    fn translations(&mut self) -> [(Vec<Translation>, Vec<Translation>); 2] {
        let [inside, outside] =
            [&self.bindings.inside, &self.bindings.outside].map(|side| Interfaces::These(side.clone()));
        let conditions = |dynamic: &Dynamic| {
            if !dynamic.by_map {
                return self.selected(&dynamic.list);
            }
            let clauses = self.maps.get(&dynamic.list)?;
            let [clause] = clauses.values().collect::<Vec<_>>().try_into().ok()?;
            let [list] = clause.lists.as_slice() else { return None };
            (!clause.denies && clause.refused.is_none())
                .then(|| self.selected(list))
                .flatten()
        };
        let mut draft = Draft::default();
        draft.device.interfaces.clone_from(&self.draft.device.interfaces);
        let answers = [
            self.nat.entries(&inside, &outside, &mut draft, &conditions),
            self.nat.outer_entries((&inside, &outside), &mut draft, &conditions),
        ];
        let routes = &mut self.draft.device.policy_routes;
        // All of them may hold or not, so they stand before those that do.
        routes.splice(0..0, draft.device.policy_routes);
        answers.map(|answer| {
            answer.unwrap_or_else(|line| {
                self.draft.device.unread.push(Unread {
                    line,
                    text: "ip nat".to_owned(),
                    why: Text::fixed(
                        "この変換の対象を読めない",
                        "what this translation is for cannot be read",
                    ),
                    affects: Affects::Translations,
                });
                (Vec::new(), Vec::new())
            })
        })
    }
}

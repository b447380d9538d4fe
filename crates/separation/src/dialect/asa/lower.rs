//! From what was written to what the device does.

use std::collections::BTreeMap;

use model::lang::Text;

use super::level::Levels;
use super::list::{self, Entry, List, Named, remembered};
use super::translate::{Entries, Translating};
use super::{Binding, Reader, route};
use crate::device::{
    Action, Addresses, Affects, Chain, ChainId, Device, Filter, InterfaceId, Interfaces, Line, Match, Pipeline,
    RemarkKind, Rule, Scope, Stage, Tracking, Unread,
};
use crate::dialect::draft::unknown;
use crate::packet::Family;

/// The device.
pub(super) fn lower(mut reader: Reader<'_>) -> Device {
    reader.lists();
    reader.routes();
    let translations = reader.translations();
    let bound = reader.bound();
    let through = reader.through(&translations.inward);
    let mut building = Building {
        chains: BTreeMap::new(),
        through,
        bound,
        reader,
    };
    let filters = building.filters();
    building.unread_lists();
    let translate = |entries: Vec<_>| (!entries.is_empty()).then_some(Stage::Translate(entries));
    let mut stages: Vec<Stage> = translate(translations.inward).into_iter().collect();
    stages.push(Stage::Route);
    stages.extend(filters.into_iter().map(Stage::Filter));
    stages.extend(translate(translations.outward));
    let mut device = building.reader.draft.device;
    device.pipelines.push(Pipeline { reading: None, stages });
    device
}

/// Lists by where they are bound.
#[derive(Default)]
struct Bound {
    inward: BTreeMap<InterfaceId, Binding>,
    outward: BTreeMap<InterfaceId, Binding>,
    everywhere: Option<Binding>,
}

impl Reader<'_> {
    /// Reads the lines of lists, now that all that they may name is known.
    fn lists(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        let draft = &self.draft;
        let own = |name: &str| own_addresses(draft, name);
        let named = Named {
            objects: &self.objects,
            own: &own,
            unified: self.unified,
        };
        for (name, mut statement) in entries {
            if ["ethertype", "webtype"].iter().any(|word| statement.is(word)) {
                statement.pass_rest();
                continue;
            }
            let read = if statement.is("standard") {
                list::standard(&mut statement, &self.objects)
            } else {
                let list: &mut List = self.lists.entry(name.clone()).or_default();
                list.read(&mut statement, &named)
            };
            if let Err(why) = read {
                self.lists.entry(name).or_default().refused.push(Unread {
                    line: statement.line(),
                    text: statement.shown(),
                    why,
                    affects: Affects::Everything,
                });
            }
        }
    }

    fn routes(&mut self) {
        let routes = std::mem::take(&mut self.routes);
        let (tunneled, plain): (Vec<_>, Vec<_>) = routes.iter().partition(|route| route.tunneled);
        plain.iter().for_each(|route| route::lower(route, &mut self.draft));
        let ends = self.tunnel_ends();
        for route in tunneled.iter().filter(|_| !ends.is_empty()) {
            route::lower_tunneled(route, ends.clone(), &mut self.draft);
        }
    }

    fn translations(&mut self) -> Entries {
        let known = crate::dialect::draft::Draft {
            device: Device {
                interfaces: self.draft.device.interfaces.clone(),
                ..Device::default()
            },
        };
        let own = |name: &str| {
            let first = own_addresses(&known, name)?;
            (!first.is_empty()).then_some(first)
        };
        let mut translating = Translating {
            objects: &self.objects,
            own: &own,
            draft: &mut self.draft,
        };
        translating.all(&self.nat)
    }

    /// Which lists are asked where; the last binding of a place holds.
    fn bound(&mut self) -> Bound {
        let mut bound = Bound::default();
        for binding in std::mem::take(&mut self.bindings) {
            match &binding.on {
                None => bound.everywhere = Some(binding),
                Some((interface, inward)) => {
                    let id = self.draft.interface(interface, binding.line);
                    let side = if *inward { &mut bound.inward } else { &mut bound.outward };
                    side.insert(id, binding);
                }
            }
        }
        bound
    }
}

/// The own addresses of an interface; `None` where they are not all in the file.
fn own_addresses(draft: &crate::dialect::draft::Draft, name: &str) -> Option<Addresses> {
    let id = draft.device.interface(name)?;
    let interface = draft.device.interfaces.get(usize::from(id.0))?;
    let own = Family::ALL.into_iter().filter_map(|family| {
        let of = |(address, _): &&(std::net::IpAddr, u8)| address.is_ipv4() == (family == Family::V4);
        interface.addresses.iter().find(of).map(|(own, _)| *own)
    });
    let own = own.fold(Addresses::none(), |all, own| all.union(&Addresses::one(own)));
    (!interface.addressed_elsewhere).then_some(own)
}

/// Puts filters together.
struct Building<'s> {
    reader: Reader<'s>,
    bound: Bound,
    /// Rules for what comes through a VPN.
    through: Vec<Rule>,
    /// Lists that are in the device already.
    chains: BTreeMap<String, ChainId>,
}

impl Building<'_> {
    fn filters(&mut self) -> Vec<Filter> {
        let ids: Vec<InterfaceId> = (0..self.reader.draft.device.interfaces.len())
            .filter_map(|id| u16::try_from(id).ok())
            .map(InterfaceId)
            .collect();
        let (open, shut): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| self.reader.ports.carries(*id));
        let mut filters = Vec::new();
        for id in &open {
            filters.push(self.inward(*id, &open));
        }
        for id in &open {
            filters.extend(self.outward(*id));
        }
        for id in shut {
            filters.extend(self.shut(id));
        }
        filters
    }

    /// The filter of what comes in by an interface, wherever it goes out.
    fn inward(&mut self, id: InterfaceId, all: &[InterfaceId]) -> Filter {
        let (name, line) = self.title(id);
        let mut rules = vec![self.known(line)];
        rules.extend(
            self.through
                .iter()
                .filter(|rule| rule.condition.ingress.contains(id))
                .cloned(),
        );
        let own = self
            .bound
            .inward
            .get(&id)
            .map(|binding| (binding.list.clone(), binding.per_user, binding.line));
        let everywhere = self.bound.everywhere.as_ref();
        let everywhere = everywhere.map(|binding| (binding.list.clone(), false, binding.line));
        let lists: Vec<_> = own.into_iter().chain(everywhere).collect();
        let levels = Levels {
            id,
            level: self.reader.ports.level(id),
            line,
            all: all.iter().map(|id| (*id, self.reader.ports.level(*id))).collect(),
            same_level: self.reader.same_level,
            same_interface: self.reader.same_interface,
        };
        if lists.is_empty() {
            rules.extend(levels.permits(&Match::everything()));
        } else {
            rules.extend(levels.denies());
            for (list, per_user, line) in lists {
                if per_user {
                    let condition = Match {
                        unknown: vec![unknown("利用者の認証", "who the user is")],
                        ..Match::everything()
                    };
                    rules.push(Rule::implied("per-user-override", condition, Action::Permit, line));
                }
                rules.push(self.ask(&list, line));
            }
            if !self.reader.unified {
                // Lists of this version are of IPv4 alone.
                let end = Rule::implied("end of list", Match::all_of(Family::V4), Action::Permit, line);
                rules.push(Rule {
                    action: Action::Deny,
                    ..end
                });
                rules.extend(levels.permits(&Match::all_of(Family::V6)));
            }
        }
        let condition = Match {
            services: remembered(self.follows_messages()),
            ..Match::everything()
        };
        self.filter(
            &format!("{name} in"),
            rules,
            (Interfaces::These(vec![id]), Interfaces::Any),
            line,
            Tracking::Only(vec![condition]),
        )
    }

    /// The filter of what goes out by an interface, if a list is bound there.
    fn outward(&mut self, id: InterfaceId) -> Option<Filter> {
        let binding = self.bound.outward.get(&id)?;
        let (list, line) = (binding.list.clone(), binding.line);
        let (name, _) = self.title(id);
        let mut rules = vec![self.known(line)];
        rules.extend(self.through.iter().cloned());
        rules.push(self.ask(&list, line));
        if !self.reader.unified {
            rules.push(Rule::implied(
                "no list of IPv6",
                Match::all_of(Family::V6),
                Action::Permit,
                line,
            ));
        }
        Some(self.filter(
            &format!("{name} out"),
            rules,
            (Interfaces::Any, Interfaces::These(vec![id])),
            line,
            Tracking::Nothing,
        ))
    }

    /// Nothing passes an interface without a name, or one for management alone.
    fn shut(&mut self, id: InterfaceId) -> [Filter; 2] {
        let (name, line) = self.title(id);
        let on = Interfaces::These(vec![id]);
        [
            self.filter(
                &format!("{name} in"),
                Vec::new(),
                (on.clone(), Interfaces::Any),
                line,
                Tracking::Nothing,
            ),
            self.filter(
                &format!("{name} out"),
                Vec::new(),
                (Interfaces::Any, on),
                line,
                Tracking::Nothing,
            ),
        ]
    }

    fn filter(
        &mut self,
        name: &str,
        rules: Vec<Rule>,
        (ingress, egress): (Interfaces, Interfaces),
        line: Line,
        tracking: Tracking,
    ) -> Filter {
        let chain = self.reader.draft.chain(Chain {
            name: name.to_owned(),
            rules,
            otherwise: Action::Deny,
            line,
        });
        Filter {
            scope: Scope { ingress, egress },
            chain,
            tracking,
            line,
        }
    }

    fn title(&mut self, id: InterfaceId) -> (String, Line) {
        let interface = self.reader.draft.of(id);
        interface.map_or((String::new(), Line { file: 0, number: 1 }), |interface| {
            (interface.name.clone(), interface.line)
        })
    }

    fn follows_messages(&self) -> bool {
        self.reader
            .messages
            .iter()
            .any(|map| self.reader.policies.contains(map))
    }

    fn known(&self, line: Line) -> Rule {
        let remembered = Match {
            services: remembered(self.follows_messages()),
            ..Match::everything()
        };
        Rule::known_flow(remembered, line)
    }

    /// A rule that asks a list.
    fn ask(&mut self, list: &str, line: Line) -> Rule {
        let chain = self.list(list, line);
        Rule {
            action: Action::Jump(chain),
            ..Rule::implied(
                &format!("access-group {list}"),
                Match::everything(),
                Action::Permit,
                line,
            )
        }
    }

    fn list(&mut self, name: &str, bound_at: Line) -> ChainId {
        if let Some(known) = self.chains.get(name) {
            return *known;
        }
        let list = self.reader.lists.remove(name).unwrap_or_else(|| {
            self.undefined(name, bound_at);
            List {
                entries: vec![Entry {
                    condition: Match {
                        unknown: vec![unknown("定義されていないリスト", "a list that is defined nowhere")],
                        ..Match::everything()
                    },
                    action: Action::Permit,
                    logs: false,
                    line: bound_at,
                    undefined: None,
                }],
                refused: Vec::new(),
            }
        });
        let rules = list.entries.iter().enumerate();
        let rules = rules.map(|(at, entry)| Rule {
            name: format!("access-list {name} {}", at + 1),
            condition: entry.condition.clone(),
            action: entry.action,
            line: entry.line,
            last_line: entry.line.number,
            logs: entry.logs,
            implied: false,
        });
        let line = list.entries.first().map_or(bound_at, |entry| entry.line);
        let chain = self.reader.draft.chain(Chain {
            name: format!("access-list {name}"),
            rules: rules.collect(),
            otherwise: Action::Return,
            line,
        });
        self.chains.insert(name.to_owned(), chain);
        let unread = &mut self.reader.draft.device.unread;
        unread.extend(list.refused.into_iter().map(|refused| Unread {
            affects: Affects::Chain(chain),
            ..refused
        }));
        unread.extend(list.entries.into_iter().filter_map(|entry| {
            let (text, why) = entry.undefined?;
            Some(Unread {
                line: entry.line,
                text,
                why,
                affects: Affects::Chain(chain),
            })
        }));
        chain
    }

    fn undefined(&mut self, name: &str, line: Line) {
        self.reader.draft.remark(
            RemarkKind::UndefinedFailsOpen,
            line,
            Text::new(
                format!("アクセスリスト「{name}」は定義されていない。この束縛は働かない"),
                format!("access list `{name}` is defined nowhere: this binding does nothing"),
            ),
            Text::fixed("アクセスリストを定義する", "define the access list"),
        );
    }

    /// Lines of lists that are bound nowhere were not understood either: they change nothing, and are named.
    fn unread_lists(&mut self) {
        let refused: Vec<(String, Line)> = self
            .reader
            .lists
            .iter()
            .filter_map(|(name, list)| Some((name.clone(), list.refused.first()?.line)))
            .collect();
        for (name, line) in refused {
            if let Some(list) = self.reader.lists.get_mut(&name) {
                // What such a list names and is defined nowhere concerns nobody.
                list.entries.iter_mut().for_each(|entry| entry.undefined = None);
            }
            self.list(&name, line);
        }
    }
}

//! Policies between zones: those of the two zones in order, then those for all zones, then the default.

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::Reading;
use super::super::draft::unknown;
use super::super::statement::{Refusal, unknown_word};
use super::address::Books;
use super::application::Applications;
use super::zone::Zones;
use crate::device::{
    Action, Addresses, Affects, Chain, ChainId, Filter, InterfaceId, Interfaces, Match, Rule, Scope, Service, Tracking,
};

/// What policies name.
pub(super) struct Names<'n> {
    pub(super) zones: &'n Zones,
    pub(super) books: &'n Books,
    pub(super) applications: &'n Applications,
}

/// The zone of the device itself: what goes there does not pass.
const OWN: &str = "junos-host";

/// Reads the policies into the filter between all interfaces; none for a device that has neither zones nor policies.
pub(super) fn read(reading: &mut Reading<'_, '_>, security: &Node, names: &Names<'_>) -> Option<Filter> {
    let part = security.child("policies");
    if part.is_none() && names.zones.is_empty() {
        return None;
    }
    let line = part
        .or_else(|| security.child("zones"))
        .map_or_else(|| security.line(), Node::line);
    let chain = reading.draft.chain(Chain {
        name: "security policies".to_owned(),
        rules: Vec::new(),
        otherwise: Action::Deny,
        line,
    });
    let all: Vec<InterfaceId> = names.zones.values().flatten().copied().collect();
    let mut policies = Policies {
        reading,
        names,
        chain,
        all: Interfaces::These(all),
    };
    let mut rules = vec![Rule::known_flow(Match::everything(), line)];
    rules.extend(part.into_iter().flat_map(|part| policies.read(part)));
    if let Some(chain) = reading.device().chains.get_mut(chain.0 as usize) {
        chain.rules = rules;
    }
    Some(Filter {
        scope: Scope {
            ingress: Interfaces::Any,
            egress: Interfaces::Any,
        },
        chain,
        tracking: Tracking::Everything,
        line,
    })
}

struct Policies<'r, 't, 's, 'n> {
    reading: &'r mut Reading<'t, 's>,
    names: &'n Names<'n>,
    chain: ChainId,
    /// Every interface that a zone has: others pass nothing.
    all: Interfaces,
}

/// Where policies stand: from which zone to which; `None` for those of all zones.
type Between<'n> = Option<(&'n Node, &'n Node)>;

impl Policies<'_, '_, '_, '_> {
    fn read(&mut self, part: &Node) -> Vec<Rule> {
        self.reading.take(part);
        let (mut rules, mut last) = (Vec::new(), Vec::new());
        let mut default = None;
        for child in part.children() {
            match &*child.word {
                "from-zone" => {
                    self.reading.take(child);
                    for from in child.children() {
                        self.reading.take(from);
                        for word in from.children() {
                            if word.word != "to-zone" {
                                self.unread(word, unknown_word());
                                continue;
                            }
                            self.reading.take(word);
                            for to in word.children() {
                                self.reading.take(to);
                                let between = self.list(to, Some((from, to)));
                                if to.word != OWN && from.word != OWN {
                                    rules.extend(between);
                                }
                            }
                        }
                    }
                }
                "global" => {
                    self.reading.take(child);
                    last = self.list(child, None);
                }
                "default-policy" => {
                    self.reading.take(child);
                    default = self.default(child);
                }
                "policy-rematch"
                | "policy-stats"
                | "traceoptions"
                | "unified-policy"
                | "pre-id-default-policy"
                | "utm-policy"
                | "stateful-firewall-rule"
                | "lookup-intrazone-global" => self.reading.take(child),
                _ => self.unread(child, unknown_word()),
            }
        }
        rules.extend(last);
        rules.extend(default);
        rules
    }

    fn default(&mut self, node: &Node) -> Option<Rule> {
        let action = self.reading.one(node, Affects::Chain(self.chain))?;
        self.reading.take(action);
        match &*action.word {
            "permit-all" => Some(Rule {
                name: "default-policy".to_owned(),
                condition: Match {
                    ingress: self.all.clone(),
                    egress: self.all.clone(),
                    ..Match::everything()
                },
                action: Action::Permit,
                line: action.line(),
                last_line: action.line().number,
                logs: false,
                implied: false,
            }),
            "deny-all" => None,
            _ => {
                self.unread(action, unknown_word());
                None
            }
        }
    }

    fn unread(&mut self, node: &Node, why: Text) {
        self.reading.unread(node, why, Affects::Chain(self.chain));
    }

    /// The policies of one place, in order.
    fn list(&mut self, part: &Node, between: Between<'_>) -> Vec<Rule> {
        let mut rules = Vec::new();
        let (mut own, mut inherited_permits) = (false, false);
        for child in part.children() {
            match &*child.word {
                "policy" => {
                    self.reading.take(child);
                    for policy in child.children() {
                        self.reading.take(policy);
                        let rule = self.policy(policy, between);
                        own |= !policy.inherited;
                        inherited_permits |= policy.inherited && rule.action == Action::Permit;
                        rules.push(rule);
                    }
                }
                "description" => self.reading.take(child),
                _ => self.unread(child, unknown_word()),
            }
        }
        if own && inherited_permits {
            self.unread(part, order());
        }
        rules
    }

    fn policy(&mut self, policy: &Node, between: Between<'_>) -> Rule {
        let mut condition = Match {
            ingress: self.all.clone(),
            egress: self.all.clone(),
            ..Match::everything()
        };
        if let Some((from, to)) = between {
            condition.ingress = self.zone(from);
            condition.egress = self.zone(to);
        }
        let (mut action, mut logs) = (None, false);
        let mut matched = false;
        for child in policy.children() {
            match &*child.word {
                "match" => {
                    self.reading.take(child);
                    matched = true;
                    self.matches(child, between, &mut condition);
                }
                "then" => {
                    self.reading.take(child);
                    (action, logs) = self.then(child, &mut condition);
                }
                "scheduler-name" => {
                    self.reading.take(child);
                    child.children().for_each(|name| self.reading.take(name));
                    condition.unknown.push(unknown("時間帯", "the time of day"));
                }
                "description" => self.reading.take(child),
                _ => self.unread(child, unknown_word()),
            }
        }
        if !matched {
            condition.unknown.push(left_out());
        }
        condition.unknown.dedup();
        if action.is_none() {
            self.unread(policy, Text::fixed("動作がない", "it has no action"));
        }
        Rule {
            name: format!("policy {}", policy.word),
            condition,
            action: action.unwrap_or(Action::Permit),
            line: policy.line(),
            last_line: policy.last_line(),
            logs,
            implied: false,
        }
    }

    fn zone(&mut self, name: &Node) -> Interfaces {
        if name.word == "any" {
            return self.all.clone();
        }
        if let Some(ids) = self.names.zones.get(&name.word) {
            return Interfaces::These(ids.clone());
        }
        // Without any interface the file is a part of a configuration: nothing passes it in any way.
        if name.word != OWN && !self.reading.device().interfaces.is_empty() {
            self.unread(
                name,
                Text::fixed("定義されていない領域(zone)", "a zone that is defined nowhere"),
            );
        }
        Interfaces::These(Vec::new())
    }

    fn matches(&mut self, part: &Node, between: Between<'_>, condition: &mut Match) {
        let excluded = |word: &str| part.child(word).is_some();
        let zones = between.map(|(from, to)| (&*from.word, &*to.word));
        for (word, zone, not) in [
            ("source-address", zones.map(|(from, _)| from), "source-address-excluded"),
            (
                "destination-address",
                zones.map(|(_, to)| to),
                "destination-address-excluded",
            ),
        ] {
            let Some(names) = part.child(word).filter(|names| !names.is_leaf()) else {
                condition.unknown.push(left_out());
                continue;
            };
            let found = self.addresses(names, zone, excluded(not), condition);
            if word == "source-address" {
                condition.source = found;
            } else {
                condition.destination = found;
            }
        }
        for child in part.children() {
            self.reading.is(child, MATCH);
            match &*child.word {
                "source-address" | "destination-address" => {}
                "source-address-excluded" | "destination-address-excluded" if child.is_leaf() => {}
                "application" => self.applications(child, condition),
                "from-zone" | "to-zone" if between.is_none() => {
                    child.children().for_each(|zone| self.reading.take(zone));
                    let sets: Vec<Interfaces> = child.children().map(|zone| self.zone(zone)).collect();
                    let ids = sets.iter().flat_map(|set| match set {
                        Interfaces::These(ids) => ids.as_slice(),
                        _ => &[],
                    });
                    let set = Interfaces::These(ids.copied().collect());
                    if child.word == "from-zone" {
                        condition.ingress = set;
                    } else {
                        condition.egress = set;
                    }
                }
                word => {
                    let depends = DEPENDS.iter().find(|(key, ..)| *key == word);
                    let any = child.children().all(|value| value.word == "any") && !child.is_leaf();
                    if any {
                        child.children().for_each(|value| self.reading.take(value));
                    }
                    match depends {
                        Some(_) if any => {}
                        Some((_, ja, en)) => condition.unknown.push(unknown(*ja, *en)),
                        None => {
                            condition
                                .unknown
                                .push(unknown("読めない条件", "a condition that cannot be read"));
                            self.unread(child, unknown_word());
                        }
                    }
                }
            }
        }
        if part.child("application").is_none() && part.child("dynamic-application").is_none() {
            condition.unknown.push(left_out());
        }
    }

    fn addresses(&mut self, names: &Node, zone: Option<&str>, excluded: bool, condition: &mut Match) -> Addresses {
        let mut all = Addresses::none();
        let mut sure = true;
        for name in names.children() {
            self.reading.take(name);
            match self.names.books.find(zone, &name.word) {
                Some(found) => {
                    sure &= found.unknown.is_empty();
                    condition.unknown.extend(found.unknown);
                    all = all.union(&found.addresses);
                }
                None => {
                    sure = false;
                    all = Addresses::all();
                    condition
                        .unknown
                        .push(unknown("読めないアドレス", "an address that cannot be read"));
                    let why = Text::new(
                        format!("アドレス「{}」を読めない、又は定義されていない", name.word),
                        format!("address `{}` cannot be read, or is defined nowhere", name.word),
                    );
                    self.unread(name, why);
                }
            }
        }
        match (excluded, sure) {
            (false, _) => all,
            (true, true) => Addresses::all().minus(&all),
            (true, false) => Addresses::all(),
        }
    }

    fn applications(&mut self, names: &Node, condition: &mut Match) {
        let mut services: Vec<Service> = Vec::new();
        for name in names.children() {
            self.reading.take(name);
            match self.names.applications.find(&name.word) {
                Some(found) => services.extend(found),
                None => {
                    services.push(Service::anything());
                    condition.unknown.push(unknown(
                        "読めないアプリケーション",
                        "an application that cannot be read",
                    ));
                    let why = Text::new(
                        format!("アプリケーション「{}」を知らない、又は読めない", name.word),
                        format!("application `{}` is not known, or cannot be read", name.word),
                    );
                    self.unread(name, why);
                }
            }
        }
        condition.services = services;
    }

    fn then(&mut self, part: &Node, condition: &mut Match) -> (Option<Action>, bool) {
        let (mut actions, mut logs) = (Vec::new(), false);
        for act in part.children() {
            self.reading.is(act, "permit deny reject log count dscp");
            match &*act.word {
                "permit" => {
                    actions.push((Action::Permit, act.inherited));
                    self.permit(act, condition);
                }
                "deny" | "reject" => actions.push((Action::Deny, act.inherited)),
                "log" => logs = true,
                // A mark that decides nothing here.
                "count" | "dscp" => {}
                _ => self.unread(act, unknown_word()),
            }
        }
        let own: Vec<Action> = actions
            .iter()
            .filter(|(_, inherited)| !inherited)
            .map(|(action, _)| *action)
            .collect();
        if own.len() > 1 {
            self.unread(part, Text::fixed("動作が二つある", "it has two actions"));
        }
        let action = own
            .first()
            .copied()
            .or_else(|| actions.first().map(|(action, _)| *action));
        (action, logs)
    }

    /// What may stand after `permit`.
    fn permit(&mut self, part: &Node, condition: &mut Match) {
        for more in part.children() {
            self.reading.is(more, PERMIT);
            match &*more.word {
                // Looks into what passes, and may stop it; or says how it is passed.
                "application-services"
                | "tcp-options"
                | "services-offload"
                | "no-services-offload"
                | "advanced-connection-tracking" => {}
                "firewall-authentication" => condition.unknown.push(unknown("利用者の認証", "who the user is")),
                "destination-address" => {
                    condition.unknown.push(unknown(
                        "宛先が変換されたかどうか",
                        "whether the destination was changed",
                    ));
                }
                "tunnel" => self.unread(
                    more,
                    Text::fixed(
                        "ポリシーで入るトンネルの先は読めない",
                        "where tunnels lead that policies send packets into is not read",
                    ),
                ),
                _ => self.unread(more, unknown_word()),
            }
        }
    }
}

/// What may stand after `permit`.
const PERMIT: &str = "application-services tcp-options services-offload no-services-offload advanced-connection-tracking \
    firewall-authentication destination-address tunnel";

/// Conditions, all of them.
const MATCH: &str = "source-address destination-address source-address-excluded destination-address-excluded application \
    from-zone to-zone source-identity source-end-user-profile dynamic-application url-category source-l3vpn-vrf-group \
    destination-l3vpn-vrf-group dscp dscp-except";

/// Conditions that are not in a packet.
const DEPENDS: &[(&str, &str, &str)] = &[
    ("source-identity", "利用者の認証", "who the user is"),
    ("source-end-user-profile", "端末の判別", "which device it is"),
    (
        "dynamic-application",
        "アプリケーションの判別",
        "which application it is",
    ),
    ("url-category", "URL の分類", "the category of a URL"),
    ("source-l3vpn-vrf-group", "VPN の判別", "which VPN it came from"),
    ("destination-l3vpn-vrf-group", "VPN の判別", "which VPN it goes to"),
    ("dscp", "優先度の印", "a mark of priority"),
    ("dscp-except", "優先度の印", "a mark of priority"),
];

fn left_out() -> crate::device::Unknown {
    unknown("書いていない条件", "a condition that is left out")
}

/// Why it matters where inherited entries of a list stand.
pub(super) const fn order() -> Refusal {
    Text::fixed(
        "グループから来る規則がどの順番に入るか、決まらない",
        "where rules that come from a group stand among the others is not established",
    )
}

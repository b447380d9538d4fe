//! Security rules: the first that matches decides; then what a zone allows within itself, and between zones nothing.

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::draft::unknown;
use super::super::statement::unknown_word;
use super::changed;
use super::interface::Zones;
use super::nat;
use super::object::Objects;
use super::scope::Scope;
use crate::device::{
    Action, Addresses, Affects, Chain, ChainId, Filter, InterfaceId, Interfaces, Line, Match, Rule, Scope as Where,
    Service, Tracking, Unknown,
};

/// Settings of a rule that change nothing that passes, or that only stop more.
const BESIDE: &str = "description tag group-tag uuid log-start log-end log-setting profile-setting option icmp-unreachable qos \
    audit-comment disable-server-response-inspection";

/// Kinds of lists of rules that let nothing through that the security rules do not.
const LISTS_BESIDE: &str = "qos decryption application-override authentication dos tunnel-inspect network-packet-broker nat security \
    default-security-rules captive-portal";

/// Reads the security rules into the filter between all interfaces.
pub(super) fn read(
    reading: &mut Reading<'_, '_>,
    scope: &Scope<'_>,
    zones: &Zones,
    objects: &Objects<'_, '_>,
    translations: &[nat::Rule],
) -> Filter {
    let line = scope.line.unwrap_or(Line { file: 0, number: 1 });
    let chain = reading.draft.chain(Chain {
        name: "security rules".to_owned(),
        rules: Vec::new(),
        otherwise: Action::Deny,
        line,
    });
    lists(reading, scope);
    let mut rules = vec![Rule::known_flow(Match::everything(), line)];
    let mut reader = Reader {
        reading,
        zones,
        objects,
        chain,
    };
    for list in scope.rules("security") {
        for part in list.children() {
            if !reader.reading.is(part, "rules") {
                reader.unread(part, unknown_word());
                continue;
            }
            for node in part.children() {
                reader.reading.take(node);
                for rule in reader.rule(node) {
                    rules.extend(changed::around(rule, translations));
                }
            }
        }
    }
    rules.extend(reader.defaults(scope, line));
    if let Some(chain) = reading.device().chains.get_mut(chain.0 as usize) {
        chain.rules = rules;
    }
    Filter {
        scope: Where {
            ingress: Interfaces::Any,
            egress: Interfaces::Any,
        },
        chain,
        tracking: Tracking::Everything,
        line,
    }
}

/// Lists of other kinds of rules.
fn lists(reading: &mut Reading<'_, '_>, scope: &Scope<'_>) {
    for base in ["pre-rulebase", "rulebase", "post-rulebase"] {
        for list in scope.all(base).flat_map(Node::children) {
            if reading.is(list, LISTS_BESIDE) {
                continue;
            }
            reading.is(list, "pbf sdwan");
            let mut rules = list.child("rules").into_iter().flat_map(Node::children);
            let known = is_in("pbf sdwan", &list.word);
            if !known || rules.any(|rule| rule.at("disabled yes").is_none()) {
                let why = Text::fixed("この種類の規則は読めない", "rules of this kind are not read");
                let affects = if known { Affects::Routes } else { Affects::Everything };
                reading.unread(list, why, affects);
            }
        }
    }
}

/// The interfaces of the zones that a setting names.
pub(super) fn zone_set(reading: &mut Reading<'_, '_>, setting: &Node, zones: &Zones, affects: Affects) -> Interfaces {
    let mut ids: Vec<InterfaceId> = Vec::new();
    for name in setting.children() {
        reading.take(name);
        match (&*name.word, zones.get(&name.word)) {
            ("any", None) => ids.extend(zones.values().flatten()),
            (_, Some(zone)) => ids.extend(zone),
            (_, None) => {
                if !reading.device().interfaces.is_empty() {
                    let why = Text::fixed("定義されていない領域(zone)", "a zone that is defined nowhere");
                    reading.unread(name, why, affects);
                }
            }
        }
    }
    Interfaces::These(ids)
}

/// The addresses that a setting names; `None` where one cannot be read.
pub(super) fn side(
    reading: &mut Reading<'_, '_>,
    setting: &Node,
    objects: &Objects<'_, '_>,
    depends: &mut Vec<Unknown>,
) -> Option<Addresses> {
    let mut all = Addresses::none();
    for name in setting.children() {
        let found = objects.address(&name.word)?;
        reading.take(name);
        depends.extend(found.unknown);
        all = all.union(&found.addresses);
    }
    Some(all)
}

struct Reader<'r, 't, 's, 'o> {
    reading: &'r mut Reading<'t, 's>,
    zones: &'o Zones,
    objects: &'o Objects<'o, 'o>,
    chain: ChainId,
}

impl Reader<'_, '_, '_, '_> {
    fn unread(&mut self, node: &Node, why: Text) {
        self.reading.unread(node, why, Affects::Chain(self.chain));
    }

    fn rule(&mut self, node: &Node) -> Vec<Rule> {
        let mut condition = Match::everything();
        let mut action = None;
        let (mut kind, mut disabled, mut logs) = ("universal".to_owned(), false, true);
        for setting in node.children() {
            let known = self.reading.is(setting, SETTINGS) || self.reading.is(setting, BESIDE);
            let value = setting.children().next();
            match (&*setting.word, value) {
                (_, Some(_)) if is_in("from to source destination", &setting.word) => {}
                ("negate-source" | "negate-destination" | "service" | "application", Some(_)) => {}
                ("action", Some(value)) => {
                    action = match &*value.word {
                        "allow" => Some(Action::Permit),
                        word if is_in("deny drop reset-client reset-server reset-both", word) => Some(Action::Deny),
                        _ => None,
                    };
                    if action.is_some() {
                        self.reading.take(value);
                    } else {
                        self.unread(value, unknown_word());
                    }
                }
                ("disabled", Some(value)) => {
                    disabled = value.word == "yes";
                    if !self.reading.is(value, "yes no") {
                        self.unread(value, unknown_word());
                    }
                }
                ("rule-type", Some(value)) => {
                    if self.reading.is(value, "universal intrazone interzone") {
                        kind.clone_from(&value.word);
                    } else {
                        self.unread(value, unknown_word());
                    }
                }
                ("log-end", Some(value)) => {
                    self.reading.is(value, "yes no");
                    logs = value.word != "no";
                }
                ("target", _) => {
                    condition
                        .unknown
                        .push(unknown("どの機器に配られたか", "which device it was handed to"));
                }
                (word, _) => match DEPENDS.iter().find(|(key, ..)| *key == word) {
                    Some((_, ja, en)) => {
                        let any = setting.children().all(|value| value.word == "any");
                        setting.children().for_each(|value| _ = self.reading.is(value, "any"));
                        if !any {
                            condition.unknown.push(unknown(*ja, *en));
                        }
                    }
                    None if known => {}
                    None => {
                        condition
                            .unknown
                            .push(unknown("読めない条件", "a condition that cannot be read"));
                        self.unread(setting, unknown_word());
                    }
                },
            }
        }
        self.zones(node, &mut condition);
        self.sides(node, &mut condition);
        self.services(node, &mut condition);
        condition.unknown.dedup();
        if disabled {
            return Vec::new();
        }
        if action.is_none() {
            self.unread(node, Text::fixed("動作がない", "it has no action"));
        }
        let rule = |condition: Match| Rule {
            name: format!("rule {}", node.word),
            condition,
            action: action.unwrap_or(Action::Permit),
            line: node.line(),
            last_line: node.last_line(),
            logs,
            implied: false,
        };
        self.kinds(&kind, condition).into_iter().map(rule).collect()
    }

    /// Rules within zones, or between different ones only.
    fn kinds(&self, kind: &str, condition: Match) -> Vec<Match> {
        if kind == "universal" {
            return vec![condition];
        }
        let zones = self.zones.values().map(|ids| Interfaces::These(ids.clone()));
        let split = zones.map(|zone| {
            let mut one = condition.clone();
            one.ingress = one.ingress.intersect(&zone);
            one.egress = match (kind, &zone) {
                ("intrazone", zone) => zone.clone(),
                (_, Interfaces::These(ids)) => one.egress.intersect(&Interfaces::AllBut(ids.clone())),
                _ => one.egress,
            };
            one
        });
        split.filter(|one| !one.is_empty()).collect()
    }

    fn zones(&mut self, node: &Node, condition: &mut Match) {
        let affects = Affects::Chain(self.chain);
        for word in ["from", "to"] {
            let set = match node.child(word).filter(|setting| !setting.is_leaf()) {
                Some(setting) => zone_set(self.reading, setting, self.zones, affects),
                None => {
                    condition.unknown.push(left_out());
                    Interfaces::These(self.zones.values().flatten().copied().collect())
                }
            };
            if word == "from" {
                condition.ingress = set;
            } else {
                condition.egress = set;
            }
        }
    }

    fn sides(&mut self, node: &Node, condition: &mut Match) {
        for (word, not) in [("source", "negate-source"), ("destination", "negate-destination")] {
            let negated = node.child(not).is_some_and(|negated| {
                for value in negated.children() {
                    if !self.reading.is(value, "yes no") {
                        self.reading.unread(value, unknown_word(), Affects::Chain(self.chain));
                    }
                }
                negated.child("yes").is_some()
            });
            let Some(setting) = node.child(word).filter(|setting| !setting.is_leaf()) else {
                condition.unknown.push(left_out());
                continue;
            };
            let (mut all, mut sure) = (Addresses::none(), true);
            for name in setting.children() {
                self.reading.take(name);
                if let Some(found) = self.objects.address(&name.word) {
                    sure &= found.unknown.is_empty();
                    condition.unknown.extend(found.unknown);
                    all = all.union(&found.addresses);
                } else {
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
            let all = match (negated, sure) {
                (false, _) => all,
                (true, true) => Addresses::all().minus(&all),
                (true, false) => Addresses::all(),
            };
            if word == "source" {
                condition.source = all;
            } else {
                condition.destination = all;
            }
        }
    }

    /// Services and applications together.
    fn services(&mut self, node: &Node, condition: &mut Match) {
        let mut applications = Vec::new();
        let mut any = false;
        match node.child("application").filter(|setting| !setting.is_leaf()) {
            Some(setting) => {
                for name in setting.children() {
                    self.reading.take(name);
                    any |= name.word == "any";
                    applications.extend(self.objects.application(&name.word));
                }
            }
            None => condition.unknown.push(left_out()),
        }
        if !any {
            condition
                .unknown
                .push(unknown("アプリケーションの判別", "which application it is"));
        }
        let Some(setting) = node.child("service").filter(|setting| !setting.is_leaf()) else {
            condition.unknown.push(left_out());
            return;
        };
        let mut services: Vec<Service> = Vec::new();
        for name in setting.children() {
            self.reading.take(name);
            if name.word == "application-default" {
                let known: Option<Vec<Vec<Service>>> = applications.iter().map(|one| one.services.clone()).collect();
                match known.filter(|_| !any) {
                    Some(known) => services.extend(known.concat()),
                    None => {
                        services.push(Service::anything());
                        condition
                            .unknown
                            .push(unknown("アプリケーションの判別", "which application it is"));
                    }
                }
            } else if let Some(found) = self.objects.service(&name.word) {
                services.extend(found);
            } else {
                services.push(Service::anything());
                condition
                    .unknown
                    .push(unknown("読めないサービス", "a service that cannot be read"));
                let why = Text::new(
                    format!("サービス「{}」を読めない、又は定義されていない", name.word),
                    format!("service `{}` cannot be read, or is defined nowhere", name.word),
                );
                self.unread(name, why);
            }
        }
        condition.services = services;
    }

    /// What goes without saying, or is said otherwise.
    fn defaults(&mut self, scope: &Scope<'_>, line: Line) -> Vec<Rule> {
        let (mut within, mut between) = ((Action::Permit, line), (Action::Deny, line));
        for list in scope.rules("default-security-rules") {
            for part in list.children() {
                if !self.reading.is(part, "rules") {
                    self.unread(part, unknown_word());
                    continue;
                }
                for node in part.children() {
                    if !self.reading.is(node, "intrazone-default interzone-default") {
                        self.unread(node, unknown_word());
                        continue;
                    }
                    for setting in node.children() {
                        let known = self.reading.is(setting, "action") || self.reading.is(setting, BESIDE);
                        if !known {
                            self.unread(setting, unknown_word());
                        }
                    }
                    let Some(value) = node.child("action").and_then(|action| action.children().next()) else {
                        continue;
                    };
                    let action = match &*value.word {
                        "allow" => Action::Permit,
                        word if is_in("deny drop reset-client reset-server reset-both", word) => Action::Deny,
                        _ => {
                            self.unread(value, unknown_word());
                            continue;
                        }
                    };
                    self.reading.take(value);
                    let which = if node.word == "intrazone-default" {
                        &mut within
                    } else {
                        &mut between
                    };
                    *which = (action, node.line());
                }
            }
        }
        let mut rules = Vec::new();
        let rule = |name: &str, ingress: Interfaces, egress: Interfaces, (action, line): (Action, Line)| Rule {
            name: name.to_owned(),
            condition: Match {
                ingress,
                egress,
                ..Match::everything()
            },
            action,
            line,
            last_line: line.number,
            logs: false,
            implied: true,
        };
        for zone in self.zones.values().filter(|zone| !zone.is_empty()) {
            let zone = Interfaces::These(zone.clone());
            rules.push(rule("intrazone-default", zone.clone(), zone, within));
        }
        let all = Interfaces::These(self.zones.values().flatten().copied().collect());
        rules.push(rule("interzone-default", all.clone(), all, between));
        rules
    }
}

/// Settings of a rule that are read.
const SETTINGS: &str = "from to source destination negate-source negate-destination source-user category service application action \
    disabled schedule rule-type hip-profiles source-hip destination-hip source-device destination-device source-imsi source-imei \
    nw-slice target";

/// Conditions that are not in a packet.
const DEPENDS: &[(&str, &str, &str)] = &[
    ("source-user", "利用者の認証", "who the user is"),
    ("category", "URL の分類", "the category of a URL"),
    ("schedule", "時間帯", "the time of day"),
    ("hip-profiles", "端末の状態", "the state of the device it comes from"),
    ("source-hip", "端末の状態", "the state of the device it comes from"),
    ("destination-hip", "端末の状態", "the state of the device it goes to"),
    ("source-device", "端末の判別", "which device it is"),
    ("destination-device", "端末の判別", "which device it is"),
    ("source-imsi", "端末の判別", "which device it is"),
    ("source-imei", "端末の判別", "which device it is"),
    ("nw-slice", "網の区分", "the slice of the network"),
];

fn left_out() -> Unknown {
    unknown("書いていない条件", "a condition that is left out")
}

//! Policies: in the order of the file, the first that matches decides; no match is a denial.

use model::lang::Text;

use super::object::Names;
use super::tree::Entry;
use crate::device::{Action, Affects, ChainId, Interfaces, Match, Rule, Unknown, Unread};
use crate::dialect::draft::{Draft, unknown};
use crate::packet::Family;

/// A policy as rules, and what it does to addresses.
pub(super) struct Policy<'d> {
    pub(super) entry: &'d Entry,
    pub(super) rules: Vec<Rule>,
    pub(super) permits: bool,
}

/// Conditions that are not in a packet: the setting, and what it depends on.
const DEPENDS: &[(&str, &str, &str)] = &[
    ("groups", "利用者の認証", "who the user is"),
    ("users", "利用者の認証", "who the user is"),
    ("fsso-groups", "利用者の認証", "who the user is"),
    ("application", "アプリケーションの判別", "which application it is"),
    ("app-category", "アプリケーションの判別", "which application it is"),
    ("app-group", "アプリケーションの判別", "which application it is"),
    ("url-category", "URL の分類", "the category of a URL"),
    ("devices", "端末の判別", "which device it is"),
    ("src-vendor-mac", "端末の判別", "which device it is"),
    ("ztna-ems-tag", "端末の判別", "which device it is"),
    ("ztna-geo-tag", "端末の判別", "which device it is"),
    ("reputation-minimum", "相手の評判", "the reputation of an address"),
    ("sgt", "タグ", "a tag"),
];

/// The policies of a table, of one virtual domain.
pub(super) fn policies<'d>(
    table: &'static str,
    names: &Names<'d>,
    chain: ChainId,
    within: &Interfaces,
    draft: &mut Draft,
) -> Vec<Policy<'d>> {
    let entries: &'d [Entry] = names.domain.entries(table);
    let mut policies = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.is("status", "disable")) {
        let mut reading = Reading {
            names,
            entry,
            chain,
            draft,
        };
        policies.push(reading.policy(table == "firewall policy6", within));
    }
    policies
}

struct Reading<'r, 'd> {
    names: &'r Names<'d>,
    entry: &'d Entry,
    chain: ChainId,
    draft: &'r mut Draft,
}

impl<'d> Reading<'_, 'd> {
    fn policy(&mut self, only_v6: bool, within: &Interfaces) -> Policy<'d> {
        let entry = self.entry;
        let action = match entry.one("action").unwrap_or("deny") {
            "accept" => Action::Permit,
            "deny" => Action::Deny,
            _ => {
                // Into a tunnel that hangs on policies: it passes, and nobody here knows where.
                self.unread(
                    "action",
                    Text::fixed(
                        "accept と deny のほかの動作は読めない",
                        "actions other than accept and deny are not read",
                    ),
                );
                Action::Permit
            }
        };
        let mut common = Match::everything();
        common.ingress = self.interfaces("srcintf", within);
        common.egress = self.interfaces("dstintf", within);
        if self.is_nowhere("srcintf") || self.is_nowhere("dstintf") {
            self.unread(
                "srcintf",
                Text::fixed("srcintf 又は dstintf がない", "srcintf or dstintf is not set"),
            );
        }
        common.unknown = self.depends();
        self.services(&mut common);
        let mut rules = Vec::new();
        for family in Family::ALL {
            let (source, destination) = match family {
                Family::V6 if !only_v6 => ("srcaddr6", "dstaddr6"),
                _ => ("srcaddr", "dstaddr"),
            };
            let by_service = [
                "internet-service",
                "internet-service-src",
                "internet-service6",
                "internet-service6-src",
            ];
            let by_service = by_service.iter().any(|key| entry.is(key, "enable"));
            let of_family = if only_v6 {
                family == Family::V6
            } else {
                !entry.all(source).is_empty() || !entry.all(destination).is_empty()
            };
            let neither = family == Family::V4 && by_service && !only_v6;
            if !of_family && !neither {
                continue;
            }
            let mut condition = common.clone();
            condition.source = self.addresses(source, family, &mut condition.unknown);
            condition.destination = self.addresses(destination, family, &mut condition.unknown);
            if action == Action::Deny && family == Family::V4 {
                self.virtual_addresses(&mut condition);
            }
            condition.unknown.dedup();
            rules.push(Rule {
                name: format!("policy {}", entry.name),
                condition,
                action,
                line: entry.line,
                last_line: entry.last_line,
                logs: !entry.is("logtraffic", "disable") && entry.one("logtraffic").is_some(),
                implied: false,
            });
        }
        if rules.is_empty() {
            self.unread(
                "srcaddr",
                Text::fixed("送信元と宛先のアドレスがない", "no source and destination addresses"),
            );
        }
        Policy {
            entry,
            rules,
            permits: action == Action::Permit,
        }
    }

    fn is_nowhere(&self, key: &str) -> bool {
        self.entry.all(key).is_empty()
    }

    fn interfaces(&mut self, key: &str, within: &Interfaces) -> Interfaces {
        let names = self.entry.all(key);
        if names.is_empty() {
            return within.clone();
        }
        let found = self.names.interfaces(names, self.draft, self.entry.at(key));
        found.intersect(within)
    }

    fn depends(&self) -> Vec<Unknown> {
        let mut all: Vec<Unknown> = Vec::new();
        let set = DEPENDS.iter().filter(|(key, ..)| !self.entry.all(key).is_empty());
        all.extend(set.map(|(_, ja, en)| unknown(*ja, *en)));
        if self.entry.one("schedule").is_some_and(|schedule| schedule != "always") {
            all.push(unknown("時間帯", "the time of day"));
        }
        let services = [
            "internet-service",
            "internet-service-src",
            "internet-service6",
            "internet-service6-src",
        ];
        if services.iter().any(|key| self.entry.is(key, "enable")) {
            all.push(unknown(
                "インターネットサービスの一覧",
                "the list of services on the Internet",
            ));
        }
        if self.entry.is("ztna-status", "enable") || self.entry.is("identity-based", "enable") {
            all.push(unknown("利用者の認証", "who the user is"));
        }
        all
    }

    fn services(&mut self, condition: &mut Match) {
        let entry = self.entry;
        // With a service on the Internet, its own list of ports counts.
        if entry.is("internet-service", "enable") || entry.is("internet-service6", "enable") {
            return;
        }
        match self.names.services(entry.all("service")) {
            Ok((services, depends)) => {
                condition.services = services;
                condition.unknown.extend(depends);
            }
            Err(why) => {
                condition
                    .unknown
                    .push(unknown("読めないサービス", "a service that cannot be read"));
                self.unread("service", why);
            }
        }
        if entry.is("service-negate", "enable") {
            self.unread(
                "service-negate",
                Text::fixed("サービスの否定は読めない", "negated services are not read"),
            );
            condition.services = Match::everything().services;
            condition.unknown.push(unknown("サービスの否定", "negated services"));
        }
    }

    fn addresses(&mut self, key: &str, family: Family, depends: &mut Vec<Unknown>) -> crate::device::Addresses {
        let all = crate::device::Addresses::all_of(family);
        let names = self.entry.all(key);
        if names.is_empty() {
            return all;
        }
        match self.names.addresses(names, family) {
            Ok(found) => {
                let negated = self.entry.is(&format!("{key}-negate"), "enable");
                let sure = found.unknown.is_empty();
                depends.extend(found.unknown);
                match (negated, sure) {
                    (false, _) => found.addresses,
                    (true, true) => all.minus(&found.addresses),
                    (true, false) => all,
                }
            }
            Err(why) => {
                depends.push(unknown("読めないアドレス", "an address that cannot be read"));
                self.unread(key, why);
                all
            }
        }
    }

    /// A denial does not match what came to a virtual address, unless it says so or names one.
    fn virtual_addresses(&mut self, condition: &mut Match) {
        let entry = self.entry;
        let names_one = entry.all("dstaddr").iter().any(|name| self.names.is_virtual(name));
        let matches = entry.is("match-vip", "enable");
        let mut mapped = self.names.domain.entries("firewall vip").iter().filter_map(|vip| {
            let (first, last) = super::object::span(vip.one("mappedip")?)?;
            Some(crate::device::Addresses::span(first.into(), last.into()))
        });
        let concerns = mapped.any(|mapped| !mapped.intersect(&condition.destination).is_empty());
        if concerns && (names_one || !matches) {
            condition.unknown.push(unknown(
                "仮想 IP を通って来たかどうか",
                "whether the packet came to a virtual address",
            ));
        }
    }

    fn unread(&mut self, key: &str, why: Text) {
        self.draft.device.unread.push(Unread {
            line: self.entry.at(key),
            text: format!("policy {}: {key}", self.entry.name),
            why,
            affects: Affects::Chain(self.chain),
        });
    }
}

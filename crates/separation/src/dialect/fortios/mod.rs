//! FortiGate (FortiOS): `show full-configuration`, or a backup file.
//!
//! A virtual address is changed on the way in, before the way out is chosen; policies are asked after that, in the order of the file, and
//! see the changed destination; sources are changed last.

mod nat;
mod object;
mod policy;
mod route;
mod service;
mod table;
mod tree;

use model::lang::Text;

use self::nat::Nat;
use self::object::Names;
use self::route::Routes;
use self::tree::{Domain, Entry};
use super::Dialect;
use super::draft::Draft;
use super::statement::prefix;
use crate::device::{
    Action, Affects, Chain, Device, Filter, InterfaceId, Interfaces, Line, Match, Pipeline, Rule, Scope, Stage,
    Tracking, Unread,
};
use crate::packet::Family;
use crate::source::{REDACTED, Redacted, Source};

/// The dialect.
pub(super) struct Fortios;

impl Dialect for Fortios {
    fn name(&self) -> &'static str {
        "fortios"
    }

    fn label(&self) -> Text {
        Text::same("FortiGate (FortiOS)")
    }

    fn likeness(&self, text: &str) -> u8 {
        if text.starts_with("#config-version=") {
            return 95;
        }
        let lines = || text.lines().map(str::trim).take(2000);
        let tables = lines().filter(|line| {
            ["config firewall ", "config system ", "config router ", "config vdom"]
                .iter()
                .any(|begin| line.starts_with(begin))
        });
        let entries = lines()
            .filter(|line| line.starts_with("edit ") || line.starts_with("set ") || *line == "next" || *line == "end");
        match (tables.count(), entries.count()) {
            (0, _) | (_, 0) => 0,
            _ => 90,
        }
    }

    fn read(&self, files: &[Source]) -> Device {
        let mut draft = Draft::default();
        let tree = tree::read(files, &mut draft);
        let several = tree.domains.len() > 2;
        // Interfaces first, in the order of the file, whichever domain they are for.
        for domain in tree.domains.values() {
            interfaces(domain, several, &mut draft);
        }
        let mut stages = [Vec::new(), vec![Stage::Route], Vec::new(), Vec::new()];
        for (name, domain) in &tree.domains {
            if name.is_empty() && several && domain.entries("firewall policy").is_empty() {
                continue;
            }
            lower(name, several, domain, &mut draft, &mut stages);
        }
        draft.device.pipelines.push(Pipeline {
            reading: None,
            stages: stages.concat(),
        });
        draft.device
    }

    fn redact(&self, file: Source) -> Redacted {
        let files = [file];
        self.read(&files);
        let [file] = &files;
        let mut redacted = file.redacted();
        quote(&mut redacted, &tree::texts(file));
        redacted
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.conf")
    }
}

/// Leaves the quotes of texts that go over several lines, so that they still do.
fn quote(redacted: &mut Redacted, texts: &[(u32, u32)]) {
    let lines = redacted.text.lines().zip(1u32..).map(|(line, number)| {
        if texts.iter().any(|(first, _)| *first == number) {
            let before = line.rsplit_once(REDACTED).map_or(line, |(before, _)| before);
            return format!("{before}\"{REDACTED}");
        }
        if texts.iter().any(|(_, last)| *last == number) {
            return format!("{REDACTED}\"");
        }
        line.to_owned()
    });
    redacted.text = lines.map(|line| line + "\n").collect();
}

fn interfaces(domain: &Domain, several: bool, draft: &mut Draft) {
    if let Some(name) = domain
        .entries("system global")
        .iter()
        .find_map(|entry| entry.one("hostname"))
    {
        draft.device.host_name = Some(name.to_owned());
    }
    for entry in domain.entries("system interface") {
        let id = draft.interface(&entry.name, entry.line);
        let inner: Vec<&Entry> = ["secondaryip", "ipv6", "vrrp"]
            .iter()
            .flat_map(|path| domain.entries(&format!("system interface/{path}")))
            .filter(|inner| inner.name.split('\n').next() == Some(&entry.name))
            .collect();
        let mut addresses = Vec::new();
        let mut wrong = false;
        for (of, key) in std::iter::once((entry, "ip")).chain(
            inner
                .iter()
                .flat_map(|inner| [(*inner, "ip"), (*inner, "ip6-address"), (*inner, "vrip")]),
        ) {
            let words = of.all(key);
            if words.is_empty() {
                continue;
            }
            match object::subnet(words).or_else(|| words.first().and_then(|word| prefix(word))) {
                Some((address, _)) if address.is_unspecified() => {}
                Some(found) => addresses.push(found),
                None => wrong = true,
            }
        }
        let mode = entry.one("mode").unwrap_or("static");
        let elsewhere = ["dhcp", "pppoe"].contains(&mode)
            || inner
                .iter()
                .any(|inner| inner.one("ip6-mode").is_some_and(|mode| mode != "static"));
        let table = if several {
            entry.one("vdom").unwrap_or("root")
        } else {
            ""
        };
        let unaddressed = addresses.is_empty();
        if let Some(interface) = draft.of(id) {
            interface.addresses.extend(addresses);
            interface.addressed_elsewhere |= elsewhere;
            interface.table = table.to_owned();
        }
        if wrong || entry.one("vrf").is_some_and(|vrf| vrf != "0") || !["static", "dhcp", "pppoe"].contains(&mode) {
            draft.device.unread.push(Unread {
                line: entry.line,
                text: entry.name.clone(),
                why: Text::fixed("インタフェースの設定を読めない", "the interface cannot be read"),
                affects: Affects::Everything,
            });
        }
        if several && is_link(&entry.name) && !(table == "root" && unaddressed) {
            draft.device.unread.push(Unread {
                line: entry.line,
                text: entry.name.clone(),
                why: Text::fixed(
                    "VDOM の間の接続は読めない",
                    "links between virtual domains are not read",
                ),
                affects: Affects::Everything,
            });
        }
        if elsewhere && !entry.is("defaultgw", "disable") {
            Family::ALL
                .iter()
                .for_each(|family| draft.given_routes(id, *family, entry.line));
        }
    }
}

/// `npu0_vlink1`: an end of a wire inside the hardware, which every device with such hardware has. One that stays in the first domain and
/// has no address joins nothing.
fn is_link(name: &str) -> bool {
    name.strip_prefix("npu")
        .and_then(|rest| rest.split_once("_vlink"))
        .is_some_and(|(unit, end)| [unit, end].iter().all(|part| part.chars().all(|c| c.is_ascii_digit())))
}

/// Puts one virtual domain into the device: its parts before the way out is chosen, filters after it, translations last.
fn lower(name: &str, several: bool, domain: &Domain, draft: &mut Draft, stages: &mut [Vec<Stage>; 4]) {
    let names = Names { domain };
    let within = within(name, several, draft);
    let settings = domain.entries("system settings");
    settings.iter().for_each(|settings| modes(settings, draft));
    let table = if several { name } else { "" };
    let mut routes = Routes {
        names: &names,
        table,
        within: &within,
        draft,
    };
    routes.read();
    let title = if name.is_empty() {
        "firewall policy".to_owned()
    } else {
        format!("firewall policy {name}")
    };
    let line = domain
        .entries("firewall policy")
        .first()
        .map_or(Line { file: 0, number: 1 }, |entry| entry.line);
    let rules = between_themselves(&names, draft, line);
    let chain = draft.chain(Chain {
        name: title,
        rules,
        otherwise: Action::Deny,
        line,
    });
    let mut policies = policy::policies("firewall policy", &names, chain, &within, draft);
    policies.extend(policy::policies("firewall policy6", &names, chain, &within, draft));
    if let Some(chain) = draft.device.chains.last_mut() {
        chain
            .rules
            .extend(policies.iter().flat_map(|policy| policy.rules.iter().cloned()));
    }
    let mut nat = Nat {
        names: &names,
        within: &within,
        draft,
    };
    let inward = nat.inward();
    let central = settings.iter().any(|settings| settings.is("central-nat", "enable"));
    let outward = if central {
        nat.central()
    } else {
        nat.by_policies(&policies)
    };
    let [before, _, filters, after] = stages;
    if !inward.is_empty() {
        before.push(Stage::Translate(inward));
    }
    filters.push(Stage::Filter(Filter {
        scope: Scope {
            ingress: within,
            egress: Interfaces::Any,
        },
        chain,
        tracking: Tracking::Everything,
        line,
    }));
    if !outward.is_empty() {
        after.push(Stage::Translate(outward));
    }
}

/// The interfaces of a virtual domain.
fn within(name: &str, several: bool, draft: &Draft) -> Interfaces {
    if !several {
        return Interfaces::Any;
    }
    let all = (0..).map(InterfaceId).zip(&draft.device.interfaces);
    Interfaces::These(
        all.filter(|(_, interface)| interface.table == name)
            .map(|(id, _)| id)
            .collect(),
    )
}

/// Known flows, and what passes between the interfaces of a zone without a policy.
fn between_themselves(names: &Names<'_>, draft: &mut Draft, line: Line) -> Vec<Rule> {
    let mut rules = vec![Rule::known_flow(Match::everything(), line)];
    for zone in names
        .domain
        .entries("system zone")
        .iter()
        .filter(|zone| zone.is("intrazone", "allow"))
    {
        let on = names.interfaces(std::slice::from_ref(&zone.name), draft, zone.line);
        let condition = Match {
            ingress: on.clone(),
            egress: on,
            ..Match::everything()
        };
        let name = format!("zone {}", zone.name);
        rules.push(Rule {
            last_line: zone.last_line,
            ..Rule::on_line(&name, condition, Action::Permit, zone.line)
        });
    }
    rules
}

/// Modes in which a device does something else than is modelled here.
fn modes(settings: &Entry, draft: &mut Draft) {
    for (key, plain) in [
        ("opmode", "nat"),
        ("ngfw-mode", "profile-based"),
        ("asymroute", "disable"),
        ("asymroute6", "disable"),
        ("vdom-type", "traffic"),
        ("central-nat", "disable"),
    ] {
        let Some(value) = settings.one(key).filter(|value| *value != plain) else {
            continue;
        };
        if key == "central-nat" && value == "enable" {
            continue;
        }
        draft.device.unread.push(Unread {
            line: settings.at(key),
            text: format!("set {key} {value}"),
            why: Text::fixed("この動作の仕方は読めない", "this mode is not read"),
            affects: Affects::Everything,
        });
    }
}

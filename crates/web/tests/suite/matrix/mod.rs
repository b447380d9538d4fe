//! Every role does every act, in its own place and elsewhere, as a browser does it: what happens is what the rules say.
//!
//! `access::authority::matrix` says what a role may do to a thing at each reach, without a city. The town of `tests/city` has one person for
//! each role, all of section `S1` (organ `O1`, system `SYS-1` of another section), and for each thing a row at each reach. Here the two meet.
//!
//! A page that changes something is named in `ROUTES` of one of these modules, or in [`doors`] where no rule decides; a route that neither
//! names fails [`every_route_that_changes_something_is_walked`].

mod administration;
mod api;
mod documents;
mod doors;
mod entries;
mod network;
mod requests;

use std::collections::{BTreeMap, BTreeSet};

use access::authority::matrix::{Reach, VISITOR, matrix, roles};
use access::authority::{Act, Authority};
use access::rule::{ADMINISTRATOR, PERSONNEL};
use axum::http::StatusCode;
use model::scheme::SchemeKind;

use crate::house::{House, Reply, Somebody};

/// Whoever is made administrator.
const KEEPER: &str = "kanri";

/// The acts that no request does by itself, and why.
const NOT_BY_REQUEST: &[(Act, &str)] = &[
    (Act::Publish, "an approval publishes"),
    (Act::AdoptPolicy, "an approval adopts"),
    (
        Act::AssignRoles,
        "an entry of the register of roles, or an approval, assigns",
    ),
    (Act::Attest, "an entry of the register of attestations attests"),
    (Act::Audit, "an entry of the register of audits audits"),
    (Act::Operate, "the program's own jobs and its command line operate"),
    (Act::Erase, "the command line erases"),
];

/// The acts that the modules ask about, each with what it asks about.
const WALKED: &[&[Act]] = &[entries::ACTS, requests::ACTS, documents::ACTS, administration::ACTS];

/// The routes that the modules walk.
const ROUTES: &[&[&str]] = &[
    entries::ROUTES,
    requests::ROUTES,
    documents::ROUTES,
    administration::ROUTES,
    api::ROUTES,
    doors::ROUTES,
];

/// What became of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Done,
    Refused,
}

/// The town, what the rules say, and where the two differ.
struct Walk {
    house: House,
    said: BTreeMap<(&'static str, Act, &'static str), Vec<Reach>>,
    differences: Vec<String>,
    asked: usize,
}

impl Walk {
    fn begin() -> Self {
        let house = House::town();
        house.administrator(KEEPER);
        let cells = matrix(&Authority::shipped().unwrap()).unwrap();
        Self {
            house,
            said: cells
                .into_iter()
                .map(|cell| ((cell.role, cell.act, cell.thing), cell.allowed))
                .collect(),
            differences: Vec::new(),
            asked: 0,
        }
    }

    /// Holds what came of an act against the rules. At several reaches at once (one's own row is in one's own section) one is enough.
    fn hold(
        &mut self,
        role: &'static str,
        (act, thing): (Act, &'static str),
        reaches: &[Reach],
        came: Result<Came, String>,
    ) {
        let said = &self.said[&(role, act, thing)];
        let expected = if reaches.iter().any(|reach| said.contains(reach)) {
            Came::Done
        } else {
            Came::Refused
        };
        self.asked += 1;
        if came != Ok(expected) {
            let what = format!(
                "{role}: {} {thing} at {reaches:?}: expected {expected:?}, came {came:?}",
                act.name()
            );
            self.differences.push(what);
        }
    }

    /// Nothing differed, and every route of the module was asked.
    fn end(self, routes: &[&str]) {
        assert!(self.asked > 0);
        let all = &self.differences;
        assert!(
            all.is_empty(),
            "{} of {} differ:\n{}",
            all.len(),
            self.asked,
            all.join("\n")
        );
        let asked = self.house.asked.lock().unwrap();
        for route in routes {
            let (method, path) = route.split_once(' ').unwrap();
            let met = asked.iter().any(|(by, to)| by.as_str() == method && matches(path, to));
            assert!(met, "nobody asked {route}");
        }
    }
}

/// Whoever holds a role of the matrix.
fn holder(role: &str) -> String {
    let nationals = SchemeKind::Role.nationals();
    match role {
        PERSONNEL => "P15".to_owned(),
        ADMINISTRATOR => KEEPER.to_owned(),
        VISITOR => String::new(),
        _ => format!("P{:02}", order(nationals.iter().map(|national| national.code), role)),
    }
}

/// The staff numbers of the town follow the order of its appointments, which is this.
const ORDER: [&str; 14] = [
    "ciso",
    "deputy_ciso",
    "general_manager",
    "department_manager",
    "section_manager",
    "system_manager",
    "system_operator",
    "audit_manager",
    "auditor",
    "csirt_manager",
    "csirt_member",
    "cloud_manager",
    "sns_manager",
    "contact_point",
];

fn order<'r>(mut nationals: impl Iterator<Item = &'r str>, role: &str) -> usize {
    assert!(nationals.any(|known| known == role), "{role} is no role");
    let place = ORDER.iter().position(|known| *known == role);
    place.unwrap_or_else(|| panic!("nobody in the town is {role}")) + 1
}

/// Somebody of each role, a visitor first.
fn everybody(house: &House) -> Vec<(&'static str, Somebody<'_>)> {
    let of = |role| match role {
        VISITOR => house.nobody(),
        _ => house.person(&holder(role)),
    };
    roles().into_iter().map(|role| (role, of(role))).collect()
}

/// What an answer to a form, or a page, says. A page that leads to the sign-in is a refusal only for whoever has not signed in.
fn came(who: &Somebody<'_>, reply: &Reply) -> Result<Came, String> {
    let to_sign_in = reply.location.starts_with("/sign-in");
    match reply.status {
        StatusCode::SEE_OTHER if to_sign_in && who.person.is_empty() => Ok(Came::Refused),
        StatusCode::SEE_OTHER if to_sign_in || reply.location == "/account" => Err(reply.location.clone()),
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Ok(Came::Refused),
        status if status.is_success() || status == StatusCode::SEE_OTHER => Ok(Came::Done),
        status => Err(format!("{status}: {}", told(reply))),
    }
}

/// The first words of what a page says of a fault.
fn told(reply: &Reply) -> String {
    let text = String::from_utf8_lossy(&reply.bytes);
    let main = text.split("<main").nth(1).unwrap_or(&text);
    let mut words = String::new();
    let mut in_tag = true;
    for letter in main.chars() {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => words.push(letter),
            _ => {}
        }
    }
    words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(200)
        .collect()
}

/// Whether a path is one of a route.
fn matches(route: &str, path: &str) -> bool {
    let (mut route, mut path) = (route.split('/'), path.split('/'));
    loop {
        match (route.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(_)) if part.starts_with('{') => {}
            (Some(part), Some(given)) if part == given => {}
            _ => return false,
        }
    }
}

/// The routes that take anything but a look, as the router itself says.
fn changing(router: &str) -> BTreeSet<String> {
    // What is answered where there is no route comes last, and counts its own from 0.
    let (router, _) = router.split_once("fallback_router").unwrap();
    // Each route is `RouteId(7): MethodRouter(MethodRouter { get: …, post: BoxedHandler, … })`, each path `RouteId(7): "/people"`.
    let mut methods: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut paths: BTreeMap<&str, &str> = BTreeMap::new();
    for part in router.split("RouteId(").skip(1) {
        let (id, rest) = part.split_once("): ").unwrap_or((part, ""));
        if let Some(path) = rest.strip_prefix('"') {
            paths.insert(id, path.split('"').next().unwrap());
        } else if rest.starts_with("MethodRouter") {
            let names = ["post", "put", "patch", "delete"].into_iter();
            let there = names.filter(|name| {
                let state = rest.split(&format!(" {name}: ")).nth(1);
                let state = state.unwrap_or_else(|| panic!("the router no longer says `{name}`: {rest}"));
                !state.starts_with("None")
            });
            methods.insert(id, there.collect());
        }
    }
    assert!(paths.len() > 50, "the router no longer says its routes: {router}");
    let routes = paths.iter().flat_map(|(id, path)| {
        let methods = methods.get(id).map(Vec::as_slice).unwrap_or_default();
        methods
            .iter()
            .map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    routes.collect()
}

#[test]
fn every_route_that_changes_something_is_walked() {
    let there = changing(&House::town().router());
    let walked: BTreeSet<String> = ROUTES
        .iter()
        .flat_map(|routes| routes.iter().map(|route| (*route).to_owned()))
        .collect();
    let missing: Vec<_> = there.difference(&walked).collect();
    assert!(missing.is_empty(), "no act of the matrix reaches {missing:#?}");
    let gone: Vec<_> = walked
        .iter()
        .filter(|route| !route.starts_with("GET "))
        .filter(|route| !there.contains(*route))
        .collect();
    assert!(gone.is_empty(), "there is no {gone:#?}");
}

#[test]
fn every_act_is_walked_or_said_not_to_be_one_of_requests() {
    for act in Act::ALL {
        let is_walked = WALKED.iter().any(|acts| acts.contains(act));
        let is_excused = NOT_BY_REQUEST.iter().any(|(known, _)| known == act);
        assert!(is_walked != is_excused, "{}", act.name());
    }
}

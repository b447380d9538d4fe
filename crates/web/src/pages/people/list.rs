//! `/people`: the sections as a tree, and the people of one or of all.

use std::collections::BTreeMap;

use approval::directory::Directory as _;
use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::Uri;
use axum::response::Response;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::directory::{Directory, Member};
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};
use store::fold;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Pages;
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::view::name;
use crate::visit::Visit;

/// People a page.
const SIZE: usize = 100;
/// How deep the tree goes; a circle of sections ends here.
const DEEPEST: usize = 8;

/// The page.
#[derive(Template)]
#[template(path = "page/people.html")]
struct List {
    frame: Frame,
    /// Whether the visitor brings in transfers.
    may_transfer: bool,
    asked: String,
    /// The chosen section; empty for all.
    section: String,
    heading: Text,
    tree: Vec<Branch>,
    people: Vec<Row>,
    pages: Pages,
}

/// A section in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Branch {
    depth: usize,
    key: String,
    name: String,
    href: String,
    count: usize,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    name: String,
    reading: String,
    key: String,
    section: String,
    roles: Vec<Text>,
    away_until: Option<Date>,
}

impl Page for List {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl List {
    fn is_chosen(&self, branch: &Branch) -> bool {
        self.section == branch.key
    }
}

impl Row {
    fn href(&self) -> String {
        href::person(&self.key)
    }
}

impl Branch {
    /// The class that moves it to the right.
    fn class(&self) -> &'static str {
        match self.depth {
            0 => "",
            1 => "is-below",
            _ => "is-far-below",
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    from: usize,
}

pub(super) async fn list(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let frame = visit.frame(title(), None);
    let page = blocking(&site, move |hall| read(hall, &visitor, frame, asked)).await?;
    Ok(page.show())
}

const fn title() -> Text {
    Text::fixed("職員と課", "People and sections")
}

fn read(hall: &Hall, visitor: &Visitor, frame: Frame, asked: Asked) -> Result<List, Refusal> {
    let (directory, today) = (hall.directory(), hall.today());
    let city = hall.city().ok_or(Refusal::NoCity)?;
    let words = fold(asked.q.trim());
    let here = directory
        .people
        .iter()
        .filter(|(key, _)| directory.member(key, today).is_some());
    let mut found: Vec<(&String, &Member)> = here
        .filter(|(_, member)| asked.section.is_empty() || member.section == asked.section)
        .filter(|(key, member)| {
            let text = fold(&format!("{} {} {key}", member.name, member.reading));
            words.is_empty() || text.contains(&words)
        })
        .collect();
    found.sort_by(|a, b| (&a.1.reading, a.0).cmp(&(&b.1.reading, b.0)));
    let mut roles: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for held in directory.in_force(today) {
        let of = roles.entry(held.person.as_str()).or_default();
        if !of.contains(&held.role) {
            of.push(held.role);
        }
    }
    let from = asked.from.min(found.len());
    let shown = found.iter().skip(from).take(SIZE);
    let row = |(key, member): &(&String, &Member)| Row {
        name: member.name.clone(),
        reading: member.reading.clone(),
        key: (*key).clone(),
        section: name::section(&directory, &member.section),
        roles: roles.get(key.as_str()).map_or_else(Vec::new, |held| {
            held.iter()
                .map(|role| name::role(&city.settings.schemes, role))
                .collect()
        }),
        away_until: directory.absence(key, today).map(|absence| absence.until),
    };
    let people: Vec<Row> = shown.map(row).collect();
    let address = |from: usize| {
        let (q, section) = (href::segment(&asked.q), href::segment(&asked.section));
        format!("/people?q={q}&section={section}&from={from}")
    };
    let heading = match directory.sections.get(&asked.section) {
        Some(unit) => Text::same(unit.name.clone()),
        None => Text::fixed("すべての職員", "Everybody"),
    };
    Ok(List {
        frame,
        may_transfer: hall.may_transfer(visitor).is_ok(),
        pages: Pages::new(from, people.len(), found.len(), SIZE, address),
        people,
        heading,
        tree: tree(&directory, today),
        section: asked.section,
        asked: asked.q,
    })
}

/// The sections, each below the one above it, with how many people work in it.
fn tree(directory: &Directory, today: Date) -> Vec<Branch> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (key, member) in &directory.people {
        if directory.member(key, today).is_some() {
            *counts.entry(member.section.as_str()).or_default() += 1;
        }
    }
    let mut below: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for (key, unit) in &directory.sections {
        let parent = unit
            .parent
            .as_deref()
            .filter(|parent| directory.sections.contains_key(*parent));
        below.entry(parent).or_default().push(key);
    }
    let mut branches = Vec::new();
    let tops = below.get(&None).cloned().unwrap_or_default();
    let mut stack: Vec<(usize, &str)> = tops.into_iter().rev().map(|key| (0, key)).collect();
    while let Some((depth, key)) = stack.pop() {
        branches.push(Branch {
            depth,
            key: key.to_owned(),
            name: name::section(directory, key),
            href: format!("/people?section={}", href::segment(key)),
            count: counts.get(key).copied().unwrap_or_default(),
        });
        if depth < DEEPEST {
            let children = below.get(&Some(key)).cloned().unwrap_or_default();
            stack.extend(children.into_iter().rev().map(|key| (depth.saturating_add(1), key)));
        }
    }
    branches
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/people"), lang);
    let branch = |depth: usize, key: &str, name: &str, count: usize| Branch {
        depth,
        key: key.to_owned(),
        name: name.to_owned(),
        href: format!("/people?section={key}"),
        count,
    };
    let row = |name: &str, reading: &str, key: &str, roles: Vec<Text>, away_until| Row {
        name: name.to_owned(),
        reading: reading.to_owned(),
        key: key.to_owned(),
        section: "市民課".to_owned(),
        roles,
        away_until,
    };
    let manager = Text::fixed("課情報セキュリティ管理者", "section information security manager");
    let full = List {
        frame: visit.frame(title(), None),
        may_transfer: true,
        asked: String::new(),
        section: "S12".to_owned(),
        heading: Text::same("市民課"),
        tree: vec![branch(0, "S10", "市民部", 2), branch(1, "S12", "市民課", 14)],
        people: vec![
            row(
                "見本 次郎",
                "みほん じろう",
                "P0121",
                vec![manager],
                Some(jiff::civil::date(2026, 11, 27)),
            ),
            row("見本 幸子", "みほん さちこ", "P0122", Vec::new(), None),
        ],
        pages: Pages::new(0, 2, 2, SIZE, |_| String::new()),
    };
    vec![Sample::of("people", &full)]
}

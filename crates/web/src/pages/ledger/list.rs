//! `/ledger`: the entries, newest first; how far the ledger has come; a check of the whole.

use std::collections::BTreeMap;
use std::sync::Mutex;

use access::authority::Resource;
use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use store::log::{Changed, parsed};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Pages;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::view::{act, name};
use crate::visit::Visit;

/// Clauses that are named in a row.
const NAMED: usize = 5;
/// Entries a page.
const SIZE: u64 = 50;

/// The page.
#[derive(Template)]
#[template(path = "page/ledger.html")]
struct List {
    frame: Frame,
    head: HeadView,
    rows: Vec<Row>,
    pages: Pages,
    checked: Option<Checked>,
}

/// How far the ledger has come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeadView {
    size: u64,
    at: Timestamp,
    root: String,
    /// How far it is signed.
    signed: Option<u64>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) index: u64,
    pub(super) at: Timestamp,
    pub(super) did: Text,
    /// Who did it, where the visitor may know.
    pub(super) actor: Option<String>,
    pub(super) clauses: Vec<String>,
    pub(super) record: Option<RecordLink>,
    pub(super) erased: bool,
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordLink {
    pub(super) words: Text,
    pub(super) href: Option<String>,
}

/// What a check of the whole found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Checked {
    words: Text,
    is_right: bool,
}

impl Page for List {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Row {
    fn href(&self) -> String {
        href::leaf(self.index)
    }

    /// The first clauses, each with its address.
    fn first(&self) -> Vec<(&str, String)> {
        self.clauses().into_iter().take(NAMED).collect()
    }

    /// ほか24
    fn rest(&self) -> Option<Text> {
        let rest = self.clauses.len().checked_sub(NAMED).filter(|rest| *rest > 0)?;
        Some(Text::new(format!("ほか{rest}"), format!("{rest} more")))
    }

    /// Each clause with its address.
    pub(super) fn clauses(&self) -> Vec<(&str, String)> {
        self.clauses.iter().map(|id| (id.as_str(), href::clause(id))).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    /// Entries below this index.
    before: Option<u64>,
}

pub(super) async fn list(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(part): Query<Part>,
) -> Result<Response, Failure> {
    let (head, rows, before) = blocking(&site, move |hall| read(hall, &visitor, part.before)).await?;
    Ok(page(&visit, head, rows, before, None).show())
}

/// One check at a time: it reads everything.
static BUSY: Mutex<()> = Mutex::new(());

pub(super) async fn verify(Of(site): Of<Site>, Who(visitor): Who, visit: Visit, _: Sent) -> Result<Response, Failure> {
    let (checked, (head, rows, before)) = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Verify, &Resource::Ledger)?;
        Ok((check(hall)?, read(hall, &visitor, None)?))
    })
    .await?;
    Ok(page(&visit, head, rows, before, Some(checked)).show())
}

fn check(hall: &Hall) -> Result<Checked, Refusal> {
    let Ok(_only) = BUSY.try_lock() else {
        return Err(Refusal::rule(
            "検証はいま行われている。しばらく待ってください",
            "a check is under way; wait a little",
        ));
    };
    if let Some(words) = hall.store().start_check(hall.notary().signed())? {
        return Ok(Checked { words, is_right: false });
    }
    Ok(match hall.store().verify()? {
        Ok(verified) => Checked {
            words: Text::new(
                format!(
                    "すべて一致しました。証跡{}件、記録{}件({}版)、消去{}件。",
                    verified.leaves, verified.records, verified.versions, verified.erased
                ),
                format!(
                    "Everything agrees: {} ledger entries, {} records in {} versions, {} erased.",
                    verified.leaves, verified.records, verified.versions, verified.erased
                ),
            ),
            is_right: true,
        },
        Err(difference) => Checked {
            words: match difference.leaf {
                Some(leaf) => Text::new(
                    format!("第{leaf}号: {}", difference.what.ja),
                    format!("entry {leaf}: {}", difference.what.en),
                ),
                None => difference.what,
            },
            is_right: false,
        },
    })
}

/// The entries below `before`, newest first.
fn read(hall: &Hall, visitor: &Visitor, before: Option<u64>) -> Result<(HeadView, Vec<Row>, u64), Refusal> {
    hall.permit(visitor, Verb::Read, &Resource::Ledger)?;
    let head = hall.store().head()?;
    let size = head.edge.size();
    let before = before.unwrap_or(size).min(size);
    let from = before.saturating_sub(SIZE);
    let count = usize::try_from(before.saturating_sub(from)).unwrap_or_default();
    let changed = if count == 0 {
        Vec::new()
    } else {
        hall.store().changes_since(from, count)?
    };
    let changed: BTreeMap<u64, Changed> = changed.into_iter().map(|changed| (changed.leaf, changed)).collect();
    let mut rows = Vec::with_capacity(count);
    for leaf in hall.store().leaves(from, count)?.into_iter().rev() {
        rows.push(row(hall, visitor, &leaf, changed.get(&leaf.index))?);
    }
    let head = HeadView {
        size,
        at: head.at,
        root: head.edge.root().to_string(),
        signed: hall.notary().signed().map(|signed| signed.size),
    };
    Ok((head, rows, before))
}

/// One entry as the visitor may see it.
pub(super) fn row(
    hall: &Hall,
    visitor: &Visitor,
    leaf: &store::Leaf,
    changed: Option<&Changed>,
) -> Result<Row, Refusal> {
    let entry = parsed(&leaf.bytes)?;
    let actor = match &entry.actor {
        Some(pseudonym) => hall.store().person(pseudonym)?,
        None => None,
    };
    // Who did what when is told to those who answer for the whole city, and to everybody about themselves.
    let actor = actor.filter(|person| *person == visitor.person || hall.oversees(visitor));
    let directory = hall.directory();
    let record = match (changed, hall.city()) {
        (Some(changed), Some(city)) => Some(record(hall, visitor, &city, changed)),
        _ => None,
    };
    Ok(Row {
        index: leaf.index,
        at: entry.at,
        did: act::title(&entry.kind),
        actor: actor.map(|person| name::person(&directory, &person)),
        clauses: entry.clauses,
        record,
        erased: leaf.erased_by.is_some(),
    })
}

fn record(hall: &Hall, visitor: &Visitor, city: &service::city::City, changed: &Changed) -> RecordLink {
    let label = act::register(city, &changed.register);
    if !hall.may_read_record(visitor, &changed.register, &changed.key) {
        return RecordLink {
            words: label,
            href: None,
        };
    }
    let (key, version) = (&changed.key, changed.version);
    RecordLink {
        words: Text::new(
            format!("{}「{key}」第{version}版", label.ja),
            format!("{} {key}, version {version}", label.en),
        ),
        href: address(city, changed),
    }
}

/// The page of a record.
fn address(city: &service::city::City, changed: &Changed) -> Option<String> {
    use service::hall::collection;
    match changed.register.as_str() {
        collection::REQUEST => Some(href::request(&changed.key)),
        collection::STANDING => Some(href::clause(&changed.key)),
        collection::TEXT => Some(href::document(&changed.key)),
        collection::CITY => Some("/admin".to_owned()),
        slug => city.kind(slug).map(|kind| href::entry(&kind.slug, &changed.key)),
    }
}

fn page(visit: &Visit, head: HeadView, rows: Vec<Row>, before: u64, checked: Option<Checked>) -> List {
    let first = before.saturating_sub(SIZE);
    let address = |before: u64| format!("/ledger?before={before}");
    let (newest, oldest) = (before.saturating_sub(1), first);
    let words = if rows.is_empty() {
        Text::fixed("証跡はまだない", "the ledger is empty")
    } else {
        let size = head.size;
        Text::new(
            format!("第{newest}号から第{oldest}号まで(全{size}件)"),
            format!("entries {newest} to {oldest} of {size}"),
        )
    };
    List {
        frame: visit.frame(Section::Ledger.label(), Section::Ledger),
        pages: Pages {
            words,
            previous: (before < head.size).then(|| address(before.saturating_add(SIZE))),
            next: (first > 0).then(|| address(first)),
        },
        head,
        rows,
        checked,
    }
}

pub(super) fn sample_rows(at: Timestamp) -> Vec<Row> {
    let row = |index: u64, kind: &str, actor: Option<&str>, record: Option<RecordLink>| Row {
        index,
        at,
        did: act::title(kind),
        actor: actor.map(str::to_owned),
        clauses: vec!["6.3.1".to_owned()],
        record,
        erased: index == 48_211,
    };
    let terminal = RecordLink {
        words: Text::fixed("端末「T-0001」第3版", "terminals T-0001, version 3"),
        href: Some(href::entry("terminal", "T-0001")),
    };
    vec![
        row(48_213, "entry.update", Some("見本 花子"), Some(terminal)),
        row(48_212, "sign-in.signed-in", None, None),
        row(
            48_211,
            "entry.create",
            None,
            Some(RecordLink {
                words: Text::fixed("事故", "incidents"),
                href: None,
            }),
        ),
    ]
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/ledger"), lang);
    let at = site.clock().now();
    let head = || HeadView {
        size: 48_214,
        at,
        root: "qPnZ0Jv3h5rJb9lR6bq1f7mXh3m2gk1cVbq0n1oXQ5E=".to_owned(),
        signed: Some(48_200),
    };
    let checked = |is_right| Checked {
        words: if is_right {
            Text::fixed("すべて一致しました。", "Everything agrees.")
        } else {
            Text::fixed(
                "第17号: 内容が証跡と一致しない",
                "entry 17: its contents are not what the ledger says",
            )
        },
        is_right,
    };
    vec![
        Sample::of("ledger", &page(&visit, head(), sample_rows(at), 48_214, None)),
        Sample::of(
            "ledger-verified",
            &page(&visit, head(), sample_rows(at), 48_214, Some(checked(true))),
        ),
        Sample::of(
            "ledger-differs",
            &page(&visit, head(), sample_rows(at), 48_214, Some(checked(false))),
        ),
    ]
}

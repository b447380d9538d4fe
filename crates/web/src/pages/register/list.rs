//! `/registers/{slug}`: the rows of a register, found, narrowed, sorted, part by part.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use register::list::{self, Asked};
use register::{Kind, Words};
use serde_json::Value;
use service::hall::rights::Verb;
use service::hall::rows::Found;
use store::{Entry, Properties, Total};

use super::address::Address;
use super::kept::Kept;
use super::narrow::{self, Chip, Narrow, NarrowBy};
use super::value::ValueView;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::part::{Fault, Pages};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/register-list.html")]
struct ListPage {
    frame: Frame,
    slug: String,
    search: String,
    sort: String,
    is_retired: bool,
    narrows: Vec<Narrow>,
    chips: Vec<Chip>,
    columns: Vec<ColumnView>,
    headings: Vec<Heading>,
    rows: Vec<RowView>,
    pages: Pages,
    /// Rows of this part that the visitor may not see.
    hidden: usize,
    faults: Vec<Fault>,
    may: May,
    exports: Vec<(&'static str, String)>,
    /// The whole register, retired rows aside, is empty.
    is_empty: bool,
    /// Whether the city says that it keeps it all the same.
    kept: Kept,
}

impl Page for ListPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What the visitor may do here.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    create: bool,
    import: bool,
    export: bool,
    update: bool,
}

/// A column to choose.
struct ColumnView {
    path: String,
    label: Text,
    chosen: bool,
}

/// The heading of a column that is shown.
struct Heading {
    label: Text,
    /// Sorts by it; none for lists of references.
    href: Option<String>,
    /// `ascending` or `descending`, where the list is sorted by it.
    order: Option<&'static str>,
}

/// One row.
struct RowView {
    key: String,
    /// What it is chosen by: T-0001を選ぶ.
    choose: Text,
    href: String,
    /// What the first column shows.
    first: String,
    cells: Vec<ValueView>,
}

impl ListPage {
    fn new(
        visit: &Visit,
        (kind, words): (&Kind, &Words),
        address: &Address,
        asked: &Asked,
        found: Found,
        may: May,
    ) -> Self {
        let lang = visit.lang;
        let columns = columns(kind, address);
        let fields: Vec<&list::Column<'_>> = columns
            .iter()
            .filter_map(|(column, shown)| shown.then_some(column))
            .collect();
        let narrows = narrow::narrows(kind, words, address);
        let sorted = asked.sort.as_ref().map(|sort| (sort.field.as_str(), sort.descending));
        let sorted = sorted.unwrap_or((kind.title.as_str(), false));
        let rows = found.rows.iter().map(|entry| row(kind, words, entry, &fields, lang));
        Self {
            frame: visit
                .frame(kind.label.clone(), Section::Registers)
                .crumb(Section::Registers.label(), Section::Registers.href()),
            slug: kind.slug.clone(),
            search: address.value("search").to_owned(),
            sort: address.value("sort").to_owned(),
            is_retired: narrow::is_retired(address),
            chips: narrow::chips(&narrows, address, lang),
            headings: fields.iter().map(|column| heading(column, sorted, address)).collect(),
            rows: rows.collect(),
            pages: pages(&found, address, asked.limit),
            hidden: found.hidden,
            faults: Vec::new(),
            exports: vec![("xlsx", address.export("xlsx")), ("CSV", address.export("csv"))],
            is_empty: found.total == Some(Total::Exactly(0)) && address.pairs().is_empty(),
            columns: columns
                .iter()
                .map(|(column, shown)| ColumnView {
                    path: column.field.path(),
                    label: column.field.label.clone(),
                    chosen: *shown,
                })
                .collect(),
            narrows,
            may,
            kept: Kept::default(),
        }
    }

    fn is_narrowed(&self) -> bool {
        self.narrows.iter().any(|narrow| match &narrow.by {
            NarrowBy::Options(options) => options.iter().any(|offer| offer.chosen),
            NarrowBy::Row { typed, .. } | NarrowBy::Day(typed) | NarrowBy::Number(typed) => !typed.is_empty(),
        })
    }

    fn hidden_words(&self) -> Text {
        let hidden = self.hidden;
        Text::new(
            format!("見る権限のない{hidden}件を除いています。"),
            format!("{hidden} rows that you may not see are left out."),
        )
    }
}

/// Every column, and whether it is shown: those that the address names, else the usual ones.
fn columns<'k>(kind: &'k Kind, address: &Address) -> Vec<(list::Column<'k>, bool)> {
    let chosen: Vec<&str> = address.values("_column").collect();
    let columns = list::columns(kind).into_iter();
    let shown = |column: &list::Column<'_>| match chosen.as_slice() {
        [] => column.usual,
        chosen => chosen.contains(&column.field.path().as_str()),
    };
    columns
        .map(|column| {
            let shown = shown(&column);
            (column, shown)
        })
        .collect()
}

/// As much of each document as the shown columns need.
fn wanted(kind: &Kind, address: &Address) -> Properties {
    let columns = columns(kind, address);
    let shown = columns.iter().filter(|(_, shown)| *shown);
    shown.map(|(column, _)| column.field.property()).collect()
}

fn heading(column: &list::Column<'_>, (sorted, descending): (&str, bool), address: &Address) -> Heading {
    let path = column.field.path();
    let here = sorted == path;
    let next = if here && !descending { format!("-{path}") } else { path };
    Heading {
        label: column.field.label.clone(),
        href: column.sortable.then(|| address.with("sort", &next)),
        order: here.then_some(if descending { "descending" } else { "ascending" }),
    }
}

fn row(kind: &Kind, words: &Words, entry: &Entry, fields: &[&list::Column<'_>], lang: Lang) -> RowView {
    let cells = fields.iter().skip(1);
    let cells = cells.map(|column| ValueView::of(column.field, &entry.document, words, lang));
    let first = fields.first().and_then(|column| {
        let value = column.field.of(&entry.document).unwrap_or(&Value::Null);
        let shown = column.field.display(value, words, lang);
        Some(shown.text(lang).into_owned()).filter(|text| !text.is_empty())
    });
    RowView {
        choose: Text::new(format!("{}を選ぶ", entry.key), format!("choose {}", entry.key)),
        href: href::entry(&kind.slug, &entry.key),
        first: first.unwrap_or_else(|| entry.key.clone()),
        cells: cells.collect(),
        key: entry.key.clone(),
    }
}

fn pages(found: &Found, address: &Address, size: usize) -> Pages {
    let at = narrow::position(address);
    let seen = found.rows.len().saturating_add(found.hidden);
    let end = at.saturating_add(seen);
    // Where most rows are hidden, a part has no known length: its way back leads to the beginning.
    let (shown, before) = match found.total {
        Some(_) => (seen, at.saturating_sub(size)),
        None => (found.rows.len(), 0),
    };
    Pages::along(
        (at, shown),
        found.total,
        (at > 0).then(|| address.from(before)),
        found.next.as_ref().map(|next| address.behind(next, end)),
    )
}

async fn show(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let address = Address::new(&slug, pairs);
            let words = hall.with_words(Words::clone)?;
            let may = |verb| hall.may_somewhere(&visitor, verb, kind);
            let may = May {
                create: may(Verb::Create),
                import: may(Verb::Import),
                export: may(Verb::Export),
                update: may(Verb::Update),
            };
            let asked = list::ask(kind, address.pairs(), &words);
            match asked.and_then(|asked| Ok((narrow::query(kind, &asked, &address)?, asked))) {
                Ok((mut query, asked)) => {
                    query.only = Some(wanted(kind, &address));
                    let found = hall.rows(&visitor, kind, query)?;
                    let mut page = ListPage::new(&visit, (kind, &words), &address, &asked, found, may);
                    if page.is_empty {
                        page.kept = Kept::of(hall, &visitor, &kind.slug)?;
                    }
                    Ok((StatusCode::OK, page))
                }
                Err(faults) => {
                    let asked = Asked::default();
                    let page = ListPage::new(&visit, (kind, &words), &address, &asked, nothing(), may);
                    let faults = faults.into_iter().map(|fault| told(fault, &page)).collect();
                    Ok((StatusCode::UNPROCESSABLE_ENTITY, ListPage { faults, ..page }))
                }
            }
        })
    });
    let (status, page) = page.await?;
    Ok(page.show_as(status))
}

fn nothing() -> Found {
    Found {
        rows: Vec::new(),
        hidden: 0,
        next: None,
        total: Some(Total::Exactly(0)),
    }
}

/// A fault of the address, at its control where it has one.
fn told(fault: register::Fault, page: &ListPage) -> Fault {
    let name = fault.field.unwrap_or_default();
    let narrow = page.narrows.iter().find(|narrow| narrow.name == name);
    let words = match narrow {
        Some(Narrow { label, .. }) => Text::new(
            format!("{}: {}", label.ja, fault.message.ja),
            format!("{}: {}", label.en, fault.message.en),
        ),
        None => fault.message,
    };
    Fault {
        field: narrow.map(|narrow| narrow.name.clone()).unwrap_or_default(),
        words,
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/registers/{slug}", get(show))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Some((city, words)) = super::record::sample_words(site) else {
        return Vec::new();
    };
    let Some(kind) = city.kind("terminal") else {
        return Vec::new();
    };
    let may = May {
        create: true,
        import: true,
        export: true,
        update: true,
    };
    let page = |name: &str, pairs: &[(&str, &str)], entries: Vec<Entry>, total, may| {
        let visit = sample::visit(site, Uri::from_static("/registers/terminal"), lang);
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let address = Address::new("terminal", pairs.collect());
        let asked = list::ask(kind, address.pairs(), &words).unwrap_or_default();
        let next = entries
            .last()
            .filter(|_| total != Total::Exactly(0))
            .map(|_| store::Cursor {
                value: b"T-0001".to_vec(),
                entry: 12,
            });
        let found = Found {
            rows: entries,
            hidden: 0,
            next,
            total: Some(total),
        };
        let mut page = ListPage::new(&visit, (kind, &words), &address, &asked, found, may);
        page.kept.may_say = may.import;
        Sample::of(name, &page)
    };
    let entry = super::record::sample_entry(kind);
    let narrowed = [
        ("search", "窓口"),
        ("filter[kind]", "notebook"),
        ("sort", "-confirmed_on"),
        ("_at", "50"),
    ];
    vec![
        page("register-list", &[], vec![entry.clone()], Total::Exactly(412), may),
        page(
            "register-list-narrowed",
            &narrowed,
            vec![entry],
            Total::AtLeast(20_000),
            May::default(),
        ),
        page("register-list-empty", &[], Vec::new(), Total::Exactly(0), may),
    ]
}

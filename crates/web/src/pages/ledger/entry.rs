//! `/ledger/{index}`: one entry, what stands behind it, and its proof.

use access::authority::Resource;
use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use serde_json::Value;
use service::city::City;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};

use super::list::{self, Row};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/ledger-entry.html")]
struct EntryPage {
    frame: Frame,
    shown: Shown,
}

/// What is shown of an entry.
struct Shown {
    row: Row,
    /// The entry as it stands in the ledger.
    json: String,
    body: BodyView,
    /// Whether a signed checkpoint covers it.
    has_proof: bool,
    /// Whether the visitor may take its contents out.
    may_disclose: bool,
    next: bool,
}

/// What stands behind an entry.
enum BodyView {
    Fields(Vec<(Text, String)>),
    /// The visitor may not read it.
    Closed,
    Erased,
}

impl Page for EntryPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl EntryPage {
    fn new(visit: &Visit, shown: Shown) -> Self {
        let index = shown.row.index;
        let title = Text::new(format!("証跡 第{index}号"), format!("Ledger entry {index}"));
        let frame = visit.frame(title, Section::Ledger);
        Self {
            frame: frame.crumb(Section::Ledger.label(), "/ledger"),
            shown,
        }
    }

    fn below(&self, name: &str) -> String {
        format!("{}/{name}", href::leaf(self.shown.row.index))
    }

    fn before(&self) -> Option<String> {
        self.shown.row.index.checked_sub(1).map(href::leaf)
    }

    fn after(&self) -> Option<String> {
        self.shown
            .next
            .then(|| href::leaf(self.shown.row.index.saturating_add(1)))
    }
}

pub(super) async fn show(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(index): Path<u64>,
) -> Result<Response, Failure> {
    let shown = blocking(&site, move |hall| shown(hall, &visitor, index)).await?;
    Ok(EntryPage::new(&visit, shown).show())
}

fn shown(hall: &Hall, visitor: &Visitor, index: u64) -> Result<Shown, Refusal> {
    hall.permit(visitor, Verb::Read, &Resource::Ledger)?;
    let leaf = hall.store().leaf(index)?.ok_or(Refusal::NotFound)?;
    let changed = hall.store().record_of(index)?;
    let row = list::row(hall, visitor, &leaf, changed.as_ref())?;
    let value: Value = serde_json::from_slice(&leaf.bytes).unwrap_or_default();
    let may_read = match &changed {
        Some(changed) => hall.may_read_record(visitor, &changed.register, &changed.key),
        // What changed no record is somebody's own doing: a sign-in.
        None => row.actor.is_some() || visitor.is_administrator(),
    };
    let city = hall.city();
    let register = changed.as_ref().map(|changed| changed.register.as_str());
    let body = match hall.store().body(index)? {
        None => BodyView::Erased,
        Some(_) if !may_read => BodyView::Closed,
        Some(body) => {
            let fields = body.fields.iter();
            let told = fields.map(|(name, value)| (label(city.as_deref(), register, name), written(value)));
            BodyView::Fields(told.collect())
        }
    };
    Ok(Shown {
        json: serde_json::to_string_pretty(&value).unwrap_or_default(),
        has_proof: hall.notary().signed().is_some_and(|signed| index < signed.size),
        may_disclose: may_read && hall.permit(visitor, Verb::Disclose, &Resource::Ledger).is_ok(),
        next: index.saturating_add(1) < hall.store().head()?.edge.size(),
        row,
        body,
    })
}

/// What a field of a body is called.
fn label(city: Option<&City>, register: Option<&str>, name: &str) -> Text {
    if let Some(path) = name.strip_prefix("document.") {
        let kind = city.zip(register).and_then(|(city, register)| city.kind(register));
        let field = kind.and_then(|kind| kind.field(path));
        return field.map_or_else(|| Text::same(path), |field| field.label.clone());
    }
    if let Some(note) = name.strip_prefix("note.") {
        return match note {
            "reason" => Text::fixed("理由", "reason"),
            "request" => Text::fixed("申請", "request"),
            other => Text::same(other),
        };
    }
    match name {
        "register" => Text::fixed("台帳", "register"),
        "key" => Text::fixed("番号", "key"),
        "version" => Text::fixed("版", "version"),
        "title" => Text::fixed("名称", "title"),
        "reading" => Text::fixed("よみ", "reading"),
        "retired" => Text::fixed("廃止", "retired"),
        "index" => Text::fixed("索引のハッシュ", "hash of the index"),
        "class" => Text::fixed("保存の区分", "retention class"),
        other => Text::same(other),
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "—".to_owned(),
        Value::Bool(true) => "○".to_owned(),
        Value::Bool(false) => "×".to_owned(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/ledger/48213"), lang);
    let rows = list::sample_rows(site.clock().now());
    let page = |row: &Row, body: BodyView| {
        EntryPage::new(
            &visit,
            Shown {
                row: row.clone(),
                json: "{\n  \"at\": \"2026-11-23T01:02:03Z\",\n  \"seq\": 48213,\n  \"type\": \"entry.update\"\n}"
                    .to_owned(),
                body,
                has_proof: true,
                may_disclose: true,
                next: true,
            },
        )
    };
    let fields = vec![
        (Text::fixed("番号", "key"), "T-0001".to_owned()),
        (Text::fixed("ディスク暗号化", "disk encryption"), "○".to_owned()),
    ];
    let mut samples = Vec::new();
    for (name, row, body) in [
        ("ledger-entry", rows.first(), BodyView::Fields(fields)),
        ("ledger-entry-closed", rows.get(1), BodyView::Closed),
        ("ledger-entry-erased", rows.get(2), BodyView::Erased),
    ] {
        samples.extend(row.map(|row| Sample::of(name, &page(row, body))));
    }
    samples
}

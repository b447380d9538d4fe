//! `/registers/{slug}/import`: a file is read, what it would change is shown, and only then taken in.

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use model::lang::{Lang, Text};
use register::{Kind, Plan, Words};
use service::hall::Refusal;
use service::hall::acts::import::{Preview, UPLOAD_BYTES};
use service::hall::rights::Verb;

use super::form::told;
use super::value::ValueView;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::upload::Upload;
use crate::visit::Visit;

/// Rows of a kind that are shown; the rest is counted.
const SHOWN: usize = 200;
/// Faults that are shown.
const FAULTS: usize = 500;
/// What a form holds beside its file, in bytes.
const BESIDE: usize = 64 << 10;

/// The page: a file is chosen, with what was wrong with the one before.
#[derive(Template)]
#[template(path = "page/register-import.html")]
struct ImportPage {
    frame: Frame,
    slug: String,
    /// The file that was refused.
    file: String,
    faults: Vec<Fault>,
    /// What is wrong with it, cell by cell.
    cells: Vec<CellFault>,
    total: usize,
}

impl Page for ImportPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What is wrong with one cell.
struct CellFault {
    cell: String,
    field: Text,
    words: Text,
    help: Option<Text>,
}

/// The page: what taking a file in would change.
#[derive(Template)]
#[template(path = "page/register-preview.html")]
struct PreviewPage {
    frame: Frame,
    slug: String,
    ticket: String,
    file: String,
    tallies: Vec<(Text, usize)>,
    created: Vec<(String, String)>,
    changed: Vec<ChangedRow>,
    absent: Vec<String>,
    /// Whether there is anything to take in.
    changes: usize,
}

impl Page for PreviewPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// A row that would change.
struct ChangedRow {
    key: String,
    href: String,
    fields: Vec<(Text, ValueView, ValueView)>,
}

impl ImportPage {
    fn new(visit: &Visit, kind: &Kind) -> Self {
        Self {
            frame: super::frame(visit, Text::fixed("ファイルから取り込む", "Bring in a file"), kind),
            slug: kind.slug.clone(),
            file: String::new(),
            faults: Vec::new(),
            cells: Vec::new(),
            total: 0,
        }
    }

    /// The faults of a file: those with a cell in a table, the others above it.
    fn refused(visit: &Visit, kind: &Kind, file: &str, faults: &[register::Fault]) -> Self {
        let (cells, whole): (Vec<_>, Vec<_>) = faults.iter().partition(|fault| fault.cell.is_some());
        let cell = |fault: &&register::Fault| CellFault {
            cell: match fault.line {
                Some(line) => format!("{} ({line})", fault.cell.as_deref().unwrap_or_default()),
                None => fault.cell.clone().unwrap_or_default(),
            },
            field: fault.label.clone().unwrap_or_default(),
            words: fault.message.clone(),
            help: fault.help.clone(),
        };
        Self {
            file: file.to_owned(),
            faults: whole
                .into_iter()
                .map(|fault| Fault {
                    field: String::new(),
                    ..told(fault, kind)
                })
                .collect(),
            total: cells.len(),
            cells: cells.iter().take(FAULTS).map(cell).collect(),
            ..Self::new(visit, kind)
        }
    }

    fn total_words(&self) -> Text {
        let (total, shown) = (self.total, self.cells.len());
        if total == shown {
            return Text::new(
                format!("直すところが{total}件あります。"),
                format!("{total} things are to be corrected."),
            );
        }
        Text::new(
            format!("直すところが{total}件あります。初めの{shown}件を示します。"),
            format!("{total} things are to be corrected; here are the first {shown}."),
        )
    }
}

impl PreviewPage {
    fn new(visit: &Visit, (kind, words): (&Kind, &Words), preview: Preview) -> Self {
        let plan = &preview.plan;
        let tally = |ja, en, count| (Text::fixed(ja, en), count);
        let changed = plan.changed.iter().take(SHOWN).map(|change| ChangedRow {
            key: change.key.clone(),
            href: href::entry(&kind.slug, &change.key),
            fields: fields(visit.lang, (kind, words), change),
        });
        Self {
            frame: super::frame(
                visit,
                Text::fixed("取り込む内容の確認", "What the file would change"),
                kind,
            ),
            slug: kind.slug.clone(),
            ticket: preview.ticket,
            file: preview.file,
            tallies: vec![
                tally("新しく登録する行", "rows to be added", plan.created.len()),
                tally("変更する行", "rows to be changed", plan.changed.len()),
                tally("変わらない行", "rows as they are", plan.unchanged.len()),
                tally(
                    "ファイルにない行(そのまま残る)",
                    "rows that the file does not have; they stay",
                    plan.absent.len(),
                ),
            ],
            changes: plan.created.len().saturating_add(plan.changed.len()),
            created: preview.created.into_iter().take(SHOWN).collect(),
            changed: changed.collect(),
            absent: plan.absent.iter().take(SHOWN).cloned().collect(),
        }
    }

    fn button(&self) -> Text {
        let changes = self.changes;
        Text::new(format!("{changes}件を取り込む"), format!("Take in {changes} rows"))
    }
}

fn fields(lang: Lang, (kind, words): (&Kind, &Words), change: &register::Change) -> Vec<(Text, ValueView, ValueView)> {
    let differences = change.differences.iter().filter_map(|difference| {
        let field = kind.field(&difference.field)?;
        let show = |value| ValueView::from_shown(&field.display(value, words, lang));
        Some((field.label.clone(), show(&difference.old), show(&difference.new)))
    });
    differences.collect()
}

async fn choose(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            if !hall.may_somewhere(&visitor, Verb::Import, kind) {
                hall.allow(&visitor, Verb::Import, &hall.register_resource(kind))?;
            }
            Ok(ImportPage::new(&visit, kind))
        })
    });
    Ok(page.await?.show())
}

async fn preview(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
    upload: Upload,
) -> Result<Response, Failure> {
    blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let name = upload.name;
            let refused = |faults: &[register::Fault]| {
                let page = ImportPage::refused(&visit, kind, &name, faults);
                Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
            };
            if upload.bytes.is_empty() {
                let words = Text::fixed("ファイルを選んでください", "choose a file");
                return refused(&[register::Fault::new("no-file", &kind.slug, words)]);
            }
            match hall.preview_import(&visitor, &kind.slug, &name, upload.bytes) {
                Ok(preview) => hall.with_words(|words| PreviewPage::new(&visit, (kind, words), preview).show()),
                Err(Refusal::Faults(faults)) => refused(&faults),
                Err(refusal) => Err(refusal),
            }
        })
    })
    .await
}

async fn confirm(
    State(site): State<Site>,
    Who(visitor): Who,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let there = href::register(&slug);
    blocking(&site, move |hall| {
        hall.import(&visitor, &slug, sent.value("ticket"), Some(sent.value("reason")))
    })
    .await?;
    Ok(notice::see(&there, Notice::Imported))
}

pub(super) fn routes() -> Router<Site> {
    let limit = DefaultBodyLimit::max(UPLOAD_BYTES.saturating_add(BESIDE));
    Router::new()
        .route("/registers/{slug}/import", get(choose).post(preview).layer(limit))
        .route("/registers/{slug}/import/confirm", post(confirm))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Some((city, words)) = super::record::sample_words(site) else {
        return Vec::new();
    };
    let Some(kind) = city.kind("terminal") else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static("/registers/terminal/import"), lang);
    let whole = register::Fault::new(
        "no-sheet",
        "terminal",
        Text::fixed("シートが分からない", "it is not clear which sheet"),
    );
    let mut fault = register::Fault::new(
        "not-a-number",
        "terminal",
        Text::fixed("整数で入力してください", "must be a whole number"),
    );
    fault = fault.at_path(kind, "factors");
    fault.cell = Some("K17".to_owned());
    let plan = Plan {
        created: vec!["T-0900".to_owned()],
        changed: vec![register::Change {
            key: "T-0001".to_owned(),
            title: "T-0001".to_owned(),
            row: 2,
            differences: vec![register::Difference {
                field: "encrypted".to_owned(),
                old: false.into(),
                new: true.into(),
            }],
        }],
        unchanged: vec!["T-0002".to_owned()],
        absent: vec!["T-0003".to_owned()],
    };
    let preview = Preview {
        ticket: "sample".to_owned(),
        file: "端末.xlsx".to_owned(),
        created: vec![("T-0900".to_owned(), "T-0900".to_owned())],
        plan,
    };
    vec![
        Sample::of("register-import", &ImportPage::new(&visit, kind)),
        Sample::of(
            "register-import-faults",
            &ImportPage::refused(&visit, kind, "端末.xlsx", &[whole, fault]),
        ),
        Sample::of(
            "register-import-preview",
            &PreviewPage::new(&visit, (kind, &words), preview),
        ),
    ]
}

//! `/people/transfers`: transfers of personnel (人事異動) in bulk: a sheet is read, what it would change is shown, and only then done,
//! or kept for its day.

use askama::Template;
use axum::extract::State as Of;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use model::lang::{Lang, Text};
use service::hall::acts::transfer::{Drafted, KeptAnnouncement, Standing};
use service::hall::{Hall, Refusal};

use super::step::StepView;
use super::transfer;
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
use crate::view::name;
use crate::visit::Visit;

/// Where it begins.
pub(super) const TRANSFERS: &str = "/people/transfers";
/// Rows that are shown at once.
const SHOWN: usize = 1_000;

/// The page: a sheet is chosen, with what stood against the one before; the announcements so far.
#[derive(Template)]
#[template(path = "page/transfers.html")]
struct Transfers {
    frame: Frame,
    faults: Vec<Fault>,
    /// What stands against single rows.
    cells: Vec<CellFault>,
    /// The sheet that was refused.
    file: String,
    on: String,
    rows: Vec<Line>,
}

/// What stands against one cell.
struct CellFault {
    cell: String,
    field: Text,
    words: Text,
}

/// One announcement.
struct Line {
    href: String,
    file: String,
    on: Date,
    by: String,
    standing: Text,
}

/// The page: what a sheet would change.
#[derive(Template)]
#[template(path = "page/transfer-preview.html")]
struct Preview {
    frame: Frame,
    ticket: String,
    file: String,
    on: Date,
    now: Vec<StepView>,
    later: Vec<StepView>,
    remarks: Vec<(u32, Text)>,
}

impl Page for Transfers {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Page for Preview {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Transfers {
    fn new(visit: &Visit, rows: Vec<Line>) -> Self {
        Self {
            frame: frame(visit, title()),
            faults: Vec::new(),
            cells: Vec::new(),
            file: String::new(),
            on: String::new(),
            rows,
        }
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    /// The page with the faults of a sheet: those with a cell in a table, the others above.
    fn refused(mut self, file: &str, faults: &[register::Fault]) -> Self {
        file.clone_into(&mut self.file);
        for fault in faults.iter().take(SHOWN) {
            match &fault.cell {
                Some(cell) => self.cells.push(CellFault {
                    cell: cell.clone(),
                    field: fault.label.clone().unwrap_or_default(),
                    words: fault.message.clone(),
                }),
                None => self.faults.push(Fault {
                    field: "file".to_owned(),
                    words: fault.message.clone(),
                }),
            }
        }
        self
    }
}

impl Preview {
    fn total(&self) -> usize {
        self.now.len().saturating_add(self.later.len())
    }

    /// The steps in two tables, of which each has its heading.
    fn parts(&self) -> [(&'static str, Text, &[StepView]); 2] {
        [
            ("now", Text::fixed("すぐに行うこと", "At once"), self.now.as_slice()),
            (
                "later",
                Text::fixed("その日に行うこと", "On the day"),
                self.later.as_slice(),
            ),
        ]
    }
}

const fn title() -> Text {
    Text::fixed("人事異動", "Transfers of personnel")
}

/// The frame of a page below the transfers.
pub(super) fn frame(visit: &Visit, title: Text) -> Frame {
    visit
        .frame(title, None)
        .crumb(Text::fixed("職員と課", "People and sections"), "/people")
}

/// What people call how an announcement stands.
pub(super) const fn standing(standing: Standing) -> Text {
    match standing {
        Standing::Waiting => Text::fixed("発効を待っています", "waits for its day"),
        Standing::Done => Text::fixed("すべて終わりました", "all done"),
        Standing::Failed => Text::fixed("できなかったことがあります", "some of it could not be done"),
        Standing::Cancelled => Text::fixed("取り消されました", "cancelled"),
    }
}

fn lines(hall: &Hall, kept: Vec<KeptAnnouncement>) -> Vec<Line> {
    let directory = hall.directory();
    let line = |kept: KeptAnnouncement| Line {
        href: transfer::address(&kept.number),
        standing: standing(kept.announcement.standing()),
        by: name::person(&directory, &kept.announcement.by),
        on: kept.announcement.on,
        file: kept.announcement.file,
    };
    kept.into_iter().map(line).collect()
}

pub(super) async fn list(Of(site): Of<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let rows = blocking(&site, move |hall| Ok(lines(hall, hall.announcements(&visitor)?))).await?;
    Ok(Transfers::new(&visit, rows).show())
}

pub(super) async fn draft(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Failure> {
    blocking(&site, move |hall| {
        let typed = upload.fields.iter().find(|(name, _)| name == "on");
        let typed = typed.map(|(_, value)| value.trim()).unwrap_or_default();
        let on = model::date::parse(typed);
        let chosen = !upload.bytes.is_empty();
        let page = |hall: &Hall| {
            let mut page = Transfers::new(&visit, lines(hall, hall.announcements(&visitor)?));
            typed.clone_into(&mut page.on);
            Ok::<_, Refusal>(page)
        };
        let (Some(on), true) = (on, chosen) else {
            let mut page = page(hall)?;
            if on.is_none() {
                page.faults.push(Fault {
                    field: "on".to_owned(),
                    words: Text::fixed("異動の日を入力してください", "enter the day of the announcement"),
                });
            }
            if !chosen {
                page.faults.push(Fault {
                    field: "file".to_owned(),
                    words: Text::fixed("ファイルを選んでください", "choose a file"),
                });
            }
            return Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY));
        };
        match hall.draft_transfers(&visitor, (&upload.name, upload.bytes.clone()), on) {
            Ok(drafted) => Ok(preview(&visit, hall, drafted).show()),
            Err(Refusal::Faults(faults)) => {
                let page = page(hall)?.refused(&upload.name, &faults);
                Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}

fn preview(visit: &Visit, hall: &Hall, drafted: Drafted) -> Preview {
    let steps = |planned: &[access::transfer::Planned]| planned.iter().map(|one| StepView::of(hall, one)).collect();
    Preview {
        frame: frame(visit, Text::fixed("異動の内容の確認", "What the transfers change")).crumb(title(), TRANSFERS),
        ticket: drafted.ticket,
        file: drafted.file,
        on: drafted.on,
        now: steps(&drafted.now),
        later: steps(&drafted.later),
        remarks: drafted.remarks,
    }
}

pub(super) async fn confirm(Of(site): Of<Site>, Who(visitor): Who, sent: Sent) -> Result<Response, Failure> {
    let number = blocking(&site, move |hall| {
        hall.confirm_transfers(&visitor, sent.value("ticket"), sent.value("reason"))
    });
    Ok(notice::see(&transfer::address(&number.await?), Notice::Imported))
}

/// An empty sheet to fill in.
pub(super) async fn template(Of(site): Of<Site>, Who(visitor): Who) -> Result<Response, Failure> {
    let bytes = blocking(&site, move |hall| hall.transfer_template(&visitor)).await?;
    let name = format!("attachment; filename*=UTF-8''{}", href::segment("人事異動.xlsx"));
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(TRANSFERS), lang);
    let line = || Line {
        href: transfer::address("2026-11-20-1"),
        file: "4月1日付け異動.xlsx".to_owned(),
        on: jiff::civil::date(2027, 4, 1),
        by: "見本 太郎".to_owned(),
        standing: standing(Standing::Waiting),
    };
    let mut refused = Transfers::new(&visit, vec![line()]);
    refused.file = "4月1日付け異動.xlsx".to_owned();
    refused.cells = vec![CellFault {
        cell: "A3".to_owned(),
        field: Text::fixed("職員番号", "code"),
        words: Text::fixed(
            "この職員には、発効を待っている別の異動があります",
            "another transfer of the person waits for its day",
        ),
    }];
    refused.faults = vec![Fault {
        field: "on".to_owned(),
        words: Text::fixed("異動の日を入力してください", "enter the day of the announcement"),
    }];
    let preview = Preview {
        frame: frame(&visit, Text::fixed("異動の内容の確認", "What the transfers change")).crumb(title(), TRANSFERS),
        ticket: "sample".to_owned(),
        file: "4月1日付け異動.xlsx".to_owned(),
        on: jiff::civil::date(2027, 4, 1),
        now: transfer::sample_steps(false),
        later: transfer::sample_steps(true),
        remarks: vec![(
            3,
            Text::fixed("所属も職名も今と同じです", "section and position stay the same"),
        )],
    };
    vec![
        Sample::of("transfers", &Transfers::new(&visit, vec![line()])),
        Sample::of("transfers-faults", &refused),
        Sample::of("transfer-preview", &preview),
    ]
}

//! `/people/transfers/{number}`: one announcement of transfers, what became of each step, and cancelling what is not done yet.

use access::transfer::Change;
use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use service::hall::acts::transfer::{KeptAnnouncement, Outcome, Standing, Step};
use service::hall::{Hall, Refusal};

use super::step::StepView;
use super::transfers::{self, TRANSFERS};
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
use crate::view::name;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/transfer.html")]
struct Transfer {
    frame: Frame,
    faults: Vec<Fault>,
    shown: Shown,
}

/// What is shown of an announcement.
struct Shown {
    number: String,
    version: u64,
    on: Date,
    by: String,
    at: Timestamp,
    standing: Text,
    may_cancel: bool,
    steps: Vec<StepView>,
    /// People who have an account since and no way to sign in yet.
    to_invite: Vec<(String, String)>,
}

impl Page for Transfer {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Transfer {
    fn new(visit: &Visit, file: &str, shown: Shown) -> Self {
        let frame = transfers::frame(visit, Text::same(file));
        Self {
            frame: frame.crumb(Text::fixed("人事異動", "Transfers of personnel"), TRANSFERS),
            faults: Vec::new(),
            shown,
        }
    }
}

/// The address of an announcement.
pub(super) fn address(number: &str) -> String {
    format!("{TRANSFERS}/{}", href::segment(number))
}

fn shown(hall: &Hall, kept: &KeptAnnouncement) -> Result<Shown, Refusal> {
    let (directory, announcement) = (hall.directory(), &kept.announcement);
    let step = |step: &Step| StepView {
        outcome: Some(outcome(step)),
        is_failed: matches!(step.outcome, Some(Outcome::Failed { .. })),
        ..StepView::of(hall, &step.planned)
    };
    let mut to_invite = Vec::new();
    for step in &announcement.steps {
        if let (Change::Invite { person }, Some(Outcome::Done(_))) = (&step.planned.change, &step.outcome) {
            let account = hall.account(person)?;
            if account.is_some_and(|account| account.account.state == access::account::State::Invited) {
                to_invite.push((name::person(&directory, person), href::person(person)));
            }
        }
    }
    Ok(Shown {
        number: kept.number.clone(),
        version: kept.version,
        on: announcement.on,
        by: name::person(&directory, &announcement.by),
        at: announcement.at,
        standing: transfers::standing(announcement.standing()),
        may_cancel: announcement.may_be_cancelled(),
        steps: announcement.steps.iter().map(step).collect(),
        to_invite,
    })
}

fn outcome(step: &Step) -> Text {
    match &step.outcome {
        None => Text::fixed("その日を待っています", "waits for its day"),
        Some(Outcome::Done(_)) => Text::fixed("済み", "done"),
        Some(Outcome::Cancelled) => Text::fixed("取消し", "cancelled"),
        Some(Outcome::Failed { ja, en }) => Text::new(ja.clone(), en.clone()),
    }
}

pub(super) async fn show(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let (file, shown) = blocking(&site, move |hall| {
        let kept = hall.announcement(&visitor, &number)?;
        Ok((kept.announcement.file.clone(), shown(hall, &kept)?))
    })
    .await?;
    Ok(Transfer::new(&visit, &file, shown).show())
}

pub(super) async fn cancel(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = address(&number);
    let done = blocking(&site, move |hall| {
        let seen = sent.value("version").parse().unwrap_or_default();
        match hall.cancel_transfers(&visitor, &number, seen, sent.value("reason")) {
            Ok(()) => Ok(None),
            Err(Refusal::Rules(rules)) => {
                let kept = hall.announcement(&visitor, &number)?;
                Ok(Some((kept.announcement.file.clone(), shown(hall, &kept)?, rules)))
            }
            Err(refusal) => Err(refusal),
        }
    });
    let Some((file, shown, rules)) = done.await? else {
        return Ok(notice::see(&back, Notice::Saved));
    };
    let fault = |words: Text| Fault {
        field: String::new(),
        words,
    };
    let mut page = Transfer::new(&visit, &file, shown);
    page.faults = rules.into_iter().map(fault).collect();
    Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Steps for samples: those that are done at once, or those of the day.
pub(super) fn sample_steps(later: bool) -> Vec<StepView> {
    let step = |row: u32, on: Date, person: &str, words: Text| StepView {
        row,
        on,
        person: person.to_owned(),
        href: Some(href::person("P0121")),
        words,
        outcome: None,
        is_failed: false,
    };
    if later {
        let day = jiff::civil::date(2027, 4, 1);
        let words = Text::fixed("異動: 市民課 → 税務課 係長", "move: 市民課 → 税務課 係長");
        return vec![step(2, day, "見本 次郎", words)];
    }
    let today = jiff::civil::date(2026, 11, 23);
    let words = Text::fixed("離任日を令和9年3月31日とする", "the last day becomes 31 March 2027");
    vec![step(3, today, "見本 三郎", words)]
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/people/transfers/2026-11-20-1"), lang);
    let mut steps: Vec<StepView> = [sample_steps(false), sample_steps(true)].concat();
    if let [done, waiting] = steps.as_mut_slice() {
        done.outcome = Some(Text::fixed("済み", "done"));
        waiting.outcome = Some(Text::fixed("その日を待っています", "waits for its day"));
    }
    let shown = Shown {
        number: "2026-11-20-1".to_owned(),
        version: 2,
        on: jiff::civil::date(2027, 4, 1),
        by: "見本 太郎".to_owned(),
        at: site.clock().now(),
        standing: transfers::standing(Standing::Waiting),
        may_cancel: true,
        steps,
        to_invite: vec![("見本 四郎".to_owned(), href::person("P0901"))],
    };
    vec![Sample::of(
        "transfer",
        &Transfer::new(&visit, "4月1日付け異動.xlsx", shown),
    )]
}

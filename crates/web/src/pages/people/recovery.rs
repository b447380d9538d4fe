//! What administrators do where a person lost every factor: one begins, another agrees, and hands the link over.

use access::recovery::State;
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::response::Response;
use model::lang::Text;
use service::hall::entrance::recovery::LoadedRecovery;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use super::person::{self, PersonPage};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::Page;
use crate::part::Fault;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::view::name;
use crate::visit::Visit;

/// How the recovery of a person stands, to an administrator.
#[derive(Debug, Clone)]
pub(super) struct RecoveryView {
    /// What a decision expects to find.
    pub(super) version: u64,
    /// Who asked for it.
    pub(super) asked_by: String,
    /// When.
    pub(super) asked_at: jiff::Timestamp,
    /// What the administrator can do about it.
    pub(super) step: Step,
}

/// What an administrator can do about a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Agree, or say no.
    Decide,
    /// Wait for another administrator.
    Wait,
    /// Wait until the person uses the link.
    Handed,
}

impl RecoveryView {
    /// The recovery of a person; `None` where none is under way.
    pub(super) fn of(hall: &Hall, visitor: &Visitor, key: &str) -> Result<Option<Self>, Refusal> {
        let Some(LoadedRecovery { recovery, version }) = hall.recovery_of(key)? else {
            return Ok(None);
        };
        let step = match recovery.state(hall.clock().now()) {
            State::Waiting(_) if recovery.has_agreed(&visitor.person) || visitor.person == key => Step::Wait,
            State::Waiting(_) => Step::Decide,
            State::Agreed => Step::Handed,
            State::Used | State::Declined | State::Expired => return Ok(None),
        };
        Ok(Some(Self {
            version,
            asked_by: name::person(&hall.directory(), &recovery.asked_by),
            asked_at: recovery.asked_at,
            step,
        }))
    }

    pub(super) fn may_decide(&self) -> bool {
        self.step == Step::Decide
    }

    pub(super) fn is_handed(&self) -> bool {
        self.step == Step::Handed
    }
}

pub(super) async fn ask(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = format!("{}#recovery", href::person(&key));
    let done = blocking(&site, move |hall| {
        match hall.ask_recovery(&visitor, &key, sent.value("reason")) {
            Ok(()) => Ok(None),
            Err(Refusal::Rules(rules)) => Ok(Some((person::shown(hall, &visitor, &key)?, rules))),
            Err(refusal) => Err(refusal),
        }
    });
    let Some((shown, rules)) = done.await? else {
        return Ok(notice::see(&back, Notice::Saved));
    };
    let fault = |words: Text| Fault {
        field: "recovery-reason".to_owned(),
        words,
    };
    let mut page = PersonPage::new(&visit, shown);
    page.faults = rules.into_iter().map(fault).collect();
    Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) async fn decide(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = format!("{}#recovery", href::person(&key));
    let done = blocking(&site, move |hall| {
        let seen = sent.value("version").parse().unwrap_or_default();
        if sent.value("do") != "approve" {
            hall.decline_recovery(&visitor, &key, seen)?;
            return Ok(None);
        }
        let token = hall.approve_recovery(&visitor, &key, seen)?;
        let Some(token) = token else { return Ok(None) };
        let link = format!("{}/invitation/{}", hall.entrance().origin, token.text());
        Ok(Some((person::shown(hall, &visitor, &key)?, link)))
    });
    match done.await? {
        None => Ok(notice::see(&back, Notice::Saved)),
        Some((shown, link)) => {
            let mut page = PersonPage::new(&visit, shown);
            page.link = Some(link);
            Ok(page.show())
        }
    }
}

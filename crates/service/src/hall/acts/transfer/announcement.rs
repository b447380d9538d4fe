//! What was confirmed: one document an announcement, with what became of each of its steps.

use std::collections::BTreeSet;

use access::transfer::{Change, Planned};
use jiff::Timestamp;
use jiff::civil::Date;
use model::lang::Text;
use serde::{Deserialize, Serialize};
use store::{Act, Expected, Put, Query, Sort};

use crate::hall::acts::plain;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::{Hall, Refusal, collection};

/// How many announcements one day has at most.
const MOST_A_DAY: u32 = 200;
/// How many announcements a page lists.
const LISTED: usize = 200;

/// An announcement that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// The version of this document's form.
    pub version: u32,
    /// The name of the sheet.
    pub file: String,
    /// The day from which it holds.
    pub on: Date,
    /// Who confirmed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Every step, in the order of the days and rows.
    pub steps: Vec<Step>,
    /// Who cancelled what was not done yet, and when.
    pub cancelled: Option<(String, Timestamp)>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is to be done, and when.
    pub planned: Planned,
    /// What became of it; `None` while it waits for its day.
    pub outcome: Option<Outcome>,
    /// The last day that stood there before, where the step put another one.
    pub before: Option<Date>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It was done on this day.
    Done(Date),
    /// It could not be done: why.
    Failed {
        /// For people.
        ja: String,
        /// For people.
        en: String,
    },
    /// It was cancelled before its day, or taken back.
    Cancelled,
}

/// How an announcement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Some steps wait for their day.
    Waiting,
    /// Everything was done.
    Done,
    /// Everything was tried, and some steps could not be done.
    Failed,
    /// What was not done yet was cancelled.
    Cancelled,
}

/// An announcement as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnnouncement {
    /// Its number: `2027-03-20-1`.
    pub number: String,
    /// The version of the record: what a change expects to find.
    pub version: u64,
    /// The announcement.
    pub announcement: Announcement,
}

impl Announcement {
    /// A new one, nothing of it done.
    pub(super) fn new(file: &str, on: Date, by: &str, at: Timestamp, planned: Vec<Planned>) -> Self {
        let steps = planned.into_iter().map(|planned| Step {
            planned,
            outcome: None,
            before: None,
        });
        Self {
            version: 1,
            file: file.to_owned(),
            on,
            by: by.to_owned(),
            at,
            steps: steps.collect(),
            cancelled: None,
        }
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let any = |wanted: fn(&Option<Outcome>) -> bool| self.steps.iter().any(|step| wanted(&step.outcome));
        if self.cancelled.is_some() {
            Standing::Cancelled
        } else if any(Option::is_none) {
            Standing::Waiting
        } else if any(|outcome| matches!(outcome, Some(Outcome::Failed { .. }))) {
            Standing::Failed
        } else {
            Standing::Done
        }
    }

    /// The people who wait for a step.
    fn waiting(&self) -> impl Iterator<Item = &str> {
        let steps = self.steps.iter().filter(|step| step.outcome.is_none());
        steps.filter_map(|step| person_of(&step.planned.change))
    }
}

impl Step {
    /// The first day on which what it changes holds; it can be taken back until then.
    #[must_use]
    pub fn holds_from(&self) -> Date {
        let behind = |last: Date| last.tomorrow().unwrap_or(last);
        match &self.planned.change {
            Change::AddPerson { joined_on, .. } => *joined_on,
            Change::EndPerson { left_on, .. } => behind(*left_on),
            Change::EndAssignment { ends_on, .. } => behind(*ends_on),
            Change::MovePerson { .. } | Change::Invite { .. } | Change::Suspend { .. } => self.planned.on,
        }
    }
}

impl Outcome {
    pub(super) fn failed(why: &Text) -> Self {
        Self::Failed {
            ja: why.ja.to_string(),
            en: why.en.to_string(),
        }
    }
}

/// Whom a change is about; the end of a role is about an assignment.
pub(super) fn person_of(change: &Change) -> Option<&str> {
    match change {
        Change::AddPerson { person, .. }
        | Change::MovePerson { person, .. }
        | Change::EndPerson { person, .. }
        | Change::Invite { person }
        | Change::Suspend { person } => Some(person),
        Change::EndAssignment { .. } => None,
    }
}

impl Hall {
    /// The announcements, the newest first.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; the database fails, or holds one that cannot be read.
    pub fn announcements(&self, visitor: &Visitor) -> Result<Vec<KeptAnnouncement>, Refusal> {
        self.may_transfer(visitor)?;
        let query = Query {
            sort: Sort::Key,
            descending: true,
            limit: LISTED,
            ..Query::of(collection::TRANSFER)
        };
        let mut kept: Vec<KeptAnnouncement> = self
            .store
            .list(&query)?
            .rows
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()?;
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.announcement.at));
        Ok(kept)
    }

    /// One announcement.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::NotFound`]
    pub fn announcement(&self, visitor: &Visitor, number: &str) -> Result<KeptAnnouncement, Refusal> {
        self.may_transfer(visitor)?;
        self.kept_announcement(number)
    }

    pub(super) fn kept_announcement(&self, number: &str) -> Result<KeptAnnouncement, Refusal> {
        let entry = self.store.entry(collection::TRANSFER, number)?;
        read(entry.ok_or(Refusal::NotFound)?)
    }

    /// The numbers of the announcements that wait for something, the oldest first.
    pub(super) fn waiting_announcements(&self) -> Result<Vec<KeptAnnouncement>, Refusal> {
        let mut entries = Vec::new();
        self.store.scan(collection::TRANSFER, &mut |entry| {
            entries.push(entry);
            Ok(())
        })?;
        let mut kept: Vec<KeptAnnouncement> = entries.into_iter().map(read).collect::<Result<_, _>>()?;
        kept.retain(|kept| kept.announcement.standing() == Standing::Waiting);
        kept.sort_by_key(|kept| kept.announcement.at);
        Ok(kept)
    }

    /// Everybody for whom an announcement waits for its day.
    pub(super) fn waiting_people(&self) -> Result<BTreeSet<String>, Refusal> {
        let waiting = self.waiting_announcements()?;
        let people = waiting.iter().flat_map(|kept| kept.announcement.waiting());
        Ok(people.map(str::to_owned).collect())
    }

    /// Keeps a new announcement; returns its number.
    pub(super) fn announce(
        &self,
        visitor: &Visitor,
        announcement: &Announcement,
        reason: &str,
    ) -> Result<String, Refusal> {
        let day = self.clock.today();
        for count in 1..=MOST_A_DAY {
            let number = format!("{day}-{count}");
            let mut act = Act::new("transfer.confirm").by(&visitor.person);
            if !reason.trim().is_empty() {
                act = act.note("reason", reason.trim());
            }
            match self.commit(act.with(document(&number, announcement, Expected::New)?)) {
                Ok(_) => return Ok(number),
                // The number is taken.
                Err(Refusal::Store(store::Refused::Conflict { .. })) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Err(Refusal::rule(
            "一日に登録できる異動の数を超えました",
            "there are too many announcements on one day",
        ))
    }
}

/// An announcement as the store takes it.
pub(super) fn document(number: &str, announcement: &Announcement, expected: Expected) -> Result<Put, Refusal> {
    let document = serde_json::to_value(announcement).map_err(|_| damaged())?;
    Ok(Put {
        expected,
        title: announcement.file.clone(),
        ..plain(collection::TRANSFER, number, document)
    })
}

fn read(entry: store::Entry) -> Result<KeptAnnouncement, Refusal> {
    Ok(KeptAnnouncement {
        announcement: serde_json::from_value(entry.document).map_err(|_| damaged())?,
        number: entry.key,
        version: entry.version,
    })
}

fn damaged() -> store::Failure {
    store::Failure::Damaged("an announcement of transfers cannot be read".to_owned())
}

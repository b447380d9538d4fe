//! A plan that somebody looks at, and its confirmation: what was seen is what is done, or nothing is.

use std::time::Duration;

use access::opaque::Opaque;
use access::seal::Place;
use access::transfer::Planned;
use jiff::civil::Date;
use model::lang::Text;
use register::{Kind, Words, table};
use registers::transfer::TransferRow;
use serde::{Deserialize, Serialize};

use super::PERSON;
use super::announcement::Announcement;
use crate::hall::acts::import::UPLOAD_BYTES;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// The kind under which sheets wait.
const WAITING: &str = "transfer";
/// How long a sheet waits for its confirmation.
const WAITS: Duration = Duration::from_secs(30 * 60);

/// A plan that waits for its confirmation.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// What the confirmation names.
    pub ticket: String,
    /// The name of the file.
    pub file: String,
    /// The day from which the announcement holds.
    pub on: Date,
    /// What is to be done at once.
    pub now: Vec<Planned>,
    /// What is to be done on its day.
    pub later: Vec<Planned>,
    /// What somebody should look at, by row; it stops nothing.
    pub remarks: Vec<(u32, Text)>,
}

/// A sheet that waits, with what was shown of it.
#[derive(Serialize, Deserialize)]
struct Waiting {
    file: String,
    on: Date,
    planned: Vec<Planned>,
    /// The bytes of the file.
    #[serde(skip)]
    bytes: Vec<u8>,
}

impl Hall {
    /// Whether a visitor may bring in transfers at all.
    ///
    /// # Errors
    /// [`Refusal::Denied`]
    pub fn may_transfer(&self, visitor: &Visitor) -> Result<(), Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(PERSON).ok_or(Refusal::NotFound)?;
        self.allow(visitor, Verb::Import, &self.register_resource(kind))
    }

    /// An empty sheet to fill in, as xlsx.
    ///
    /// # Errors
    /// [`Refusal::Denied`]
    pub fn transfer_template(&self, visitor: &Visitor) -> Result<Vec<u8>, Refusal> {
        self.may_transfer(visitor)?;
        let words = self.with_words(Words::clone)?;
        table::template(&Kind::of::<TransferRow>(), &words).map_err(|fault| Refusal::Faults(vec![*fault]))
    }

    /// Reads a sheet of transfers that hold from `on`, and plans them; the plan waits half an hour for [`Hall::confirm_transfers`].
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Faults`] with everything that stands against a row, by its cell.
    pub fn draft_transfers(
        &self,
        visitor: &Visitor,
        (file, bytes): (&str, Vec<u8>),
        on: Date,
    ) -> Result<Drafted, Refusal> {
        self.may_transfer(visitor)?;
        if bytes.len() > UPLOAD_BYTES {
            return Err(Refusal::rule(
                "ファイルが大きすぎます(32MBまで)。分けて取り込んでください",
                "the file is too large (at most 32 MB); split it",
            ));
        }
        let read = self.read_transfers(visitor, (file, bytes.clone()), on)?;
        let waiting = Waiting {
            file: file.to_owned(),
            on,
            planned: read.plan.now.iter().chain(&read.plan.later).cloned().collect(),
            bytes,
        };
        Ok(Drafted {
            ticket: self.keep_sheet(visitor, &waiting)?,
            file: file.to_owned(),
            on,
            now: read.plan.now,
            later: read.plan.later,
            remarks: read.remarks,
        })
    }

    /// Confirms the plan that waits under a ticket: what is due is done, the rest waits for its day. Returns the number of the
    /// announcement.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Reauthenticate`]; [`Refusal::Rules`] where the plan waits no more, or would be another one by
    /// now; those of [`Hall::draft_transfers`].
    pub fn confirm_transfers(&self, visitor: &Visitor, ticket: &str, reason: &str) -> Result<String, Refusal> {
        self.may_transfer(visitor)?;
        self.fresh(visitor)?;
        let waiting = self.sheet(visitor, ticket)?;
        let read = self.read_transfers(visitor, (&waiting.file, waiting.bytes), waiting.on)?;
        let planned: Vec<Planned> = read.plan.now.into_iter().chain(read.plan.later).collect();
        if planned != waiting.planned {
            return Err(Refusal::rule(
                "確かめたあとに台帳が変わりました。もう一度ファイルを選び、内容を確かめてください",
                "the registers changed since; choose the file again and look at the plan",
            ));
        }
        let announcement = Announcement::new(&waiting.file, waiting.on, &visitor.person, self.clock.now(), planned);
        let number = self.announce(visitor, &announcement, reason)?;
        self.store.release(WAITING, &key(visitor, ticket))?;
        // Should this end here, the job goes on from the same place.
        self.carry_out(&number)?;
        Ok(number)
    }

    fn keep_sheet(&self, visitor: &Visitor, waiting: &Waiting) -> Result<String, Refusal> {
        let ticket = Opaque::draw(self.random()).text();
        let key = key(visitor, &ticket);
        let place = Place {
            scope: WAITING,
            key: &key,
        };
        // A line of JSON about the file, then its bytes.
        let mut bytes = serde_json::to_vec(waiting).map_err(|_| unreadable())?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&waiting.bytes);
        let sealed = self.entrance.ring.seal(place, &bytes, self.random());
        let sealed = sealed.map_err(|_| unreadable())?;
        self.store.hold(WAITING, &key, &sealed, self.clock.now(), WAITS)?;
        Ok(ticket)
    }

    fn sheet(&self, visitor: &Visitor, ticket: &str) -> Result<Waiting, Refusal> {
        let ticket = Opaque::parse(ticket).ok_or_else(gone)?.text();
        let key = key(visitor, &ticket);
        let held = self.store.held(WAITING, &key, self.clock.now())?.ok_or_else(gone)?;
        let place = Place {
            scope: WAITING,
            key: &key,
        };
        let opened = self.entrance.ring.open(place, &held.value).map_err(|_| unreadable())?;
        let mut parts = opened.splitn(2, |byte| *byte == b'\n');
        let about = parts.next().unwrap_or_default();
        let mut waiting: Waiting = serde_json::from_slice(about).map_err(|_| unreadable())?;
        waiting.bytes = parts.next().unwrap_or_default().to_vec();
        Ok(waiting)
    }
}

/// Bound to the person, not to the session: who proves again who they are gets another one.
fn key(visitor: &Visitor, ticket: &str) -> String {
    format!("{}:{ticket}", visitor.person)
}

fn gone() -> Refusal {
    Refusal::rule(
        "確認の時間が過ぎたか、登録し終えています。もう一度ファイルを選んでください",
        "the plan waits no more; choose the file again",
    )
}

fn unreadable() -> store::Failure {
    store::Failure::Damaged("a sheet that waits cannot be read".to_owned())
}

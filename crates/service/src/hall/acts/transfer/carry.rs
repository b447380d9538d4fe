//! Steps that are due become changes of the registers and accounts; steps that are not are cancelled, or taken back.
//!
//! INVARIANT: a step is done in the same act that writes down that it was done, and the act expects the announcement as it was read.
//! So it is done once, whichever node does it and wherever one is stopped in between.

use access::transfer::Change;
use jiff::civil::Date;
use model::lang::Text;
use register::form;
use serde_json::{Map, Value};
use store::{Act, Change as Changed, Expected, Refused};

use super::announcement::{self, Announcement, KeptAnnouncement, Outcome, Standing, Step};
use super::sheet::{date, named, newcomer};
use super::{ASSIGNMENT, PERSON};
use crate::hall::acts::entry::{changed, mark};
use crate::hall::entrance::sessions::Visitor;
use crate::hall::put::put;
use crate::hall::{Hall, Refusal};

/// Steps that one act takes, at most.
const PART: usize = 200;
/// How often a lost race is run again.
const RACES: usize = 10;

/// What a step comes to.
struct Done {
    changes: Vec<Changed>,
    before: Option<Date>,
}

impl Hall {
    /// Does what is due of every announcement that waits.
    ///
    /// Returns how many steps were done or could not be.
    ///
    /// # Errors
    /// What the store says.
    pub fn pass_transfers(&self) -> Result<usize, Refusal> {
        let mut passed = 0;
        for kept in self.waiting_announcements()? {
            passed += self.carry_out(&kept.number)?;
        }
        Ok(passed)
    }

    /// Does what is due of one announcement, as many acts as it takes.
    pub(super) fn carry_out(&self, number: &str) -> Result<usize, Refusal> {
        let mut passed = 0;
        let mut races = RACES;
        loop {
            let mut kept = self.kept_announcement(number)?;
            if kept.announcement.standing() != Standing::Waiting {
                return Ok(passed);
            }
            let (act, gone, count) = self.part(&mut kept)?;
            if count == 0 {
                return Ok(passed);
            }
            let put = announcement::document(number, &kept.announcement, Expected::Version(kept.version))?;
            match self.commit(act.with(put)) {
                Ok(_) => passed += count,
                // Somebody changed one of the rows, or another node was faster.
                Err(Refusal::Store(Refused::Conflict { .. })) if races > 0 => {
                    races -= 1;
                    continue;
                }
                Err(refusal) => return Err(refusal),
            }
            for person in gone {
                self.end_sessions(&person, None, None)?;
            }
        }
    }

    /// The next steps that are due, as one act; and who leaves by it.
    fn part(&self, kept: &mut KeptAnnouncement) -> Result<(Act, Vec<String>, usize), Refusal> {
        let today = self.today();
        let mut act = Act::new("transfer.carry").note("transfer", kept.number.as_str());
        let (mut gone, mut count) = (Vec::new(), 0);
        let due = |step: &&mut Step| step.outcome.is_none() && step.planned.on <= today;
        for step in kept.announcement.steps.iter_mut().filter(due).take(PART) {
            count += 1;
            match self.step(&step.planned.change) {
                Ok(done) => {
                    if let Change::Suspend { person } = &step.planned.change {
                        gone.push(person.clone());
                    }
                    act.changes.extend(done.changes);
                    step.before = done.before;
                    step.outcome = Some(Outcome::Done(today));
                }
                Err(Refusal::Store(refused)) => return Err(Refusal::Store(refused)),
                Err(refusal) => step.outcome = Some(Outcome::failed(&told(refusal))),
            }
        }
        Ok((act, gone, count))
    }

    /// What a step changes.
    ///
    /// # Errors
    /// Why it cannot be done any more.
    fn step(&self, change: &Change) -> Result<Done, Refusal> {
        let only = |changes: Vec<Changed>| Done { changes, before: None };
        match change {
            Change::AddPerson { .. } => {
                let city = self.city().ok_or(Refusal::NoCity)?;
                let kind = city.kind(PERSON).ok_or(Refusal::NotFound)?;
                let put = self.with_words(|words| {
                    let read = form::read_document(kind, &newcomer(change), words, None).map_err(Refusal::Faults)?;
                    Ok::<_, Refusal>(put(kind, &read, words, Expected::New))
                })??;
                if self.store.entry(PERSON, &put.key)?.is_some() {
                    return Err(Refusal::rule("職員番号がすでに使われています", "the number is in use"));
                }
                Ok(only(vec![put.into()]))
            }
            Change::MovePerson {
                person,
                section,
                position,
            } => {
                let mut fields = Map::new();
                fields.insert("section".to_owned(), section.clone().into());
                fields.insert("position".to_owned(), position.clone().into());
                Ok(only(vec![self.with_fields(PERSON, person, &fields)?.0]))
            }
            Change::EndPerson { person, left_on } => self.with_day(PERSON, person, "left_on", Some(*left_on)),
            Change::EndAssignment { assignment, ends_on } => {
                self.with_day(ASSIGNMENT, assignment, "ends_on", Some(*ends_on))
            }
            Change::Invite { person } => Ok(only(self.new_account(person)?.map(Changed::from).into_iter().collect())),
            Change::Suspend { person } => Ok(only(self.way_out(person)?)),
        }
    }

    fn with_day(&self, register: &str, key: &str, field: &str, day: Option<Date>) -> Result<Done, Refusal> {
        let mut fields = Map::new();
        fields.insert(field.to_owned(), day.map(|day| day.to_string()).into());
        let (change, before) = self.with_fields(register, key, &fields)?;
        Ok(Done {
            changes: vec![change],
            before: date(&before, field),
        })
    }

    /// An entry with other values in some fields, and the document as it was.
    fn with_fields(&self, register: &str, key: &str, fields: &Map<String, Value>) -> Result<(Changed, Value), Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(register).ok_or(Refusal::NotFound)?;
        let entry = self.store.entry(register, key)?.ok_or(Refusal::NotFound)?;
        if entry.retired_at.is_some() {
            return Err(Refusal::rule("台帳の行が廃止されています", "the row is retired"));
        }
        let put = self.with_words(|words| changed(kind, &entry, fields, words))??;
        Ok((put.into(), entry.document))
    }

    /// Cancels what an announcement has not done yet, and takes back what does not hold yet: days of leaving, ends of roles, people who
    /// have not joined.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Reauthenticate`]; [`Refusal::Rules`] where nothing waits, or no reason is given;
    /// [`Refusal::Store`] where something changed since it was seen.
    pub fn cancel_transfers(&self, visitor: &Visitor, number: &str, seen: u64, reason: &str) -> Result<(), Refusal> {
        self.may_transfer(visitor)?;
        self.fresh(visitor)?;
        if reason.trim().is_empty() {
            return Err(Refusal::rule(
                "取り消す理由を入力してください",
                "say why it is cancelled",
            ));
        }
        let mut kept = self.kept_announcement(number)?;
        if kept.announcement.standing() != Standing::Waiting {
            return Err(Refusal::rule(
                "発効を待っている異動はありません",
                "nothing of it waits for its day",
            ));
        }
        let today = self.today();
        let mut act = Act::new("transfer.cancel")
            .by(&visitor.person)
            .note("transfer", number)
            .note("reason", reason.trim());
        for step in kept.announcement.steps.iter_mut().rev() {
            match &step.outcome {
                None => step.outcome = Some(Outcome::Cancelled),
                Some(Outcome::Done(_)) if step.holds_from() > today => {
                    step.outcome = Some(match self.taken_back(step) {
                        Ok(change) => {
                            act.changes.extend(change);
                            Outcome::Cancelled
                        }
                        Err(Refusal::Store(refused)) => return Err(Refusal::Store(refused)),
                        Err(refusal) => Outcome::failed(&told(refusal)),
                    });
                }
                Some(_) => {}
            }
        }
        kept.announcement.cancelled = Some((visitor.person.clone(), self.clock.now()));
        let put = announcement::document(number, &kept.announcement, Expected::Version(seen))?;
        self.commit(act.with(put))?;
        Ok(())
    }

    /// What takes a step back whose day has not come; nothing where somebody else changed the same since.
    fn taken_back(&self, step: &Step) -> Result<Option<Changed>, Refusal> {
        let (register, key, field, day) = match &step.planned.change {
            Change::AddPerson { person, .. } => {
                let city = self.city().ok_or(Refusal::NoCity)?;
                let entry = self.store.entry(PERSON, person)?.ok_or(Refusal::NotFound)?;
                self.unreferred(&city, PERSON, person)?;
                let retire = Changed::Retire(mark(PERSON, person, entry.version));
                return Ok(entry.retired_at.is_none().then_some(retire));
            }
            Change::EndPerson { person, left_on } => (PERSON, person, "left_on", *left_on),
            Change::EndAssignment { assignment, ends_on } => (ASSIGNMENT, assignment, "ends_on", *ends_on),
            Change::MovePerson { .. } | Change::Invite { .. } | Change::Suspend { .. } => return Ok(None),
        };
        let entry = self.store.entry(register, key)?.ok_or(Refusal::NotFound)?;
        if date(&entry.document, field) != Some(day) {
            return Err(Refusal::rule(
                "ほかの人がその後に日を変えたため、そのままにしました",
                "somebody changed the day since; it was left as it is",
            ));
        }
        Ok(self
            .with_day(register, key, field, step.before)?
            .changes
            .into_iter()
            .next())
    }
}

impl Announcement {
    /// Whether anything of it can still be cancelled.
    #[must_use]
    pub fn may_be_cancelled(&self) -> bool {
        self.standing() == Standing::Waiting
    }
}

/// A refusal in the words of a step.
fn told(refusal: Refusal) -> Text {
    match refusal {
        Refusal::Faults(faults) => faults.into_iter().next().map(named).unwrap_or_default(),
        refusal => refusal.text(),
    }
}

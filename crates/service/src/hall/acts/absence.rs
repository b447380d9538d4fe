//! Days on which somebody is away, and who stands in for them (代理).

use jiff::civil::Date;
use model::lang::Text;
use serde_json::json;
use store::{Act, Change, Expected, Mark};

use super::plain;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::{Hall, Refusal, collection};

/// The most days that one absence lasts.
const LONGEST_DAYS: i32 = 366;

/// An absence as somebody enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who decides in their place.
    pub stand_in: Option<String>,
}

/// An absence as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAbsence {
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: u64,
    /// What was entered.
    pub away: Away,
}

impl Hall {
    /// A visitor says when they are away.
    ///
    /// # Errors
    /// [`Refusal::Rules`] with everything that is wrong: the end before the beginning, all of it past, another absence in the same
    /// days, a stand-in who does not work here or is the visitor.
    pub fn set_absence(&self, visitor: &Visitor, away: &Away) -> Result<(), Refusal> {
        let wrong = self.absence_faults(&visitor.person, away)?;
        if !wrong.is_empty() {
            return Err(Refusal::Rules(wrong));
        }
        let key = format!("{}.{}", visitor.person, away.from);
        let document = json!({
            "person": visitor.person,
            "from": away.from.to_string(),
            "until": away.until.to_string(),
            "stand_in": away.stand_in,
        });
        let known = self.store.entry(collection::ABSENCE, &key)?;
        let mut act = Act::new("absence.set").by(&visitor.person);
        // Somebody who takes an absence back and enters it again finds the old one there: in use again and changed, or neither.
        if let Some(retired) = known.as_ref().filter(|entry| entry.retired_at.is_some()) {
            act = act.with(Change::Restore(mark(&key, retired.version)));
        }
        let mut put = plain(collection::ABSENCE, &key, document);
        put.fields = vec![("person".to_owned(), visitor.person.clone().into_bytes())];
        self.commit(act.with(put))?;
        Ok(())
    }

    /// A visitor takes one of their absences back.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it is not theirs; [`Refusal::Store`]
    pub fn cancel_absence(&self, visitor: &Visitor, key: &str, version: u64) -> Result<(), Refusal> {
        let own = self.absences_of(&visitor.person)?;
        if own.iter().all(|kept| kept.key != key) {
            return Err(Refusal::NotFound);
        }
        let act = Act::new("absence.cancel").by(&visitor.person);
        self.commit(act.with(Change::Retire(mark(key, version))))?;
        Ok(())
    }

    /// The absences of a person that are not over, the nearest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn absences_of(&self, person: &str) -> Result<Vec<KeptAbsence>, Refusal> {
        let today = self.today();
        let mut kept = Vec::new();
        self.store.scan(collection::ABSENCE, &mut |entry| {
            let text = |field: &str| entry.document.get(field).and_then(|value| value.as_str());
            let date = |field: &str| text(field).and_then(|written| written.parse::<Date>().ok());
            if let (Some(from), Some(until)) = (date("from"), date("until"))
                && text("person") == Some(person)
                && entry.retired_at.is_none()
                && until >= today
            {
                let stand_in = text("stand_in").map(str::to_owned);
                kept.push(KeptAbsence {
                    key: entry.key.clone(),
                    version: entry.version,
                    away: Away { from, until, stand_in },
                });
            }
            Ok(())
        })?;
        kept.sort_by_key(|kept| kept.away.from);
        Ok(kept)
    }

    fn absence_faults(&self, person: &str, away: &Away) -> Result<Vec<Text>, Refusal> {
        let mut wrong = Vec::new();
        if away.until < away.from {
            wrong.push(Text::fixed(
                "終わりの日が始まりの日より前です",
                "it ends before it begins",
            ));
        } else if away.until < self.today() {
            wrong.push(Text::fixed("過ぎた日は登録できません", "these days are over"));
        } else if away
            .from
            .until(away.until)
            .is_ok_and(|span| span.get_days() > LONGEST_DAYS)
        {
            wrong.push(Text::fixed(
                "一年より長い不在は登録できません",
                "an absence lasts a year at most",
            ));
        }
        let own = self.absences_of(person)?;
        let same = own
            .iter()
            .find(|kept| kept.away.from <= away.until && away.from <= kept.away.until);
        if same.is_some() {
            wrong.push(Text::fixed(
                "同じ日に別の不在が登録されています。先に取り消してください",
                "another absence covers some of these days; take it back first",
            ));
        }
        if let Some(stand_in) = &away.stand_in {
            if stand_in == person {
                wrong.push(Text::fixed(
                    "自分を代理者にすることはできません",
                    "nobody stands in for themselves",
                ));
            } else if self.directory().member(stand_in, self.today()).is_none() {
                wrong.push(Text::fixed(
                    "代理者がこの市の職員ではありません",
                    "the stand-in does not work here",
                ));
            }
        }
        Ok(wrong)
    }
}

fn mark(key: &str, version: u64) -> Mark {
    Mark {
        register: collection::ABSENCE.to_owned(),
        key: key.to_owned(),
        expected: Expected::Version(version),
    }
}

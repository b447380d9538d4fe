//! Notices (お知らせ): what each person is told in the service, and by mail if they want it.
//!
//! A notice is no act: it follows from what the ledger holds, and may be made again. It is kept beside the acts, for
//! [`LIFE`] days, under a key that says what it is about: however many nodes look, however often, it is made once.
//!
//! # Add a kind
//! A file in `kinds/` with what it [finds](Kind::find), and a line in the list of [`kinds`]. A kind that somebody else
//! raises ([`Hall::tell`]) finds nothing.

pub mod kinds;
mod letter;
mod look;
mod setting;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use model::lang::Text;
use serde::{Deserialize, Serialize};

pub use self::kinds::Kind;
pub use self::letter::{Attempt, Letter, Outbox};
pub use self::look::Look;
pub use self::setting::Wish;
use super::{Hall, Refusal, collection};

/// For how many days a notice is kept. Longer than anything below looks back, so that no notice comes a second time.
const LIFE: u64 = 60;

/// The most notices that a page lists.
const LISTED: usize = 200;

/// Something that a person is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The word of its kind.
    pub kind: String,
    /// What happened, with the title of what it is about and nothing more of it.
    pub title: Text,
    /// What it leads to.
    pub link: Link,
    /// When it was made.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// What a notice leads to; the pages know the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// A request, by its number.
    Request(String),
    /// A row of a register.
    Row(String, String),
    /// A register.
    Register(String),
    /// A duty.
    Duty(String),
    /// A person.
    Person(String),
    /// How the visitor signs in.
    Account,
    /// The ledger.
    Ledger,
    /// The settings of the city.
    Administration,
}

/// A notice that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is about: whoever was told under this key is not told again.
    pub key: String,
    /// Whom to tell.
    pub to: Vec<String>,
    /// What happened.
    pub title: Text,
    /// What it leads to.
    pub link: Link,
}

/// A notice as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its key.
    pub key: String,
    /// What it says.
    pub notice: Notice,
    number: u64,
    ends_at: Timestamp,
}

/// Whom was told what already, as far as it was looked at.
#[derive(Default)]
pub(crate) struct Told(BTreeMap<String, BTreeMap<String, ()>>);

impl Hall {
    /// Makes the notices that follow from what changed since it was last asked, here or on another node; how many there were.
    ///
    /// # Errors
    /// What the database says; what was not told is told the next time.
    pub fn make_notices(&self) -> Result<usize, Refusal> {
        let Some(look) = Look::begin(self)? else { return Ok(0) };
        let mut told = Told::default();
        let mut made = 0;
        for kind in kinds::ALL {
            for wanted in (kind.find)(&look)? {
                made += self.tell_once(kind, &wanted, &mut told)?;
            }
        }
        look.end(self)?;
        Ok(made)
    }

    /// Tells people something, each once; how many heard of it now.
    ///
    /// # Errors
    /// What the database says.
    pub fn tell(&self, kind: &Kind, wanted: &Wanted) -> Result<usize, Refusal> {
        self.tell_once(kind, wanted, &mut Told::default())
    }

    fn tell_once(&self, kind: &Kind, wanted: &Wanted, told: &mut Told) -> Result<usize, Refusal> {
        let now = self.clock.now();
        let key = format!("{}/{}", kind.word, wanted.key);
        let notice = Notice {
            kind: kind.word.to_owned(),
            title: wanted.title.clone(),
            link: wanted.link.clone(),
            at: now,
            read_at: None,
        };
        let value = serde_json::to_vec(&notice).unwrap_or_default();
        let mut made = 0;
        for person in &wanted.to {
            if told.knows(self, person, &key, now)? {
                continue;
            }
            // The letter first: where the node dies in between, both are tried again and neither comes twice.
            self.post_at_once(person, &key)?;
            let held = (&*place(person), &*key);
            made += usize::from(self.store.hold_if(held, None, &value, now, days(LIFE))?);
        }
        Ok(made)
    }

    /// The notices of a person, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn notices_of(&self, person: &str) -> Result<Vec<Kept>, Refusal> {
        let held = self.store.held_of_kind(&place(person), self.clock.now())?;
        let kept = held.into_iter().filter_map(|(key, held)| {
            Some(Kept {
                key,
                notice: serde_json::from_slice(&held.value).ok()?,
                number: held.number,
                ends_at: held.expires_at,
            })
        });
        let mut kept: Vec<Kept> = kept.collect();
        kept.sort_by(|a, b| (b.notice.at, &a.key).cmp(&(a.notice.at, &b.key)));
        kept.truncate(LISTED);
        Ok(kept)
    }

    /// How many notices a person has not read.
    ///
    /// # Errors
    /// What the database says.
    pub fn unread_notices(&self, person: &str) -> Result<usize, Refusal> {
        let kept = self.notices_of(person)?;
        Ok(kept.iter().filter(|kept| kept.notice.read_at.is_none()).count())
    }

    /// A person has read one of their notices, or all of them.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where there is no such notice of theirs; what the database says.
    pub fn read_notices(&self, person: &str, only: Option<&str>) -> Result<Option<Notice>, Refusal> {
        let now = self.clock.now();
        let mut kept = self.notices_of(person)?;
        kept.retain(|kept| only.is_none_or(|only| only == kept.key));
        if only.is_some() && kept.is_empty() {
            return Err(Refusal::NotFound);
        }
        for kept in &kept {
            if kept.notice.read_at.is_none() {
                let read = Notice {
                    read_at: Some(now),
                    ..kept.notice.clone()
                };
                let value = serde_json::to_vec(&read).unwrap_or_default();
                let rest = kept.ends_at.duration_since(now).unsigned_abs();
                let held = (&*place(person), &*kept.key);
                // Where another window was faster it is read all the same.
                self.store.hold_if(held, Some(kept.number), &value, now, rest)?;
            }
        }
        let one = kept.into_iter().next().filter(|_| only.is_some());
        Ok(one.map(|kept| kept.notice))
    }

    /// Those who run this installation.
    ///
    /// # Errors
    /// What the database says.
    pub fn administrators(&self) -> Result<Vec<String>, Refusal> {
        let mut people = Vec::new();
        self.store.scan(collection::ADMINISTRATOR, &mut |entry| {
            if entry.retired_at.is_none() {
                people.push(entry.key);
            }
            Ok(())
        })?;
        Ok(people)
    }

    /// Tells those who run this installation.
    ///
    /// # Errors
    /// What the database says.
    pub fn tell_administrators(&self, kind: &Kind, key: &str, title: Text, link: Link) -> Result<usize, Refusal> {
        let wanted = Wanted {
            key: key.to_owned(),
            to: self.administrators()?,
            title,
            link,
        };
        self.tell(kind, &wanted)
    }
}

impl Told {
    /// Whether a person was told under a key; what they were told is read once.
    fn knows(&mut self, hall: &Hall, person: &str, key: &str, now: Timestamp) -> Result<bool, Refusal> {
        if !self.0.contains_key(person) {
            let held = hall.store.held_of_kind(&place(person), now)?;
            let keys = held.into_iter().map(|(key, _)| (key, ())).collect();
            self.0.insert(person.to_owned(), keys);
        }
        let known = self.0.get_mut(person).map(|keys| keys.insert(key.to_owned(), ()));
        Ok(known.flatten().is_some())
    }
}

/// Under which kind the notices of a person are kept.
fn place(person: &str) -> String {
    format!("notice/{person}")
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 60 * 60)
}

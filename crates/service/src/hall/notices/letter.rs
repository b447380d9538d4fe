//! Letters: notices that go out by mail. What is to go out waits here, beside the acts, until the mail server has taken it.
//!
//! A letter is claimed before it is sent, so that of two nodes that both believe to have the job one sends it. A node that
//! dies while it sends has not settled the letter: it goes out again, under the same Message-ID.

use std::time::Duration;

use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};
use ledger::Hash;
use model::lang::Text;
use serde::{Deserialize, Serialize};

use super::{Link, Notice, Wish, days, kinds};
use crate::hall::{Hall, Refusal};

/// Under which kind letters wait.
const LETTER: &str = "letter";
/// When each person got their last daily letter.
const DIGEST: &str = "digest";
/// On which days the daily letters were written.
const DIGESTS: &str = "digests";

/// Letters that are taken up at once.
const PART: usize = 50;
/// For how long a claimed letter is left alone.
const CLAIMED: SignedDuration = SignedDuration::from_mins(10);
/// The first pause after a failure; each one after it is twice as long.
const PAUSE: SignedDuration = SignedDuration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(2);
/// After so many attempts those who run the installation are told.
const TELL_AFTER: u32 = 6;
/// After so long a letter is given up.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(72);
/// For how many days a waiting letter is kept; longer than [`GIVE_UP`].
const WAITS_DAYS: u64 = 7;
/// For how many days it is known that a letter went out; longer than it takes to make its notice again.
const SENT_DAYS: u64 = 2;

/// What the installation says of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outbox {
    /// When those get mail who chose nothing.
    pub unless_chosen: Wish,
    /// The hour of the day (Japan) from which the daily letters go out.
    pub digest_hour: i8,
}

/// A letter to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Under which key it waits.
    pub key: String,
    /// The address, as the register of personnel has it.
    pub to: String,
    /// What it tells; more than one thing in a daily letter.
    pub notices: Vec<Notice>,
    /// The same for every attempt: what mail servers and readers know a letter by.
    pub id: String,
    number: u64,
    queued: Queued,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The server took it.
    Sent,
    /// Not now: no connection, a refusal for the time being.
    Later,
    /// Never: the server refuses it for good, or the address is none.
    Refused,
}

/// A letter as it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Queued {
    person: String,
    about: About,
    queued_at: Timestamp,
    next_at: Timestamp,
    tries: u32,
    sent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum About {
    /// One notice, by its key.
    Notice(String),
    /// What was not read since.
    Since(Timestamp),
}

impl Hall {
    /// Sends notices by mail from now on: whoever calls [`Hall::due_letters`] does.
    pub fn open_outbox(&self, outbox: Outbox) {
        // A second time changes nothing.
        _ = self.outbox.set(outbox);
    }

    /// What the installation says of mail; `None` where it sends none.
    #[must_use]
    pub fn outbox(&self) -> Option<&Outbox> {
        self.outbox.get()
    }

    /// Has a notice sent to a person who wants each at once.
    pub(super) fn post_at_once(&self, person: &str, notice: &str) -> Result<(), Refusal> {
        if self.outbox().is_none() || self.mail_wish(person)? != Wish::AtOnce {
            return Ok(());
        }
        self.queue(person, notice, About::Notice(notice.to_owned()))?;
        Ok(())
    }

    /// Writes the daily letters, once a day from the hour on; how many there were.
    ///
    /// # Errors
    /// What the database says.
    pub fn queue_digests(&self) -> Result<usize, Refusal> {
        let (now, today) = (self.clock.now(), self.clock.today().to_string());
        let hour = TimeZone::fixed(offset(9)).to_datetime(now).hour();
        let is_time = self.outbox().is_some_and(|outbox| hour >= outbox.digest_hour);
        if !is_time || self.store.held(DIGESTS, &today, now)?.is_some() {
            return Ok(0);
        }
        let directory = self.directory();
        let mut people: Vec<String> = self.administrators()?;
        people.extend(directory.people.keys().cloned());
        people.sort();
        people.dedup();
        let mut queued = 0;
        for person in people {
            if self.mail_wish(&person)? == Wish::Daily {
                queued += usize::from(self.queue_digest(&person, &today, now)?);
            }
        }
        self.store.hold(DIGESTS, &today, b"", now, days(SENT_DAYS))?;
        Ok(queued)
    }

    fn queue_digest(&self, person: &str, today: &str, now: Timestamp) -> Result<bool, Refusal> {
        let last = self.store.held(DIGEST, person, now)?;
        let last = last.and_then(|held| std::str::from_utf8(&held.value).ok()?.parse().ok());
        let since = last.unwrap_or(Timestamp::UNIX_EPOCH);
        if self.unread_since(person, since)?.is_empty() {
            return Ok(false);
        }
        let queued = self.queue(person, &format!("digest/{today}"), About::Since(since))?;
        self.store
            .hold(DIGEST, person, now.to_string().as_bytes(), now, days(super::LIFE))?;
        Ok(queued)
    }

    fn queue(&self, person: &str, key: &str, about: About) -> Result<bool, Refusal> {
        let now = self.clock.now();
        let queued = Queued {
            person: person.to_owned(),
            about,
            queued_at: now,
            next_at: now,
            tries: 0,
            sent: false,
        };
        let key = format!("{person}/{key}");
        Ok(self
            .store
            .hold_if((LETTER, &key), None, &written(&queued), now, days(WAITS_DAYS))?)
    }

    /// The letters that are to be sent now. Each is claimed: nobody else gets it until it is [settled](Hall::settle_letter) or
    /// ten minutes have passed.
    ///
    /// # Errors
    /// What the database says.
    pub fn due_letters(&self) -> Result<Vec<Letter>, Refusal> {
        let now = self.clock.now();
        let mut letters = Vec::new();
        for (key, held) in self.store.held_of_kind(LETTER, now)? {
            let Ok(queued) = serde_json::from_slice::<Queued>(&held.value) else {
                continue;
            };
            if queued.sent || queued.next_at > now || letters.len() >= PART {
                continue;
            }
            let notices = match &queued.about {
                About::Notice(notice) => self.unread(&queued.person, notice)?,
                About::Since(since) => self.unread_since(&queued.person, *since)?,
            };
            let is_young = now.duration_since(queued.queued_at) < CLAIMED;
            let address = self.address(&queued.person);
            let (Some(to), false) = (address, notices.is_empty()) else {
                if is_young && matches!(&queued.about, About::Notice(key) if !self.has_notice(&queued.person, key)?) {
                    // The letter comes before its notice.
                    continue;
                }
                // Read in the meantime, or nobody to write to.
                self.store.release(LETTER, &key)?;
                continue;
            };
            let claimed = Queued {
                next_at: now.saturating_add(CLAIMED).unwrap_or(Timestamp::MAX),
                ..queued.clone()
            };
            let held_by = (LETTER, &*key);
            if self
                .store
                .hold_if(held_by, Some(held.number), &written(&claimed), now, days(WAITS_DAYS))?
            {
                letters.push(Letter {
                    id: id(&key, &queued),
                    key,
                    to,
                    notices,
                    number: held.number + 1,
                    queued,
                });
            }
        }
        Ok(letters)
    }

    /// Says what became of a letter.
    ///
    /// # Errors
    /// What the database says.
    pub fn settle_letter(&self, letter: &Letter, attempt: &Attempt) -> Result<(), Refusal> {
        let now = self.clock.now();
        let mut queued = letter.queued.clone();
        queued.tries = queued.tries.saturating_add(1);
        let is_old = now.duration_since(queued.queued_at) > GIVE_UP;
        let held = (LETTER, &*letter.key);
        match attempt {
            Attempt::Sent => {
                queued.sent = true;
                self.put(held, letter.number, &queued, now, days(SENT_DAYS))
            }
            Attempt::Refused => self.give_up(held.1),
            Attempt::Later if is_old => self.give_up(held.1),
            Attempt::Later => {
                let pause = pause(queued.tries);
                queued.next_at = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
                self.put(held, letter.number, &queued, now, days(WAITS_DAYS))?;
                if queued.tries >= TELL_AFTER {
                    self.tell_of_mail(Text::fixed(
                        "メールサーバーが受け付けないため、お知らせのメールを送れていません",
                        "the mail server takes no letters; notices are not sent",
                    ))?;
                }
                Ok(())
            }
        }
    }

    /// How many letters wait.
    ///
    /// # Errors
    /// What the database says.
    pub fn waiting_letters(&self) -> Result<usize, Refusal> {
        let held = self.store.held_of_kind(LETTER, self.clock.now())?;
        let queued = held
            .iter()
            .filter_map(|(_, held)| serde_json::from_slice(&held.value).ok());
        Ok(queued.filter(|queued: &Queued| !queued.sent).count())
    }

    fn put(
        &self,
        held: (&str, &str),
        number: u64,
        queued: &Queued,
        now: Timestamp,
        life: Duration,
    ) -> Result<(), Refusal> {
        // Where another node claimed it meanwhile, that one settles it.
        self.store.hold_if(held, Some(number), &written(queued), now, life)?;
        Ok(())
    }

    fn give_up(&self, key: &str) -> Result<(), Refusal> {
        self.store.release(LETTER, key)?;
        self.tell_of_mail(Text::fixed(
            "届けられなかったお知らせのメールがあります。職員の台帳のメールアドレスと、メールサーバーを確かめてください",
            "letters could not be delivered; check the addresses in the register of personnel and the mail server",
        ))
    }

    /// Once a day.
    fn tell_of_mail(&self, title: Text) -> Result<(), Refusal> {
        let key = format!("{}/{}", self.clock.today(), title.en.len());
        self.tell_administrators(&kinds::mail::KIND, &key, title, Link::Administration)?;
        Ok(())
    }

    fn unread(&self, person: &str, key: &str) -> Result<Vec<Notice>, Refusal> {
        let mut kept = self.notices_of(person)?;
        kept.retain(|kept| kept.key == key && kept.notice.read_at.is_none());
        Ok(kept.into_iter().map(|kept| kept.notice).collect())
    }

    fn has_notice(&self, person: &str, key: &str) -> Result<bool, Refusal> {
        let held = self.store.held(&super::place(person), key, self.clock.now())?;
        Ok(held.is_some())
    }

    fn unread_since(&self, person: &str, since: Timestamp) -> Result<Vec<Notice>, Refusal> {
        let mut kept = self.notices_of(person)?;
        kept.retain(|kept| kept.notice.at > since && kept.notice.read_at.is_none());
        Ok(kept.into_iter().map(|kept| kept.notice).collect())
    }

    /// Where somebody who works here today gets mail.
    fn address(&self, person: &str) -> Option<String> {
        let directory = self.directory();
        directory.member(person, self.clock.today())?.email.clone()
    }
}

fn pause(tries: u32) -> SignedDuration {
    let doubled = 2_i32.saturating_pow(tries.saturating_sub(1));
    PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
}

fn id(key: &str, queued: &Queued) -> String {
    let hash = Hash::leaf(format!("{key}\0{}", queued.queued_at).as_bytes());
    let digits = hash.0.iter().take(16).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

fn written(queued: &Queued) -> Vec<u8> {
    serde_json::to_vec(queued).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_twice_as_long_up_to_two_hours() {
        let pauses: Vec<i64> = [1, 2, 3, 7, 8, 40, u32::MAX].map(|tries| pause(tries).as_secs()).into();
        assert_eq!(pauses, [15, 30, 60, 960, 1920, 7200, 7200]);
    }
}

//! The city changes its own files: the settings of `city.toml`, its duties and overrides of the shipped ones (`standard/*.toml`).
//!
//! What would become of the standing is judged first, without storing anything ([`Hall::preview`]); then the change is one act
//! ([`Hall::revise`]).

use access::authority::Resource;
use model::lang::Text;
use policy::judge::Standing;
use serde_json::{Value, json};
use store::{Act, Expected};

use super::plain;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::live::{Live, Unloadable, documents};
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection, sources};
use crate::sources::{SETTINGS, Sources};
use crate::standing::Snapshot;

/// The most bytes of one file.
const LONGEST: usize = 1 << 20;

/// One of the city's own files that is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// `city.toml`, `standard/10-own.toml`
    pub name: String,
    /// What it says.
    pub text: String,
    /// Its version; 0 for one that is not there yet.
    pub version: u64,
}

/// What a change would make of the standing.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The duties that would stand otherwise, in the order of the standard; then those that would be gone.
    pub duties: Vec<Shift>,
    /// The clauses that would.
    pub clauses: Vec<Shift>,
}

/// A duty or a clause that would stand otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Text,
    /// How it stands; `None` where there is no such duty yet.
    pub before: Option<Standing>,
    /// How it would stand; `None` where it would be gone.
    pub after: Option<Standing>,
    /// How many findings it has and would have.
    pub findings: (usize, usize),
}

impl Hall {
    /// The city's own files that can be changed: the settings, then the standard by name.
    ///
    /// # Errors
    /// What the database says.
    pub fn own_files(&self) -> Result<Vec<OwnFile>, Refusal> {
        let mut files = Vec::new();
        self.store.scan(collection::CITY, &mut |entry| {
            let is_own = entry.key == SETTINGS || entry.key.starts_with("standard/");
            if let Some(text) = entry.document.get("text").and_then(Value::as_str)
                && is_own
                && entry.retired_at.is_none()
            {
                files.push(OwnFile {
                    name: entry.key.clone(),
                    text: text.to_owned(),
                    version: entry.version,
                });
            }
            Ok(())
        })?;
        files.sort_by(|a, b| (a.name != SETTINGS, &a.name).cmp(&(b.name != SETTINGS, &b.name)));
        Ok(files)
    }

    /// What the standing would be with a file in other words; nothing is stored.
    ///
    /// # Errors
    /// [`Refusal::Problems`] with everything in the city's files that would not be right; [`Refusal::Rules`] for a name that is none.
    pub fn preview(&self, name: &str, text: &str) -> Result<Preview, Refusal> {
        let current = self.snapshot().ok_or(Refusal::NoCity)?;
        let sources = self.changed_sources(name, text)?;
        let size = self.store.head()?.edge.size();
        let live =
            Live::of(&*self.store, &sources, size, self.clock.today()).map_err(|unloadable| match unloadable {
                Unloadable::City(problems) => Refusal::Problems(problems),
                Unloadable::Store(failure) => failure.into(),
                Unloadable::Unsigned(why) => Refusal::Rules(vec![why]),
            })?;
        Ok(Preview {
            duties: duties(&current, &live.snapshot),
            clauses: clauses(&current, &live.snapshot),
        })
    }

    /// Changes a file of the city. `file.version` is the one that the visitor saw.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Reauthenticate`]; those of [`Hall::preview`]; [`Refusal::Store`] where somebody else was first.
    pub fn revise(&self, visitor: &Visitor, file: &OwnFile, reason: &str) -> Result<(), Refusal> {
        let verb = if file.name == SETTINGS {
            Verb::ChangeSettings
        } else {
            Verb::ChangeStandard
        };
        self.permit(visitor, verb, &Resource::City { founded: true })?;
        self.fresh(visitor)?;
        if reason.trim().is_empty() {
            return Err(Refusal::rule("改める理由を入力してください", "say why it is changed"));
        }
        self.preview(&file.name, &file.text)?;
        let document = if file.name == SETTINGS {
            json!({ "text": unix(&file.text) })
        } else {
            json!({ "file": file.name, "text": unix(&file.text) })
        };
        let mut put = plain(collection::CITY, &file.name, document);
        put.expected = if file.version == 0 {
            Expected::New
        } else {
            Expected::Version(file.version)
        };
        let act = Act::new("standard.set")
            .by(&visitor.person)
            .note("reason", reason.trim());
        self.commit(act.with(put))?;
        Ok(())
    }

    fn changed_sources(&self, name: &str, text: &str) -> Result<Sources, Refusal> {
        let stem = name
            .strip_prefix("standard/")
            .and_then(|name| name.strip_suffix(".toml"));
        let is_plain = |stem: &str| {
            (1..=40).contains(&stem.len())
                && stem
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if name != SETTINGS && !stem.is_some_and(is_plain) {
            return Err(Refusal::rule(
                "ファイルの名は standard/ に続けて、英数字と - _ で書き、.toml で終えてください",
                "a file is named standard/NAME.toml, with letters, digits, - and _",
            ));
        }
        if text.len() > LONGEST {
            return Err(Refusal::rule(
                "ファイルが大きすぎます(1MBまで)",
                "the file is too large (1 MB at most)",
            ));
        }
        let mut own = documents(&*self.store, collection::CITY)?;
        own.retain(|(key, _)| key != name);
        own.push((name.to_owned(), json!({ "file": name, "text": unix(text) })));
        own.sort_by(|a, b| a.0.cmp(&b.0));
        sources::sources(&own).ok_or(Refusal::NoCity)
    }
}

fn duties(current: &Snapshot, then: &Snapshot) -> Vec<Shift> {
    let of = |snapshot: &Snapshot, id: &str| {
        let (_, state) = snapshot.duty(snapshot.position(id)?)?;
        Some((state.standing, state.findings.len()))
    };
    let all = |snapshot: &Snapshot| {
        let duties = (0..snapshot.duties.len()).filter_map(|position| snapshot.duty(position));
        let named: Vec<(String, Text)> = duties.map(|(duty, _)| (duty.id.clone(), duty.title.clone())).collect();
        named
    };
    let mut named = all(then);
    let gone = all(current).into_iter().filter(|(id, _)| then.position(id).is_none());
    named.extend(gone);
    let shift = |(id, title): (String, Text)| {
        let (before, after) = (of(current, &id), of(then, &id));
        (before != after).then(|| Shift {
            before: before.map(|(standing, _)| standing),
            after: after.map(|(standing, _)| standing),
            findings: (
                before.map_or(0, |(_, findings)| findings),
                after.map_or(0, |(_, findings)| findings),
            ),
            id,
            title,
        })
    };
    named.into_iter().filter_map(shift).collect()
}

fn clauses(current: &Snapshot, then: &Snapshot) -> Vec<Shift> {
    let shift = |state: &crate::standing::ClauseState| {
        let before = current.clause(&state.id)?;
        let changed = (before.standing, before.broken) != (state.standing, state.broken);
        changed.then(|| Shift {
            id: state.id.clone(),
            title: Text::same(state.id.clone()),
            before: before.standing,
            after: state.standing,
            findings: (before.broken, state.broken),
        })
    };
    then.walk().filter_map(shift).collect()
}

/// Browsers send lines that end with CR LF.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

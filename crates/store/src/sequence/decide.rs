//! One act over the state: every change is possible, or none is done.

use jiff::Timestamp;
use model::random::{self, Random};
use serde_json::{Map, Value as Json};

use super::leaf::{self, Version};
use super::stage::Stage;
use super::state::{Held, Name, Other, State};
use crate::act::{Act, Change, Expected, Mark, Put, Receipt};
use crate::failure::{Failure, Result};
use crate::refused::Refused;
use crate::terms::{Terms, hex};

/// Decides one act that is [fit to be stored](super::check); where it can be done, its ledger entries and rows are added to the state.
///
/// # Errors
/// Only what makes the whole batch fail: a damaged database.
pub(super) fn act(
    act: &Act,
    at: Timestamp,
    state: &mut State,
    random: &dyn Random,
) -> Result<Result<Receipt, Refused>> {
    let mut stage = Stage::new(state);
    let first = state.head.edge.size();
    for (position, change) in act.changes.iter().enumerate() {
        let mut decision = Decision {
            stage: &mut stage,
            position,
            at,
            first,
            random,
        };
        match decision.change(change) {
            Ok(()) => {}
            Err(Refused::Failed(failure)) => return Err(failure),
            Err(refused) => return Ok(Err(refused)),
        }
    }
    let mut staged = stage.done();
    let versions = std::mem::take(&mut staged.versions);
    let actor = act.actor.as_deref().map(|person| pseudonym(state, person, random));
    let receipt = match leaf::append(state, act, actor, at, versions, &staged.others, random) {
        Ok(receipt) => receipt,
        Err(Refused::Failed(failure)) => return Err(failure),
        Err(refused) => return Ok(Err(refused)),
    };
    state.take(staged);
    Ok(Ok(receipt))
}

/// The pseudonym of a person, made at their first act.
fn pseudonym(state: &mut State, person: &str, random: &dyn Random) -> String {
    if let Some(actor) = state.pseudonyms.get(person) {
        return actor.clone();
    }
    let mut actor = String::with_capacity(32);
    hex(&mut actor, &random::bytes::<16>(random));
    state.pseudonyms.insert(person.to_owned(), actor.clone());
    state.new_pseudonyms.push(person.to_owned());
    actor
}

struct Decision<'d, 's> {
    stage: &'d mut Stage<'s>,
    position: usize,
    at: Timestamp,
    /// The index of the act's first ledger entry.
    first: u64,
    random: &'d dyn Random,
}

impl Decision<'_, '_> {
    fn change(&mut self, change: &Change) -> Result<(), Refused> {
        match change {
            Change::Put(put) => self.put(put),
            Change::Retire(mark) => self.mark(mark, true),
            Change::Restore(mark) => self.mark(mark, false),
            Change::Erase { leaf } => self.erase(*leaf),
            Change::SetSecret { scope, key, value } => {
                let value = Some(value.clone());
                self.other(Other::Secret {
                    scope: scope.clone(),
                    key: key.clone(),
                    value,
                })
            }
            Change::DropSecret { scope, key } => self.other(Other::Secret {
                scope: scope.clone(),
                key: key.clone(),
                value: None,
            }),
            Change::Forget { person } => self.other(Other::Forgotten { person: person.clone() }),
            Change::Blob { hash, size, media } => self.other(Other::Blob {
                hash: *hash,
                size: *size,
                media: media.clone(),
            }),
        }
    }

    fn put(&mut self, put: &Put) -> Result<(), Refused> {
        let name = (put.register.clone(), put.key.clone());
        let before = self.stage.entry(&name).cloned();
        self.expect(&name, put.expected, before.as_ref())?;
        let (terms, search) = Terms::of(put);
        self.free(&name, &terms)?;
        let Json::Object(document) = &put.document else {
            return Err(Refused::Malformed("a document is no object"));
        };
        let held = Held {
            id: before.as_ref().map_or_else(|| self.stage.next_id(), |held| held.id),
            subject: before
                .as_ref()
                .map_or_else(|| random::bytes(self.random), |held| held.subject),
            version: before.as_ref().map_or(0, |held| held.version) + 1,
            title: put.title.clone(),
            reading: put.reading.clone(),
            retired_at: before.and_then(|held| held.retired_at),
            leaf: 0,
            terms,
            search,
            document: None,
        };
        self.version(name, held, document.clone())
    }

    fn mark(&mut self, mark: &Mark, retire: bool) -> Result<(), Refused> {
        let name = (mark.register.clone(), mark.key.clone());
        let Some(before) = self.stage.entry(&name).cloned() else {
            return Err(self.conflict(&name, None));
        };
        self.expect(&name, mark.expected, Some(&before))?;
        if before.retired() == retire {
            let (register, key) = name;
            return Err(Refused::Unchanged {
                change: self.position,
                register,
                key,
            });
        }
        let text = before.document.as_deref().unwrap_or_default();
        let document: Map<String, Json> =
            serde_json::from_str(text).map_err(|_| Failure::Damaged("a document is no JSON object".to_owned()))?;
        let held = Held {
            version: before.version + 1,
            retired_at: retire.then(|| self.at.to_string()),
            ..before
        };
        self.version(name, held, document)
    }

    /// Adds the version that makes the entry what `held` says.
    fn version(&mut self, name: Name, mut held: Held, document: Map<String, Json>) -> Result<(), Refused> {
        let text = serde_json::to_string(&document).map_err(|_| Refused::Malformed("a document is no JSON"))?;
        held.leaf = self.first + u64::try_from(self.stage.versions.len()).unwrap_or(u64::MAX);
        held.document = Some(text.clone());
        self.stage.versions.push(Version::new(&name, &held, document, text));
        self.stage.put(name, held);
        Ok(())
    }

    fn erase(&mut self, leaf: u64) -> Result<(), Refused> {
        let refused = Refused::NotErasable {
            change: self.position,
            leaf,
        };
        let target = self.stage.target(leaf).cloned().ok_or_else(|| refused.clone())?;
        if let Some(name) = target.record.clone() {
            let current = self.stage.entry(&name).cloned();
            if let Some(mut held) = current.filter(|held| held.leaf == leaf) {
                if !held.retired() {
                    return Err(refused);
                }
                held.title = String::new();
                held.reading = String::new();
                held.terms = Terms::default();
                held.search = String::new();
                held.document = None;
                self.stage.put(name, held);
            }
        }
        self.stage.erase(leaf);
        self.other(Other::Erased {
            leaf,
            by: self.first,
            class: target.class,
            retired: target.retired,
        })
    }

    fn other(&mut self, other: Other) -> Result<(), Refused> {
        self.stage.others.push(other);
        Ok(())
    }

    fn expect(&self, name: &Name, expected: Expected, found: Option<&Held>) -> Result<(), Refused> {
        let current = found.map(|held| held.version);
        let met = match expected {
            Expected::New => current.is_none(),
            Expected::Version(version) => current == Some(version),
            Expected::Any => true,
        };
        if met { Ok(()) } else { Err(self.conflict(name, current)) }
    }

    /// No other entry may have one of the unique values.
    fn free(&self, name: &Name, terms: &Terms) -> Result<(), Refused> {
        for (field, value) in &terms.unique {
            let holder = self.stage.holder(&(name.0.clone(), field.clone(), value.clone()));
            if let Some(holder) = holder.filter(|holder| *holder != name.1) {
                return Err(Refused::Duplicate {
                    change: self.position,
                    register: name.0.clone(),
                    name: field.clone(),
                    holder: holder.to_owned(),
                });
            }
        }
        Ok(())
    }

    fn conflict(&self, name: &Name, current: Option<u64>) -> Refused {
        let (register, key) = name.clone();
        Refused::Conflict {
            change: self.position,
            register,
            key,
            current,
        }
    }
}

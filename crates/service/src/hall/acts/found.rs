//! A city is loaded: its own files, and the rows of its registers.

use std::collections::BTreeMap;

use register::{Entry, Kind, Words};
use serde_json::{Value, json};
use store::{Act, Change, Expected, Put};

use crate::city::City;
use crate::folder::Folder;
use crate::hall::put::put;
use crate::hall::{Hall, Refusal, collection, sources};
use crate::sources::Sources;

/// Records that one act of an import changes, at most.
const PART: usize = 1_000;

/// What is loaded.
pub struct Founding<'f> {
    /// The city's own files.
    pub sources: &'f Sources,
    /// The same, read; with the rows of its registers.
    pub folder: &'f Folder,
}

impl Hall {
    /// Loads a city into an empty hall.
    ///
    /// `actor` is the administrator who does it; `None` at the command line. `progress` is told how many of all records are written.
    ///
    /// # Errors
    /// There is a city already, or the store refuses. What was written before a failure stays; the same call goes on from there.
    pub fn found(
        &self,
        actor: Option<&str>,
        founding: &Founding<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<(), Refusal> {
        if self.city().is_some() {
            return Err(Refusal::rule("団体は既に読み込まれている", "a city is loaded already"));
        }
        let Folder { city, imported, .. } = founding.folder;
        let acts = rows(city, &imported.entries, &imported.words);
        let total = imported.entries.values().map(Vec::len).sum();
        let mut done = 0;
        let mut pending = Vec::new();
        for act in acts {
            let count = act.changes.len();
            pending.push((count, self.sequencer.enqueue(by(act, actor))?));
        }
        for (count, pending) in pending {
            pending.wait()?;
            done += count;
            progress(done, total);
        }
        // The city's own files come last: a hall that has them has everything.
        self.commit(by(
            own_files(founding.sources, imported.entries.keys().cloned().collect()),
            actor,
        ))?;
        Ok(())
    }
}

fn by(act: Act, actor: Option<&str>) -> Act {
    match actor {
        Some(actor) => act.by(actor),
        None => act,
    }
}

fn own_files(sources: &Sources, kept: Vec<String>) -> Act {
    let mut act = Act::new("city.found");
    for (key, document) in sources::documents(sources) {
        act = act.with(plain(collection::CITY, &key, document));
    }
    act.with(plain(collection::CITY, collection::KEPT, json!({ "registers": kept })))
}

/// The acts that bring in the rows of all registers, in the policy's order.
fn rows(city: &City, entries: &BTreeMap<String, Vec<Entry>>, words: &Words) -> Vec<Act> {
    let registers = city
        .kinds
        .iter()
        .filter_map(|kind| Some((kind, entries.get(&kind.slug)?)));
    let parts = registers.flat_map(|(kind, entries)| entries.chunks(PART).map(move |part| (kind, part)));
    parts.map(|(kind, part)| import(kind, part, words)).collect()
}

fn import(kind: &Kind, part: &[Entry], words: &Words) -> Act {
    let mut act = Act::new("register.import");
    let changes = part.iter().map(|entry| {
        let put = put(kind, &entry.document, words, Expected::Any);
        Change::Put(put)
    });
    act.changes = changes.collect();
    act
}

/// A document that is found by its key alone.
pub(crate) fn plain(register: &str, key: &str, document: Value) -> Put {
    Put {
        register: register.to_owned(),
        key: key.to_owned(),
        expected: Expected::Any,
        document,
        title: key.to_owned(),
        ..Put::default()
    }
}

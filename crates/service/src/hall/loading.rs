//! What a hall reads when it opens: every row of every register, once.
//!
//! One thread reads the database, another makes facts of what it read: a city of a hundred thousand rows is there in half the time.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use policy::facts::{Facts, Gathering, Schema};
use register::Words;
use register::words::Name;
use serde_json::Value;
use store::Store;

use super::collection;
use super::live::Unloadable;
use crate::city::City;

/// Bytes of documents that go from one thread to the other at a time.
const BATCH: usize = 256 << 10;
/// Batches that are on the way.
const AHEAD: usize = 4;

/// The rows of every register that the city keeps: every document is read once, and nothing is held twice.
pub(super) fn facts(
    store: &dyn Store,
    city: &City,
    schema: Arc<Schema>,
    words: &mut Words,
) -> Result<Facts, Unloadable> {
    let targets: BTreeSet<&str> = city
        .kinds
        .iter()
        .flat_map(|kind| kind.fields.iter().filter_map(|field| field.target()))
        .collect();
    let kept = kept(store)?;
    let mut gathering = Gathering::new(schema);
    let mut registers: HashMap<&str, usize> = HashMap::new();
    for (position, kind) in city.kinds.iter().enumerate() {
        words.declare(&kind.slug, &kind.label);
        if kept.contains(&kind.slug) {
            gathering.deliver(position);
        }
        registers.insert(&kind.slug, position);
    }
    let (sender, receiver) = sync_channel::<Batch>(AHEAD);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| read(store, &registers, sender));
        let mut taken = Ok(());
        for batch in receiver {
            taken = batch.lines().try_for_each(|line| {
                let kind = city.kinds.get(line.register).ok_or_else(damaged)?;
                let named = Name::of(line.key, line.title);
                let mut row = gathering.row(line.register, (Arc::clone(&named.key), Arc::clone(&named.title), 0));
                let schemes = &city.settings.schemes;
                kind.facts_of_text(line.document, schemes, |field, value| row.set(field, value))
                    .map_err(|_| damaged())?;
                row.done();
                if targets.contains(kind.slug.as_str()) {
                    words.add_name(&kind.slug, named);
                }
                Ok(())
            });
            if taken.is_err() {
                // The reader notices that nobody takes more.
                break;
            }
        }
        let read = reading.join().unwrap_or_else(|_| Err(interrupted()));
        taken.and(read)
    })?;
    Ok(gathering.finish())
}

/// Reads all rows and sends them on; ends early where nobody takes them any more.
fn read(store: &dyn Store, registers: &HashMap<&str, usize>, to: SyncSender<Batch>) -> Result<(), store::Failure> {
    let mut batch = Batch::default();
    store.scan_all(&mut |line| {
        if let Some(register) = registers.get(line.register) {
            batch.push(*register, line);
            if batch.texts.len() >= BATCH {
                to.send(std::mem::take(&mut batch)).map_err(|_| interrupted())?;
            }
        }
        Ok(())
    })?;
    to.send(batch).map_err(|_| interrupted())
}

fn damaged() -> store::Failure {
    store::Failure::Damaged("a document is no JSON".to_owned())
}

fn interrupted() -> store::Failure {
    store::Failure::Unavailable("the registers were not read to the end".to_owned())
}

/// Rows one after another, their texts in one place.
#[derive(Debug, Default)]
struct Batch {
    texts: String,
    rows: Vec<Ends>,
}

/// Of one row: the position of its register, and where in the texts its key, its title and its document end.
#[derive(Debug, Clone, Copy)]
struct Ends {
    register: usize,
    key: usize,
    title: usize,
    document: usize,
}

/// One row of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line<'b> {
    register: usize,
    key: &'b str,
    title: &'b str,
    document: &'b str,
}

impl Batch {
    fn push(&mut self, register: usize, line: store::Line<'_>) {
        let mut add = |text: &str| {
            self.texts.push_str(text);
            self.texts.len()
        };
        let (key, title, document) = (add(line.key), add(line.title), add(line.document));
        self.rows.push(Ends {
            register,
            key,
            title,
            document,
        });
    }

    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let text = |from: usize, to: usize| self.texts.get(from..to).unwrap_or_default();
        let starts = std::iter::once(0).chain(self.rows.iter().map(|row| row.document));
        starts.zip(&self.rows).map(move |(start, ends)| Line {
            register: ends.register,
            key: text(start, ends.key),
            title: text(ends.key, ends.title),
            document: text(ends.title, ends.document),
        })
    }
}

/// The registers that the city said it keeps, be they empty: an empty register of incidents is an answer, one that
/// nobody opened is none.
pub(super) fn kept(store: &dyn Store) -> Result<BTreeSet<String>, store::Failure> {
    let entry = store.entry(collection::CITY, collection::KEPT)?;
    let slugs = entry.and_then(|entry| entry.document.get("registers")?.as_array().cloned());
    let slugs = slugs.unwrap_or_default();
    Ok(slugs.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_gives_back_what_was_put_in() {
        let rows = [("K-1", "", "{}"), ("鍵", "題", r#"{"名":"窓"}"#), ("", "t", "")];
        let mut batch = Batch::default();
        for (at, (key, title, document)) in rows.into_iter().enumerate() {
            let line = store::Line {
                register: "r",
                key,
                title,
                document,
            };
            batch.push(at, line);
        }
        let back: Vec<Line<'_>> = batch.lines().collect();
        let expected = rows
            .into_iter()
            .enumerate()
            .map(|(register, (key, title, document))| Line {
                register,
                key,
                title,
                document,
            });
        assert_eq!(back, expected.collect::<Vec<_>>());
    }
}

//! What the kinds look at: the city as it is, and what changed since somebody last looked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use approval::request::{Request, State};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::Hash;
use policy::judge::{Finding, Standing};
use serde::{Deserialize, Serialize};
use store::{Query, Test};

use super::days;
use crate::hall::directory::Directory;
use crate::hall::{Hall, Refusal, collection};
use crate::standing::Snapshot;

/// How far the ledger was looked at, and which findings were known then.
const SEEN: (&str, &str) = ("notices", "seen");
const FINDINGS: (&str, &str) = ("notices", "findings");

/// Ledger entries that the first look goes back: what happened before was told by nobody and is old.
const BACK: u64 = 2_000;
/// Changes, and requests, that are read at once.
const PART: usize = 500;
/// What is known of the last look is renewed with each.
const KEPT_DAYS: u64 = 400;

/// One look at the city.
pub struct Look<'h> {
    /// Where it is looked up.
    pub hall: &'h Hall,
    /// How the city stands.
    pub snapshot: Arc<Snapshot>,
    /// Who works here.
    pub directory: Arc<Directory>,
    /// The day of the judgement.
    pub today: Date,
    /// Requests that wait for a decision.
    pub waiting: Vec<Request>,
    /// Requests that changed.
    pub changed: Vec<Request>,
    /// What else changed: register or collection, and key.
    pub records: BTreeSet<(String, String)>,
    /// What is broken and was not, by the position of the duty.
    pub broken: BTreeMap<usize, Vec<Finding>>,
    /// Whether the day is another one than at the last look.
    pub is_new_day: bool,
    now: Timestamp,
    known: Vec<u8>,
}

/// How far it was looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    ledger: u64,
    day: Date,
}

impl<'h> Look<'h> {
    /// Looks; `None` where nothing changed and the day is the same, or where there is no city.
    pub(super) fn begin(hall: &'h Hall) -> Result<Option<Self>, Refusal> {
        let Some(snapshot) = hall.snapshot() else {
            return Ok(None);
        };
        let now = hall.clock.now();
        let today = hall.clock.today();
        let held = hall.store.held(SEEN.0, SEEN.1, now)?;
        let before: Option<Seen> = held.and_then(|held| serde_json::from_slice(&held.value).ok());
        let here = Seen {
            ledger: snapshot.ledger,
            day: today,
        };
        if before == Some(here) {
            return Ok(None);
        }
        let from = before.map_or_else(|| here.ledger.saturating_sub(BACK), |before| before.ledger);
        let records = changed(hall, from)?;
        let findings = hall.store.held(FINDINGS.0, FINDINGS.1, now)?;
        let (known, broken) = newly_broken(&snapshot, findings.map(|held| held.value).as_deref());
        let numbers = records.iter().filter(|(register, _)| register == collection::REQUEST);
        let changed = numbers.filter_map(|(_, number)| Some(hall.request(number).ok()?.request));
        Ok(Some(Self {
            hall,
            directory: hall.directory(),
            today: hall.today(),
            waiting: waiting(hall)?,
            changed: changed.collect(),
            records,
            broken,
            is_new_day: before.is_none_or(|before| before.day != today),
            now,
            known,
            snapshot,
        }))
    }

    /// Remembers how far it looked, once everybody is told.
    pub(super) fn end(self, hall: &Hall) -> Result<(), Refusal> {
        let seen = Seen {
            ledger: self.snapshot.ledger,
            day: hall.clock.today(),
        };
        let life = days(KEPT_DAYS);
        hall.store.hold(FINDINGS.0, FINDINGS.1, &self.known, self.now, life)?;
        let value = serde_json::to_vec(&seen).unwrap_or_default();
        Ok(hall.store.hold(SEEN.0, SEEN.1, &value, self.now, life)?)
    }
}

/// What was changed by the ledger entries from an index on.
fn changed(hall: &Hall, mut from: u64) -> Result<BTreeSet<(String, String)>, Refusal> {
    let mut records = BTreeSet::new();
    loop {
        let part = hall.store.changes_since(from, PART)?;
        let full = part.len() == PART;
        for changed in part {
            from = changed.leaf + 1;
            records.insert((changed.register, changed.key));
        }
        if !full {
            return Ok(records);
        }
    }
}

/// Every request that waits, however many.
fn waiting(hall: &Hall) -> Result<Vec<Request>, Refusal> {
    let word = serde_json::to_value(State::Waiting).ok();
    let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let mut query = Query {
        filters: vec![store::Filter {
            field: "state".to_owned(),
            test: Test::AnyOf(BTreeSet::from([word.as_bytes().to_vec()])),
        }],
        sort: store::Sort::Key,
        limit: PART,
        ..Query::of(collection::REQUEST)
    };
    let mut requests = Vec::new();
    loop {
        let page = hall.store.list(&query)?;
        requests.extend(page.rows.into_iter().filter_map(|row| Request::read(row.document).ok()));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(requests),
        }
    }
}

/// The marks of everything that is broken, and what of it has no mark in `known`. Where nothing was ever marked (a new city,
/// a restored one) nothing is new.
fn newly_broken(snapshot: &Snapshot, known: Option<&[u8]>) -> (Vec<u8>, BTreeMap<usize, Vec<Finding>>) {
    let before: Option<BTreeSet<&[u8]>> = known.map(|known| known.chunks(MARK).collect());
    let mut marks: BTreeSet<[u8; MARK]> = BTreeSet::new();
    let mut new: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for position in 0..snapshot.duties.len() {
        let Some((duty, state)) = snapshot.duty(position) else {
            continue;
        };
        let broken = state.findings.iter();
        for finding in broken.filter(|finding| finding.standing == Standing::Broken) {
            let mark = mark(&duty.id, finding);
            marks.insert(mark);
            if before.as_ref().is_some_and(|before| !before.contains(mark.as_slice())) {
                new.entry(position).or_default().push(finding.clone());
            }
        }
    }
    (marks.into_iter().flatten().collect(), new)
}

/// Bytes of a mark.
const MARK: usize = 8;

/// What tells a finding from others: the duty and the row.
fn mark(duty: &str, finding: &Finding) -> [u8; MARK] {
    let place = finding.place.as_ref();
    let register = place.map(|place| place.register.as_str()).unwrap_or_default();
    let key = place.and_then(|place| place.key.as_deref()).unwrap_or_default();
    let hash = Hash::leaf(format!("{duty}\0{register}\0{key}").as_bytes());
    let mut mark = [0; MARK];
    mark.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    mark
}

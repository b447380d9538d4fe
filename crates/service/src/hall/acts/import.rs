//! A file is taken into a register: first as a preview that changes nothing, then as an act.
//!
//! Between the two the file waits sealed and for half an hour, bound to the session of whoever brought it, with the
//! versions of the rows that it would change: what somebody saw is what is done, or nothing is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use access::opaque::Opaque;
use access::seal::Place as Sealed;
use model::lang::Text;
use register::{Entry, Fault, Kind, Plan, Words, hierarchy, table};
use serde_json::Value;
use store::{Act, Expected, Refused};

use super::entry::clauses;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::put::put;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// Records that one act changes, at most.
const PART: usize = 1_000;
/// The largest file that is kept, in bytes.
pub const UPLOAD_BYTES: usize = 32 << 20;
/// How long a file waits for its confirmation.
const WAITS: Duration = Duration::from_secs(30 * 60);
/// The kind under which files wait.
const UPLOAD: &str = "upload";

/// What taking a file in would change.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What the confirmation names.
    pub ticket: String,
    /// The name of the file.
    pub file: String,
    /// Row by row.
    pub plan: Plan,
    /// The titles of the new rows, in the order of the plan.
    pub created: Vec<(String, String)>,
}

/// What was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// New rows.
    pub created: usize,
    /// Rows that were changed.
    pub changed: usize,
}

/// A file that waits.
struct Waiting {
    file: String,
    register: String,
    /// By key: the version of the rows that the preview showed as changed.
    seen: BTreeMap<String, u64>,
    bytes: Vec<u8>,
}

/// A file that was read against the register as it is.
struct Compared {
    plan: Plan,
    new: Vec<Entry>,
    /// By key: the version of every row that the file names.
    versions: HashMap<String, u64>,
    words: Words,
}

impl Hall {
    /// Reads a file for a register and tells what taking it in would change; the file waits for [`Hall::import`].
    ///
    /// # Errors
    /// [`Refusal::Faults`] with every fault by its cell; [`Refusal::Rules`] for a file that is too large.
    pub fn preview_import(
        &self,
        visitor: &Visitor,
        register: &str,
        file: &str,
        bytes: Vec<u8>,
    ) -> Result<Preview, Refusal> {
        if bytes.len() > UPLOAD_BYTES {
            return Err(Refusal::rule(
                "ファイルが大きすぎる(32MBまで)。分けて取り込んでください",
                "the file is too large (at most 32 MB); split it",
            ));
        }
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(register).ok_or(Refusal::NotFound)?;
        // Whoever may bring in nothing learns nothing of what is there by the faults of a file.
        if !self.may_somewhere(visitor, Verb::Import, kind) {
            self.allow(visitor, Verb::Import, &self.register_resource(kind))?;
        }
        let compared = self.compared(visitor, kind, file, bytes.clone())?;
        let changed = compared.plan.changed.iter();
        let waiting = Waiting {
            file: file.to_owned(),
            register: kind.slug.clone(),
            seen: changed
                .filter_map(|change| Some((change.key.clone(), *compared.versions.get(&change.key)?)))
                .collect(),
            bytes,
        };
        let titles: HashMap<&str, &str> = compared
            .new
            .iter()
            .map(|e| (e.key.as_str(), e.title.as_str()))
            .collect();
        let created = compared.plan.created.iter();
        let created = created.map(|key| {
            (
                key.clone(),
                titles.get(key.as_str()).copied().unwrap_or_default().to_owned(),
            )
        });
        Ok(Preview {
            created: created.collect(),
            ticket: self.keep_upload(visitor, &waiting)?,
            file: file.to_owned(),
            plan: compared.plan,
        })
    }

    /// Takes in the file that waits under a ticket, as its preview showed it.
    ///
    /// Acts change at most 1,000 rows each. Where a later one is refused, those before it stay; the same file goes on
    /// from there.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where the file waits no more; [`Refusal::Store`] where a row was changed since the preview.
    pub fn import(
        &self,
        visitor: &Visitor,
        register: &str,
        ticket: &str,
        reason: Option<&str>,
    ) -> Result<TakenIn, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(register).ok_or(Refusal::NotFound)?;
        let waiting = self.upload(visitor, ticket)?;
        if waiting.register != kind.slug {
            return Err(gone());
        }
        let compared = self.compared(visitor, kind, &waiting.file, waiting.bytes)?;
        let unchanged: HashSet<&String> = compared.plan.unchanged.iter().collect();
        let mut changes = Vec::new();
        for entry in compared.new.iter().filter(|entry| !unchanged.contains(&entry.key)) {
            let expected = match compared.versions.get(&entry.key) {
                None => Expected::New,
                Some(current) => {
                    let seen = waiting.seen.get(&entry.key);
                    Expected::Version(*seen.ok_or_else(|| moved(entry, *current))?)
                }
            };
            changes.push(put(kind, &entry.document, &compared.words, expected));
        }
        let serves = clauses(&city, kind);
        let mut pending = Vec::new();
        while !changes.is_empty() {
            let part: Vec<_> = changes.drain(..changes.len().min(PART)).collect();
            let mut act = Act::new("register.import")
                .by(&visitor.person)
                .note("file", waiting.file.as_str());
            if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
                act = act.note("reason", reason);
            }
            act.clauses.clone_from(&serves);
            act.changes = part.into_iter().map(store::Change::Put).collect();
            pending.push(self.sequencer.enqueue(act)?);
        }
        let results: Vec<Result<_, Refused>> = pending.into_iter().map(store::Pending::wait).collect();
        if let Err(error) = self.follow() {
            tracing::error!(?error, "the city does not follow its ledger");
        }
        results.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.store.release(UPLOAD, &upload_key(visitor, ticket))?;
        Ok(TakenIn {
            created: compared.plan.created.len(),
            changed: compared.plan.changed.len(),
        })
    }

    /// The file as rows, held against the rows that there are.
    fn compared(&self, visitor: &Visitor, kind: &Kind, file: &str, bytes: Vec<u8>) -> Result<Compared, Refusal> {
        let one = |fault: Box<Fault>| Refusal::Faults(vec![*fault]);
        let sheets = table::read(file, bytes).map_err(one)?;
        let tables = [table::Table::new(kind, the_sheet(kind, file, sheets).map_err(one)?)];
        let words = self.with_words(Words::clone)?;
        let imported = register::import(std::slice::from_ref(kind), &tables, words).map_err(Refusal::Faults)?;
        let (mut entries, words) = (imported.entries, imported.words);
        let mut new = entries.remove(&kind.slug).unwrap_or_default();
        let named: HashMap<String, u32> = new.iter().map(|entry| (entry.key.clone(), entry.row)).collect();
        let (mut old, mut versions, mut retired) = (Vec::new(), HashMap::new(), Vec::new());
        self.store.scan(&kind.slug, &mut |entry| {
            let wanted = named.get(&entry.key);
            if entry.retired_at.is_some() {
                retired.extend(wanted.copied());
                return Ok(());
            }
            // Of rows that the file does not name only the key matters.
            let document = if wanted.is_some() { entry.document } else { Value::Null };
            if wanted.is_some() {
                versions.insert(entry.key.clone(), entry.version);
            }
            old.push(Entry {
                key: entry.key,
                title: entry.title,
                document,
                row: 0,
                table: 0,
            });
            Ok(())
        })?;
        let broken = register::keep_absent(kind, &tables, &old, &mut new);
        let plan = register::plan(kind, &old, &new);
        let named: HashMap<&str, &Entry> = new.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        let mut faults: Vec<Fault> = retired
            .into_iter()
            .map(|row| at(&tables, kind, row, is_retired()))
            .collect();
        faults.extend(broken);
        faults.extend(self.denied(visitor, kind, (&old, &new), &tables));
        faults.extend(self.circling(kind, &plan, &named, &tables));
        if faults.is_empty() {
            Ok(Compared {
                plan,
                new,
                versions,
                words,
            })
        } else {
            faults.sort_by_key(|fault| fault.row);
            Err(Refusal::Faults(faults))
        }
    }

    /// The rows that the visitor may not bring in.
    fn denied(
        &self,
        visitor: &Visitor,
        kind: &Kind,
        (old, new): (&[Entry], &[Entry]),
        tables: &[table::Table],
    ) -> Vec<Fault> {
        let before: HashMap<&str, &Value> = old.iter().map(|entry| (entry.key.as_str(), &entry.document)).collect();
        let may = |document: &Value| {
            let resource = self.entry_resource(kind, document);
            self.allow(visitor, Verb::Import, &resource).is_ok()
        };
        let denied = new.iter().filter(|entry| {
            let previous = before.get(entry.key.as_str());
            if previous.is_some_and(|previous| register::differences(kind, previous, &entry.document).is_empty()) {
                return false;
            }
            !may(&entry.document) || previous.is_some_and(|previous| !may(previous))
        });
        denied.map(|entry| at(tables, kind, entry.row, may_not())).collect()
    }

    /// The rows that would stand under themselves by way of rows that the file does not have.
    fn circling(&self, kind: &Kind, plan: &Plan, new: &HashMap<&str, &Entry>, tables: &[table::Table]) -> Vec<Fault> {
        let changed = plan.created.iter().chain(plan.changed.iter().map(|change| &change.key));
        let changed = changed.filter_map(|key| new.get(key.as_str()));
        let faults = changed.flat_map(|entry| {
            let faults = hierarchy::circles(kind, &entry.document, |field, key| match new.get(key) {
                Some(other) => field.of(&other.document)?.as_str().map(str::to_owned),
                None => {
                    let above = self.store.entry(&kind.slug, key).ok().flatten()?;
                    field.of(&above.document)?.as_str().map(str::to_owned)
                }
            });
            faults.into_iter().map(|fault| {
                let field = fault.field.clone().unwrap_or_default();
                place(tables, fault, entry.row, &field)
            })
        });
        faults.collect()
    }

    fn keep_upload(&self, visitor: &Visitor, waiting: &Waiting) -> Result<String, Refusal> {
        let ticket = Opaque::draw(self.random()).text();
        let key = upload_key(visitor, &ticket);
        let sealed = Sealed {
            scope: UPLOAD,
            key: &key,
        };
        let sealed = self
            .entrance
            .ring
            .seal(sealed, &waiting.to_bytes(), self.random())
            .map_err(|_| unreadable())?;
        self.store.hold(UPLOAD, &key, &sealed, self.clock.now(), WAITS)?;
        Ok(ticket)
    }

    fn upload(&self, visitor: &Visitor, ticket: &str) -> Result<Waiting, Refusal> {
        let ticket = Opaque::parse(ticket).ok_or_else(gone)?.text();
        let key = upload_key(visitor, &ticket);
        let held = self.store.held(UPLOAD, &key, self.clock.now())?.ok_or_else(gone)?;
        let place = Sealed {
            scope: UPLOAD,
            key: &key,
        };
        let opened = self.entrance.ring.open(place, &held.value).map_err(|_| unreadable())?;
        Waiting::from_bytes(&opened).ok_or_else(|| unreadable().into())
    }
}

impl Waiting {
    /// A line of JSON about the file, then its bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let about = serde_json::json!({ "file": self.file, "register": self.register, "seen": self.seen });
        let mut bytes = about.to_string().into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.bytes);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
        let about: Value = serde_json::from_slice(parts.next()?).ok()?;
        Some(Self {
            file: about.get("file")?.as_str()?.to_owned(),
            register: about.get("register")?.as_str()?.to_owned(),
            seen: serde_json::from_value(about.get("seen")?.clone()).ok()?,
            bytes: parts.next()?.to_vec(),
        })
    }
}

/// The only sheet, or the one that is named after the register.
fn the_sheet(kind: &Kind, file: &str, mut sheets: Vec<table::Sheet>) -> Result<table::Sheet, Box<Fault>> {
    if sheets.len() > 1 {
        let named = |sheet: &table::Sheet| {
            let name = sheet.name.as_deref().unwrap_or_default();
            [&*kind.label.ja, &*kind.label.en, &*kind.slug].contains(&name)
        };
        sheets.retain(named);
    }
    let mut sheets = sheets.into_iter();
    match (sheets.next(), sheets.next()) {
        (Some(sheet), None) => Ok(sheet),
        _ => {
            let message = Text::new(
                format!(
                    "台帳「{}」のシートが分からない。シートを一つにするか、名前を「{0}」にしてください",
                    kind.label.ja
                ),
                format!(
                    "it is not clear which sheet holds {0}; leave one sheet, or name it `{0}`",
                    kind.label.en
                ),
            );
            Err(Box::new(Fault::new("no-sheet", &kind.slug, message).file(file)))
        }
    }
}

fn at(tables: &[table::Table], kind: &Kind, row: u32, message: Text) -> Fault {
    let fault = Fault::new("row", &kind.slug, message).at_path(kind, register::KEY);
    place(tables, fault, row, register::KEY)
}

fn place(tables: &[table::Table], fault: Fault, row: u32, field: &str) -> Fault {
    match tables.first() {
        Some(table) => fault.file(&table.sheet().file).at(table.place(row, field)),
        None => fault,
    }
}

fn upload_key(visitor: &Visitor, ticket: &str) -> String {
    format!("{}:{ticket}", visitor.session_key)
}

/// Somebody changed a row that the preview did not show as one to change.
fn moved(entry: &Entry, current: u64) -> Refusal {
    Refusal::Store(Refused::Conflict {
        change: 0,
        register: String::new(),
        key: entry.key.clone(),
        current: Some(current),
    })
}

const fn is_retired() -> Text {
    Text::fixed(
        "この行は廃止されている。先に使用中に戻すか、別のコードにしてください",
        "this row is retired; take it into use again first, or choose another code",
    )
}

const fn may_not() -> Text {
    Text::fixed(
        "この行を取り込む権限がない。所属の違う行を除いてください",
        "you may not bring in this row; leave out rows of other sections",
    )
}

fn gone() -> Refusal {
    Refusal::rule(
        "確認の時間が過ぎたか、別の画面で取り込み済み。もう一度ファイルを選んでください",
        "the file waits no more; choose it again",
    )
}

fn unreadable() -> store::Failure {
    store::Failure::Damaged("a file that waits cannot be read".to_owned())
}

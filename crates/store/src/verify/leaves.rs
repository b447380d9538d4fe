//! Every ledger entry, with the body and the version behind it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledger::Hash;
use ledger::entry::Entry;
use ledger::tree::{Edge, LEVEL_HEIGHT};
use model::lang::Text;
use serde_json::Value as Json;

use super::{End, differs};
use crate::failure::Result;
use crate::log::{BODY, parsed, stored_body};
use crate::read::json;
use crate::sequence::head::Head;
use crate::sequence::leaf::{ERASED, subject_ref};
use crate::session::{Row, Snapshot};

/// The last version of a record, as the ledger has it.
#[derive(Debug, Clone)]
pub(super) struct Last {
    pub(super) version: u64,
    pub(super) leaf: u64,
    /// Since when it is retired.
    pub(super) retired_at: Option<Timestamp>,
    pub(super) title: String,
    pub(super) reading: String,
    /// What it was committed to be found by; `None` where it was erased.
    pub(super) index_hash: Option<[u8; 32]>,
}

/// What the ledger says.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) edge: Edge,
    pub(super) at: Timestamp,
    pub(super) policy: Option<String>,
    pub(super) erased: u64,
    pub(super) versions: u64,
    /// By the number of the entry.
    pub(super) records: BTreeMap<u64, Last>,
    tiles: BTreeMap<(u64, u64), Hash>,
    /// What erasures say: the leaf, with its class and whether it was a retired record.
    erasures: BTreeMap<u64, (u64, String, bool)>,
    /// What erased leaves say: who erased them, their class and whether they are retired records.
    gone: BTreeMap<u64, (u64, String, bool)>,
}

/// Reads all leaves in order.
pub(super) fn walk(snapshot: &mut dyn Snapshot) -> Result<Walked, End> {
    let select = "SELECT l.idx, l.entry, l.hash, l.erased_by, v.entry, v.act, e.subject, v.leaf,";
    let sql = format!("{} ORDER BY l.idx", BODY.replacen("SELECT", select, 1));
    let mut walked = Walked::default();
    let mut end = None;
    snapshot.query(&sql, &[], &mut |row| {
        if end.is_none() {
            end = walked.leaf(row).err();
        }
        Ok(())
    })?;
    match end {
        Some(end) => Err(end),
        None => walked.finish(snapshot),
    }
}

/// Whether the texts of a body are the ones that were written: `1e5` and `1E5` are one value.
fn is_as_written(row: &dyn Row) -> Result<bool> {
    for column in [FIRST + 1, FIRST + 9] {
        if let Some(text) = row.optional_text(column)? {
            let written = json(text)?.to_string();
            if written != text {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Where the columns of [`BODY`] begin.
const FIRST: usize = 8;

impl Walked {
    fn leaf(&mut self, row: &dyn Row) -> Result<(), End> {
        let index = self.edge.size();
        let at = Some(index);
        if row.number(0)? != index {
            return Err(differs(
                at,
                Text::new(
                    format!("証跡{index}番がない"),
                    format!("ledger entry {index} is missing"),
                ),
            ));
        }
        let bytes = row.blob(1)?;
        let hash = Hash::leaf(bytes);
        let entry = parsed(bytes)
            .ok()
            .filter(|entry| entry.seq == index && entry.at >= self.at);
        let Some(entry) = entry.filter(|_| row.array(2).is_ok_and(|stored| Hash(stored) == hash)) else {
            return Err(differs(
                at,
                Text::new(
                    format!("証跡{index}番が書き換えられている"),
                    format!("ledger entry {index} was changed"),
                ),
            ));
        };
        let tiles = &mut self.tiles;
        self.edge.push_telling(hash, |height, index, hash| {
            if height > 0 && height.is_multiple_of(LEVEL_HEIGHT) {
                tiles.insert((u64::from(height / LEVEL_HEIGHT), index), hash);
            }
        });
        self.body(index, row, &entry)?;
        self.version(index, row, &entry)?;
        self.at = entry.at;
        self.policy = entry.policy;
        Ok(())
    }

    /// The body must give the commitment, or its erasure must be on record.
    fn body(&mut self, index: u64, row: &dyn Row, entry: &Entry) -> Result<(), End> {
        let changed = || {
            let what = Text::new(
                format!("証跡{index}番の内容が、証跡に記録した値と一致しない"),
                format!("the body of ledger entry {index} is not the one that it committed to"),
            );
            differs(Some(index), what)
        };
        let body = stored_body(row, FIRST).map_err(|_| changed())?;
        let Some(body) = body else {
            let by = row.optional_number(3)?.ok_or_else(changed)?;
            let retired = row.optional_number(FIRST + 7)?.unwrap_or(0) != 0;
            let blank = row.is_null(FIRST + 1)?
                && (row.is_null(FIRST + 4)?
                    || (row.text(FIRST + 5)?, row.text(FIRST + 6)?, row.text(FIRST + 9)?) == ("", "", "{}")
                        && row.blob(FIRST + 8)?.is_empty());
            if !blank {
                return Err(changed());
            }
            self.gone.insert(index, (by, row.text(FIRST + 10)?.to_owned(), retired));
            self.erased += 1;
            return Ok(());
        };
        if !row.is_null(3)? || body.root().ok() != Some(entry.commit) || !is_as_written(row).map_err(|_| changed())? {
            return Err(changed());
        }
        for (_, value) in body.fields.iter().filter(|(name, _)| name == ERASED) {
            let leaf = value.get("leaf").and_then(Json::as_u64).ok_or_else(changed)?;
            let class = value
                .get("class")
                .and_then(Json::as_str)
                .ok_or_else(changed)?
                .to_owned();
            let retired = value.get("retired").and_then(Json::as_bool).ok_or_else(changed)?;
            self.erasures.insert(leaf, (index, class, retired));
        }
        let first = body
            .fields
            .iter()
            .find(|(name, _)| name == "act")
            .and_then(|(_, act)| act.get("first")?.as_u64());
        let act = row.optional_number(5)?;
        if act.is_some_and(|act| act != first.unwrap_or(index)) {
            return Err(changed());
        }
        Ok(())
    }

    /// The version must be the next one of the record that the ledger entry is about.
    fn version(&mut self, index: u64, row: &dyn Row, entry: &Entry) -> Result<(), End> {
        let wrong = || {
            let what = Text::new(
                format!("証跡{index}番の記録の版が、前の版に続いていない"),
                format!("the version under ledger entry {index} does not follow the one before"),
            );
            differs(Some(index), what)
        };
        if row.is_null(7)? {
            return if entry.subjects.is_empty() {
                Ok(())
            } else {
                Err(wrong())
            };
        }
        if row.is_null(6)? || entry.subjects != [subject_ref(row.array(6)?)] {
            return Err(wrong());
        }
        let (number, version) = (row.number(4)?, row.number(FIRST + 4)?);
        let before = self.records.get(&number);
        if version != before.map_or(0, |last| last.version) + 1 {
            return Err(wrong());
        }
        let retired_since = before.and_then(|last| last.retired_at).unwrap_or(entry.at);
        let erased = row.is_null(FIRST)?;
        if erased && row.number(5)? != index {
            return Err(wrong());
        }
        let last = Last {
            version,
            leaf: index,
            retired_at: (row.int(FIRST + 7)? != 0).then_some(retired_since),
            title: row.text(FIRST + 5)?.to_owned(),
            reading: row.text(FIRST + 6)?.to_owned(),
            index_hash: if erased { None } else { Some(row.array(FIRST + 8)?) },
        };
        self.records.insert(number, last);
        self.versions += 1;
        Ok(())
    }

    /// What only all leaves together tell.
    fn finish(mut self, snapshot: &mut dyn Snapshot) -> Result<Self, End> {
        for (leaf, gone) in &self.gone {
            if self.erasures.get(leaf) != Some(gone) {
                let what = Text::new(
                    format!("証跡{leaf}番の内容がなく、消去の記録もない"),
                    format!("the body of ledger entry {leaf} is gone, and nobody erased it"),
                );
                return Err(differs(Some(*leaf), what));
            }
        }
        if let Some(leaf) = self.erasures.keys().find(|leaf| !self.gone.contains_key(leaf)) {
            let what = Text::new(
                format!("証跡{leaf}番の内容は消去したはずなのに残っている"),
                format!("the body of ledger entry {leaf} was erased and is there again"),
            );
            return Err(differs(Some(*leaf), what));
        }
        let stored = snapshot.rows("SELECT level, idx, hash FROM ledger_tile", &[], |row| {
            Ok(((row.number(0)?, row.number(1)?), Hash(row.array(2)?)))
        })?;
        if stored.into_iter().collect::<BTreeMap<_, _>>() != std::mem::take(&mut self.tiles) {
            return Err(differs(
                None,
                Text::fixed("証跡の木の値が違う", "hashes of the tree are not those of its leaves"),
            ));
        }
        let versions = snapshot.first("SELECT count(*) FROM entry_version", &[], |row| row.number(0))?;
        if versions != Some(self.versions) {
            return Err(differs(
                None,
                Text::fixed(
                    "証跡にない版が記録されている",
                    "there are versions that no ledger entry committed to",
                ),
            ));
        }
        let head = Head::read(snapshot)?;
        if head.edge != self.edge || head.at != self.at_or_epoch() || head.policy != self.policy {
            return Err(differs(
                None,
                Text::fixed("証跡の末尾の記録が違う", "the head of the ledger is not its last entry"),
            ));
        }
        let next = self.records.keys().next_back().map_or(1, |number| number + 1);
        if head.next_entry != next {
            return Err(differs(
                None,
                Text::fixed("次の記録の番号が違う", "the number of the next record is wrong"),
            ));
        }
        Ok(self)
    }

    fn at_or_epoch(&self) -> Timestamp {
        if self.edge.size() == 0 {
            Timestamp::UNIX_EPOCH
        } else {
            self.at
        }
    }
}

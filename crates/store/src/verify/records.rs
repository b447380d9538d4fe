//! Every record, and everything it is found by.

use std::collections::BTreeMap;

use model::lang::Text;

use super::leaves::{Last, Walked};
use super::{End, differs};
use crate::digest::{self, RowSum};
use crate::driver::Dialect;
use crate::failure::Result;
use crate::session::{Row, Snapshot};
use crate::terms::{Partition, Terms, digest as terms_digest, sorted};

/// Compares records with their last versions, and the tables that lists read with the records. Returns how many records
/// there are.
pub(super) fn compare(snapshot: &mut dyn Snapshot, dialect: Dialect, walked: &Walked) -> Result<u64, End> {
    let registers = snapshot.rows("SELECT name, number, live, retired FROM register", &[], |row| {
        Ok((
            row.text(0)?.to_owned(),
            (row.number(1)?, [row.number(2)?, row.number(3)?]),
        ))
    })?;
    let stored: BTreeMap<String, (u64, [u64; 2])> = registers.into_iter().collect();
    let mut records = Records {
        walked,
        stored: &stored,
        counts: BTreeMap::new(),
        count: 0,
        sums: Sums::default(),
    };
    let mut end = None;
    let sql = "SELECT id, register, version, title, reading, retired_at, leaf, terms, search FROM entry ORDER BY id";
    snapshot.query(sql, &[], &mut |row| {
        if end.is_none() {
            end = records.record(row).err();
        }
        Ok(())
    })?;
    if let Some(end) = end {
        return Err(end);
    }
    let Records {
        counts, count, sums, ..
    } = records;
    if usize::try_from(count).ok() != Some(walked.records.len()) {
        return Err(differs(None, Text::fixed("記録が失われている", "records are missing")));
    }
    if counts != stored.into_iter().map(|(name, (_, counts))| (name, counts)).collect() {
        return Err(differs(
            None,
            Text::fixed("台帳の件数が違う", "a register's number of records is wrong"),
        ));
    }
    if let Some(table) = sums.first_difference(&Sums::stored(snapshot, dialect)?) {
        let what = Text::new(
            format!("一覧と検索の索引({table})が記録と一致しない。記録と証跡には影響がない"),
            format!(
                "the index of lists and searches ({table}) is not that of the records; records and ledger are not concerned"
            ),
        );
        return Err(differs(None, what));
    }
    digests(snapshot)?;
    Ok(count)
}

struct Records<'w> {
    walked: &'w Walked,
    stored: &'w BTreeMap<String, (u64, [u64; 2])>,
    counts: BTreeMap<String, [u64; 2]>,
    count: u64,
    sums: Sums,
}

impl Records<'_> {
    fn record(&mut self, row: &dyn Row) -> Result<(), End> {
        let number = row.number(0)?;
        let last = self.walked.records.get(&number);
        let Some(last) = last.filter(|last| agrees(last, row).unwrap_or(false)) else {
            let leaf = last.map(|last| last.leaf);
            let what = Text::new(
                format!("記録{number}番が、証跡に記録した最新版と一致しない"),
                format!("record {number} is not the last version that the ledger committed to"),
            );
            return Err(differs(leaf, what));
        };
        let register = row.text(1)?;
        let retired = last.retired_at.is_some();
        let known = self.stored.get(register).map(|(number, _)| *number);
        let Some(known) = known else {
            return Err(differs(
                None,
                Text::fixed("台帳の一覧に不足がある", "a register is missing"),
            ));
        };
        let counts = self.counts.entry(register.to_owned()).or_default();
        let [live, gone] = counts;
        *if retired { gone } else { live } += 1;
        self.count += 1;
        let partition = Partition {
            register: known,
            retired,
        };
        self.sums.record(
            number,
            (register, partition),
            &Terms::unpack(row.blob(7)?)?,
            row.text(8)?,
        );
        Ok(())
    }
}

/// Whether a row of `entry` is what its last version says.
fn agrees(last: &Last, row: &dyn Row) -> Result<bool> {
    let retired_at = last.retired_at.map(|at| at.to_string());
    let terms = terms_digest(row.blob(7)?, row.text(8)?);
    let erased = || row.blob(7).is_ok_and(<[u8]>::is_empty) && row.text(8).is_ok_and(str::is_empty);
    Ok(row.number(2)? == last.version
        && row.number(6)? == last.leaf
        && row.text(3)? == last.title
        && row.text(4)? == last.reading
        && row.optional_text(5)? == retired_at.as_deref()
        && last.index_hash.map_or_else(erased, |committed| committed == terms))
}

/// Sums over the tables that lists read.
#[derive(Default)]
struct Sums {
    fields: RowSum,
    references: RowSum,
    unique: RowSum,
    terms: RowSum,
}

impl Sums {
    fn record(&mut self, number: u64, (register, partition): (&str, Partition), terms: &Terms, search: &str) {
        let id = number.to_be_bytes();
        let (part, flag) = (partition.register.to_be_bytes(), [u8::from(partition.retired)]);
        let mut fields: Vec<(&str, &[u8])> = terms
            .fields
            .iter()
            .map(|(field, value)| (field.as_str(), sorted(value)))
            .collect();
        fields.dedup();
        for (field, value) in fields {
            self.fields.add(&[&part, field.as_bytes(), &flag, value, &id]);
        }
        for to in &terms.references {
            self.references
                .add(&[to.register.as_bytes(), to.key.as_bytes(), to.field.as_bytes(), &id]);
        }
        for (name, value) in &terms.unique {
            self.unique
                .add(&[register.as_bytes(), name.as_bytes(), value.as_bytes(), &id]);
        }
        let tokens = terms.tokens(partition, search);
        let mut tokens: Vec<&str> = tokens.split_ascii_whitespace().collect();
        tokens.sort_unstable();
        tokens.dedup();
        for token in tokens {
            self.terms.add(&[token.as_bytes(), &id]);
        }
    }

    fn stored(snapshot: &mut dyn Snapshot, dialect: Dialect) -> Result<Self> {
        let mut sums = Self::default();
        let id = |row: &dyn Row, column| row.number(column).map(u64::to_be_bytes);
        snapshot.query(
            "SELECT register, field, retired, value, entry FROM entry_field",
            &[],
            &mut |row| {
                let (part, flag) = (id(row, 0)?, [u8::try_from(row.number(2)?).unwrap_or(u8::MAX)]);
                sums.fields
                    .add(&[&part, row.text(1)?.as_bytes(), &flag, row.blob(3)?, &id(row, 4)?]);
                Ok(())
            },
        )?;
        snapshot.query("SELECT register, key, field, source FROM entry_ref", &[], &mut |row| {
            let [register, key, field] = [row.text(0)?, row.text(1)?, row.text(2)?].map(str::as_bytes);
            sums.references.add(&[register, key, field, &id(row, 3)?]);
            Ok(())
        })?;
        snapshot.query(
            "SELECT register, name, value, entry FROM entry_unique",
            &[],
            &mut |row| {
                let [register, name, value] = [row.text(0)?, row.text(1)?, row.text(2)?].map(str::as_bytes);
                sums.unique.add(&[register, name, value, &id(row, 3)?]);
                Ok(())
            },
        )?;
        let sql = match dialect {
            Dialect::Sqlite => "SELECT DISTINCT term, doc FROM term_row",
            Dialect::Postgres => "SELECT DISTINCT token, entry FROM term, unnest(tokens) AS token",
        };
        snapshot.query(sql, &[], &mut |row| {
            sums.terms.add(&[row.text(0)?.as_bytes(), &id(row, 1)?]);
            Ok(())
        })?;
        Ok(sums)
    }

    fn first_difference(&self, stored: &Self) -> Option<&'static str> {
        let tables = [
            ("entry_field", self.fields, stored.fields),
            ("entry_ref", self.references, stored.references),
            ("entry_unique", self.unique, stored.unique),
            ("term", self.terms, stored.terms),
        ];
        tables
            .into_iter()
            .find(|(_, expected, found)| expected != found)
            .map(|(name, ..)| name)
    }
}

/// Pseudonyms and secrets are in no body; each row carries its own sum.
fn digests(snapshot: &mut dyn Snapshot) -> Result<(), End> {
    let mut sound = true;
    snapshot.query("SELECT person, actor, digest FROM pseudonym", &[], &mut |row| {
        sound &= digest::of(&[row.text(0)?.as_bytes(), row.text(1)?.as_bytes()]) == row.array(2)?;
        Ok(())
    })?;
    snapshot.query("SELECT scope, key, value, digest FROM secret", &[], &mut |row| {
        sound &= digest::of(&[row.text(0)?.as_bytes(), row.text(1)?.as_bytes(), row.blob(2)?]) == row.array(3)?;
        Ok(())
    })?;
    if sound {
        return Ok(());
    }
    Err(differs(
        None,
        Text::fixed(
            "認証の情報か仮名の対応表が書き換えられている",
            "a secret or a pseudonym was changed",
        ),
    ))
}

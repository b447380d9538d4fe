//! What an entry is found by, as it is stored with the entry and as tokens of the inverted index.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::act::{Put, Reference};
use crate::digest;
use crate::failure::{Failure, Result};
use crate::fold::{Gram, fold, grams};
use crate::pack::{self, Parts};

/// The field under which every entry is sorted by its key.
pub(crate) const BY_KEY: &str = "~key";
/// The field under which every entry is sorted by its reading, or its title where it has none.
pub(crate) const BY_READING: &str = "~reading";

/// Longer sort keys are cut: PostgreSQL indexes no row of more than 2,700 bytes.
pub(crate) const SORTED: usize = 200;

/// Longer values are told apart by their hash in the inverted index.
const SPELLED: usize = 32;

/// The terms of one version of an entry, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) fields: BTreeSet<(String, Vec<u8>)>,
    pub(crate) unique: BTreeSet<(String, String)>,
    pub(crate) references: BTreeSet<Reference>,
}

impl Terms {
    /// The terms of a document, and its folded text.
    pub(crate) fn of(put: &Put) -> (Self, String) {
        let reading = if put.reading.is_empty() {
            &put.title
        } else {
            &put.reading
        };
        let own = [
            (BY_KEY.to_owned(), put.key.clone().into_bytes()),
            (BY_READING.to_owned(), fold(reading).into_bytes()),
        ];
        let terms = Self {
            fields: put.fields.iter().cloned().chain(own).collect(),
            unique: put.unique.iter().cloned().collect(),
            references: put.references.iter().cloned().collect(),
        };
        (terms, fold(&put.text))
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut packed = Vec::with_capacity(256);
        for (field, value) in &self.fields {
            pack::push(&mut packed, b"f");
            pack::push(&mut packed, field.as_bytes());
            pack::push(&mut packed, value);
        }
        for (name, value) in &self.unique {
            pack::push(&mut packed, b"u");
            pack::push(&mut packed, name.as_bytes());
            pack::push(&mut packed, value.as_bytes());
        }
        for reference in &self.references {
            pack::push(&mut packed, b"r");
            pack::push(&mut packed, reference.field.as_bytes());
            pack::push(&mut packed, reference.register.as_bytes());
            pack::push(&mut packed, reference.key.as_bytes());
        }
        packed
    }

    pub(crate) fn unpack(packed: &[u8]) -> Result<Self> {
        let mut terms = Self::default();
        let mut parts = Parts::new(packed);
        while let Some(tag) = parts.next()? {
            match tag {
                b"f" => {
                    _ = terms
                        .fields
                        .insert((parts.text()?.to_owned(), parts.expect_next()?.to_owned()))
                }
                b"u" => {
                    _ = terms
                        .unique
                        .insert((parts.text()?.to_owned(), parts.text()?.to_owned()))
                }
                b"r" => {
                    terms.references.insert(Reference {
                        field: parts.text()?.to_owned(),
                        register: parts.text()?.to_owned(),
                        key: parts.text()?.to_owned(),
                    });
                }
                _ => return Err(Failure::Damaged("the terms of an entry cannot be read".to_owned())),
            }
        }
        Ok(terms)
    }

    /// The tokens of the inverted index, separated by spaces.
    pub(crate) fn tokens(&self, partition: Partition, search: &str) -> String {
        let mut tokens = String::with_capacity(search.len().saturating_mul(8));
        for (field, value) in &self.fields {
            if !field.starts_with('~') {
                tokens.push_str(&partition.value(field, value));
                tokens.push(' ');
            }
        }
        let mark = partition.mark();
        for (first, second) in grams(search) {
            tokens.push_str(&mark);
            tokens.push(first);
            tokens.extend(second);
            tokens.push(' ');
        }
        tokens
    }
}

/// The values of one field among packed terms: what filters look at, without unpacking everything.
pub(crate) fn values_of<'p>(packed: &'p [u8], field: &str) -> Result<Vec<&'p [u8]>> {
    let mut values = Vec::new();
    let mut parts = Parts::new(packed);
    while let Some(tag) = parts.next()? {
        if tag != b"f" {
            break;
        }
        let name = parts.expect_next()?;
        let value = parts.expect_next()?;
        if name == field.as_bytes() {
            values.push(value);
        }
    }
    Ok(values)
}

/// What a version commits to besides its document: SHA-256 over the packed terms and the folded text.
pub(crate) fn digest(packed: &[u8], search: &str) -> [u8; 32] {
    digest::of(&[packed, search.as_bytes()])
}

/// The part of a sort key that is sorted by.
pub(crate) fn sorted(value: &[u8]) -> &[u8] {
    value.get(..SORTED).unwrap_or(value)
}

/// The entries of one register that are in use, or those that are retired: each has posting lists of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Partition {
    /// The number of the register.
    pub(crate) register: u64,
    /// Whether its retired entries are meant.
    pub(crate) retired: bool,
}

impl Partition {
    // Letters that occur in no register: FTS5's `ascii` tokenizer takes every character beyond ASCII for part of a token.
    fn mark(self) -> String {
        format!("{}{}", self.register, if self.retired { 'ǂ' } else { 'ǀ' })
    }

    /// The token of a gram.
    pub(crate) fn gram(self, (first, second): Gram) -> String {
        self.mark().chars().chain([first]).chain(second).collect()
    }

    /// The token of a field's value.
    pub(crate) fn value(self, field: &str, value: &[u8]) -> String {
        let field: String = field
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { 'ǃ' })
            .collect();
        let mut token = format!("{}{field}ǁ", self.mark());
        if value.len() <= SPELLED {
            hex(&mut token, value);
        } else {
            token.push('ǃ');
            hex(&mut token, &Sha256::digest(value));
        }
        token
    }
}

/// Appends lower-case hexadecimal digits.
pub(crate) fn hex(into: &mut String, bytes: &[u8]) {
    for byte in bytes {
        _ = write!(into, "{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms::of(&Put {
            key: "A-1".to_owned(),
            title: "住民台帳".to_owned(),
            references: vec![Reference {
                field: "section".to_owned(),
                register: "section".to_owned(),
                key: "100".to_owned(),
            }],
            unique: vec![("code".to_owned(), "A-1".to_owned())],
            fields: vec![("grade".to_owned(), b"3A".to_vec())],
            ..Put::default()
        })
        .0
    }

    #[test]
    fn terms_come_back_as_they_were_packed() {
        assert_eq!(Terms::unpack(&terms().pack()), Ok(terms()));
    }

    #[test]
    fn the_values_of_a_field_are_found_among_packed_terms() {
        assert_eq!(values_of(&terms().pack(), "grade").unwrap(), [b"3A"]);
        assert!(values_of(&terms().pack(), "code").unwrap().is_empty());
    }

    #[test]
    fn retired_entries_have_posting_lists_of_their_own() {
        let live = Partition {
            register: 3,
            retired: false,
        };
        let retired = Partition {
            register: 3,
            retired: true,
        };
        let gram = ('資', Some('産'));
        assert_ne!(live.gram(gram), retired.gram(gram));
        assert_ne!(live.value("a", b"x"), live.value("a", &[b'x'; 40]));
    }
}

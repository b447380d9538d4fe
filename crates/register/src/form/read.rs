//! What was submitted to a document, or every fault.

use std::collections::BTreeSet;

use model::lang::{Lang, Text};
use serde_json::Value;

use crate::assembly::Assembly;
use crate::cell::Cell;
use crate::definition::{KEY, Kind};
use crate::fault::Fault;
use crate::field::{Field, FieldKind};
use crate::read::shortened;
use crate::rules;
use crate::words::Words;

/// The most pairs that are looked at.
const PAIRS: usize = 10_000;

/// Reads the pairs that a browser sends for a form of `kind`. `key` is the key of the row that is changed, `None` for a
/// new row.
///
/// A field without a pair is empty; a box without one is not ticked. A name that begins with `_` belongs to the page.
///
/// # Errors
/// Every fault at once, in the order of the fields. Codes beside those of [`Field::read`]: `rule`, `unknown-field`,
/// `repeated-field`, `duplicate-key` (where `words` knows the rows of the register), `fixed-key`, `too-many`.
pub fn read(kind: &Kind, pairs: &[(String, String)], words: &Words, key: Option<&str>) -> Result<Value, Vec<Fault>> {
    if pairs.len() > PAIRS {
        let message = Text::fixed("送られた項目が多すぎる", "there are too many values");
        return Err(vec![Fault::new("too-many", &kind.slug, message)]);
    }
    let mut reader = Reader::new(kind, words);
    for (name, _) in pairs {
        if !name.starts_with('_') && kind.field(name).is_none() {
            reader.faults.push(unknown(kind, name));
        }
    }
    for field in &kind.fields {
        let name = field.path();
        let values: Vec<&str> = pairs
            .iter()
            .filter(|(other, _)| *other == name)
            .map(|(_, value)| value.as_str())
            .collect();
        match (key, values.as_slice()) {
            (Some(key), _) if name == KEY => reader.key(field, key, &values),
            (_, values) if matches!(field.kind, FieldKind::References(_)) => {
                reader.field(field, &Cell::text(values.join("\n")));
            }
            (_, []) => reader.field(field, &Cell::Empty),
            (_, [value]) => reader.field(field, &Cell::from(*value)),
            (_, _) => reader.refuse(field, repeated(field)),
        }
    }
    reader.finish(key)
}

/// Reads a document that a program sends, as [`read()`] reads a form: text is trimmed, references and scheme words are
/// looked up, and what is missing is empty.
///
/// # Errors
/// Every fault at once: those of [`read()`], and `rule` for values of the wrong type.
pub fn read_document(kind: &Kind, document: &Value, words: &Words, key: Option<&str>) -> Result<Value, Vec<Fault>> {
    let Value::Object(map) = document else {
        return Err(kind.check(document));
    };
    let mut reader = Reader::new(kind, words);
    let mut misfits = BTreeSet::new();
    for broken in rules::shape(kind, map) {
        reader
            .faults
            .push(Fault::new("rule", &kind.slug, broken.message).at_path(kind, &broken.field));
        misfits.insert(broken.field);
    }
    for field in &kind.fields {
        let path = field.path();
        let value = field.of(document).unwrap_or(&Value::Null);
        if misfits.contains(&path) {
            reader.broken.push(field);
        } else {
            let shown = field.show(value, Lang::Ja);
            reader.field(field, &Cell::text(shown));
        }
    }
    if let (Some(key), Some(field)) = (key, kind.field(KEY))
        && document
            .get(KEY)
            .and_then(Value::as_str)
            .is_some_and(|own| own.trim() != key)
    {
        reader.faults.push(fixed_key(field));
    }
    reader.finish(key)
}

struct Reader<'k> {
    kind: &'k Kind,
    words: &'k Words,
    assembly: Assembly,
    faults: Vec<Fault>,
    /// The fields whose values could not be read.
    broken: Vec<&'k Field>,
}

impl<'k> Reader<'k> {
    fn new(kind: &'k Kind, words: &'k Words) -> Self {
        Self {
            kind,
            words,
            assembly: Assembly::default(),
            faults: Vec::new(),
            broken: Vec::new(),
        }
    }

    fn field(&mut self, field: &'k Field, cell: &Cell<'_>) {
        match field.read(cell, self.words) {
            Ok(value) => self.assembly.put(self.kind, field, value),
            Err(fault) => self.refuse(field, *fault),
        }
    }

    /// The key of a row that exists, which stays.
    fn key(&mut self, field: &'k Field, key: &str, sent: &[&str]) {
        if sent.iter().any(|sent| sent.trim() != key) {
            self.faults.push(fixed_key(field));
        }
        self.assembly.put(self.kind, field, Value::from(key));
    }

    fn refuse(&mut self, field: &'k Field, mut fault: Fault) {
        fault.register.clone_from(&self.kind.slug);
        self.faults.push(fault);
        self.broken.push(field);
    }

    /// Asks for the rules of the document as a whole. Where a value could not be read they are asked as if it were empty,
    /// so that one mistake does not hide another; a required field has no such stand-in.
    fn finish(mut self, key: Option<&str>) -> Result<Value, Vec<Fault>> {
        let kind = self.kind;
        for field in &self.broken {
            let stand_in = match field.kind {
                FieldKind::References(_) => Value::Array(Vec::new()),
                FieldKind::Boolean if !field.nullable => Value::Bool(false),
                _ => Value::Null,
            };
            self.assembly.put(kind, field, stand_in);
        }
        let document = self.assembly.document();
        let known: BTreeSet<String> = self.faults.iter().filter_map(|fault| fault.field.clone()).collect();
        if !self.broken.iter().any(|field| field.required) {
            let more = kind.check(&document).into_iter();
            self.faults
                .extend(more.filter(|fault| fault.field.as_ref().is_none_or(|field| !known.contains(field))));
        }
        let own = kind.key_of(&document);
        if key.is_none() && !known.contains(KEY) && self.words.title(&kind.slug, own).is_some() {
            self.faults.push(key_taken(kind, own));
        }
        if self.faults.is_empty() {
            return Ok(document);
        }
        self.faults.sort_by_key(|fault| position(kind, fault));
        Err(self.faults)
    }
}

/// The fields in their order; what belongs to none comes first.
fn position(kind: &Kind, fault: &Fault) -> Option<usize> {
    let path = fault.field.as_deref()?;
    kind.fields.iter().position(|field| field.path() == path)
}

/// The fault of a new row whose key another row has, whoever found it.
#[must_use]
pub fn key_taken(kind: &Kind, key: &str) -> Fault {
    let key = shortened(key);
    let message = Text::new(
        format!("「{key}」は既に使われている。別のコードにしてください"),
        format!("`{key}` is used already"),
    );
    Fault::new("duplicate-key", &kind.slug, message).at_path(kind, KEY)
}

fn fixed_key(field: &Field) -> Fault {
    let message = Text::fixed(
        "登録した後は変えられない。別のコードにするときは、新しく登録してください",
        "cannot be changed once it is stored; make a new row for another code",
    );
    *field.fault("fixed-key", message)
}

fn repeated(field: &Field) -> Fault {
    let message = Text::fixed("値が二つ以上送られた。一つにしてください", "was sent more than once");
    *field.fault("repeated-field", message)
}

fn unknown(kind: &Kind, name: &str) -> Fault {
    let name = shortened(name);
    let message = Text::new(
        format!("この台帳にない項目「{name}」が送られた"),
        format!("`{name}` is no field of this register"),
    );
    let mut fault = Fault::new("unknown-field", &kind.slug, message);
    fault.field = Some(name.into_owned());
    fault
}

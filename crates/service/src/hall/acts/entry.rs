//! A row of a register is added, changed, retired, or taken into use again.

use std::collections::BTreeMap;

use approval::kind::Effect;
use model::lang::Text;
use register::{Kind, form, hierarchy};
use serde_json::Value;
use store::{Act, Change, Expected, Mark, Put, Receipt};

use crate::city::City;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::put::put;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// A row as somebody wants it to be.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The slug of the register.
    pub register: String,
    /// The key and version that they have seen; `None` for a new row.
    pub seen: Option<(String, u64)>,
    /// The document; its fields are read as those of an import are.
    pub document: Value,
    /// Why, in their own words.
    pub reason: Option<String>,
}

impl Hall {
    /// Adds a row, or changes one.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Faults`] with every fault of the document; [`Refusal::Store`] where somebody else was first.
    pub fn enter(&self, visitor: &Visitor, entered: &Entered) -> Result<Receipt, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(&entered.register).ok_or(Refusal::NotFound)?;
        let before = match &entered.seen {
            Some((key, _)) => Some(self.readable(visitor, kind, key)?),
            None => None,
        };
        let verb = if before.is_some() { Verb::Update } else { Verb::Create };
        match &before {
            Some(before) => self.allow(visitor, verb, &self.entry_resource(kind, &before.document))?,
            // Whoever may make none learns nothing of what is there by the faults of a document.
            None if !self.may_somewhere(visitor, verb, kind) => {
                self.allow(visitor, verb, &self.register_resource(kind))?;
            }
            None => {}
        }
        let document = self.checked(kind, entered)?;
        // Nobody moves a row to where they may not write.
        self.allow(visitor, verb, &self.entry_resource(kind, &document))?;
        let expected = entered
            .seen
            .as_ref()
            .map_or(Expected::New, |(_, version)| Expected::Version(*version));
        let put = self.with_words(|words| put(kind, &document, words, expected))?;
        let name = if before.is_some() {
            "entry.update"
        } else {
            "entry.create"
        };
        self.commit(
            self.act(name, visitor, &city, kind, entered.reason.as_deref())
                .with(put),
        )
    }

    /// Takes a row out of use (廃止); it stays with its history.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Rules`] where rows in use refer to it, or where it takes an approval.
    pub fn retire(
        &self,
        visitor: &Visitor,
        register: &str,
        (key, version): (&str, u64),
        reason: Option<&str>,
    ) -> Result<Receipt, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(register).ok_or(Refusal::NotFound)?;
        let entry = self.readable(visitor, kind, key)?;
        self.allow(visitor, Verb::Retire, &self.entry_resource(kind, &entry.document))?;
        self.needs_no_approval(&kind.slug)?;
        self.unreferred(&city, &kind.slug, key)?;
        let change = Change::Retire(mark(&kind.slug, key, version));
        self.commit(self.act("entry.retire", visitor, &city, kind, reason).with(change))
    }

    /// Takes a retired row into use again.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Store`]
    pub fn restore(
        &self,
        visitor: &Visitor,
        register: &str,
        (key, version): (&str, u64),
        reason: Option<&str>,
    ) -> Result<Receipt, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(register).ok_or(Refusal::NotFound)?;
        let entry = self.readable(visitor, kind, key)?;
        self.allow(visitor, Verb::Retire, &self.entry_resource(kind, &entry.document))?;
        let change = Change::Restore(mark(&kind.slug, key, version));
        self.commit(self.act("entry.restore", visitor, &city, kind, reason).with(change))
    }

    /// The document as it will be stored, or every fault of it.
    fn checked(&self, kind: &Kind, entered: &Entered) -> Result<Value, Refusal> {
        let key = entered.seen.as_ref().map(|(key, _)| key.as_str());
        let read = self.with_words(|words| form::read_document(kind, &entered.document, words, key))?;
        let document = read.map_err(Refusal::Faults)?;
        let mut faults = Vec::new();
        if key.is_none() && self.store.entry(&kind.slug, kind.key_of(&document))?.is_some() {
            faults.push(form::key_taken(kind, kind.key_of(&document)));
        }
        let mut looked_up = BTreeMap::new();
        faults.extend(hierarchy::circles(kind, &document, |field, key| {
            let found = looked_up.entry(key.to_owned()).or_insert_with(|| {
                let entry = self.store.entry(&kind.slug, key).ok().flatten()?;
                Some(entry.document)
            });
            field.of(found.as_ref()?)?.as_str().map(str::to_owned)
        }));
        if faults.is_empty() {
            Ok(document)
        } else {
            Err(Refusal::Faults(faults))
        }
    }

    /// What a kind of request retires is not retired past it.
    fn needs_no_approval(&self, register: &str) -> Result<(), Refusal> {
        let retires = |effect: &Effect| matches!(effect, Effect::Retire { register: of, .. } if of == register);
        let in_force = self.in_force();
        let mut kinds = in_force.kinds.iter();
        let Some(kind) = kinds.find(|kind| kind.effects.iter().any(retires)) else {
            return Ok(());
        };
        Err(Refusal::Rules(vec![Text::new(
            format!(
                "廃止には決裁が要る。「決裁」から「{}」を申請してください",
                kind.title.ja
            ),
            format!("this takes an approval; make a request of the kind `{}`", kind.title.en),
        )]))
    }

    /// Rows in use that refer to a row keep it in use.
    pub(super) fn unreferred(&self, city: &City, register: &str, key: &str) -> Result<(), Refusal> {
        const NAMED: usize = 5;
        let referring = self.store.referring(register, key, 200)?;
        let in_use: Vec<String> = referring
            .into_iter()
            .filter(|referrer| !(referrer.retired || (referrer.register == register && referrer.key == key)))
            .take(NAMED)
            .map(|referrer| {
                let label = city.kind(&referrer.register).map(|kind| kind.label.ja.to_string());
                format!("{}「{}」", label.unwrap_or(referrer.register), referrer.key)
            })
            .collect();
        if in_use.is_empty() {
            return Ok(());
        }
        let named = in_use.join("、");
        Err(Refusal::Rules(vec![Text::new(
            format!("使用中の行から参照されているので廃止できない: {named}。先にその行を直してください"),
            format!("rows in use refer to it: {named}; change those first"),
        )]))
    }

    /// An act of a visitor on a register, which serves the clauses that the register is kept for.
    fn act(&self, name: &str, visitor: &Visitor, city: &City, kind: &Kind, reason: Option<&str>) -> Act {
        let mut act = Act::new(name).by(&visitor.person);
        act.clauses = clauses(city, kind);
        match reason.map(str::trim).filter(|reason| !reason.is_empty()) {
            Some(reason) => act.note("reason", reason),
            None => act,
        }
    }
}

/// The clauses of the city's policy that a register serves.
pub(super) fn clauses(city: &City, kind: &Kind) -> Vec<String> {
    let serves = |concept: &str| {
        let mut served = kind.concepts.iter();
        served
            .any(|served| policy::concept::lies_below(served, concept) || policy::concept::lies_below(concept, served))
    };
    let clauses = city.document.walk();
    let serving = clauses.filter(|clause| clause.concept.as_deref().is_some_and(serves));
    serving.map(|clause| clause.id.clone()).take(16).collect()
}

pub(super) fn mark(register: &str, key: &str, version: u64) -> Mark {
    Mark {
        register: register.to_owned(),
        key: key.to_owned(),
        expected: Expected::Version(version),
    }
}

/// The document of an entry with some fields changed, as the store takes it.
pub(super) fn changed(
    kind: &Kind,
    entry: &store::Entry,
    fields: &serde_json::Map<String, Value>,
    words: &register::Words,
) -> Result<Put, Refusal> {
    let mut document = entry.document.clone();
    if let Value::Object(object) = &mut document {
        object.extend(fields.clone());
    }
    let read = form::read_document(kind, &document, words, Some(&entry.key)).map_err(Refusal::Faults)?;
    Ok(put(kind, &read, words, Expected::Version(entry.version)))
}

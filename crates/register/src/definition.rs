//! What a register is: the trait that a struct implements, and the form of it that everything else works with.

use std::fmt;
use std::sync::Arc;

use garde::Validate;
use model::diagnostic::Diagnostic;
use model::lang::Text;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::defects;
use crate::fault::Fault;
use crate::field::Field;
use crate::rules::{self, Broken};
use crate::schema;

/// The field that names a row: present, required and unique in every register.
pub const KEY: &str = "code";

/// The property that holds what a city added to a register of ours; no struct may use it.
pub const LOCAL: &str = "local";

/// One register as a Rust struct; its JSON Schema is the only description of its fields.
///
/// See the [crate documentation](crate) for how to add one.
pub trait Register: Serialize + DeserializeOwned + JsonSchema + Validate<Context = ()> + 'static {
    /// The stable word for programs, paths and files: `terminal`.
    const SLUG: &'static str;
    /// What people call it: `Text::fixed("端末", "terminals")`.
    const LABEL: Text;
    /// The concepts of the standard that it serves: `physical.terminal`.
    const CONCEPTS: &'static [&'static str];
    /// The field shown as a row's title.
    const TITLE: &'static str;
    /// The fields of the list page, in order.
    const COLUMNS: &'static [&'static str];
    /// The date field that dates a row as evidence; `None` where a row does not age.
    const DATED_BY: Option<&'static str> = None;
    /// One valid document as JSON; a field left out is null or its default.
    const SAMPLE: &'static str;
}

/// A register without its Rust type: what forms, lists, tables, the API and the judge work with.
#[derive(Clone)]
pub struct Kind {
    /// `terminal`
    pub slug: String,
    /// 端末 / terminals
    pub label: Text,
    /// The concepts of the standard that it serves.
    pub concepts: Vec<String>,
    /// The name of the field shown as a row's title.
    pub title: String,
    /// The names of the fields of the list page.
    pub columns: Vec<String>,
    /// The name of the date field that dates a row as evidence.
    pub dated_by: Option<String>,
    /// In the order of the struct; what the city added comes last.
    pub fields: Vec<Field>,
    /// JSON Schema 2020-12 of a document.
    pub schema: Value,
    /// One valid document.
    pub sample: Value,
    pub(crate) defects: Vec<Diagnostic>,
    /// What the struct says about the core part of a document; a register that a city defined has none.
    pub(crate) check: Option<Check>,
}

/// Judges the core part of a document of the right shape.
pub(crate) type Check = Arc<dyn Fn(&Value) -> Vec<Broken> + Send + Sync>;

impl Kind {
    /// The erased form of `R`.
    ///
    /// Never fails: what is wrong with the struct itself is told by [`Kind::defects`], which the conformance suite asks.
    #[must_use]
    pub fn of<R: Register>() -> Self {
        let schema = schemars::schema_for!(R).to_value();
        let (fields, mut defects) = schema::fields(&schema);
        let sample = serde_json::from_str(R::SAMPLE).unwrap_or_else(|error| {
            defects.push(Diagnostic::error(
                "sample",
                Text::new(
                    format!("見本がJSONとして読めない: {error}"),
                    format!("the sample is not JSON: {error}"),
                ),
            ));
            Value::Null
        });
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            slug: R::SLUG.to_owned(),
            label: R::LABEL,
            concepts: owned(R::CONCEPTS),
            title: R::TITLE.to_owned(),
            columns: owned(R::COLUMNS),
            dated_by: R::DATED_BY.map(str::to_owned),
            fields,
            schema,
            sample,
            defects,
            check: Some(Arc::new(rules::of_struct::<R>)),
        }
    }

    /// The field with this name, or with this [path](Field::path).
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let (local, bare) = match name.strip_prefix("local.") {
            Some(bare) => (true, bare),
            None => (false, name),
        };
        self.fields
            .iter()
            .find(|field| field.local == local && field.name == bare)
    }

    /// What is wrong with the definition itself: a title that is no field, a sample that breaks the rules, a type that
    /// no widget exists for, a length counted in bytes. Empty for every register that is fit to ship.
    #[must_use]
    pub fn defects(&self) -> Vec<Diagnostic> {
        let mut found = self.defects.clone();
        found.extend(defects::of(self));
        found
    }

    /// Every rule that a document breaks; empty for a document fit to be stored.
    ///
    /// Looks at the document alone: whether its references and scheme words exist is asked by [`Field::read`], where
    /// the [`Words`](crate::Words) are at hand.
    #[must_use]
    pub fn check(&self, document: &Value) -> Vec<Fault> {
        rules::broken(self, document)
            .into_iter()
            .map(|broken| Fault::new("rule", &self.slug, broken.message).at_path(self, &broken.field))
            .collect()
    }

    /// The document's key; empty where it has none.
    #[must_use]
    pub fn key_of<'d>(&self, document: &'d Value) -> &'d str {
        document.get(KEY).and_then(Value::as_str).unwrap_or_default()
    }

    /// What people call the document: its title field, or its key where that is empty.
    #[must_use]
    pub fn title_of<'d>(&self, document: &'d Value) -> &'d str {
        let title = document.get(&self.title).and_then(Value::as_str).unwrap_or_default();
        if title.is_empty() { self.key_of(document) } else { title }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind")
            .field("slug", &self.slug)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

//! A register as a form: what a page shows for a document, and how what was submitted becomes a document again.
//!
//! [`Form::of`] lists the controls, [`read()`] reads the pairs that a browser sends, [`read_document`] a document that a
//! program sends. All go through [`Field::read`](crate::Field::read), and all faults come at once, each with its control.

mod control;
mod read;

use model::lang::Text;
use serde_json::Value;

use crate::definition::{KEY, Kind};
use crate::fault::Fault;
use crate::field::Field;
use crate::words::Words;

pub use control::{Control, LookUp, OFFERED, Widget};
pub use read::{key_taken, read, read_document};

/// The controls of a form.
#[derive(Debug, Clone)]
pub struct Form {
    /// In the order of the register's fields.
    pub controls: Vec<Control>,
    /// Faults that belong to no control.
    pub faults: Vec<Fault>,
}

/// Controls under one heading.
#[derive(Debug, Clone)]
pub struct Group<'f> {
    /// What they have in common.
    pub heading: Text,
    /// In the order of the form; never empty.
    pub controls: Vec<&'f Control>,
}

/// What a form is filled with.
#[derive(Debug, Clone, Copy)]
pub enum Filled<'f> {
    /// Nothing: a new row.
    Nothing,
    /// A row that is to be changed. Its key stays as it is.
    Entry(&'f Value),
    /// What a browser sent, shown again as it was typed.
    Submitted {
        /// Names and values, in the order of the form.
        pairs: &'f [(String, String)],
        /// The key of the row that is to be changed; `None` for a new one.
        key: Option<&'f str>,
    },
}

impl Form {
    /// The form of a register. `faults` are shown at the controls they name, whoever found them.
    #[must_use]
    pub fn of(kind: &Kind, filled: Filled<'_>, words: &Words, faults: &[Fault]) -> Self {
        let control = |field: &Field| {
            let name = field.path();
            let values = filled.values(field, &name);
            let mine = faults.iter().filter(|fault| fault.field.as_deref() == Some(&name));
            let mut control = Control::of(field, values, words);
            control.faults = mine.map(|fault| fault.message.clone()).collect();
            control.fixed = name == KEY && filled.is_known_row();
            control
        };
        let named = |fault: &&Fault| fault.field.as_deref().is_none_or(|name| kind.field(name).is_none());
        Self {
            controls: kind.fields.iter().map(control).collect(),
            faults: faults.iter().filter(named).cloned().collect(),
        }
    }

    /// The controls under headings: those of the register (`x-group`) where it has any; else what must be entered, what
    /// `is_judged` (asked with the name of a control) says that a duty looks at, the rest, and what the city added.
    #[must_use]
    pub fn groups(&self, is_judged: impl Fn(&str) -> bool) -> Vec<Group<'_>> {
        let grouped = self.controls.iter().any(|control| control.group.is_some());
        let heading = |control: &Control| match &control.group {
            Some(group) => group.clone(),
            None if control.local => ADDED,
            None if grouped => OTHER,
            None if control.required => REQUIRED,
            None if is_judged(&control.name) => JUDGED,
            None => OTHER,
        };
        let mut groups: Vec<Group<'_>> = Vec::new();
        for control in &self.controls {
            let heading = heading(control);
            match groups.iter_mut().find(|group| group.heading == heading) {
                Some(group) => group.controls.push(control),
                None => groups.push(Group {
                    heading,
                    controls: vec![control],
                }),
            }
        }
        if !grouped {
            let order = [REQUIRED, JUDGED, OTHER, ADDED];
            groups.sort_by_key(|group| order.iter().position(|heading| *heading == group.heading));
        }
        groups
    }
}

const REQUIRED: Text = Text::fixed("必ず入力する項目", "required");
const JUDGED: Text = Text::fixed("遵守事項の判断に使う項目", "looked at by duties");
const OTHER: Text = Text::fixed("そのほかの項目", "other");
const ADDED: Text = Text::fixed("市が加えた項目", "added by the city");

impl Filled<'_> {
    fn is_known_row(self) -> bool {
        matches!(self, Self::Entry(_) | Self::Submitted { key: Some(_), .. })
    }

    fn values(self, field: &Field, name: &str) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Entry(document) => control::values(field, field.of(document).unwrap_or(&Value::Null)),
            Self::Submitted { key: Some(key), .. } if name == KEY => vec![key.to_owned()],
            Self::Submitted { pairs, .. } => {
                let mine = pairs.iter().filter(|(other, _)| other == name);
                mine.map(|(_, value)| value.clone()).collect()
            }
        }
    }
}

/// What a browser sends for a form that shows `document` and is left as it is. [`read()`] makes the document of it again.
#[must_use]
pub fn pairs(kind: &Kind, document: &Value) -> Vec<(String, String)> {
    let of_field = |field: &Field| {
        let name = field.path();
        let values = control::values(field, field.of(document).unwrap_or(&Value::Null));
        values.into_iter().map(move |value| (name.clone(), value))
    };
    kind.fields.iter().flat_map(of_field).collect()
}

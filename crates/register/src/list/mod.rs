//! Lists of a register: columns, filters, and what a store is told so that it can find, sort and filter.
//!
//! [`index()`] turns a document into terms of bytes; [`ask()`] turns what a page or a program asks for into the same
//! bytes. Between the two stands a store that knows no register.

mod ask;
mod index;
mod order;

use std::borrow::Cow;

use model::lang::Text;

use crate::definition::Kind;
use crate::field::{Field, FieldKind};
use crate::words::Words;

pub use ask::{Asked, Condition, LIMIT, MOST, Sort, ask};
pub use index::{IndexTerms, index};

/// The field that holds how the title is read (よみ), in registers that have it.
pub const READING: &str = "reading";

/// What a filter takes for rows in which the field is empty.
pub const EMPTY: &str = "-";

/// One column of a list.
#[derive(Debug, Clone)]
pub struct Column<'k> {
    /// The field.
    pub field: &'k Field,
    /// Shown unless somebody chooses other columns.
    pub usual: bool,
    /// A list of references has no one place in an order.
    pub sortable: bool,
}

/// Every column that a list of the register can have: the usual ones first, in their order.
#[must_use]
pub fn columns(kind: &Kind) -> Vec<Column<'_>> {
    let column = |usual: bool| {
        move |field| Column {
            field,
            usual,
            sortable: !matches!(field.kind, FieldKind::References(_)),
        }
    };
    let usual = kind.columns.iter().filter_map(|name| kind.field(name));
    let others = kind.fields.iter().filter(|field| !kind.columns.contains(&field.path()));
    usual.map(column(true)).chain(others.map(column(false))).collect()
}

/// One field by which a list can be narrowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter<'k> {
    /// The field's [path](Field::path).
    pub field: String,
    /// What people call it.
    pub label: &'k Text,
    /// How it narrows.
    pub by: By<'k>,
}

/// How a filter narrows a list.
#[derive(Debug, Clone, PartialEq)]
pub enum By<'k> {
    /// By one of these: what a filter takes, and what people call it. [`EMPTY`] is the last where the field may be empty.
    Options(Vec<(Cow<'k, str>, Text)>),
    /// By a row of the register with this slug: its key, or a title that only it has.
    Rows(&'k str),
    /// By days, from and to.
    Days,
    /// By whole numbers, from and to.
    Numbers,
}

/// The filters of a register, in the order of its fields; text is what the search is for.
#[must_use]
pub fn filters<'k>(kind: &'k Kind, words: &'k Words) -> Vec<Filter<'k>> {
    let filter = |field: &'k Field| {
        Some(Filter {
            field: field.path(),
            label: &field.label,
            by: by(field, words)?,
        })
    };
    kind.fields.iter().filter_map(filter).collect()
}

/// How a list is narrowed by a field; `None` where it is not.
fn by<'k>(field: &'k Field, words: &'k Words) -> Option<By<'k>> {
    let mut options: Vec<(Cow<'k, str>, Text)> = match &field.kind {
        FieldKind::Text => return None,
        FieldKind::Date => return Some(By::Days),
        FieldKind::Integer => return Some(By::Numbers),
        FieldKind::Reference(target) | FieldKind::References(target) => return Some(By::Rows(target)),
        FieldKind::Boolean => vec![
            (Cow::Borrowed("true"), Text::fixed("○", "yes")),
            (Cow::Borrowed("false"), Text::fixed("×", "no")),
        ],
        FieldKind::Choice(choices) => {
            let choice = |choice: &'k crate::Choice| (Cow::Borrowed(&*choice.value), choice.label.clone());
            choices.iter().map(choice).collect()
        }
        FieldKind::Scheme(kind) => {
            let words = words.schemes().words(*kind).into_iter();
            words
                .map(|(word, code)| (Cow::Owned(word.to_owned()), scheme_label(*kind, word, code)))
                .collect()
        }
    };
    if field.nullable {
        options.push((Cow::Borrowed(EMPTY), Text::fixed("未入力", "empty")));
    }
    Some(By::Options(options))
}

/// The city's word; the national name has an English one.
pub(crate) fn scheme_label(kind: model::scheme::SchemeKind, word: &str, code: &str) -> Text {
    match kind.national(code) {
        Some(national) if national.ja == word => Text::fixed(national.ja, national.en),
        _ => Text::same(word),
    }
}

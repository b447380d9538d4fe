//! What somebody asks of a list, read from the query of a page or of the API.

use model::lang::Text;

use crate::cell::Cell;
use crate::definition::Kind;
use crate::fault::Fault;
use crate::field::{Field, FieldKind};
use crate::list::index::keys;
use crate::list::{EMPTY, by};
use crate::read::shortened;
use crate::words::Words;

/// How many rows a page has where nobody says.
pub const LIMIT: usize = 50;
/// The most rows of a page.
pub const MOST: usize = 200;

/// What a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Words to be found; empty for all rows.
    pub search: String,
    /// All of them hold.
    pub conditions: Vec<(String, Condition)>,
    /// In which order; the list's own where nobody says.
    pub sort: Option<Sort>,
    /// Where the page before ended, as the store gave it.
    pub cursor: Option<String>,
    /// How many rows, from 1 to [`MOST`].
    pub limit: usize,
}

/// What must hold of the keys of a field, as [`index()`](crate::list::index()) makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One of its keys is this one; empty for rows without a value.
    Is(Vec<u8>),
    /// Its key lies between, both ends included; rows without a value are never between.
    Between(Vec<u8>, Option<Vec<u8>>),
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The [path](Field::path) of a field.
    pub field: String,
    /// From the end to the beginning.
    pub descending: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            search: String::new(),
            conditions: Vec::new(),
            sort: None,
            cursor: None,
            limit: LIMIT,
        }
    }
}

/// Reads a query: `search`, `sort` (a field, with `-` before it from the end), `cursor`, `limit`, `filter[field]`,
/// `from[field]` and `to[field]`.
///
/// A parameter without a value asks for nothing, since an empty control of a form is sent too. A name that begins with
/// `_` belongs to the page. Values are read by [`Field::read`]: a label does as well as its word, a title as a key.
///
/// # Errors
/// Everything that cannot be read; a fault's `field` is the parameter's name. Codes beside those of [`Field::read`]:
/// `unknown-parameter`, `unknown-field`, `no-filter`, `limit`.
pub fn ask(kind: &Kind, query: &[(String, String)], words: &Words) -> Result<Asked, Vec<Fault>> {
    let mut asked = Asked::default();
    let mut faults = Vec::new();
    for (name, value) in query {
        let value = value.trim();
        if value.is_empty() || name.starts_with('_') {
            continue;
        }
        if let Err(mut fault) = take(&mut asked, kind, (name, value), words) {
            fault.register.clone_from(&kind.slug);
            fault.field = Some(shortened(name).into_owned());
            faults.push(*fault);
        }
    }
    if faults.is_empty() { Ok(asked) } else { Err(faults) }
}

fn take(asked: &mut Asked, kind: &Kind, (name, value): (&str, &str), words: &Words) -> Result<(), Box<Fault>> {
    match name {
        "search" => value.clone_into(&mut asked.search),
        "cursor" => asked.cursor = Some(value.to_owned()),
        "limit" => {
            let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            asked.limit = limit.ok_or_else(wrong_limit)?;
        }
        "sort" => {
            let (descending, path) = value.strip_prefix('-').map_or((false, value), |path| (true, path));
            let field = kind.field(path).ok_or_else(|| unknown_field(kind, path))?;
            if matches!(field.kind, FieldKind::References(_)) {
                return Err(no_filter(field));
            }
            let field = field.path();
            asked.sort = Some(Sort { field, descending });
        }
        _ => {
            let (what, path) = bracketed(name).ok_or_else(|| unknown_parameter(name))?;
            let field = kind.field(path).ok_or_else(|| unknown_field(kind, path))?;
            condition(asked, field, (what, value), words)?;
        }
    }
    Ok(())
}

/// `filter` and `kind` of `filter[kind]`.
fn bracketed(name: &str) -> Option<(&str, &str)> {
    let (what, path) = name.strip_suffix(']')?.split_once('[')?;
    matches!(what, "filter" | "from" | "to").then_some((what, path))
}

fn condition(asked: &mut Asked, field: &Field, (what, value): (&str, &str), words: &Words) -> Result<(), Box<Fault>> {
    let path = field.path();
    let ordered = matches!(field.kind, FieldKind::Date | FieldKind::Integer);
    if by(field, words).is_none() || (what != "filter" && !ordered) {
        return Err(no_filter(field));
    }
    if what == "filter" && value == EMPTY {
        asked.conditions.push((path, Condition::Is(Vec::new())));
        return Ok(());
    }
    let key = key(field, value, words)?;
    if what == "filter" {
        asked.conditions.push((path, Condition::Is(key)));
        return Ok(());
    }
    let range = asked
        .conditions
        .iter_mut()
        .find_map(|(other, condition)| match condition {
            Condition::Between(from, to) if *other == path => Some((from, to)),
            _ => None,
        });
    // The smallest key that is not empty.
    let least = vec![0];
    match (range, what) {
        (Some((from, _)), "from") => *from = key,
        (Some((_, to)), _) => *to = Some(key),
        (None, "from") => asked.conditions.push((path, Condition::Between(key, None))),
        (None, _) => asked.conditions.push((path, Condition::Between(least, Some(key)))),
    }
    Ok(())
}

/// The key of a value as somebody writes it. Bounds of the field do not matter here: a filter may look for anything.
fn key(field: &Field, value: &str, words: &Words) -> Result<Vec<u8>, Box<Fault>> {
    let free = Field {
        bounds: crate::Bounds::default(),
        ..field.clone()
    };
    let read = free.read(&Cell::from(value), words)?;
    Ok(keys(field, &read).into_iter().next().unwrap_or_default())
}

fn wrong_limit() -> Box<Fault> {
    let message = Text::new(
        format!("1から{MOST}までの整数で指定してください"),
        format!("must be a whole number from 1 to {MOST}"),
    );
    Box::new(Fault::new("limit", "", message))
}

fn unknown_parameter(name: &str) -> Box<Fault> {
    let name = shortened(name);
    let message = Text::new(
        format!("「{name}」という条件はない"),
        format!("`{name}` is no parameter of a list"),
    );
    Box::new(Fault::new("unknown-parameter", "", message))
}

fn unknown_field(kind: &Kind, path: &str) -> Box<Fault> {
    let path = shortened(path);
    let message = Text::new(
        format!("台帳「{}」に「{path}」という項目はない", kind.label.ja),
        format!("`{path}` is no field of {}", kind.label.en),
    );
    Box::new(Fault::new("unknown-field", "", message))
}

fn no_filter(field: &Field) -> Box<Fault> {
    let message = Text::new(
        format!(
            "「{}」では絞り込みや並べ替えができない。検索を使ってください",
            field.label.ja
        ),
        format!(
            "a list is not narrowed or sorted so by `{}`; search instead",
            field.label.en
        ),
    );
    field.fault("no-filter", message)
}

//! `/registers/{slug}`, `/registers/{slug}/{key}`, `/registers/{slug}/{key}/history`: rows are read.

use access::token::Scope;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use register::Kind;
use register::list::{self, Asked, Condition};
use serde_json::{Value, json};
use service::hall::Hall;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use store::{Cursor, Filter, Sort, Test, Version};

use super::bearer::Caller;
use super::part::{Named, ask, readable, row, tag, with_kind};
use super::refused::Refused;
use crate::site::Site;

/// How often the store is asked for one page of rows, most of which the visitor may not read. The cursor goes on from there.
const LOOKS: usize = 20;

async fn rows(
    State(site): State<Site>,
    caller: Caller,
    Named(slug): Named<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersRead)?;
    let page = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let asked = hall.with_words(|words| list::ask(kind, &pairs, words))??;
            page(hall, &visitor, kind, &asked)
        })
    });
    Ok(Json(page.await?).into_response())
}

/// As many rows as were asked for, of those that the visitor may read.
fn page(hall: &Hall, visitor: &Visitor, kind: &Kind, asked: &Asked) -> Result<Value, Refused> {
    let mut query = query(kind, asked)?;
    let mut entries: Vec<Value> = Vec::new();
    let mut next = None;
    for _ in 0..LOOKS {
        query.limit = asked.limit.saturating_sub(entries.len());
        let page = hall.store().list(&query)?;
        let open = page.rows.iter().filter(|entry| {
            let resource = hall.entry_resource(kind, &entry.document);
            hall.allow(visitor, Verb::Read, &resource).is_ok()
        });
        entries.extend(open.map(row));
        next = page.next;
        query.after.clone_from(&next);
        if next.is_none() || entries.len() >= asked.limit {
            break;
        }
    }
    Ok(json!({ "entries": entries, "next": next.as_ref().map(written) }))
}

/// What the store is asked for.
pub(super) fn query(kind: &Kind, asked: &Asked) -> Result<store::Query, Refused> {
    let filter = |(field, condition): &(String, Condition)| match condition {
        Condition::Is(key) => Filter::is(field, key.clone()),
        Condition::Between(from, to) => Filter {
            field: field.clone(),
            test: Test::Between(Some(from.clone()), to.clone()),
        },
    };
    let after = asked.cursor.as_deref().map(|cursor| read(cursor).ok_or_else(lost));
    let sort = asked.sort.clone();
    Ok(store::Query {
        search: asked.search.clone(),
        filters: asked.conditions.iter().map(filter).collect(),
        descending: sort.as_ref().is_some_and(|sort| sort.descending),
        sort: sort.map_or(Sort::Reading, |sort| Sort::Field(sort.field)),
        after: after.transpose()?,
        limit: asked.limit,
        ..store::Query::of(&kind.slug)
    })
}

async fn one(
    State(site): State<Site>,
    caller: Caller,
    Named((slug, key)): Named<(String, String)>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersRead)?;
    let entry = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| readable(hall, &visitor, kind, &key))
    })
    .await?;
    Ok((tag(&entry), Json(row(&entry))).into_response())
}

async fn history(
    State(site): State<Site>,
    caller: Caller,
    Named((slug, key)): Named<(String, String)>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersRead)?;
    let versions = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            readable(hall, &visitor, kind, &key)?;
            Ok(hall.store().versions(&kind.slug, &key)?)
        })
    });
    let versions: Vec<Value> = versions.await?.iter().map(version).collect();
    Ok(Json(json!({ "versions": versions })).into_response())
}

fn version(version: &Version) -> Value {
    json!({
        "version": version.version,
        "at": version.at.to_string(),
        "act": version.kind,
        "actor": version.actor,
        "leaf": version.leaf,
        "document": version.document,
    })
}

/// A cursor as a parameter carries it: the number of the entry, then its sort key in hexadecimal digits.
fn written(cursor: &Cursor) -> String {
    let digits = cursor.value.iter().map(|byte| format!("{byte:02x}"));
    format!("{}-{}", cursor.entry, digits.collect::<String>())
}

fn read(written: &str) -> Option<Cursor> {
    let (entry, digits) = written.split_once('-')?;
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    Some(Cursor {
        entry: entry.parse().ok()?,
        value: digits.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?,
    })
}

fn lost() -> Refused {
    Refused::parameter(
        "cursor",
        "cursorは前のページの「next」をそのまま付けてください",
        "a cursor is the `next` of the page before, as it is",
    )
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}", get(rows))
        .route("/registers/{slug}/{key}", get(one))
        .route("/registers/{slug}/{key}/history", get(history))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_nothing_else_is_one() {
        let cursor = Cursor {
            value: vec![0, 0xff, 0x30],
            entry: 17,
        };
        assert_eq!(read(&written(&cursor)), Some(cursor));
        for wrong in ["", "17", "17-0", "x-00", "17-zz", "17-+1", "17-あ"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}

//! What is found in the records, as far as the visitor may read them: people, requests, documents, rows of registers.

use model::lang::{Lang, Text};
use register::{Kind, Words};
use service::hall::entrance::sessions::Visitor;
use service::hall::requests::Wanted;
use service::hall::rights::Verb;
use service::hall::rows::Found;
use service::hall::{Hall, Refusal, collection};
use store::{Entry, Query, Total, fold};

use super::{Group, Hit};
use crate::href;
use crate::part::counted;
use crate::view::name;

/// Hits shown of people, of requests and of each register; the rest is one link away.
const FEW: usize = 5;

/// Documents that are looked at; what the visitor may not read is not counted.
const DOCUMENTS: usize = 200;

/// Registers whose rows have a group of their own kind.
const ELSEWHERE: [&str; 2] = ["person", "document"];

/// The most characters of a value beside a hit.
const SHOWN: usize = 60;

/// Everything that is found for `asked`.
pub(super) fn groups(hall: &Hall, visitor: &Visitor, asked: &str, lang: Lang) -> Result<Vec<Group>, Refusal> {
    let folded = fold(asked);
    let mut groups = vec![
        people(hall, asked, &folded),
        requests(hall, visitor, asked)?,
        documents(hall, visitor, asked)?,
    ];
    groups.extend(rows(hall, visitor, (asked, &folded), lang)?);
    Ok(groups)
}

fn people(hall: &Hall, asked: &str, folded: &str) -> Group {
    let (directory, today) = (hall.directory(), hall.today());
    let is_meant = |key: &str, name: &str, reading: &str| {
        let text = fold(&format!("{name} {reading} {key}"));
        folded.split(' ').all(|word| text.contains(word))
    };
    let found = directory.people.iter().filter(|(key, member)| {
        is_meant(key, &member.name, &member.reading) && directory.member(key, today).is_some()
    });
    let (mut hits, mut total) = (Vec::new(), 0_u64);
    for (key, member) in found {
        total = total.saturating_add(1);
        if hits.len() < FEW {
            hits.push(Hit {
                excerpt: Text::same(name::section(&directory, &member.section)),
                ..Hit::of(Text::same(member.name.clone()), href::person(key))
            });
        }
    }
    let label = Text::fixed("職員", "People");
    Group::new("people", label, hits, counted(Total::Exactly(total))).all(format!("/people?q={}", href::segment(asked)))
}

fn requests(hall: &Hall, visitor: &Visitor, asked: &str) -> Result<Group, Refusal> {
    let wanted = Wanted {
        search: asked.to_owned(),
        limit: FEW,
        ..Wanted::default()
    };
    let listed = hall.requests_for(visitor, &wanted)?;
    let hits = listed.rows.iter().map(|loaded| {
        let request = &loaded.request;
        let title = request.content().title.trim();
        let title = if title.is_empty() { request.number() } else { title };
        let state = request.state().title();
        let number = request.number();
        Hit {
            excerpt: Text::new(format!("{number} {}", state.ja), format!("{number} {}", state.en)),
            ..Hit::of(Text::same(title.to_owned()), href::request(number))
        }
    });
    let label = Text::fixed("申請", "Requests");
    let all = format!("{}?show=all&q={}", href::REQUESTS, href::segment(asked));
    Ok(Group::new("requests", label, hits.collect(), counted(listed.total)).all(all))
}

/// Documents by what their rows and what their texts say.
fn documents(hall: &Hall, visitor: &Visitor, asked: &str) -> Result<Group, Refusal> {
    let query = |register: &str| Query {
        search: asked.to_owned(),
        limit: DOCUMENTS,
        ..Query::of(register)
    };
    let store = hall.store();
    let mut found = store.list(&query(ELSEWHERE[1]))?.rows;
    let is_more = found.len() == DOCUMENTS;
    for text in store.list(&query(collection::TEXT))?.rows {
        if !found.iter().any(|entry| entry.key == text.key) {
            found.extend(store.entry(ELSEWHERE[1], &text.key)?.filter(|row| row.retired_at.is_none()));
        }
    }
    found.retain(|entry| hall.permit_on_document(visitor, Verb::Read, &entry.document).is_ok());
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let total = if is_more { Total::AtLeast(total) } else { Total::Exactly(total) };
    let hit = |entry: &Entry| Hit {
        excerpt: Text::same(entry.key.clone()),
        ..Hit::of(Text::same(entry.title.clone()), href::document(&entry.key))
    };
    let hits = found.iter().take(FEW).map(hit).collect();
    let label = Text::fixed("文書", "Documents");
    Ok(Group::new("documents", label, hits, counted(total)).all(format!("/documents?q={}", href::segment(asked))))
}

/// A group for each register with a row that has the words.
fn rows(hall: &Hall, visitor: &Visitor, words: (&str, &str), lang: Lang) -> Result<Vec<Group>, Refusal> {
    let city = hall.city().ok_or(Refusal::NoCity)?;
    let filled = hall.store().registers()?;
    let mut found: Vec<(&Kind, Found)> = Vec::new();
    for kind in city.kinds.iter().filter(|kind| !ELSEWHERE.contains(&kind.slug.as_str())) {
        let live = filled.iter().find(|(register, ..)| *register == kind.slug);
        if live.is_none_or(|(_, live, _)| *live == 0) || !hall.may_somewhere(visitor, Verb::Read, kind) {
            continue;
        }
        let query = Query {
            search: words.0.to_owned(),
            limit: FEW,
            ..Query::of(&kind.slug)
        };
        let seen = hall.glance(visitor, kind, query)?;
        if !seen.rows.is_empty() {
            found.push((kind, seen));
        }
    }
    hall.with_words(|names| {
        let groups = found.into_iter().map(|(kind, seen)| group(kind, &seen, words, names, lang));
        groups.collect()
    })
}

fn group(kind: &Kind, seen: &Found, (asked, folded): (&str, &str), names: &Words, lang: Lang) -> Group {
    let hits = seen.rows.iter().map(|entry| {
        let title = if entry.title == entry.key {
            entry.key.clone()
        } else {
            format!("{} {}", entry.key, entry.title)
        };
        Hit {
            excerpt: reason(kind, entry, folded, names, lang),
            ..Hit::of(Text::same(title), href::entry(&kind.slug, &entry.key))
        }
    });
    let hits: Vec<Hit> = hits.collect();
    let shown = u64::try_from(hits.len()).unwrap_or(u64::MAX);
    let unknown = if seen.next.is_some() { Total::AtLeast(shown) } else { Total::Exactly(shown) };
    let count = counted(seen.total.unwrap_or(unknown));
    let all = format!("{}?search={}", href::register(&kind.slug), href::segment(asked));
    Group::new(&kind.slug, kind.label.clone(), hits, count).all(all)
}

/// The field of a row that has the words, where its key and title do not say it: 製品: 見本暗号化
fn reason(kind: &Kind, entry: &Entry, folded: &str, names: &Words, lang: Lang) -> Text {
    let has_one = |text: &str| {
        let text = fold(text);
        folded.split(' ').any(|word| text.contains(word))
    };
    if has_one(&entry.title) || has_one(&entry.key) {
        return Text::default();
    }
    let mut fields = kind.fields.iter().filter_map(|field| {
        let shown = field.display(field.of(&entry.document)?, names, lang);
        let text = shown.text(lang);
        has_one(&text).then(|| {
            let label = field.label.get(lang);
            let short: String = text.chars().take(SHOWN).collect();
            let tail = if text.chars().nth(SHOWN).is_some() { "…" } else { "" };
            Text::same(format!("{label}: {short}{tail}"))
        })
    });
    fields.next().unwrap_or_default()
}

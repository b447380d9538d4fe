//! `/search`: clauses, duties and registers by their words.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use policy::judge::Standing;
use serde::Deserialize;

use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::{Edition, Site};
use crate::view::{ClauseView, Run};
use crate::visit::Visit;

/// Hits shown a group; more say too little.
const MOST: usize = 30;

/// Characters around the words in an excerpt.
const AROUND: usize = 30;

/// The page.
#[derive(Template)]
#[template(path = "page/search.html")]
struct Search {
    frame: Frame,
    asked: String,
    found: Vec<Group>,
}

impl Page for Search {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What was found of one kind.
struct Group {
    label: Text,
    total: usize,
    hits: Vec<Hit>,
}

/// One thing that was found.
struct Hit {
    title: Text,
    /// The title is in the city's own words.
    is_original: bool,
    href: String,
    standing: Option<Standing>,
    excerpt: String,
}

impl Group {
    fn new(label: Text, hits: Vec<Hit>) -> Self {
        let total = hits.len();
        let hits = hits.into_iter().take(MOST).collect();
        Self { label, total, hits }
    }

    fn count(&self) -> Text {
        Text::new(format!("{}件", self.total), self.total.to_string())
    }
}

impl Search {
    fn new(visit: &Visit, edition: &Edition, asked: &str) -> Self {
        let asked = asked.trim();
        let words = folded(asked);
        let groups = if words.is_empty() {
            Vec::new()
        } else {
            vec![
                Group::new(Text::fixed("条項", "Clauses"), clauses(edition, &words)),
                Group::new(Text::fixed("遵守事項", "Duties"), duties(edition, &words)),
                Group::new(Text::fixed("台帳", "Registers"), registers(edition, &words)),
            ]
        };
        Self {
            frame: visit.frame(Text::fixed("探す", "Search"), None),
            asked: asked.to_owned(),
            found: groups.into_iter().filter(|group| group.total > 0).collect(),
        }
    }
}

fn clauses(edition: &Edition, words: &str) -> Vec<Hit> {
    let clauses = edition.policy.clauses.iter();
    let hits = clauses.filter_map(|clause| {
        let text = text(clause);
        let place = folded(&text).find(words);
        let named = folded(&clause.name()).contains(words);
        (named || place.is_some()).then(|| Hit {
            title: Text::same(clause.name()),
            is_original: true,
            href: clause.href(),
            standing: clause.standing,
            excerpt: excerpt(&text, words),
        })
    });
    hits.collect()
}

fn duties(edition: &Edition, words: &str) -> Vec<Hit> {
    let duties = edition.policy.duties.iter();
    let said = duties.filter(|duty| {
        let title = &duty.title;
        [&title.ja, &title.en].iter().any(|title| folded(title).contains(words)) || duty.id.contains(words)
    });
    let hits = said.map(|duty| Hit {
        title: duty.title.clone(),
        is_original: false,
        href: duty.href.clone(),
        standing: Some(duty.standing),
        excerpt: String::new(),
    });
    hits.collect()
}

fn registers(edition: &Edition, words: &str) -> Vec<Hit> {
    let kinds = edition.snapshot.city.kinds.iter();
    let said = kinds.filter(|kind| {
        let label = &kind.label;
        [&label.ja, &label.en].iter().any(|label| folded(label).contains(words))
    });
    let hits = said.map(|kind| Hit {
        title: kind.label.clone(),
        is_original: false,
        href: href::register(&kind.slug),
        standing: None,
        excerpt: String::new(),
    });
    hits.collect()
}

fn text(clause: &ClauseView) -> String {
    clause.paragraphs.iter().flatten().map(Run::words).collect()
}

/// Full-width letters and digits as narrow ones, capitals as small ones; one character for one character.
fn folded(text: &str) -> String {
    let narrow = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    });
    narrow.map(|c| c.to_ascii_lowercase()).collect()
}

/// The words with what stands around them.
fn excerpt(text: &str, words: &str) -> String {
    let folded = folded(text);
    let Some(at) = folded.find(words) else {
        return text.chars().take(AROUND.saturating_mul(2)).collect();
    };
    let before = folded.get(..at).map_or(0, |before| before.chars().count());
    let start = before.saturating_sub(AROUND);
    let length = before.saturating_sub(start).saturating_add(words.chars().count()).saturating_add(AROUND);
    let head = if start > 0 { "…" } else { "" };
    let shown: String = text.chars().skip(start).take(length).collect();
    let tail = if text.chars().count() > start.saturating_add(length) { "…" } else { "" };
    format!("{head}{shown}{tail}")
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn search(State(site): State<Site>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let edition = site.edition()?;
    Ok(Search::new(&visit, &edition, &asked.q).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/search", get(search))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static("/search"), lang);
    let page = |name, asked: &str| Sample::of(name, &Search::new(&visit, &edition, asked));
    vec![
        page("search", "ＬＧＷＡＮ"),
        page("search-nothing", "見つからない言葉"),
        page("search-empty", ""),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_words_as_they_are_written() {
        assert_eq!(excerpt("総合行政ネットワーク（ＬＧＷＡＮ）につながる", "lgwan"), "総合行政ネットワーク（ＬＧＷＡＮ）につながる");
        let long = format!("{}端末{}", "あ".repeat(100), "い".repeat(100));
        assert_eq!(excerpt(&long, "端末"), format!("…{}端末{}…", "あ".repeat(30), "い".repeat(30)));
    }
}

//! `/requests`: requests by whose they are, state, kind and words, part by part.

use approval::request::State;
use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::Hall;
use service::hall::acts::LoadedRequest;
use service::hall::entrance::sessions::Visitor;
use service::hall::requests::{Listed, Wanted};
use store::Total;

use super::row::{self, RequestRow};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Pages;
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// Requests a page.
const SIZE: usize = 50;
/// The furthest position that an address may ask for.
const FURTHEST: usize = 1_000_000;

/// Whose requests are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Show {
    /// Those that wait for the visitor.
    #[default]
    Awaiting,
    /// The visitor's own.
    Mine,
    /// All that the visitor may see.
    All,
}

impl Show {
    const ALL: [Self; 3] = [Self::Awaiting, Self::Mine, Self::All];

    const fn word(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::Mine => "mine",
            Self::All => "all",
        }
    }

    const fn label(self) -> Text {
        match self {
            Self::Awaiting => Text::fixed("わたしの決裁待ち", "Waiting for me"),
            Self::Mine => Text::fixed("わたしの申請", "My requests"),
            Self::All => Text::fixed("見られる申請のすべて", "All that I may see"),
        }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "page/requests.html")]
struct List {
    frame: Frame,
    asked: Asked,
    kinds: Vec<(String, Text)>,
    rows: Vec<RequestRow>,
    pages: Pages,
}

impl Page for List {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl List {
    fn is_kind(&self, id: &str) -> bool {
        self.asked.kind == id
    }

    /// The states to choose from: what waits for a decision has but one.
    fn states(&self) -> Vec<(String, Text, bool)> {
        if self.asked.show == Show::Awaiting {
            return Vec::new();
        }
        let option = |state: State| {
            let word = row::word(state);
            let chosen = self.asked.state == word;
            (word, state.title(), chosen)
        };
        State::ALL.into_iter().map(option).collect()
    }
}

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: Show,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    from: String,
}

impl Asked {
    /// The same requests of somebody else, or another part of them.
    fn href(&self, show: Show, place: &[(&str, &str)]) -> String {
        let own = [("show", show.word()), ("kind", &self.kind), ("q", &self.q)];
        let state = (show != Show::Awaiting).then_some(("state", self.state.as_str()));
        let pairs = own.into_iter().chain(state).chain(place.iter().copied());
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={}", href::segment(value)))
            .collect();
        format!("{}?{}", href::REQUESTS, pairs.join("&"))
    }

    fn tab(&self, show: &Show) -> String {
        self.href(*show, &[])
    }

    fn position(&self) -> usize {
        std::cmp::min(self.from.parse().unwrap_or_default(), FURTHEST)
    }

    /// What the hall is asked for. A state or a place that is none asks for nothing.
    fn wanted(&self, visitor: &Visitor) -> Wanted {
        let state = State::ALL.into_iter().find(|state| row::word(*state) == self.state);
        let after = self.cursor.parse().ok();
        Wanted {
            applicant: (self.show == Show::Mine).then(|| visitor.person.clone()),
            kind: Some(self.kind.clone()).filter(|kind| !kind.is_empty()),
            states: state.into_iter().collect(),
            search: self.q.trim().to_owned(),
            skip: if after.is_none() { self.position() } else { 0 },
            after,
            limit: SIZE,
        }
    }

    /// The way to the other parts of a list of the store.
    fn pages(&self, listed: &Listed) -> Pages {
        let at = self.position();
        let shown = listed.rows.len().saturating_add(listed.hidden);
        let end = at.saturating_add(shown).to_string();
        let next = listed.next.as_ref().map(|next| {
            let place = [("cursor", next.to_string()), ("from", end)];
            self.href(self.show, &place.each_ref().map(|(name, value)| (*name, value.as_str())))
        });
        Pages::along((at, shown), Some(listed.total), self.before(at), next)
    }

    fn before(&self, at: usize) -> Option<String> {
        (at > 0).then(|| self.from(at.saturating_sub(SIZE)))
    }

    fn from(&self, at: usize) -> String {
        let from = if at == 0 { String::new() } else { at.to_string() };
        self.href(self.show, &[("from", &from)])
    }
}

pub(super) async fn list(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let wanted = asked.clone();
    let (rows, pages) = blocking(&site, move |hall| {
        let (found, pages) = match wanted.show {
            Show::Awaiting => awaiting(hall, &visitor, &wanted),
            Show::Mine | Show::All => {
                let listed = hall.requests_for(&visitor, &wanted.wanted(&visitor))?;
                let pages = wanted.pages(&listed);
                (listed.rows, pages)
            }
        };
        let directory = hall.directory();
        let rows = found.iter().map(|loaded| RequestRow::of(&loaded.request, hall, &directory));
        Ok((rows.collect(), pages))
    })
    .await?;
    let known = site.hall()?.request_kinds();
    let kinds = known.iter();
    let page = List {
        frame: visit.frame(Section::Requests.label(), Section::Requests),
        asked,
        kinds: kinds.map(|kind| (kind.id.clone(), kind.title.clone())).collect(),
        rows,
        pages,
    };
    Ok(page.show())
}

/// What waits for the visitor, which the hall has at hand.
fn awaiting(hall: &Hall, visitor: &Visitor, asked: &Asked) -> (Vec<LoadedRequest>, Pages) {
    let words = store::fold(&asked.q);
    let desk = hall.desk();
    let fits = |loaded: &&LoadedRequest| {
        let request = &loaded.request;
        let text = store::fold(&format!("{} {}", request.content().title, request.number()));
        (asked.kind.is_empty() || request.kind() == asked.kind) && words.split(' ').all(|word| text.contains(word))
    };
    let found: Vec<&LoadedRequest> = desk.awaiting(&visitor.person).filter(fits).collect();
    let at = asked.position().min(found.len());
    let shown: Vec<LoadedRequest> = found.iter().skip(at).take(SIZE).map(|loaded| (*loaded).clone()).collect();
    let pages = Pages::new(at, shown.len(), found.len(), SIZE, |from| asked.from(from));
    (shown, pages)
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(href::REQUESTS), lang);
    let page = |asked: Asked, rows, pages| List {
        frame: visit.frame(Section::Requests.label(), Section::Requests),
        asked,
        kinds: vec![("exception".to_owned(), Text::fixed("例外措置", "exception"))],
        rows,
        pages,
    };
    let all = Asked {
        show: Show::All,
        state: "waiting".to_owned(),
        q: "例外".to_owned(),
        from: "50".to_owned(),
        ..Asked::default()
    };
    let rows = row::samples();
    let pages = all.pages(&Listed {
        rows: Vec::new(),
        hidden: rows.len(),
        next: Some(store::Cursor {
            value: b"2026-000009".to_vec(),
            entry: 12,
        }),
        total: Total::Exactly(412),
    });
    vec![
        Sample::of("requests", &page(all, rows, pages)),
        Sample::of(
            "requests-none",
            &page(Asked::default(), Vec::new(), Pages::new(0, 0, 0, SIZE, |_| String::new())),
        ),
    ]
}

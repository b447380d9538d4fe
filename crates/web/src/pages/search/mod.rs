//! `/search`: the policy, people, requests, documents and the rows of registers by their words.

mod policy;
mod records;

use ::policy::judge::Standing;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use serde::Deserialize;
use store::{Total, fold, is_indexed};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::part::counted;
use crate::sample;
use crate::sent::Who;
use crate::site::{Edition, Site};
use crate::visit::Visit;

/// Hits shown of clauses, of duties and of registers; more say too little.
const MOST: usize = 30;

/// The most characters that are searched for; the control takes no more.
const LONGEST: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "page/search.html")]
struct Search {
    frame: Frame,
    asked: String,
    /// One letter or one kana is not looked for in the records.
    is_short: bool,
    found: Vec<Group>,
}

impl Page for Search {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What was found of one kind.
struct Group {
    /// Its place on the page.
    id: String,
    label: Text,
    count: Text,
    hits: Vec<Hit>,
    /// Where the rest is.
    all: Option<String>,
}

/// One thing that was found.
struct Hit {
    title: Text,
    /// The title is in the city's own words.
    is_original: bool,
    href: String,
    standing: Option<Standing>,
    /// What stands around the words, or where they stand.
    excerpt: Text,
}

impl Hit {
    /// Something with a name of the city's own.
    fn of(title: Text, href: String) -> Self {
        Self {
            title,
            is_original: true,
            href,
            standing: None,
            excerpt: Text::default(),
        }
    }
}

impl Group {
    fn new(id: &str, label: Text, hits: Vec<Hit>, count: Text) -> Self {
        Self {
            id: format!("found-{id}"),
            label,
            count,
            hits,
            all: None,
        }
    }

    /// A group of which all hits are at hand; the first of them are shown.
    fn of_all(id: &str, label: Text, mut hits: Vec<Hit>) -> Self {
        let total = u64::try_from(hits.len()).unwrap_or(u64::MAX);
        hits.truncate(MOST);
        Self::new(id, label, hits, counted(Total::Exactly(total)))
    }

    /// The rest is there.
    fn all(self, href: String) -> Self {
        Self {
            all: Some(href),
            ..self
        }
    }

    /// 端末の結果をすべて見る
    fn onward(&self) -> Text {
        let (ja, en) = (&self.label.ja, &self.label.en);
        Text::new(format!("{ja}の結果をすべて見る"), format!("all results in {en}"))
    }
}

impl Search {
    fn new(visit: &Visit, edition: &Edition, asked: &str, records: Vec<Group>) -> Self {
        let words = folded(asked);
        let mut found = Vec::new();
        if !words.is_empty() {
            found.extend(policy::groups(edition, &words));
            found.extend(records);
        }
        found.retain(|group| !group.hits.is_empty());
        Self {
            frame: visit.frame(Text::fixed("探す", "Search"), None),
            asked: asked.to_owned(),
            is_short: !asked.is_empty() && !is_indexed(&fold(asked)),
            found,
        }
    }
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

/// What is looked for: without what nobody sees, and no longer than the control takes.
fn meant(typed: &str) -> String {
    let visible = typed.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let visible: String = visible.take(LONGEST).collect();
    visible.trim().to_owned()
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn search(
    State(site): State<Site>,
    who: Result<Who, Failure>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let edition = site.edition()?;
    let asked = meant(&asked.q);
    let records = match who {
        // Pages over a folder have no records, and nobody who is signed in.
        Ok(Who(visitor)) if is_indexed(&fold(&asked)) => {
            let (asked, lang) = (asked.clone(), visit.lang);
            blocking(&site, move |hall| records::groups(hall, &visitor, &asked, lang)).await?
        }
        _ => Vec::new(),
    };
    Ok(Search::new(&visit, &edition, &asked, records).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/search", get(search))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static("/search"), lang);
    let page = |name, asked: &str, records| Sample::of(name, &Search::new(&visit, &edition, asked, records));
    let terminal = Hit {
        excerpt: Text::same("使う者: 見本 次郎"),
        ..Hit::of(Text::same("T-0001"), href::entry("terminal", "T-0001"))
    };
    let count = counted(Total::AtLeast(20_000));
    let rows = Group::new("terminal", Text::fixed("端末", "terminals"), vec![terminal], count);
    let rows = rows.all("/registers/terminal?search=LGWAN".to_owned());
    vec![
        page("search", "ＬＧＷＡＮ", vec![rows]),
        page("search-nothing", "見つからない言葉", Vec::new()),
        page("search-short", "ん", Vec::new()),
        page("search-empty", "", Vec::new()),
    ]
}

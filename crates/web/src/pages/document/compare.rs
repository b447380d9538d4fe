//! `/documents/{key}/compare`: what changed between two versions of a text, line by line.

use askama::Template;
use axum::extract::{Path, Query, State as Of};
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::acts::text::text_of;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal, collection};
use similar::{ChangeTag, TextDiff};

use super::show;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// So many lines that did not change stand around those that did.
const AROUND: usize = 3;

/// The page.
#[derive(Template)]
#[template(path = "page/document-compare.html")]
struct Compare {
    frame: Frame,
    groups: Vec<Vec<Line>>,
}

/// One line of either version.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    change: Change,
    text: String,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Same,
    Gone,
    New,
}

impl Page for Compare {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Line {
    const fn is_gone(&self) -> bool {
        matches!(self.change, Change::Gone)
    }

    const fn is_new(&self) -> bool {
        matches!(self.change, Change::New)
    }
}

impl Compare {
    fn new(visit: &Visit, key: &str, title: &str, (from, to): (u64, u64), groups: Vec<Vec<Line>>) -> Self {
        let heading = Text::new(
            format!("第{from}版と第{to}版の違い"),
            format!("Differences between versions {from} and {to}"),
        );
        let frame = visit
            .frame(heading, Section::Documents)
            .crumb(Section::Documents.label(), "/documents")
            .crumb(Text::same(title), href::document(key));
        Self { frame, groups }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Between {
    from: u64,
    to: u64,
}

pub(super) async fn compare(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
    Query(between): Query<Between>,
) -> Result<Response, Failure> {
    let of = key.clone();
    let (title, groups) = blocking(&site, move |hall| read(hall, &visitor, &of, between)).await?;
    Ok(Compare::new(&visit, &key, &title, (between.from, between.to), groups).show())
}

fn read(hall: &Hall, visitor: &Visitor, key: &str, between: Between) -> Result<(String, Vec<Vec<Line>>), Refusal> {
    let shown = show::shown(hall, visitor, key)?;
    let text = |version: u64| {
        let found = hall.store().version(collection::TEXT, key, version)?;
        let document = found.and_then(|version| version.document).ok_or(Refusal::NotFound)?;
        Ok::<String, Refusal>(text_of(&document).to_owned())
    };
    Ok((shown.title, differences(&text(between.from)?, &text(between.to)?)))
}

/// The lines that changed, with those around them.
fn differences(old: &str, new: &str) -> Vec<Vec<Line>> {
    let diff = TextDiff::from_lines(old, new);
    let groups = diff.grouped_ops(AROUND);
    let line = |change: similar::Change<&str>| Line {
        change: match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Delete => Change::Gone,
            ChangeTag::Insert => Change::New,
        },
        text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
    };
    let lines = groups.iter().map(|group| {
        let ops = group.iter().flat_map(|op| diff.iter_changes(op));
        ops.map(line).collect()
    });
    lines.collect()
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/documents/D-001/compare?from=1&to=2"), lang);
    let (old, new) = (
        "第1条 この方針は、市が保有する情報を守る。\n第2条 用語\n",
        "第1条 この方針は、市が保有する情報資産を守る。\n第2条 用語\n",
    );
    let page = |groups| Compare::new(&visit, "D-001", "見本市情報セキュリティ基本方針", (1, 2), groups);
    vec![
        Sample::of("document-compare", &page(differences(old, new))),
        Sample::of("document-compare-same", &page(Vec::new())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_as_it_was_and_as_it_is() {
        let groups = differences("一\n二\n三\n", "一\n弐\n三\n");
        let told: Vec<(Change, &str)> = groups[0].iter().map(|line| (line.change, line.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (Change::Same, "一"),
                (Change::Gone, "二"),
                (Change::New, "弐"),
                (Change::Same, "三")
            ]
        );
        assert!(differences("同じ\n", "同じ\n").is_empty());
    }
}

//! A picture of the zones, the devices between them and what passes, as SVG, and the same as a table.
//!
//! ```text
//!   zones        MyNumber   LGWAN    Internet   …      one column each: the tiers, what is beyond the city, the rest
//!   devices         ●━━━━━━━━━●                        one bar each, with a stop at every zone that it reaches
//!   passages        ────✓────▶                         one lane for each pair of zones between which something passes
//! ```
//!
//! It is made of the answers of [`crate::question::check`] and [`crate::question::matrix`] and of nothing else: the same network gives the
//! same bytes. A standing is told by mark, word and kind of line, never by colour alone. There is no script and no link in it, and names
//! are text whatever they hold.

mod draw;
mod passage;
mod plan;
#[cfg(test)]
mod tests;
mod text;
mod words;

use std::fmt::Write as _;

use model::lang::Lang;

use self::draw::Drawing;
pub use self::passage::{Count, Passage, Standing, count, passages, standing};
use self::text::escaped;
use crate::fabric::Fabric;
use crate::network::{Demand, ZoneId};
use crate::packet::Family;
use crate::question::{Cell, Checked};

/// Whose style sheet the picture wears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dress {
    /// Its own, inside: it stands alone.
    Own,
    /// That of the page that it stands in: [`STYLE`].
    Page,
}

/// The style of the picture, for pages that hold it. Colours are custom properties of `.net`.
pub const STYLE: &str = include_str!("style.css");

/// A network with the answers that a picture shows.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The network.
    pub fabric: &'a Fabric,
    /// What is demanded.
    pub demands: &'a [Demand],
    /// What goes where.
    pub cells: &'a [Cell],
    /// Of which zones that is not known.
    pub unknown: &'a [(ZoneId, Family)],
    /// What is kept.
    pub checked: &'a Checked,
}

impl Answered<'_> {
    fn passages(&self) -> Vec<Passage> {
        passages(self.fabric, self.demands, (self.cells, self.unknown), self.checked)
    }

    /// The picture.
    #[must_use]
    pub fn svg(&self, lang: Lang, dress: Dress) -> String {
        let passages = self.passages();
        let plan = plan::plan(self.fabric, &passages);
        self.drawing(&passages, lang).svg(&plan, dress)
    }

    /// The same as a table, for those who do not see pictures: an HTML `table` with a caption.
    #[must_use]
    pub fn table(&self, lang: Lang) -> String {
        let passages = self.passages();
        let drawing = self.drawing(&passages, lang);
        let mut html = String::from("<table class=\"net-table\">\n<caption>");
        let (title, summary) = (words::TITLE, words::summary(drawing.count));
        _ = writeln!(
            html,
            "{}: {}</caption>\n<thead><tr><th scope=\"col\">#</th>",
            title.get(lang),
            summary.get(lang)
        );
        let headings = [
            words::FROM,
            words::TO,
            words::STANDING,
            words::SERVICES,
            words::WAY,
            words::WHY,
        ];
        for heading in headings {
            _ = writeln!(html, "<th scope=\"col\">{}</th>", heading.get(lang));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for (number, passage) in (1usize..).zip(&passages) {
            let zone = |id| self.fabric.network.zone(id).map_or("", |zone| &*zone.label);
            let standing = passage.standing;
            let label = standing.label();
            _ = writeln!(
                html,
                "<tr class=\"net-{}\"><td>{number}</td><th scope=\"row\">{}</th><td>{}</td><td>{} {}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                standing.word(),
                escaped(zone(passage.from)),
                escaped(zone(passage.to)),
                standing.mark(),
                label.get(lang),
                escaped(&drawing.services(passage)),
                escaped(&drawing.way(passage)),
                escaped(&drawing.reasons(passage).join(" / ")),
            );
        }
        html.push_str("</tbody>\n</table>\n");
        html
    }

    /// A page of its own: picture and table.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let title = words::TITLE;
        let code = if lang == Lang::Ja { "ja" } else { "en" };
        format!(
            "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{}</title>\n<style>{STYLE}{PAGE}</style>\n</head>\n<body class=\"net\">\n<figure>\n{}</figure>\n{}</body>\n</html>\n",
            title.get(lang),
            self.svg(lang, Dress::Page),
            self.table(lang)
        )
    }

    fn drawing<'d>(&'d self, passages: &'d [Passage], lang: Lang) -> Drawing<'d> {
        Drawing {
            fabric: self.fabric,
            checked: self.checked,
            passages,
            count: count(self.demands, self.checked),
            lang,
        }
    }
}

/// What a page of its own needs beside the style of the picture.
const PAGE: &str = "body{margin:1.5rem;background:var(--paper);color:var(--ink)}figure{margin:0 0 1.5rem;overflow-x:auto}\
table{border-collapse:collapse;font-size:14px}caption{text-align:start;padding:.5rem 0;color:var(--faint)}\
th,td{text-align:start;vertical-align:top;padding:.4rem .7rem;border-bottom:1px solid var(--rule)}th[scope=row]{font-weight:400}\
tr.net-broken td:nth-child(4){color:var(--broken);font-weight:700}tr.net-unproven td:nth-child(4){color:var(--unproven);font-weight:700}\
tr.net-kept td:nth-child(4){color:var(--kept);font-weight:700}";

//! The matrix as a table in Markdown, for the documentation.

use std::fmt::Write as _;

use model::lang::{Lang, Text};

use super::{Cell, Reach, THINGS, VISITOR, roles};
use crate::authority::Act;
use crate::rule::{ADMINISTRATOR, PERSONNEL};

/// What the marks of the table mean.
pub const LEGEND: Text = Text::fixed(
    "課は所属し、又は預かる課、機関はその課の機関。*は、より近いところに認められないものがある。†は、本人のものを除く。空欄は認められない。",
    "section: the section one belongs to or answers for; organ: that section's organ; *: something nearer is excepted; †: except one's own; \
     empty: denied",
);

/// One table for each thing: a row an act, a column a role, in each cell the farthest that it reaches ([`LEGEND`]).
#[must_use]
pub fn table(cells: &[Cell], lang: Lang) -> String {
    let mut text = String::new();
    for thing in THINGS {
        let acts = Act::ALL
            .iter()
            .filter(|act| cells.iter().any(|cell| cell.thing == thing.id && cell.act == **act));
        // Writing to a string does not fail.
        let _ = writeln!(text, "### {}\n\n| |{}|", thing.title.get(lang), columns(lang));
        let _ = writeln!(text, "|---|{}", "---|".repeat(roles().len()));
        for act in acts {
            let row = roles().into_iter().map(|role| {
                let cell = cells
                    .iter()
                    .find(|cell| (cell.role, cell.thing, cell.act) == (role, thing.id, *act));
                cell.map_or_else(String::new, |cell| reach(cell, lang))
            });
            let _ = writeln!(
                text,
                "| {} |{}|",
                act.title().get(lang),
                row.collect::<Vec<_>>().join("|")
            );
        }
        text.push('\n');
    }
    text
}

fn columns(lang: Lang) -> String {
    let titles = roles().into_iter().map(|role| role_title(role).get(lang).to_owned());
    titles.collect::<Vec<_>>().join("|")
}

/// What the holder of a role of the matrix is called.
#[must_use]
pub fn role_title(role: &str) -> Text {
    match role {
        VISITOR => Text::fixed("住民など", "visitor"),
        PERSONNEL => Text::fixed("職員等", "personnel"),
        ADMINISTRATOR => Text::fixed("管理者", "administrator"),
        _ => match model::scheme::SchemeKind::Role.national(role) {
            Some(national) => Text::fixed(national.ja, national.en),
            None => Text::same(role),
        },
    }
}

/// Everywhere, or the reaches one by one where a nearer one is not within a farther one.
fn reach(cell: &Cell, lang: Lang) -> String {
    let far = |reach: &&Reach| **reach >= Reach::Section;
    let farthest = cell.allowed.iter().rfind(far);
    let near = cell
        .allowed
        .iter()
        .filter(|reach| !far(reach) && farthest != Some(&Reach::City));
    let within = |reach: &Reach| {
        Reach::ALL
            .iter()
            .filter(far)
            .all(|nearer| nearer > reach || cell.allowed.contains(nearer))
    };
    let titles = near.chain(farthest).map(|reach| {
        let but = if within(reach) || *reach < Reach::Section {
            ""
        } else {
            "*"
        };
        format!("{}{but}", reach.title().get(lang))
    });
    let own = farthest == Some(&Reach::City) && !cell.allowed.contains(&Reach::Own);
    let titles: Vec<String> = titles.collect();
    titles.join(if lang == Lang::Ja { "・" } else { ", " }) + if own { "†" } else { "" }
}

//! 自己点検, 自己点検の回答.

use jiff::civil::{Date, date};

use super::stream::{Stream, after};
use super::table::{Row, row};
use super::town::Town;

/// Code, title, fiscal year, first and last day, reported, improved.
#[rustfmt::skip]
static CAMPAIGNS: &[(&str, &str, i64, Date, Date, Date, Date)] = &[
    ("SI-2025", "令和7年度自己点検", 2025, date(2025, 9, 1), date(2025, 10, 10), date(2025, 11, 14), date(2026, 1, 30)),
    ("SI-2026", "令和8年度自己点検", 2026, date(2026, 8, 31), date(2026, 10, 9), date(2026, 11, 13), date(2026, 11, 18)),
];

pub(crate) fn campaigns(town: &Town) -> Vec<Row> {
    let rows = CAMPAIGNS
        .iter()
        .map(|(code, title, year, from, to, reported, improved)| {
            row! {
                code: *code, title: *title, fiscal_year: *year, starts_on: *from, ends_on: *to,
                approved_by: town.officer("デジタル推進監"), reported_on: *reported, improved_on: *improved,
            }
        });
    rows.collect()
}

/// Everybody who works through the campaign answers; whoever came after it answers on arrival.
pub(crate) fn answers(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("inspection_answer");
    let mut rows = Vec::new();
    for (campaign, _, _, from, to, ..) in CAMPAIGNS {
        let asked = town
            .people
            .iter()
            .filter(|person| person.works_on(*from) || (person.joined > *from && person.joined <= *to));
        rows.extend(asked.map(|person| {
            let answered = stream.day((*from).max(person.joined), *to);
            let violations = if stream.one_in(25) { stream.between(1, 2) } else { 0 };
            let followed = (violations > 0).then(|| after(answered, 7));
            row! {
                campaign: *campaign, person: &person.code, answered_on: answered, violations: violations,
                followed_up_on: followed,
            }
        }));
    }
    let numbered = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| row.with("code", format!("AN-{:04}", index.saturating_add(1))));
    numbered.collect()
}

//! 端末: three hundred and fifty, given to people by the tier their work needs.

use jiff::civil::{Date, date};

use super::people::Person;
use super::stream::Stream;
use super::table::{Row, row};
use super::town::Town;

/// How many terminals of each tier lie ready beside those given to people.
const SPARES: [(&str, usize); 2] = [("Z-MN", 4), ("Z-LG", 8)];
/// Terminals that are no more; [`super::media::disposals`] says how they went.
pub(crate) const DISPOSED: [&str; 6] = ["PC-9001", "PC-9002", "PC-9003", "PC-9004", "PC-9005", "PC-9006"];
const TOTAL: usize = 350;

pub(crate) fn terminals(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("terminal");
    let mut rows = given(&mut stream, town);
    for (zone, count) in SPARES {
        rows.extend((0..count).map(|_| row! { zone: zone, section: "S07", kind: "notebook", status: "spare" }));
    }
    let shared = TOTAL.saturating_sub(rows.len().saturating_add(DISPOSED.len()));
    rows.extend(
        (0..shared)
            .map(|_| row! { zone: "Z-IN", section: "S07", kind: "tablet", status: "in_use", user: town.second("S07") }),
    );
    let numbered = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| row.with("code", numbered(index)));
    let disposed =
        DISPOSED.map(|code| row! { zone: "Z-LG", section: "S07", kind: "notebook", status: "disposed", code: code });
    numbered
        .chain(disposed)
        .map(|row| protected(&mut stream, row))
        .collect()
}

fn given(stream: &mut Stream, town: &Town) -> Vec<Row> {
    let everyday = desks(town).map(|person| of(person, "Z-LG", "notebook"));
    let mynumber = town
        .active()
        .filter(|person| person.mynumber && matches!(person.rank, 2..=5));
    let mynumber = mynumber
        .filter(|_| !stream.one_in(6))
        .map(|person| of(person, "Z-MN", "desktop"));
    everyday.chain(mynumber).collect()
}

fn desks(town: &Town) -> impl Iterator<Item = &Person> {
    town.active().filter(|person| person.has_desk())
}

/// The code of the notebook that a person uses every day.
pub(crate) fn notebook_of(town: &Town, person: &str) -> Option<String> {
    desks(town).position(|desk| desk.code == person).map(numbered)
}

fn numbered(index: usize) -> String {
    format!("PC-{:04}", index.saturating_add(1))
}

fn of(person: &Person, zone: &str, kind: &str) -> Row {
    row! { zone: zone, section: person.section, user: &person.code, kind: kind, status: "in_use" }
}

fn protected(stream: &mut Stream, row: Row) -> Row {
    let tablet = row.text("kind") == "tablet";
    let mobile = row.text("kind") != "desktop";
    row.with(
        "os",
        if tablet {
            "タブレットOS 26"
        } else {
            "Windows 11 Enterprise 24H2"
        },
    )
    .with(
        "supported_until",
        if tablet { date(2029, 9, 30) } else { date(2027, 10, 12) },
    )
    .with("patched_on", stream.day(date(2026, 10, 12), date(2026, 11, 20)))
    .with("definitions_on", stream.day(date(2026, 11, 19), date(2026, 11, 20)))
    .with("edr", true)
    .with("factors", 2_i64)
    .with("biometric", true)
    .with("export_blocked", true)
    .with("media_restricted", true)
    .with("encrypted", true)
    .with("locked", true)
    .with("remote_wipe", mobile.then_some(true))
    .with("screen_lock_minutes", stream.pick(&[5_i64, 10, 10, 15]))
    .with("confirmed_on", stock_taking(stream))
}

/// The yearly count of June to September.
fn stock_taking(stream: &mut Stream) -> Date {
    stream.day(date(2026, 6, 8), date(2026, 9, 30))
}

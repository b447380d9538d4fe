//! 情報資産: systems, their documents, and the information that each section holds.

use jiff::civil::{Date, date};

use super::organisation::{SECTIONS, Section};
use super::stream::Stream;
use super::systems::SYSTEMS;
use super::table::{Row, row};
use super::town::Town;

const TOTAL: usize = 430;
const DISPOSED: usize = 8;
const EDITION: &str = "令和8年4月版";

/// Papers that were shredded at the end of their term.
pub(crate) fn disposed_papers() -> impl Iterator<Item = String> {
    (TOTAL.saturating_sub(DISPOSED)..TOTAL).map(code)
}

fn code(index: usize) -> String {
    format!("AS-{:03}", index.saturating_add(1))
}

/// What a section keeps: name, form, confidentiality, personal data, years kept.
type Holding = (&'static str, &'static str, &'static str, bool, i64);

/// Every section holds these.
#[rustfmt::skip]
static COMMON: &[Holding] = &[
    ("起案文書", "electronic", "2", false, 5),
    ("会議資料", "both", "2", false, 3),
    ("契約・支出関係書類", "both", "3C", false, 5),
    ("職員の服務関係書類", "paper", "3C", true, 3),
    ("窓口・電話の問合せ記録", "electronic", "3C", true, 3),
    ("公表用の統計・資料", "electronic", "1", false, 5),
];

/// Sections that serve residents hold these too.
#[rustfmt::skip]
static RESIDENTS: &[Holding] = &[
    ("申請書・届出書", "paper", "3B", true, 5),
    ("対象者名簿", "electronic", "3B", true, 5),
    ("個別相談の記録", "both", "3B", true, 10),
    ("通知書の控え", "paper", "3B", true, 3),
    ("個人番号が記載された書類", "paper", "3B", true, 5),
];

pub(crate) fn assets(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("asset");
    let systems = SYSTEMS.iter().map(|system| {
        let grade = if system.mynumber() { "3B" } else if system.personal { "3C" } else { "2" };
        let availability = if system.criticality == "high" { "2" } else { "1" };
        let row = row! {
            name: format!("{}(データ・設備一式)", system.name), kind: "system", section: system.section, system: system.code(),
            confidentiality: grade, availability: availability, form: "electronic",
        };
        row.with("personal_data", system.personal).with("mynumber", system.mynumber())
    });
    let documents = SYSTEMS.iter().map(|system| {
        row! {
            name: format!("{} 仕様書・構成図", system.name), kind: "documentation", section: system.section,
            system: system.code(), confidentiality: "3C", availability: "1", form: "both", personal_data: false,
            mynumber: false, retention_years: 10_i64,
        }
    });
    let data = SYSTEMS.iter().filter(|system| system.personal).map(|system| {
        row! {
            name: format!("{}で扱う個人情報", system.name), kind: "information", section: system.section,
            system: system.code(), confidentiality: if system.mynumber() { "3B" } else { "3C" }, availability: "1",
            form: "electronic", personal_data: true, mynumber: system.mynumber(), retention_years: 10_i64,
        }
    });
    let held: Vec<Row> = SECTIONS.iter().flat_map(held).collect();
    let information = ["令和8年度", "令和7年度", "令和6年度"].into_iter().flat_map(|year| {
        held.iter()
            .map(move |row| row.clone().with("name", format!("{year} {}", row.text("name"))))
    });
    let all = systems.chain(documents).chain(data).chain(information).take(TOTAL);
    all.enumerate()
        .map(|(index, row)| kept(&mut stream, town, row, index))
        .collect()
}

fn held(section: &'static Section) -> impl Iterator<Item = Row> {
    let residents = if section.mynumber && section.code != "S07" {
        RESIDENTS
    } else {
        &[]
    };
    COMMON
        .iter()
        .chain(residents)
        .map(|(name, form, grade, personal, years)| {
            row! {
                name: format!("{}({})", name, section.name), kind: "information", section: section.code,
                confidentiality: *grade, availability: "1", form: *form, personal_data: *personal,
                mynumber: name.contains("個人番号"), retention_years: *years,
            }
        })
}

/// Adds what shows that the asset is looked after.
fn kept(stream: &mut Stream, town: &Town, row: Row, index: usize) -> Row {
    let section = row.text("section").to_owned();
    let (form, important) = (
        row.text("form").to_owned(),
        matches!(row.text("confidentiality"), "3B" | "3C"),
    );
    let (paper, electronic) = (form != "electronic", form != "paper");
    let disposed = (index >= TOTAL.saturating_sub(DISPOSED)).then_some(date(2026, 6, 26));
    let place = if row.text("kind") == "system" {
        "本庁サーバ室・委託先データセンター"
    } else if paper {
        "執務室の施錠書庫"
    } else {
        "ファイル共有基盤"
    };
    row.with("code", code(index))
        .with("owner", town.head(&section))
        .with("integrity", if important { "2" } else { "1" })
        .with("location", place)
        .with("locked", paper.then_some(true).or_else(|| important.then_some(true)))
        .with("encrypted", electronic.then_some(true))
        .with("marked", true)
        .with("backup", electronic.then_some(true))
        .with(
            "dispose_on",
            if disposed.is_some() {
                Some(date(2026, 3, 31))
            } else {
                term_end(stream, &form)
            },
        )
        .with("disposed_on", disposed)
        .with("scheme_edition", EDITION)
        .with("confirmed_on", stream.day(date(2026, 6, 8), date(2026, 9, 30)))
}

/// The end of the fiscal year in which a record's term runs out.
fn term_end(stream: &mut Stream, form: &str) -> Option<Date> {
    let year = i16::try_from(stream.between(2028, 2034)).ok()?;
    (form != "electronic").then(|| date(year, 3, 31))
}

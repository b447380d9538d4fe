//! 電磁的記録媒体, 持出し・利用, 廃棄・返却.

use jiff::civil::{Date, date};

use super::assets::disposed_papers;
use super::organisation::SECTIONS;
use super::stream::{Stream, after};
use super::table::{Row, row};
use super::terminals::{DISPOSED, notebook_of};
use super::town::Town;

/// The day of the half-yearly count.
const COUNTED: (Date, Date) = (date(2026, 9, 24), date(2026, 10, 9));
const DISPOSED_MEDIA: usize = 6;

#[rustfmt::skip]
static KINDS: &[(&str, &str)] = &[
    ("usb_memory", "例示製 管理機能付きUSBメモリ 16GB"),
    ("usb_memory", "例示製 管理機能付きUSBメモリ 32GB"),
    ("usb_memory", "例示製 管理機能付きUSBメモリ 32GB"),
    ("external_disk", "例示製 暗号化外付けディスク 2TB"),
    ("tape", "例示製 磁気テープ 12TB"),
    ("card", "例示製 メモリカード 64GB"),
];

pub(crate) fn media(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("medium");
    let sections = SECTIONS.iter().cycle();
    let rows = sections.take(80).enumerate().map(|(index, section)| {
        let (kind, product) = stream.pick(KINDS);
        let disposed = index >= 80_usize.saturating_sub(DISPOSED_MEDIA);
        let zone = if section.mynumber && stream.one_in(4) {
            "Z-MN"
        } else {
            "Z-LG"
        };
        row! {
            code: medium_code(index),
            kind: kind,
            product: product,
            section: section.code,
            keeper: town.second(section.code),
            zone: zone,
            encrypted: true,
            labelled: true,
            locked: true,
            personal: false,
            approved_by: town.head(section.code),
            approved_on: stream.day(date(2024, 4, 8), date(2026, 3, 27)),
            status: if disposed { "disposed" } else { "in_use" },
            confirmed_on: stream.day(COUNTED.0, COUNTED.1),
        }
    });
    rows.collect()
}

fn medium_code(index: usize) -> String {
    format!("MD-{:03}", index.saturating_add(1))
}

#[rustfmt::skip]
static ERRANDS: &[(&str, &str)] = &[
    ("県への統計資料の提出", "県庁"),
    ("出前講座の資料投影", "中央公民館"),
    ("現地調査の写真の記録", "市内の現場"),
    ("選挙事務の準備", "各投票所"),
    ("健診会場での受付", "東地区体育館"),
    ("会議での資料投影", "例示会館"),
    ("印刷事業者への版下の引渡し", "例示印刷"),
];

/// `assets` give what a medium carries.
pub(crate) fn take_outs(town: &Town, assets: &[Row]) -> Vec<Row> {
    let mut stream = Stream::named("take_out");
    let mut days: Vec<Date> = (0..150)
        .map(|_| stream.day(date(2025, 4, 7), date(2026, 11, 20)))
        .collect();
    days.sort_unstable();
    days.into_iter()
        .enumerate()
        .map(|(index, day)| take_out(&mut stream, town, assets, (index, day)))
        .collect()
}

fn take_out(stream: &mut Stream, town: &Town, assets: &[Row], (index, day): (usize, Date)) -> Row {
    if stream.one_in(15) {
        return carry_in(stream, town, (index, day));
    }
    let (purpose, destination) = stream.pick(ERRANDS);
    let medium = usize::try_from(stream.between(0, 65)).unwrap_or(0);
    let section = SECTIONS.get(medium % SECTIONS.len()).map_or("", |section| section.code);
    let person = stream.pick(&town.hands(section).into_iter().skip(1).collect::<Vec<_>>());
    let terminal = stream.one_in(3).then(|| notebook_of(town, person)).flatten();
    let carried = |row: &&Row| {
        row.text("section") == section && row.text("kind") == "information" && row.text("confidentiality") == "2"
    };
    let asset = assets.iter().find(carried);
    let due = after(day, stream.between(1, 7));
    let back = due <= date(2026, 11, 20);
    let returned = stream.day(day, due).max(day);
    row! {
        code: take_out_code(index),
        kind: if stream.one_in(5) { "use" } else { "take_out" },
        medium: terminal.is_none().then(|| medium_code(medium)),
        terminal: terminal,
        asset: asset.map(|row| row.code().to_owned()),
        person: person,
        purpose: purpose,
        destination: destination,
        encrypted: true,
        approved_by: town.head(section),
        approved_on: stream.day(after(day, -4), day),
        taken_on: day,
        due_on: if back { due } else { date(2026, 11, 27) },
        returned_on: back.then_some(returned),
    }
}

/// A contractor brings a device of theirs, for a day.
fn carry_in(stream: &mut Stream, town: &Town, (index, day): (usize, Date)) -> Row {
    row! {
        code: take_out_code(index),
        kind: "carry_in",
        person: stream.pick(&town.hands("S07").into_iter().skip(1).collect::<Vec<_>>()),
        purpose: "保守事業者の点検用端末の持込み(庁内のネットワークにはつながない)",
        destination: "本庁サーバ室",
        approved_by: town.head("S07"),
        approved_on: stream.day(after(day, -4), day),
        taken_on: day,
        due_on: day,
        returned_on: day,
    }
}

fn take_out_code(index: usize) -> String {
    format!("TO-{:04}", index.saturating_add(1))
}

pub(crate) fn disposals(town: &Town, equipment: &[Row]) -> Vec<Row> {
    let mut stream = Stream::named("disposal");
    let terminals = DISPOSED.map(|code| row! { terminal: code, method: "destruction", mynumber: false });
    let media = (80_usize.saturating_sub(DISPOSED_MEDIA)..80)
        .map(|index| row! { medium: medium_code(index), method: "destruction", mynumber: false });
    let papers = disposed_papers().map(|code| row! { asset: code, method: "shredding", mynumber: false });
    let devices = equipment.iter().filter(|row| row.text("status") == "disposed");
    let devices = devices.map(|row| row! { equipment: row.code(), method: "overwrite", mynumber: false });
    let outside: Vec<Row> = terminals
        .into_iter()
        .chain(media)
        .chain(papers)
        .chain(devices)
        .collect();
    let outside = outside.into_iter().enumerate().map(|(index, row)| {
        let certificate = format!("架空リサイクル証第{}号", index.saturating_add(1));
        row.with("vendor", "V12").with("certificate", certificate)
    });
    // What held My Number never leaves the building: it is destroyed here, before a witness.
    let inside = ["認証基盤の旧ディスク", "連携用の旧テープ"].map(|what| {
        row! { method: "destruction", mynumber: true, certificate: format!("{what}を庁内で破砕") }
    });
    let all: Vec<Row> = outside.chain(inside).collect();
    let rows = all.into_iter().enumerate().map(|(index, row)| {
        let number = index.saturating_add(1);
        row.with("code", format!("W-{number:03}"))
            .with("approved_by", town.head("S07"))
            .with("disposed_on", stream.day(date(2025, 6, 2), date(2026, 10, 30)))
            .with("witnessed_by", town.second("S07"))
    });
    rows.collect()
}

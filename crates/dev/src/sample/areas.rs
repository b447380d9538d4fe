//! 管理区域, 入退室記録, 機器・設備.

use jiff::civil::{Date, date};

use super::AS_OF;
use super::stream::{Stream, after};
use super::systems::SYSTEMS;
use super::table::{Row, row};
use super::town::Town;

/// Code, name, kind, section of its manager, entry control.
#[rustfmt::skip]
static AREAS: &[(&str, &str, &str, &str, &str)] = &[
    ("A-01", "本庁サーバ室", "server_room", "S07", "biometric"),
    ("A-02", "本庁1階 通信機器室", "network_room", "S07", "card"),
    ("A-03", "本庁2階 通信機器室", "network_room", "S07", "card"),
    ("A-04", "本庁3階 通信機器室", "network_room", "S07", "card"),
    ("A-05", "保健センター 通信機器室", "network_room", "S18", "card"),
    ("A-06", "東支所 通信機器室", "network_room", "S12", "key"),
    ("A-07", "上下水道庁舎 通信機器室", "network_room", "S31", "card"),
    ("A-08", "消防本部 通信指令機器室", "server_room", "S32", "card"),
    ("A-09", "診療所 機器室", "server_room", "S33", "card"),
    ("A-10", "本庁 媒体保管庫", "media_storage", "S07", "biometric"),
    ("A-11", "遠隔地媒体保管庫(例示倉庫)", "media_storage", "S07", "card"),
    ("A-12", "情報政策課 執務室", "office", "S07", "card"),
    ("A-13", "税務課 執務室", "office", "S09", "card"),
    ("A-14", "市民課 窓口", "counter", "S11", "card"),
    ("A-15", "保険年金課 窓口", "counter", "S13", "card"),
    ("A-16", "福祉課 窓口", "counter", "S15", "card"),
];

pub(crate) fn areas(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("area");
    let rows = AREAS.iter().map(|(code, name, kind, section, entry)| {
        row! {
            code: *code,
            name: *name,
            kind: *kind,
            manager: town.head(section),
            entry_control: *entry,
            camera: true,
            fire_suppression: true,
            earthquake: true,
            power: true,
            air_conditioning: true,
            outside_access: true,
            inspected_on: stream.day(date(2026, 7, 6), date(2026, 10, 30)),
        }
    });
    rows.collect()
}

/// 入室の目的 and who comes for it: vendor, or empty for the city's own staff.
#[rustfmt::skip]
static VISITS: &[(&str, &str, &str)] = &[
    ("日次点検", "", ""),
    ("バックアップ媒体の交換", "", ""),
    ("定期保守", "V01", "保守用端末(登録済み)"),
    ("空調設備の点検", "V14", "点検工具"),
    ("通信機器の交換", "V03", "交換機器1台"),
    ("無停電電源装置の点検", "V15", "点検工具"),
];

/// Two years of the rooms that must be recorded.
pub(crate) fn entry_records(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("entry_record");
    let team: Vec<&str> = town.hands("S07").into_iter().skip(1).collect();
    let mut days: Vec<Date> = (0..240)
        .map(|_| stream.day(date(2025, 4, 1), date(2026, 11, 20)))
        .collect();
    days.sort_unstable();
    let rows = days
        .into_iter()
        .enumerate()
        .map(|(index, day)| entry_record(&mut stream, town, &team, index, day));
    rows.collect()
}

fn entry_record(stream: &mut Stream, town: &Town, team: &[&str], index: usize, day: Date) -> Row {
    let (purpose, vendor, carried) = stream.pick(VISITS);
    let area = if vendor.is_empty() {
        stream.pick(&["A-01", "A-10"])
    } else {
        stream.pick(&["A-01", "A-02", "A-03", "A-07", "A-08", "A-09"])
    };
    let own = stream.pick(team);
    let (hour, minute, hours) = (stream.between(8, 15), stream.between(0, 5), stream.between(1, 2));
    let visitor = if vendor.is_empty() {
        String::new()
    } else {
        format!("保守員{}", stream.between(1, 9))
    };
    row! {
        code: format!("E-{:04}", index.saturating_add(1)),
        area: area,
        person: vendor.is_empty().then_some(own),
        visitor: visitor,
        vendor: vendor,
        escort: (!vendor.is_empty()).then_some(own),
        purpose: purpose,
        entered_on: day,
        entered_at: format!("{hour:02}:{minute}0"),
        left_at: format!("{:02}:{minute}5", hour.saturating_add(hours)),
        carried: carried,
        approved_by: town.head("S07"),
    }
}

/// Kind, name, how many, zone, area.
#[rustfmt::skip]
static EQUIPMENT: &[(&str, &str, i64, &str, &str)] = &[
    ("network", "基幹スイッチ", 2, "Z-LG", "A-01"),
    ("network", "マイナンバー系スイッチ", 2, "Z-MN", "A-01"),
    ("network", "インターネット系スイッチ", 2, "Z-IN", "A-01"),
    ("network", "領域間ファイアウォール", 2, "Z-LG", "A-01"),
    ("network", "出口ファイアウォール", 2, "Z-IN", "A-01"),
    ("network", "LGWAN接続ルータ", 2, "Z-LG", "A-01"),
    ("network", "フロアスイッチ 本庁1階", 3, "Z-LG", "A-02"),
    ("network", "フロアスイッチ 本庁2階", 3, "Z-LG", "A-03"),
    ("network", "フロアスイッチ 本庁3階", 3, "Z-LG", "A-04"),
    ("network", "保健センター スイッチ", 2, "Z-LG", "A-05"),
    ("network", "東支所 スイッチ", 2, "Z-LG", "A-06"),
    ("network", "上下水道庁舎 スイッチ", 2, "Z-OT", "A-07"),
    ("network", "消防本部 スイッチ", 2, "Z-OT", "A-08"),
    ("network", "旧フロアスイッチ", 2, "Z-LG", "A-03"),
    ("storage", "共用ストレージ", 2, "Z-LG", "A-01"),
    ("storage", "バックアップ装置", 2, "Z-MN", "A-01"),
    ("power", "無停電電源装置", 3, "", "A-01"),
    ("power", "非常用発電機", 1, "", "A-01"),
    ("air_conditioning", "サーバ室空調機", 2, "", "A-01"),
    ("printer", "複合機 本庁1階", 4, "Z-LG", "A-14"),
    ("printer", "複合機 執務室", 4, "Z-LG", "A-12"),
];

pub(crate) fn equipment(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("equipment");
    let servers = SYSTEMS
        .iter()
        .filter(|system| system.hosting == "on_premises")
        .flat_map(|system| {
            let area = match system.section {
                "S31" if system.zone == "Z-OT" => "A-07",
                "S32" => "A-08",
                "S33" => "A-09",
                _ => "A-01",
            };
            (1..=2_i64).map(move |n| {
                row! {
                    kind: "server", name: format!("{} サーバ{n}号機", system.name), zone: system.zone, area: area,
                    system: system.code(),
                }
            })
        });
    let others = EQUIPMENT.iter().flat_map(|(kind, name, count, zone, area)| {
        (1..=*count).map(move |n| row! { kind: *kind, name: format!("{name} {n}号機"), zone: *zone, area: *area })
    });
    let all: Vec<Row> = servers.chain(others).collect();
    let rows = all
        .into_iter()
        .enumerate()
        .map(|(index, row)| kept(&mut stream, town, row, index));
    rows.collect()
}

/// Adds what shows that the thing is looked after.
fn kept(stream: &mut Stream, town: &Town, row: Row, index: usize) -> Row {
    let patched = stream.day(date(2026, 9, 14), date(2026, 11, 20));
    let saved = stream.day(date(2026, 9, 1), date(2026, 11, 20));
    let disposed = row.text("name").starts_with("旧");
    let network = row.text("kind") == "network";
    let computes = network || matches!(row.text("kind"), "server" | "storage" | "printer");
    let supported = Date::new(i16::try_from(stream.between(2028, 2032)).unwrap_or(2030), 3, 31).ok();
    row.with("code", format!("EQ-{:03}", index.saturating_add(1)))
        .with("manager", town.head("S07"))
        .with("supported_until", supported)
        .with("maintained_on", stream.day(date(2026, 6, 1), date(2026, 10, 30)))
        .with("patched_on", computes.then_some(patched))
        .with("configuration_saved_on", computes.then_some(saved))
        .with("power_backup", true)
        .with("fixed", true)
        .with("unused_ports_closed", computes.then_some(true))
        .with("cable_protected", true)
        .with("status", if disposed { "disposed" } else { "in_use" })
        .with("confirmed_on", stream.day(date(2026, 6, 8), after(AS_OF, -30)))
}

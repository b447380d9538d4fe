//! 役割の任命, 委員会, 会議.

use jiff::civil::{Date, date};

use super::organisation::{DEPARTMENT_MANAGERS, SECTIONS};
use super::systems::SYSTEMS;
use super::table::{Row, row};
use super::town::Town;

const APPOINTED: Date = date(2026, 4, 1);
const BASIS: &str = "見本市情報セキュリティ対策基準 第2章";

/// Role, position of its holder, position of the deputy: the offices held once for the whole city.
static CITY_WIDE: &[(&str, &str, &str)] = &[
    ("ciso", "副市長", "総務部長"),
    ("deputy_ciso", "総務部長", "デジタル推進監"),
    ("general_manager", "デジタル推進監", "情報政策課長"),
    ("audit_manager", "監査委員事務局長", "総務課長"),
    ("csirt_manager", "情報政策課長", "デジタル推進監"),
];

/// Who holds a city-wide office or, for other roles, the first who was appointed.
pub(crate) fn holder<'a>(assignments: &'a [Row], role: &str) -> &'a str {
    assignments
        .iter()
        .find(|row| row.text("role") == role)
        .map_or("", |row| row.text("person"))
}

pub(crate) fn role_assignments(town: &Town) -> Vec<Row> {
    let city_wide = CITY_WIDE.iter().map(|(role, holder, deputy)| {
        row! { role: *role, person: town.officer(holder), deputy: town.officer(deputy) }
    });
    let departments = DEPARTMENT_MANAGERS.iter().map(|(organ, position)| {
        row! {
            role: "department_manager", organ: *organ, person: town.officer(position),
            deputy: deputy(town, town.officer(position)),
        }
    });
    let sections = SECTIONS.iter().map(|section| {
        row! {
            role: "section_manager", section: section.code, person: town.head(section.code),
            deputy: town.second(section.code),
        }
    });
    let systems = SYSTEMS.iter().flat_map(|system| {
        let operator = town.hands(system.section).get(2).copied().unwrap_or_default();
        let place = |row: Row| row.with("system", system.code()).with("section", system.section);
        let manager =
            row! { role: "system_manager", person: town.head(system.section), deputy: town.second(system.section) };
        [
            place(manager),
            place(row! { role: "system_operator", person: operator, deputy: town.second(system.section) }),
        ]
    });
    let all = city_wide
        .chain(departments)
        .chain(sections)
        .chain(systems)
        .chain(teams(town));
    let numbered = all.enumerate().map(|(index, row)| {
        let code = format!("R-{:03}", index.saturating_add(1));
        row.with("code", code)
            .with("appointed_on", APPOINTED)
            .with("basis", BASIS)
    });
    numbered.collect()
}

/// Whoever stands next to this person where the person works.
fn deputy<'a>(town: &'a Town, person: &str) -> &'a str {
    let section = town.section_of(person);
    if town.head(section) == person {
        town.second(section)
    } else {
        town.head(section)
    }
}

/// The auditors, the incident team and the points of contact.
fn teams(town: &Town) -> Vec<Row> {
    let named = |role: &'static str, section: &'static str, from: usize, count: usize| {
        let people: Vec<String> = town
            .hands(section)
            .into_iter()
            .skip(from)
            .take(count)
            .map(str::to_owned)
            .collect();
        people
            .into_iter()
            .map(move |person| row! { role: role, section: section, person: person })
    };
    let teams = named("auditor", "S29", 1, 2)
        .chain(named("auditor", "S03", 2, 2))
        .chain(named("csirt_member", "S07", 1, 4))
        .chain(named("csirt_member", "S01", 1, 1))
        .chain(named("csirt_member", "S08", 1, 1))
        .chain(named("contact_point", "S07", 2, 1));
    let rows = teams.map(|row| {
        let section = town.section_of(row.text("person"));
        let deputy = town
            .hands(section)
            .into_iter()
            .rev()
            .find(|person| *person != row.text("person"));
        let deputy = deputy.map(str::to_owned);
        row.with("deputy", deputy)
    });
    let cloud = row! { role: "cloud_manager", section: "S07", person: town.second("S07"), deputy: town.head("S07") };
    let sns = row! { role: "sns_manager", section: "S01", person: town.head("S01"), deputy: town.second("S01") };
    rows.chain([cloud, sns]).collect()
}

pub(crate) fn committees(town: &Town) -> Vec<Row> {
    let heads = [
        "総務部長",
        "デジタル推進監",
        "市民部長",
        "福祉部長",
        "産業建設部長",
        "教育部長",
        "上下水道局長",
        "消防長",
        "会計管理者",
    ];
    let heads: Vec<String> = heads.iter().map(|position| town.officer(position).to_owned()).collect();
    let team: Vec<String> = town.hands("S07").into_iter().map(str::to_owned).collect();
    let auditors: Vec<String> = town.hands("S29").into_iter().map(str::to_owned).collect();
    vec![
        row! {
            code: "C-01", name: "見本市情報セキュリティ委員会", kind: "security", chair: town.officer("副市長"),
            deputy: town.officer("デジタル推進監"), members: heads, secretariat: "S07", established_on: date(2004, 4, 1),
            terms: "D-101",
        },
        row! {
            code: "C-02", name: "見本市情報セキュリティ即応班(CSIRT)", kind: "csirt", chair: town.head("S07"),
            deputy: town.second("S07"), members: team, secretariat: "S07", established_on: date(2016, 10, 1),
            terms: "D-102",
        },
        row! {
            code: "C-03", name: "情報セキュリティ監査班", kind: "audit", chair: town.head("S29"), deputy: town.second("S29"),
            members: auditors, secretariat: "S29", established_on: date(2015, 4, 1), terms: "D-103",
        },
    ]
}

/// 会議: committee, title, day, members, attended, decisions.
#[rustfmt::skip]
static MEETINGS: &[(&str, &str, Date, i64, i64, &str)] = &[
    ("C-01", "令和7年度第1回情報セキュリティ委員会", date(2025, 5, 23), 10, 10, "年間計画(研修・監査・自己点検・訓練)を決定した。"),
    ("C-01", "令和7年度第2回情報セキュリティ委員会", date(2025, 11, 14), 10, 9, "監査の中間報告を受け、是正の期限を定めた。"),
    ("C-01", "令和7年度第3回情報セキュリティ委員会", date(2026, 2, 20), 10, 10, "基本方針の改定案を了承した。対策基準の見直しを決定した。"),
    ("C-01", "令和8年度第1回情報セキュリティ委員会", date(2026, 5, 22), 10, 9, "年間計画を決定した。前年度の監査・自己点検の結果を評価した。"),
    ("C-01", "令和8年度第2回情報セキュリティ委員会", date(2026, 11, 13), 10, 10, "自己点検の結果と残る指摘の是正期限を確認した。"),
    ("C-02", "令和7年度CSIRT定例会", date(2025, 9, 19), 6, 6, "緊急連絡先を更新した。"),
    ("C-02", "令和8年度CSIRT定例会", date(2026, 9, 18), 6, 5, "訓練の改善点を手順書へ反映した。"),
    ("C-03", "令和7年度監査班会議", date(2025, 6, 13), 4, 4, "監査計画を作成した。"),
    ("C-03", "令和8年度監査班会議", date(2026, 6, 12), 4, 4, "監査計画を作成した。"),
];

pub(crate) fn meetings() -> Vec<Row> {
    let row = |(index, meeting): (usize, &(&'static str, &'static str, Date, i64, i64, &'static str))| {
        let number = index.saturating_add(1);
        let (committee, title, held, members, attended, decisions) = *meeting;
        row! {
            code: format!("M-{number:02}"), committee: committee, title: title, held_on: held, members: members,
            attended: attended, decisions: decisions, minutes: format!("D-{}", number.saturating_add(300)),
        }
    };
    MEETINGS.iter().enumerate().map(row).collect()
}

/// 件名 and day of each meeting's minutes, in the order of [`meetings`].
pub(crate) fn minutes() -> impl Iterator<Item = (&'static str, Date)> {
    MEETINGS.iter().map(|meeting| (meeting.1, meeting.2))
}

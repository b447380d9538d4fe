//! 研修, 受講記録, 訓練.

use jiff::civil::{Date, date};

use super::organisation::DEPARTMENT_MANAGERS;
use super::people::Person;
use super::stream::Stream;
use super::systems::SYSTEMS;
use super::table::{Row, row};
use super::town::Town;

struct Course {
    code: &'static str,
    title: &'static str,
    kind: &'static str,
    year: i64,
    from: Date,
    to: Date,
}

const fn course(
    code: &'static str,
    title: &'static str,
    kind: &'static str,
    year: i64,
    from: Date,
    to: Date,
) -> Course {
    Course {
        code,
        title,
        kind,
        year,
        from,
        to,
    }
}

/// A fiscal year's courses; the newcomers who arrive in October have one of their own.
#[rustfmt::skip]
static COURSES: &[Course] = &[
    course("CO-2024-1", "令和6年度情報セキュリティ研修(全職員)", "all_staff", 2024, date(2024, 6, 3), date(2024, 7, 31)),
    course("CO-2025-1", "令和7年度情報セキュリティ研修(全職員)", "all_staff", 2025, date(2025, 6, 2), date(2025, 7, 31)),
    course("CO-2025-2", "令和7年度新任職員研修", "newcomer", 2025, date(2025, 4, 3), date(2025, 4, 11)),
    course("CO-2025-3", "令和7年度管理職研修", "manager", 2025, date(2025, 8, 18), date(2025, 8, 29)),
    course("CO-2025-4", "令和7年度システム担当者研修", "administrator", 2025, date(2025, 9, 8), date(2025, 9, 19)),
    course("CO-2025-5", "令和7年度特定個人情報取扱研修", "mynumber", 2025, date(2025, 5, 12), date(2025, 6, 13)),
    course("CO-2025-6", "令和7年度特別職・幹部研修", "executive", 2025, date(2025, 7, 14), date(2025, 7, 18)),
    course("CO-2026-1", "令和8年度情報セキュリティ研修(全職員)", "all_staff", 2026, date(2026, 6, 1), date(2026, 7, 31)),
    course("CO-2026-2", "令和8年度新任職員研修", "newcomer", 2026, date(2026, 4, 2), date(2026, 4, 10)),
    course("CO-2026-3", "令和8年度管理職研修", "manager", 2026, date(2026, 8, 17), date(2026, 8, 28)),
    course("CO-2026-4", "令和8年度システム担当者研修", "administrator", 2026, date(2026, 9, 7), date(2026, 9, 18)),
    course("CO-2026-5", "令和8年度特定個人情報取扱研修", "mynumber", 2026, date(2026, 5, 11), date(2026, 6, 12)),
    course("CO-2026-6", "令和8年度特別職・幹部研修", "executive", 2026, date(2026, 7, 13), date(2026, 7, 17)),
    course("CO-2026-7", "令和8年度年度途中着任者研修", "newcomer", 2026, date(2026, 10, 2), date(2026, 10, 9)),
    course("CO-2026-8", "令和8年度年度途中着任者研修(特定個人情報)", "mynumber", 2026, date(2026, 10, 5), date(2026, 10, 16)),
];

impl Course {
    fn is_for(&self, town: &Town, person: &Person) -> bool {
        let here = person.works_through(self.from, self.to);
        let late = self.from.month() == 10;
        let fresh = person.joined >= date(self.from.year(), self.from.month(), 1);
        here && late <= fresh
            && match self.kind {
                "newcomer" => fresh,
                "manager" => town.head(person.section) == person.code || is_department_manager(person),
                "administrator" => looks_after_systems(town, person),
                "mynumber" => person.mynumber,
                "executive" => person.rank == 0 && town.head(person.section) != person.code,
                _ => true,
            }
    }
}

fn is_department_manager(person: &Person) -> bool {
    DEPARTMENT_MANAGERS
        .iter()
        .any(|(_, position)| *position == person.position)
}

/// Managers and operators of systems, and the incident team.
fn looks_after_systems(town: &Town, person: &Person) -> bool {
    let has_systems = SYSTEMS.iter().any(|system| system.section == person.section);
    let head = town.head(person.section) == person.code;
    match person.section {
        "S07" => true,
        "S01" | "S08" => head || matches!(person.rank, 1 | 2),
        _ => has_systems && (head || person.rank == 2),
    }
}

pub(crate) fn courses() -> Vec<Row> {
    let rows = COURSES.iter().map(|course| {
        row! {
            code: course.code, title: course.title, kind: course.kind, fiscal_year: course.year,
            held_on: course.from, ends_on: course.to,
            organiser: if course.kind == "newcomer" { "S04" } else { "S07" },
            plan: if course.year == 2026 { "D-108" } else { "D-109" },
        }
    });
    rows.collect()
}

pub(crate) fn attendances(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("attendance");
    let pairs = COURSES.iter().flat_map(|course| {
        town.people
            .iter()
            .filter(|person| course.is_for(town, person))
            .map(move |person| (course, person))
    });
    let rows = pairs.enumerate().map(|(index, (course, person))| {
        row! {
            code: format!("AT-{:05}", index.saturating_add(1)), course: course.code, person: &person.code,
            completed_on: stream.day(course.from, course.to).max(course.from),
            score: stream.between(7, 10).saturating_mul(10),
        }
    });
    rows.collect()
}

pub(crate) fn drills() -> Vec<Row> {
    let drill = |code: &str,
                 title: &str,
                 kind: &str,
                 held: Date,
                 evaluated: Date,
                 participants: i64,
                 reporters: i64,
                 minutes: i64,
                 improvement: &str| {
        let plan = if kind == "restore" || kind == "evacuation" {
            "CP-02"
        } else {
            "CP-01"
        };
        row! {
            code: code, title: title, kind: kind, held_on: held, plan: plan, participants: participants,
            reporters: reporters, first_report_minutes: minutes, evaluated_on: evaluated, improvement: improvement,
        }
    };
    vec![
        drill(
            "DR-01",
            "令和7年度緊急時対応訓練(机上)",
            "incident",
            date(2025, 10, 22),
            date(2025, 11, 14),
            24,
            24,
            18,
            "夜間の連絡順を見直す。",
        ),
        drill(
            "DR-02",
            "令和7年度標的型メール訓練",
            "mail",
            date(2025, 11, 26),
            date(2025, 12, 19),
            282,
            214,
            9,
            "報告先を画面の目立つ所に示す。",
        ),
        drill(
            "DR-03",
            "令和7年度システム復旧訓練",
            "restore",
            date(2026, 1, 21),
            date(2026, 2, 20),
            12,
            12,
            15,
            "復元手順の所要時間を実測に合わせる。",
        ),
        drill(
            "DR-04",
            "令和7年度災害時参集訓練",
            "evacuation",
            date(2025, 9, 1),
            date(2025, 9, 19),
            96,
            90,
            30,
            "非常用電源の切替え担当を決める。",
        ),
        drill(
            "DR-05",
            "令和8年度緊急時対応訓練(机上)",
            "incident",
            date(2026, 10, 21),
            date(2026, 11, 13),
            26,
            26,
            12,
            "公表文のひな形を増やす。",
        ),
        drill(
            "DR-06",
            "令和8年度標的型メール訓練",
            "mail",
            date(2026, 9, 9),
            date(2026, 9, 30),
            286,
            243,
            6,
            "報告の返信を自動にする。",
        ),
        drill(
            "DR-07",
            "令和8年度システム復旧訓練",
            "restore",
            date(2026, 8, 26),
            date(2026, 9, 18),
            12,
            12,
            14,
            "復元後の照合項目を増やす。",
        ),
        drill(
            "DR-08",
            "令和8年度災害時参集訓練",
            "evacuation",
            date(2026, 9, 1),
            date(2026, 9, 18),
            101,
            97,
            25,
            "予備端末の置き場を分ける。",
        ),
    ]
}

//! リスク, 監査, 指摘と是正.

use jiff::civil::{Date, date};

use super::organisation::SECTIONS;
use super::stream::{Stream, after};
use super::systems::{PLANNED, SYSTEMS};
use super::table::{Row, row};
use super::town::Town;

#[rustfmt::skip]
static RISKS: &[(&str, &str)] = &[
    ("intentional", "標的型メールによる侵入"),
    ("intentional", "身代金要求型の不正プログラム"),
    ("intentional", "内部の者による不正な持出し"),
    ("unintentional", "操作・設定の誤りによる公開"),
    ("unintentional", "委託先での取扱いの誤り"),
    ("disaster", "地震による設備の損壊"),
    ("staffing", "感染症の広がりによる担当者の不足"),
    ("infrastructure", "長時間の停電と通信の途絶"),
];

pub(crate) fn risks(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("risk");
    let (high, others): (Vec<_>, Vec<_>) = SYSTEMS.iter().partition(|system| system.criticality == "high");
    let pairs = high.into_iter().chain(others).zip(RISKS.iter().cycle()).take(48);
    let rows = pairs.enumerate().map(|(index, (system, (threat, title)))| {
        let (likelihood, impact) = (stream.between(1, 4), stream.between(2, 5));
        let accepted = likelihood.saturating_mul(impact) <= 4;
        let assessed = stream.day(date(2026, 5, 11), date(2026, 7, 31));
        let done = (!accepted && stream.one_in(2)).then(|| stream.day(date(2026, 9, 1), date(2026, 11, 13)));
        row! {
            code: format!("RK-{:02}", index.saturating_add(1)), title: format!("{title}({})", system.name),
            threat: *threat,
            asset: format!("AS-{:03}", SYSTEMS.iter().position(|known| known.name == system.name).unwrap_or(0).saturating_add(1)),
            system: system.code(), likelihood: likelihood, impact: impact,
            treatment: if accepted { "accept" } else { stream.pick(&["reduce", "reduce", "transfer"]) },
            owner: town.head(system.section), accepted_by: accepted.then(|| town.officer("副市長")),
            assessed_on: assessed, due_on: (!accepted).then_some(date(2027, 3, 31)), done_on: done,
        }
    });
    rows.chain([procurement(town)]).collect()
}

/// A system that is being procured is assessed before it is bought.
fn procurement(town: &Town) -> Row {
    row! {
        code: "RK-99", title: "データ移行時の取り違え(次期公有財産管理システム)", threat: "unintentional", system: PLANNED,
        likelihood: 2_i64, impact: 3_i64, treatment: "reduce", owner: town.head("S06"),
        assessed_on: date(2026, 7, 10), due_on: date(2027, 3, 31),
    }
}

pub(crate) fn audits(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("audit");
    let years = [
        (2025, date(2025, 9, 1), date(2026, 1, 30), date(2026, 2, 20)),
        (2026, date(2026, 6, 22), date(2026, 10, 30), date(2026, 11, 13)),
    ];
    let mut rows = Vec::new();
    for (year, from, to, committee) in years {
        for section in SECTIONS {
            rows.push(internal(
                &mut stream,
                town,
                (year, section.code, section.name),
                (from, to, committee),
            ));
        }
        rows.push(external(town, year, to, committee));
    }
    let numbered = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| row.with("code", format!("AU-{:03}", index.saturating_add(1))));
    numbered.collect()
}

type Audited = (i64, &'static str, &'static str);

fn internal(
    stream: &mut Stream,
    town: &Town,
    (year, section, name): Audited,
    (from, to, committee): (Date, Date, Date),
) -> Row {
    let auditors = if section == "S29" { "S03" } else { "S29" };
    let held = stream.day(from, to);
    row! {
        title: format!("令和{}年度内部監査({name})", year.saturating_sub(2018)),
        fiscal_year: year,
        kind: "internal",
        section: section,
        lead_auditor: town.hands(auditors).get(2).copied(),
        auditor_section: auditors,
        plan_approved_by: town.officer("副市長"),
        plan_approved_on: plan_approved(year),
        held_on: held,
        reported_on: after(held, 8),
        reported_to_committee_on: committee,
    }
}

fn external(town: &Town, year: i64, held: Date, committee: Date) -> Row {
    row! {
        title: format!("令和{}年度外部監査(マイナンバー利用事務系と委託先)", year.saturating_sub(2018)),
        fiscal_year: year,
        kind: "external",
        section: "S07",
        contract: "K-062",
        lead_auditor: town.hands("S29").get(1).copied(),
        auditor_section: "S29",
        vendor: "V11",
        plan_approved_by: town.officer("副市長"),
        plan_approved_on: plan_approved(year),
        held_on: held,
        reported_on: after(held, 8),
        reported_to_committee_on: committee,
    }
}

fn plan_approved(year: i64) -> Date {
    if year == 2026 {
        date(2026, 5, 22)
    } else {
        date(2025, 5, 23)
    }
}

#[rustfmt::skip]
static FINDINGS: &[(&str, &str, &str)] = &[
    ("退庁時に書類が机上に残っていた。", "退庁前の確認を当番制にする。", "low"),
    ("離席時に画面ロックをしていない端末があった。", "全端末の待ち時間の設定を確かめる。", "medium"),
    ("媒体の利用簿に返却日の記入漏れがあった。", "毎週末に利用簿を点検する。", "low"),
    ("書庫の鍵の貸出簿がなかった。", "貸出簿を作り、鍵の保管場所を変える。", "medium"),
    ("委託先の従事者名簿が前年度のままだった。", "契約時と変更時に名簿を取り直す。", "medium"),
    ("共有フォルダの権限に異動前の職員が残っていた。", "異動月に権限を見直す。", "high"),
];

/// Source, section, finding, plan, day: what neither audits nor incidents brought up.
#[rustfmt::skip]
static OTHER_FINDINGS: &[(&str, &str, &str, &str, Date)] = &[
    ("self_inspection", "S19", "利用者IDの貸し借りがあると答えた者がいた。", "課内で手順を読み合わせる。", date(2025, 10, 20)),
    ("self_inspection", "S26", "媒体の持出し手続を知らない者がいた。", "着任時の説明に加える。", date(2026, 10, 19)),
    ("vendor_check", "S15", "従事者の教育の記録が一部なかった。", "教育の実施を検査項目に加える。", date(2026, 6, 8)),
    ("vendor_check", "S09", "従事者名簿の更新が遅れていた。", "名簿の提出を月例報告に加える。", date(2026, 10, 20)),
    ("other", "S07", "議会から、ログの保存期間の説明を求められた。", "保存期間の一覧を作り、委員会に報告する。", date(2026, 6, 15)),
    ("other", "S03", "文書の公開区分の記載にばらつきがあった。", "記載例を配る。", date(2026, 10, 21)),
];

pub(crate) fn corrective_actions(town: &Town, audits: &[Row]) -> Vec<Row> {
    let mut stream = Stream::named("corrective_action");
    let from_audits = audits.iter().step_by(2).map(|audit| {
        let (content, plan, severity) = stream.pick(FINDINGS);
        let found = match audit.value("reported_on") {
            Some(super::table::Value::Date(day)) => *day,
            _ => date(2026, 10, 1),
        };
        let row = row! {
            source: "audit", audit: audit.code(), section: audit.text("section"), content: content, plan: plan,
            severity: severity, found_on: found,
        };
        answered(&mut stream, town, row, found)
    });
    let from_audits: Vec<Row> = from_audits.collect();
    let from_incidents = [
        ("I-004", "S09", date(2025, 9, 12)),
        ("I-008", "S15", date(2026, 5, 21)),
        ("I-011", "S18", date(2026, 10, 8)),
    ]
    .map(|(incident, section, found)| {
        let row = row! {
            source: "incident", incident: incident, section: section, content: "再発防止策が手順書に反映されていない。",
            plan: "手順書を改め、課内で読み合わせる。", severity: "high", found_on: found,
        };
        answered(&mut stream, town, row, found)
    });
    let others = OTHER_FINDINGS.iter().map(|(source, section, content, plan, found)| {
        let row = row! {
            source: *source, section: *section, content: *content, plan: *plan, severity: "low", found_on: *found,
        };
        answered(&mut stream, town, row, *found)
    });
    let others: Vec<Row> = others.collect();
    let all = from_audits.into_iter().chain(from_incidents).chain(others);
    all.enumerate()
        .map(|(index, row)| row.with("code", format!("CA-{:03}", index.saturating_add(1))))
        .collect()
}

/// Two months to mend it; the newest are still open and not yet due.
fn answered(stream: &mut Stream, town: &Town, row: Row, found: Date) -> Row {
    let section = row.text("section").to_owned();
    let (owner, verifier) = (
        town.head(&section),
        if section == "S29" {
            town.head("S03")
        } else {
            town.head("S29")
        },
    );
    let done = stream.day(after(found, 14), after(found, 56));
    let closed = done <= date(2026, 10, 30);
    let due = if closed {
        after(found, 60)
    } else {
        after(found, 60).max(date(2026, 12, 25))
    };
    row.with("owner", owner)
        .with("due_on", due)
        .with("completed_on", closed.then_some(done))
        .with("verified_by", closed.then_some(verifier))
        .with("verified_on", closed.then(|| after(done, 10)))
}

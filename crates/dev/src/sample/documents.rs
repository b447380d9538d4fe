//! 文書, 遵守の確認, 方針の策定と公表.

use jiff::civil::{Date, date};

use super::organisation::{INFORMATION_POLICY, organ_codes};
use super::roles::minutes;
use super::stream::{Stream, after};
use super::systems::SYSTEMS;
use super::table::{Row, row};
use super::town::Town;

/// The basic policy in force.
pub(crate) const POLICY: &str = "D-001";
/// The 対策基準 in force.
pub(crate) const STANDARD: &str = "D-002";
/// The procedure that everybody works by.
const CONDUCT: &str = "D-211";
const SITE: &str = "https://www.city.mihon.example";
const VERSION: &str = "令和8年4月1日改定";
const APPROVED: Date = date(2026, 3, 24);
const REVISED: Date = date(2026, 4, 1);

/// 実施手順: number, title, concept.
#[rustfmt::skip]
static PROCEDURES: &[(u32, &str, &str)] = &[
    (201, "情報資産分類・取扱手順", "classification"),
    (202, "マイナンバー利用事務系運用手順", "resilience.mynumber"),
    (203, "LGWAN接続系運用手順", "resilience.lgwan"),
    (204, "ファイル持込み・無害化手順", "resilience.lgwan"),
    (205, "インターネット接続系運用手順", "resilience.internet"),
    (206, "サーバ管理手順", "physical.server"),
    (207, "管理区域入退室手順", "physical.area"),
    (208, "ネットワーク管理手順", "physical.network"),
    (209, "端末管理手順", "physical.terminal"),
    (210, "電磁的記録媒体管理手順", "physical.medium"),
    (211, "職員等遵守事項手順", "human.rules"),
    (212, "情報セキュリティ研修・訓練手順", "human.training"),
    (213, "インシデント報告手順", "human.incident_report"),
    (214, "ID・パスワード管理手順", "human.credentials"),
    (215, "情報システム管理手順", "technical.administration"),
    (216, "アクセス制御手順", "technical.access"),
    (217, "情報システム開発・導入・保守手順", "technical.development"),
    (218, "不正プログラム対策手順", "technical.malware"),
    (219, "不正アクセス対策手順", "technical.intrusion"),
    (220, "脆弱性対応手順", "technical.vulnerability"),
    (221, "ログ監視手順", "operation.monitoring"),
    (222, "遵守状況確認手順", "operation.compliance"),
    (223, "緊急時対応手順", "operation.contingency"),
    (224, "例外措置手順", "operation.exception"),
    (225, "法令等遵守手順", "operation.law"),
    (226, "業務委託管理手順", "outsourcing.contract"),
    (227, "クラウドサービス利用手順", "outsourcing.cloud"),
    (230, "ソーシャルメディア運用手順", "outsourcing.sns"),
    (231, "情報セキュリティ監査手順", "evaluation.audit"),
    (232, "自己点検手順", "evaluation.inspection"),
    (233, "方針・基準見直し手順", "evaluation.review"),
    (234, "情報セキュリティ組織運営手順", "organisation"),
];

/// 規程・計画・報告書: number, title, kind, publicity, concept, path on the city's site.
#[rustfmt::skip]
static OTHERS: &[(u32, &str, &str, &str, &str, &str)] = &[
    (101, "情報セキュリティ委員会設置要綱", "rules", "public", "organisation", "/reiki/security-committee.html"),
    (102, "即応班(CSIRT)設置要領", "rules", "internal", "organisation", ""),
    (103, "情報セキュリティ監査実施要綱", "rules", "public", "evaluation.audit", "/reiki/security-audit.html"),
    (104, "クラウドサービス利用規程", "rules", "internal", "outsourcing.cloud", ""),
    (105, "ソーシャルメディア利用規程", "rules", "public", "outsourcing.sns", "/sns-policy.html"),
    (106, "情報セキュリティ緊急時対応計画書", "plan", "restricted", "operation.contingency", ""),
    (107, "災害時情報システム復旧計画書", "plan", "restricted", "operation.contingency", ""),
    (108, "令和8年度情報セキュリティ研修計画", "plan", "internal", "human.training", ""),
    (109, "令和7年度情報セキュリティ研修計画", "plan", "internal", "human.training", ""),
    (110, "令和8年度情報セキュリティ監査計画", "plan", "internal", "evaluation.audit", ""),
    (111, "情報セキュリティ監査中期計画(令和7〜9年度)", "plan", "internal", "evaluation.audit", ""),
    (112, "令和8年度自己点検計画", "plan", "internal", "evaluation.inspection", ""),
    (113, "令和7年度情報セキュリティ評価報告書", "report", "internal", "evaluation", ""),
    (114, "個人番号・特定個人情報取扱規程", "rules", "internal", "resilience.mynumber", ""),
    (115, "関係法令一覧", "rules", "internal", "operation.law", ""),
    (116, "情報セキュリティ推進計画(令和8〜10年度)", "plan", "internal", "measures", ""),
    (117, "情報資産分類基準", "rules", "internal", "classification", ""),
    (118, "職員等情報セキュリティ遵守規程", "rules", "internal", "human.rules", ""),
    (119, "インシデント報告要領", "rules", "internal", "human.incident_report", ""),
    (120, "令和8年度情報セキュリティ改善計画", "plan", "internal", "evaluation", ""),
    (121, "令和8年度監査・自己点検計画", "plan", "internal", "evaluation.check", ""),
];

/// ネットワーク図, one a zone.
static DIAGRAMS: [&str; 5] = [
    "マイナンバー利用事務系",
    "LGWAN接続系",
    "インターネット接続系",
    "施設系",
    "庁外接続",
];

pub(crate) fn documents(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("document");
    let policies = policies(town).into_iter();
    let rows = policies
        .chain(rules())
        .chain(procedures())
        .chain(records())
        .chain(system_documents());
    rows.map(|row| maintained(&mut stream, town, row)).collect()
}

fn policies(town: &Town) -> [Row; 3] {
    let policy = |code: &str, title: &str, version: &str| {
        row! {
            code: code, title: title, version: version, kind: "basic_policy", publicity: "public", concept: "purpose",
            section: INFORMATION_POLICY, approved_by: town.officer("副市長"),
        }
    };
    let former = policy(
        "D-000",
        "見本市情報セキュリティ基本方針(令和3年4月1日改定)",
        "令和3年4月1日改定",
    )
    .with("approved_on", date(2021, 3, 26))
    .with("reviewed_on", date(2026, 2, 20))
    .with("withdrawn_on", date(2026, 3, 31));
    let current = policy(POLICY, "見本市情報セキュリティ基本方針", VERSION)
        .with("approved_on", APPROVED)
        .with("reviewed_on", REVISED)
        .with("url", format!("{SITE}/security/policy.html"));
    let standard = row! {
        code: STANDARD, title: "見本市情報セキュリティ対策基準", version: VERSION, kind: "standard", publicity: "internal",
        concept: "standard", section: INFORMATION_POLICY, approved_by: town.officer("副市長"), approved_on: APPROVED,
        reviewed_on: REVISED,
    };
    [former, current, standard]
}

fn rules() -> impl Iterator<Item = Row> {
    OTHERS.iter().map(|(number, title, kind, publicity, concept, path)| {
        let url = (!path.is_empty()).then(|| format!("{SITE}{path}"));
        row! {
            code: format!("D-{number}"), title: *title, kind: *kind, publicity: *publicity, concept: *concept, url: url,
            section: INFORMATION_POLICY,
        }
    })
}

fn procedures() -> impl Iterator<Item = Row> {
    PROCEDURES.iter().map(|(number, title, concept)| {
        row! {
            code: format!("D-{number}"), title: *title, kind: "procedure", publicity: "restricted", concept: *concept,
            section: INFORMATION_POLICY,
        }
    })
}

/// 議事録
fn records() -> impl Iterator<Item = Row> {
    minutes().enumerate().map(|(index, (title, held))| {
        row! {
            code: format!("D-{}", index.saturating_add(301)), title: format!("{title} 議事録"), kind: "minutes",
            publicity: "internal", section: INFORMATION_POLICY, concept: "organisation", approved_on: after(held, 7),
        }
    })
}

fn system_documents() -> impl Iterator<Item = Row> {
    let diagrams = DIAGRAMS.iter().enumerate().map(|(index, zone)| {
        row! {
            code: format!("D-{}", index.saturating_add(401)), title: format!("ネットワーク構成図({zone})"),
            section: INFORMATION_POLICY, concept: "physical.network",
        }
    });
    let specifications = SYSTEMS.iter().map(|system| {
        row! {
            code: system.specification(), title: format!("{} 仕様書", system.name), section: system.section,
            concept: "technical.development",
        }
    });
    let all = diagrams.chain(specifications);
    all.map(|row| row.with("kind", "system_document").with("publicity", "restricted"))
}

/// Fills in what is the same for every document, where the row has not said it.
fn maintained(stream: &mut Stream, town: &Town, row: Row) -> Row {
    let approved = stream.day(date(2026, 3, 2), date(2026, 3, 31));
    let reviewed = stream.day(date(2026, 4, 1), date(2026, 6, 26));
    let reviewed = (row.text("kind") != "minutes").then_some(reviewed);
    let section = row.text("section").to_owned();
    let office = if section == INFORMATION_POLICY {
        town.officer("デジタル推進監")
    } else {
        town.head(&section)
    };
    let defaults = row! {
        owner: town.head(&section), version: "令和8年度版", approved_by: office, approved_on: approved,
        reviewed_on: reviewed,
    };
    defaults.fields().fold(row, |row, field| match row.value(field) {
        Some(_) => row,
        None => row.with(field, defaults.value(field).cloned()),
    })
}

/// Everybody confirms the basic policy each year, this year the standard and the procedure for everybody as well; whoever arrives later, on arrival.
pub(crate) fn acknowledgements(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("acknowledgement");
    let (last, this) = (
        (date(2025, 4, 7), date(2025, 5, 30)),
        (date(2026, 4, 6), date(2026, 5, 29)),
    );
    let asked = [("D-000", last), (POLICY, this), (STANDARD, this), (CONDUCT, this)];
    let mut rows = Vec::new();
    for (document, (from, to)) in asked {
        rows.extend(
            town.people
                .iter()
                .filter(|person| person.works_through(from, to))
                .map(|person| {
                    row! { person: &person.code, document: document, acknowledged_on: stream.day(from, to) }
                }),
        );
    }
    let late = town.active().filter(|person| person.joined > this.1);
    rows.extend(late.flat_map(|person| {
        [POLICY, STANDARD, CONDUCT]
            .map(|document| row! { person: &person.code, document: document, acknowledged_on: after(person.joined, 5) })
    }));
    let numbered = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| row.with("code", format!("AK-{:04}", index.saturating_add(1))));
    numbered.collect()
}

/// Every organ adopts the policy, each by itself or with the mayor.
pub(crate) fn adoptions() -> Vec<Row> {
    let rows = organ_codes().enumerate().map(|(index, organ)| {
        let joint = matches!(organ, "O01" | "O09" | "O10" | "O11" | "O12");
        row! {
            code: format!("AD-{:02}", index.saturating_add(1)),
            organ: organ,
            document: POLICY,
            version: VERSION,
            adopted_on: if joint { date(2026, 3, 24) } else { date(2026, 3, 27) },
            published_on: REVISED,
            url: format!("{SITE}/security/policy-{}.html", organ.to_lowercase()),
            joint: joint,
        }
    });
    rows.collect()
}

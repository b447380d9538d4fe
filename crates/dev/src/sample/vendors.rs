//! 事業者, 契約, 委託先の確認. Every name is made up.

use jiff::civil::{Date, date};

use super::stream::{Stream, after};
use super::systems::{SYSTEMS, System};
use super::table::{Row, row};
use super::town::Town;

/// Name, reading, certification; the codes follow from the order.
#[rustfmt::skip]
static VENDORS: &[(&str, &str, &str)] = &[
    ("見本システムズ株式会社", "みほんしすてむず", "several"),
    ("株式会社ひながた電算", "ひながたでんさん", "several"),
    ("例示ネットワーク株式会社", "れいじねっとわーく", "isms"),
    ("株式会社架空情報サービス", "かくうじょうほうさーびす", "isms"),
    ("模範セキュリティ株式会社", "もはんせきゅりてぃ", "isms"),
    ("雛形クラウド株式会社", "ひながたくらうど", "ismap"),
    ("仮設データセンター株式会社", "かせつでーたせんたー", "several"),
    ("試作ソフトウェア株式会社", "しさくそふとうぇあ", "isms"),
    ("株式会社見本帳印刷", "みほんちょういんさつ", "privacy_mark"),
    ("例示封入株式会社", "れいじふうにゅう", "privacy_mark"),
    ("想定監査合同会社", "そうていかんさ", "isms"),
    ("架空リサイクル株式会社", "かくうりさいくる", "isms"),
    ("仮名コールセンター株式会社", "かめいこーるせんたー", "privacy_mark"),
    ("例示空調株式会社", "れいじくうちょう", "none"),
    ("見本電気設備株式会社", "みほんでんきせつび", "none"),
    ("雛形地図情報株式会社", "ひながたちずじょうほう", "isms"),
    ("株式会社模型教育システム", "もけいきょういくしすてむ", "several"),
    ("例示水処理エンジニアリング株式会社", "れいじみずしょり", "isms"),
    ("仮想医療情報株式会社", "かそういりょうじょうほう", "isms"),
    ("株式会社試供ウェブ", "しきょううぇぶ", "ismap"),
    ("想像配信株式会社", "そうぞうはいしん", "ismap"),
    ("架空会議サービス株式会社", "かくうかいぎさーびす", "ismap"),
    ("例示安否確認株式会社", "れいじあんぴかくにん", "ismap"),
    ("見本研修センター株式会社", "みほんけんしゅうせんたー", "privacy_mark"),
    ("仮設保管倉庫株式会社", "かせつほかんそうこ", "isms"),
];

pub(crate) fn vendor_code(index: usize) -> String {
    format!("V{:02}", index.saturating_add(1))
}

pub(crate) fn vendors() -> Vec<Row> {
    let mut stream = Stream::named("vendor");
    let rows = VENDORS
        .iter()
        .enumerate()
        .map(|(index, (name, reading, certification))| {
            row! {
                code: vendor_code(index),
                name: *name,
                reading: *reading,
                contact: "官公庁担当",
                phone: format!("0000-01-{:04}", index.saturating_add(1)),
                certification: *certification,
                overseas: false,
                selection_reason: "情報セキュリティの体制と実績を評価基準に照らして選んだ。",
                confirmed_on: stream.day(date(2026, 4, 13), date(2026, 6, 26)),
            }
        });
    rows.collect()
}

/// Contracts that belong to no system: name, vendor, section, kind, personal data, My Number.
#[rustfmt::skip]
static OTHERS: &[(&str, &str, &str, &str, bool, bool)] = &[
    ("庁内ネットワーク運用保守業務", "V03", "S07", "operation", false, false),
    ("情報システム運用支援業務", "V01", "S07", "operation", true, true),
    ("セキュリティ監視業務", "V05", "S07", "operation", true, false),
    ("納税通知書印刷・封入業務", "V09", "S09", "processing", true, false),
    ("給付金申請書データ入力業務", "V10", "S15", "processing", true, true),
    ("情報セキュリティ外部監査業務", "V11", "S29", "audit", false, false),
    ("情報機器・媒体廃棄業務", "V12", "S07", "disposal", true, true),
    ("給付金コールセンター業務", "V13", "S15", "processing", true, false),
    ("サーバ室空調設備保守業務", "V14", "S06", "maintenance", false, false),
    ("電源設備保守業務", "V15", "S06", "maintenance", false, false),
    ("情報セキュリティ研修業務", "V24", "S04", "other", true, false),
    ("バックアップ媒体遠隔地保管業務", "V25", "S07", "operation", true, true),
    ("安否確認サービス利用", "V23", "S08", "cloud", true, false),
    ("Web会議サービス利用", "V22", "S07", "cloud", false, false),
];

const ONE_YEAR: (&str, Date) = ("令和8年度", date(2027, 3, 31));
const THREE_YEARS: (&str, Date) = ("令和8〜10年度", date(2029, 3, 31));

pub(crate) fn contracts() -> Vec<Row> {
    let mut stream = Stream::named("contract");
    let systems = SYSTEMS.iter().map(|system| {
        let kind = if system.hosting == "cloud" { "cloud" } else { "maintenance" };
        row! {
            name: format!("{}運用保守業務", system.name), vendor: vendor_of(system), section: system.section, kind: kind,
            personal_data: system.personal, mynumber: system.mynumber(),
        }
    });
    let others = OTHERS.iter().map(|(name, vendor, section, kind, personal, mynumber)| {
        row! {
            name: *name, vendor: *vendor, section: *section, kind: *kind, personal_data: *personal,
            mynumber: *mynumber,
        }
    });
    let running = systems.chain(others).map(|row| {
        let (years, ends) = stream.pick(&[ONE_YEAR, ONE_YEAR, THREE_YEARS]);
        let name = format!("{}({years})", row.text("name"));
        row.with("name", name)
            .with("starts_on", date(2026, 4, 1))
            .with("ends_on", ends)
    });
    let running: Vec<Row> = running.collect();
    let ended = OTHERS.iter().filter(|other| other.3 == "processing").map(
        |(name, vendor, section, kind, personal, mynumber)| {
            let row = row! {
                name: format!("{name}(令和7年度)"), vendor: *vendor, section: *section, kind: *kind,
                personal_data: *personal, mynumber: *mynumber,
            };
            row.with("starts_on", date(2025, 4, 1))
                .with("ends_on", date(2026, 3, 31))
                .with("returned_on", date(2026, 4, 10))
        },
    );
    let all: Vec<Row> = running.into_iter().chain(ended).collect();
    all.into_iter()
        .enumerate()
        .map(|(index, row)| agreed(&mut stream, row, index))
        .collect()
}

/// Who looks after a system; every vendor of the list has work.
fn vendor_of(system: &System) -> &'static str {
    match (system.zone, system.section, system.hosting) {
        ("Z-MN", "S11" | "S26" | "S28", _) => "V01",
        ("Z-MN", "S09" | "S10" | "S13", _) => "V02",
        ("Z-MN", "S07", _) => "V07",
        ("Z-MN", ..) => "V04",
        (_, "S07", _) if system.name.contains("ネットワーク") => "V03",
        (_, "S07", _) if system.name.contains("無害化") || system.name.contains("ログ") => "V05",
        ("Z-IN", "S26", _) => "V17",
        ("Z-IN", "S24" | "S08", _) => "V21",
        ("Z-IN", _, "cloud") => "V20",
        ("Z-IN", ..) => "V06",
        ("Z-OT", "S33", _) => "V19",
        ("Z-OT", ..) => "V18",
        (_, "S21" | "S22", _) => "V16",
        (_, "S03" | "S24", _) => "V08",
        _ => "V01",
    }
}

/// Adds the terms that the city asks of everybody.
fn agreed(stream: &mut Stream, row: Row, index: usize) -> Row {
    row.with("code", format!("K-{:03}", index.saturating_add(1)))
        .with("requirements", true)
        .with("confidentiality", true)
        .with("subcontracting", stream.pick(&["prohibited", "approved", "approved"]))
        .with("subcontractor_list", true)
        .with("audit_right", true)
        .with("incident_duty", true)
        .with("return_duty", true)
        .with("liability", true)
        .with("personnel_on", stream.day(date(2026, 4, 1), date(2026, 4, 24)))
        .with("training_on", stream.day(date(2026, 4, 13), date(2026, 6, 26)))
}

pub(crate) fn vendor_checks(town: &Town, contracts: &[Row]) -> Vec<Row> {
    let mut stream = Stream::named("vendor_check");
    let checks = contracts.iter().map(|contract| {
        let ended = contract.value("returned_on").is_some();
        let (from, to) = if ended {
            (date(2026, 1, 13), date(2026, 3, 13))
        } else {
            (date(2026, 6, 1), date(2026, 10, 30))
        };
        let on = stream.day(from, to);
        vendor_check(&mut stream, town, contract, on)
    });
    let rows = checks
        .enumerate()
        .map(|(index, row)| row.with("code", format!("VC-{:03}", index.saturating_add(1))));
    rows.collect()
}

fn vendor_check(stream: &mut Stream, town: &Town, contract: &Row, on: Date) -> Row {
    let improve = stream.one_in(12);
    row! {
        contract: contract.code(),
        checked_on: on,
        checked_by: town.second(contract.text("section")),
        method: stream.pick(&["document", "report", "visit", "interview"]),
        result: if improve { "improve" } else { "good" },
        remarks: if improve { "従事者名簿の更新が遅れていた。" } else { "契約で求めた対策を確かめた。" },
        followed_up_on: improve.then(|| after(on, 14)),
    }
}

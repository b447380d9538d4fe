//! 情報システム: sixty systems of a city, and what is kept about each.

use jiff::civil::{Date, date};

use super::stream::Stream;
use super::table::{Row, row};
use super::town::Town;

pub(crate) struct System {
    number: u32,
    pub(crate) name: &'static str,
    pub(crate) section: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) hosting: &'static str,
    pub(crate) criticality: &'static str,
    pub(crate) personal: bool,
}

impl System {
    pub(crate) fn code(&self) -> String {
        format!("SYS-{:03}", self.number)
    }

    pub(crate) fn mynumber(&self) -> bool {
        self.zone == "Z-MN"
    }

    /// The code of the document that specifies it.
    pub(crate) fn specification(&self) -> String {
        format!("D-5{:02}", self.number)
    }
}

const fn system(
    number: u32,
    name: &'static str,
    section: &'static str,
    zone: &'static str,
    hosting: &'static str,
    criticality: &'static str,
    personal: bool,
) -> System {
    System {
        number,
        name,
        section,
        zone,
        hosting,
        criticality,
        personal,
    }
}

/// Numbers are the codes: add at the end, never reuse one.
#[rustfmt::skip]
pub(crate) static SYSTEMS: &[System] = &[
    system(1, "住民記録システム", "S11", "Z-MN", "government_cloud", "high", true),
    system(2, "印鑑登録システム", "S11", "Z-MN", "government_cloud", "high", true),
    system(3, "戸籍システム", "S11", "Z-MN", "government_cloud", "high", true),
    system(4, "戸籍附票システム", "S11", "Z-MN", "government_cloud", "high", true),
    system(5, "個人住民税システム", "S09", "Z-MN", "government_cloud", "high", true),
    system(6, "法人住民税システム", "S09", "Z-MN", "government_cloud", "medium", true),
    system(7, "固定資産税システム", "S09", "Z-MN", "government_cloud", "high", true),
    system(8, "軽自動車税システム", "S09", "Z-MN", "government_cloud", "medium", true),
    system(9, "収納管理システム", "S10", "Z-MN", "government_cloud", "high", true),
    system(10, "滞納整理システム", "S10", "Z-MN", "data_center", "medium", true),
    system(11, "国民健康保険システム", "S13", "Z-MN", "government_cloud", "high", true),
    system(12, "国民年金システム", "S13", "Z-MN", "government_cloud", "medium", true),
    system(13, "後期高齢者医療システム", "S13", "Z-MN", "government_cloud", "high", true),
    system(14, "介護保険システム", "S17", "Z-MN", "government_cloud", "high", true),
    system(15, "障害者福祉システム", "S15", "Z-MN", "government_cloud", "medium", true),
    system(16, "生活保護システム", "S15", "Z-MN", "government_cloud", "high", true),
    system(17, "児童手当システム", "S16", "Z-MN", "government_cloud", "medium", true),
    system(18, "児童扶養手当システム", "S16", "Z-MN", "government_cloud", "medium", true),
    system(19, "子ども・子育て支援システム", "S16", "Z-MN", "government_cloud", "medium", true),
    system(20, "健康管理システム", "S18", "Z-MN", "government_cloud", "high", true),
    system(21, "就学事務システム", "S26", "Z-MN", "government_cloud", "medium", true),
    system(22, "選挙人名簿管理システム", "S28", "Z-MN", "government_cloud", "high", true),
    system(23, "統合宛名システム", "S07", "Z-MN", "data_center", "high", true),
    system(24, "生体認証基盤(マイナンバー系)", "S07", "Z-MN", "on_premises", "high", true),
    system(25, "財務会計システム", "S05", "Z-LG", "data_center", "high", true),
    system(26, "人事給与システム", "S04", "Z-LG", "data_center", "high", true),
    system(27, "庶務事務システム", "S04", "Z-LG", "data_center", "medium", true),
    system(28, "文書管理システム", "S03", "Z-LG", "data_center", "high", true),
    system(29, "電子決裁システム", "S03", "Z-LG", "data_center", "medium", true),
    system(30, "グループウェア", "S07", "Z-LG", "on_premises", "high", true),
    system(31, "ファイル共有基盤", "S07", "Z-LG", "on_premises", "high", true),
    system(32, "職員認証基盤", "S07", "Z-LG", "on_premises", "high", true),
    system(33, "資産管理システム", "S07", "Z-LG", "on_premises", "medium", true),
    system(34, "例規検索システム", "S03", "Z-LG", "data_center", "low", false),
    system(35, "契約管理システム", "S06", "Z-LG", "data_center", "medium", true),
    system(36, "公有財産管理システム", "S06", "Z-LG", "on_premises", "low", false),
    system(37, "起債管理システム", "S05", "Z-LG", "on_premises", "low", false),
    system(38, "統合型地図情報システム", "S22", "Z-LG", "data_center", "medium", true),
    system(39, "土木積算システム", "S21", "Z-LG", "on_premises", "low", false),
    system(40, "道路台帳システム", "S21", "Z-LG", "on_premises", "medium", false),
    system(41, "農地台帳システム", "S30", "Z-LG", "data_center", "medium", true),
    system(42, "上下水道料金システム", "S31", "Z-LG", "data_center", "high", true),
    system(43, "企業会計システム", "S31", "Z-LG", "data_center", "medium", false),
    system(44, "総合行政ネットワーク接続装置", "S07", "Z-LG", "on_premises", "high", false),
    system(45, "申請管理システム", "S07", "Z-LG", "data_center", "high", true),
    system(46, "地方税電子申告審査システム", "S09", "Z-LG", "data_center", "high", true),
    system(47, "ファイル無害化システム", "S07", "Z-LG", "on_premises", "high", false),
    system(48, "ログ収集分析基盤", "S07", "Z-LG", "on_premises", "high", true),
    system(49, "会議録作成システム", "S24", "Z-LG", "on_premises", "low", false),
    system(50, "インターネット閲覧用画面転送システム", "S07", "Z-IN", "on_premises", "medium", false),
    system(51, "公式ホームページ", "S01", "Z-IN", "cloud", "medium", false),
    system(52, "メール中継システム", "S07", "Z-IN", "on_premises", "high", false),
    system(53, "図書館システム", "S27", "Z-IN", "cloud", "medium", true),
    system(54, "公共施設予約システム", "S27", "Z-IN", "cloud", "low", true),
    system(55, "防災情報配信システム", "S08", "Z-IN", "cloud", "high", false),
    system(56, "校務支援システム", "S26", "Z-IN", "cloud", "medium", true),
    system(57, "議会中継システム", "S24", "Z-IN", "cloud", "low", false),
    system(58, "診療所電子カルテ", "S33", "Z-OT", "on_premises", "high", true),
    system(59, "浄水場監視制御システム", "S31", "Z-OT", "on_premises", "high", false),
    system(60, "消防通信指令支援システム", "S32", "Z-OT", "on_premises", "high", true),
];

/// The one that is being procured; it takes the place of number 36.
pub(crate) const PLANNED: &str = "SYS-061";

pub(crate) fn systems(town: &Town, contracts: &[Row]) -> Vec<Row> {
    let mut stream = Stream::named("system");
    let in_use = SYSTEMS.iter().map(|system| row(&mut stream, town, contracts, system));
    in_use.chain([planned(town)]).collect()
}

fn planned(town: &Town) -> Row {
    row! {
        code: PLANNED,
        name: "次期公有財産管理システム",
        section: "S06",
        manager: town.head("S06"),
        zone: "Z-LG",
        hosting: "data_center",
        criticality: "low",
        requirements_on: date(2026, 7, 17),
        status: "planned",
        confirmed_on: date(2026, 9, 30),
    }
}

fn row(stream: &mut Stream, town: &Town, contracts: &[Row], system: &System) -> Row {
    let contract = contracts.iter().find(|row| row.text("name").starts_with(system.name));
    let tested = stream.day(date(2022, 10, 3), date(2025, 3, 20));
    row! {
        code: system.code(),
        name: system.name,
        section: system.section,
        manager: town.head(system.section),
        zone: system.zone,
        hosting: system.hosting,
        criticality: system.criticality,
        mynumber: system.mynumber(),
        personal_data: system.personal,
        contract: contract.map(|row| row.code().to_owned()),
        requirements_on: stream.day(date(2021, 4, 5), date(2022, 3, 25)),
        tested_on: tested,
        supported_until: Date::new(i16::try_from(stream.between(2028, 2031)).unwrap_or(2030), 3, 31).ok(),
        patched_on: stream.day(date(2026, 9, 14), date(2026, 11, 20)),
        scanned_on: stream.day(date(2026, 6, 1), date(2026, 8, 28)),
        backed_up_on: stream.day(date(2026, 11, 19), date(2026, 11, 20)),
        restored_on: stream.day(date(2026, 5, 11), date(2026, 9, 30)),
        log_days: stream.pick(&[400_i64, 730, 1095]),
        log_reviewed_on: stream.day(date(2026, 11, 2), date(2026, 11, 20)),
        time_synchronised: true,
        access_control: true,
        factors: 2_i64,
        malware_protection: true,
        encrypted: true,
        redundant: system.criticality == "high",
        specification: system.specification(),
        status: "in_use",
        confirmed_on: stream.day(date(2026, 6, 8), date(2026, 9, 30)),
    }
}

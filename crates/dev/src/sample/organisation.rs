//! 機関 and 課: hand-written, since everything else hangs on them.

use super::table::{Row, row};
use super::town::Town;

/// A section (課・室).
pub(crate) struct Section {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) reading: &'static str,
    pub(crate) organ: &'static str,
    /// Position of its head, who is its 情報セキュリティ管理者.
    pub(crate) head: &'static str,
    pub(crate) size: usize,
    /// Whether its staff handle My Number.
    pub(crate) mynumber: bool,
}

const fn section(
    code: &'static str,
    name: &'static str,
    reading: &'static str,
    organ: &'static str,
    head: &'static str,
    size: usize,
    mynumber: bool,
) -> Section {
    Section {
        code,
        name,
        reading,
        organ,
        head,
        size,
        mynumber,
    }
}

/// In the order of the city's organisation chart.
#[rustfmt::skip]
pub(crate) static SECTIONS: &[Section] = &[
    section("S01", "秘書広報課", "ひしょこうほうか", "O01", "秘書広報課長", 11, false),
    section("S02", "企画政策課", "きかくせいさくか", "O01", "企画政策課長", 9, false),
    section("S03", "総務課", "そうむか", "O01", "総務課長", 10, false),
    section("S04", "人事課", "じんじか", "O01", "人事課長", 8, false),
    section("S05", "財政課", "ざいせいか", "O01", "財政課長", 9, false),
    section("S06", "管財課", "かんざいか", "O01", "管財課長", 8, false),
    section("S07", "情報政策課", "じょうほうせいさくか", "O01", "情報政策課長", 9, true),
    section("S08", "危機管理課", "ききかんりか", "O01", "危機管理課長", 7, false),
    section("S09", "税務課", "ぜいむか", "O01", "税務課長", 16, true),
    section("S10", "収納課", "しゅうのうか", "O01", "収納課長", 8, true),
    section("S11", "市民課", "しみんか", "O01", "市民課長", 14, true),
    section("S12", "東支所", "ひがしししょ", "O01", "東支所長", 5, true),
    section("S13", "保険年金課", "ほけんねんきんか", "O01", "保険年金課長", 13, true),
    section("S14", "環境課", "かんきょうか", "O01", "環境課長", 9, false),
    section("S15", "福祉課", "ふくしか", "O01", "福祉課長", 13, true),
    section("S16", "子育て支援課", "こそだてしえんか", "O01", "子育て支援課長", 12, true),
    section("S17", "高齢者支援課", "こうれいしゃしえんか", "O01", "高齢者支援課長", 11, true),
    section("S18", "健康増進課", "けんこうぞうしんか", "O01", "健康増進課長", 13, true),
    section("S19", "農林課", "のうりんか", "O01", "農林課長", 9, false),
    section("S20", "商工観光課", "しょうこうかんこうか", "O01", "商工観光課長", 9, false),
    section("S21", "建設課", "けんせつか", "O01", "建設課長", 12, false),
    section("S22", "都市計画課", "としけいかくか", "O01", "都市計画課長", 10, false),
    section("S23", "出納室", "すいとうしつ", "O12", "出納室長", 5, false),
    section("S24", "議会事務局", "ぎかいじむきょく", "O02", "議会事務局長", 6, false),
    section("S25", "教育総務課", "きょういくそうむか", "O03", "教育総務課長", 8, false),
    section("S26", "学校教育課", "がっこうきょういくか", "O03", "学校教育課長", 8, false),
    section("S27", "生涯学習課", "しょうがいがくしゅうか", "O03", "生涯学習課長", 8, false),
    section("S28", "選挙管理委員会事務局", "せんきょかんりいいんかいじむきょく", "O04", "選挙管理委員会事務局長", 4, false),
    section("S29", "監査委員事務局", "かんさいいんじむきょく", "O05", "監査委員事務局長", 5, false),
    section("S30", "農業委員会事務局", "のうぎょういいんかいじむきょく", "O06", "農業委員会事務局長", 5, false),
    section("S31", "上下水道課", "じょうげすいどうか", "O09", "上下水道課長", 12, false),
    section("S32", "消防本部総務課", "しょうぼうほんぶそうむか", "O10", "消防本部総務課長", 8, false),
    section("S33", "市立診療所", "しりつしんりょうじょ", "O11", "診療所事務長", 6, true),
];

/// The section of the two people who run this.
pub(crate) const INFORMATION_POLICY: &str = "S07";

/// 機関: code, name, reading, kind, position of its head, basis. One without a head of its own is covered by another.
#[rustfmt::skip]
static ORGANS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("O01", "市長", "しちょう", "executive", "市長", "見本市部設置条例"),
    ("O02", "市議会", "しぎかい", "assembly", "市議会議長", "見本市議会事務局設置条例"),
    ("O03", "教育委員会", "きょういくいいんかい", "commission", "教育長", "見本市教育委員会事務局組織規則"),
    ("O04", "選挙管理委員会", "せんきょかんりいいんかい", "commission", "選挙管理委員会委員長", "見本市選挙管理委員会規程"),
    ("O05", "監査委員", "かんさいいん", "commission", "代表監査委員", "見本市監査委員条例"),
    ("O06", "農業委員会", "のうぎょういいんかい", "commission", "農業委員会会長", "見本市農業委員会規程"),
    ("O07", "公平委員会", "こうへいいいんかい", "commission", "", "事務は監査委員事務局が行い、監査委員の一部として方針を適用する。"),
    ("O08", "固定資産評価審査委員会", "こていしさんひょうかしんさいいんかい", "commission", "", "事務は監査委員事務局が行い、監査委員の一部として方針を適用する。"),
    ("O09", "上下水道事業", "じょうげすいどうじぎょう", "enterprise", "上下水道局長", "見本市上下水道事業の設置等に関する条例"),
    ("O10", "消防本部", "しょうぼうほんぶ", "executive", "消防長", "見本市消防本部設置条例"),
    ("O11", "診療所事業", "しんりょうじょじぎょう", "enterprise", "診療所長", "見本市立診療所条例"),
    ("O12", "会計管理者", "かいけいかんりしゃ", "executive", "会計管理者", "見本市会計規則"),
];

/// 機関 codes in order.
pub(crate) fn organ_codes() -> impl Iterator<Item = &'static str> {
    ORGANS.iter().map(|organ| organ.0)
}

/// Organ and its position of department manager, where it has one of its own.
pub(crate) static DEPARTMENT_MANAGERS: &[(&str, &str)] = &[
    ("O01", "総務部長"),
    ("O01", "市民部長"),
    ("O01", "福祉部長"),
    ("O01", "産業建設部長"),
    ("O02", "議会事務局長"),
    ("O03", "教育部長"),
    ("O04", "選挙管理委員会事務局長"),
    ("O05", "監査委員事務局長"),
    ("O06", "農業委員会事務局長"),
    ("O09", "上下水道局長"),
    ("O10", "消防長"),
    ("O11", "診療所長"),
    ("O12", "会計管理者"),
];

pub(crate) fn organs(town: &Town) -> Vec<Row> {
    let row = |&(code, name, reading, kind, head, basis): &(&str, &str, &str, &str, &str, &str)| {
        let in_scope = !head.is_empty();
        row! {
            code: code, name: name, reading: reading, kind: kind, in_scope: in_scope, basis: basis,
            head: town.officer(head),
        }
    };
    ORGANS.iter().map(row).collect()
}

pub(crate) fn sections() -> Vec<Row> {
    let row = |section: &Section| {
        let parent = if section.code == "S12" { "S11" } else { "" };
        let phone = format!("0000-00-0{}00", section.code.trim_start_matches('S'));
        row! {
            code: section.code, name: section.name, reading: section.reading, organ: section.organ, parent: parent,
            phone: phone,
        }
    };
    SECTIONS.iter().map(row).collect()
}

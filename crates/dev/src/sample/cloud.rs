//! クラウドサービス, SNSアカウント.

use jiff::civil::{Date, date};

use super::stream::Stream;
use super::table::{Row, row};
use super::town::Town;

/// Name, vendor, section, purpose, zone, confidentiality.
#[rustfmt::skip]
static SERVICES: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("ひながた公式サイト配信", "V20", "S01", "公式ホームページの公開", "Z-IN", "2"),
    ("想像ライブ配信", "V21", "S24", "議会中継", "Z-IN", "1"),
    ("例示安否確認", "V23", "S08", "職員の安否確認と参集", "Z-IN", "2"),
    ("かくう会議", "V22", "S07", "庁外とのWeb会議", "Z-IN", "2"),
    ("見本図書館クラウド", "V20", "S27", "図書館の貸出・予約", "Z-IN", "3C"),
    ("みほん施設予約", "V20", "S27", "公共施設の予約", "Z-IN", "2"),
    ("想像防災配信", "V21", "S08", "防災情報の一斉配信", "Z-IN", "2"),
    ("模型校務クラウド", "V17", "S26", "校務支援", "Z-IN", "3C"),
    ("模型学習ドリル", "V17", "S26", "児童生徒の学習", "Z-IN", "2"),
    ("ひながた電子申請", "V06", "S07", "オンライン申請の受付", "Z-IN", "3C"),
    ("ひながたアンケート", "V06", "S02", "市民アンケート", "Z-IN", "2"),
    ("例示ファイル受渡し", "V06", "S07", "庁外との大容量ファイルの受渡し", "Z-IN", "2"),
    ("見本AI議事録", "V08", "S03", "会議録の下書き", "Z-IN", "2"),
    ("架空チャット相談", "V13", "S16", "子育て相談の自動応答", "Z-IN", "2"),
    ("試供メール配信", "V20", "S01", "メールマガジンの配信", "Z-IN", "2"),
    ("旧かくう掲示板", "V22", "S02", "市民との意見交換(終了)", "Z-IN", "2"),
];

pub(crate) fn cloud_services(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("cloud_service");
    let rows = SERVICES
        .iter()
        .enumerate()
        .map(|(index, (name, vendor, section, purpose, zone, grade))| {
            let number = index.saturating_add(1);
            let ended = name.starts_with('旧');
            let approved = stream.day(date(2026, 2, 2), date(2026, 3, 27));
            row! {
                code: format!("CS-{number:02}"),
                name: *name,
                vendor: *vendor,
                section: *section,
                manager: town.head(section),
                purpose: *purpose,
                zone: *zone,
                confidentiality: *grade,
                ismap: true,
                selection_reason: "ISMAP等クラウドサービスリストへの登録を確かめ、機能と費用を比べて選んだ。",
                data_location: "japan",
                tenant: format!("mihon-city-{number:02}"),
                factors: 2_i64,
                encrypted: true,
                logged: true,
                exit_plan: true,
                terms_reviewed_on: stream.day(date(2026, 2, 2), date(2026, 3, 27)),
                applied_by: town.second(section),
                approved_by: town.officer("デジタル推進監"),
                approved_on: approved,
                expires_on: if ended { date(2026, 3, 31) } else { date(2027, 3, 31) },
                status: if ended { "ended" } else { "in_use" },
                erased_on: ended.then_some(date(2026, 4, 14)),
                confirmed_on: stream.day(date(2026, 6, 1), date(2026, 10, 30)),
            }
        });
    rows.collect()
}

/// Service, account, section, purpose, content, last post.
#[rustfmt::skip]
static ACCOUNTS: &[(&str, &str, &str, &str, &str, Date)] = &[
    ("短文投稿サービス", "mihon_city", "S01", "市政情報の発信", "催し・募集・市政の動き", date(2026, 11, 20)),
    ("短文投稿サービス", "mihon_bousai", "S08", "災害時の情報発信", "避難情報・気象・交通", date(2026, 11, 9)),
    ("写真共有サービス", "mihon_kanko", "S20", "観光の魅力の発信", "風景・催し・特産品", date(2026, 11, 18)),
    ("動画共有サービス", "mihon_city_channel", "S01", "市長会見・市政番組の公開", "会見・番組", date(2026, 11, 13)),
    ("対話アプリ", "mihon_kosodate", "S16", "子育て情報の配信", "健診・催し・手当の案内", date(2026, 11, 17)),
    ("交流サービス", "mihon_library", "S27", "図書館の案内", "新着図書・行事", date(2026, 11, 12)),
];

pub(crate) fn sns_accounts(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("sns_account");
    let rows = ACCOUNTS
        .iter()
        .enumerate()
        .map(|(index, (service, account, section, purpose, content, posted))| {
            row! {
                code: format!("SNS-{:02}", index.saturating_add(1)),
                service: *service,
                account: *account,
                url: format!("https://social.example/{account}"),
                section: *section,
                responsible: town.head(section),
                purpose: *purpose,
                content: *content,
                hours: "平日8時30分から17時15分(災害時を除く)",
                policy_url: "https://www.city.mihon.example/sns-policy.html",
                procedure: "D-230",
                factors: 2_i64,
                listed: true,
                approved_by: town.officer("総務部長"),
                approved_on: stream.day(date(2026, 3, 2), date(2026, 3, 27)),
                last_posted_on: *posted,
                status: "active",
                confirmed_on: stream.day(date(2026, 6, 1), date(2026, 10, 30)),
            }
        });
    rows.collect()
}

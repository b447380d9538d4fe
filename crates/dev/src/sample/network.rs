//! 領域, ネットワークセグメント, 特定通信. Addresses are private; outside ones come from the documentation ranges.

use jiff::civil::{Date, date};

use super::stream::{Stream, after};
use super::table::{Row, row};
use super::town::Town;

pub(crate) fn zones(town: &Town) -> Vec<Row> {
    let zone = |code: &str, name: &str, tier: &str, description: &str| {
        row! { code: code, name: name, tier: tier, manager: town.head("S07"), description: description }
    };
    vec![
        zone(
            "Z-MN",
            "マイナンバー利用事務系",
            "mynumber",
            "住民情報を扱う基幹業務。ほかの領域とは、許した経路のほか通信しない。",
        ),
        zone(
            "Z-LG",
            "LGWAN接続系",
            "lgwan",
            "職員の業務端末と内部事務。外とはLGWANだけを通じてやり取りする。",
        ),
        zone(
            "Z-IN",
            "インターネット接続系",
            "internet",
            "画面転送、メール中継、公式ホームページ。出口は県のセキュリティクラウドに集める。",
        ),
        zone(
            "Z-OT",
            "施設系",
            "other",
            "浄水場、消防、診療所。業務のネットワークから切り離す。",
        ),
        zone(
            "Z-MG",
            "運用管理系",
            "other",
            "機器の管理、時刻、監視。管理する側からだけ機器に入る。",
        ),
        zone(
            "Z-GC",
            "ガバメントクラウド",
            "other",
            "標準準拠システムの置き場。専用線でつなぐ。",
        ),
        zone(
            "Z-LW",
            "LGWANの向こう側",
            "other",
            "総合行政ネットワークと、その先の国・県・他団体。",
        ),
        zone(
            "Z-SC",
            "県セキュリティクラウド",
            "other",
            "県の自治体情報セキュリティクラウド。インターネットへの出口。",
        ),
    ]
}

/// Zone, third octet of the prefix, VLAN, name, area.
#[rustfmt::skip]
static SEGMENTS: &[(&str, &str, i64, &str, &str)] = &[
    ("Z-MN", "10.10.20.0/24", 120, "基幹業務サーバ", "A-01"),
    ("Z-MN", "10.10.30.0/24", 130, "基幹業務端末 本庁1階", "A-02"),
    ("Z-MN", "10.10.31.0/24", 131, "基幹業務端末 本庁2階", "A-03"),
    ("Z-MN", "10.10.32.0/24", 132, "基幹業務端末 保健センター", "A-05"),
    ("Z-MN", "10.10.33.0/24", 133, "基幹業務端末 東支所", "A-06"),
    ("Z-MN", "10.10.40.0/24", 140, "ガバメントクラウド接続", "A-01"),
    ("Z-LG", "10.20.8.0/24", 208, "財務会計サーバ", "A-01"),
    ("Z-LG", "10.20.10.0/24", 210, "共通基盤サーバ", "A-01"),
    ("Z-LG", "10.20.20.0/24", 220, "申請管理・電子申告", "A-01"),
    ("Z-LG", "10.20.30.0/23", 230, "業務端末 本庁1階", "A-02"),
    ("Z-LG", "10.20.32.0/23", 232, "業務端末 本庁2階", "A-03"),
    ("Z-LG", "10.20.34.0/23", 234, "業務端末 本庁3階", "A-04"),
    ("Z-LG", "10.20.36.0/24", 236, "業務端末 保健センター", "A-05"),
    ("Z-LG", "10.20.37.0/24", 237, "業務端末 東支所", "A-06"),
    ("Z-LG", "10.20.38.0/24", 238, "業務端末 上下水道庁舎", "A-07"),
    ("Z-LG", "10.20.39.0/24", 239, "業務端末 消防本部", "A-08"),
    ("Z-LG", "10.20.60.0/24", 260, "無害化・受渡し", "A-01"),
    ("Z-LG", "10.20.70.0/24", 270, "LGWAN接続", "A-01"),
    ("Z-MG", "10.99.10.0/24", 290, "運用管理", "A-01"),
    ("Z-IN", "10.30.4.0/24", 304, "画面転送サーバ", "A-01"),
    ("Z-IN", "10.30.6.0/24", 306, "メール中継・受渡し", "A-01"),
    ("Z-IN", "10.30.8.0/24", 308, "県セキュリティクラウド接続", "A-01"),
    ("Z-IN", "10.30.20.0/24", 320, "持出し用端末", "A-04"),
    ("Z-OT", "10.90.10.0/24", 910, "浄水場監視", "A-07"),
    ("Z-OT", "10.90.20.0/24", 920, "消防通信指令", "A-08"),
    ("Z-OT", "10.90.30.0/24", 930, "診療所", "A-09"),
    ("Z-GC", "192.0.2.0/25", 0, "ガバメントクラウド(例示用の番地)", ""),
    ("Z-LW", "198.51.100.0/25", 0, "LGWANの向こう側(例示用の番地)", ""),
    ("Z-SC", "203.0.113.0/25", 0, "県セキュリティクラウド(例示用の番地)", ""),
];

pub(crate) fn segments() -> Vec<Row> {
    let mut stream = Stream::named("segment");
    let rows = SEGMENTS
        .iter()
        .enumerate()
        .map(|(index, (zone, prefix, vlan, name, area))| {
            row! {
                code: format!("N-{:02}", index.saturating_add(1)),
                name: *name,
                zone: *zone,
                prefix: *prefix,
                vlan: (*vlan > 0).then_some(*vlan),
                area: *area,
                diagram: diagram(zone),
                confirmed_on: stream.day(date(2026, 6, 8), date(2026, 10, 16)),
            }
        });
    rows.collect()
}

/// The network diagram that shows a zone.
fn diagram(zone: &str) -> &'static str {
    match zone {
        "Z-MN" => "D-401",
        "Z-LG" | "Z-MG" => "D-402",
        "Z-IN" => "D-403",
        "Z-OT" => "D-404",
        _ => "D-405",
    }
}

struct Path {
    name: &'static str,
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
    port: &'static str,
    sanitised: Option<bool>,
    section: &'static str,
    reason: &'static str,
}

const fn path(
    name: &'static str,
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
    port: &'static str,
    sanitised: Option<bool>,
    section: &'static str,
    reason: &'static str,
) -> Path {
    Path {
        name,
        from,
        to,
        port,
        sanitised,
        section,
        reason,
    }
}

#[rustfmt::skip]
static PATHS: &[Path] = &[
    path("申請管理から住民記録への申請データ連携", ("Z-LG", "10.20.20.11"), ("Z-MN", "10.10.20.11"), "443", None, "S11", "オンライン申請を職員の再入力なしに受け付けるため。"),
    path("申請管理から子育て支援への申請データ連携", ("Z-LG", "10.20.20.11"), ("Z-MN", "10.10.20.19"), "443", None, "S16", "オンライン申請を職員の再入力なしに受け付けるため。"),
    path("電子申告審査から個人住民税への申告データ連携", ("Z-LG", "10.20.20.21"), ("Z-MN", "10.10.20.15"), "443", None, "S09", "電子申告の取込みのため。"),
    path("電子申告審査から固定資産税への申告データ連携", ("Z-LG", "10.20.20.21"), ("Z-MN", "10.10.20.17"), "443", None, "S09", "償却資産申告の取込みのため。"),
    path("統合宛名から中間サーバーへの照会", ("Z-MN", "10.10.20.23"), ("Z-LW", "198.51.100.23"), "443", None, "S07", "情報提供ネットワークシステムでの情報連携のため。"),
    path("基幹業務からガバメントクラウドへの接続", ("Z-MN", "10.10.40.0/24"), ("Z-GC", "192.0.2.10"), "443", None, "S07", "標準準拠システムの利用のため。専用線による。"),
    path("収納管理から財務会計への収納データ連携", ("Z-MN", "10.10.20.31"), ("Z-LG", "10.20.8.9"), "22", None, "S10", "日次の収納額を会計へ渡すため。氏名と番号は含まない。"),
    path("コンビニ交付の証明書発行", ("Z-MN", "10.10.20.12"), ("Z-LW", "198.51.100.40"), "443", None, "S11", "住民票等のコンビニ交付のため。LGWANを通す。"),
    path("業務端末から画面転送サーバへの接続", ("Z-LG", "10.20.30.0/23"), ("Z-IN", "10.30.4.10"), "443", Some(true), "S07", "画面だけを受け取り、インターネットを閲覧するため。"),
    path("業務端末(2階)から画面転送サーバへの接続", ("Z-LG", "10.20.32.0/23"), ("Z-IN", "10.30.4.10"), "443", Some(true), "S07", "画面だけを受け取り、インターネットを閲覧するため。"),
    path("業務端末(3階)から画面転送サーバへの接続", ("Z-LG", "10.20.34.0/23"), ("Z-IN", "10.30.4.10"), "443", Some(true), "S07", "画面だけを受け取り、インターネットを閲覧するため。"),
    path("メール中継から庁内メールへの受渡し", ("Z-IN", "10.30.6.10"), ("Z-LG", "10.20.60.10"), "25", Some(true), "S07", "本文を文字だけにし、添付を作り直したメールを届けるため。"),
    path("庁内メールからメール中継への送信", ("Z-LG", "10.20.60.10"), ("Z-IN", "10.30.6.10"), "25", Some(true), "S07", "外部へのメール送信のため。"),
    path("受渡し基盤から無害化システムへの受渡し", ("Z-IN", "10.30.6.20"), ("Z-LG", "10.20.60.20"), "8443", Some(true), "S07", "外部から受け取ったファイルを作り直して渡すため。"),
    path("校務支援から人事給与への勤怠の受渡し", ("Z-IN", "10.30.6.21"), ("Z-LG", "10.20.10.26"), "8443", Some(true), "S26", "県費負担教職員の勤怠を取り込むため。"),
    path("総合行政ネットワークへの接続", ("Z-LG", "10.20.70.1"), ("Z-LW", "198.51.100.1"), "443", None, "S07", "国・県・他団体とのやり取りのため。"),
    path("県セキュリティクラウドからのメール受信", ("Z-SC", "203.0.113.25"), ("Z-IN", "10.30.6.10"), "25", None, "S07", "インターネットから届いたメールを、検査のあとで受け取るため。"),
    path("浄水場監視の時刻同期", ("Z-OT", "10.90.10.5"), ("Z-MG", "10.99.10.3"), "123", None, "S31", "監視記録の時刻をそろえるため。"),
];

pub(crate) fn permitted_paths(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("permitted_path");
    let rows = PATHS.iter().enumerate().map(|(index, path)| {
        let number = index.saturating_add(1);
        let approved = stream.day(date(2026, 1, 13), date(2026, 3, 27));
        permitted_path(
            town,
            path,
            number,
            approved,
            stream.day(date(2026, 9, 1), date(2026, 10, 30)),
        )
    });
    rows.collect()
}

fn permitted_path(town: &Town, path: &Path, number: usize, approved: Date, confirmed: Date) -> Row {
    row! {
        code: format!("PP-{number:02}"),
        name: path.name,
        from_zone: path.from.0,
        to_zone: path.to.0,
        source: path.from.1,
        destination: path.to.1,
        mac: format!("00:00:5e:00:53:{number:02x}"),
        protocol: if path.port == "123" { "udp" } else { "tcp" },
        port: path.port,
        sanitised: path.sanitised,
        reason: path.reason,
        requested_by: town.second(path.section),
        approved_by: town.officer("デジタル推進監"),
        approved_on: approved,
        expires_on: after(approved, 364).max(date(2027, 3, 31)),
        status: "active",
        confirmed_on: confirmed,
    }
}

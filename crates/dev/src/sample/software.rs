//! ソフトウェア・ライセンス.

use jiff::civil::date;

use super::stream::Stream;
use super::table::{Row, row};
use super::town::Town;

/// Name, version, publisher, installed.
#[rustfmt::skip]
static SOFTWARE: &[(&str, &str, &str, i64)] = &[
    ("業務端末用オペレーティングシステム", "24H2", "例示OS社", 344),
    ("事務用ソフトウェア一式", "2024", "例示オフィス社", 344),
    ("不正プログラム対策ソフトウェア", "16", "例示セキュリティ社", 350),
    ("端末監視ソフトウェア(EDR)", "8.2", "例示セキュリティ社", 350),
    ("資産管理エージェント", "12", "見本システムズ", 344),
    ("PDF閲覧ソフトウェア", "2026", "例示文書社", 344),
    ("PDF編集ソフトウェア", "2026", "例示文書社", 40),
    ("日本語ワープロ", "2026", "例示ワープロ社", 25),
    ("圧縮・展開ソフトウェア", "5.1", "例示ユーティリティ社", 344),
    ("画面転送クライアント", "6.4", "雛形クラウド", 300),
    ("生体認証クライアント", "4.0", "見本システムズ", 40),
    ("地図編集ソフトウェア", "11", "例示地図社", 12),
    ("土木積算ソフトウェア", "R8", "例示積算社", 10),
    ("CAD閲覧ソフトウェア", "9", "例示設計社", 22),
    ("統計分析ソフトウェア", "30", "例示統計社", 4),
    ("画像編集ソフトウェア", "2026", "例示画像社", 6),
    ("会議録音声認識ソフトウェア", "3.3", "例示音声社", 2),
    ("Web会議クライアント", "7", "例示会議社", 120),
    ("電子署名ソフトウェア", "2.8", "例示認証社", 20),
    ("仮想化基盤ソフトウェア", "8", "例示仮想社", 12),
    ("データベース管理ソフトウェア", "19", "例示データベース社", 10),
    ("バックアップソフトウェア", "12.1", "例示バックアップ社", 8),
    ("ログ収集ソフトウェア", "9.4", "模範セキュリティ", 60),
    ("ファイル無害化ソフトウェア", "5.6", "模範セキュリティ", 2),
];

pub(crate) fn software(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("software");
    let rows = SOFTWARE
        .iter()
        .enumerate()
        .map(|(index, (name, version, publisher, installed))| {
            row! {
                code: format!("SW-{:03}", index.saturating_add(1)),
                name: *name,
                version: *version,
                publisher: *publisher,
                section: "S07",
                licences: installed.saturating_add(stream.between(0, 20)),
                installed: *installed,
                approved_by: town.head("S07"),
                approved_on: stream.day(date(2024, 4, 8), date(2026, 3, 27)),
                supported_until: stream.pick(&[date(2028, 3, 31), date(2029, 3, 31), date(2030, 3, 31)]),
                expires_on: stream.pick(&[date(2027, 3, 31), date(2028, 3, 31)]),
                confirmed_on: stream.day(date(2026, 6, 8), date(2026, 9, 30)),
            }
        });
    rows.collect()
}

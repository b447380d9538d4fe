//! A register of assets that nobody has.

use serde_json::json;
use store::{Put, Reference};

use super::ROWS;

const KINDS: [&str; 5] = ["台帳システム", "業務端末", "複合機", "ファイルサーバ", "可搬媒体"];
const PLACES: [&str; 7] = [
    "本庁舎",
    "市民課窓口",
    "税務課",
    "福祉センター",
    "消防本部",
    "図書館",
    "水道事業所",
];

/// The kind of the asset with a number.
pub(super) fn kind(n: usize) -> &'static str {
    KINDS.iter().copied().cycle().nth(n % KINDS.len()).unwrap_or_default()
}

pub(super) fn key(n: usize) -> String {
    format!("A-{n:06}")
}

/// The number of an asset from anywhere in the register; another one for each `n`.
pub(super) fn scattered(n: usize) -> usize {
    n.wrapping_mul(7_919) % ROWS
}

pub(super) fn asset(register: &str, n: usize) -> Put {
    let (kind, place) = (kind(n), PLACES.iter().copied().cycle().nth(n % 7).unwrap_or_default());
    let (key, section) = (key(n), format!("{}", 100 + n % 40));
    let status = if n.is_multiple_of(50) { "spare" } else { "in_use" };
    let date = format!("2026-{:02}-{:02}", 1 + n % 12, 1 + n % 28);
    let title = format!("{place}の{kind}{n}");
    Put {
        register: register.to_owned(),
        key: key.clone(),
        document: json!({
            "code": key, "name": title, "kind": kind, "section": section, "grade": "3A", "integrity": "2",
            "availability": "1", "owner": format!("見本 {}郎", n % 300), "place": place, "confirmed_on": date,
            "status": status, "note": "毎年度の棚卸しで所在と利用者を確かめる",
        }),
        reading: format!("{:05}", scattered(n)),
        references: vec![Reference {
            field: "section".into(),
            register: "section".into(),
            key: section.clone(),
        }],
        unique: vec![("code".into(), key.clone())],
        fields: vec![
            ("kind".into(), kind.into()),
            ("section".into(), section.into()),
            ("status".into(), status.into()),
            ("grade".into(), "3A".into()),
            ("confirmed_on".into(), date.clone().into()),
        ],
        text: format!(
            "{key} {title} {kind} 3A {place} 見本 {}郎 毎年度の棚卸しで所在と利用者を確かめる {date}",
            n % 300
        ),
        title,
        ..Put::default()
    }
}

//! `city.toml`: the city's name, its model, its intervals and its words.

use super::scheme::WORDS;

/// Days and minutes that the city set for itself; the rest are the standard's own.
const PARAMETERS: &[(&str, i64, &str)] = &[
    ("audit_interval_days", 400, "監査は、すべての課について一年に一度"),
    ("inspection_interval_days", 400, "自己点検は一年に一度"),
    ("policy_review_days", 400, "方針・基準・手順の見直しは一年に一度"),
    ("publication_days", 30, "策定から公表まで"),
    ("patch_days", 90, "更新プログラムの適用まで"),
    ("account_review_days", 400, "利用者IDの棚卸し"),
    ("log_retention_days", 365, "ログの保存"),
    ("media_count_days", 190, "媒体の員数確認は半年に一度"),
    ("vendor_check_days", 400, "委託先の確認は一年に一度"),
    ("screen_lock_minutes", 15, "離席時の画面ロック"),
];

/// Clause → concept, where the headings alone would leave room for doubt.
const BIND: &[(&str, &str)] = &[
    ("5", "acknowledgement"),
    ("6.3", "resilience"),
    ("6.4", "physical"),
    ("6.5", "human"),
    ("8#1", "evaluation.review"),
    ("8#2", "publication"),
];

pub(crate) fn city_toml() -> String {
    let mut text = String::from(HEAD);
    for (name, value, note) in PARAMETERS {
        text.push_str(&format!("{name} = {value} # {note}\n"));
    }
    for (kind, words) in WORDS {
        text.push_str(&format!("\n[scheme.{}]\n", kind.slug()));
        text.extend(words.iter().map(|(code, word)| format!("\"{word}\" = \"{code}\"\n")));
    }
    text.push_str("\n[bind] # 条番号 = 事項\n");
    text.extend(
        BIND.iter()
            .map(|(clause, concept)| format!("\"{clause}\" = \"{concept}\"\n")),
    );
    text
}

const HEAD: &str = r#"# 見本市(架空の市)。この市のファイルはすべて `cargo dev sample` が作る。
name = "見本市"
name_en = "Mihon City"
code = "999999" # 団体コード(架空)
model = "alpha" # alpha | alpha_prime | beta | beta_prime
policy = "policy.txt"
as_of = "2026-11-23" # 基準日。日々の台帳を置くフォルダには書かない(今日の日付で判断する)

[parameters] # 日数と分
"#;

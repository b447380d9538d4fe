//! 見本市's own words for roles, grades and tiers: they stand in `city.toml` and in every register.

use model::scheme::SchemeKind;

/// National code → the city's word.
pub(crate) const WORDS: &[(SchemeKind, &[(&str, &str)])] = &[
    (
        SchemeKind::Role,
        &[
            ("ciso", "最高情報セキュリティ責任者"),
            ("deputy_ciso", "副最高情報セキュリティ責任者"),
            ("general_manager", "統括情報セキュリティ責任者"),
            ("department_manager", "部門情報セキュリティ責任者"),
            ("section_manager", "課情報セキュリティ管理者"),
            ("system_manager", "情報システム管理者"),
            ("system_operator", "情報システム担当者"),
            ("audit_manager", "監査統括責任者"),
            ("auditor", "監査担当者"),
            ("csirt_manager", "即応班長"),
            ("csirt_member", "即応班員"),
            ("cloud_manager", "クラウド管理者"),
            ("sns_manager", "SNS責任者"),
            ("contact_point", "セキュリティ窓口"),
        ],
    ),
    (
        SchemeKind::Confidentiality,
        &[
            ("3A", "極秘"),
            ("3B", "最重要"),
            ("3C", "重要"),
            ("2", "庁内"),
            ("1", "公開可"),
        ],
    ),
    (SchemeKind::Integrity, &[("2", "正確性必須"), ("1", "正確性標準")]),
    (SchemeKind::Availability, &[("2", "停止不可"), ("1", "停止可")]),
    (
        SchemeKind::Tier,
        &[
            ("mynumber", "マイナンバー系"),
            ("lgwan", "LGWAN系"),
            ("internet", "インターネット系"),
            ("other", "その他"),
        ],
    ),
];

/// The city's word for a national code.
pub(crate) fn word(kind: SchemeKind, code: &str) -> Option<&'static str> {
    let (_, words) = WORDS.iter().find(|(of, _)| *of == kind)?;
    words
        .iter()
        .find(|(national, _)| *national == code)
        .map(|(_, word)| *word)
}

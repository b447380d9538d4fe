//! A city's own words for roles, grades and tiers, mapped to the national codes.
//!
//! Cities name the same role differently and regroup the five confidentiality grades, so a register stores the city's word
//! and the standard speaks in national codes (総務省「地方公共団体における情報セキュリティポリシーに関するガイドライン」, R7.3 edition).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lang::Text;

/// One kind of city vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SchemeKind {
    /// 役割
    Role,
    /// 機密性
    Confidentiality,
    /// 完全性
    Integrity,
    /// 可用性
    Availability,
    /// 三層の領域
    Tier,
}

/// A national code with its names.
#[derive(Debug)]
pub struct National {
    /// The code that criteria use: `ciso`, `3B`, `mynumber`.
    pub code: &'static str,
    /// 日本語の名称
    pub ja: &'static str,
    /// English name
    pub en: &'static str,
}

const fn national(code: &'static str, ja: &'static str, en: &'static str) -> National {
    National { code, ja, en }
}

impl SchemeKind {
    /// Every kind, in the order of `city.toml`.
    pub const ALL: [Self; 5] = [
        Self::Role,
        Self::Confidentiality,
        Self::Integrity,
        Self::Availability,
        Self::Tier,
    ];

    /// The word for this kind in schemas (`x-scheme`) and in `city.toml`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Confidentiality => "confidentiality",
            Self::Integrity => "integrity",
            Self::Availability => "availability",
            Self::Tier => "tier",
        }
    }

    /// The kind with this slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The national codes, strictest or highest first.
    #[must_use]
    pub const fn nationals(self) -> &'static [National] {
        match self {
            Self::Role => ROLES,
            Self::Confidentiality => CONFIDENTIALITY,
            Self::Integrity => INTEGRITY,
            Self::Availability => AVAILABILITY,
            Self::Tier => TIERS,
        }
    }

    /// The national entry with this code.
    #[must_use]
    pub fn national(self, code: &str) -> Option<&'static National> {
        self.nationals().iter().find(|national| national.code == code)
    }
}

/// The role that every 職員等 holds; it is never assigned.
pub const PERSONNEL: National = national("personnel", "職員等", "personnel");

static ROLES: &[National] = &[
    national(
        "ciso",
        "最高情報セキュリティ責任者",
        "chief information security officer",
    ),
    national(
        "deputy_ciso",
        "副最高情報セキュリティ責任者",
        "deputy chief information security officer",
    ),
    national(
        "general_manager",
        "統括情報セキュリティ責任者",
        "general information security manager",
    ),
    national(
        "department_manager",
        "情報セキュリティ責任者",
        "department information security manager",
    ),
    national(
        "section_manager",
        "情報セキュリティ管理者",
        "section information security manager",
    ),
    national("system_manager", "情報システム管理者", "information system manager"),
    national("system_operator", "情報システム担当者", "information system operator"),
    national(
        "audit_manager",
        "情報セキュリティ監査統括責任者",
        "information security audit manager",
    ),
    national("auditor", "監査人", "auditor"),
    national("csirt_manager", "CSIRT責任者", "CSIRT manager"),
    national("csirt_member", "CSIRT要員", "CSIRT member"),
    national("cloud_manager", "クラウドサービス管理者", "cloud service manager"),
    national("sns_manager", "ソーシャルメディア責任者", "social media manager"),
    national(
        "contact_point",
        "情報セキュリティに関する統一的な窓口",
        "single point of contact",
    ),
];

static CONFIDENTIALITY: &[National] = &[
    national("3A", "自治体機密性3A", "confidentiality 3A"),
    national("3B", "自治体機密性3B", "confidentiality 3B"),
    national("3C", "自治体機密性3C", "confidentiality 3C"),
    national("2", "自治体機密性2", "confidentiality 2"),
    national("1", "自治体機密性1", "confidentiality 1"),
];

static INTEGRITY: &[National] = &[
    national("2", "自治体完全性2", "integrity 2"),
    national("1", "自治体完全性1", "integrity 1"),
];

static AVAILABILITY: &[National] = &[
    national("2", "自治体可用性2", "availability 2"),
    national("1", "自治体可用性1", "availability 1"),
];

static TIERS: &[National] = &[
    national("mynumber", "マイナンバー利用事務系", "MyNumber tier"),
    national("lgwan", "LGWAN接続系", "LGWAN tier"),
    national("internet", "インターネット接続系", "Internet tier"),
    national("other", "その他", "other"),
];

/// A city's words: local word → national code, by kind.
///
/// The national name and the national code are always understood, so a city that uses the national words writes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schemes {
    local: BTreeMap<SchemeKind, BTreeMap<String, &'static str>>,
}

impl Schemes {
    /// Adds a city's word for a national code.
    ///
    /// # Errors
    /// The code is not one of the kind's national codes.
    pub fn add(&mut self, kind: SchemeKind, word: &str, code: &str) -> Result<(), Text> {
        let Some(national) = kind.national(code) else {
            let known: Vec<&str> = kind.nationals().iter().map(|n| n.code).collect();
            let known = known.join(", ");
            return Err(Text::new(
                format!("「{word}」の対応先 `{code}` は国の区分にない(使えるもの: {known})"),
                format!("`{word}` maps to `{code}`, which is no national code (known: {known})"),
            ));
        };
        self.local
            .entry(kind)
            .or_default()
            .insert(word.to_owned(), national.code);
        Ok(())
    }

    /// The national code of a word: the city's own, the national name in either language, or the code itself.
    #[must_use]
    pub fn code(&self, kind: SchemeKind, word: &str) -> Option<&'static str> {
        let own = self.local.get(&kind).and_then(|words| words.get(word)).copied();
        own.or_else(|| {
            let mut nationals = kind.nationals().iter();
            nationals
                .find(|n| n.code == word || n.ja == word || n.en == word)
                .map(|n| n.code)
        })
    }

    /// The words to offer in a form, with their codes: the city's own, or the national names where it has none.
    #[must_use]
    pub fn words(&self, kind: SchemeKind) -> Vec<(&str, &'static str)> {
        match self.local.get(&kind) {
            Some(words) if !words.is_empty() => {
                let mut words: Vec<_> = words.iter().map(|(w, c)| (w.as_str(), *c)).collect();
                words.sort_by_key(|(_, code)| kind.nationals().iter().position(|n| n.code == *code));
                words
            }
            _ => kind.nationals().iter().map(|n| (n.ja, n.code)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_word_means_its_national_code() {
        let mut schemes = Schemes::default();
        schemes
            .add(SchemeKind::Role, "局情報管理者", "department_manager")
            .unwrap();
        assert_eq!(
            schemes.code(SchemeKind::Role, "局情報管理者"),
            Some("department_manager")
        );
        assert_eq!(
            schemes.code(SchemeKind::Role, "最高情報セキュリティ責任者"),
            Some("ciso")
        );
        assert_eq!(schemes.code(SchemeKind::Tier, "ciso"), None);
    }

    #[test]
    fn a_word_for_an_unknown_code_is_refused() {
        let error = Schemes::default()
            .add(SchemeKind::Tier, "庁内", "intranet")
            .unwrap_err();
        assert!(error.ja.contains("intranet") && error.en.contains("intranet"));
    }
}

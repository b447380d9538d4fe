use crate::prelude::*;
use crate::{Person, Section};

/// # ソフトウェア・ライセンス
/// 使ってよいソフトウェアと、その許諾の数。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Software {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 版
    pub version: Option<String>,
    /// # 発行者
    pub publisher: Option<String>,
    /// # 所管
    pub section: Ref<Section>,
    /// # 許諾数
    /// 契約で使ってよい数。
    #[garde(range(min = 0))]
    #[schemars(extend("x-help-en" = "how many the licence allows"))]
    pub licences: Option<i64>,
    /// # 導入数
    /// 実際に入っている数。
    #[garde(range(min = 0))]
    #[schemars(extend("x-help-en" = "how many are really installed"))]
    pub installed: Option<i64>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # サポート期限
    pub supported_until: Option<Date>,
    /// # 許諾の期限
    pub expires_on: Option<Date>,
    /// # 棚卸し日
    pub confirmed_on: Option<Date>,
}

impl Register for Software {
    const SLUG: &'static str = "software";
    const LABEL: Text = Text::fixed("ソフトウェア・ライセンス", "software and licences");
    const CONCEPTS: &'static [&'static str] = &["technical.administration", "technical.vulnerability", "operation.law"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "section", "licences", "installed", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "SW-001", "name": "表計算ソフト", "version": "2024",
        "publisher": "見本ソフト株式会社", "section": "S07", "licences": 400, "installed": 380, "approved_by": "P0105",
        "approved_on": "2025-03-01", "supported_until": "2029-10-09", "expires_on": "2030-03-31",
        "confirmed_on": "2026-06-30" }"#;
}

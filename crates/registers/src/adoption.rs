use crate::prelude::*;
use crate::{Document, Organ};

/// # 方針の策定と公表
/// 機関ごとの、方針の策定と公表。地方自治法第244条の6による。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Adoption {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 機関
    /// 機関ごとに一行。共同で定めたときも、機関の数だけ行を作る。
    #[schemars(extend("x-help-en" = "one row for each organ, also for a joint adoption"))]
    pub organ: Ref<Organ>,
    /// # 方針の文書
    pub document: Option<Ref<Document>>,
    /// # 版
    #[garde(length(chars, min = 1, max = 200))]
    pub version: String,
    /// # 策定日
    pub adopted_on: Option<Date>,
    /// # 公表日
    /// 住民が読めるようにした日。
    #[schemars(extend("x-help-en" = "the day residents could read it"))]
    pub published_on: Option<Date>,
    /// # 公表先
    #[garde(url)]
    #[schemars(extend("x-en" = "URL"))]
    pub url: Option<String>,
    /// # 共同策定
    /// ほかの機関と共同で定めたものに○を付ける。
    #[serde(default)]
    #[schemars(extend("x-en" = "jointly adopted", "x-help-en" = "tick where organs adopted it together"))]
    pub joint: bool,
}

impl Register for Adoption {
    const SLUG: &'static str = "adoption";
    const LABEL: Text = Text::fixed("方針の策定と公表", "adoptions and publications");
    const CONCEPTS: &'static [&'static str] = &["publication"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "organ", "document", "version", "adopted_on", "published_on"];
    const SAMPLE: &'static str = r#"{ "code": "AD-01", "organ": "O01", "document": "D-001", "version": "令和8年3月",
        "adopted_on": "2026-03-25", "published_on": "2026-03-31", "url": "https://www.city.mihon.example.jp/policy/",
        "joint": true }"#;
}

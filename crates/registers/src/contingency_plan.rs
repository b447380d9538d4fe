use crate::prelude::*;
use crate::{Document, Person};

/// # 緊急時対応計画
/// 侵害が起きたとき、誰が何をするかを定めた計画。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ContingencyPlan {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 文書
    pub document: Option<Ref<Document>>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 見直し日
    /// 改めた日、又は改める要がないと確かめた日。
    #[schemars(extend("x-help-en" = "the day it was revised or found in no need of revision"))]
    pub reviewed_on: Option<Date>,
    /// # 訓練日
    /// 計画に沿って訓練をした最後の日。
    #[schemars(extend("x-help-en" = "the last drill that followed the plan"))]
    pub tested_on: Option<Date>,
    /// # 業務継続計画との整合
    #[schemars(extend("x-en" = "aligned with BCP"))]
    pub aligned_with_bcp: Option<bool>,
}

impl Register for ContingencyPlan {
    const SLUG: &'static str = "contingency_plan";
    const LABEL: Text = Text::fixed("緊急時対応計画", "contingency plans");
    const CONCEPTS: &'static [&'static str] = &["operation.contingency"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "approved_on", "reviewed_on", "tested_on"];
    const DATED_BY: Option<&'static str> = Some("reviewed_on");
    const SAMPLE: &'static str = r#"{ "code": "CP-01", "title": "情報セキュリティ緊急時対応計画", "document": "D-060",
        "approved_by": "P0002", "approved_on": "2025-03-25", "reviewed_on": "2026-03-25", "tested_on": "2026-09-15",
        "aligned_with_bcp": true }"#;
}

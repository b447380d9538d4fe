use crate::prelude::*;
use crate::{Audit, Incident, Person, Section, incident::Severity};

choice! { Source "由来" {
    Audit = "監査", SelfInspection = "自己点検" / "self-inspection", Incident = "インシデント", VendorCheck = "委託先の確認",
    Other = "その他",
} }

/// # 指摘と是正
/// 指摘と、それを直すまでの記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CorrectiveAction {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 由来
    pub source: Source,
    /// # 監査
    /// 由来が監査のとき選ぶ。
    #[schemars(extend("x-help-en" = "where it came from an audit"))]
    pub audit: Option<Ref<Audit>>,
    /// # インシデント
    /// 由来がインシデントのとき選ぶ。
    #[schemars(extend("x-help-en" = "where it came from an incident"))]
    pub incident: Option<Ref<Incident>>,
    /// # 所管
    pub section: Ref<Section>,
    /// # 指摘
    #[garde(length(chars, min = 1))]
    #[schemars(extend("x-widget" = "textarea"))]
    pub content: String,
    /// # 重大さ
    pub severity: Severity,
    /// # 指摘日
    pub found_on: Date,
    /// # 責任者
    pub owner: Option<Ref<Person>>,
    /// # 是正計画
    #[schemars(extend("x-widget" = "textarea"))]
    pub plan: Option<String>,
    /// # 期限
    pub due_on: Option<Date>,
    /// # 完了日
    pub completed_on: Option<Date>,
    /// # 確認者
    /// 直ったことを確かめた者。責任者とは別の者とする。
    #[schemars(extend("x-help-en" = "who confirmed it; other than the owner"))]
    pub verified_by: Option<Ref<Person>>,
    /// # 確認日
    pub verified_on: Option<Date>,
}

impl Register for CorrectiveAction {
    const SLUG: &'static str = "corrective_action";
    const LABEL: Text = Text::fixed("指摘と是正", "findings and corrective actions");
    const CONCEPTS: &'static [&'static str] = &["evaluation.check", "operation.compliance"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "section", "content", "severity", "due_on", "completed_on"];
    const SAMPLE: &'static str = r#"{ "code": "CA-001", "source": "audit", "audit": "AU-2026-01",
        "incident": "IN-2026-01", "section": "S11", "content": "離席のとき画面を閉じていない端末があった。",
        "severity": "medium", "found_on": "2026-10-02", "owner": "P0120",
        "plan": "画面を閉じるまでの時間を5分に改める。", "due_on": "2026-11-30", "completed_on": "2026-11-10",
        "verified_by": "P0200", "verified_on": "2026-11-17" }"#;
}

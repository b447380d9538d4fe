use crate::prelude::*;
use crate::{Contract, Person, Section, Vendor};

choice! { Kind "種類" { Internal = "内部", External = "外部", AdHoc = "臨時" } }

/// # 監査
/// 情報セキュリティ監査の計画と結果。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Audit {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 年度
    /// 西暦で入力する。令和8年度は2026。
    #[garde(range(min = 2000, max = 2100))]
    #[schemars(extend("x-help-en" = "the year in which it begins, such as 2026"))]
    pub fiscal_year: i64,
    /// # 種類
    pub kind: Kind,
    /// # 対象の課
    /// 課を監査するとき選ぶ。
    #[schemars(extend("x-help-en" = "where a section is audited"))]
    pub section: Option<Ref<Section>>,
    /// # 対象の契約
    /// 委託先を監査するとき選ぶ。
    #[schemars(extend("x-help-en" = "where a vendor is audited"))]
    pub contract: Option<Ref<Contract>>,
    /// # 監査人
    pub lead_auditor: Option<Ref<Person>>,
    /// # 監査人の所属
    /// 対象の課と別であること。
    #[schemars(extend("x-en" = "auditor's section", "x-help-en" = "other than the audited section"))]
    pub auditor_section: Option<Ref<Section>>,
    /// # 外部監査人
    /// 外部監査のとき選ぶ。
    #[schemars(extend("x-en" = "external auditor", "x-help-en" = "for an external audit"))]
    pub vendor: Option<Ref<Vendor>>,
    /// # 計画の承認者
    pub plan_approved_by: Option<Ref<Person>>,
    /// # 計画の承認日
    pub plan_approved_on: Option<Date>,
    /// # 実施日
    pub held_on: Option<Date>,
    /// # 報告日
    pub reported_on: Option<Date>,
    /// # 委員会報告日
    pub reported_to_committee_on: Option<Date>,
}

impl Register for Audit {
    const SLUG: &'static str = "audit";
    const LABEL: Text = Text::fixed("監査", "audits");
    const CONCEPTS: &'static [&'static str] = &["evaluation.check.audit"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "fiscal_year", "kind", "section", "reported_on"];
    const DATED_BY: Option<&'static str> = Some("reported_on");
    const SAMPLE: &'static str = r#"{ "code": "AU-2026-01", "title": "令和8年度内部監査(市民課)", "fiscal_year": 2026,
        "kind": "internal", "section": "S11", "contract": "K-001", "lead_auditor": "P0200", "auditor_section": "S29",
        "vendor": "V-004", "plan_approved_by": "P0002", "plan_approved_on": "2026-05-20", "held_on": "2026-09-03",
        "reported_on": "2026-10-02", "reported_to_committee_on": "2026-10-20" }"#;
}

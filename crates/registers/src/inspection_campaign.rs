use crate::Person;
use crate::prelude::*;

/// # 自己点検
/// 職員等が自らの守り方を確かめる、年度ごとの自己点検。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct InspectionCampaign {
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
    /// # 開始日
    pub starts_on: Date,
    /// # 終了日
    #[garde(custom(not_before(self.starts_on)))]
    pub ends_on: Date,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 結果の報告日
    /// 結果を委員会に報告した日。
    #[schemars(extend("x-help-en" = "the day the committee heard the result"))]
    pub reported_on: Option<Date>,
    /// # 改善の確認日
    /// 結果に基づく改善を確かめた日。
    #[schemars(extend("x-help-en" = "the day the improvement was confirmed"))]
    pub improved_on: Option<Date>,
}

impl Register for InspectionCampaign {
    const SLUG: &'static str = "inspection_campaign";
    const LABEL: Text = Text::fixed("自己点検", "self-inspections");
    const CONCEPTS: &'static [&'static str] = &["evaluation.check.inspection"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "fiscal_year", "starts_on", "ends_on", "reported_on"];
    const DATED_BY: Option<&'static str> = Some("ends_on");
    const SAMPLE: &'static str = r#"{ "code": "SI-2026", "title": "令和8年度自己点検", "fiscal_year": 2026,
        "starts_on": "2026-10-01", "ends_on": "2026-10-31", "approved_by": "P0002", "reported_on": "2026-11-15",
        "improved_on": "2026-11-20" }"#;
}

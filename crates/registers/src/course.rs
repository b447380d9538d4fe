use crate::prelude::*;
use crate::{Document, Section};

choice! { Kind "対象" {
    AllStaff = "全職員", Newcomer = "新任", Manager = "管理職", Administrator = "システム担当",
    Mynumber = "個人番号" / "MyNumber", Executive = "特別職・幹部",
} }

/// # 研修
/// 情報セキュリティの研修。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Course {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 対象
    pub kind: Kind,
    /// # 年度
    /// 西暦で入力する。令和8年度は2026。
    #[garde(range(min = 2000, max = 2100))]
    #[schemars(extend("x-help-en" = "the year in which it begins, such as 2026"))]
    pub fiscal_year: i64,
    /// # 実施日
    /// 期間のある研修は、始まる日。
    #[schemars(extend("x-help-en" = "the first day"))]
    pub held_on: Date,
    /// # 終了日
    #[garde(custom(not_before(self.held_on)))]
    pub ends_on: Option<Date>,
    /// # 主催
    pub organiser: Option<Ref<Section>>,
    /// # 計画
    pub plan: Option<Ref<Document>>,
}

impl Register for Course {
    const SLUG: &'static str = "course";
    const LABEL: Text = Text::fixed("研修", "courses");
    const CONCEPTS: &'static [&'static str] = &["human.training"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "kind", "fiscal_year", "held_on"];
    const DATED_BY: Option<&'static str> = Some("held_on");
    const SAMPLE: &'static str = r#"{ "code": "TR-2026-01", "title": "令和8年度情報セキュリティ研修",
        "kind": "all_staff", "fiscal_year": 2026, "held_on": "2026-06-01", "ends_on": "2026-07-31", "organiser": "S07",
        "plan": "D-620" }"#;
}

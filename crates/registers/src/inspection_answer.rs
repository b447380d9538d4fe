use crate::prelude::*;
use crate::{InspectionCampaign, Person};

/// # 自己点検の回答
/// 自己点検への一人ひとりの回答。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct InspectionAnswer {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 自己点検
    pub campaign: Ref<InspectionCampaign>,
    /// # 職員
    pub person: Ref<Person>,
    /// # 回答日
    /// 答えるまで空欄とする。
    #[schemars(extend("x-help-en" = "empty until answered"))]
    pub answered_on: Option<Date>,
    /// # 不適合の数
    /// 守れていないと答えた項目の数。
    #[garde(range(min = 0))]
    #[schemars(extend("x-help-en" = "how many points are answered as not kept"))]
    pub violations: Option<i64>,
    /// # 指導日
    /// 守れていない項目について、上司が指導した日。
    #[schemars(extend("x-help-en" = "the day the superior gave guidance"))]
    pub followed_up_on: Option<Date>,
}

impl Register for InspectionAnswer {
    const SLUG: &'static str = "inspection_answer";
    const LABEL: Text = Text::fixed("自己点検の回答", "self-inspection answers");
    const CONCEPTS: &'static [&'static str] = &["evaluation.check.inspection"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "campaign", "person", "answered_on", "violations"];
    const DATED_BY: Option<&'static str> = Some("answered_on");
    const SAMPLE: &'static str = r#"{ "code": "SA-0001", "campaign": "SI-2026", "person": "P0104",
        "answered_on": "2026-10-08", "violations": 1, "followed_up_on": "2026-10-20" }"#;
}

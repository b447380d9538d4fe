use crate::prelude::*;
use crate::{Course, Person};

/// # 受講記録
/// 誰がどの研修を終えたか。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Attendance {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 研修
    pub course: Ref<Course>,
    /// # 職員
    pub person: Ref<Person>,
    /// # 修了日
    /// 終えるまで空欄とする。
    #[schemars(extend("x-help-en" = "empty until completed"))]
    pub completed_on: Option<Date>,
    /// # 点数
    #[garde(range(min = 0))]
    pub score: Option<i64>,
}

impl Register for Attendance {
    const SLUG: &'static str = "attendance";
    const LABEL: Text = Text::fixed("受講記録", "attendance records");
    const CONCEPTS: &'static [&'static str] = &["human.training"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "course", "person", "completed_on", "score"];
    const DATED_BY: Option<&'static str> = Some("completed_on");
    const SAMPLE: &'static str = r#"{ "code": "AT-0001", "course": "TR-2026-01", "person": "P0104",
        "completed_on": "2026-06-12", "score": 90 }"#;
}

use crate::ContingencyPlan;
use crate::prelude::*;

choice! { Kind "種類" { Incident = "緊急時対応", Mail = "標的型メール", Restore = "復旧", Evacuation = "災害" / "disaster" } }

/// # 訓練
/// 緊急時に備えた訓練と、その評価。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Drill {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 種類
    pub kind: Kind,
    /// # 実施日
    pub held_on: Date,
    /// # 緊急時対応計画
    pub plan: Option<Ref<ContingencyPlan>>,
    /// # 参加者数
    #[garde(range(min = 0))]
    pub participants: Option<i64>,
    /// # 報告者数
    /// 不審だと報告した者の数。開いた者の数より大切にする。
    #[garde(range(min = 0))]
    #[schemars(extend("x-help-en" = "who reported it as suspicious; counts for more than who opened it"))]
    pub reporters: Option<i64>,
    /// # 初報までの分
    /// 始めてから、最初の報告が届くまで。
    #[garde(range(min = 0))]
    #[schemars(extend("x-en" = "minutes to the first report", "x-help-en" = "from the start to the first report"))]
    pub first_report_minutes: Option<i64>,
    /// # 評価日
    pub evaluated_on: Option<Date>,
    /// # 改善点
    #[schemars(extend("x-widget" = "textarea"))]
    pub improvement: Option<String>,
}

impl Register for Drill {
    const SLUG: &'static str = "drill";
    const LABEL: Text = Text::fixed("訓練", "drills");
    const CONCEPTS: &'static [&'static str] = &["human.training", "operation.contingency"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "kind", "held_on", "reporters", "evaluated_on"];
    const DATED_BY: Option<&'static str> = Some("held_on");
    const SAMPLE: &'static str = r#"{ "code": "DR-2026-01", "title": "標的型メール訓練", "kind": "mail",
        "held_on": "2026-09-15", "plan": "CP-01", "participants": 310, "reporters": 121, "first_report_minutes": 6,
        "evaluated_on": "2026-10-05", "improvement": "報告先の電話番号を端末に掲示する。" }"#;
}

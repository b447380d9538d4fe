use crate::prelude::*;
use crate::{Asset, Person, System};

choice! { Threat "脅威" {
    Intentional = "意図的", Unintentional = "非意図的", Disaster = "災害", Staffing = "要員不足", Infrastructure = "インフラ障害",
} }
choice! { Treatment "対応" { Reduce = "低減", Accept = "受容", Transfer = "移転", Avoid = "回避" } }

/// # リスク
/// 情報資産への脅威を、起こりやすさと影響で量り、どう扱うか。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Risk {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 脅威
    pub threat: Threat,
    /// # 情報資産
    pub asset: Option<Ref<Asset>>,
    /// # 情報システム
    pub system: Option<Ref<System>>,
    /// # 起こりやすさ(1-5)
    /// 1(ほとんど起きない)から5(いつ起きてもおかしくない)まで。
    #[garde(range(min = 1, max = 5))]
    #[schemars(extend("x-help-en" = "from 1 (hardly ever) to 5 (any day)"))]
    pub likelihood: Option<i64>,
    /// # 影響(1-5)
    /// 1(ほとんどない)から5(住民の暮らしに大きく響く)まで。
    #[garde(range(min = 1, max = 5))]
    #[schemars(extend("x-help-en" = "from 1 (hardly any) to 5 (hits the life of residents)"))]
    pub impact: Option<i64>,
    /// # 対応
    pub treatment: Option<Treatment>,
    /// # 責任者
    pub owner: Option<Ref<Person>>,
    /// # 受容の承認者
    /// 残る危険を受け入れると決めた者。
    #[schemars(extend("x-help-en" = "who decided to accept what remains"))]
    pub accepted_by: Option<Ref<Person>>,
    /// # 評価日
    pub assessed_on: Date,
    /// # 期限
    pub due_on: Option<Date>,
    /// # 完了日
    pub done_on: Option<Date>,
}

impl Register for Risk {
    const SLUG: &'static str = "risk";
    const LABEL: Text = Text::fixed("リスク", "risks");
    const CONCEPTS: &'static [&'static str] = &["threats", "evaluation.review"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "threat", "likelihood", "impact", "treatment", "owner"];
    const DATED_BY: Option<&'static str> = Some("assessed_on");
    const SAMPLE: &'static str = r#"{ "code": "RK-01", "title": "ランサムウェアによる基幹業務の停止",
        "threat": "intentional", "asset": "A-0001", "system": "SYS-001", "likelihood": 3, "impact": 5,
        "treatment": "reduce", "owner": "P0104", "accepted_by": "P0002", "assessed_on": "2026-07-01",
        "due_on": "2027-03-31", "done_on": "2026-10-30" }"#;
}

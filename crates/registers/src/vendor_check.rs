use crate::prelude::*;
use crate::{Contract, Person};

choice! { Method "方法" { Document = "書面", Visit = "立入", Interview = "聞取り", Report = "報告書" } }
choice! { Outcome "結果" { Good = "適", Improve = "要改善" / "to be improved", Bad = "不適" } }

/// # 委託先の確認
/// 契約のとおりに対策が行われているかを確かめた記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct VendorCheck {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 契約
    pub contract: Ref<Contract>,
    /// # 確認日
    pub checked_on: Date,
    /// # 確認者
    pub checked_by: Option<Ref<Person>>,
    /// # 方法
    pub method: Method,
    /// # 結果
    pub result: Outcome,
    /// # 所見
    #[schemars(extend("x-widget" = "textarea"))]
    pub remarks: Option<String>,
    /// # 改善確認日
    /// 要改善か不適のとき、直ったことを確かめた日。
    #[schemars(extend("x-help-en" = "the day the improvement was confirmed"))]
    pub followed_up_on: Option<Date>,
}

impl Register for VendorCheck {
    const SLUG: &'static str = "vendor_check";
    const LABEL: Text = Text::fixed("委託先の確認", "vendor checks");
    const CONCEPTS: &'static [&'static str] = &["outsourcing.contract"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "contract", "checked_on", "method", "result", "followed_up_on"];
    const DATED_BY: Option<&'static str> = Some("checked_on");
    const SAMPLE: &'static str = r#"{ "code": "VC-001", "contract": "K-001", "checked_on": "2026-09-10",
        "checked_by": "P0104", "method": "visit", "result": "improve", "remarks": "退職者のIDが残っていた。",
        "followed_up_on": "2026-10-01" }"#;
}

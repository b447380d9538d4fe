use crate::prelude::*;
use crate::{Asset, Medium, Person, Terminal};

choice! { Kind "種別" { Use = "庁内利用", TakeOut = "持出し", CarryIn = "持込み" } }

/// # 持出し・利用
/// 媒体、端末、情報資産を、使い、持ち出し、持ち込んだ記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TakeOut {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 種別
    pub kind: Kind,
    /// # 媒体
    /// 媒体、端末、情報資産のうち、当てはまるものを選ぶ。
    #[schemars(extend("x-help-en" = "choose the medium, terminal or asset concerned"))]
    pub medium: Option<Ref<Medium>>,
    /// # 端末
    pub terminal: Option<Ref<Terminal>>,
    /// # 情報資産
    pub asset: Option<Ref<Asset>>,
    /// # 職員
    pub person: Ref<Person>,
    /// # 目的
    pub purpose: Option<String>,
    /// # 行き先
    pub destination: Option<String>,
    /// # 暗号化
    pub encrypted: Option<bool>,
    /// # 承認者
    /// 申請した本人ではない者。
    #[schemars(extend("x-help-en" = "not the applicant"))]
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 持出日
    pub taken_on: Date,
    /// # 返却期限
    pub due_on: Option<Date>,
    /// # 返却日
    /// 返却を確かめた日。返るまで空欄とする。
    #[garde(custom(not_before(self.taken_on)))]
    #[schemars(extend("x-help-en" = "the day the return was checked; empty until then"))]
    pub returned_on: Option<Date>,
}

impl Register for TakeOut {
    const SLUG: &'static str = "take_out";
    const LABEL: Text = Text::fixed("持出し・利用", "uses and carry-outs");
    const CONCEPTS: &'static [&'static str] = &["physical.medium", "classification", "human.rules"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "kind", "person", "taken_on", "due_on", "returned_on"];
    const DATED_BY: Option<&'static str> = Some("taken_on");
    const SAMPLE: &'static str = r#"{ "code": "TO-0001", "kind": "take_out", "medium": "USB-001", "terminal": "T-0001",
        "asset": "A-0001", "person": "P0104", "purpose": "県主催の研修での発表", "destination": "県庁",
        "encrypted": true, "approved_by": "P0105", "approved_on": "2026-10-01", "taken_on": "2026-10-05",
        "due_on": "2026-10-07", "returned_on": "2026-10-06" }"#;
}

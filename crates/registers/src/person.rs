use crate::prelude::*;
use crate::{Section, Vendor};

choice! { Employment "任用の別" {
    Regular = "職員", Reappointed = "再任用", FiscalYear = "会計年度任用" / "fiscal-year appointment", Temporary = "臨時的任用",
    FixedTerm = "任期付", Contractor = "委託事業者",
} }

/// # 職員等
/// 方針を守る人。委託事業者の従事者も含む。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Person {
    /// # 職員番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 氏名
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # よみ
    pub reading: Option<String>,
    /// # 所属
    pub section: Ref<Section>,
    /// # 任用の別
    pub employment: Employment,
    /// # 事業者
    /// 委託事業者の従事者のときだけ選ぶ。
    #[schemars(extend("x-help-en" = "only for staff of a contractor"))]
    pub vendor: Option<Ref<Vendor>>,
    /// # 職名
    pub position: Option<String>,
    /// # メール
    #[garde(email)]
    pub email: Option<String>,
    /// # 着任日
    pub joined_on: Date,
    /// # 離任日
    #[garde(custom(not_before(self.joined_on)))]
    pub left_on: Option<Date>,
    /// # 個人番号を扱う
    /// 個人番号利用事務に就く者に○を付ける。
    #[serde(default)]
    #[schemars(extend("x-en" = "handles MyNumber", "x-help-en" = "tick who works with MyNumber affairs"))]
    pub handles_mynumber: bool,
    /// # 誓約日
    /// 方針を守る旨の誓約書を出した日。
    #[schemars(extend("x-help-en" = "the day of the signed pledge to keep the policy"))]
    pub pledged_on: Option<Date>,
}

impl Register for Person {
    const SLUG: &'static str = "person";
    const LABEL: Text = Text::fixed("職員等", "personnel");
    const CONCEPTS: &'static [&'static str] = &["organisation", "acknowledgement", "human.rules"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "section", "position", "employment", "left_on"];
    const SAMPLE: &'static str = r#"{ "code": "P0104", "name": "見本 花子", "reading": "みほん はなこ",
        "section": "S07", "employment": "regular", "position": "主査", "email": "hanako@example.lg.jp",
        "joined_on": "2019-04-01", "handles_mynumber": true, "pledged_on": "2019-04-01" }"#;
}

use crate::prelude::*;
use crate::{Organ, Person, Section, System};

/// # 役割の任命
/// 誰がどの役割を、いつからいつまで担うか。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct RoleAssignment {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 役割
    #[schemars(extend("x-scheme" = "role"))]
    pub role: String,
    /// # 職員
    pub person: Ref<Person>,
    /// # 機関
    /// 機関の全体に及ぶ役割のとき選ぶ。
    #[schemars(extend("x-help-en" = "for a role over a whole organ"))]
    pub organ: Option<Ref<Organ>>,
    /// # 課
    /// 課を単位とする役割のとき選ぶ。
    #[schemars(extend("x-help-en" = "for a role over a section"))]
    pub section: Option<Ref<Section>>,
    /// # 情報システム
    /// 情報システムを単位とする役割のとき選ぶ。
    #[schemars(extend("x-help-en" = "for a role over an information system"))]
    pub system: Option<Ref<System>>,
    /// # 代理者
    /// 不在のとき代わりを務める者。
    #[schemars(extend("x-help-en" = "who stands in during absence"))]
    pub deputy: Option<Ref<Person>>,
    /// # 任命日
    pub appointed_on: Date,
    /// # 任期の終わり
    /// 定めがなければ空欄とする。
    #[garde(custom(not_before(self.appointed_on)))]
    #[schemars(extend("x-help-en" = "leave empty where there is no end"))]
    pub ends_on: Option<Date>,
    /// # 根拠
    /// 任命の根拠となる規程、辞令など。
    #[schemars(extend("x-help-en" = "the rule or the letter of appointment"))]
    pub basis: Option<String>,
}

impl Register for RoleAssignment {
    const SLUG: &'static str = "role_assignment";
    const LABEL: Text = Text::fixed("役割の任命", "role assignments");
    const CONCEPTS: &'static [&'static str] = &["organisation"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] =
        &["code", "role", "person", "section", "system", "appointed_on", "ends_on"];
    const SAMPLE: &'static str = r#"{ "code": "R-001", "role": "情報システム管理者", "person": "P0104", "organ": "O01",
        "section": "S07", "system": "SYS-001", "deputy": "P0105", "appointed_on": "2026-04-01", "ends_on": "2027-03-31",
        "basis": "情報セキュリティ組織要綱第3条" }"#;
}

use crate::Person;
use crate::prelude::*;

/// # 領域
/// 通信経路を分ける単位。三層のいずれかに属する。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Zone {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 層
    /// 国の三層との対応。施設の制御など三層の外にあるものは「その他」とする。
    #[schemars(extend("x-scheme" = "tier"))]
    #[schemars(extend("x-help-en" = "what lies outside the three tiers, such as plant control, is `other`"))]
    pub tier: String,
    /// # 管理者
    pub manager: Option<Ref<Person>>,
    /// # 説明
    #[schemars(extend("x-widget" = "textarea"))]
    pub description: Option<String>,
}

impl Register for Zone {
    const SLUG: &'static str = "zone";
    const LABEL: Text = Text::fixed("領域", "zones");
    const CONCEPTS: &'static [&'static str] = &["resilience", "physical.network"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "tier", "manager"];
    const SAMPLE: &'static str = r#"{ "code": "Z-MN", "name": "マイナンバー利用事務系",
        "tier": "マイナンバー利用事務系", "manager": "P0104",
        "description": "住民情報を扱う基幹業務。ほかの領域とは原則として通信しない。" }"#;
}

use crate::Person;
use crate::prelude::*;

choice! { Kind "種別" { Executive = "長の部局", Assembly = "議会", Commission = "行政委員会", Enterprise = "公営企業" } }

/// # 組織(機関)
/// 市の機関。方針が及ばない機関も載せ、方針の策定を機関ごとに確かめる。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Organ {
    /// # 機関コード
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # よみ
    pub reading: Option<String>,
    /// # 種別
    pub kind: Option<Kind>,
    /// # 適用範囲
    /// 方針の適用範囲に含まれる機関に○を付ける。
    #[serde(default)]
    #[schemars(extend("x-help-en" = "tick the organs that the policy's scope names"))]
    pub in_scope: bool,
    /// # 根拠
    /// 設置を定めた法律、条例など。
    #[schemars(extend("x-help-en" = "the law or ordinance that sets it up"))]
    pub basis: Option<String>,
    /// # 長
    /// 機関の長。方針を定める者。
    #[schemars(extend("x-help-en" = "the head of the organ, who adopts the policy"))]
    pub head: Option<Ref<Person>>,
}

impl Register for Organ {
    const SLUG: &'static str = "organ";
    const LABEL: Text = Text::fixed("組織(機関)", "organs");
    const CONCEPTS: &'static [&'static str] = &["scope.organs", "publication"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "kind", "in_scope", "head"];
    const SAMPLE: &'static str = r#"{ "code": "O01", "name": "市長部局", "reading": "しちょうぶきょく",
        "kind": "executive", "in_scope": true, "basis": "見本市部設置条例第1条", "head": "P0001" }"#;
}

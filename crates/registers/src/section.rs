use crate::Organ;
use crate::prelude::*;

/// # 課・室
/// 職員等が属する課・室。台帳の所管はここから選ぶ。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Section {
    /// # 課コード
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # よみ
    pub reading: Option<String>,
    /// # 機関
    pub organ: Ref<Organ>,
    /// # 上位の課
    /// 部や支所など、この課を束ねる組織。
    #[schemars(extend("x-help-en" = "the department or branch office above it"))]
    pub parent: Option<Ref<Section>>,
    /// # 電話
    pub phone: Option<String>,
}

impl Register for Section {
    const SLUG: &'static str = "section";
    const LABEL: Text = Text::fixed("課・室", "sections");
    const CONCEPTS: &'static [&'static str] = &["organisation"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "organ", "parent", "phone"];
    const SAMPLE: &'static str = r#"{ "code": "S07", "name": "情報政策課", "reading": "じょうほうせいさくか",
        "organ": "O01", "parent": "S03", "phone": "0000-00-0000" }"#;
}

use crate::prelude::*;
use crate::{Document, Person};

/// # 証明
/// 台帳では示せない遵守事項を、役割を持つ者が確かめて証したもの。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Attestation {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 遵守事項
    /// 遵守事項の番号。
    #[garde(length(chars, min = 1))]
    #[schemars(extend("x-help-en" = "the id of the duty"))]
    pub duty: String,
    /// # 証明者の役割
    #[schemars(extend("x-scheme" = "role"))]
    pub role: String,
    /// # 証明者
    pub person: Ref<Person>,
    /// # 証明日
    pub attested_on: Date,
    /// # 期限
    #[garde(custom(not_before(self.attested_on)))]
    pub expires_on: Date,
    /// # 証明の内容
    /// 何を、どのように確かめたか。
    #[garde(length(chars, min = 1))]
    #[schemars(extend("x-widget" = "textarea", "x-help-en" = "what was confirmed, and how"))]
    pub statement: String,
    /// # 根拠
    /// 確かめた内容を残した文書。
    #[schemars(extend("x-help-en" = "the document that records it"))]
    pub reference: Option<Ref<Document>>,
}

impl Register for Attestation {
    const SLUG: &'static str = "attestation";
    const LABEL: Text = Text::fixed("証明", "attestations");
    const CONCEPTS: &'static [&'static str] = &["operation.compliance", "measures"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "duty", "role", "person", "attested_on", "expires_on"];
    const SAMPLE: &'static str = r#"{ "code": "AS-01", "duty": "operation.law.statutes",
        "role": "最高情報セキュリティ責任者", "person": "P0002", "attested_on": "2026-05-01",
        "expires_on": "2027-04-30", "statement": "関係法令を一覧にし、令和8年4月に守られていることを確かめた。",
        "reference": "D-070" }"#;
}

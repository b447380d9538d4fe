use crate::prelude::*;
use crate::{Document, Person};

/// # 遵守の確認
/// 職員等が方針と手順を読み、守ることを確かめた記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Acknowledgement {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 職員
    pub person: Ref<Person>,
    /// # 文書
    pub document: Ref<Document>,
    /// # 確認日
    pub acknowledged_on: Date,
}

impl Register for Acknowledgement {
    const SLUG: &'static str = "acknowledgement";
    const LABEL: Text = Text::fixed("遵守の確認", "acknowledgements");
    const CONCEPTS: &'static [&'static str] = &["acknowledgement"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "person", "document", "acknowledged_on"];
    const DATED_BY: Option<&'static str> = Some("acknowledged_on");
    const SAMPLE: &'static str = r#"{ "code": "AK-0001", "person": "P0104", "document": "D-002",
        "acknowledged_on": "2026-04-10" }"#;
}

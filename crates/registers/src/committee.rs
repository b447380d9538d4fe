use crate::prelude::*;
use crate::{Document, Person, Section};

choice! { Kind "種別" { Security = "情報セキュリティ委員会", Csirt = "CSIRT" / "CSIRT", Audit = "監査", Other = "その他" } }

/// # 委員会
/// 情報セキュリティを進める全庁の会議体。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Committee {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 種別
    pub kind: Kind,
    /// # 委員長
    pub chair: Option<Ref<Person>>,
    /// # 副委員長
    /// 委員長が欠けたとき、その職務を行う者。
    #[schemars(extend("x-help-en" = "who acts when the chair cannot"))]
    pub deputy: Option<Ref<Person>>,
    /// # 委員
    #[serde(default)]
    #[schemars(extend("x-ref" = "person"))]
    pub members: Vec<Ref<Person>>,
    /// # 事務局
    pub secretariat: Option<Ref<Section>>,
    /// # 設置日
    pub established_on: Option<Date>,
    /// # 設置要綱
    #[schemars(extend("x-en" = "terms of reference"))]
    pub terms: Option<Ref<Document>>,
}

impl Register for Committee {
    const SLUG: &'static str = "committee";
    const LABEL: Text = Text::fixed("委員会", "committees");
    const CONCEPTS: &'static [&'static str] = &["organisation"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "kind", "chair", "established_on"];
    const SAMPLE: &'static str = r#"{ "code": "C-1", "name": "情報セキュリティ委員会", "kind": "security",
        "chair": "P0002", "deputy": "P0005", "members": ["P0001", "P0104"], "secretariat": "S07",
        "established_on": "2015-10-01", "terms": "D-031" }"#;
}

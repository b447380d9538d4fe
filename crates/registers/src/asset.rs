use crate::prelude::*;
use crate::{Person, Section, System};

choice! { Kind "種類" { System = "ネットワーク・システム・設備・媒体", Information = "情報(印刷物を含む)", Documentation = "システム関連文書" } }
choice! { Form "形" { Electronic = "電子", Paper = "紙", Both = "両方" } }

/// # 情報資産
/// 市が守る情報と、その入れ物。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Asset {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 種類
    pub kind: Kind,
    /// # 所管
    pub section: Ref<Section>,
    /// # 管理責任者
    /// その課の情報セキュリティ管理者。
    #[schemars(extend("x-help-en" = "the section's information security manager"))]
    pub owner: Option<Ref<Person>>,
    /// # 情報システム
    pub system: Option<Ref<System>>,
    /// # 機密性
    #[schemars(extend("x-scheme" = "confidentiality"))]
    pub confidentiality: Option<String>,
    /// # 完全性
    #[schemars(extend("x-scheme" = "integrity"))]
    pub integrity: Option<String>,
    /// # 可用性
    #[schemars(extend("x-scheme" = "availability"))]
    pub availability: Option<String>,
    /// # 個人情報
    #[serde(default)]
    pub personal_data: bool,
    /// # 個人番号
    #[serde(default)]
    #[schemars(extend("x-en" = "MyNumber"))]
    pub mynumber: bool,
    /// # 形
    pub form: Option<Form>,
    /// # 保管場所
    pub location: Option<String>,
    /// # 施錠保管
    pub locked: Option<bool>,
    /// # 暗号化
    pub encrypted: Option<bool>,
    /// # 分類の表示
    /// 分類が書面や画面から分かる。
    #[schemars(extend("x-help-en" = "the grade shows on paper and screen"))]
    pub marked: Option<bool>,
    /// # 控えの取得
    pub backup: Option<bool>,
    /// # 保存年限
    #[garde(range(min = 0))]
    pub retention_years: Option<i64>,
    /// # 廃棄予定日
    pub dispose_on: Option<Date>,
    /// # 廃棄日
    pub disposed_on: Option<Date>,
    /// # 分類の版
    /// 分類に使った国の指針の版。
    #[schemars(extend("x-help-en" = "the edition of the national guideline used"))]
    pub scheme_edition: Option<String>,
    /// # 棚卸し日
    pub confirmed_on: Option<Date>,
}

impl Register for Asset {
    const SLUG: &'static str = "asset";
    const LABEL: Text = Text::fixed("情報資産", "information assets");
    const CONCEPTS: &'static [&'static str] = &["classification", "scope.assets"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "section", "owner", "confidentiality", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "A-0001", "name": "住民基本台帳データ", "kind": "information",
        "section": "S11", "owner": "P0120", "system": "SYS-001", "confidentiality": "自治体機密性3B",
        "integrity": "自治体完全性2", "availability": "自治体可用性2", "personal_data": true, "mynumber": true,
        "form": "electronic", "location": "サーバ室", "locked": true, "encrypted": true, "marked": true, "backup": true,
        "retention_years": 5, "dispose_on": "2031-03-31", "scheme_edition": "R7.3", "confirmed_on": "2026-06-30" }"#;
}

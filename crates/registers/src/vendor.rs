use crate::prelude::*;

choice! { Certification "認証" {
    Isms = "ISMS" / "ISMS", PrivacyMark = "プライバシーマーク", Ismap = "ISMAP" / "ISMAP", Several = "複数", None = "なし",
} }

/// # 事業者
/// 業務を委託する事業者と、その選定の理由。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Vendor {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # よみ
    pub reading: Option<String>,
    /// # 担当窓口
    pub contact: Option<String>,
    /// # 電話
    pub phone: Option<String>,
    /// # 認証
    /// 認証の有効期限が切れていないものだけを選ぶ。
    #[schemars(extend("x-help-en" = "only certifications that are still valid"))]
    pub certification: Option<Certification>,
    /// # 国外
    /// 国外の法令が及ぶ事業者に○を付ける。
    #[schemars(extend("x-help-en" = "tick where foreign law reaches the vendor"))]
    pub overseas: Option<bool>,
    /// # 選定の理由
    #[schemars(extend("x-widget" = "textarea"))]
    pub selection_reason: Option<String>,
    /// # 確認日
    /// 認証と選定の理由が今も当てはまることを確かめた日。
    #[schemars(extend("x-help-en" = "the day certification and reason were confirmed"))]
    pub confirmed_on: Option<Date>,
}

impl Register for Vendor {
    const SLUG: &'static str = "vendor";
    const LABEL: Text = Text::fixed("事業者", "vendors");
    const CONCEPTS: &'static [&'static str] = &["outsourcing"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "certification", "overseas", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "V-001", "name": "見本システム株式会社", "reading": "みほんしすてむ",
        "contact": "公共営業部", "phone": "0000-00-0000", "certification": "several", "overseas": false,
        "selection_reason": "自治体の導入実績があり、認証を保持している。", "confirmed_on": "2026-04-01" }"#;
}

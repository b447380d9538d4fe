use crate::prelude::*;
use crate::{ContingencyPlan, Person};

choice! { Kind "種別" {
    Csirt = "CSIRT" / "CSIRT", Prefecture = "県", Ministry = "総務省",
    CyberOffice = "国のサイバー統括組織" / "national cyber office",
    PrivacyCommission = "個人情報保護委員会" / "personal information protection commission", Police = "警察",
    Vendor = "事業者", Lasdec = "J-LIS" / "J-LIS",
} }

/// # 緊急連絡先
/// 緊急時に連絡する相手。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Contact {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 緊急時対応計画
    pub plan: Ref<ContingencyPlan>,
    /// # 種別
    pub kind: Kind,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 担当
    /// この相手に連絡する職員。
    #[schemars(extend("x-help-en" = "who of the city calls them"))]
    pub person: Option<Ref<Person>>,
    /// # 電話
    pub phone: Option<String>,
    /// # メール
    #[garde(email)]
    pub email: Option<String>,
    /// # 確認日
    /// 電話番号などが今も通じることを確かめた日。
    #[schemars(extend("x-help-en" = "the day number and address were found to work"))]
    pub verified_on: Option<Date>,
}

impl Register for Contact {
    const SLUG: &'static str = "contact";
    const LABEL: Text = Text::fixed("緊急連絡先", "emergency contacts");
    const CONCEPTS: &'static [&'static str] = &["operation.contingency", "human.incident_report"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "plan", "kind", "name", "phone", "verified_on"];
    const DATED_BY: Option<&'static str> = Some("verified_on");
    const SAMPLE: &'static str = r#"{ "code": "CT-01", "plan": "CP-01", "kind": "prefecture",
        "name": "見本県デジタル政策課", "person": "P0104", "phone": "0000-00-0000", "email": "security@pref.example.jp",
        "verified_on": "2026-10-01" }"#;
}

use crate::prelude::*;
use crate::{Section, Vendor};

choice! { Kind "種類" {
    Development = "開発", Operation = "運用", Maintenance = "保守", Processing = "データ処理", Disposal = "廃棄",
    Cloud = "クラウド", Audit = "監査", Other = "その他",
} }
choice! { Subcontracting "再委託" { Prohibited = "禁止", Approved = "承認制", Free = "定めなし" / "not stipulated" } }

/// # 契約
/// 情報を扱う業務の契約と、そこに書いたセキュリティの要件。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Contract {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 事業者
    pub vendor: Ref<Vendor>,
    /// # 所管
    pub section: Ref<Section>,
    /// # 種類
    pub kind: Kind,
    /// # 開始日
    pub starts_on: Date,
    /// # 終了日
    #[garde(custom(not_before(self.starts_on)))]
    pub ends_on: Date,
    /// # 個人情報
    #[serde(default)]
    pub personal_data: bool,
    /// # 個人番号
    #[serde(default)]
    #[schemars(extend("x-en" = "MyNumber"))]
    pub mynumber: bool,
    /// # 要件の明記
    /// 情報セキュリティの要件を契約書か仕様書に書いている。
    #[schemars(extend("x-en" = "security requirements"))]
    #[schemars(extend("x-help-en" = "written in the contract or its specification"))]
    pub requirements: Option<bool>,
    /// # 守秘義務
    #[schemars(extend("x-en" = "duty of confidentiality"))]
    pub confidentiality: Option<bool>,
    /// # 再委託
    /// 契約書の定め。
    #[schemars(extend("x-help-en" = "as the contract has it"))]
    pub subcontracting: Option<Subcontracting>,
    /// # 再委託先の把握
    /// 再委託先の名称と業務の範囲を書面で受け取っている。
    #[schemars(extend("x-help-en" = "received in writing, with the work of each"))]
    pub subcontractor_list: Option<bool>,
    /// # 監査権
    pub audit_right: Option<bool>,
    /// # 事故報告義務
    pub incident_duty: Option<bool>,
    /// # 返却・消去
    pub return_duty: Option<bool>,
    /// # 損害賠償
    pub liability: Option<bool>,
    /// # 従事者名簿
    /// 従事者の名簿を受け取った日。
    #[schemars(extend("x-en" = "personnel list on", "x-help-en" = "the day the list of the workers was received"))]
    pub personnel_on: Option<Date>,
    /// # 従事者教育
    /// 従事者に教育をしたと報告を受けた日。
    #[schemars(extend("x-help-en" = "the day the training of the workers was reported"))]
    pub training_on: Option<Date>,
    /// # 返却・消去の確認日
    pub returned_on: Option<Date>,
}

impl Register for Contract {
    const SLUG: &'static str = "contract";
    const LABEL: Text = Text::fixed("契約", "contracts");
    const CONCEPTS: &'static [&'static str] = &["outsourcing.contract"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "vendor", "section", "starts_on", "ends_on"];
    const SAMPLE: &'static str = r#"{ "code": "K-001", "name": "住民記録システム運用保守業務", "vendor": "V-001",
        "section": "S11", "kind": "operation", "starts_on": "2026-04-01", "ends_on": "2031-03-31",
        "personal_data": true, "mynumber": true, "requirements": true, "confidentiality": true,
        "subcontracting": "approved", "subcontractor_list": true, "audit_right": true, "incident_duty": true,
        "return_duty": true, "liability": true, "personnel_on": "2026-04-01", "training_on": "2026-04-10" }"#;
}

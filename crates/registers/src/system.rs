use crate::prelude::*;
use crate::{Contract, Document, Person, Section, Zone};

choice! { Hosting "設置形態" { OnPremises = "庁内", DataCenter = "データセンター", Cloud = "クラウド", GovernmentCloud = "ガバメントクラウド" } }
choice! { Criticality "重要度" { High = "高", Medium = "中", Low = "低" } }
choice! { Status "状態" { Planned = "計画中", InUse = "稼働中", Retired = "廃止" } }

/// # 情報システム
/// 市が使う情報システム。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct System {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 所管
    pub section: Ref<Section>,
    /// # 情報システム管理者
    pub manager: Option<Ref<Person>>,
    /// # 領域
    pub zone: Ref<Zone>,
    /// # 設置形態
    pub hosting: Option<Hosting>,
    /// # 重要度
    pub criticality: Option<Criticality>,
    /// # 個人番号
    #[serde(default)]
    #[schemars(extend("x-en" = "MyNumber"))]
    pub mynumber: bool,
    /// # 個人情報
    #[serde(default)]
    pub personal_data: bool,
    /// # 契約
    pub contract: Option<Ref<Contract>>,
    /// # 要件の確認日
    pub requirements_on: Option<Date>,
    /// # 受入試験日
    pub tested_on: Option<Date>,
    /// # サポート期限
    pub supported_until: Option<Date>,
    /// # 更新適用日
    pub patched_on: Option<Date>,
    /// # 脆弱性診断日
    pub scanned_on: Option<Date>,
    /// # 控えの取得日
    pub backed_up_on: Option<Date>,
    /// # 復元試験日
    pub restored_on: Option<Date>,
    /// # ログ保存日数
    #[garde(range(min = 0))]
    pub log_days: Option<i64>,
    /// # ログ点検日
    pub log_reviewed_on: Option<Date>,
    /// # 時刻同期
    pub time_synchronised: Option<bool>,
    /// # アクセス制御
    pub access_control: Option<bool>,
    /// # 認証の要素数
    #[garde(range(min = 0, max = 3))]
    pub factors: Option<i64>,
    /// # 不正プログラム対策
    pub malware_protection: Option<bool>,
    /// # 暗号化
    pub encrypted: Option<bool>,
    /// # 冗長化
    pub redundant: Option<bool>,
    /// # 仕様書
    pub specification: Option<Ref<Document>>,
    /// # 状態
    pub status: Status,
    /// # 棚卸し日
    pub confirmed_on: Option<Date>,
}

impl Register for System {
    const SLUG: &'static str = "system";
    const LABEL: Text = Text::fixed("情報システム", "information systems");
    const CONCEPTS: &'static [&'static str] = &["scope.assets", "technical", "resilience"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "section", "zone", "status", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "SYS-001", "name": "住民記録システム", "section": "S11",
        "manager": "P0120", "zone": "Z-MN", "hosting": "government_cloud", "criticality": "high", "mynumber": true,
        "personal_data": true, "contract": "K-001", "log_days": 365, "access_control": true, "factors": 2,
        "specification": "D-501", "status": "in_use", "confirmed_on": "2026-06-30" }"#;
}

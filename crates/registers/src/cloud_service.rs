use crate::prelude::*;
use crate::{Person, Section, Vendor, Zone};

choice! { DataLocation "保存場所" { Japan = "国内" / "Japan", Abroad = "国外", Unknown = "不明" } }
choice! { Status "状態" { InUse = "利用中", Ended = "終了" } }

/// # クラウドサービス
/// 利用を認めた外部サービス。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CloudService {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 事業者
    pub vendor: Option<Ref<Vendor>>,
    /// # 所管
    pub section: Ref<Section>,
    /// # クラウドサービス管理者
    pub manager: Option<Ref<Person>>,
    /// # 目的
    pub purpose: Option<String>,
    /// # 使う領域
    pub zone: Option<Ref<Zone>>,
    /// # 扱う機密性
    /// このサービスに置く情報のうち、最も高い区分。
    #[schemars(extend("x-scheme" = "confidentiality", "x-help-en" = "the highest grade of what is put there"))]
    pub confidentiality: Option<String>,
    /// # ISMAP
    #[schemars(extend("x-en" = "ISMAP"))]
    pub ismap: Option<bool>,
    /// # 選定の理由
    pub selection_reason: Option<String>,
    /// # 保存場所
    pub data_location: Option<DataLocation>,
    /// # テナント
    pub tenant: Option<String>,
    /// # 認証の要素数
    #[garde(range(min = 0, max = 3))]
    pub factors: Option<i64>,
    /// # 暗号化
    pub encrypted: Option<bool>,
    /// # ログ取得
    pub logged: Option<bool>,
    /// # 終了時の手順
    /// 終えるときのデータの引取りと消去の手順を定めている。
    #[schemars(extend("x-help-en" = "it is settled how data come back and are erased at the end"))]
    pub exit_plan: Option<bool>,
    /// # 規約の確認日
    /// 約款や規約の変更を確かめた日。
    #[schemars(extend("x-help-en" = "the day changes of the terms were checked"))]
    pub terms_reviewed_on: Option<Date>,
    /// # 申請者
    pub applied_by: Option<Ref<Person>>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 期限
    #[garde(custom(not_before(self.approved_on)))]
    pub expires_on: Option<Date>,
    /// # 状態
    pub status: Status,
    /// # データ消去日
    pub erased_on: Option<Date>,
    /// # 確認日
    pub confirmed_on: Option<Date>,
}

impl Register for CloudService {
    const SLUG: &'static str = "cloud_service";
    const LABEL: Text = Text::fixed("クラウドサービス", "cloud services");
    const CONCEPTS: &'static [&'static str] = &["outsourcing.cloud"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "section", "manager", "status", "expires_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "CL-01", "name": "電子申請サービス", "vendor": "V-003", "section": "S07",
        "manager": "P0104", "purpose": "住民からの申請の受付", "zone": "Z-LG", "confidentiality": "自治体機密性2",
        "ismap": true, "selection_reason": "ISMAP登録", "data_location": "japan", "tenant": "mihon-city", "factors": 2,
        "encrypted": true, "logged": true, "exit_plan": true, "terms_reviewed_on": "2026-04-20", "applied_by": "P0104",
        "approved_by": "P0005", "approved_on": "2026-04-01", "expires_on": "2027-03-31", "status": "in_use",
        "confirmed_on": "2026-06-30" }"#;
}

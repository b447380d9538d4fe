use crate::prelude::*;
use crate::{Area, Person, System, Zone};

choice! { Kind "種類" {
    Server = "サーバ", Network = "通信機器", Storage = "ストレージ", Power = "電源", AirConditioning = "空調", Printer = "複合機",
    Other = "その他",
} }
choice! { Status "状態" { InUse = "稼働中", Spare = "予備", Disposed = "廃棄" } }

/// # 機器・設備
/// サーバ、通信機器と、それを支える設備。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Equipment {
    /// # 管理番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 種類
    pub kind: Kind,
    /// # 設置区域
    pub area: Option<Ref<Area>>,
    /// # 情報システム
    pub system: Option<Ref<System>>,
    /// # 領域
    pub zone: Option<Ref<Zone>>,
    /// # 管理者
    pub manager: Option<Ref<Person>>,
    /// # サポート期限
    /// 製造元が修正を出す最後の日。
    #[schemars(extend("x-help-en" = "the last day of the maker's fixes"))]
    pub supported_until: Option<Date>,
    /// # 保守日
    /// 保守点検を終えた日。
    #[schemars(extend("x-help-en" = "the day maintenance was done"))]
    pub maintained_on: Option<Date>,
    /// # 更新適用日
    pub patched_on: Option<Date>,
    /// # 設定の控え
    /// 設定の控えを、機器の外に取った日。
    #[schemars(extend("x-help-en" = "the day a copy was saved elsewhere"))]
    pub configuration_saved_on: Option<Date>,
    /// # 無停電電源
    #[schemars(extend("x-en" = "uninterruptible power"))]
    pub power_backup: Option<bool>,
    /// # 転倒防止
    /// 棚や床に留めてある。
    #[schemars(extend("x-en" = "fixed in place", "x-help-en" = "fastened to a rack or the floor"))]
    pub fixed: Option<bool>,
    /// # 空きポート閉鎖
    pub unused_ports_closed: Option<bool>,
    /// # 配線の保護
    #[schemars(extend("x-en" = "cables protected"))]
    pub cable_protected: Option<bool>,
    /// # 状態
    pub status: Status,
    /// # 棚卸し日
    pub confirmed_on: Option<Date>,
}

impl Register for Equipment {
    const SLUG: &'static str = "equipment";
    const LABEL: Text = Text::fixed("機器・設備", "equipment");
    const CONCEPTS: &'static [&'static str] = &["physical.server", "physical.network", "technical.vulnerability"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "kind", "area", "system", "status", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "EQ-001", "name": "庁内ファイアウォール", "kind": "network",
        "area": "AR-01", "system": "SYS-031", "zone": "Z-LG", "manager": "P0104", "supported_until": "2029-03-31",
        "maintained_on": "2026-08-20", "patched_on": "2026-10-15", "configuration_saved_on": "2026-10-15",
        "power_backup": true, "fixed": true, "unused_ports_closed": true, "cable_protected": true, "status": "in_use",
        "confirmed_on": "2026-06-30" }"#;
}

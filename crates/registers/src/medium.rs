use crate::prelude::*;
use crate::{Person, Section, Zone};

choice! { Kind "種類" {
    UsbMemory = "USBメモリ" / "USB memory", ExternalDisk = "外付けディスク", Optical = "光ディスク" / "optical disc",
    Tape = "磁気テープ", Card = "メモリカード",
} }
choice! { Status "状態" { InUse = "使用中", Lost = "紛失", Disposed = "廃棄" } }

/// # 電磁的記録媒体
/// 情報を持ち運べる記録媒体。市が認めたものだけを使う。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Medium {
    /// # 管理番号
    /// 媒体に貼った番号。
    #[garde(length(chars, min = 1, max = 40))]
    #[schemars(extend("x-help-en" = "the number on the label"))]
    pub code: String,
    /// # 種類
    pub kind: Kind,
    /// # 製品名
    pub product: Option<String>,
    /// # 所属
    pub section: Ref<Section>,
    /// # 保管責任者
    pub keeper: Option<Ref<Person>>,
    /// # 使う領域
    /// つないでよい領域。
    #[schemars(extend("x-help-en" = "the zone where it may be used"))]
    pub zone: Option<Ref<Zone>>,
    /// # 暗号化
    /// 媒体そのものが暗号化する。
    #[schemars(extend("x-help-en" = "the medium itself encrypts"))]
    pub encrypted: Option<bool>,
    /// # 管理番号の貼付
    /// 管理番号が媒体に貼ってある。
    #[schemars(extend("x-help-en" = "the number is on the medium"))]
    pub labelled: Option<bool>,
    /// # 施錠保管
    pub locked: Option<bool>,
    /// # 私物
    /// 職員等の私物を認めたものに○を付ける。
    #[serde(default)]
    #[schemars(extend("x-en" = "privately owned", "x-help-en" = "tick privately owned media"))]
    pub personal: bool,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 状態
    pub status: Status,
    /// # 員数確認日
    /// 現物を数えて、台帳と合うことを確かめた日。
    #[schemars(extend("x-help-en" = "the day the media were counted against the register"))]
    pub confirmed_on: Option<Date>,
}

impl Register for Medium {
    const SLUG: &'static str = "medium";
    const LABEL: Text = Text::fixed("電磁的記録媒体", "media");
    const CONCEPTS: &'static [&'static str] = &["physical.medium", "resilience.mynumber"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "kind", "section", "keeper", "status", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "USB-001", "kind": "usb_memory", "product": "暗号化USBメモリ 16GB",
        "section": "S07", "keeper": "P0104", "zone": "Z-LG", "encrypted": true, "labelled": true, "locked": true,
        "personal": false, "approved_by": "P0005", "approved_on": "2025-04-10", "status": "in_use",
        "confirmed_on": "2026-09-30" }"#;
}

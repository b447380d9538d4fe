use crate::prelude::*;
use crate::{Area, Document, Zone};

/// # ネットワークセグメント
/// 領域を作るアドレスの範囲。ネットワーク図と合わせて確かめる。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Segment {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 領域
    pub zone: Ref<Zone>,
    /// # アドレス範囲
    /// 10.10.20.0/24 の形で、一行に一つ。
    #[garde(length(chars, min = 1, max = 200))]
    #[schemars(extend("x-help-en" = "one a row, as 10.10.20.0/24"))]
    pub prefix: String,
    /// # VLAN
    #[garde(range(min = 1, max = 4094))]
    #[schemars(extend("x-en" = "VLAN"))]
    pub vlan: Option<i64>,
    /// # 設置区域
    pub area: Option<Ref<Area>>,
    /// # 構成図
    pub diagram: Option<Ref<Document>>,
    /// # 確認日
    pub confirmed_on: Option<Date>,
}

impl Register for Segment {
    const SLUG: &'static str = "segment";
    const LABEL: Text = Text::fixed("ネットワークセグメント", "network segments");
    const CONCEPTS: &'static [&'static str] = &["resilience", "physical.network"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "zone", "prefix", "vlan", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "N-01", "name": "基幹業務サーバ", "zone": "Z-MN",
        "prefix": "10.10.20.0/24", "vlan": 120, "area": "AR-01", "diagram": "D-401", "confirmed_on": "2026-06-30" }"#;
}

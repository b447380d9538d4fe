use crate::Person;
use crate::prelude::*;

choice! { Kind "種類" {
    ServerRoom = "サーバ室", NetworkRoom = "通信機器室", MediaStorage = "媒体保管庫", Office = "執務室", Counter = "窓口",
} }
choice! { EntryControl "入退室管理" { Biometric = "生体認証", Card = "ICカード" / "IC card", Key = "鍵", None = "なし" } }

/// # 管理区域
/// サーバや媒体を置き、立入りを限る場所。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Area {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 種類
    pub kind: Kind,
    /// # 管理者
    pub manager: Option<Ref<Person>>,
    /// # 入退室管理
    pub entry_control: Option<EntryControl>,
    /// # 監視カメラ
    #[schemars(extend("x-en" = "surveillance camera"))]
    pub camera: Option<bool>,
    /// # 消火設備
    /// 水をかけない方式であること。
    #[schemars(extend("x-help-en" = "without water"))]
    pub fire_suppression: Option<bool>,
    /// # 耐震
    /// 床や棚を固定し、揺れに備えている。
    #[schemars(extend("x-en" = "earthquake resistance", "x-help-en" = "floor and racks are fixed against shaking"))]
    pub earthquake: Option<bool>,
    /// # 非常電源
    /// 停電のとき、正しく止めるまで電気を送れる。
    #[schemars(extend("x-en" = "emergency power", "x-help-en" = "enough to shut down properly in a power cut"))]
    pub power: Option<bool>,
    /// # 空調
    pub air_conditioning: Option<bool>,
    /// # 外部からの立入防止
    /// 外から入れる扉や窓をふさいでいる。
    #[schemars(extend("x-en" = "closed to the outside"))]
    #[schemars(extend("x-help-en" = "doors and windows to the outside are closed off"))]
    pub outside_access: Option<bool>,
    /// # 点検日
    pub inspected_on: Option<Date>,
}

impl Register for Area {
    const SLUG: &'static str = "area";
    const LABEL: Text = Text::fixed("管理区域", "controlled areas");
    const CONCEPTS: &'static [&'static str] = &["physical.area", "physical.server"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "kind", "manager", "entry_control", "inspected_on"];
    const DATED_BY: Option<&'static str> = Some("inspected_on");
    const SAMPLE: &'static str = r#"{ "code": "AR-01", "name": "本庁サーバ室", "kind": "server_room",
        "manager": "P0104", "entry_control": "biometric", "camera": true, "fire_suppression": true, "earthquake": true,
        "power": true, "air_conditioning": true, "outside_access": true, "inspected_on": "2026-09-01" }"#;
}

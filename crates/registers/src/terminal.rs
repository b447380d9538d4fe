use crate::prelude::*;
use crate::{Person, Section, Zone};

choice! { Kind "種類" {
    Desktop = "デスクトップ", Notebook = "ノート", Tablet = "タブレット", Smartphone = "スマートフォン", ThinClient = "シンクライアント",
} }
choice! { Status "状態" { InUse = "使用中", Spare = "予備", Repair = "修理中", Lost = "紛失", Disposed = "廃棄" } }

/// # 端末
/// 職員等が使うパソコンとモバイル端末。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Terminal {
    /// # 管理番号
    /// 端末に貼った番号。
    #[garde(length(chars, min = 1, max = 40))]
    #[schemars(extend("x-help-en" = "the number on the label"))]
    pub code: String,
    /// # 種類
    pub kind: Kind,
    /// # 領域
    pub zone: Ref<Zone>,
    /// # 所属
    pub section: Ref<Section>,
    /// # 利用者
    /// 共用の端末は空欄とする。
    #[schemars(extend("x-help-en" = "leave empty for a shared terminal"))]
    pub user: Option<Ref<Person>>,
    /// # OS
    #[schemars(extend("x-en" = "OS"))]
    pub os: Option<String>,
    /// # サポート期限
    pub supported_until: Option<Date>,
    /// # 更新適用日
    pub patched_on: Option<Date>,
    /// # 定義ファイルの日付
    #[schemars(extend("x-en" = "malware definitions on"))]
    pub definitions_on: Option<Date>,
    /// # EDR
    #[schemars(extend("x-en" = "EDR"))]
    pub edr: Option<bool>,
    /// # 認証の要素数
    /// 知識・所持・生体のうち、本人を確かめるのに使う要素の数。
    #[garde(range(min = 0, max = 3))]
    #[schemars(extend("x-help-en" = "how many of knowledge, possession and biometrics are used"))]
    pub factors: Option<i64>,
    /// # 生体認証
    pub biometric: Option<bool>,
    /// # 持ち出し不可設定
    /// 端末から情報を持ち出せない設定にしている。
    #[schemars(extend("x-help-en" = "set so that nothing can be taken out of it"))]
    pub export_blocked: Option<bool>,
    /// # 媒体の接続制限
    /// 登録した媒体だけがつながる設定にしている。
    #[schemars(extend("x-help-en" = "set so that only registered media connect"))]
    pub media_restricted: Option<bool>,
    /// # ディスク暗号化
    pub encrypted: Option<bool>,
    /// # 盗難防止
    /// ワイヤー、施錠できる保管庫など。
    #[schemars(extend("x-help-en" = "a wire, a locked cabinet or the like"))]
    pub locked: Option<bool>,
    /// # 遠隔消去
    pub remote_wipe: Option<bool>,
    /// # 画面ロック(分)
    #[garde(range(min = 0))]
    pub screen_lock_minutes: Option<i64>,
    /// # 状態
    pub status: Status,
    /// # 棚卸し日
    pub confirmed_on: Option<Date>,
}

impl Register for Terminal {
    const SLUG: &'static str = "terminal";
    const LABEL: Text = Text::fixed("端末", "terminals");
    const CONCEPTS: &'static [&'static str] = &["physical.terminal", "resilience", "technical"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "kind", "zone", "section", "user", "status", "confirmed_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "T-0001", "kind": "notebook", "zone": "Z-MN", "section": "S11",
        "user": "P0120", "os": "Windows 11 24H2", "supported_until": "2027-10-12", "patched_on": "2026-11-12",
        "definitions_on": "2026-11-22", "edr": true, "factors": 2, "biometric": true, "export_blocked": true,
        "media_restricted": true, "encrypted": true, "locked": true, "screen_lock_minutes": 5, "status": "in_use",
        "confirmed_on": "2026-06-30" }"#;
}

use crate::prelude::*;
use crate::{Asset, Equipment, Medium, Person, Terminal, Vendor};

choice! { Method "方法" {
    Destruction = "物理破壊", Degauss = "磁気消去", Overwrite = "上書き", CryptoErase = "暗号化消去" / "cryptographic erasure",
    Shredding = "裁断・溶解", None = "消去なし",
} }

/// # 廃棄・返却
/// 機器、端末、媒体、情報資産を捨て、又は返したときの、消去の記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Disposal {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 機器
    /// 機器、端末、媒体、情報資産のうち、当てはまるものを選ぶ。
    #[schemars(extend("x-help-en" = "choose the equipment, terminal, medium or asset concerned"))]
    pub equipment: Option<Ref<Equipment>>,
    /// # 端末
    pub terminal: Option<Ref<Terminal>>,
    /// # 媒体
    pub medium: Option<Ref<Medium>>,
    /// # 情報資産
    pub asset: Option<Ref<Asset>>,
    /// # 方法
    pub method: Method,
    /// # 個人番号
    /// 個人番号を記録していたものに○を付ける。
    #[serde(default)]
    #[schemars(extend("x-en" = "MyNumber", "x-help-en" = "tick what had held MyNumber"))]
    pub mynumber: bool,
    /// # 事業者
    pub vendor: Option<Ref<Vendor>>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 実施日
    pub disposed_on: Date,
    /// # 立会者
    /// 消去に立ち会い、完了を確かめた職員。
    #[schemars(extend("x-help-en" = "who watched the erasure to its end"))]
    pub witnessed_by: Option<Ref<Person>>,
    /// # 証明書
    /// 証明書の番号、綴った場所など。
    #[schemars(extend("x-help-en" = "number of the certificate, or where it is filed"))]
    pub certificate: Option<String>,
}

impl Register for Disposal {
    const SLUG: &'static str = "disposal";
    const LABEL: Text = Text::fixed("廃棄・返却", "disposals and returns");
    const CONCEPTS: &'static [&'static str] = &["physical", "classification"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "method", "vendor", "disposed_on", "witnessed_by"];
    const SAMPLE: &'static str = r#"{ "code": "DP-001", "terminal": "T-0900", "method": "destruction", "mynumber": true,
        "vendor": "V-002", "approved_by": "P0105", "disposed_on": "2026-07-15", "witnessed_by": "P0104",
        "certificate": "データ消去証明書 第26-071号" }"#;
}

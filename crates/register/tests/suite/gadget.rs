//! Two registers for tests: one with every kind of field, and one that it refers to.

use garde::Validate;
use jiff::civil::Date;
use model::lang::Text;
use model::scheme::{SchemeKind, Schemes};
use register::table::{self, Table};
use register::{Fault, Imported, Kind, Register, Words, import};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// # 部品
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Gadget {
    /// # 管理番号
    #[garde(length(chars, min = 1, max = 40))]
    pub(crate) code: String,
    /// # 名称
    /// 銘板のとおりに書く。
    #[garde(length(chars, min = 1, max = 20))]
    pub(crate) name: String,
    /// # 課
    #[schemars(extend("x-ref" = "office"))]
    pub(crate) office: Option<String>,
    /// # 関係課
    #[serde(default)]
    #[schemars(extend("x-ref" = "office"))]
    #[garde(length(max = 3))]
    pub(crate) offices: Vec<String>,
    /// # 上位の部品
    #[schemars(extend("x-ref" = "gadget"))]
    pub(crate) parent: Option<String>,
    /// # 層
    #[schemars(extend("x-scheme" = "tier"))]
    pub(crate) tier: Option<String>,
    /// # 状態
    pub(crate) status: Status,
    /// # 大きさ
    pub(crate) size: Option<Size>,
    /// # 個人情報
    #[serde(default)]
    pub(crate) personal_data: bool,
    /// # 暗号化
    pub(crate) encrypted: Option<bool>,
    /// # 取得日
    pub(crate) acquired_on: Date,
    /// # 確認日
    pub(crate) confirmed_on: Option<Date>,
    /// # 要素数
    #[garde(range(min = 1, max = 3))]
    pub(crate) factors: Option<i64>,
    /// # 備考
    #[schemars(extend("x-widget" = "textarea", "x-en" = "remarks"))]
    pub(crate) note: Option<String>,
    /// # 連絡先
    #[garde(email)]
    pub(crate) mail: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// 使用中
    InUse,
    /// 廃棄(消去済)
    Disposed,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Size {
    /// 大
    Large,
    /// # 小
    /// 片手で持てるもの。
    #[schemars(extend("x-en" = "tiny"))]
    Small,
}

impl Register for Gadget {
    const SLUG: &'static str = "gadget";
    const LABEL: Text = Text::fixed("部品", "gadgets");
    const CONCEPTS: &'static [&'static str] = &["physical.terminal"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "status"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{
        "code": "G-1", "name": "㈱髙橋の部品①", "office": "100", "offices": ["100", "200"], "tier": "LGWAN接続系",
        "status": "in_use", "size": "small", "personal_data": true, "encrypted": false,
        "acquired_on": "2026-04-01", "factors": 2, "note": "=1+1"
    }"#;
}

/// # 課
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Office {
    /// # コード
    pub(crate) code: String,
    /// # 名称
    pub(crate) name: String,
}

impl Register for Office {
    const SLUG: &'static str = "office";
    const LABEL: Text = Text::fixed("課", "offices");
    const CONCEPTS: &'static [&'static str] = &[];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name"];
    const SAMPLE: &'static str = r#"{ "code": "100", "name": "情報政策課" }"#;
}

pub(crate) fn kinds() -> Vec<Kind> {
    vec![Kind::of::<Gadget>(), Kind::of::<Office>()]
}

pub(crate) fn gadgets() -> Kind {
    Kind::of::<Gadget>()
}

/// A scheme with one word of the city's own, and four offices.
pub(crate) fn words() -> Words {
    let mut schemes = Schemes::default();
    schemes.add(SchemeKind::Tier, "番号系", "mynumber").unwrap();
    let mut words = Words::new(schemes);
    words.declare("office", &Office::LABEL);
    words.declare("gadget", &Gadget::LABEL);
    for (key, title) in [
        ("100", "情報政策課"),
        ("200", "総務課"),
        ("300", "総務課"),
        ("A;B", "二重課"),
    ] {
        words.add("office", key, title);
    }
    words
}

pub(crate) fn table(kinds: &[Kind], file: &str, bytes: impl Into<Vec<u8>>) -> Table {
    let sheets = table::read(file, bytes.into()).unwrap();
    let (mut tables, faults) = table::assign(kinds, sheets);
    assert!(faults.is_empty(), "{faults:?}");
    tables.remove(0)
}

pub(crate) fn import_files(files: &[(&str, &str)]) -> Result<Imported, Vec<Fault>> {
    let kinds = kinds();
    let tables: Vec<Table> = files.iter().map(|(file, text)| table(&kinds, file, *text)).collect();
    import(&kinds, &tables, words())
}

/// `code` and one more column of gadgets, the required ones filled in.
pub(crate) fn import_column(heading: &str, cell: &str) -> Result<Value, Vec<Fault>> {
    let text = format!("code,name,status,acquired_on,{heading}\nG-1,部品,in_use,2026-04-01,{cell}\n");
    import_files(&[("gadget.csv", &text)]).map(|imported| imported.entries["gadget"][0].document.clone())
}

pub(crate) fn lines(faults: &[Fault]) -> String {
    let both = |fault: &Fault| {
        let help = fault
            .help
            .as_ref()
            .map(|help| format!("\n  {}\n  {}", help.ja, help.en));
        format!(
            "[{}] {}\n  {}{}",
            fault.code,
            fault.line(model::lang::Lang::Ja),
            fault.message.en,
            help.unwrap_or_default()
        )
    };
    faults.iter().map(both).collect::<Vec<_>>().join("\n")
}

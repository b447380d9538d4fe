use crate::prelude::*;
use crate::{Area, Person, Vendor};

/// # 入退室記録
/// 管理区域に、いつ誰が入ったか。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct EntryRecord {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 管理区域
    pub area: Ref<Area>,
    /// # 職員
    /// 職員等が入ったとき選ぶ。
    #[schemars(extend("x-help-en" = "where one of the personnel entered"))]
    pub person: Option<Ref<Person>>,
    /// # 来訪者
    /// 職員等でない者の氏名。
    #[schemars(extend("x-help-en" = "the name of anybody else"))]
    pub visitor: Option<String>,
    /// # 事業者
    pub vendor: Option<Ref<Vendor>>,
    /// # 立会者
    /// 来訪者に付き添った職員。
    #[schemars(extend("x-help-en" = "who accompanied the visitor"))]
    pub escort: Option<Ref<Person>>,
    /// # 目的
    pub purpose: Option<String>,
    /// # 入室日
    pub entered_on: Date,
    /// # 入室時刻
    /// 24時間で 09:30 の形。
    #[schemars(extend("x-help-en" = "24 hours, as 09:30"))]
    pub entered_at: Option<String>,
    /// # 退室時刻
    /// 24時間で 09:30 の形。
    #[schemars(extend("x-help-en" = "24 hours, as 09:30"))]
    pub left_at: Option<String>,
    /// # 持込み機器
    /// 持ち込んだ機器と媒体。なければ空欄とする。
    #[schemars(extend("x-help-en" = "devices and media brought in; empty for none"))]
    pub carried: Option<String>,
    /// # 許可者
    pub approved_by: Option<Ref<Person>>,
}

impl Register for EntryRecord {
    const SLUG: &'static str = "entry_record";
    const LABEL: Text = Text::fixed("入退室記録", "entry records");
    const CONCEPTS: &'static [&'static str] = &["physical.area"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "area", "person", "visitor", "entered_on", "approved_by"];
    const DATED_BY: Option<&'static str> = Some("entered_on");
    const SAMPLE: &'static str = r#"{ "code": "E-0001", "area": "AR-01", "visitor": "見本 太郎", "vendor": "V-001",
        "escort": "P0104", "purpose": "空調機の点検", "entered_on": "2026-10-20", "entered_at": "10:00",
        "left_at": "11:30", "carried": "点検用ノートパソコン1台", "approved_by": "P0105" }"#;
}

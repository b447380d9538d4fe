use crate::prelude::*;
use crate::{Committee, Document};

/// # 会議
/// 委員会の開催と決定の記録。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Meeting {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 委員会
    pub committee: Ref<Committee>,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 開催日
    pub held_on: Date,
    /// # 委員数
    /// 開催した日に在任する委員の数。
    #[garde(range(min = 0))]
    #[schemars(extend("x-help-en" = "members in office on that day"))]
    pub members: Option<i64>,
    /// # 出席数
    /// 代理を含まない。
    #[garde(range(min = 0))]
    #[schemars(extend("x-help-en" = "without proxies"))]
    pub attended: Option<i64>,
    /// # 決定事項
    /// 承認、見直し、是正の指示などを書く。
    #[schemars(extend("x-widget" = "textarea", "x-help-en" = "approvals, reviews, orders to correct"))]
    pub decisions: Option<String>,
    /// # 議事録
    pub minutes: Option<Ref<Document>>,
}

impl Register for Meeting {
    const SLUG: &'static str = "meeting";
    const LABEL: Text = Text::fixed("会議", "meetings");
    const CONCEPTS: &'static [&'static str] = &["organisation", "evaluation.review"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "committee", "held_on", "attended"];
    const DATED_BY: Option<&'static str> = Some("held_on");
    const SAMPLE: &'static str = r#"{ "code": "M-2026-01", "committee": "C-1",
        "title": "令和8年度第1回情報セキュリティ委員会", "held_on": "2026-05-20", "members": 12, "attended": 10,
        "decisions": "令和8年度監査計画を承認した。", "minutes": "D-610" }"#;
}

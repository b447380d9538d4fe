use crate::prelude::*;
use crate::{Person, Section};

choice! { Kind "種類" {
    BasicPolicy = "基本方針", Standard = "対策基準", Procedure = "実施手順", SystemDocument = "システム関連文書", Plan = "計画",
    Rules = "規程・要綱", Minutes = "議事録", Report = "報告書",
} }
choice! { Publicity "公開の別" { Public = "公開", Internal = "庁内", Restricted = "関係者限り" } }

/// # 文書
/// 方針、基準、手順などの文書と、その承認と見直し。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Document {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 種類
    pub kind: Kind,
    /// # 公開の別
    /// 実施手順は公開しない。
    #[schemars(extend("x-help-en" = "procedures are never public"))]
    pub publicity: Publicity,
    /// # 所管
    pub section: Ref<Section>,
    /// # 管理責任者
    pub owner: Option<Ref<Person>>,
    /// # 対象とする事項
    /// 何について定めた文書か。対策の語(outsourcing.sns など)で書く。
    #[schemars(extend("x-help-en" = "what it is about, in the standard's words: outsourcing.sns"))]
    pub concept: Option<String>,
    /// # 版
    pub version: Option<String>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 見直し日
    /// 改めた日、又は改める要がないと確かめた日。
    #[schemars(extend("x-help-en" = "the day it was revised or found in no need of revision"))]
    pub reviewed_on: Option<Date>,
    /// # 公表先
    /// 公開した文書だけに書く。
    #[garde(url)]
    #[schemars(extend("x-en" = "URL", "x-help-en" = "only for a published document"))]
    pub url: Option<String>,
    /// # 廃止日
    pub withdrawn_on: Option<Date>,
}

impl Register for Document {
    const SLUG: &'static str = "document";
    const LABEL: Text = Text::fixed("文書", "documents");
    const CONCEPTS: &'static [&'static str] = &["standard", "procedures", "publication", "evaluation.review"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "kind", "publicity", "section", "reviewed_on"];
    const SAMPLE: &'static str = r#"{ "code": "D-002", "title": "見本市情報セキュリティ対策基準", "kind": "standard",
        "publicity": "internal", "section": "S07", "owner": "P0104", "concept": "standard", "version": "令和8年3月",
        "approved_by": "P0002", "approved_on": "2026-03-25", "reviewed_on": "2026-03-25" }"#;
}

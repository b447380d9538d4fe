use crate::prelude::*;
use crate::{Document, Person, Section};

choice! { Status "状態" { Active = "運用中", Suspended = "休止", Closed = "廃止" } }

/// # SNSアカウント
/// 市の名で発信するアカウントと、その責任者。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct SnsAccount {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # サービス
    #[garde(length(chars, min = 1, max = 200))]
    pub service: String,
    /// # アカウント名
    #[garde(length(chars, min = 1, max = 200))]
    pub account: String,
    /// # URL
    #[garde(url)]
    #[schemars(extend("x-en" = "URL"))]
    pub url: String,
    /// # 所管
    pub section: Ref<Section>,
    /// # 責任者
    /// サービスごとに一人を定める。
    #[schemars(extend("x-help-en" = "one person for each service"))]
    pub responsible: Option<Ref<Person>>,
    /// # 目的
    pub purpose: Option<String>,
    /// # 発信する情報
    /// 発信してよい情報の範囲。
    #[schemars(extend("x-help-en" = "what may be published there"))]
    pub content: Option<String>,
    /// # 運用時間
    /// 発信し、返信する時間。
    #[schemars(extend("x-help-en" = "hours of posting and answering"))]
    pub hours: Option<String>,
    /// # 運用方針の公表先
    #[garde(url)]
    #[schemars(extend("x-en" = "policy URL"))]
    pub policy_url: Option<String>,
    /// # 運用手順
    pub procedure: Option<Ref<Document>>,
    /// # 認証の要素数
    #[garde(range(min = 0, max = 3))]
    pub factors: Option<i64>,
    /// # 公式サイト掲載
    /// 公式サイトにアカウントの一覧を載せ、本物と分かるようにしている。
    #[schemars(extend("x-en" = "listed on the official site"))]
    #[schemars(extend("x-help-en" = "the official site lists it, so that people can tell it is real"))]
    pub listed: Option<bool>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 最終発信日
    pub last_posted_on: Option<Date>,
    /// # 状態
    pub status: Status,
    /// # 確認日
    pub confirmed_on: Option<Date>,
}

impl Register for SnsAccount {
    const SLUG: &'static str = "sns_account";
    const LABEL: Text = Text::fixed("SNSアカウント", "social media accounts");
    const CONCEPTS: &'static [&'static str] = &["outsourcing.sns"];
    const TITLE: &'static str = "account";
    const COLUMNS: &'static [&'static str] = &["code", "service", "account", "section", "responsible", "status"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "SNS-01", "service": "X", "account": "@mihon_city",
        "url": "https://social.example/mihon_city", "section": "S01", "responsible": "P0010",
        "purpose": "行事と防災の広報", "content": "公表した情報に限る。個人情報は扱わない。",
        "hours": "平日8時30分から17時15分まで", "policy_url": "https://www.city.mihon.example.jp/sns/",
        "procedure": "D-045", "factors": 2, "listed": true, "approved_by": "P0005", "approved_on": "2024-04-01",
        "last_posted_on": "2026-11-20", "status": "active", "confirmed_on": "2026-06-30" }"#;
}

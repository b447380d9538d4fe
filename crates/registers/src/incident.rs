use crate::prelude::*;
use crate::{Person, Section, System};

choice! { Kind "種類" {
    Leak = "漏えい", Malware = "不正プログラム", Intrusion = "不正アクセス", Loss = "紛失・盗難", Misdelivery = "誤送付", Outage = "停止",
    Other = "その他",
} }
choice! { Severity "重大さ" { High = "重大", Medium = "中", Low = "軽微" } }

/// # インシデント
/// 情報セキュリティに関する事故と、その報告と再発防止。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Incident {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 件名
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// # 種類
    pub kind: Kind,
    /// # 重大さ
    pub severity: Severity,
    /// # 所管
    pub section: Ref<Section>,
    /// # 情報システム
    pub system: Option<Ref<System>>,
    /// # 知った日
    /// 市の誰かが初めて知った日。報告の期限はここから数える。
    #[schemars(extend("x-help-en" = "the day anybody of the city first knew; deadlines count from here"))]
    pub detected_on: Date,
    /// # 報告者
    pub reported_by: Option<Ref<Person>>,
    /// # CISO報告日
    #[schemars(extend("x-en" = "reported to the CISO on"))]
    pub escalated_on: Option<Date>,
    /// # 本人の数
    #[garde(range(min = 0))]
    #[schemars(extend("x-en" = "persons concerned"))]
    pub persons: Option<i64>,
    /// # 個人番号
    #[serde(default)]
    #[schemars(extend("x-en" = "MyNumber"))]
    pub mynumber: bool,
    /// # 要配慮情報
    /// 病歴など、本人への配慮が要る情報を含む。
    #[serde(default)]
    #[schemars(extend("x-en" = "sensitive information", "x-help-en" = "includes medical history or the like"))]
    pub sensitive: bool,
    /// # 不正の目的
    #[serde(default)]
    #[schemars(extend("x-en" = "wrongful purpose"))]
    pub wrongful: bool,
    /// # 高度な暗号化
    /// 読み取れないよう高度に暗号化していた。
    #[serde(default)]
    #[schemars(extend("x-en" = "strongly encrypted", "x-help-en" = "encrypted strongly enough to be unreadable"))]
    pub protected: bool,
    /// # 速報日
    pub first_report_on: Option<Date>,
    /// # 確報日
    pub final_report_on: Option<Date>,
    /// # 本人通知日
    pub notified_on: Option<Date>,
    /// # 公表日
    pub published_on: Option<Date>,
    /// # 復旧日
    pub recovered_on: Option<Date>,
    /// # 原因
    pub cause: Option<String>,
    /// # 再発防止策
    pub prevention: Option<String>,
    /// # 終結日
    pub closed_on: Option<Date>,
}

impl Register for Incident {
    const SLUG: &'static str = "incident";
    const LABEL: Text = Text::fixed("インシデント", "incidents");
    const CONCEPTS: &'static [&'static str] = &["human.incident_report", "operation.contingency", "operation.law"];
    const TITLE: &'static str = "title";
    const COLUMNS: &'static [&'static str] = &["code", "title", "kind", "severity", "detected_on", "closed_on"];
    const SAMPLE: &'static str = r#"{ "code": "IN-2026-01", "title": "申請書の誤送付", "kind": "misdelivery",
        "severity": "medium", "section": "S13", "system": "SYS-011", "detected_on": "2026-08-03",
        "reported_by": "P0130", "escalated_on": "2026-08-03", "persons": 1, "sensitive": true,
        "first_report_on": "2026-08-05", "final_report_on": "2026-08-28", "cause": "宛名の確認漏れ",
        "prevention": "二人で封入を確かめる。", "closed_on": "2026-09-10" }"#;
}

use crate::prelude::*;
use crate::{Person, System};

choice! { Kind "種別" { Personal = "個人", Shared = "共用", Privileged = "特権", Service = "機器・サービス" / "device or service" } }

/// # 利用者ID・権限
/// 情報システムを使うための利用者IDと、その権限。パスワードは書かない。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Account {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 情報システム
    pub system: Ref<System>,
    /// # 利用者ID
    #[garde(length(chars, min = 1, max = 200))]
    #[schemars(extend("x-en" = "login name"))]
    pub login: String,
    /// # 利用者
    /// 共用や機器のIDは、責任を持つ者を選ぶ。
    #[schemars(extend("x-help-en" = "for a shared or device account: who answers for it"))]
    pub person: Option<Ref<Person>>,
    /// # 種別
    pub kind: Kind,
    /// # 認証の要素数
    /// 知識・所持・生体のうち、本人を確かめるのに使う要素の数。
    #[garde(range(min = 0, max = 3))]
    #[schemars(extend("x-help-en" = "how many of knowledge, possession and biometrics are used"))]
    pub factors: Option<i64>,
    /// # 共用の理由
    pub shared_reason: Option<String>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 発行日
    pub issued_on: Date,
    /// # 棚卸し日
    /// 権限が今も要ることを確かめた日。
    #[schemars(extend("x-help-en" = "the day the need for it was confirmed"))]
    pub reviewed_on: Option<Date>,
    /// # 変更日
    /// パスワードを最後に改めた日。
    #[schemars(extend("x-help-en" = "the day the password was last changed"))]
    pub password_changed_on: Option<Date>,
    /// # 期限
    pub expires_on: Option<Date>,
    /// # 停止日
    #[garde(custom(not_before(self.issued_on)))]
    pub disabled_on: Option<Date>,
}

impl Register for Account {
    const SLUG: &'static str = "account";
    const LABEL: Text = Text::fixed("利用者ID・権限", "accounts and privileges");
    const CONCEPTS: &'static [&'static str] = &["human.credentials", "technical.access"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "system", "login", "person", "kind", "reviewed_on"];
    const DATED_BY: Option<&'static str> = Some("reviewed_on");
    const SAMPLE: &'static str = r#"{ "code": "ID-0001", "system": "SYS-001", "login": "p0104", "person": "P0104",
        "kind": "personal", "factors": 2, "approved_by": "P0120", "issued_on": "2024-04-01",
        "reviewed_on": "2026-06-30", "password_changed_on": "2026-04-01", "expires_on": "2027-03-31" }"#;
}

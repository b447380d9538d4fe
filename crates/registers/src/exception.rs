use crate::Person;
use crate::prelude::*;

choice! { Status "状態" { Applied = "申請中", Approved = "承認", Rejected = "却下", Closed = "終了" } }

/// # 例外措置
/// 遵守事項を守れないとき、代わりの措置と期限を付けて認めたもの。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Exception {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 遵守事項
    /// 遵守事項の番号。
    #[garde(length(chars, min = 1))]
    #[schemars(extend("x-help-en" = "the id of the duty"))]
    pub duty: String,
    /// # 台帳
    /// 対象が台帳の一行のとき、その台帳の名前(terminal など)。
    #[schemars(extend("x-help-en" = "for one row of a register: the register's name, as terminal"))]
    pub register: Option<String>,
    /// # 対象
    /// その行の番号。空欄は、遵守事項の全体を指す。
    #[schemars(extend("x-help-en" = "the code of that row; empty means the whole duty"))]
    pub subject: Option<String>,
    /// # 理由
    #[schemars(extend("x-widget" = "textarea"))]
    pub reason: Option<String>,
    /// # 代替措置
    #[schemars(extend("x-widget" = "textarea"))]
    pub measures: Option<String>,
    /// # 申請者
    pub applied_by: Option<Ref<Person>>,
    /// # 承認者
    /// 申請した本人ではない者。
    #[schemars(extend("x-help-en" = "not the applicant"))]
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 期限
    #[garde(custom(not_before(self.approved_on)))]
    pub expires_on: Option<Date>,
    /// # 状態
    pub status: Status,
}

impl Register for Exception {
    const SLUG: &'static str = "exception";
    const LABEL: Text = Text::fixed("例外措置", "exceptions");
    const CONCEPTS: &'static [&'static str] = &["operation.exception"];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "duty", "register", "subject", "status", "expires_on"];
    const SAMPLE: &'static str = r#"{ "code": "EX-01", "duty": "resilience.mynumber.authentication",
        "register": "terminal", "subject": "T-0001", "reason": "読取機の故障", "measures": "職員二人の立会いで使う。",
        "applied_by": "P0120", "approved_by": "P0005", "approved_on": "2026-11-01", "expires_on": "2026-12-28",
        "status": "approved" }"#;
}

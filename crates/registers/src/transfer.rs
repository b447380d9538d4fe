//! The rows of an announcement of transfers (辞令). It is no register: a sheet of it is read, planned and confirmed, and what it
//! changes are the registers of personnel and roles.

use crate::Section;
use crate::person::Employment;
use crate::prelude::*;

choice! { TransferKind "区分" {
    Joining = "採用・転入" / "joining", Moving = "異動・昇任" / "moving", Leaving = "退職・転出" / "leaving",
} }

/// # 人事異動
/// 一行が一人の異動。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TransferRow {
    /// # 職員番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 氏名
    /// 採用・転入では必ず書く。そのほかでは、台帳の氏名と違えば知らせる。
    #[schemars(extend("x-help-en" = "needed for who joins; compared with the register for everybody else"))]
    pub name: Option<String>,
    /// # 区分
    /// 空欄のときは、台帳にいない職員を採用・転入、いる職員を異動・昇任とする。
    #[schemars(extend("x-help-en" = "where empty, whoever is new joins and whoever is known moves"))]
    pub kind: Option<TransferKind>,
    /// # 新所属
    #[schemars(extend("x-en" = "new section"))]
    pub section: Option<Ref<Section>>,
    /// # 新職名
    #[schemars(extend("x-en" = "new position"))]
    pub position: Option<String>,
    /// # 発令日
    /// 異動の日と違うときだけ書く。退職・転出では、最後の日の翌日。
    #[schemars(extend("x-en" = "first day", "x-help-en" = "only where it differs from the day of the announcement; for who leaves, the day after the last"))]
    pub on: Option<Date>,
    /// # よみ
    pub reading: Option<String>,
    /// # 任用の別
    /// 採用・転入では必ず選ぶ。
    #[schemars(extend("x-help-en" = "needed for who joins"))]
    pub employment: Option<Employment>,
    /// # メール
    #[garde(email)]
    pub email: Option<String>,
    /// # 個人番号を扱う
    #[serde(default)]
    #[schemars(extend("x-en" = "handles MyNumber"))]
    pub handles_mynumber: bool,
}

impl Register for TransferRow {
    const SLUG: &'static str = "transfer";
    const LABEL: Text = Text::fixed("人事異動", "transfers");
    const CONCEPTS: &'static [&'static str] = &[];
    const TITLE: &'static str = "code";
    const COLUMNS: &'static [&'static str] = &["code", "name", "kind", "section", "position", "on"];
    const SAMPLE: &'static str = r#"{ "code": "P0104", "name": "見本 花子", "kind": "moving", "section": "S08",
        "position": "係長", "on": "2027-04-01" }"#;
}

#[cfg(test)]
mod tests {
    use register::Kind;

    use super::TransferRow;

    #[test]
    fn the_rows_of_an_announcement_are_read_as_rows_of_a_register_are() {
        let kind = Kind::of::<TransferRow>();
        assert!(kind.defects().is_empty(), "{:?}", kind.defects());
    }
}

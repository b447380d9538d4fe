//! Definitions and documents: what a kind says about itself and about a document from elsewhere.

use garde::Validate;
use model::lang::Text;
use register::{FieldKind, Kind, Register};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::gadget::{gadgets, kinds};

#[test]
fn a_struct_becomes_fields() {
    let kind = gadgets();
    let fields: Vec<String> = kind
        .fields
        .iter()
        .map(|field| {
            let mark = |on, mark| if on { mark } else { "" };
            format!(
                "{}{}{} | {} | {} | {:?}",
                field.name,
                mark(field.required, "!"),
                mark(field.nullable, "?"),
                field.label.ja,
                field.label.en,
                field.kind
            )
        })
        .collect();
    insta::assert_snapshot!(fields.join("\n"));
    assert_eq!(
        kind.field("name").unwrap().help.as_ref().unwrap().ja,
        "銘板のとおりに書く。"
    );
    assert_eq!(kind.field("note").unwrap().widget.as_deref(), Some("textarea"));
}

#[test]
fn a_fit_definition_has_no_defects() {
    for kind in kinds() {
        assert_eq!(kind.defects(), [], "{}", kind.slug);
    }
}

#[test]
fn all_broken_rules_of_a_document_come_at_once_in_both_languages() {
    let mut document = gadgets().sample;
    document["name"] = json!("");
    document["factors"] = json!("many");
    document["status"] = json!("broken");
    document["colour"] = json!("red");
    let faults = gadgets().check(&document);
    let found: Vec<String> = faults
        .iter()
        .map(|fault| {
            format!(
                "{}: {} | {}",
                fault.field.as_deref().unwrap_or("-"),
                fault.message.ja,
                fault.message.en
            )
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn bounds_and_the_structs_own_rules_come_together() {
    let mut document = gadgets().sample;
    document["factors"] = json!(4);
    document["offices"] = json!(["1", "2", "3", "4"]);
    document["mail"] = json!("nobody");
    let faults = gadgets().check(&document);
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.field.as_deref().unwrap(), &*fault.message.ja))
        .collect();
    assert_eq!(
        found,
        [
            ("offices", "3件以内で入力してください"),
            ("factors", "3以下の値を入力してください"),
            ("mail", "メールアドレスの形(name@example.jp など)で入力してください"),
        ]
    );
    assert_eq!(faults[2].message.en, "must be a mail address, such as name@example.jp");
}

/// # 欠陥
#[derive(Serialize, Deserialize, JsonSchema, Validate)]
#[garde(allow_unvalidated)]
struct Defective {
    /// # コード
    #[garde(length(min = 1, max = 4))]
    code: String,
    ratio: f64,
}

impl Register for Defective {
    const SLUG: &'static str = "defective";
    const LABEL: Text = Text::fixed("欠陥", "defective");
    const CONCEPTS: &'static [&'static str] = &[];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code"];
    const DATED_BY: Option<&'static str> = Some("code");
    const SAMPLE: &'static str = "{";
}

#[test]
fn what_is_wrong_with_a_definition_is_told() {
    let defects: Vec<String> = Kind::of::<Defective>()
        .defects()
        .into_iter()
        .map(|defect| defect.message.en.into_owned())
        .collect();
    insta::assert_snapshot!(defects.join("\n"));
}

#[test]
fn a_length_in_bytes_is_a_defect() {
    /// # 長さ
    #[derive(Serialize, Deserialize, JsonSchema, Validate)]
    #[garde(allow_unvalidated)]
    struct Bytes {
        /// # コード
        #[garde(length(min = 1, max = 4))]
        code: String,
    }
    impl Register for Bytes {
        const SLUG: &'static str = "bytes";
        const LABEL: Text = Text::fixed("長さ", "bytes");
        const CONCEPTS: &'static [&'static str] = &[];
        const TITLE: &'static str = "code";
        const COLUMNS: &'static [&'static str] = &["code"];
        const SAMPLE: &'static str = r#"{ "code": "1" }"#;
    }
    let defects = Kind::of::<Bytes>().defects();
    assert_eq!(defects.len(), 1);
    assert!(defects[0].message.ja.contains("length(chars"), "{:?}", defects[0]);
}

#[test]
fn an_option_of_an_enum_is_a_choice() {
    let kind = gadgets();
    let size = kind.field("size").unwrap();
    assert!(size.nullable && !size.required);
    assert!(matches!(&size.kind, FieldKind::Choice(choices) if choices.len() == 2));
}

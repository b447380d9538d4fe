//! What a city adds by a schema file.

use model::lang::Lang;
use register::table::{self, Format, Table};
use register::{import, local};
use serde_json::json;

use crate::gadget::{kinds, table, words};

const COLOUR: &str = r##"{
    "x-extends": "gadget",
    "type": "object",
    "properties": {
        "colour": { "title": "色", "$ref": "#/$defs/Colour" },
        "asset_number": { "title": "備品番号", "type": "string", "maxLength": 5, "pattern": "^[A-Z][0-9]+$" },
        "keeper": { "title": "保管課", "type": "string", "x-ref": "office" }
    },
    "required": ["asset_number"],
    "$defs": { "Colour": { "oneOf": [
        { "const": "red", "title": "赤" }, { "const": "blue", "title": "青", "x-en": "navy" }
    ] } }
}"##;

const VEHICLE: &str = r#"{
    "x-register": "vehicle", "title": "車両", "x-en": "vehicles", "x-dated-by": "inspected_on",
    "type": "object",
    "properties": {
        "code": { "title": "管理番号", "type": "string", "minLength": 1, "maxLength": 8 },
        "office": { "title": "所管", "type": "string", "x-ref": "office" },
        "seats": { "title": "定員", "type": "integer", "minimum": 1 },
        "inspected_on": { "title": "点検日", "type": "string", "format": "date" }
    },
    "required": ["code"],
    "examples": [{ "code": "V-1", "seats": 5 }]
}"#;

#[test]
fn added_fields_are_columns_and_stand_under_local() {
    let mut kinds = kinds();
    local::apply(&mut kinds, COLOUR).unwrap();
    let text = "code,name,status,acquired_on,色,備品番号,local.keeper\n\
        G-1,甲,使用中,2026-04-01,赤,A12,情報政策課\n\
        G-2,乙,使用中,2026-04-01,,B1,\n";
    let tables = [table(&kinds, "gadget.csv", text)];
    let imported = import(&kinds, &tables, words()).unwrap();
    let documents: Vec<_> = imported.entries["gadget"]
        .iter()
        .map(|entry| entry.document.clone())
        .collect();
    assert_eq!(
        documents[0]["local"],
        json!({ "colour": "red", "asset_number": "A12", "keeper": "100" })
    );
    assert_eq!(documents[1]["local"], json!({ "asset_number": "B1" }));
    assert!(kinds[0].check(&documents[0]).is_empty());
    assert_eq!(
        kinds[0].schema["properties"]["local"]["required"],
        json!(["asset_number"])
    );
    for format in [Format::Csv, Format::Xlsx] {
        let bytes = table::write(&kinds[0], &documents, &words(), format, Lang::Ja).unwrap();
        let tables = [table(&kinds, "gadget.csv", bytes)];
        let again = import(&kinds, &tables, words()).unwrap();
        assert_eq!(again.entries["gadget"][0].document, documents[0]);
    }
}

#[test]
fn added_fields_have_faults_like_any_other() {
    let mut kinds = kinds();
    local::apply(&mut kinds, COLOUR).unwrap();
    let text = "code,name,status,acquired_on,色,備品番号\nG-1,甲,使用中,2026-04-01,緑,12\n";
    let faults = import(&kinds, &[table(&kinds, "gadget.csv", text)], words()).unwrap_err();
    let found: Vec<(&str, &str, &str)> = faults
        .iter()
        .map(|f| (f.cell.as_deref().unwrap(), f.field.as_deref().unwrap(), &*f.message.ja))
        .collect();
    assert_eq!(
        found,
        [
            (
                "E2",
                "local.colour",
                "「緑」は読み取れない。次のどれかを入力してください: 赤、青"
            ),
            (
                "F2",
                "local.asset_number",
                "決められた形(^[A-Z][0-9]+$)で入力してください"
            ),
        ]
    );
    let mut document = kinds[0].sample.clone();
    document["local"] = json!({ "colour": "green", "size": 1 });
    let fields: Vec<Option<String>> = kinds[0].check(&document).into_iter().map(|fault| fault.field).collect();
    let fields: Vec<&str> = fields.iter().flatten().map(String::as_str).collect();
    assert_eq!(fields, ["local.size", "local.colour", "local.asset_number"]);
}

#[test]
fn facts_of_added_fields_carry_a_prefix() {
    let mut kinds = kinds();
    local::apply(&mut kinds, COLOUR).unwrap();
    assert!(kinds[0].fact_schema().position("local_colour").is_some());
}

#[test]
fn a_city_has_registers_of_its_own() {
    let mut kinds = kinds();
    local::apply(&mut kinds, VEHICLE).unwrap();
    let tables: Vec<Table> = vec![table(
        &kinds,
        "車両.csv",
        "管理番号,定員,点検日,所管\nV-1,５,R8.4.1,総務課\nV-2,,,\n",
    )];
    let faults = import(&kinds, &tables, words()).unwrap_err();
    assert_eq!(faults[0].code, "ambiguous-reference");
    let tables = vec![table(
        &kinds,
        "vehicle.csv",
        "管理番号,定員,点検日,所管\nV-1,５,R8.4.1,200\nV-2,,,\n",
    )];
    let entries = &import(&kinds, &tables, words()).unwrap().entries["vehicle"];
    assert_eq!(
        entries[0].document,
        json!({ "code": "V-1", "office": "200", "seats": 5, "inspected_on": "2026-04-01" })
    );
    assert_eq!(entries[1].document, json!({ "code": "V-2" }));
    let vehicle = kinds.last().unwrap();
    assert!(vehicle.check(&entries[1].document).is_empty());
    assert_eq!(vehicle.check(&json!({ "code": "V-123456789", "seats": 0 })).len(), 2);
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    let file = r##"{
        "x-extends": "gadget",
        "allOf": [],
        "additionalProperties": true,
        "properties": {
            "Colour": { "title": "色", "type": "string" },
            "a": { "title": "あ", "$ref": "https://example.jp/schema.json" },
            "b": { "title": "い", "$ref": "#/$defs/nowhere" },
            "c": { "title": "う", "type": "string", "pattern": "(" },
            "d": { "title": "え", "type": "string", "format": "email" },
            "e": { "title": "お", "type": "object", "properties": {} },
            "h": { "title": "か", "type": "string", "pattern": "(a{1000}){1000}" }
        },
        "required": ["z"]
    }"##;
    let mut kinds = kinds();
    let diagnostics = local::apply(&mut kinds, file).unwrap_err();
    let messages: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| format!("{}\n  {}", diagnostic.message.ja, diagnostic.message.en))
        .collect();
    insta::assert_snapshot!(messages.join("\n"));
    assert_eq!(kinds[0].fields.len(), 15, "the kind is as it was");
}

#[test]
fn types_and_labels_that_cannot_be_used_are_refused() {
    let file = r#"{
        "x-extends": "gadget",
        "properties": {
            "f": { "type": "number" },
            "g": { "title": "名称", "type": "string" },
            "h": { "title": "選択", "enum": ["a", "b"] },
            "i": { "title": "一覧", "type": "array", "items": { "type": "string" } }
        }
    }"#;
    let diagnostics = local::apply(&mut kinds(), file).unwrap_err();
    let messages: Vec<&str> = diagnostics.iter().map(|diagnostic| &*diagnostic.message.ja).collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn broken_json_and_unknown_registers_are_told() {
    let mut kinds = kinds();
    let broken = local::apply(&mut kinds, "{\n  \"title\": \"車両\",\n  oops\n}").unwrap_err();
    assert_eq!(broken[0].code, "json");
    assert_eq!(broken[0].span.unwrap().start, 25);
    let unknown = local::apply(&mut kinds, r#"{ "x-extends": "nothing" }"#).unwrap_err();
    assert_eq!(unknown[0].message.ja, "/x-extends: 「nothing」という台帳はない");
    let target = VEHICLE.replace("\"x-ref\": \"office\"", "\"x-ref\": \"bureau\"");
    assert!(
        local::apply(&mut kinds, &target).unwrap_err()[0]
            .message
            .en
            .contains("`bureau`")
    );
    let twice = VEHICLE.replace("\"vehicle\"", "\"office\"");
    assert!(local::apply(&mut kinds, &twice).is_err());
    let no_sample = VEHICLE.replace("\"V-1\"", "7");
    assert!(local::apply(&mut kinds, &no_sample).is_err());
}

#[test]
fn references_in_a_circle_end() {
    let file = r##"{
        "x-extends": "gadget",
        "properties": { "a": { "title": "あ", "$ref": "#/$defs/A" } },
        "$defs": { "A": { "anyOf": [{ "$ref": "#/$defs/A" }, { "$ref": "#/$defs/A" }] } }
    }"##;
    let diagnostics = local::apply(&mut kinds(), file).unwrap_err();
    assert!(diagnostics[0].message.en.contains("circle"), "{diagnostics:?}");
}

//! The OpenAPI document: whole in itself, whatever registers there are.

use std::collections::BTreeSet;

use register::openapi::OpenApi;
use serde_json::{Value, json};

use crate::gadget::kinds;

/// Every `$ref` of a document.
fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    let document = OpenApi::of(&kinds(), "1.0.0").document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 15, "{found:?}");
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
    let paths = document["paths"].as_object().unwrap();
    let operations: Vec<&Value> = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .collect();
    let names: BTreeSet<&str> = operations
        .iter()
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!((names.len(), operations.len()), (18, 18));
    for operation in operations {
        assert!(operation["security"][0]["token"].is_array(), "{operation}");
        assert!(operation["responses"]["401"].is_object(), "{operation}");
    }
}

#[test]
fn a_registers_schema_is_verbatim_and_its_definitions_have_names_of_their_own() {
    let kinds = kinds();
    let document = OpenApi::of(&kinds, "1.0.0").document();
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["gadget"]["properties"]["code"],
        kinds[0].schema["properties"]["code"]
    );
    assert_eq!(
        schemas["gadget"]["properties"]["status"]["$ref"],
        "#/components/schemas/gadget.Status"
    );
    assert_eq!(schemas["gadget.Status"], kinds[0].schema["$defs"]["Status"]);
    assert!(schemas["gadget"].get("$defs").is_none() && schemas["gadget"].get("$schema").is_none());
}

#[test]
fn filters_and_orders_are_those_of_the_list() {
    let document = OpenApi::of(&kinds(), "1.0.0").document();
    let parameters = document["paths"]["/registers/gadget"]["get"]["parameters"]
        .as_array()
        .unwrap();
    let parameter = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name).unwrap();
    assert!(parameter("filter")["schema"]["properties"].get("status").is_some());
    assert!(parameter("filter")["schema"]["properties"].get("note").is_none());
    let ranges: Vec<&String> = parameter("from")["schema"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(ranges, ["acquired_on", "confirmed_on", "factors"]);
    let orders = parameter("sort")["schema"]["enum"].as_array().unwrap();
    assert!(orders.contains(&json!("-acquired_on")) && !orders.contains(&json!("offices")));
}

#[test]
fn other_parts_of_the_program_add_their_paths() {
    let mut api = OpenApi::of(&[], "1.0.0");
    api.schema(
        "Proof",
        &json!({ "$defs": { "Hash": { "type": "string" } }, "items": { "$ref": "#/$defs/Hash" } }),
    );
    api.operation("/ledger", "get", json!({ "operationId": "ledger" }));
    api.operation("/ledger", "head", json!({ "operationId": "ledger_head" }));
    let document = api.document();
    assert_eq!(document["paths"]["/ledger"].as_object().unwrap().len(), 2);
    assert_eq!(
        document["components"]["schemas"]["Proof"]["items"]["$ref"],
        "#/components/schemas/Proof.Hash"
    );
}

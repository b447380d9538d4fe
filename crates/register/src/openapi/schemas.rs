//! Schemas under names that are unique in one document: a register's is its slug, what belongs to it begins with the slug
//! and a dot, and what all share begins with a capital letter.

use serde_json::{Map, Value, json};

use crate::definition::Kind;
use crate::openapi::part::named;

/// A register's document, a stored row of it, a page of rows, and its history.
pub(super) fn of_register(schemas: &mut Map<String, Value>, kind: &Kind) {
    let name = &kind.slug;
    lift(schemas, name, &kind.schema);
    let document = named(name);
    schemas.insert(
        format!("{name}.Entry"),
        json!({
            "type": "object",
            "properties": {
                "key": { "type": "string" },
                "title": { "type": "string" },
                "version": { "type": "integer", "minimum": 1 },
                "retired_at": { "type": ["string", "null"], "format": "date-time" },
                "document": document,
            },
            "required": ["key", "title", "version", "retired_at", "document"],
        }),
    );
    schemas.insert(
        format!("{name}.Page"),
        json!({
            "type": "object",
            "properties": {
                "entries": { "type": "array", "items": named(&format!("{name}.Entry")) },
                "next": { "type": ["string", "null"], "description": "the cursor of the next page" },
            },
            "required": ["entries", "next"],
        }),
    );
    schemas.insert(
        format!("{name}.History"),
        json!({
            "type": "object",
            "properties": {
                "versions": { "type": "array", "items": { "allOf": [
                    named("Version"),
                    { "type": "object", "properties": {
                        "document": { "anyOf": [document, { "type": "null" }], "description": "null where it was erased" },
                    } },
                ] } },
            },
            "required": ["versions"],
        }),
    );
}

/// Puts `schema` under `name`, and everything of its `$defs` beside it; what is verbatim stays so but for the `$ref`s.
pub(super) fn lift(schemas: &mut Map<String, Value>, name: &str, schema: &Value) {
    let mut own = schema.clone();
    let defs = own.as_object_mut().and_then(|own| {
        // `$id` would change what every `$ref` of the document means.
        own.shift_remove("$id");
        own.shift_remove("$schema");
        own.shift_remove("$defs")
    });
    relocate(&mut own, name);
    schemas.insert(name.to_owned(), own);
    for (inner, mut definition) in defs.as_ref().and_then(Value::as_object).cloned().unwrap_or_default() {
        relocate(&mut definition, name);
        schemas.insert(format!("{name}.{inner}"), definition);
    }
}

/// `#/$defs/X` → `#/components/schemas/{name}.X`, wherever it stands.
fn relocate(value: &mut Value, name: &str) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(target) if key == "$ref" => {
                        if let Some(inner) = target.strip_prefix("#/$defs/") {
                            *target = format!("#/components/schemas/{name}.{inner}");
                        }
                    }
                    value => relocate(value, name),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| relocate(item, name)),
        _ => {}
    }
}

/// What all registers answer with.
pub(super) fn shared() -> Map<String, Value> {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let mut schemas = Map::new();
    schemas.insert(
        "Refusal".to_owned(),
        json!({
            "type": "object",
            "description": "problem details (RFC 9457)",
            "properties": {
                "type": { "const": "about:blank" },
                "title": { "type": "string", "description": "what the status means" },
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "the first of the errors" },
                "errors": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "properties": {
                    "field": { "type": ["string", "null"], "description": "the field or parameter; null for the whole" },
                    "message": { "type": "string" },
                    "code": { "type": "string", "description": "a stable word for programs" },
                    "cell": { "type": "string", "description": "where it stands in a file: `C17`" },
                },
                "required": ["field", "message"],
            } } },
            "required": ["type", "title", "status", "detail", "errors"],
        }),
    );
    schemas.insert(
        "Version".to_owned(),
        json!({
            "type": "object",
            "properties": {
                "version": { "type": "integer", "minimum": 1 },
                "at": { "type": "string", "format": "date-time" },
                "act": { "type": "string", "description": "what was done: `entry.put`" },
                "actor": { "type": ["string", "null"], "description": "the key of the person; null for the program" },
                "leaf": { "type": "integer", "minimum": 0, "description": "the index of its entry in the ledger" },
            },
            "required": ["version", "at", "act", "actor", "leaf"],
        }),
    );
    let difference = json!({
        "type": "object",
        "properties": { "field": { "type": "string" }, "old": {}, "new": {} },
        "required": ["field", "old", "new"],
    });
    let changed = json!({
        "type": "object",
        "properties": {
            "key": { "type": "string" },
            "title": { "type": "string" },
            "row": { "type": "integer" },
            "differences": { "type": "array", "items": difference },
        },
        "required": ["key", "title", "row", "differences"],
    });
    schemas.insert(
        "ImportPlan".to_owned(),
        json!({
            "type": "object",
            "properties": {
                "applied": { "type": "boolean" },
                "created": texts,
                "changed": { "type": "array", "items": changed },
                "unchanged": { "type": "integer", "minimum": 0 },
                "absent": { "description": "rows that the file does not have; they stay", "allOf": [texts] },
            },
            "required": ["applied", "created", "changed", "unchanged", "absent"],
        }),
    );
    schemas
}

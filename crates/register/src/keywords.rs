//! The keywords of JSON Schema that a city's file may use, and nothing else.

use model::diagnostic::Diagnostic;
use model::lang::Text;
use serde_json::{Map, Value};

use crate::definition::LOCAL;
use crate::field::Pattern;

/// Keywords of the file as a whole.
static ROOT: [&str; 17] = [
    "$schema",
    "$id",
    "$defs",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "examples",
    "x-extends",
    "x-register",
    "x-en",
    "x-title",
    "x-columns",
    "x-concepts",
    "x-dated-by",
];

/// Keywords of a property, and of what `$defs` hold.
static PROPERTY: [&str; 25] = [
    "title",
    "description",
    "type",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "items",
    "format",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "default",
    "$ref",
    "x-ref",
    "x-scheme",
    "x-en",
    "x-help-en",
    "x-widget",
    "x-group",
    "x-group-en",
];

/// How deep a property may nest.
const DEPTH: usize = 6;
/// How many values all properties may have once every `$ref` is written out.
const VALUES: usize = 20_000;
/// The longest pattern, in bytes.
const PATTERN_BYTES: usize = 1_000;

/// A diagnostic at a JSON Pointer.
pub(crate) fn refused(pointer: &str, ja: &str, en: &str) -> Diagnostic {
    Diagnostic::error(
        "schema",
        Text::new(format!("{pointer}: {ja}"), format!("`{pointer}`: {en}")),
    )
}

/// A name for a field or register: `asset_number`.
pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && name.len() <= 64
        && name != LOCAL
}

/// Everything in a file that is not allowed.
pub(crate) fn check(schema: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let empty = Map::new();
    let root = schema.as_object().unwrap_or(&empty);
    for key in root.keys().filter(|key| !ROOT.contains(&key.as_str())) {
        found.push(unknown(&format!("/{key}"), key));
    }
    if root
        .get("additionalProperties")
        .is_some_and(|allowed| *allowed != Value::Bool(false))
    {
        found.push(refused(
            "/additionalProperties",
            "false だけが使える",
            "only `false` is allowed",
        ));
    }
    for part in ["properties", "$defs"] {
        let Some(entries) = root.get(part) else { continue };
        let Some(entries) = entries.as_object() else {
            found.push(not_an_object(&format!("/{part}")));
            continue;
        };
        for (name, property) in entries {
            let pointer = format!("/{part}/{name}");
            if part == "properties" && !is_name(name) {
                found.push(refused(
                    &pointer,
                    "項目の名前は英小文字で始め、英小文字・数字・_ だけで付けてください",
                    "a field's name has lower-case letters, digits and `_`, and begins with a letter",
                ));
            }
            walk(root, &pointer, property, 0, &mut found);
        }
    }
    for name in root.get("required").and_then(Value::as_array).into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if root
            .get("properties")
            .is_none_or(|properties| properties.get(name).is_none())
        {
            found.push(refused(
                "/required",
                &format!("「{name}」という項目はない"),
                &format!("`{name}` is not a field"),
            ));
        }
    }
    found
}

fn walk(root: &Map<String, Value>, pointer: &str, property: &Value, depth: usize, found: &mut Vec<Diagnostic>) {
    let Some(property) = property.as_object() else {
        found.push(not_an_object(pointer));
        return;
    };
    if depth > DEPTH {
        found.push(refused(pointer, "入れ子が深すぎる", "is nested too deeply"));
        return;
    }
    for (key, value) in property {
        let here = format!("{pointer}/{key}");
        match key.as_str() {
            "$ref" => found.extend(reference(root, &here, value)),
            "pattern" => found.extend(pattern(&here, value)),
            "format" if !matches!(value.as_str(), Some("date" | "int64")) => found.push(refused(
                &here,
                "使える書式は date だけ(ほかは pattern で書く)",
                "only the format `date` is kept; write others as a `pattern`",
            )),
            "items" => walk(root, &here, value, depth.saturating_add(1), found),
            "oneOf" | "anyOf" => {
                for (index, variant) in value.as_array().into_iter().flatten().enumerate() {
                    walk(
                        root,
                        &format!("{here}/{index}"),
                        variant,
                        depth.saturating_add(1),
                        found,
                    );
                }
            }
            key if PROPERTY.contains(&key) => {}
            key => found.push(unknown(&here, key)),
        }
    }
}

fn reference(root: &Map<String, Value>, pointer: &str, target: &Value) -> Option<Diagnostic> {
    let target = target.as_str().unwrap_or_default();
    let Some(name) = target.strip_prefix("#/$defs/") else {
        return Some(refused(
            pointer,
            &format!("`{target}` は使えない。参照先はこのファイルの #/$defs/ に置いてください"),
            &format!("`{target}` leaves the file; refer to `#/$defs/…` only"),
        ));
    };
    let known = root.get("$defs").is_some_and(|defs| defs.get(name).is_some());
    (!known).then(|| {
        refused(
            pointer,
            &format!("$defs に「{name}」がない"),
            &format!("there is no `{name}` in `$defs`"),
        )
    })
}

fn pattern(pointer: &str, pattern: &Value) -> Option<Diagnostic> {
    let pattern = pattern.as_str().unwrap_or_default();
    let error = if pattern.len() > PATTERN_BYTES {
        Text::new(
            format!("{PATTERN_BYTES}バイトを超えている"),
            format!("it is longer than {PATTERN_BYTES} bytes"),
        )
    } else {
        Pattern::new(pattern).err()?
    };
    Some(refused(
        pointer,
        &format!("正規表現として使えない({})", error.ja),
        &format!("not a usable pattern: {}", error.en),
    ))
}

fn unknown(pointer: &str, keyword: &str) -> Diagnostic {
    refused(
        pointer,
        &format!("「{keyword}」は使えないキーワード。取り除いてください"),
        &format!("the keyword `{keyword}` is not supported"),
    )
}

fn not_an_object(pointer: &str) -> Diagnostic {
    refused(pointer, "項目と値の組(object)ではない", "is not an object")
}

/// The file with every `$ref` written out, and without `$defs`.
///
/// # Errors
/// The file grows too large, or a `$ref` leads back to itself.
pub(crate) fn inline(schema: &Value) -> Result<Value, Vec<Diagnostic>> {
    let mut left = VALUES;
    let mut inlined = schema.clone();
    if let Some(root) = inlined.as_object_mut() {
        root.shift_remove("$defs");
        if let Some(properties) = root.get_mut("properties") {
            *properties = expand(schema, properties, &mut left, 0).ok_or_else(|| {
                vec![refused(
                    "/$defs",
                    "参照($ref)が循環しているか、多すぎる",
                    "the references lead in a circle, or are too many",
                )]
            })?;
        }
    }
    Ok(inlined)
}

fn expand(root: &Value, value: &Value, left: &mut usize, depth: usize) -> Option<Value> {
    *left = left.checked_sub(1).filter(|_| depth < 64)?;
    let deeper = depth.saturating_add(1);
    Some(match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| expand(root, item, left, deeper));
            Value::Array(items.collect::<Option<_>>()?)
        }
        Value::Object(map) => {
            let mut out = Map::new();
            let target = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| target.strip_prefix("#/$defs/"));
            if let Some(target) = target.and_then(|name| root.get("$defs")?.get(name))
                && let Value::Object(target) = expand(root, target, left, deeper)?
            {
                out.extend(target);
            }
            for (key, value) in map.iter().filter(|(key, _)| *key != "$ref") {
                out.insert(key.clone(), expand(root, value, left, deeper)?);
            }
            Value::Object(out)
        }
        other => other.clone(),
    })
}

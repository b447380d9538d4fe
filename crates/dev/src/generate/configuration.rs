//! `configuration.md`: every key of the configuration file with its default, from the types that read it.

use std::fmt::Write as _;

use serde_json::{Map, Value};

const OPENING: &str = "\
<!-- Written by `cargo dev generate` from the types of the configuration; do not edit. -->

# 構成ファイル (configuration)

`sanmon serve --config FILE` はTOMLのファイルを読む。書かない項目は既定の値になり、知らない項目があれば動かない。
The file is TOML. A key that is left out has its default; an unknown key is refused.
";

/// The page for the schema of the configuration.
#[must_use]
pub fn page(schema: &Value) -> String {
    let mut page = OPENING.to_owned();
    for (name, section) in properties(schema) {
        let section_schema = resolved(schema, section);
        let defaults = section.get("default").and_then(Value::as_object);
        table(&mut page, schema, &format!("[{name}]"), section_schema, defaults);
        for (key, property) in properties(section_schema) {
            let items = property.get("items").map(|items| resolved(schema, items));
            if let Some(items) = items.filter(|items| items.get("properties").is_some()) {
                table(&mut page, schema, &format!("[[{name}.{key}]]"), items, None);
            }
            if let Some(inner) = inner_table(schema, property) {
                table(&mut page, schema, &format!("[{name}.{key}]"), inner, None);
            }
        }
    }
    page
}

/// One section. Tables within it have sections of their own.
fn table(page: &mut String, schema: &Value, title: &str, section: &Value, defaults: Option<&Map<String, Value>>) {
    let _ = writeln!(page, "\n## `{title}`\n\n{}\n", description(section));
    let _ = writeln!(page, "| key | meaning | value | default |\n|---|---|---|---|");
    for (key, property) in properties(section) {
        let default = defaults
            .and_then(|defaults| defaults.get(key))
            .or_else(|| property.get("default"));
        let default = match default {
            None | Some(Value::Null) => String::new(),
            Some(value) => format!("`{value}`"),
        };
        let (meaning, kind) = (description(property), kind(schema, property));
        let _ = writeln!(
            page,
            "| `{key}` | {} | {kind} | {default} |",
            meaning.replace('|', "\\|")
        );
    }
}

/// The table that a key may hold and need not.
fn inner_table<'s>(schema: &'s Value, property: &'s Value) -> Option<&'s Value> {
    let choices = property.get("anyOf").and_then(Value::as_array)?;
    let mut shapes = choices.iter().map(|choice| resolved(schema, choice));
    shapes.find(|shape| shape.get("properties").is_some())
}

/// What a value is, in the words of TOML.
fn kind(schema: &Value, property: &Value) -> String {
    let shape = resolved(schema, property);
    let choices = |shape: &Value| {
        let one = shape.get("oneOf").and_then(Value::as_array)?;
        let words = one
            .iter()
            .map(|choice| choice.get("const").map(|word| format!("`{word}`")));
        words.collect::<Option<Vec<_>>>().map(|words| words.join(" · "))
    };
    if let Some(words) = choices(shape) {
        return words;
    }
    if inner_table(schema, property).is_some() || shape.get("type").and_then(Value::as_str) == Some("object") {
        return "table".to_owned();
    }
    let kind = match shape.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().find_map(Value::as_str).filter(|kind| *kind != "null"),
        Some(Value::String(kind)) => Some(kind.as_str()),
        _ => None,
    };
    kind.unwrap_or_default().to_owned()
}

fn description(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The schema that this one refers to, or itself.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let name = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|path| path.strip_prefix("#/$defs/"));
    let found = name.and_then(|name| root.get("$defs")?.get(name));
    found.unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_described_in_both_languages() {
        let page = page(sanmon::configuration().as_value());
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let wrong: Vec<&str> = rows.filter(|row| !row.contains(" — ")).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(
            page.contains("| `stop_seconds` |") && page.contains("## `[[ledger.witnesses]]`"),
            "{page}"
        );
        assert!(page.contains("`\"127.0.0.1:8080\"`"), "{page}");
        assert!(
            page.contains("## `[sign_in.directory]`") && page.contains("| `groups` |"),
            "{page}"
        );
    }
}

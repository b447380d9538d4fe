//! JSON Schema to fields: the one place that knows how a property becomes a [`Field`].
//!
//! Understood: `title`, `description`, `type` (also with `null`), `format: date`, `$ref` into `$defs`, `anyOf`/`oneOf`
//! with `null`, `oneOf`/`enum` of words, the bounds, and the `x-*` annotations listed at the [crate](crate).

use std::borrow::Cow;

use model::diagnostic::Diagnostic;
use model::lang::Text;
use model::scheme::SchemeKind;
use serde_json::{Map, Value};

use crate::field::{Bounds, Choice, Field, FieldKind, Pattern};

/// How many `$ref` may lead to one another; a cycle ends here.
const REFERENCES: usize = 8;

/// The fields of an object schema, in order, and what could not be understood.
pub(crate) fn fields(schema: &Value) -> (Vec<Field>, Vec<Diagnostic>) {
    let mut defects = Vec::new();
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object);
    let fields = properties
        .into_iter()
        .flatten()
        .map(|(name, property)| field(schema, name, property, required.contains(&name.as_str()), &mut defects))
        .collect();
    (fields, defects)
}

fn field(root: &Value, name: &str, property: &Value, listed: bool, defects: &mut Vec<Diagnostic>) -> Field {
    let shape = Shape::of(root, property);
    let kind = kind(root, &shape).unwrap_or_else(|message| {
        defects.push(defect(name, message));
        FieldKind::Text
    });
    let never_empty = matches!(kind, FieldKind::Boolean | FieldKind::References(_));
    let mut field = Field {
        name: name.to_owned(),
        label: label(&shape, name),
        help: help(&shape),
        required: listed && !shape.nullable && !never_empty,
        nullable: shape.nullable,
        local: false,
        bounds: bounds(&shape),
        widget: shape.text("x-widget").map(str::to_owned),
        group: group(&shape),
        kind,
    };
    if matches!(field.kind, FieldKind::References(_)) {
        field.required = field.bounds.min_length.is_some_and(|least| least > 0);
    }
    if shape.text("title").is_none() {
        let message = Text::fixed("見出し(title)がない", "it has no `title`");
        defects.push(defect(name, message));
    }
    if let FieldKind::Choice(choices) = &field.kind {
        for choice in choices.iter().filter(|choice| choice.label.ja == choice.value) {
            let message = Text::new(
                format!("選択肢「{}」の日本語名がない", choice.value),
                format!("its choice `{}` has no Japanese label", choice.value),
            );
            defects.push(defect(name, message));
        }
    }
    field
}

pub(crate) fn defect(name: &str, message: Text) -> Diagnostic {
    let message = Text::new(
        format!("項目「{name}」: {}", message.ja),
        format!("field `{name}`: {}", message.en),
    );
    Diagnostic::error("schema", message)
}

/// A property with its references resolved: what stands beside `$ref` wins over what it leads to.
struct Shape<'s> {
    layers: Vec<&'s Map<String, Value>>,
    nullable: bool,
}

impl<'s> Shape<'s> {
    fn of(root: &'s Value, property: &'s Value) -> Self {
        let mut shape = Self {
            layers: Vec::new(),
            nullable: false,
        };
        let mut next = property.as_object();
        while let Some(layer) = next.take()
            && shape.layers.len() < REFERENCES
        {
            shape.layers.push(layer);
            next = shape.step(root, layer);
        }
        let types = shape.get("type");
        if types
            .and_then(Value::as_array)
            .is_some_and(|types| types.iter().any(is_null_type))
        {
            shape.nullable = true;
        }
        shape
    }

    /// The schema that `layer` leads to.
    fn step(&mut self, root: &'s Value, layer: &'s Map<String, Value>) -> Option<&'s Map<String, Value>> {
        if let Some(target) = layer.get("$ref").and_then(Value::as_str) {
            let name = target.strip_prefix("#/$defs/")?;
            return root.get("$defs")?.get(name)?.as_object();
        }
        let variants = ["anyOf", "oneOf", "allOf"]
            .iter()
            .find_map(|word| layer.get(*word).and_then(Value::as_array))?;
        let null = |variant: &&Value| variant.get("type").is_some_and(is_null_type);
        let mut others = variants.iter().filter(|variant| !null(variant));
        let only = others.next()?;
        if others.next().is_some() || only.get("const").is_some() {
            return None;
        }
        self.nullable |= variants.iter().any(|variant| null(&variant));
        only.as_object()
    }

    fn get(&self, key: &str) -> Option<&'s Value> {
        self.layers.iter().find_map(|layer| layer.get(key))
    }

    fn text(&self, key: &str) -> Option<&'s str> {
        self.get(key).and_then(Value::as_str)
    }

    /// The type, `null` aside.
    fn kind(&self) -> Option<&'s str> {
        match self.get("type")? {
            Value::String(kind) => Some(kind),
            Value::Array(kinds) => kinds.iter().filter(|kind| !is_null_type(kind)).find_map(Value::as_str),
            _ => None,
        }
    }
}

fn is_null_type(kind: &Value) -> bool {
    kind.as_str() == Some("null")
}

fn kind(root: &Value, shape: &Shape<'_>) -> Result<FieldKind, Text> {
    if let Some(word) = shape.text("x-scheme") {
        return SchemeKind::from_slug(word).map(FieldKind::Scheme).ok_or_else(|| {
            Text::new(
                format!("x-scheme「{word}」という区分はない"),
                format!("`{word}` is no scheme"),
            )
        });
    }
    let target = shape.text("x-ref").map(str::to_owned);
    if let Some(choices) = choices(shape) {
        return Ok(FieldKind::Choice(choices));
    }
    match (shape.kind(), target) {
        (Some("string"), Some(target)) => Ok(FieldKind::Reference(target)),
        (Some("array"), target) => {
            let items = shape.get("items").map(|items| Shape::of(root, items));
            let inner = items.as_ref().and_then(|items| items.text("x-ref"));
            let of_text = items.as_ref().and_then(Shape::kind) == Some("string");
            let target = target.or_else(|| inner.map(str::to_owned)).filter(|_| of_text);
            target.map(FieldKind::References).ok_or_else(|| {
                Text::fixed(
                    "一覧(array)は他の台帳への参照(x-ref)だけが使える",
                    "only a list of references (`x-ref`) is understood",
                )
            })
        }
        (Some("string"), None) if shape.text("format") == Some("date") => Ok(FieldKind::Date),
        (Some("string"), None) => Ok(FieldKind::Text),
        (Some("integer"), None) => Ok(FieldKind::Integer),
        (Some("boolean"), None) => Ok(FieldKind::Boolean),
        (other, _) => {
            let other = other.unwrap_or("?");
            Err(Text::new(
                format!("型 `{other}` は使えない"),
                format!("type `{other}` is not understood"),
            ))
        }
    }
}

/// The words of `oneOf`/`anyOf` with `const`, or of `enum`.
fn choices(shape: &Shape<'_>) -> Option<Vec<Choice>> {
    let mut found = Vec::new();
    if let Some(words) = shape.get("enum").and_then(Value::as_array) {
        found.extend(
            words
                .iter()
                .filter_map(Value::as_str)
                .map(|word| choice(word, None, None)),
        );
    } else {
        let variants = shape.get("oneOf").or_else(|| shape.get("anyOf"))?.as_array()?;
        for variant in variants {
            let text = |key| variant.get(key).and_then(Value::as_str);
            if let Some(word) = text("const") {
                let first_line = text("description").and_then(|doc| doc.lines().next());
                found.push(choice(word, text("title").or(first_line), text("x-en")));
            } else if let Some(words) = variant.get("enum").and_then(Value::as_array) {
                found.extend(
                    words
                        .iter()
                        .filter_map(Value::as_str)
                        .map(|word| choice(word, None, None)),
                );
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

fn choice(value: &str, ja: Option<&str>, en: Option<&str>) -> Choice {
    Choice {
        value: value.to_owned(),
        label: Text::new(
            ja.unwrap_or(value),
            en.map_or_else(|| spelled_out(value), Cow::Borrowed),
        ),
    }
}

fn label(shape: &Shape<'_>, name: &str) -> Text {
    let english = shape.text("x-en").map_or_else(|| spelled_out(name), Cow::Borrowed);
    Text::new(shape.text("title").unwrap_or(name), english)
}

/// `patched_on` → `patched on`.
pub(crate) fn spelled_out(name: &str) -> Cow<'_, str> {
    Cow::Owned(name.replace('_', " "))
}

fn help(shape: &Shape<'_>) -> Option<Text> {
    // Only the property's own words: the documentation of an enum type is not help for the field.
    let own = shape.layers.first()?;
    let text = |key: &str| own.get(key).and_then(Value::as_str);
    let ja = text("description")?;
    Some(Text::new(ja, text("x-help-en").unwrap_or(ja)))
}

fn group(shape: &Shape<'_>) -> Option<Text> {
    let ja = shape.text("x-group")?;
    Some(Text::new(ja, shape.text("x-group-en").unwrap_or(ja)))
}

fn bounds(shape: &Shape<'_>) -> Bounds {
    let length = |key| {
        shape
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let number = |key| shape.get(key).and_then(Value::as_i64);
    Bounds {
        min_length: length("minLength").or_else(|| length("minItems")),
        max_length: length("maxLength").or_else(|| length("maxItems")),
        minimum: number("minimum"),
        maximum: number("maximum"),
        pattern: shape.text("pattern").and_then(|pattern| Pattern::new(pattern).ok()),
        format: shape
            .text("format")
            .filter(|format| *format != "date")
            .map(str::to_owned),
    }
}

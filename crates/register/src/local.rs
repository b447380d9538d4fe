//! What a city adds without a compiler: fields for our registers, and registers of its own, each a JSON Schema file.
//!
//! ```json
//! {
//!   "x-extends": "terminal",
//!   "type": "object",
//!   "properties": {
//!     "asset_number": { "title": "備品番号", "x-en": "asset number", "type": "string", "maxLength": 20 }
//!   }
//! }
//! ```
//! The values stand under `local` in a document, so that a later field of ours never meets one of the city's; in tables
//! they are columns like any other. A register of the city's own says `x-register` instead, has a required text field
//! `code`, and gives one document under `examples`:
//!
//! ```json
//! {
//!   "x-register": "vehicle", "title": "車両", "x-en": "vehicles",
//!   "x-title": "code", "x-columns": ["code"], "x-concepts": [], "x-dated-by": "inspected_on",
//!   "type": "object",
//!   "properties": {
//!     "code": { "title": "管理番号", "type": "string", "minLength": 1, "maxLength": 40 },
//!     "inspected_on": { "title": "点検日", "type": "string", "format": "date" }
//!   },
//!   "required": ["code"],
//!   "examples": [{ "code": "V-1" }]
//! }
//! ```
//! Only the keywords that forms and tables keep are taken; anything else, and any `$ref` that leaves the file, is
//! refused with its place.

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use serde_json::{Map, Value, json};

use crate::definition::{KEY, Kind, LOCAL};
use crate::field::{Field, FieldKind};
use crate::keywords;
use crate::schema;

/// The largest schema file, in bytes.
const FILE_BYTES: usize = 1 << 20;
/// The most fields of one file.
const FIELDS: usize = 200;

/// Takes one schema file in: adds its fields to the register that it extends, or its register to `kinds`.
///
/// # Errors
/// Everything that is wrong with the file; `kinds` is as it was. `code` is `schema` or `json`; messages name the place
/// as a JSON Pointer (RFC 6901) or the field. Keywords are looked at first; types, labels and names once all keywords
/// are understood.
pub fn apply(kinds: &mut Vec<Kind>, source: &str) -> Result<(), Vec<Diagnostic>> {
    let schema = parse(source)?;
    let slugs: Vec<String> = kinds.iter().map(|kind| kind.slug.clone()).collect();
    if let Some(slug) = schema.get("x-extends").and_then(Value::as_str) {
        let Some(kind) = kinds.iter_mut().find(|kind| kind.slug == slug) else {
            return Err(vec![unknown_register("/x-extends", slug)]);
        };
        let mut extended = kind.clone();
        extended.extend(source)?;
        unknown_targets(&extended, &slugs)?;
        *kind = extended;
        return Ok(());
    }
    let kind = Kind::from_schema(source)?;
    if slugs.contains(&kind.slug) {
        return Err(vec![keywords::refused(
            "/x-register",
            &format!(
                "台帳「{}」は既にある。x-extends を使うか、別の名前にしてください",
                kind.slug
            ),
            &format!(
                "there is a register `{}` already; use `x-extends` or another name",
                kind.slug
            ),
        )]);
    }
    unknown_targets(&kind, &slugs)?;
    kinds.push(kind);
    Ok(())
}

impl Kind {
    /// A register that a city defined by a JSON Schema; see [`local`](crate::local).
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn from_schema(source: &str) -> Result<Self, Vec<Diagnostic>> {
        let schema = parse(source)?;
        let mut found = keywords::check(&schema);
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let slug = text("x-register").unwrap_or_default();
        if !keywords::is_name(slug) {
            found.push(keywords::refused(
                "/x-register",
                "台帳の名前を英小文字・数字・_ で付けてください",
                "name the register in lower-case letters, digits and `_`",
            ));
        }
        let Some(title) = text("title") else {
            found.push(keywords::refused(
                "/title",
                "台帳の日本語名がない",
                "the register has no Japanese name",
            ));
            return Err(found);
        };
        let list = |key: &str| -> Vec<String> {
            let words = schema.get(key).and_then(Value::as_array).into_iter().flatten();
            words.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        if !found.is_empty() {
            return Err(found);
        }
        let inlined = keywords::inline(&schema)?;
        let (fields, mut found) = fields(&inlined, false);
        let kind = Self {
            slug: slug.to_owned(),
            label: Text::new(
                title,
                text("x-en").map_or_else(|| schema::spelled_out(slug), Into::into),
            ),
            concepts: list("x-concepts"),
            title: text("x-title").unwrap_or(KEY).to_owned(),
            columns: Some(list("x-columns"))
                .filter(|columns| !columns.is_empty())
                .unwrap_or_else(|| vec![KEY.to_owned()]),
            dated_by: text("x-dated-by").map(str::to_owned),
            fields,
            sample: schema.pointer("/examples/0").cloned().unwrap_or(Value::Null),
            schema: inlined,
            defects: Vec::new(),
            check: None,
        };
        if found.is_empty() {
            found.extend(kind.defects());
        }
        if found.is_empty() { Ok(kind) } else { Err(found) }
    }

    /// Adds the fields of a city's JSON Schema; see [`local`](crate::local).
    ///
    /// # Errors
    /// Everything that is wrong with the file, and labels or names that the register has already; the kind is as it was.
    pub fn extend(&mut self, source: &str) -> Result<(), Vec<Diagnostic>> {
        let schema = parse(source)?;
        let found = keywords::check(&schema);
        if !found.is_empty() {
            return Err(found);
        }
        let inlined = keywords::inline(&schema)?;
        let (added, mut found) = fields(&inlined, true);
        for field in &added {
            let same = |known: &&Field| known.label.ja == field.label.ja || (known.local && known.name == field.name);
            if let Some(known) = self.fields.iter().find(same) {
                found.push(keywords::refused(
                    &format!("/properties/{}", field.name),
                    &format!("「{}」は既にある項目。別の名前と見出しにしてください", known.label.ja),
                    &format!("the register has a field `{}` already", known.label.en),
                ));
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        self.fields.extend(added);
        self.embed(&inlined);
        Ok(())
    }

    /// Makes the city's properties part of the register's schema.
    fn embed(&mut self, added: &Value) {
        let local = self
            .schema
            .get_mut("properties")
            .and_then(Value::as_object_mut)
            .map(|properties| {
                properties.entry(LOCAL).or_insert_with(|| {
                    json!({
                        "title": "市が加えた項目",
                        "type": "object",
                        "properties": {},
                        "required": [],
                        "additionalProperties": false
                    })
                })
            });
        let Some(local) = local else { return };
        if let (Some(Value::Object(known)), Some(Value::Object(new))) =
            (local.get_mut("properties"), added.get("properties"))
        {
            known.extend(new.clone());
        }
        if let (Some(Value::Array(known)), Some(Value::Array(new))) = (local.get_mut("required"), added.get("required"))
        {
            known.extend(new.iter().cloned());
        }
    }
}

/// The fields of a checked schema. A property that is not required may be left empty, whatever its type says; only a
/// yes/no with a default is never unknown.
fn fields(schema: &Value, local: bool) -> (Vec<Field>, Vec<Diagnostic>) {
    let (mut fields, mut defects) = schema::fields(schema);
    if fields.is_empty() {
        defects.push(keywords::refused(
            "/properties",
            "項目が一つもない",
            "there are no fields",
        ));
    }
    if fields.len() > FIELDS {
        defects.push(keywords::refused(
            "/properties",
            &format!("項目が多すぎる({FIELDS}まで)"),
            &format!("there are too many fields (at most {FIELDS})"),
        ));
    }
    for field in &mut fields {
        field.local = local;
        let default = schema.pointer(&format!("/properties/{}/default", field.name));
        let settled = field.kind == FieldKind::Boolean && default.is_some();
        field.nullable |= !field.required && !settled && !matches!(field.kind, FieldKind::References(_));
    }
    (fields, defects)
}

fn parse(source: &str) -> Result<Value, Vec<Diagnostic>> {
    if source.len() > FILE_BYTES {
        let message = Text::fixed("ファイルが大きすぎる(1MBまで)", "the file is too large (at most 1 MB)");
        return Err(vec![Diagnostic::error("json", message)]);
    }
    let source = source.trim_start_matches('\u{feff}');
    match serde_json::from_str::<Map<String, Value>>(source) {
        Ok(schema) => Ok(Value::Object(schema)),
        Err(error) => {
            let message = Text::new(format!("JSONとして読めない: {error}"), format!("not JSON: {error}"));
            let start = offset(source, error.line(), error.column());
            Err(vec![Diagnostic::error("json", message).at(Span::new(start, start))])
        }
    }
}

/// The byte of a line and column that count from 1.
fn offset(source: &str, line: usize, column: usize) -> usize {
    let before = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len);
    let mut at = before
        .fold(0_usize, usize::saturating_add)
        .saturating_add(column.saturating_sub(1));
    at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// References must lead to registers that exist, or to the register itself.
fn unknown_targets(kind: &Kind, slugs: &[String]) -> Result<(), Vec<Diagnostic>> {
    let known = |target: &str| target == kind.slug || slugs.iter().any(|slug| slug == target);
    let unknown = kind.fields.iter().filter_map(|field| {
        let target = field.target().filter(|target| !known(target))?;
        Some(unknown_register(&format!("/properties/{}/x-ref", field.name), target))
    });
    let unknown: Vec<Diagnostic> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(unknown) }
}

fn unknown_register(pointer: &str, slug: &str) -> Diagnostic {
    keywords::refused(
        pointer,
        &format!("「{slug}」という台帳はない"),
        &format!("there is no register `{slug}`"),
    )
}

//! The paths of one register; they are the same for every register.

use serde_json::{Value, json};

use crate::definition::Kind;
use crate::field::{Field, FieldKind};
use crate::list::{self, By};
use crate::openapi::part::{answer, body, in_query, named, responses, token};
use crate::openapi::{OpenApi, Scope};
use crate::words::Words;

/// Reading registers.
const READ: &str = "registers:read";
/// Changing them.
const WRITE: &str = "registers:write";
/// Taking them out as tables.
const EXPORT: &str = "registers:export";
/// Taking tables in.
const IMPORT: &str = "registers:import";

/// What tables are exchanged in.
const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn of_register(api: &mut OpenApi, kind: &Kind) {
    let all = format!("/registers/{}", kind.slug);
    let one = format!("{all}/{{key}}");
    api.operation(&all, "get", rows(kind));
    api.operation(&all, "post", create(kind));
    api.operation(&one, "get", read(kind));
    api.operation(&one, "put", update(kind));
    for verb in ["retire", "restore"] {
        api.operation(&format!("{one}/{verb}"), "post", mark(kind, verb));
    }
    api.operation(&format!("{one}/history"), "get", history(kind));
    // Not below the register's own path, where a row may have any key.
    api.operation(&format!("/tables/{}", kind.slug), "get", export(kind));
    api.operation(&format!("/tables/{}", kind.slug), "post", import(kind));
}

fn operation(kind: &Kind, verb: &str, summary: &str, scope: &str) -> Value {
    json!({
        "tags": [kind.slug],
        "operationId": format!("{}_{verb}", kind.slug),
        "summary": format!("{summary} ({})", kind.label.en),
        "security": [token(&Scope::new(scope))],
    })
}

/// The operation with these members too.
fn with(mut operation: Value, more: Value) -> Value {
    if let (Value::Object(operation), Value::Object(more)) = (&mut operation, more) {
        operation.extend(more);
    }
    operation
}

fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn entry(kind: &Kind, description: &str) -> Value {
    let mut answer = answer(description, &named(&format!("{}.Entry", kind.slug)));
    if let Value::Object(answer) = &mut answer {
        answer.insert(
            "headers".to_owned(),
            json!({ "ETag": { "$ref": "#/components/headers/ETag" } }),
        );
    }
    answer
}

fn rows(kind: &Kind) -> Value {
    let page = answer("a page of rows", &named(&format!("{}.Page", kind.slug)));
    let mut parameters = narrowing(kind);
    parameters.extend([parameter("Cursor"), parameter("Limit"), parameter("AcceptLanguage")]);
    let more = json!({
        "parameters": parameters,
        "responses": responses(&[("200", page)], &["401", "403", "422", "429"]),
    });
    with(operation(kind, "list", "rows in use", READ), more)
}

/// Search, order and filters of a list.
fn narrowing(kind: &Kind) -> Vec<Value> {
    let columns = list::columns(kind);
    let sorted = columns
        .iter()
        .filter(|column| column.sortable)
        .map(|column| column.field.path());
    // An empty one asks for nothing, as an empty control of a form does.
    let none = std::iter::once(String::new());
    let sorted: Vec<String> = none
        .chain(sorted.flat_map(|path| [path.clone(), format!("-{path}")]))
        .collect();
    let mut parameters = vec![
        parameter("Search"),
        in_query(
            "sort",
            "a field; `-` before it sorts from the end; nothing for the own order of the list",
            &json!({ "type": "string", "enum": sorted }),
        ),
    ];
    let words = Words::default();
    let filters = list::filters(kind, &words);
    let properties = |ranges_only: bool| -> Value {
        let wanted = filters
            .iter()
            .filter(|filter| !ranges_only || matches!(filter.by, By::Days | By::Numbers));
        let property = |filter: &list::Filter<'_>| {
            let field = kind.field(&filter.field)?;
            let about = json!({ "type": "string", "title": filter.label.ja, "description": takes(field) });
            Some((filter.field.clone(), about))
        };
        Value::Object(wanted.filter_map(property).collect())
    };
    for (name, description, ranges_only) in [
        ("filter", "fields that must have this value; `-` for none", false),
        ("from", "days and numbers that are not before", true),
        ("to", "days and numbers that are not after", true),
    ] {
        let properties = properties(ranges_only);
        if properties.as_object().is_some_and(|properties| !properties.is_empty()) {
            let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
            let deep = json!({ "style": "deepObject", "explode": true });
            parameters.push(with(in_query(name, description, &schema), deep));
        }
    }
    parameters
}

/// What a filter takes for a field; labels and other spellings are understood besides.
fn takes(field: &Field) -> String {
    match &field.kind {
        FieldKind::Choice(choices) => {
            let words: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.value)).collect();
            words.join(", ")
        }
        FieldKind::Boolean => "`true`, `false`".to_owned(),
        FieldKind::Scheme(kind) => format!("a word of the city's scheme `{}`", kind.slug()),
        FieldKind::Reference(target) | FieldKind::References(target) => format!("the key of a row of `{target}`"),
        FieldKind::Date => "a day (ISO 8601)".to_owned(),
        FieldKind::Integer => "a whole number".to_owned(),
        FieldKind::Text => "text".to_owned(),
    }
}

fn create(kind: &Kind) -> Value {
    let mut made = entry(kind, "the row as it is stored");
    if let Some(Value::Object(headers)) = made.get_mut("headers") {
        headers.insert(
            "Location".to_owned(),
            json!({ "$ref": "#/components/headers/Location" }),
        );
    }
    let more = json!({
        "parameters": [parameter("AcceptLanguage")],
        "requestBody": body(&named(&kind.slug)),
        "responses": responses(&[("201", made)], &["400", "401", "403", "409", "413", "415", "422", "429"]),
    });
    with(operation(kind, "create", "a new row", WRITE), more)
}

fn read(kind: &Kind) -> Value {
    let more = json!({
        "parameters": [parameter("Key"), parameter("AcceptLanguage")],
        "responses": responses(&[("200", entry(kind, "the row"))], &["401", "403", "404", "429"]),
    });
    with(operation(kind, "read", "one row, also where it is retired", READ), more)
}

fn update(kind: &Kind) -> Value {
    let refusals = [
        "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429",
    ];
    let more = json!({
        "parameters": [parameter("Key"), parameter("IfMatch"), parameter("AcceptLanguage")],
        "requestBody": body(&named(&kind.slug)),
        "responses": responses(&[("200", entry(kind, "the row as it is stored"))], &refusals),
    });
    with(
        operation(kind, "update", "another version of a row; its key stays", WRITE),
        more,
    )
}

fn mark(kind: &Kind, verb: &str) -> Value {
    let summary = match verb {
        "retire" => "a row is no longer in use; nothing is deleted",
        _ => "a retired row is in use again",
    };
    let refusals = ["400", "401", "403", "404", "409", "412", "428", "429"];
    let more = json!({
        "parameters": [parameter("Key"), parameter("IfMatch"), parameter("AcceptLanguage")],
        "responses": responses(&[("200", entry(kind, "the row"))], &refusals),
    });
    with(operation(kind, verb, summary, WRITE), more)
}

fn history(kind: &Kind) -> Value {
    let versions = answer(
        "every version, the newest first",
        &named(&format!("{}.History", kind.slug)),
    );
    let more = json!({
        "parameters": [parameter("Key"), parameter("AcceptLanguage")],
        "responses": responses(&[("200", versions)], &["401", "403", "404", "429"]),
    });
    with(operation(kind, "history", "the versions of a row", READ), more)
}

fn export(kind: &Kind) -> Value {
    let mut parameters = narrowing(kind);
    let formats = json!({ "type": "string", "enum": ["csv", "xlsx"], "default": "csv" });
    parameters.push(in_query("format", "the format of the table", &formats));
    parameters.push(parameter("AcceptLanguage"));
    let table = json!({
        "description": "a table that an import takes back",
        "content": { CSV: { "schema": { "type": "string" } }, XLSX: {} },
    });
    let more = json!({
        "parameters": parameters,
        "responses": responses(&[("200", table)], &["401", "403", "422", "429"]),
    });
    with(operation(kind, "export", "all rows in use as a table", EXPORT), more)
}

fn import(kind: &Kind) -> Value {
    let apply = in_query(
        "apply",
        "take the rows in; without it only what would change is told",
        &json!({ "type": "boolean", "default": false }),
    );
    let plan = answer("what changes, or would change", &named("ImportPlan"));
    let refusals = ["400", "401", "403", "409", "413", "415", "422", "429"];
    let more = json!({
        "parameters": [apply, parameter("AcceptLanguage")],
        "requestBody": {
            "required": true,
            "description": "every row or none is taken in; rows that the table does not have stay",
            "content": { CSV: { "schema": { "type": "string" } }, XLSX: {} },
        },
        "responses": responses(&[("200", plan)], &refusals),
    });
    with(operation(kind, "import", "rows from a table", IMPORT), more)
}

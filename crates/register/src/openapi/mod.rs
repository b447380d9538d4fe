//! The REST API as an OpenAPI 3.1 document (OAS 3.1.1): the registers' part follows from their schemas, other parts add
//! their own paths.
//!
//! ```
//! use register::openapi::{self, OpenApi, Scope};
//! use serde_json::json;
//!
//! let mut api = OpenApi::of(&[], "0.1.0");
//! api.tag("requests", "決裁 / requests");
//! api.schema("Request", &json!({ "type": "object", "properties": { "id": { "type": "string" } } }));
//! let found = openapi::answer("the request", &openapi::named("Request"));
//! api.operation(
//!     "/requests/{id}",
//!     "get",
//!     json!({
//!         "tags": ["requests"],
//!         "operationId": "request_read",
//!         "summary": "one request",
//!         "parameters": [openapi::in_path("id", "the number of the request")],
//!         "security": [openapi::token(&Scope::new("requests:read"))],
//!         "responses": openapi::responses(&[("200", found)], &["401", "403", "404"]),
//!     }),
//! );
//! let document = api.document();
//! assert_eq!(document["openapi"], "3.1.1");
//! ```

mod part;
mod paths;
mod schemas;

use serde_json::{Map, Value, json};

use crate::definition::Kind;

pub use part::{answer, body, in_path, in_query, named, refusals, responses, token};

/// Where the API lives; paths in the document are relative to it.
pub const BASE: &str = "/api/v1";

/// What a token may be used for: `registers:read`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(String);

impl Scope {
    /// A scope of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// An OpenAPI document in the making.
#[derive(Debug, Clone)]
pub struct OpenApi {
    version: String,
    tags: Vec<Value>,
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
}

impl OpenApi {
    /// The API of these registers; `version` is the program's.
    #[must_use]
    pub fn of(kinds: &[Kind], version: &str) -> Self {
        let mut api = Self {
            version: version.to_owned(),
            tags: Vec::new(),
            paths: Map::new(),
            schemas: schemas::shared(),
        };
        for kind in kinds {
            api.tag(&kind.slug, &format!("{} / {}", kind.label.ja, kind.label.en));
            schemas::of_register(&mut api.schemas, kind);
            paths::of_register(&mut api, kind);
        }
        api
    }

    /// A heading for operations that name it in `tags`.
    pub fn tag(&mut self, name: &str, description: &str) {
        self.tags.push(json!({ "name": name, "description": description }));
    }

    /// An operation: a path relative to [`BASE`], a method in lower case, an Operation Object.
    pub fn operation(&mut self, path: &str, method: &str, operation: Value) {
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(method.to_owned(), operation);
        }
    }

    /// A schema under a name of its own, which begins with a capital letter; what stands in its `$defs` gets names that
    /// begin with it.
    pub fn schema(&mut self, name: &str, schema: &Value) {
        schemas::lift(&mut self.schemas, name, schema);
    }

    /// The whole document.
    #[must_use]
    pub fn document(self) -> Value {
        json!({
            "openapi": "3.1.1",
            "info": {
                "title": "三門 / Sanmon",
                "description": "Registers, approvals, standing and ledger of a city's security policy.\n\nMessages are Japanese, or English where `Accept-Language` prefers it.",
                "version": self.version,
                "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
            },
            "servers": [{ "url": BASE }],
            "tags": self.tags,
            "paths": self.paths,
            "components": {
                "schemas": self.schemas,
                "parameters": part::parameters(),
                "headers": part::headers(),
                "responses": part::refused(),
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "A personal or service token; an operation names the scopes that it must have.",
                    },
                },
            },
        })
    }
}

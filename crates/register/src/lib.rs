//! The register machine: one Rust struct per register, and everything else about it (form, list, spreadsheet, API,
//! import, export, facts) read from that struct's JSON Schema.
//!
//! # Adding a register
//! One file with one struct, and one line in the list of the `registers` crate.
//!
//! ```
//! use garde::Validate;
//! use jiff::civil::Date;
//! use model::lang::Text;
//! use register::{Kind, Register};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! /// # 車両
//! #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
//! #[serde(deny_unknown_fields)]
//! #[garde(allow_unvalidated)]
//! pub struct Vehicle {
//!     /// # 管理番号
//!     /// 車体に貼った番号。
//!     #[garde(length(chars, min = 1, max = 40))]
//!     pub code: String,
//!     /// # 所属
//!     #[schemars(extend("x-ref" = "section"))]
//!     pub section: String,
//!     /// # 燃料
//!     pub fuel: Option<Fuel>,
//!     /// # 車検の期限
//!     pub inspected_until: Option<Date>,
//! }
//!
//! /// # 燃料
//! #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
//! #[serde(rename_all = "snake_case")]
//! pub enum Fuel {
//!     /// ガソリン
//!     Petrol,
//!     /// 電気
//!     Electric,
//! }
//!
//! impl Register for Vehicle {
//!     const SLUG: &'static str = "vehicle";
//!     const LABEL: Text = Text::fixed("車両", "vehicles");
//!     const CONCEPTS: &'static [&'static str] = &[];
//!     const TITLE: &'static str = "code";
//!     const COLUMNS: &'static [&'static str] = &["code", "section", "inspected_until"];
//!     const SAMPLE: &'static str = r#"{ "code": "V-1", "section": "100", "fuel": "electric" }"#;
//! }
//!
//! let vehicles = Kind::of::<Vehicle>();
//! assert!(vehicles.defects().is_empty());
//! ```
//!
//! | In the source | Becomes |
//! |---|---|
//! | heading of the doc comment (`/// # 所属`) | the Japanese label, and a heading of tables |
//! | rest of the doc comment | the help text (English: `x-help-en`) |
//! | field name, `_` read as a space (or `x-en`) | the English label |
//! | `String`, `i64`, `bool`, [`jiff::civil::Date`], an enum of plain words | text, whole number, yes/no, date, choice |
//! | `Option<…>` | an empty cell is null; without it an empty cell is a fault, except for `bool` (false) and lists (empty) |
//! | doc comment of an enum's variant (and `x-en`) | the label of the choice |
//! | `x-ref = "section"` on `String` or `Vec<String>` | the key, or keys, of rows of that register |
//! | `x-scheme = "tier"` on `String` | a word of the city's scheme; the document keeps the city's word |
//! | `garde(length(chars, …), range(…), pattern(…), email, url)` | the rules, on the server, in forms and in spreadsheets |
//! | `x-widget = "textarea"` | a wish of the form |
//! | `x-group = "保管"` (and `x-group-en`) | the heading that a form puts the field under |
//!
//! `bool` and lists want `#[serde(default)]`. Write `length(chars, …)`: plain `length(…)` counts bytes, three to a kanji;
//! [`Kind::defects`] finds it.
//!
//! # The life of a row
//! [`table::read`] turns bytes into [`Sheet`](table::Sheet)s, [`Table::new`](table::Table::new) matches the headings of
//! a sheet with the fields of a [`Kind`], and [`import()`] reads every cell through [`Field::read`], resolves references
//! against all registers, and returns either every [`Entry`] or every [`Fault`]. [`plan`] tells what taking the entries
//! in would change. [`Kind::record`] makes the facts that criteria see. Nothing here opens a file or knows a database.

mod assembly;
pub mod cell;
mod defects;
pub mod definition;
pub mod difference;
pub mod display;
mod facts;
pub mod fault;
pub mod field;
pub mod form;
pub mod hierarchy;
pub mod i18n;
mod import;
mod keep;
mod keywords;
pub mod list;
pub mod local;
pub mod openapi;
mod passing;
mod plan;
mod read;
mod reference;
mod rules;
mod schema;
mod show;
pub mod table;
pub mod words;

pub use cell::Cell;
pub use definition::{KEY, Kind, LOCAL, Register};
pub use display::{Linked, Shown};
pub use fault::{Fault, Place};
pub use field::{Bounds, Choice, Field, FieldKind, Pattern};
pub use import::{Entry, FAULTS, Imported, import, targets};
pub use keep::{keep_absent, set};
pub use plan::{Change, Difference, Plan, differences, plan};
pub use words::{Found, Name, Words};

//! A kind of request as it is written.

use std::collections::BTreeMap;

use model::lang::Text;
use serde::Deserialize;
use toml::Spanned;

use super::{Choice, Grade, Source};
use crate::route::Relation;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) kind: Spanned<String>,
    pub(super) title: Option<Text>,
    pub(super) grade: Option<Spanned<Grade>>,
    #[serde(default)]
    pub(super) barred: Vec<Spanned<String>>,
    pub(super) until: Option<Spanned<String>>,
    pub(super) longest_days: Option<u16>,
    pub(super) decided_by: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) field: Vec<FieldTable>,
    #[serde(default)]
    pub(super) effect: Vec<Spanned<EffectTable>>,
    #[serde(default)]
    pub(super) route: Vec<RouteTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldTable {
    pub(super) name: Spanned<String>,
    pub(super) label: Text,
    pub(super) help: Option<Text>,
    pub(super) r#type: Type,
    pub(super) register: Option<String>,
    #[serde(default)]
    pub(super) choices: Vec<Choice>,
    #[serde(default)]
    pub(super) required: bool,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    Line,
    Text,
    Date,
    Number,
    Confirmation,
    Choice,
    Role,
    Reference,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EffectTable {
    pub(super) create: Option<String>,
    pub(super) update: Option<String>,
    pub(super) retire: Option<String>,
    pub(super) publish: Option<String>,
    pub(super) adopt: Option<String>,
    pub(super) of: Option<String>,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteTable {
    pub(super) id: Spanned<String>,
    #[serde(default)]
    pub(super) grades: Vec<Spanned<String>>,
    pub(super) decide_within_days: Spanned<u16>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<StepTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepTable {
    pub(super) any: Option<Vec<Spanned<PostTable>>>,
    pub(super) all: Option<Vec<Spanned<PostTable>>>,
    #[serde(default)]
    pub(super) instead: Vec<Spanned<PostTable>>,
    pub(super) remind_days: Option<Spanned<u16>>,
    pub(super) escalate_days: Option<Spanned<u16>>,
    #[serde(default)]
    pub(super) escalate_to: Vec<Spanned<PostTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostTable {
    pub(super) role: String,
    pub(super) of: Relation,
}

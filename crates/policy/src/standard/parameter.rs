//! What a city may set for criteria to read.

use model::diagnostic::{Diagnostic, Located, Span};
use model::lang::Text;
use serde::Deserialize;

use super::SourceFile;

/// A number that the policy leaves to the city ("regularly").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// `audit_interval_days`
    pub name: String,
    /// 監査の間隔
    pub label: Text,
    /// `days` or `minutes`.
    pub unit: String,
    /// Used until the city sets its own; without one the duty stays unproven.
    pub default: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    parameter: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    ja: String,
    en: String,
    unit: String,
    default: Option<i64>,
}

/// Reads a list of `[[parameter]]`.
pub(super) fn read(source: &SourceFile) -> Result<Vec<Parameter>, Vec<Located>> {
    let file: File = toml::from_str(&source.text).map_err(|error| {
        let span = error
            .span()
            .map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
        let message = Text::new(format!("設定の一覧を読めない: {}", error.message()), error.message());
        vec![Located {
            file: source.name.clone(),
            diagnostic: Diagnostic::error("parameter-syntax", message).at(span),
        }]
    })?;
    let parameters = file.parameter.into_iter().map(|raw| Parameter {
        name: raw.name,
        label: Text::new(raw.ja, raw.en),
        unit: raw.unit,
        default: raw.default,
    });
    Ok(parameters.collect())
}

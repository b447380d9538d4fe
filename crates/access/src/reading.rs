//! Reads the data files of this crate.

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use serde::de::DeserializeOwned;

/// TOML to a value; one diagnostic with its place where it does not fit.
pub(crate) fn toml<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Diagnostic>> {
    toml::from_str(text).map_err(|error| {
        let message = Text::new(
            format!("決まりの書き方が違います({})", error.message()),
            format!("not readable as rules: {}", error.message()),
        );
        let diagnostic = Diagnostic::error("unreadable-rules", message);
        vec![match error.span() {
            Some(span) => diagnostic.at(Span::new(span.start, span.end)),
            None => diagnostic,
        }]
    })
}

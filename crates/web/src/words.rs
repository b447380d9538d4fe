//! The English of the templates: the Japanese text is the message id, `locales/en.toml` holds its English.
//!
//! Sentences with something in them are not here: Rust makes those as [`Text`](model::lang::Text) pairs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use model::lang::Lang;

/// The text of `locales/en.toml`.
pub const ENGLISH: &str = include_str!("../locales/en.toml");

static WORDS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| toml::from_str(ENGLISH).unwrap_or_default());

/// The message in `lang`. One without English is shown in Japanese; a test lets none pass.
#[must_use]
pub fn message(ja: &str, lang: Lang) -> &str {
    match lang {
        Lang::Ja => ja,
        Lang::En => WORDS.get(ja).map_or(ja, String::as_str),
    }
}

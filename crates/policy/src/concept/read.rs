//! From TOML to concepts.

use std::collections::HashSet;

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use serde::Deserialize;
use toml::Spanned;

use super::{Concept, Word, parent};
use crate::bind::fold;

/// The concepts of a list, or what is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Concept>, Vec<Diagnostic>> {
    let file: File = toml::from_str(text).map_err(|error| vec![not_read(&error)])?;
    let mut problems = Vec::new();
    check(&file, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(file.concept.into_iter().map(Raw::read).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    concept: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    ja: String,
    en: String,
    #[serde(default)]
    informative: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    heading: Vec<Spanned<RawWord>>,
    #[serde(default)]
    text: Vec<Spanned<RawWord>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawWord {
    Plain(String),
    Weighed(Weighed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weighed {
    word: String,
    #[serde(default = "one")]
    weight: usize,
    #[serde(default)]
    whole: bool,
}

const fn one() -> usize {
    1
}

impl Raw {
    fn read(self) -> Concept {
        let words = |raw: Vec<Spanned<RawWord>>| raw.into_iter().map(|word| word.into_inner().read()).collect();
        Concept {
            id: self.id.into_inner(),
            ja: self.ja,
            en: self.en,
            informative: self.informative,
            optional: self.optional,
            heading: words(self.heading),
            text: words(self.text),
        }
    }
}

impl RawWord {
    fn read(self) -> Word {
        let Weighed { word, weight, whole } = match self {
            Self::Plain(word) => Weighed {
                word,
                weight: 1,
                whole: false,
            },
            Self::Weighed(weighed) => weighed,
        };
        Word {
            folded: fold::fold(&word),
            word,
            // Nobody needs more, and sums stay small.
            weight: weight.min(100),
            whole,
        }
    }

    fn word(&self) -> &str {
        match self {
            Self::Plain(word) | Self::Weighed(Weighed { word, .. }) => word,
        }
    }
}

fn check(file: &File, problems: &mut Vec<Diagnostic>) {
    let ids: HashSet<&str> = file.concept.iter().map(|raw| raw.id.get_ref().as_str()).collect();
    let mut seen = HashSet::new();
    let mut problem = |code, ja: String, en: String, at: std::ops::Range<usize>| {
        problems.push(Diagnostic::error(code, Text::new(ja, en)).at(Span::new(at.start, at.end)));
    };
    for raw in &file.concept {
        let id = raw.id.get_ref();
        if !is_id(id) {
            problem(
                "concept-id",
                format!("事項の名 `{id}` は英小文字と下線を点でつなぐ"),
                format!("concept id `{id}` is not made of lower-case words joined by dots"),
                raw.id.span(),
            );
        }
        if !seen.insert(id) {
            problem(
                "duplicate-concept",
                format!("事項 `{id}` が二つある"),
                format!("concept `{id}` is listed twice"),
                raw.id.span(),
            );
        }
        if let Some(above) = parent(id).filter(|above| !ids.contains(above)) {
            problem(
                "orphan-concept",
                format!("事項 `{id}` の上位の事項 `{above}` がない"),
                format!("concept `{id}` lies below `{above}`, which is not listed"),
                raw.id.span(),
            );
        }
    }
    for words in [|raw: &'_ Raw| &raw.heading, |raw: &'_ Raw| &raw.text] as [fn(&Raw) -> &Vec<Spanned<RawWord>>; 2] {
        let mut told = HashSet::new();
        for word in file.concept.iter().flat_map(words) {
            let written = word.get_ref().word();
            let folded = fold::fold(written);
            if folded.is_empty() {
                problem(
                    "blank-word",
                    "手掛かりの語が空".to_owned(),
                    "a word is blank".to_owned(),
                    word.span(),
                );
            } else if !told.insert(folded) {
                problem(
                    "duplicate-word",
                    format!("手掛かりの語「{written}」が二度ある"),
                    format!("the word `{written}` is listed twice"),
                    word.span(),
                );
            }
        }
    }
}

fn is_id(id: &str) -> bool {
    id.split('.')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

/// What the TOML reader says, with the key it says it about.
fn not_read(error: &toml::de::Error) -> Diagnostic {
    let reason = error.message();
    let unknown = reason
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once('`'))
        .map(|(key, _)| key);
    let diagnostic = match unknown {
        Some(key) => Diagnostic::error(
            "unknown-key",
            Text::new(format!("項目 `{key}` はない"), format!("unknown key `{key}`")),
        ),
        None => Diagnostic::error(
            "toml",
            Text::new(format!("TOMLとして読めない: {reason}"), reason.to_owned()),
        ),
    };
    match error.span() {
        Some(at) => diagnostic.at(Span::new(at.start, at.end)),
        None => diagnostic,
    }
}

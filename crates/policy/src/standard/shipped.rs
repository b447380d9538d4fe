//! The files of the shipped standard, built into the binary.

use model::diagnostic::Located;

use super::{Parameter, SourceFile, parameter};

/// A chapter is one line here, one file in `standard/` and one in `standard/tests/`.
macro_rules! chapters {
    ($($name:literal),* $(,)?) => {
        const CHAPTERS: &[(&str, &str)] = &[
            $((concat!("standard/", $name, ".toml"), include_str!(concat!("../../../../standard/", $name, ".toml")))),*
        ];
        const PAIRS: &[(&str, &str)] = &[
            $((
                concat!("standard/tests/", $name, ".toml"),
                include_str!(concat!("../../../../standard/tests/", $name, ".toml")),
            )),*
        ];
    };
}

chapters![
    "01-scope",
    "02-organisation",
    "03-classification",
    "04-resilience",
    "05-physical",
    "06-human",
    "07-technical",
    "08-operation",
    "09-outsourcing",
    "10-evaluation",
    "11-publication",
];

fn files(list: &[(&str, &str)]) -> Vec<SourceFile> {
    let file = |(name, text): &(&str, &str)| SourceFile {
        name: (*name).to_owned(),
        text: (*text).to_owned(),
    };
    list.iter().map(file).collect()
}

/// The chapters in order.
#[must_use]
pub fn shipped_chapters() -> Vec<SourceFile> {
    files(CHAPTERS)
}

/// The test pairs of the chapters, in the same order.
#[must_use]
pub fn shipped_pairs() -> Vec<SourceFile> {
    files(PAIRS)
}

/// The parameters that a city may set.
///
/// # Errors
/// None in a released binary: the suite reads it.
pub fn shipped_parameters() -> Result<Vec<Parameter>, Vec<Located>> {
    parameter::read(&SourceFile {
        name: "standard/parameters.toml".to_owned(),
        text: include_str!("../../../../standard/parameters.toml").to_owned(),
    })
}

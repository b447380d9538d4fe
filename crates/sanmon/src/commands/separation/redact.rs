//! `sanmon separation redact FILE…`: a configuration without its secrets.

use std::fs;
use std::io;
use std::path::PathBuf;

use model::lang::Text;
use separation::dialect::{self, DIALECTS};
use separation::source::{Source, decode};

use crate::commands::place::unreadable;
use crate::commands::{Desk, Outcome};

pub(super) fn run(files: &[PathBuf], named: Option<&str>, desk: Desk) -> io::Result<Outcome> {
    let mut out = String::new();
    for path in files {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return desk.stop(&unreadable(path, &error)),
        };
        let text = decode(&bytes);
        let language = match named {
            Some(name) => dialect::named(name),
            None => dialect::detect(&text),
        };
        // What nobody can read nobody can redact: nothing of it is shown.
        let Some(language) = language else {
            let known: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name()).collect();
            let shown = path.display();
            return desk.stop(&Text::new(
                format!("{shown} の書式が分からない。--dialect で言う({})", known.join("、")),
                format!(
                    "the language of {shown} is not clear; say it with --dialect ({})",
                    known.join(", ")
                ),
            ));
        };
        out.push_str(&language.redact(Source::new(text)).text);
    }
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

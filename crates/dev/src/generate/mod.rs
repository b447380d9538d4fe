//! The files under `docs/generated/`, each derived from the code or the standard and committed so that a reader finds it.
//!
//! One module a kind of file; each returns its [`Files`] and [`files`] joins them.

pub mod configuration;
pub mod duties;
pub mod openapi;
pub mod reference;
pub mod schemas;

use anyhow::anyhow;
use policy::standard::Standard;

use crate::output::Files;

/// Every generated file by path relative to `docs/generated/`.
///
/// # Errors
/// The shipped standard cannot be read.
pub fn files() -> anyhow::Result<Files> {
    let standard =
        Standard::shipped().map_err(|problems| anyhow!("the shipped standard cannot be read: {problems:#?}"))?;
    let registers = registers::all();
    let mut files = schemas::files(&registers);
    files.extend(openapi::files(&registers));
    files.insert("cli.md".to_owned(), reference::page(sanmon::command()).into_bytes());
    files.insert(
        "configuration.md".to_owned(),
        configuration::page(sanmon::configuration().as_value()).into_bytes(),
    );
    files.insert("duties.md".to_owned(), duties::page(&standard, &registers).into_bytes());
    Ok(files)
}

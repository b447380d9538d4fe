//! Where a city's installation is: the configuration file, with what the command line says on top of it.

use std::fs;
use std::path::Path;

use model::lang::Text;

use crate::cli::Place;
use crate::configuration::{Configuration, Misread};

/// The configuration.
///
/// # Errors
/// What is wrong with the file, with its place.
pub(super) fn configuration(place: &Place) -> Result<Configuration, Text> {
    let mut configuration = match &place.config {
        Some(path) => read(path)?,
        None => Configuration::default(),
    };
    if let Some(folder) = &place.data {
        configuration.store.folder.clone_from(folder);
    }
    if let Some(database) = &place.database {
        configuration.store.database.clone_from(database);
    }
    Ok(configuration)
}

fn read(path: &Path) -> Result<Configuration, Text> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Configuration::read(&text).map_err(|Misread { message, at }| match at {
        Some(line) => Text::new(
            format!("{shown}:{line}: {}", message.ja),
            format!("{shown}:{line}: {}", message.en),
        ),
        None => Text::new(format!("{shown}: {}", message.ja), format!("{shown}: {}", message.en)),
    })
}

/// A file that somebody named cannot be read.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Text {
    let shown = path.display();
    Text::new(
        format!("{shown} を読めない: {error}"),
        format!("{shown} cannot be read: {error}"),
    )
}

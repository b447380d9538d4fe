//! `sanmon sanitize explain FILE`

use std::io;
use std::path::Path;

use super::Engine;
use super::inputs::inputs;
use crate::cli::{Format, Terms};
use crate::commands::place::unreadable;
use crate::commands::{Desk, Outcome};
use crate::show::receipt as show;

pub(super) fn run(file: &Path, format: Format, terms: &Terms, desk: Desk) -> io::Result<Outcome> {
    let input = match inputs(&[file.to_owned()], None, None) {
        Ok((inputs, _)) if inputs.len() == 1 => inputs,
        Ok(_) => return desk.stop(&unreadable(file, &io::ErrorKind::IsADirectory.into())),
        Err(why) => return desk.stop(&why),
    };
    let engine = match Engine::start(terms, 1) {
        Ok(engine) => engine,
        Err(why) => return desk.stop(&why),
    };
    let Some(input) = input.first() else {
        return Ok(Outcome::Unusable);
    };
    let done = match engine.treat(input) {
        Ok(done) => done,
        Err(error) => return desk.stop(&unreadable(file, &error)),
    };
    match format {
        Format::Json => desk.json(&done.receipt)?,
        Format::Text => desk.print(&show::tree(&done.receipt, desk.lang, desk.paint))?,
    }
    Ok(if done.rebuilt.is_some() {
        Outcome::Fine
    } else {
        Outcome::Broken
    })
}

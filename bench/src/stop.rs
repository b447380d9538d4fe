//! A measurement that cannot go on ends the run: its figures would mean nothing. Nothing that it started outlives it.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::clock::rest;

/// What ends with the run, however it ends.
static LEFT: Mutex<Vec<Left>> = Mutex::new(Vec::new());

/// Something that this program made outside of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Left {
    /// A program, by the number of its process.
    Program(u32),
    /// A folder and all that is in it.
    Folder(PathBuf),
}

impl Left {
    /// Remembers it.
    pub(crate) fn remember(self) {
        LEFT.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    /// It has ended by itself.
    pub(crate) fn forget(&self) {
        LEFT.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|left| left != self);
    }

    #[expect(clippy::disallowed_methods, reason = "what a measurement made goes with it")]
    fn end(&self) {
        match self {
            Self::Program(process) => {
                let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
            }
            Self::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
        }
    }
}

/// A folder, in `place` where one is named, that goes when the run ends.
pub(crate) fn temporary(place: Option<&Path>) -> TempDir {
    let folder = match place {
        Some(place) => tempfile::tempdir_in(place),
        None => tempfile::tempdir(),
    };
    let folder = folder.or_stop("a temporary folder");
    Left::Folder(folder.path().to_owned()).remember();
    folder
}

/// Ends the run.
#[expect(clippy::disallowed_methods, reason = "a measurement has no caller to tell")]
pub(crate) fn give_up(why: &str) -> ! {
    eprintln!("bench: {why}");
    // Held to the end: a program that is started meanwhile would not be known here.
    let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    // Programs before the folders that they write to.
    let (programs, folders): (Vec<_>, Vec<_>) = left.iter().partition(|left| matches!(left, Left::Program(_)));
    programs.into_iter().chain(folders).for_each(Left::end);
    std::process::exit(2)
}

/// Ends the run when it has taken so long.
pub(crate) fn give_up_after(time: Duration) {
    std::thread::spawn(move || {
        rest(time);
        give_up(&format!("the measurements did not end within {} s", time.as_secs()))
    });
}

/// The value, or the end of the run.
pub(crate) trait OrStop<T> {
    /// `what` says what was being done.
    fn or_stop(self, what: &str) -> T;
}

impl<T, E: Debug> OrStop<T> for Result<T, E> {
    fn or_stop(self, what: &str) -> T {
        self.unwrap_or_else(|error| give_up(&format!("{what}: {error:?}")))
    }
}

impl<T> OrStop<T> for Option<T> {
    fn or_stop(self, what: &str) -> T {
        self.unwrap_or_else(|| give_up(&format!("{what}: nothing there")))
    }
}

//! A measurement that cannot go on ends the run: its figures would mean nothing.

use std::fmt::Debug;

/// Ends the run.
#[expect(clippy::disallowed_methods, reason = "a measurement has no caller to tell")]
pub(crate) fn give_up(why: &str) -> ! {
    eprintln!("bench: {why}");
    std::process::exit(2)
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

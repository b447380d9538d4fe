//! The service's own log: what it did, never for whom. Names, keys of rows and secrets do not belong here.

use tracing_subscriber::EnvFilter;

use crate::configuration::{Log, LogFormat};

/// Sends the log to standard error.
///
/// # Errors
/// The level is none, or a log was begun before.
pub(super) fn begin(log: &Log) -> Result<(), String> {
    let filter = EnvFilter::try_new(&log.level).map_err(|error| format!("log.level: {error}"))?;
    let begin = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    let begun = match log.format {
        LogFormat::Text => begin.try_init(),
        LogFormat::Json => begin.json().flatten_event(true).try_init(),
    };
    begun.map_err(|error| error.to_string())
}

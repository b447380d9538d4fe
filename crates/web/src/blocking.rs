//! The hall is synchronous: whoever asks it something does so on a thread for it.

use std::sync::Arc;

use service::hall::{Hall, Refusal};

use crate::failure::Failure;
use crate::site::Site;

/// What `work` makes of the hall, away from the threads that serve connections.
///
/// # Errors
/// What `work` refuses; [`Failure::Internal`] where it panics.
pub async fn blocking<T, W>(site: &Site, work: W) -> Result<T, Failure>
where
    T: Send + 'static,
    W: FnOnce(&Hall) -> Result<T, Refusal> + Send + 'static,
{
    let hall = Arc::clone(site.hall()?);
    let done = tokio::task::spawn_blocking(move || work(&hall)).await;
    done.map_err(|error| {
        tracing::error!(%error, "an act panicked");
        Failure::Internal
    })?
    .map_err(Failure::from)
}

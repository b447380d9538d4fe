//! Pictures that stand in a page or a drawing itself, as a `data:` address (RFC 2397).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::class::{Action, Class};
use crate::job::Job;
use crate::refusal::Reason;

/// The address of the picture built anew; nothing if it lies elsewhere, cannot be read, or the profile drops pictures. What is found is
/// told at `place`.
///
/// # Errors
/// A limit, or something that the profile refuses.
pub(crate) fn rebuilt(job: &mut Job<'_>, address: &str, place: &str) -> Result<Option<String>, Reason> {
    let address = address.trim();
    let inline = address
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let Some((_, data)) = address.split_once(";base64,").filter(|_| inline) else {
        job.found_at(Class::RemotePicture, place)?;
        return Ok(None);
    };
    let data: String = data
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .collect();
    let rebuilt = match STANDARD.decode(data) {
        Ok(bytes) => job.at(place, |job| {
            job.budget.decode(bytes.len())?;
            super::rebuild(job, &bytes)
        }),
        Err(_) => Err(Reason::Unrecognised),
    };
    match rebuilt {
        Ok(picture) => {
            let stays = job.found_at(Class::Picture, place)? == Action::Rebuild;
            let address = || format!("data:{};base64,{}", picture.media_type, STANDARD.encode(&picture.bytes));
            Ok(stays.then(address))
        }
        Err(Reason::Malformed { .. } | Reason::Unrecognised) => {
            job.found_at(Class::UnreadablePicture, place)?;
            Ok(None)
        }
        Err(reason) => Err(reason),
    }
}

//! stub
use crate::{job::Job, refusal::Reason};
pub(crate) struct Picture {
    pub(crate) bytes: Vec<u8>,
    pub(crate) extension: &'static str,
    pub(crate) media_type: &'static str,
}
pub(crate) fn rebuild(_job: &mut Job<'_>, _bytes: &[u8]) -> Result<Picture, Reason> {
    Err(Reason::Unrecognised)
}
pub(crate) fn blank() -> Result<Vec<u8>, Reason> {
    Ok(Vec::new())
}

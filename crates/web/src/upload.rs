//! A file that a form sent (`multipart/form-data`, RFC 7578), once it is sure that it was a form of ours.
//!
//! The token stands first in such a form, so that nothing of a foreign file is read.

use axum::extract::{FromRequest, Multipart, Request};
use model::lang::Text;

use crate::failure::Failure;
use crate::sent::{stale, token};
use crate::site::Site;

/// The form's one file, and its other fields.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// The name that the visitor's computer gives the file; empty where none was chosen.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The other fields, in the order sent.
    pub fields: Vec<(String, String)>,
}

impl FromRequest<Site> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Failure> {
        let expected = token(&request, site)?;
        let mut form = Multipart::from_request(request, site).await.map_err(|_| unreadable())?;
        let mut upload = Self::default();
        let mut proved = false;
        while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
            let name = field.name().unwrap_or_default().to_owned();
            if !proved {
                let sent = field.text().await.map_err(|_| unreadable())?;
                if name != "csrf" || !expected.matches(&sent) {
                    return Err(stale());
                }
                proved = true;
            } else if let Some(file) = field.file_name().map(str::to_owned) {
                upload.bytes = field.bytes().await.map_err(|_| unreadable())?.to_vec();
                upload.name = file;
            } else {
                let value = field.text().await.map_err(|_| unreadable())?;
                upload.fields.push((name, value));
            }
        }
        if proved { Ok(upload) } else { Err(stale()) }
    }
}

fn unreadable() -> Failure {
    Failure::Invalid(Text::fixed(
        "ファイルを受け取れませんでした。大きすぎないか確かめ、もう一度送ってください。",
        "The file could not be received. See that it is not too large, and send it again.",
    ))
}

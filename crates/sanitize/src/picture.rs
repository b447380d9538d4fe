//! Pictures: decoded to pixels, turned as their camera says, encoded anew.
//!
//! ```text
//! bytes ──► walk of the structure ──► only what pixels need ──► decoder ──► pixels ──► encoder ──► new bytes
//!                    └── counts what is not carried over
//! ```
//!
//! The walk is ours, for each format, and strict: it knows every segment, chunk, block or directory up to the end of the picture. What
//! it does not name never reaches the decoder. The size is held against the limits before anything is allocated. A picture that
//! cannot be read to its last pixel is refused: there are no half pictures.
//!
//! # What is lost
//! * All that is told about the picture: EXIF, XMP, IPTC, comments, texts, times, small pictures, maker's notes.
//! * Colour profiles, gamma and chromaticities. Numbers stay as they are and are taken for sRGB from then on: a picture in a wider space
//!   looks paler. CMYK in JPEG is converted without its profile.
//! * Whatever follows the picture, such as the film of a moving photograph.
//! * In PNG and WebP all but the first frame; in JPEG a little sharpness (quality as it came in, at least 80 and at most 95).
//!
//! The resolution (pixels for a length) is carried over: it decides how large a document shows the picture. What a picture hides in its
//! very pixels cannot be told from the picture.

mod bmp;
mod exif;
mod gif;
pub(crate) mod inline;
mod jpeg;
mod pixels;
mod png;
mod read;
mod tiff;
mod webp;

use crate::job::Job;
use crate::refusal::{Reason, malformed};

/// A picture, built anew.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// Its usual extension, also the identifier of its format.
    pub(crate) extension: &'static str,
    /// Its media type.
    pub(crate) media_type: &'static str,
}

/// A kind of picture that can be rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Jpeg,
    Png,
    Gif,
    Tiff,
    Bmp,
    Webp,
}

impl Kind {
    /// What kind of picture begins here.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(png::SIGNATURE) {
            Some(Self::Png)
        } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
            Some(Self::Tiff)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else if bmp::begins(bytes) {
            Some(Self::Bmp)
        } else {
            None
        }
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Jpeg => ("jpg", "image/jpeg"),
            Self::Png => ("png", "image/png"),
            Self::Gif => ("gif", "image/gif"),
            Self::Tiff => ("tif", "image/tiff"),
            Self::Bmp => ("bmp", "image/bmp"),
            Self::Webp => ("webp", "image/webp"),
        }
    }
}

/// Builds a picture anew in the format it has. What is not carried over is counted at the place where the job is.
///
/// A container asks the profile about [`crate::class::Class::Picture`] itself before it calls this.
///
/// # Errors
/// It is no picture that is known, breaks the rules of its format, or is larger than the limits allow.
pub(crate) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Picture, Reason> {
    let kind = Kind::of(bytes).ok_or(Reason::Unrecognised)?;
    let bytes = match kind {
        Kind::Jpeg => jpeg::rebuild(job, bytes),
        Kind::Png => png::rebuild(job, bytes),
        Kind::Gif => gif::rebuild(job, bytes),
        Kind::Tiff => tiff::rebuild(job, bytes),
        Kind::Bmp => bmp::rebuild(job, bytes),
        Kind::Webp => webp::rebuild(job, bytes),
    }?;
    let (extension, media_type) = kind.names();
    Ok(Picture {
        bytes,
        extension,
        media_type,
    })
}

/// A white picture of one pixel (PNG), to stand where one could not be read.
///
/// # Errors
/// Never in practice: the encoder writes to memory.
pub(crate) fn blank() -> Result<Vec<u8>, Reason> {
    png::encoded(pixels::Pixels::white(), None)
}

/// A picture that a decoder cannot read to its end.
fn unreadable(_: impl std::fmt::Display) -> Reason {
    broken("画像を最後まで読み取れない", "the picture cannot be read to its end")
}

fn broken(ja: &'static str, en: &'static str) -> Reason {
    malformed(ja, en)
}

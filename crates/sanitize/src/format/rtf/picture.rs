//! A picture in a document: digits that come in, digits of a picture built anew that go out.

use std::fmt::Write;

use super::order;
use crate::class::{Action, Class};
use crate::job::Job;
use crate::picture;
use crate::refusal::Reason;

/// A picture as it is put together.
#[derive(Debug, Default)]
pub(super) struct Digits {
    sizes: Vec<(String, i32)>,
    bytes: Vec<u8>,
    half: Option<u8>,
}

impl Digits {
    /// Takes in a word about the size at which it is shown.
    pub(super) fn size(&mut self, word: &str, number: i32) {
        self.sizes.push((word.to_owned(), number));
    }

    /// Takes in half a byte.
    pub(super) fn digit(&mut self, byte: u8) -> Result<(), Reason> {
        let Some(digit) = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else {
            return if byte.is_ascii_whitespace() {
                Ok(())
            } else {
                Err(order())
            };
        };
        match self.half.take() {
            Some(high) => self.bytes.push(high << 4 | digit),
            None => self.half = Some(digit),
        }
        Ok(())
    }

    /// Takes in bytes that are not written as digits.
    pub(super) fn binary(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The group to write: the picture built anew, or a blank one where it cannot be read.
    pub(super) fn written(self, job: &mut Job<'_>) -> Result<String, Reason> {
        let mut out = String::new();
        if job.found_at(Class::Picture, "pict")? != Action::Rebuild {
            return Ok(out);
        }
        job.budget.decode(self.bytes.len())?;
        let rebuilt = job.at("pict", |job| picture::rebuild(job, &self.bytes));
        let (word, bytes) = match rebuilt {
            Ok(picture) if picture.extension == "png" => ("pngblip", picture.bytes),
            Ok(picture) if picture.extension == "jpg" => ("jpegblip", picture.bytes),
            Err(reason @ (Reason::TooMuch { .. } | Reason::NotAllowed { .. })) => return Err(reason),
            _ => {
                job.found_at(Class::UnreadablePicture, "pict")?;
                ("pngblip", picture::blank()?)
            }
        };
        // Writing to a string cannot fail.
        let _ = write!(out, "{{\\pict\\{word}");
        for (name, number) in self.sizes {
            let _ = write!(out, "\\{name}{number}");
        }
        for line in bytes.chunks(64) {
            out.push('\n');
            for byte in line {
                let _ = write!(out, "{byte:02x}");
            }
        }
        out.push('}');
        Ok(out)
    }
}

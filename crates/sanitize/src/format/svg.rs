//! SVG: a drawing is written anew from named elements and attributes.
//!
//! Source: SVG 2 (W3C), with what programs still write of SVG 1.1.
//!
//! # What is lost
//! Style sheets (programs that draw put what they need into attributes), scripts, animation, foreign objects, pictures that lie
//! elsewhere, data of drawing programs. Only names without a prefix, or with the prefix `svg`, are elements of the drawing.

mod drawing;
mod rules;
mod uses;

use model::lang::Text;

use super::{Format, Output, Recognised, Source};
use crate::text;

/// Drawings of the Web.
pub(super) static SVG: Format = Format {
    id: "svg",
    words: Text::fixed("SVG画像", "an SVG drawing"),
    method: Text::fixed(
        "図形、文字などの決められた要素と属性だけで書き直す。スクリプト、書式シート、外部の参照は引き継がない",
        "written anew from named elements and attributes; scripts, style sheets and references outside are not carried over",
    ),
    extensions: &["svg"],
    media_type: "image/svg+xml",
    recognise,
    rebuild: |job, source| {
        let decoded = text::read(job, source.bytes)?;
        let text = text::cleaned(job, decoded.text)?;
        let bytes = drawing::rebuilt(job, &text)?.into_bytes();
        Ok(Output { format: &SVG, bytes })
    },
};

/// A drawing says so in its first element.
fn recognise(source: &Source<'_>) -> Recognised {
    let start = source.bytes.get(..4096.min(source.bytes.len())).unwrap_or_default();
    let start = String::from_utf8_lossy(start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start));
    let mut start = start.trim_start();
    while let Some(rest) = skipped(start) {
        start = rest.trim_start();
    }
    let element = start.strip_prefix("<svg:svg").or_else(|| start.strip_prefix("<svg"));
    element
        .is_some_and(|rest| rest.starts_with(|next: char| next == '>' || next == '/' || next.is_whitespace()))
        .into()
}

/// What is behind a declaration, a comment or a document type (which is refused later, with its reason).
fn skipped(start: &str) -> Option<&str> {
    let ends = [("<?", "?>"), ("<!--", "-->"), ("<!DOCTYPE svg", ">")];
    let (_, end) = ends.into_iter().find(|(opening, _)| start.starts_with(opening))?;
    // A document type may hold declarations of its own between brackets.
    let end = if start.starts_with("<!DOCTYPE") && start.split('>').next().is_some_and(|head| head.contains('[')) {
        "]>"
    } else {
        end
    };
    start.split_once(end).map(|(_, rest)| rest)
}

//! Plain text.

use model::lang::Text;

use super::{Format, Output, Recognised, Source};
use crate::text;

/// Plain text.
pub(super) static TXT: Format = Format {
    id: "txt",
    words: Text::fixed("テキスト", "plain text"),
    method: Text::fixed(
        "文字に読み直し、制御文字を除いて、同じ文字コードで書き直す",
        "read as characters, without control characters, and written in the same character code",
    ),
    extensions: &["txt", "text", "log", "md"],
    media_type: "text/plain",
    recognise: |source| recognised(source, &TXT),
    rebuild: |job, source| {
        let decoded = text::read(job, source.bytes)?;
        let text = text::cleaned(job, decoded.text)?;
        Ok(Output {
            format: &TXT,
            bytes: decoded.charset.encode(&text),
        })
    },
};

/// Is it text, and called by an extension of a format? Others are not asked what their bytes mean.
pub(super) fn recognised(source: &Source<'_>, format: &Format) -> Recognised {
    let called = format.extensions.contains(&super::extension(source.name).as_str());
    if called && text::decoded(source.bytes).is_some() {
        Recognised::Text
    } else {
        Recognised::No
    }
}

//! RTF: read group by group, written from an allow-list of control words, in seven bits.
//!
//! Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008).
//!
//! # What is lost
//! Drawings (of which the picture for old readers stays), metafiles (a blank picture stands in their place), themes, revision numbers,
//! fields that fetch or start something (their last result stays as text), what the file tells about itself.

mod characters;
mod field;
mod picture;
mod token;
mod words;
mod writer;

use model::lang::Text;

use super::{Format, Output};
use crate::class::Class;
use crate::refusal::{Reason, malformed};
use token::Tokens;
use writer::Writer;

/// Rich text.
pub(super) static RTF: Format = Format {
    id: "rtf",
    words: Text::fixed("リッチテキスト(RTF)", "rich text (RTF)"),
    method: Text::fixed(
        "文字、書式、表、画像を表す決められた制御語だけで書き直す。埋め込みオブジェクト、外部を呼び出すフィールドは引き継がない",
        "written anew from named control words for text, layout, tables and pictures; embedded objects and fields that call outside are not carried over",
    ),
    extensions: &["rtf"],
    media_type: "application/rtf",
    recognise: |source| source.bytes.starts_with(b"{\\rtf").into(),
    rebuild: |job, source| {
        let mut tokens = Tokens::new(source.bytes);
        let mut writer = Writer::new(job);
        while let Some(token) = tokens.next_token(writer.double_bytes())? {
            writer.token(&token)?;
            if writer.ended() {
                break;
            }
        }
        let bytes = writer.finished()?.into_bytes();
        // Programs pad the end with a zero byte or a line end.
        if !tokens
            .rest()
            .iter()
            .all(|byte| matches!(byte, 0 | b'\r' | b'\n' | b' '))
        {
            job.found(Class::StrayBytes)?;
        }
        Ok(Output { format: &RTF, bytes })
    },
};

fn order() -> Reason {
    malformed("RTF: 構造の誤り", "RTF: its structure is wrong")
}

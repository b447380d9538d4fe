//! Word, Excel and PowerPoint files since 2007.

use model::lang::Text;

use super::{Format, Output, Source};
use crate::job::Job;
use crate::ooxml::{self, Family};
use crate::refusal::{Reason, malformed};

const METHOD: Text = Text::fixed(
    "文章・表・図形・書式だけを新しいファイルに書き直し、画像は画素から作り直す",
    "text, tables, drawings and formatting are written into a new file, pictures are made anew from their pixels",
);

/// Documents.
pub(super) static DOCX: Format = Format {
    id: "docx",
    words: Text::fixed("Word文書", "a Word document"),
    method: METHOD,
    extensions: &["docx", "docm", "dotx", "dotm"],
    media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    recognise: |source| (source.family() == Some(Family::Word)).into(),
    rebuild: |job, source| rebuild(job, source, &DOCX, Family::Word),
};

/// Workbooks.
pub(super) static XLSX: Format = Format {
    id: "xlsx",
    words: Text::fixed("Excelブック", "an Excel workbook"),
    method: METHOD,
    extensions: &["xlsx", "xlsm", "xltx", "xltm", "xlam"],
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    recognise: |source| (source.family() == Some(Family::Excel)).into(),
    rebuild: |job, source| rebuild(job, source, &XLSX, Family::Excel),
};

/// Presentations.
pub(super) static PPTX: Format = Format {
    id: "pptx",
    words: Text::fixed("PowerPointプレゼンテーション", "a PowerPoint presentation"),
    method: METHOD,
    extensions: &["pptx", "pptm", "potx", "potm", "ppsx", "ppsm", "ppam"],
    media_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    recognise: |source| (source.family() == Some(Family::PowerPoint)).into(),
    rebuild: |job, source| rebuild(job, source, &PPTX, Family::PowerPoint),
};

fn rebuild(job: &mut Job<'_>, source: &Source<'_>, format: &'static Format, family: Family) -> Result<Output, Reason> {
    let Some(Ok(archive)) = source.archive() else {
        return Err(malformed("zipとして読めない", "it is no zip container"));
    };
    let bytes = ooxml::rebuild(job, archive, family)?;
    Ok(Output { format, bytes })
}

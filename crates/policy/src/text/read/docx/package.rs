//! The ZIP archive of a docx, read within limits.

use std::io::{Cursor, Read};

use model::diagnostic::Diagnostic;
use model::lang::Text;
use zip::ZipArchive;
use zip::result::ZipError;

use super::super::{LIMIT, Result, encoding, refusal, sniff};
use super::broken;
use super::xml::{Node, Xml};

/// Deflate reaches 1000 : 1; written text stays far below this.
const RATIO: u64 = 200;

/// Below this size no ratio is suspicious.
const SMALL: u64 = 1024 * 1024;

/// An opened docx.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    folder: String,
    main: String,
    left: usize,
}

impl<'b> Package<'b> {
    /// Opens the archive and finds its main part.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
        let mut package = Self {
            archive,
            folder: "word/".to_owned(),
            main: "word/document.xml".to_owned(),
            left: LIMIT,
        };
        if let Some(relations) = package.file("_rels/.rels")?
            && let Some(target) = office_document(&relations)?
        {
            target.trim_start_matches('/').clone_into(&mut package.main);
            package.folder = package
                .main
                .rsplit_once('/')
                .map_or_else(String::new, |(folder, _)| format!("{folder}/"));
        }
        Ok(package)
    }

    /// The main part, `word/document.xml`.
    pub(super) fn main(&mut self) -> Result<String> {
        let main = self.main.clone();
        let part = self.file(&main)?;
        let name = |suffix: &str| main.ends_with(suffix);
        match part {
            Some(part) if !name("workbook.xml") && !name("presentation.xml") => Ok(part),
            _ => Err(no_word()),
        }
    }

    /// A part beside the main one.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>> {
        let path = format!("{}{name}", self.folder);
        self.file(&path)
    }

    /// A file of the archive as text. What it declares of its size is not believed: reading stops at the limit.
    fn file(&mut self, path: &str) -> Result<Option<String>> {
        let file = match self.archive.by_name(path) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(fault(&error)),
        };
        let packed = file.compressed_size().max(1);
        let allowed = packed.saturating_mul(RATIO).max(SMALL);
        let allowed = usize::try_from(allowed).unwrap_or(LIMIT).min(self.left);
        let mut bytes = Vec::new();
        let room = u64::try_from(allowed).unwrap_or(u64::MAX).saturating_add(1);
        file.take(room)
            .read_to_end(&mut bytes)
            .map_err(|error| broken("圧縮が壊れている", &error.to_string().to_lowercase()))?;
        if bytes.len() > allowed {
            return Err(bomb());
        }
        self.left = self.left.saturating_sub(bytes.len());
        let (text, _) = encoding::decode(&bytes).map_err(|_| broken("文字が壊れている", "damaged characters"))?;
        Ok(Some(text))
    }
}

/// The target of the relationship of type `…/officeDocument`.
fn office_document(relations: &str) -> Result<Option<String>> {
    let mut xml = Xml::new(relations);
    xml.root()?;
    while let Some(node) = xml.child()? {
        let Node::Open(element) = node else { continue };
        if element
            .attribute("Type")?
            .is_some_and(|kind| kind.ends_with("/officeDocument"))
        {
            return element.attribute("Target");
        }
        xml.skip()?;
    }
    Ok(None)
}

fn fault(error: &ZipError) -> Diagnostic {
    match error {
        ZipError::InvalidPassword => sniff::protected(),
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => sniff::protected(),
        ZipError::CompressionMethodNotSupported(_) => broken("対応していない圧縮方式", "unsupported compression"),
        _ => broken(
            "ファイルが途中で切れているか、壊れている",
            "the file is cut short or damaged",
        ),
    }
}

fn no_word() -> Diagnostic {
    refusal(
        "not-word",
        Text::fixed("Word文書ではない", "the file is not a Word document"),
        Text::fixed("Wordで.docxとして保存し直す", "save it as .docx in Word"),
    )
}

fn bomb() -> Diagnostic {
    refusal(
        "zip-bomb",
        Text::fixed(
            "展開すると異常に大きくなるため、読まない",
            "the file unfolds to an unreasonable size and is not read",
        ),
        Text::fixed(
            "入手元を確かめる。自分で作った文書なら、Wordで.docxとして保存し直す",
            "make sure where the file comes from; if it is yours, save it as .docx again in Word",
        ),
    )
}

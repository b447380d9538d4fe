//! Office files made by the tests: the smallest that readers take, and what is grafted onto them.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What every graft carries, so that it can be looked for in whatever comes out. It reaches nothing.
pub(crate) const MARKER: &str = "graft-marker.invalid";

/// A package: the parts of a file, by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package(Vec<(String, Vec<u8>)>);

impl Package {
    pub(crate) fn part(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.retain(|(known, _)| known != path);
        self.0.push((path.to_owned(), content.as_ref().to_vec()));
        self
    }

    /// The same with some text of a part replaced, which must be there.
    pub(crate) fn replace(mut self, path: &str, old: &str, new: &str) -> Self {
        let (_, content) = self.0.iter_mut().find(|(known, _)| known == path).expect("the part");
        let text = String::from_utf8(content.clone()).expect("text");
        assert!(text.contains(old), "{path} has no {old}");
        *content = text.replace(old, new).into_bytes();
        self
    }

    /// Adds a relationship to a part.
    pub(crate) fn relate(self, part: &str, id: &str, kind: &str, target: &str, mode: &str) -> Self {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = format!("{folder}/_rels/{name}.rels").trim_start_matches('/').to_owned();
        let kind = if kind.contains('/') {
            kind.to_owned()
        } else {
            format!("{OFFICE}/{kind}")
        };
        let link = format!(r#"<Relationship Id="{id}" Type="{kind}" Target="{target}"{mode}/></Relationships>"#);
        let package = if self.0.iter().any(|(known, _)| *known == path) {
            self
        } else {
            self.part(&path, RELATIONSHIPS)
        };
        package.replace(&path, "</Relationships>", &link)
    }

    /// Declares the content type of a part.
    pub(crate) fn declare(self, part: &str, content_type: &str) -> Self {
        let declared = format!(r#"<Override PartName="/{part}" ContentType="{content_type}"/></Types>"#);
        self.replace("[Content_Types].xml", "</Types>", &declared)
    }

    pub(crate) fn zip(&self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in &self.0 {
            writer.start_file(path, SimpleFileOptions::default()).expect("an entry");
            writer.write_all(content).expect("its content");
        }
        writer.finish().expect("the container").into_inner()
    }
}

/// All parts of a package, decoded.
pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a container");
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("its content");
            (entry.name().expect("a name").into_owned(), content)
        })
        .collect()
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONSHIPS: &str =
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const VENDOR: &str = "application/vnd.openxmlformats-officedocument.";

fn bare(main: &str, content_type: &str, content: &str) -> Package {
    Package::default()
        .part("[Content_Types].xml", TYPES)
        .part("_rels/.rels", RELATIONSHIPS)
        .part(main, content)
        .declare(main, &format!("{VENDOR}{content_type}"))
        .relate("", "rId1", "officeDocument", main, "")
}

/// A document with one paragraph.
pub(crate) fn document() -> Package {
    let body = format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:body><w:p w:rsidR="00A1"><w:r><w:t>会議録</w:t></w:r></w:p><w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>"#
    );
    bare("word/document.xml", "wordprocessingml.document.main+xml", &body)
}

/// A workbook with one sheet.
pub(crate) fn workbook() -> Package {
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"><sheets><sheet name="予算" sheetId="1" r:id="rId1"/></sheets><definedNames></definedNames></workbook>"#
    );
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>科目</t></is></c><c r="B1"><f>SUM(1,2)</f><v>3</v></c></row></sheetData></worksheet>"#
    );
    bare("xl/workbook.xml", "spreadsheetml.sheet.main+xml", &book)
        .part("xl/worksheets/sheet1.xml", sheet)
        .declare(
            "xl/worksheets/sheet1.xml",
            &format!("{VENDOR}spreadsheetml.worksheet+xml"),
        )
        .relate("xl/workbook.xml", "rId1", "worksheet", "worksheets/sheet1.xml", "")
}

/// A presentation with one slide.
pub(crate) fn presentation() -> Package {
    let main = format!(
        r#"<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{OFFICE}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst><p:notesSz cx="1" cy="1"/></p:presentation>"#
    );
    let slide = format!(
        r#"<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>方針</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"#
    );
    bare("ppt/presentation.xml", "presentationml.presentation.main+xml", &main)
        .part("ppt/slides/slide1.xml", slide)
        .declare("ppt/slides/slide1.xml", &format!("{VENDOR}presentationml.slide+xml"))
        .relate("ppt/presentation.xml", "rId1", "slide", "slides/slide1.xml", "")
}

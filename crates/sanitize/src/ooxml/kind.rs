//! Kinds of parts: those that are carried over, and what the others are.
//!
//! A part is of a kind if its content type *and* the relationship that leads to it say so. Source: ISO/IEC 29500-1, 11.3, 12.3, 13.3, 14.2 and
//! 15.2; for the parts of Microsoft's own the extensions to Office file types.

use crate::class::Class;

/// Relationship types of the standard begin so.
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
/// The same in strict files.
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
/// Content types of the standard begin so.
const VENDOR: &str = "application/vnd.openxmlformats-officedocument.";

/// Which of the three programs a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Documents.
    Word,
    /// Workbooks.
    Excel,
    /// Presentations.
    PowerPoint,
}

/// How a part is built anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// Element by element.
    Xml,
    /// Pixel by pixel.
    Picture,
    /// An empty sheet in its place, so that those after it keep their numbers.
    EmptySheet(Class),
    /// Boxes of comments, drawn anew from the comments of the sheet.
    CommentBoxes,
}

/// A kind of part.
#[derive(Debug)]
pub(super) struct Kind {
    /// Content types that it may have, without the beginning that the standard's share.
    pub(super) content: &'static [&'static str],
    /// The content type that is written.
    pub(super) writes: &'static str,
    /// Relationship types that may lead to it, without the beginning that the standard's share.
    pub(super) relationships: &'static [&'static str],
    /// Where it is written; `#` stands for a number, `~` for one that the first goes without.
    pub(super) path: &'static str,
    /// Its outermost element.
    pub(super) root: &'static str,
    /// Do readers find it by the relationship alone, so that no element needs to name it?
    pub(super) implicit: bool,
    pub(super) build: Build,
}

macro_rules! kinds {
    ($($name:ident: $content:expr, $writes:literal, $relationships:expr, $path:literal, $root:literal, $implicit:literal;)+) => {
        $(static $name: Kind = Kind {
            content: &$content,
            writes: $writes,
            relationships: &$relationships,
            path: $path,
            root: $root,
            implicit: $implicit,
            build: Build::Xml,
        };)+
        /// Every kind that is carried over element by element.
        static XML: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    // The main parts: their macro and template variants become plain ones.
    DOCUMENT: [
        "wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ], "wordprocessingml.document.main+xml", ["officeDocument"], "word/document.xml", "w:document", false;
    WORKBOOK: [
        "spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.ms-excel.template.macroEnabled.main+xml",
    ], "spreadsheetml.sheet.main+xml", ["officeDocument"], "xl/workbook.xml", "x:workbook", false;
    PRESENTATION: [
        "presentationml.presentation.main+xml", "presentationml.template.main+xml", "presentationml.slideshow.main+xml",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
        "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
    ], "presentationml.presentation.main+xml", ["officeDocument"], "ppt/presentation.xml", "p:presentation", false;

    // Word
    SETTINGS: ["wordprocessingml.settings+xml"], "wordprocessingml.settings+xml", ["settings"], "word/settings~.xml", "w:settings", true;
    WORD_STYLES: ["wordprocessingml.styles+xml"], "wordprocessingml.styles+xml", ["styles"], "word/styles~.xml", "w:styles", true;
    FONT_TABLE: ["wordprocessingml.fontTable+xml"], "wordprocessingml.fontTable+xml", ["fontTable"], "word/fontTable~.xml", "w:fonts", true;
    WEB_SETTINGS: ["wordprocessingml.webSettings+xml"], "wordprocessingml.webSettings+xml", ["webSettings"], "word/webSettings~.xml", "w:webSettings", true;
    NUMBERING: ["wordprocessingml.numbering+xml"], "wordprocessingml.numbering+xml", ["numbering"], "word/numbering~.xml", "w:numbering", true;
    FOOTNOTES: ["wordprocessingml.footnotes+xml"], "wordprocessingml.footnotes+xml", ["footnotes"], "word/footnotes~.xml", "w:footnotes", true;
    ENDNOTES: ["wordprocessingml.endnotes+xml"], "wordprocessingml.endnotes+xml", ["endnotes"], "word/endnotes~.xml", "w:endnotes", true;
    HEADER: ["wordprocessingml.header+xml"], "wordprocessingml.header+xml", ["header"], "word/header#.xml", "w:hdr", false;
    FOOTER: ["wordprocessingml.footer+xml"], "wordprocessingml.footer+xml", ["footer"], "word/footer#.xml", "w:ftr", false;
    WORD_COMMENTS: ["wordprocessingml.comments+xml"], "wordprocessingml.comments+xml", ["comments"], "word/comments~.xml", "w:comments", true;
    COMMENTS_EXTENDED: ["wordprocessingml.commentsExtended+xml"], "wordprocessingml.commentsExtended+xml",
        ["http://schemas.microsoft.com/office/2011/relationships/commentsExtended"], "word/commentsExtended~.xml", "w15:commentsEx", true;
    PEOPLE: ["wordprocessingml.people+xml"], "wordprocessingml.people+xml",
        ["http://schemas.microsoft.com/office/2011/relationships/people"], "word/people~.xml", "w15:people", true;
    GLOSSARY: ["wordprocessingml.document.glossary+xml"], "wordprocessingml.document.glossary+xml", ["glossaryDocument"],
        "word/glossary/document~.xml", "w:glossaryDocument", true;

    // Excel
    WORKSHEET: ["spreadsheetml.worksheet+xml"], "spreadsheetml.worksheet+xml", ["worksheet"], "xl/worksheets/sheet#.xml", "x:worksheet", false;
    CHARTSHEET: ["spreadsheetml.chartsheet+xml"], "spreadsheetml.chartsheet+xml", ["chartsheet"], "xl/chartsheets/sheet#.xml", "x:chartsheet", false;
    EXCEL_STYLES: ["spreadsheetml.styles+xml"], "spreadsheetml.styles+xml", ["styles"], "xl/styles~.xml", "x:styleSheet", true;
    SHARED_STRINGS: ["spreadsheetml.sharedStrings+xml"], "spreadsheetml.sharedStrings+xml", ["sharedStrings"], "xl/sharedStrings~.xml", "x:sst", true;
    SHEET_METADATA: ["spreadsheetml.sheetMetadata+xml"], "spreadsheetml.sheetMetadata+xml", ["sheetMetadata"], "xl/metadata~.xml", "x:metadata", true;
    TABLE: ["spreadsheetml.table+xml"], "spreadsheetml.table+xml", ["table"], "xl/tables/table#.xml", "x:table", false;
    EXCEL_COMMENTS: ["spreadsheetml.comments+xml"], "spreadsheetml.comments+xml", ["comments"], "xl/comments#.xml", "x:comments", true;
    PIVOT_TABLE: ["spreadsheetml.pivotTable+xml"], "spreadsheetml.pivotTable+xml", ["pivotTable"], "xl/pivotTables/pivotTable#.xml", "x:pivotTableDefinition", true;
    PIVOT_CACHE: ["spreadsheetml.pivotCacheDefinition+xml"], "spreadsheetml.pivotCacheDefinition+xml", ["pivotCacheDefinition"],
        "xl/pivotCache/pivotCacheDefinition#.xml", "x:pivotCacheDefinition", true;
    PIVOT_RECORDS: ["spreadsheetml.pivotCacheRecords+xml"], "spreadsheetml.pivotCacheRecords+xml", ["pivotCacheRecords"],
        "xl/pivotCache/pivotCacheRecords#.xml", "x:pivotCacheRecords", false;
    THREADED_COMMENTS: ["application/vnd.ms-excel.threadedcomments+xml"], "application/vnd.ms-excel.threadedcomments+xml",
        ["http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"], "xl/threadedComments/threadedComment#.xml", "xltc:ThreadedComments", true;
    PERSONS: ["application/vnd.ms-excel.person+xml"], "application/vnd.ms-excel.person+xml",
        ["http://schemas.microsoft.com/office/2017/10/relationships/person"], "xl/persons/person#.xml", "xltc:personList", true;

    // PowerPoint
    SLIDE: ["presentationml.slide+xml"], "presentationml.slide+xml", ["slide"], "ppt/slides/slide#.xml", "p:sld", false;
    SLIDE_LAYOUT: ["presentationml.slideLayout+xml"], "presentationml.slideLayout+xml", ["slideLayout"], "ppt/slideLayouts/slideLayout#.xml", "p:sldLayout", true;
    SLIDE_MASTER: ["presentationml.slideMaster+xml"], "presentationml.slideMaster+xml", ["slideMaster"], "ppt/slideMasters/slideMaster#.xml", "p:sldMaster", true;
    NOTES_MASTER: ["presentationml.notesMaster+xml"], "presentationml.notesMaster+xml", ["notesMaster"], "ppt/notesMasters/notesMaster#.xml", "p:notesMaster", true;
    NOTES: ["presentationml.notesSlide+xml"], "presentationml.notesSlide+xml", ["notesSlide"], "ppt/notesSlides/notesSlide#.xml", "p:notes", true;
    HANDOUT_MASTER: ["presentationml.handoutMaster+xml"], "presentationml.handoutMaster+xml", ["handoutMaster"], "ppt/handoutMasters/handoutMaster#.xml", "p:handoutMaster", false;
    PRESENTATION_PROPERTIES: ["presentationml.presProps+xml"], "presentationml.presProps+xml", ["presProps"], "ppt/presProps~.xml", "p:presentationPr", true;
    VIEW_PROPERTIES: ["presentationml.viewProps+xml"], "presentationml.viewProps+xml", ["viewProps"], "ppt/viewProps~.xml", "p:viewPr", true;
    TABLE_STYLES: ["presentationml.tableStyles+xml"], "presentationml.tableStyles+xml", ["tableStyles"], "ppt/tableStyles~.xml", "a:tblStyleLst", true;
    COMMENT_AUTHORS: ["presentationml.commentAuthors+xml"], "presentationml.commentAuthors+xml", ["commentAuthors"], "ppt/commentAuthors~.xml", "p:cmAuthorLst", true;
    SLIDE_COMMENTS: ["presentationml.comments+xml"], "presentationml.comments+xml", ["comments"], "ppt/comments/comment#.xml", "p:cmLst", true;

    // Drawings that all three share
    THEME: ["theme+xml"], "theme+xml", ["theme"], "theme/theme#.xml", "a:theme", true;
    THEME_OVERRIDE: ["themeOverride+xml"], "themeOverride+xml", ["themeOverride"], "theme/themeOverride#.xml", "a:themeOverride", true;
    DRAWING: ["drawing+xml"], "drawing+xml", ["drawing"], "xl/drawings/drawing#.xml", "xdr:wsDr", false;
    CHART: ["drawingml.chart+xml"], "drawingml.chart+xml", ["chart"], "charts/chart#.xml", "c:chartSpace", false;
    CHART_EX: ["application/vnd.ms-office.chartex+xml"], "application/vnd.ms-office.chartex+xml",
        ["http://schemas.microsoft.com/office/2014/relationships/chartEx"], "charts/chartEx#.xml", "cx:chartSpace", false;
    CHART_STYLE: ["application/vnd.ms-office.chartstyle+xml"], "application/vnd.ms-office.chartstyle+xml",
        ["http://schemas.microsoft.com/office/2011/relationships/chartStyle"], "charts/style#.xml", "cs:chartStyle", true;
    CHART_COLOURS: ["application/vnd.ms-office.chartcolorstyle+xml"], "application/vnd.ms-office.chartcolorstyle+xml",
        ["http://schemas.microsoft.com/office/2011/relationships/chartColorStyle"], "charts/colors#.xml", "cs:colorStyle", true;
    CHART_SHAPES: ["drawingml.chartshapes+xml"], "drawingml.chartshapes+xml", ["chartUserShapes"], "drawings/chartshapes#.xml", "c:userShapes", false;
    DIAGRAM_DATA: ["drawingml.diagramData+xml"], "drawingml.diagramData+xml", ["diagramData"], "diagrams/data#.xml", "dgm:dataModel", false;
    DIAGRAM_LAYOUT: ["drawingml.diagramLayout+xml"], "drawingml.diagramLayout+xml", ["diagramLayout"], "diagrams/layout#.xml", "dgm:layoutDef", false;
    DIAGRAM_STYLE: ["drawingml.diagramStyle+xml"], "drawingml.diagramStyle+xml", ["diagramQuickStyle"], "diagrams/quickStyle#.xml", "dgm:styleDef", false;
    DIAGRAM_COLOURS: ["drawingml.diagramColors+xml"], "drawingml.diagramColors+xml", ["diagramColors"], "diagrams/colors#.xml", "dgm:colorsDef", false;
    DIAGRAM_DRAWING: ["application/vnd.ms-office.drawingml.diagramDrawing+xml"], "application/vnd.ms-office.drawingml.diagramDrawing+xml",
        ["http://schemas.microsoft.com/office/2007/relationships/diagramDrawing"], "diagrams/drawing#.xml", "dsp:drawing", true;
}

/// Pictures; the content type and the extension are those of what was encoded.
pub(super) static PICTURE: Kind = Kind {
    content: &[],
    writes: "",
    relationships: &["image"],
    path: "media/image#",
    root: "",
    implicit: false,
    build: Build::Picture,
};

/// A sheet of Excel 4.0 macros, or a dialog of Excel 5: an empty sheet stands in its place.
static MACRO_SHEET: Kind = Kind {
    content: &[
        "application/vnd.ms-excel.macrosheet+xml",
        "application/vnd.ms-excel.intlmacrosheet+xml",
    ],
    relationships: &[
        "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet",
        "http://schemas.microsoft.com/office/2006/relationships/xlIntlMacrosheet",
        "worksheet",
    ],
    build: Build::EmptySheet(Class::MacroSheet),
    ..EMPTY_SHEET
};
static DIALOG_SHEET: Kind = Kind {
    content: &["spreadsheetml.dialogsheet+xml"],
    relationships: &["dialogsheet", "worksheet"],
    build: Build::EmptySheet(Class::Control),
    ..EMPTY_SHEET
};
const EMPTY_SHEET: Kind = Kind {
    content: &[],
    writes: "spreadsheetml.worksheet+xml",
    relationships: &[],
    path: "xl/worksheets/sheet#.xml",
    root: "x:worksheet",
    implicit: false,
    build: Build::Xml,
};

/// Old drawings: of them only the boxes of a sheet's comments are drawn anew.
static COMMENT_BOXES: Kind = Kind {
    content: &["vmlDrawing"],
    writes: "vmlDrawing",
    relationships: &["vmlDrawing"],
    path: "xl/drawings/vmlDrawing#.vml",
    root: "",
    implicit: false,
    build: Build::CommentBoxes,
};

impl Kind {
    /// Every kind but pictures.
    fn all() -> impl Iterator<Item = &'static Self> {
        XML.iter().copied().chain([&MACRO_SHEET, &DIALOG_SHEET, &COMMENT_BOXES])
    }

    /// The kind of a part by its content type and the type of a relationship that leads to it.
    pub(super) fn of(content: &str, relationship: &str) -> Option<&'static Self> {
        let relationship = short_relationship(relationship);
        if PICTURE.relationships.contains(&relationship) && content.starts_with("image/") {
            return Some(&PICTURE);
        }
        let content = short_content(content);
        Self::all().find(|kind| has(kind.content, content) && kind.relationships.contains(&relationship))
    }

    /// The main part of a file by its content type.
    pub(super) fn main(content: &str) -> Option<(&'static Self, Family)> {
        let content = short_content(content);
        let mains = [
            (&DOCUMENT, Family::Word),
            (&WORKBOOK, Family::Excel),
            (&PRESENTATION, Family::PowerPoint),
        ];
        mains.into_iter().find(|(kind, _)| has(kind.content, content))
    }

    /// The content type that is written, in full.
    pub(super) fn content_type(&self) -> String {
        if self.writes.contains('/') {
            self.writes.to_owned()
        } else {
            format!("{VENDOR}{}", self.writes)
        }
    }

    /// The relationship type that is written, in full.
    pub(super) fn relationship(&self, strict: bool) -> String {
        let word = self.relationships.first().copied().unwrap_or_default();
        if word.contains('/') {
            word.to_owned()
        } else {
            relationship(word, strict)
        }
    }
}

/// A relationship type of the standard in full.
pub(super) fn relationship(word: &str, strict: bool) -> String {
    format!("{}{word}", if strict { STRICT } else { OFFICE })
}

/// A relationship type without the beginning that those of the standard share.
pub(super) fn short_relationship(relationship: &str) -> &str {
    let standard = relationship
        .strip_prefix(OFFICE)
        .or_else(|| relationship.strip_prefix(STRICT));
    standard.unwrap_or(relationship)
}

/// Is it a type of strict files?
pub(super) fn strict(relationship: &str) -> bool {
    relationship.starts_with(STRICT)
}

fn short_content(content: &str) -> &str {
    content.strip_prefix(VENDOR).unwrap_or(content)
}

/// Content types are compared without case (RFC 2045, 5.1).
fn has(list: &[&str], content: &str) -> bool {
    list.iter().any(|word| word.eq_ignore_ascii_case(content))
}

/// What a part is that is not carried over, by its content type, the relationship that leads to it and its name.
pub(super) fn dropped(content: &str, relationship: &str, path: &str) -> Class {
    let words = [content, relationship, path].map(str::to_ascii_lowercase);
    let says = |word: &str| words.iter().any(|text| text.contains(word));
    let classes: &[(&[&str], Class)] = &[
        (
            &[
                "vbaproject",
                "vbadata",
                "wordvbadata",
                "attachedtoolbars",
                "keymapcustomizations",
            ],
            Class::Macro,
        ),
        (&["macrosheet"], Class::MacroSheet),
        (&["activex", "control", "ctrlprop"], Class::Control),
        (
            &["oleobject", "relationships/package", "embeddings/"],
            Class::EmbeddedObject,
        ),
        (&["afchunk"], Class::ForeignContent),
        (
            &[
                "externallink",
                "xlpathmissing",
                "attachedtemplate",
                "mailmerge",
                "recipientdata",
            ],
            Class::ExternalTarget,
        ),
        (
            &[
                "connections",
                "querytable",
                "volatiledependencies",
                "slicer",
                "timeline",
                "/model",
            ],
            Class::DataConnection,
        ),
        (&["customui", "userinterface", "ui/extensibility"], Class::UserInterface),
        (&["webextension"], Class::WebExtension),
        (
            &["audio", "video", "media", "model3d", "gltf", "inkml", "ink/"],
            Class::Media,
        ),
        (
            &["obfuscatedfont", "x-fontdata", "relationships/font", "x-font"],
            Class::EmbeddedFont,
        ),
        (&["printersettings"], Class::PrinterSettings),
        (&["digital-signature", "signature"], Class::Signature),
        (&["thumbnail"], Class::Thumbnail),
        (
            &[
                "core-properties",
                "extended-properties",
                "docprops",
                "labelinfo",
                "classificationlabels",
            ],
            Class::Metadata,
        ),
        (
            &["custom-properties", "customxml", "customproperty", "tags+xml"],
            Class::CustomData,
        ),
        (&["vmldrawing", "image/"], Class::UnreadablePicture),
    ];
    let class = classes.iter().find(|(marks, _)| marks.iter().any(|mark| says(mark)));
    class.map_or(Class::UnknownPart, |(_, class)| *class)
}

/// Parts that readers compute anew and nobody misses.
pub(super) fn recomputed(content: &str) -> bool {
    let content = short_content(content);
    has(&["spreadsheetml.calcChain+xml", "package.relationships+xml"], content)
        || content.ends_with("package.relationships+xml")
}

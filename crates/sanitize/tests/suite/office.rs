//! Nothing active survives in an Office file, and what people read does.

use sanitize::class::{Action, Class};
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::{Treated, treat};

use crate::package::{MARKER, Package, document, parts, presentation, workbook};

const DOC: &str = "word/document.xml";
const BOOK: &str = "xl/workbook.xml";
const SHEET: &str = "xl/worksheets/sheet1.xml";
const SLIDE: &str = "ppt/slides/slide1.xml";
const OUTSIDE: &str = r#" TargetMode="External""#;

fn treated(name: &str, package: &Package) -> Treated {
    treat(name, &package.zip(), &Profile::default(), &[])
}

/// The class under which a graft is told, the file that carries it, under which name.
type Graft = (Class, &'static str, Package);

/// Puts a paragraph before the one that is there.
fn paragraph(content: &str) -> Package {
    document().replace(DOC, "<w:body>", &format!("<w:body>{content}"))
}

/// A field whose instruction is spread over runs.
fn split_field(pieces: &[&str]) -> Package {
    let runs: String = pieces
        .iter()
        .map(|piece| format!("<w:r><w:instrText>{piece}</w:instrText></w:r>"))
        .collect();
    paragraph(&format!(
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>結果</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#
    ))
}

fn formula(formula: &str) -> Package {
    workbook().replace(SHEET, "SUM(1,2)", formula)
}

/// Every kind of active content, each in its disguises.
fn grafts() -> Vec<Graft> {
    let outside = format!("http://{MARKER}/x");
    let mut grafts: Vec<Graft> = vec![
        (Class::Macro, "a.docm", document().part("word/vbaProject.bin", MARKER)
            .declare("word/vbaProject.bin", "application/vnd.ms-office.vbaProject")
            .relate(DOC, "rId9", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", "")
            .replace("[Content_Types].xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml")),
        (Class::Macro, "renamed.docx", document().part("word/theme/pretty.xml", MARKER)
            .declare("word/theme/pretty.xml", "application/vnd.ms-office.vbaProject")
            .relate(DOC, "rId9", "theme", "theme/pretty.xml", "")),
        (Class::MacroSheet, "names.xlsx", workbook().replace(BOOK, "<definedNames>", &format!(r#"<definedNames><definedName name="_xlnm.Auto_Open">"{MARKER}"</definedName>"#))),
        (Class::MacroSheet, "sheet.xlsm", workbook().part("xl/macrosheets/sheet1.xml", format!("<x>{MARKER}</x>"))
            .declare("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml")
            .relate(BOOK, "rId9", "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml", "")
            .replace(BOOK, "</sheets>", r#"<sheet name="Macro1" sheetId="2" state="veryHidden" r:id="rId9"/></sheets>"#)),
        (Class::Macro, "function.xlsx", workbook().replace(BOOK, "<definedNames>", &format!(r#"<definedNames><definedName name="f" vbProcedure="1">"{MARKER}"</definedName>"#))),
        (Class::EmbeddedObject, "object.docx", paragraph(&format!(r#"<w:p><w:r><w:object><v:shape id="s"/><o:OLEObject Type="Embed" ProgID="{MARKER}" r:id="rId9"/></w:object></w:r></w:p>"#))
            .part("word/embeddings/o.bin", MARKER).declare("word/embeddings/o.bin", "application/vnd.openxmlformats-officedocument.oleObject")
            .relate(DOC, "rId9", "oleObject", "embeddings/o.bin", "")),
        (Class::ExternalTarget, "linked-object.docx", document().relate(DOC, "rId9", "oleObject", &outside, OUTSIDE)),
        (Class::ExternalTarget, "template.docx", document().relate(DOC, "rId9", "attachedTemplate", &outside, OUTSIDE)),
        (Class::ExternalTarget, "no-mode.docx", document().relate(DOC, "rId9", "attachedTemplate", &format!("file://{MARKER}/x"), "")),
        (Class::ForeignContent, "chunk.docx", paragraph(r#"<w:altChunk r:id="rId9"/>"#).part("word/a.html", format!("<script>{MARKER}</script>"))
            .declare("word/a.html", "text/html").relate(DOC, "rId9", "aFChunk", "a.html", "")),
        (Class::Control, "control.docx", paragraph(r#"<w:p><w:r><w:object><w:control r:id="rId9" w:name="c"/></w:object></w:r></w:p>"#)
            .part("word/activeX/a.xml", format!("<x>{MARKER}</x>")).declare("word/activeX/a.xml", "application/vnd.ms-office.activeX+xml")
            .relate(DOC, "rId9", "control", "activeX/a.xml", "")),
        (Class::UserInterface, "ui.docx", document().part("customUI/c.xml", format!("<x onLoad='{MARKER}'/>"))
            .relate("", "rId9", "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "customUI/c.xml", "")),
        (Class::WebExtension, "addin.docx", document().part("word/webextensions/t.xml", format!("<x u='{MARKER}'/>"))
            .declare("word/webextensions/t.xml", "application/vnd.ms-office.webextensiontaskpanes+xml")
            .relate("", "rId9", "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", "word/webextensions/t.xml", "")),
        (Class::EmbeddedFont, "font.docx", document().part("word/fonts/f.odttf", MARKER)
            .declare("word/fonts/f.odttf", "application/vnd.openxmlformats-officedocument.obfuscatedFont")),
        (Class::PrinterSettings, "printer.xlsx", workbook().part("xl/printerSettings/p.bin", MARKER)
            .declare("xl/printerSettings/p.bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings")
            .relate(SHEET, "rId9", "printerSettings", "../printerSettings/p.bin", "")
            .replace(SHEET, "</sheetData>", r#"</sheetData><pageSetup orientation="landscape" r:id="rId9"/>"#)),
        (Class::CustomData, "custom.docx", document().part("customXml/item1.xml", format!("<x>{MARKER}</x>")).relate(DOC, "rId9", "customXml", "../customXml/item1.xml", "")),
        (Class::Metadata, "core.docx", document().part("docProps/core.xml", format!("<x>{MARKER}</x>"))
            .declare("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")),
        (Class::Signature, "signed.docx", document().part("_xmlsignatures/sig1.xml", format!("<x>{MARKER}</x>"))
            .declare("_xmlsignatures/sig1.xml", "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml")),
        (Class::UnknownPart, "undeclared.docx", document().part("word/anything.dat", MARKER)),
        (Class::DataConnection, "connection.xlsx", workbook().part("xl/connections.xml", format!("<x c='{MARKER}'/>"))
            .declare("xl/connections.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml")
            .relate(BOOK, "rId9", "connections", "connections.xml", "")),
        (Class::ExternalTarget, "book.xlsx", workbook().part("xl/externalLinks/e.xml", format!("<x>{MARKER}</x>"))
            .declare("xl/externalLinks/e.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml")
            .relate(BOOK, "rId9", "externalLink", "externalLinks/e.xml", "")
            .replace(BOOK, "</sheets>", r#"</sheets><externalReferences><externalReference r:id="rId9"/></externalReferences>"#)),
        (Class::RemotePicture, "picture.docx", paragraph(r#"<w:p><w:r><w:pict><v:shape><v:imagedata r:id="rId9"/></v:shape></w:pict></w:r></w:p>"#).relate(DOC, "rId9", "image", &outside, OUTSIDE)),
        (Class::UnreadablePicture, "metafile.docx", paragraph(r#"<w:p><w:r><w:pict><v:shape><v:imagedata r:id="rId9"/></v:shape></w:pict></w:r></w:p>"#)
            .part("word/media/i.emf", MARKER).declare("word/media/i.emf", "image/x-emf").relate(DOC, "rId9", "image", "media/i.emf", "")),
        (Class::Media, "sound.pptx", presentation().part("ppt/media/s.wav", MARKER).declare("ppt/media/s.wav", "audio/wav").relate(SLIDE, "rId9", "audio", "../media/s.wav", "")),
        (Class::ActiveAction, "action.pptx", presentation().replace(SLIDE, r#"name="t"/>"#, &format!(r#"name="t"><a:hlinkClick r:id="" action="ppaction://program?{MARKER}"/></p:cNvPr>"#))),
        (Class::ActiveAction, "hover.pptx", presentation().replace(SLIDE, "<a:r>", &format!(r#"<a:r><a:rPr><a:hlinkMouseOver r:id="" action="ppaction://macro?name={MARKER}"/></a:rPr>"#))),
        (Class::UnknownElement, "stranger.docx", paragraph(&format!(r#"<x:y xmlns:x="urn:x"><w:p><w:r><w:t>{MARKER}</w:t></w:r></w:p></x:y>"#))),
        (Class::UnknownAttribute, "strange-attribute.docx", document().replace(DOC, "<w:p ", &format!(r#"<w:p x:y="{MARKER}" xmlns:x="urn:x" "#))),
        (Class::Dangling, "dangling.pptx", presentation().replace(SLIDE, "<a:r>", r#"<a:r><a:rPr><a:hlinkClick r:id="rId77"/></a:rPr>"#)),
        (Class::ExternalTarget, "other-book.xlsx", formula("[1]Sheet1!A1")),
    ];
    for instruction in [
        "DDEAUTO c:\\x",
        " dde  c",
        "INCLUDETEXT \"x\"",
        "INCLUDEPICTURE \"x\" \\d",
        "LINK Excel.Sheet.8",
        "DATABASE \\c",
        "MACROBUTTON m",
        "PRINT \"x\"",
    ] {
        let simple = paragraph(&format!(
            r#"<w:p><w:fldSimple w:instr="{instr} {MARKER}"><w:r><w:t>結果</w:t></w:r></w:fldSimple></w:p>"#,
            instr = instruction.replace('"', "&quot;")
        ));
        grafts.push((Class::FetchingField, "simple-field.docx", simple));
        grafts.push((Class::FetchingField, "field.docx", split_field(&[instruction, MARKER])));
    }
    grafts.push((
        Class::FetchingField,
        "split.docx",
        split_field(&["D", "D", "EA", "UTO c", MARKER]),
    ));
    grafts.push((
        Class::FetchingField,
        "references.docx",
        split_field(&["&#68;&#x44;E", " c ", MARKER]),
    ));
    grafts.push((
        Class::FetchingField,
        "cdata.docx",
        split_field(&["<![CDATA[DDE]]>", " c ", MARKER]),
    ));
    for call in [
        "cmd|'/c {}'!A0",
        "WEBSERVICE(\"http://{}\")",
        "_xlfn.WEBSERVICE(\"{}\")",
        "rtd(\"{}\",,1)",
        "CALL(\"k\",\"{}\")",
        "_xlfn.IMAGE(\"http://{}\")",
    ] {
        grafts.push((
            Class::FetchingField,
            "formula.xlsx",
            formula(&call.replace("{}", MARKER).replace('"', "&quot;")),
        ));
    }
    grafts
}

#[test]
fn nothing_active_survives_and_each_is_told() {
    for (class, name, package) in grafts() {
        let treated = treated(name, &package);
        let rebuilt = treated
            .outcome
            .as_ref()
            .unwrap_or_else(|refusal| panic!("{name}: {}", refusal.words().en));
        assert!(
            treated.items.iter().any(|item| item.class == class),
            "{name}: {class:?} is not told: {:?}",
            treated.items
        );
        for (path, content) in parts(&rebuilt.bytes) {
            let text = String::from_utf8_lossy(&content);
            assert!(!text.contains(MARKER), "{name}: it survives in {path}: {text}");
        }
    }
}

#[test]
fn what_people_read_stays() {
    let kept = [
        ("a.docx", document(), "会議録"),
        ("a.xlsx", workbook(), "SUM(1,2)"),
        ("a.pptx", presentation(), "方針"),
    ];
    for (name, package, text) in kept {
        let treated = treated(name, &package);
        let rebuilt = treated.outcome.expect("a file");
        assert!(
            parts(&rebuilt.bytes)
                .iter()
                .any(|(_, content)| String::from_utf8_lossy(content).contains(text)),
            "{name}"
        );
        assert_eq!(rebuilt.name, name);
        assert!(treated.items.is_empty(), "{name}: {:?}", treated.items);
    }
}

#[test]
fn what_was_rebuilt_is_rebuilt_to_the_same_bytes() {
    for (name, package) in [
        ("a.docx", document()),
        ("a.xlsx", workbook()),
        ("a.pptx", presentation()),
    ] {
        let once = treated(name, &package).outcome.expect("a file");
        let twice = treat(name, &once.bytes, &Profile::default(), &[])
            .outcome
            .expect("a file");
        assert_eq!(once, twice, "{name}");
    }
}

#[test]
fn the_result_of_a_dropped_field_and_the_value_of_a_dropped_formula_stay() {
    let field = treated("a.docx", &split_field(&["DDEAUTO x"])).outcome.expect("a file");
    assert!(
        parts(&field.bytes)
            .iter()
            .any(|(_, content)| String::from_utf8_lossy(content).contains("結果"))
    );
    let formula = treated("a.xlsx", &formula("cmd|x!A0")).outcome.expect("a file");
    let sheet = parts(&formula.bytes)
        .into_iter()
        .find(|(path, _)| path.contains("sheet1"))
        .expect("the sheet")
        .1;
    let sheet = String::from_utf8(sheet).expect("text");
    assert!(sheet.contains("<x:v>3</x:v>") && !sheet.contains("<x:f"), "{sheet}");
}

#[test]
fn line_ends_are_those_that_a_reader_sees() {
    let ends = document().replace(DOC, "会議録", "一\r\n二&#13;三");
    let rebuilt = treated("a.docx", &ends).outcome.expect("a file");
    let text = parts(&rebuilt.bytes)
        .into_iter()
        .find(|(path, _)| path == DOC)
        .expect("the text")
        .1;
    assert!(String::from_utf8(text).expect("text").contains("一\n二&#13;三"));
}

#[test]
fn a_picture_that_is_linked_and_embedded_stays_embedded() {
    let picture = r#"<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:embed="rId8" r:link="rId9"/></w:drawing></w:r></w:p>"#;
    let package = paragraph(picture)
        .part("word/media/i.emf", "a metafile")
        .declare("word/media/i.emf", "image/x-emf")
        .relate(DOC, "rId8", "image", "media/i.emf", "")
        .relate(DOC, "rId9", "image", &format!("http://{MARKER}/x"), OUTSIDE);
    let treated = treated("a.docx", &package);
    assert!(treated.items.iter().any(|item| item.class == Class::RemotePicture));
    let parts = parts(&treated.outcome.expect("a file").bytes);
    let text = String::from_utf8_lossy(&parts.iter().find(|(path, _)| path == DOC).expect("the text").1).into_owned();
    assert_eq!(text.matches("r:embed=").count(), 1, "{text}");
    assert!(!text.contains("r:link"), "{text}");
}

#[test]
fn a_link_stays_or_goes_as_the_profile_says() {
    let linked = paragraph(r#"<w:p><w:hyperlink r:id="rId9"><w:r><w:t>案内</w:t></w:r></w:hyperlink></w:p>"#).relate(
        DOC,
        "rId9",
        "hyperlink",
        "https://link.invalid/a",
        OUTSIDE,
    );
    let texts = |profile: &Profile| {
        let rebuilt = treat("a.docx", &linked.zip(), profile, &[]).outcome.expect("a file");
        parts(&rebuilt.bytes)
            .iter()
            .map(|(_, content)| String::from_utf8_lossy(content).into_owned())
            .collect::<String>()
    };
    let kept = texts(&Profile::default());
    assert!(kept.contains("https://link.invalid/a") && kept.contains("案内"));
    let profile = Profile::read("class.hyperlink = 'drop'").expect("a profile");
    let dropped = texts(&profile);
    assert!(!dropped.contains("link.invalid") && dropped.contains("案内") && !dropped.contains("w:hyperlink"));
    let profile = Profile::read("class.hyperlink = 'refuse'").expect("a profile");
    let refused = treat("a.docx", &linked.zip(), &profile, &[])
        .outcome
        .expect_err("a refusal");
    assert_eq!(
        refused.reason,
        Reason::NotAllowed {
            class: Class::Hyperlink
        }
    );
}

#[test]
fn a_profile_cannot_let_a_macro_through() {
    assert!(Profile::read("class.macro = 'rebuild'").is_err());
    assert_eq!(Profile::default().action(Class::Macro), Action::Drop);
}

#[test]
fn a_document_type_is_refused() {
    let bomb = document().replace(
        DOC,
        r#"<?xml version="1.0"?>"#,
        r#"<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>"#,
    );
    let refusal = treated("a.docx", &bomb).outcome.expect_err("a refusal");
    assert!(matches!(refusal.reason, Reason::Malformed { .. }), "{refusal:?}");
}

#[test]
fn what_cannot_be_rebuilt_is_told_with_what_to_send_instead() {
    for (name, bytes) in [
        ("a.pdf", b"%PDF-1.7 a document".as_slice()),
        ("a.dwg", b"AC1032 a drawing"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C more"),
    ] {
        let refusal = treat(name, bytes, &Profile::default(), &[])
            .outcome
            .expect_err("a refusal");
        assert!(
            matches!(refusal.reason, Reason::Unsupported { .. }),
            "{name}: {refusal:?}"
        );
    }
    let both = [b"GIF89a%PDF-1.7".as_slice(), &[0; 40]].concat();
    let refusal = treat("a.gif", &both, &Profile::default(), &[])
        .outcome
        .expect_err("a refusal");
    assert!(matches!(refusal.reason, Reason::Ambiguous { .. }), "{refusal:?}");
}

#[test]
fn a_name_that_does_not_say_what_the_file_is_is_refused() {
    for name in ["a.xlsx", "a.pdf", "a", "a.docx.exe"] {
        let refusal = treated(name, &document()).outcome.expect_err("a refusal");
        assert!(
            matches!(refusal.reason, Reason::NameDisagrees { .. }),
            "{name}: {refusal:?}"
        );
    }
}

//! Documents built by hand, as Word writes them and as an attacker would.

use std::io::{Cursor, Write};

use model::diagnostic::Diagnostic;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{Format, Source, read};

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(part.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"w\"><w:body>{body}<w:sectPr/></w:body></w:document>"
    )
}

fn source(parts: &[(&str, &str)]) -> Result<Source, Diagnostic> {
    read("方針.docx", &package(parts))
}

fn lines(body: &str) -> Vec<String> {
    let source = source(&[("word/document.xml", &document(body))]).unwrap();
    source.text.lines().map(str::to_owned).collect()
}

fn refused(body: &str) -> &'static str {
    source(&[("word/document.xml", &document(body))]).unwrap_err().code
}

/// A numbered paragraph.
fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

fn level(depth: u32, format: &str, text: &str) -> String {
    format!(
        "<w:lvl w:ilvl=\"{depth}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
    )
}

#[test]
fn paragraphs_tabs_and_breaks_come_out() {
    let body = "<w:p><w:r><w:t>1</w:t><w:tab/><w:t xml:space=\"preserve\">目的 A&amp;B&#x2460;</w:t></w:r></w:p><w:p/>\
        <w:p><w:hyperlink><w:r><w:t>本文</w:t><w:br/><w:t>次</w:t></w:r></w:hyperlink></w:p>";
    assert_eq!(lines(body), ["1\t目的 A&B①", "", "本文", "次"]);
    let source = source(&[("word/document.xml", &document(body))]).unwrap();
    assert_eq!(source.format, Format::Docx);
}

#[test]
fn what_word_does_not_show_does_not_come_out() {
    let body = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隠</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>見</w:t></w:r>\
        <w:r><w:instrText>TOC</w:instrText></w:r><w:r><w:ruby><w:rt><w:r><w:t>ほん</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>本</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>";
    assert_eq!(lines(body), ["見本"]);
}

#[test]
fn tracked_changes_are_read_as_accepted() {
    let body = "<w:p><w:r><w:t>市は</w:t></w:r><w:del><w:r><w:delText>古い</w:delText></w:r></w:del><w:ins><w:r><w:t>新しい</w:t></w:r></w:ins></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半、</w:t></w:r></w:p><w:p><w:r><w:t>後半。</w:t></w:r></w:p>";
    let source = source(&[("word/document.xml", &document(body))]).unwrap();
    assert_eq!(source.text, "市は新しい\n前半、後半。");
    assert_eq!(source.diagnostics[0].code, "tracked-changes");
}

#[test]
fn a_table_is_read_cell_by_cell() {
    let cell = |text: &str| {
        format!(
            "<w:tc><w:tcPr/>{}</w:tc>",
            text.split('|')
                .map(|t| format!("<w:p><w:r><w:t>{t}</w:t></w:r></w:p>"))
                .collect::<String>()
        )
    };
    let body = format!(
        "<w:tbl><w:tblPr/><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("(1)端末"),
        cell("機器"),
        cell("(2)回線"),
        cell("次のもの|ア 有線")
    );
    assert_eq!(lines(&body), ["(1)端末\t機器", "(2)回線\t次のもの", "ア 有線"]);
}

#[test]
fn text_boxes_and_notes_follow_their_paragraph() {
    let body = "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>箱</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>\
        <mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>箱</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>本文</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>";
    let notes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"2\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:t>注の文</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let source = source(&[("word/document.xml", &document(body)), ("word/footnotes.xml", notes)]).unwrap();
    assert_eq!(source.text, "本文\n箱\n※ 注の文");
}

#[test]
fn automatic_numbers_are_written_out() {
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId=\"0\">{}{}{}{}</w:abstractNum>\
        <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>\
        <w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"1\"><w:startOverride w:val=\"7\"/></w:lvlOverride></w:num></w:numbering>",
        level(0, "decimalFullWidth", "第%1条"),
        level(1, "decimal", "(%2)"),
        level(2, "aiueoFullWidth", "%3"),
        level(3, "decimal", "%1-%2-%4"),
    );
    let body = [
        item(1, 0, "目的"),
        item(1, 1, "端末"),
        item(1, 2, "据置"),
        item(1, 2, "携帯"),
        item(1, 1, "回線"),
        item(1, 2, "有線"),
        item(1, 0, "範囲"),
        item(1, 1, "機関"),
        item(2, 1, "資産"),
        item(2, 1, "文書"),
        item(2, 3, "細目"),
        item(0, 0, "番号なし"),
    ]
    .concat();
    let source = source(&[
        ("word/document.xml", &document(&body)),
        ("word/numbering.xml", &numbering),
    ])
    .unwrap();
    let lines: Vec<String> = source.text.lines().map(|line| line.replace('\t', " ")).collect();
    assert_eq!(
        lines,
        [
            "  第１条 目的",
            "    (1) 端末",
            "      ア 据置",
            "      イ 携帯",
            "    (2) 回線",
            "      ア 有線",
            "  第２条 範囲",
            "    (1) 機関",
            "    (7) 資産",
            "    (8) 文書",
            "        ２-8-1 細目",
            "番号なし",
        ]
    );
}

#[test]
fn a_style_may_carry_the_number() {
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId=\"0\">{}<w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimalEnclosedCircle\"/>\
        <w:suff w:val=\"nothing\"/><w:lvlText w:val=\"%2\"/><w:pStyle w:val=\"item\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>",
        level(0, "japaneseCounting", "第%1"),
    );
    let styles = "<w:styles><w:style w:styleId=\"heading\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>\
        <w:style w:styleId=\"item\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>\
        <w:style w:styleId=\"child\"><w:basedOn w:val=\"item\"/></w:style><w:style w:styleId=\"ring\"><w:basedOn w:val=\"ring\"/></w:style></w:styles>";
    let paragraph = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let body = [
        paragraph("heading", "総則"),
        paragraph("item", "端末"),
        paragraph("child", "回線"),
        paragraph("ring", "本文"),
    ]
    .concat();
    let parts = [
        ("word/document.xml", document(&body)),
        ("word/numbering.xml", numbering),
        ("word/styles.xml", styles.to_owned()),
    ];
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, part)| (*name, part.as_str())).collect();
    assert_eq!(source(&parts).unwrap().text, "第一\t総則\n  ① 端末\n  ② 回線\n本文");
}

#[test]
fn the_main_part_is_found_by_its_relationship() {
    let relations = "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"/word/document2.xml\"/></Relationships>";
    let part = document("<w:p><w:r><w:t>本文</w:t></w:r></w:p>");
    assert_eq!(
        source(&[("_rels/.rels", relations), ("word/document2.xml", &part)])
            .unwrap()
            .text,
        "本文"
    );
}

#[test]
fn other_archives_are_no_word_documents() {
    assert_eq!(
        source(&[("xl/workbook.xml", "<workbook/>")]).unwrap_err().code,
        "not-word"
    );
    assert_eq!(read("a.docx", b"PK\x05\x06").unwrap_err().code, "docx-broken");
}

#[test]
fn a_document_cut_short_is_refused_at_every_length() {
    let whole = package(&[("word/document.xml", &document(&item(1, 0, "本文").repeat(50)))]);
    for length in 4..whole.len() {
        let fault = read("a.docx", &whole[..length]).unwrap_err();
        assert_eq!(fault.code, "docx-broken", "{length}: {fault:?}");
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let whole = package(&[("word/document.xml", &document(&item(1, 0, "本文").repeat(50)))]);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _ = read("a.docx", &bytes);
    }
}

#[test]
fn a_zip_bomb_is_not_unfolded() {
    let part = document(&format!(
        "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
        " ".repeat(8 * 1024 * 1024)
    ));
    assert_eq!(source(&[("word/document.xml", &part)]).unwrap_err().code, "zip-bomb");
}

#[test]
fn a_note_cited_endlessly_is_not_copied_endlessly() {
    let note = format!(
        "<w:footnotes><w:footnote w:id=\"1\"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>",
        "注".repeat(100_000)
    );
    let body = format!(
        "<w:p><w:r>{}</w:r></w:p>",
        "<w:footnoteReference w:id=\"1\"/>".repeat(1000)
    );
    let fault = source(&[("word/document.xml", &document(&body)), ("word/footnotes.xml", &note)]).unwrap_err();
    assert_eq!(fault.code, "too-large");
}

#[test]
fn entities_and_document_types_are_refused() {
    assert_eq!(refused("<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>"), "xml-entity");
    let part = "<!DOCTYPE d [<!ENTITY a \"b\">]><w:document><w:body><w:p/></w:body></w:document>";
    assert_eq!(source(&[("word/document.xml", part)]).unwrap_err().code, "xml-entity");
}

#[test]
fn xml_that_is_none_is_refused() {
    assert_eq!(refused("<w:p><w:r></w:p>"), "docx-broken");
    assert_eq!(refused(&"<w:p><w:r>".repeat(5000)), "docx-broken");
    assert_eq!(source(&[("word/document.xml", "")]).unwrap_err().code, "docx-broken");
    assert_eq!(
        source(&[("word/document.xml", "<w:document><w:body>")])
            .unwrap_err()
            .code,
        "docx-broken"
    );
}

#[test]
fn automatic_numbers_become_the_labels_of_clauses() {
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId=\"0\">{}{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>",
        level(0, "decimal", "第%1条"),
        level(1, "decimal", "(%2)"),
    );
    let plain = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body = [
        plain("見本市情報セキュリティ基本方針"),
        item(1, 0, "(目的)"),
        plain("市の情報を守る。"),
        item(1, 0, "(定義)"),
        plain("この方針の用語は、次のとおりとする。"),
        item(1, 1, "端末 職員の使う計算機をいう。"),
        item(1, 1, "回線 端末をつなぐ線をいう。"),
        item(1, 0, "(公表)"),
        plain("この方針は、公表する。"),
    ]
    .concat();
    let bytes = package(&[
        ("word/document.xml", &document(&body)),
        ("word/numbering.xml", &numbering),
    ]);
    let document = super::super::read_document("方針.docx", &bytes).unwrap();
    let rows: Vec<String> = document
        .walk()
        .map(|clause| format!("{} {}", clause.id, clause.heading))
        .collect();
    assert_eq!(document.title, "見本市情報セキュリティ基本方針");
    assert_eq!(rows, ["1 目的", "2 定義", "2.1 端末", "2.2 回線", "3 公表"]);
}

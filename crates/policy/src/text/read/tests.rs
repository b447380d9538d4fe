//! Formats and encodings are told by content; what cannot be read says what to do.

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};
use model::diagnostic::Diagnostic;
use proptest::prelude::*;

use super::*;

const POLICY: &str = "見本市情報セキュリティ基本方針\n\n1 目的\n市の情報を守る。①から⑳まで、髙﨑も書ける。\n";

fn refused(bytes: &[u8]) -> Diagnostic {
    read("policy.txt", bytes).unwrap_err()
}

#[test]
fn plain_text_stays_as_it_is() {
    let source = read("方針.txt", POLICY.replace('\n', "\r\n").as_bytes()).unwrap();
    assert_eq!(source.text, POLICY.replace('\n', "\r\n"));
    assert_eq!((source.format, source.encoding), (Format::Text, Encoding::Utf8));
    assert!(source.diagnostics.is_empty());
}

#[test]
fn a_byte_order_mark_is_no_text() {
    let utf16 = |to: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{POLICY}");
    for (bytes, encoding) in [
        (marked.clone().into_bytes(), Encoding::Utf8),
        (utf16(u16::to_le_bytes, &marked), Encoding::Utf16Le),
        (utf16(u16::to_be_bytes, &marked), Encoding::Utf16Be),
    ] {
        let source = read("policy", &bytes).unwrap();
        assert_eq!((source.text.as_str(), source.encoding), (POLICY, encoding));
    }
}

#[test]
fn japanese_encodings_are_told_apart() {
    for (codec, encoding) in [
        (SHIFT_JIS, Encoding::ShiftJis),
        (EUC_JP, Encoding::EucJp),
        (ISO_2022_JP, Encoding::Iso2022Jp),
    ] {
        let text = "見本市情報セキュリティ基本方針\n1 目的\n市の情報を守る。";
        let (bytes, _, _) = codec.encode(text);
        let source = read("policy.txt", &bytes).unwrap();
        assert_eq!((source.text.as_str(), source.encoding), (text, encoding));
    }
}

#[test]
fn shift_jis_of_windows_keeps_its_own_characters() {
    let (bytes, _, lossy) = SHIFT_JIS.encode(POLICY);
    assert!(!lossy);
    assert_eq!(read("policy.txt", &bytes).unwrap().text, POLICY);
}

#[test]
fn a_damaged_byte_is_named_by_its_offset() {
    let mut bytes = POLICY.as_bytes().to_vec();
    bytes[30] = 0xff;
    let fault = refused(&bytes);
    assert_eq!(fault.code, "encoding");
    assert!(
        fault.message.ja.contains("30バイト") && fault.message.en.contains("byte offset 30"),
        "{fault:?}"
    );

    let (mut bytes, _, _) = SHIFT_JIS.encode(POLICY);
    bytes.to_mut()[4] = 0xff;
    let fault = refused(&bytes);
    assert_eq!(fault.code, "encoding");
    assert!(fault.message.en.contains("Shift_JIS at byte offset 4"), "{fault:?}");
}

#[test]
fn a_utf_16_file_cut_in_a_character_is_refused() {
    let fault = refused(&[0xff, 0xfe, 0x42]);
    assert_eq!(fault.code, "encoding");
}

#[test]
fn what_is_no_text_is_refused_with_advice() {
    let ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    let encrypted = [
        ole.as_slice(),
        &"EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
    ];
    let noise: Vec<u8> = (0..=255).cycle().take(4096).collect();
    let cases: [(&[u8], &str); 9] = [
        (b"%PDF-1.7\n1 0 obj", "pdf"),
        (b"\n%PDF-1.4", "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (&ole, "old-office"),
        (&encrypted.concat(), "protected"),
        (&noise, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"", "empty"),
        ("\u{feff} \n\t\n".as_bytes(), "empty"),
    ];
    for (bytes, code) in cases {
        let fault = refused(bytes);
        assert_eq!(fault.code, code, "{fault:?}");
        assert!(fault.help.is_some(), "{fault:?}");
    }
    assert!(refused(&ole).help.unwrap().ja.contains(".docx"));
}

#[test]
fn a_file_over_the_limit_is_refused() {
    assert_eq!(refused(&vec![b'a'; LIMIT + 1]).code, "too-large");
}

#[test]
fn the_content_decides_before_the_name() {
    let format = |name: &str, text: &str| read(name, text.as_bytes()).unwrap().format;
    assert_eq!(format("p.txt", "<!DOCTYPE html><p>文"), Format::Html);
    assert_eq!(
        format("p.txt", "<?xml version=\"1.0\"?>\n<!-- x -->\n<html><p>文"),
        Format::Html
    );
    assert_eq!(format("p.txt", "# 方針\n\n## 1 目的\n"), Format::Markdown);
    assert_eq!(format("p.txt", "# 一つだけでは分からない\n"), Format::Text);
    assert_eq!(format("p.MD", "方針\n"), Format::Markdown);
    assert_eq!(format("p.docx", "方針\n"), Format::Text);
    assert_eq!(format("p", "<方針>は山括弧で始まる\n"), Format::Text);
}

#[test]
fn private_use_characters_are_pointed_at() {
    let source = read("p.txt", "髙\u{e000}橋".as_bytes()).unwrap();
    assert_eq!(source.diagnostics[0].code, "private-use-character");
    assert_eq!(source.diagnostics[0].span.unwrap().of(&source.text), Some("\u{e000}"));
}

#[test]
fn markdown_loses_its_marks() {
    let cases = [
        ("## 3 対象", "3 対象"),
        ("# **第1章** 総則 ##", "第1章 総則"),
        ("- (1) **端末**をいう。", "- (1) 端末をいう。"),
        ("* ① 端末", "- ① 端末"),
        ("> 引用", "引用"),
        ("[対策基準](https://example.jp/a)による。", "対策基準による。"),
        ("1\\. 目的<br>", "1. 目的"),
        ("| (1) | `端末` | 機器 |", "(1)\t端末\t機器"),
        ("|---|:-:|", ""),
        ("----", ""),
        ("#見出しでない", "#見出しでない"),
        ("注*1つ", "注*1つ"),
        ("a_b_c", "a_b_c"),
    ];
    for (line, plain) in cases {
        assert_eq!(markdown::text(line).trim_end(), plain, "{line}");
    }
}

#[test]
fn markdown_keeps_every_line_in_its_place() {
    let source = "---\ntitle: x\n---\n# 方針\r\n\n<!-- 注\n釈 -->\n```\n# そのまま\n```\n## 1 目的\n本文";
    let text = markdown::text(source);
    let at = |text: &str| {
        text.split('\n')
            .scan(0, |at, line| {
                *at += line.len() + 1;
                Some(*at)
            })
            .collect::<Vec<usize>>()
    };
    assert_eq!(at(&text), at(source));
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(lines, ["方針", "# そのまま", "1 目的", "本文"]);
}

#[test]
fn a_list_below_a_heading_is_told_from_the_headings() {
    let text = markdown::text("1. 前\n## 2 定義\n\n1. 端末\n   機器をいう。\n\n2) 回線\n本文\n  続き\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "1. 前",
            "2 定義",
            "",
            "  1. 端末",
            "     機器をいう。",
            "",
            "  2) 回線",
            "本文",
            "  続き"
        ]
    );
}

/// Ids, labels and headings of a policy.
fn outline(name: &str, bytes: &[u8]) -> Vec<String> {
    let document = read_document(name, bytes).unwrap();
    let row = |clause: &crate::text::Clause| format!("{} {} {}", clause.id, clause.label, clause.heading);
    document.walk().map(row).collect()
}

#[test]
fn every_format_gives_the_same_clauses() {
    let plain = "見本市情報セキュリティ基本方針\n\n1 目的\n\n市の情報を守る。\n\n2 定義\n\n(1) 端末\n\n職員の使う計算機をいう。\n\n\
        (2) 回線\n\n端末をつなぐ線をいう。\n\n3 対策\n\n次の対策を講じる。\n\n(1) 部屋に鍵を掛ける。\n\n(2) 回線を分ける。\n";
    let expected = [
        "1 1 目的",
        "2 2 定義",
        "2.1 (1) 端末",
        "2.2 (2) 回線",
        "3 3 対策",
        "3.1 (1) ",
        "3.2 (2) ",
    ];
    assert_eq!(outline("p.txt", plain.as_bytes()), expected);
    assert_eq!(outline("p.txt", plain.replace('\n', "\r\n").as_bytes()), expected);
    assert_eq!(outline("p.txt", &SHIFT_JIS.encode(plain).0), expected);

    let mut markdown = plain.replacen("見本市", "# 見本市", 1);
    for heading in ["1 目的", "2 定義", "3 対策"] {
        markdown = markdown.replace(heading, &format!("## {heading}"));
    }
    assert_eq!(outline("p.md", markdown.as_bytes()), expected);

    let page = "<!DOCTYPE html><html><head><meta charset=utf-8><title>方針 | 見本市</title></head><body><nav><ol><li>ホーム</ol></nav>\
        <h1>見本市情報セキュリティ基本方針</h1><h2>1 目的</h2><p>市の情報を守る。<h2>2 定義</h2>\
        <dl><dt>(1) 端末<dd>職員の使う計算機をいう。<dt>(2) 回線<dd>端末をつなぐ線をいう。</dl>\
        <h2>3 対策</h2><p>次の対策を講じる。<ul><li>(1) 部屋に鍵を掛ける。<li>(2) 回線を分ける。</ul></body></html>";
    assert_eq!(outline("p.html", page.as_bytes()), expected);
}

#[test]
fn list_numbers_of_a_page_are_labels() {
    let page = "<h1>見本市情報セキュリティ基本方針</h1><h2>1 目的</h2><p>市の情報を守る。</p><h2>2 定義</h2>\
        <ol><li>端末<br>職員の使う計算機をいう。</li><li>回線<br>端末をつなぐ線をいう。</li></ol><h2>3 対策</h2><p>対策を講じる。</p>";
    assert_eq!(
        outline("p.html", page.as_bytes()),
        ["1 1 目的", "2 2 定義", "2.1 1. 端末", "2.2 2. 回線", "3 3 対策"]
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), name in "[a-z]{0,3}\\.(txt|md|html|docx)") {
        let _ = read(&name, &bytes);
    }

    #[test]
    fn no_markdown_panics_or_moves(text in "([#*_>|`~\\\\<!\\[\\]()-]|---|[あ1\\n ]|<br>|-->){0,60}") {
        let plain = markdown::text(&text);
prop_assert!(plain.len() >= text.len());
        prop_assert_eq!(plain.matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn no_page_panics(text in "(</?(ol|ul|li|p|table|tr|td|main|nav|div|br|pre|header|script|rt)( hidden| type=i| start=9)?/?>|[あa1\\n (]|&amp;|<!--|-->){0,60}") {
        let _ = read("page.html", text.as_bytes());
    }
}

//! What the parser finds wrong with a text.

use model::diagnostic::Diagnostic;

use crate::text::{Document, parse, references, render};

fn codes(document: &Document) -> Vec<&'static str> {
    document.diagnostics.iter().map(|finding| finding.code).collect()
}

fn finding<'d>(document: &'d Document, code: &str) -> &'d Diagnostic {
    let found = document.diagnostics.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {:#?}", document.diagnostics))
}

/// The words of the source that a finding points at.
fn place<'d>(document: &'d Document, code: &str) -> &'d str {
    finding(document, code)
        .span
        .and_then(|span| span.of(&document.source))
        .unwrap()
}

const TITLE: &str = "見本市情報セキュリティ基本方針\n\n";

fn parsed(body: &str) -> Document {
    parse(&format!("{TITLE}{body}"))
}

#[test]
fn a_sound_text_has_no_findings() {
    let document = parsed(
        "令和8年4月1日改定\n\n目 次\n\n1\t目的\t1\n2\t体制\t2\n\n1 目的\n\n見本を示す。\n\n2 体制\n\n体制を置く。\n\n(1) 会議\n毎年開く。\n\n(2) 記録\n毎日付ける。\n",
    );
    assert_eq!(codes(&document), [""; 0], "{:#?}", document.diagnostics);
    assert_eq!(document.revised.unwrap().iso, "2026-04-01");
}

#[test]
fn every_difference_between_contents_and_body_is_reported() {
    let document = parsed(
        "目次\n1 目的 1\n2 脅威 1\n3 職員と委託先の責務 2\n4 監査 3\n5 運用 3\n\n1 目的\n見本を示す。\n2 脅威\n災害とする。\n3 職員の責務\n規則を守る。\n4 運用\n記録する。\n5 見直し\n見直す。\n",
    );
    assert_eq!(document.contents.len(), 5);
    assert_eq!(document.contents[2].page.as_deref(), Some("2"));
    assert_eq!(place(&document, "contents-wording"), "3 職員と委託先の責務 2");
    assert_eq!(place(&document, "contents-label"), "5 運用 3");
    assert_eq!(
        finding(&document, "contents-wording").message.en,
        "the contents page says `職員と委託先の責務`, the body `職員の責務`"
    );

    let document = parsed("目次\n1 目的\n2 監査\n3 運用\n\n1 目的\n見本を示す。\n2 監査\n毎年行う。\n");
    assert_eq!(place(&document, "contents-missing"), "3 運用");
    let document = parsed("目次\n1 目的\n2 監査\n\n1 目的\n見本を示す。\n2 監査\n毎年行う。\n3 運用\n記録する。\n");
    assert_eq!(place(&document, "contents-extra").trim_end(), "3 運用");
    let document = parsed("目次\n目的\n監査\n運用\n\n目的\n見本を示す。\n運用\n毎年行う。\n監査\n記録する。\n");
    assert_eq!(codes(&document), ["contents-order"]);
}

#[test]
fn contents_pages_are_read_in_every_layout() {
    for contents in [
        "目 次\n第1条 目的……1\n第2条 体制……2\n",
        "# 目次\n- 第1条　目的 ・・・・ 1\n- 第2条　体制 ・・・・ 2\n",
        "目次 第1条 目的 第2条 体制\n",
        "【目次】\n  第1条 目的 ........ 1\n  第2条 体制 ........ 2\n",
    ] {
        let document = parsed(&format!(
            "{contents}\n第1条 目的\n見本を示す。\n第2条 体制\n体制を置く。\n"
        ));
        let rows: Vec<_> = document
            .contents
            .iter()
            .map(|row| (row.label.as_str(), row.heading.as_str()))
            .collect();
        assert_eq!(rows, [("第1条", "目的"), ("第2条", "体制")], "{contents}");
        assert_eq!(codes(&document), [""; 0], "{contents}{:#?}", document.diagnostics);
        assert_eq!(document.clauses.len(), 2, "{contents}");
    }
    let ranges = parsed(
        "目次\n第1章 総則(第1条―第2条)\n第2章 対策（第3条）\n\n第1章 総則\n第1条 見本を示す。\n第2条 定める。\n第2章 対策\n第3条 扉を閉める。\n",
    );
    assert_eq!(ranges.contents[0].page.as_deref(), Some("第1条―第2条"));
    assert_eq!(ranges.contents[1].heading, "対策");
    assert_eq!(codes(&ranges), [""; 0], "{:#?}", ranges.diagnostics);
}

#[test]
fn gaps_restarts_and_lost_lines_are_reported() {
    let document = parsed("第1条 見本を示す。\n第2条 体制を置く。\n第4条 運用する。\n");
    assert_eq!(place(&document, "numbering-gap"), "第4条");
    assert_eq!(
        finding(&document, "numbering-gap").message.ja,
        "「第2条」の次が「第4条」で、番号が飛んでいる"
    );

    let document = parsed(
        "(目的)\n第1条 見本を示す。\n(定義)\n(1) 端末 職員が使う机の機器をいう。\n(2) 帳票 課が使う紙の書類をいう。\n(体制)\n第3条 端末と帳票を守る。\n",
    );
    assert_eq!(codes(&document), ["lost-article-line"]);
    let lost = document.clause("2").unwrap();
    assert_eq!(
        (lost.label.as_str(), lost.heading.as_str(), lost.children.len()),
        ("", "定義", 2)
    );
    assert_eq!(document.terms.len(), 2);
    assert_eq!(super::sketch(&parse(&render(&document))), super::sketch(&document));

    let document = parsed(
        "第1条 次のとおりとする。\n(1) 市長\n(2) 課長\n\n(1) 端末 職員が使う機器をいう。\n(2) 帳票 課が使う紙をいう。\n第3条 体制を置く。\n",
    );
    assert_eq!(codes(&document), ["lost-article-line"]);
    assert_eq!(document.clause("2").unwrap().children.len(), 2);

    let document = parsed("1 体制\n(1) 市長\n(2) 課長\n\n(1) 端末を閉じる。\n(2) 帳票を束ねる。\n2 運用\n記録する。\n");
    assert!(
        codes(&document).contains(&"numbering-restart"),
        "{:?}",
        codes(&document)
    );
    assert!(codes(&document).contains(&"repeated-id"));
    assert!(document.clause("1.1~2").is_some());
}

#[test]
fn damaged_circled_digits_are_read_and_reported() {
    let document =
        parsed("1 利用\n(1) 申請\n @ 課長に申し出る。\n A 課長が認める。\n B 記録する。\n(2) 返却\n課長に返す。\n");
    assert_eq!(codes(&document), ["damaged-label"]);
    assert_eq!(document.clause("1.1").unwrap().children.len(), 3);
    assert_eq!(document.clause("1.1.2").unwrap().label, "A");
}

#[test]
fn a_text_that_breaks_off_is_reported() {
    assert_eq!(
        codes(&parsed("1 目的\n見本を示す。\n2 体制\n全庁の体制を\n")),
        ["truncated"]
    );
    assert_eq!(codes(&parsed("1 目的\n見本を示す。\n2 体制\n")), ["truncated"]);
    assert_eq!(
        codes(&parsed(
            "1 目的\n見本を示す。\n2 脅威\n次の脅威とする。\n(1) 地震、火災等\n(2) 停電等\n"
        )),
        [""; 0]
    );
}

#[test]
fn texts_without_title_or_clauses_are_reported() {
    assert_eq!(codes(&parse("")), ["no-title", "no-clauses"]);
    assert!(codes(&parse("1 目的\n見本を示す。\n2 体制\n体制を置く。\n")).contains(&"no-title"));
}

#[test]
fn a_heading_that_cannot_be_told_from_its_body_is_reported() {
    let document = parsed("1 目的\n見本を示す。\n2 体制\n体制を置く。\n3 庁舎防護扉を閉める。\n");
    assert_eq!(codes(&document), ["unclear-heading"]);
    assert_eq!(document.clause("3").unwrap().text, "庁舎防護扉を閉める。");
}

#[test]
fn terms_are_found_with_their_other_names() {
    let document = parsed(
        "1 用語の定義\n(1) 住民記録系(住記系)\n住民の記録を扱う仕組み(以下「記録網」という。)をいう。\n(2) 端末・・・職員が使う\n机の機器をいう。\n(3) 「帳票」とは、課が使う紙をいう。\n2 利用\n住記系の端末から帳票を出す。\n",
    );
    let terms: Vec<_> = document
        .terms
        .iter()
        .map(|term| (term.term.as_str(), term.aliases.join(","), term.clause.as_str()))
        .collect();
    assert_eq!(
        terms,
        [
            ("住民記録系", "住記系,記録網".to_owned(), "1.1"),
            ("端末", String::new(), "1.2"),
            ("帳票", String::new(), "1.3")
        ]
    );
    assert_eq!(document.terms[1].text, "職員が使う机の機器をいう。");
    assert_eq!(codes(&document), [""; 0], "{:#?}", document.diagnostics);
}

#[test]
fn odd_uses_of_terms_are_reported() {
    let document = parsed(
        "1 定義\n(1) 端末\n職員の使う機器をいう。\n(2) 金庫\n鍵のある箱をいう。\n(3) 端末\n机の上の機器をいう。\n2 範囲\n(1) 情報資産の範囲\n端末を対象とする。\n3 対策\n情報資産と職員等の端末をサーバ及びサーバーで守り、サーバを点検する。\n",
    );
    assert_eq!(
        codes(&document),
        [
            "unused-term",
            "defined-twice",
            "scoped-not-defined",
            "undefined-term",
            "mixed-spelling"
        ]
    );
    assert!(finding(&document, "unused-term").message.ja.contains("金庫"));
    assert_eq!(place(&document, "scoped-not-defined"), "情報資産");
    assert_eq!(place(&document, "undefined-term"), "職員等");
    assert_eq!(place(&document, "mixed-spelling"), "サーバー");
}

#[test]
fn references_lead_to_clauses_or_are_reported() {
    let document = parsed(
        "1 脅威\n災害とする。\n2 対策\n上記1の脅威に備える。\n3 基準\n上記1、2及び7に基づき、見本市文書規程(平成2年規程第3号)第9条により定める。\n",
    );
    let found: Vec<_> = references(&document)
        .into_iter()
        .map(|r| (r.from, r.words, r.to))
        .collect();
    let expect = |from: &str, words: &str, to: Option<&str>| (from.to_owned(), words.to_owned(), to.map(str::to_owned));
    assert_eq!(
        found,
        [
            expect("2", "上記1", Some("1")),
            expect("3", "上記1", Some("1")),
            expect("3", "2", Some("2")),
            expect("3", "7", None)
        ]
    );
    assert_eq!(codes(&document), ["dangling-reference"]);
    assert_eq!(place(&document, "dangling-reference"), "7");

    let document = parsed(
        "第1条 前条の規定による。\n第2条 次の各号の者とする。\n(1) 市長\n(2) 前号の者の次の者\n第3条 第2条及び第1\n0条の規定による。\n2 前項の者は、次条により、個人の情報の保護に関する法律第5条を守る。\n第4条 前項のとおりとする。\n",
    );
    let found: Vec<_> = references(&document)
        .into_iter()
        .map(|r| (r.from, r.words, r.to))
        .collect();
    assert_eq!(
        found,
        [
            expect("1", "前条", None),
            expect("2", "次の各号", Some("2.1")),
            expect("2.2", "前号", Some("2.1")),
            expect("3", "第2条", Some("2")),
            expect("3", "第10条", None),
            expect("3.2", "前項", Some("3")),
            expect("3.2", "次条", Some("4")),
            expect("4", "前項", None),
        ]
    );
}

#[test]
fn too_many_levels_become_text() {
    let mut source = TITLE.to_owned();
    for depth in 0..200 {
        source.push_str(&"  ".repeat(depth));
        source.push_str("1. 扉\n");
    }
    let document = parse(&source);
    assert!(codes(&document).contains(&"too-deep"));
    let deepest = document.walk().map(|clause| clause.id.matches('.').count()).max();
    assert_eq!(deepest, Some(31));
}

//! What must hold for every text.

use model::diagnostic::Span;
use proptest::prelude::*;
use proptest::sample::select;

use super::sketch;
use crate::text::{Clause, Document, parse, render};

/// Sentences with what labels are mistaken for: references, dates, counts, lone kana, Latin words.
const SENTENCES: [&str; 9] = [
    "この方針は、見本市の情報を守るために必要なことを定める。",
    "職員は、(2)又は(3)に掲げる機器を令和8年4月1日から使ってはならない。",
    "見本市文書規程(平成12年見本市規程第2号)第3条の規定により、記録を5年の間保存する。",
    "アクセスの記録は、ログとして1日に2回以上、確かめるものとする。",
    "前項の機器は、LGWAN を使う端末及びインターネットを使う端末とする。",
    "課長は、①及び②の作業を終えたときは、上記1の手順により報告しなければならない。",
    "紙、画面、媒体・機器その他の物は、鍵の掛かる場所に置く。",
    "手順は、別に定める。",
    "災害(地震、火災、水害等をいう。)に備え、年1回の訓練を行う。",
];

const HEADINGS: [&str; 8] = [
    "目的",
    "適用範囲",
    "組織体制",
    "入退室の管理",
    "教育・訓練",
    "機器の管理",
    "記録の保存",
    "委託先の選定",
];

/// A generated clause: heading if any, sentences, items below.
#[derive(Debug, Clone)]
struct Made {
    heading: &'static str,
    sentences: Vec<&'static str>,
    items: Vec<Made>,
}

fn made(depth: u32) -> BoxedStrategy<Made> {
    let sentences = proptest::collection::vec(select(&SENTENCES[..]), 1..4);
    let own = (select(&HEADINGS[..]), sentences);
    let items = match depth {
        0 => Just(Vec::new()).boxed(),
        _ => proptest::collection::vec(made(depth - 1), 0..4).boxed(),
    };
    (own, items)
        .prop_map(|((heading, sentences), items)| Made {
            heading,
            sentences,
            items,
        })
        .boxed()
}

/// Labels of the levels, from the top.
#[derive(Debug, Clone, Copy)]
enum Numbering {
    Plain,
    Articles,
    Counted,
}

impl Numbering {
    fn label(self, depth: usize, number: usize) -> String {
        let circled = || {
            char::from_u32(0x245f + u32::try_from(number).unwrap())
                .unwrap()
                .to_string()
        };
        let kana = || "アイウエオ".chars().nth(number - 1).unwrap().to_string();
        match (self, depth) {
            (Self::Plain, 0) | (Self::Counted, 1) => number.to_string(),
            (Self::Articles, 0) => format!("第{number}条"),
            (Self::Counted, 0) => format!("第{number}"),
            (Self::Plain | Self::Articles, 1) | (Self::Counted, 2) => format!("({number})"),
            (Self::Plain, _) => circled(),
            _ => kana(),
        }
    }
}

/// The lines of a document, each a whole paragraph.
fn lines(numbering: Numbering, clauses: &[Made]) -> Vec<String> {
    fn add(numbering: Numbering, depth: usize, clauses: &[Made], lines: &mut Vec<String>) {
        for (index, clause) in clauses.iter().enumerate() {
            let label = numbering.label(depth, index + 1);
            if matches!(numbering, Numbering::Articles) && depth == 0 {
                lines.push(format!("({})", clause.heading));
                lines.push(format!("{label} {}", clause.sentences.concat()));
            } else {
                lines.push(format!("{label} {}", clause.heading));
                lines.push(clause.sentences.concat());
            }
            add(numbering, depth + 1, &clause.items, lines);
        }
    }
    let mut all = vec!["見本市情報セキュリティ基本方針".to_owned()];
    add(numbering, 0, clauses, &mut all);
    all
}

fn documents() -> impl Strategy<Value = (Numbering, Vec<Made>)> {
    let numbering = select(&[Numbering::Plain, Numbering::Articles, Numbering::Counted][..]);
    (numbering, proptest::collection::vec(made(2), 2..5))
}

/// Breaks every line at a width, as a page of fixed pitch does, in the middle of words if need be.
fn wrap(lines: &[String], width: usize) -> String {
    let mut text = String::new();
    for line in lines {
        let mut column = 0;
        for c in line.chars() {
            let columns = if c.is_ascii() { 1 } else { 2 };
            if column + columns > width {
                text.push('\n');
                column = 0;
            }
            text.push(c);
            column += columns;
        }
        text.push('\n');
    }
    text
}

/// Labels and ids only: wraps may fall inside a heading.
fn labels(document: &Document) -> Vec<String> {
    document
        .walk()
        .map(|clause| format!("{} {}", clause.id, clause.label))
        .collect()
}

/// Texts that look like policies to the parser and are none.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "1",
        "2",
        "3 ",
        "(1)",
        "(2) ",
        "（3）",
        "①",
        "② ",
        "ア ",
        "イ",
        "第1条",
        "第2条 ",
        "第3条の2",
        "第1章 ",
        "第1 ",
        "\n",
        "\n\n",
        "\r\n",
        "\u{c}",
        " ",
        "　",
        "\t",
        "|",
        "。",
        "、",
        "・",
        "- ",
        "-",
        "@ ",
        "A ",
        "目次",
        "目的",
        "定義",
        "附則",
        "(適用)",
        "「",
        "」",
        "以下「",
        "」という。",
        "とは、",
        "をいう。",
        "次のとおり",
        "令和8年3月",
        "上記1",
        "前項",
        "端末",
        "LGWAN",
        "\u{feff}",
        "\u{200b}",
        "👨‍👩‍👧",
        "é",
        "𠮷",
        "1.1 ",
        "一 ",
        "十",
        "#",
        "## ",
        "※",
        "5/10",
    ];
    proptest::collection::vec(select(pieces.to_vec()), 0..80).prop_map(|pieces| pieces.concat())
}

fn check_spans(document: &Document) {
    let source = &document.source;
    for rows in &document.contents {
        assert!(rows.span.of(source).is_some());
    }
    for term in &document.terms {
        assert!(term.span.of(source).is_some());
    }
    for finding in &document.diagnostics {
        assert!(finding.span.is_none_or(|span| span.of(source).is_some()), "{finding:?}");
    }
    check_clauses(&document.clauses, Span::new(0, source.len()), source);
    let mut ids: Vec<&str> = document.walk().map(|clause| clause.id.as_str()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
}

fn check_clauses(clauses: &[Clause], outer: Span, source: &str) {
    let mut at = outer.start;
    for clause in clauses {
        let span = clause.span;
        assert!(
            at <= span.start && span.start <= span.end && span.end <= outer.end,
            "{}: {span:?} from {at} in {outer:?}",
            clause.id
        );
        let text = span.of(source).unwrap();
        assert_eq!(text, text.trim_end(), "{}: no white space at its end", clause.id);
        at = span.end;
        let mut within = span.start;
        for paragraph in &clause.paragraphs {
            assert!(
                within <= paragraph.span.start && paragraph.span.end <= span.end,
                "{}",
                clause.id
            );
            within = paragraph.span.end;
            assert_text(&paragraph.text, paragraph.span.of(source).unwrap());
        }
        let joined: Vec<&str> = clause
            .paragraphs
            .iter()
            .map(|paragraph| paragraph.text.as_str())
            .collect();
        assert_eq!(clause.text, joined.join("\n"));
        check_clauses(&clause.children, span, source);
    }
}

/// The text is what stands there, furniture and spaces aside: every character of it comes from the source, in order.
fn assert_text(text: &str, source: &str) {
    let mut rest = source.chars();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        assert!(rest.any(|there| there == c), "{text:?} is not in {source:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_document_with_sound_spans(source in prop_oneof![hostile(), ".{0,200}", "(?s).{0,400}"]) {
        let document = parse(&source);
        check_spans(&document);
        let again = parse(&render(&document));
        check_spans(&again);
    }

    #[test]
    fn a_document_keeps_its_text((numbering, clauses) in documents()) {
        let lines = lines(numbering, &clauses);
        let document = parse(&lines.join("\n"));
        check_spans(&document);
        let texts: Vec<String> = document.walk().map(|clause| format!("{}{}", clause.heading, clause.text)).collect();
        let body = lines.iter().skip(1).map(|line| line.trim_start_matches(|c: char| c == '(' || c.is_ascii_digit()).chars().count()).sum::<usize>();
        prop_assert!(texts.concat().chars().count() <= body);
        for sentence in clauses.iter().flat_map(|clause| &clause.sentences) {
            prop_assert!(texts.iter().any(|text| text.contains(sentence)), "{} in {:?}", sentence, texts);
        }
    }

    #[test]
    fn wrapping_at_any_width_keeps_the_labels((numbering, clauses) in documents(), width in 24_usize..120) {
        let lines = lines(numbering, &clauses);
        let flat = parse(&lines.join("\n"));
        let wrapped = wrap(&lines, width);
        prop_assert_eq!(labels(&flat), labels(&parse(&wrapped)), "{}", wrapped);
    }

    #[test]
    fn page_furniture_changes_nothing((numbering, clauses) in documents(), width in 60_usize..120, every in 3_usize..20, style in 0_usize..4) {
        let lines = lines(numbering, &clauses);
        let plain = wrap(&lines, width);
        let mut furnished = String::new();
        for (index, line) in plain.lines().enumerate() {
            furnished.push_str(line);
            furnished.push('\n');
            if index % every == every - 1 {
                let page = index / every + 1;
                furnished.push_str(&match style {
                    0 => format!("- {page} -\n\n"),
                    1 => format!("\n{page}/99\n\n見本市情報セキュリティ基本方針\n\n"),
                    2 => "-\n\n".to_owned(),
                    _ => "\u{c}".to_owned(),
                });
            }
        }
        // A page end with an empty line after a complete sentence may end a paragraph too.
        let sketched = |text: &str| sketch(&parse(text)).replace(" / ", "");
        prop_assert_eq!(sketched(&plain), sketched(&furnished), "{}", furnished);
    }

    #[test]
    fn rendering_and_parsing_again_keeps_the_tree((numbering, clauses) in documents(), width in 40_usize..120) {
        let document = parse(&wrap(&lines(numbering, &clauses), width));
        let rendered = render(&document);
        let again = parse(&rendered);
        prop_assert_eq!(sketch(&document), sketch(&again), "{}", rendered);
        prop_assert_eq!(render(&again), rendered);
    }
}

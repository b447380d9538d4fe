//! Versions of a small policy of the fictional 見本市.

use proptest::prelude::*;

use super::*;
use crate::text::parse;

const OLD: &str = "見本市情報セキュリティ基本方針

第1条 (目的)
この方針は、市の情報を守るための考え方を示す。

第2条 (体制)
市長は、全庁の責任者を一人置く。
(1) 責任者は、副市長とする。
(2) 責任者は、毎年、状況を市長に知らせる。

第3条 (監査)
市は、毎年一回、決まりが守られているかを確かめる。

第4条 (公表)
この方針は、市の掲示場と公式サイトで公表する。
";

fn changes(old: &str, new: &str) -> Vec<Change> {
    diff(&parse(old), &parse(new))
}

/// `kind old>new`, with `*` for a move and `^` for one carried along.
fn sketch(changes: &[Change]) -> Vec<String> {
    let id = |side: &Option<Side>| side.as_ref().map_or("-".to_owned(), |side| side.clause.clone());
    let mark = |change: &Change| match (change.moved, change.carried) {
        (_, true) => "^",
        (true, false) => "*",
        (false, false) => "",
    };
    changes
        .iter()
        .map(|change| {
            format!(
                "{:?}{} {}>{}",
                change.kind,
                mark(change),
                id(&change.old),
                id(&change.new)
            )
        })
        .collect()
}

fn shown(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| match segment.kind {
            SegmentKind::Equal => segment.text.clone(),
            SegmentKind::Removed => format!("[-{}]", segment.text),
            SegmentKind::Added => format!("[+{}]", segment.text),
        })
        .collect()
}

#[test]
fn the_same_text_has_no_changes() {
    assert_eq!(changes(OLD, OLD), []);
    assert_eq!(changes("", ""), []);
}

#[test]
fn wrapping_is_no_change() {
    assert_eq!(
        sketch(&changes(
            OLD,
            &OLD.replace("市の情報を守るための", "市の情報を\n守るための")
        )),
        [""; 0]
    );
}

#[test]
fn an_article_put_in_moves_the_following() {
    let new = OLD
        .replace("第4条", "第5条")
        .replace("第3条", "第4条")
        .replace("第2条", "第3条")
        .replace(
            "第3条 (体制)",
            "第2条 (用語)\nここでいう端末は、職員の使う計算機である。\n\n第3条 (体制)",
        );
    assert_eq!(
        sketch(&changes(OLD, &new)),
        [
            "Added ->2",
            "Moved* 2>3",
            "Moved^ 2.1>3.1",
            "Moved^ 2.2>3.2",
            "Moved* 3>4",
            "Moved* 4>5"
        ]
    );
}

#[test]
fn an_article_taken_out_is_shown_where_it_stood() {
    let new = OLD
        .replace(
            "第3条 (監査)\n市は、毎年一回、決まりが守られているかを確かめる。\n\n",
            "",
        )
        .replace("第4条", "第3条");
    assert_eq!(sketch(&changes(OLD, &new)), ["Removed 3>-", "Moved* 4>3"]);
}

#[test]
fn a_reworded_sentence_shows_its_pieces() {
    let new = OLD
        .replace("毎年一回、決まり", "毎年二回以上、決まり")
        .replace("(公表)", "(公開)");
    let changes = changes(OLD, &new);
    assert_eq!(sketch(&changes), ["Reworded 3>3", "Reworded 4>4"]);
    assert_eq!(
        shown(&changes[0].text),
        "市は、毎年[-一回][+二回以上]、決まりが守られているかを確かめる。"
    );
    assert!(changes[0].heading.is_empty());
    assert_eq!(shown(&changes[1].heading), "公[-表][+開]");
}

#[test]
fn an_item_under_another_article_has_moved() {
    let item = "(2) 責任者は、毎年、状況を市長に知らせる。\n";
    let new = OLD
        .replace(item, "")
        .replace("確かめる。\n", &format!("確かめる。\n{}", item.replace("(2)", "(1)")));
    assert_eq!(sketch(&changes(OLD, &new)), ["Moved* 2.2>3.1"]);
}

#[test]
fn moved_and_reworded_is_one_change() {
    let new = OLD.replace("第4条", "第5条").replace(
        "第3条 (監査)\n市は、毎年一回、",
        "第3条 (点検)\n職員は、自らを省みる。\n\n第4条 (監査)\n市は、毎年一回以上、",
    );
    assert_eq!(
        sketch(&changes(OLD, &new)),
        ["Added ->3", "Reworded* 3>4", "Moved* 4>5"]
    );
}

#[test]
fn a_text_with_nothing_in_common_is_removed_and_added() {
    let changes = changes("見本市の方針\n\n1 目的\n守る。\n", "見本市の方針\n\n1 花壇\n水遣り。\n");
    assert_eq!(sketch(&changes), ["Removed 1>-", "Added ->1"]);
}

#[test]
fn a_change_serialises_with_both_sides() {
    let new = OLD.replace("毎年一回、", "毎年二回、");
    let json = serde_json::to_value(changes(OLD, &new)).unwrap();
    let change = &json[0];
    assert_eq!(
        (change["kind"].as_str(), change["old"]["clause"].as_str()),
        (Some("reworded"), Some("3"))
    );
    let starts = |side: &str, text: &str| {
        let start = usize::try_from(change[side]["span"]["start"].as_u64().unwrap()).unwrap();
        text.get(start..).unwrap().starts_with("第3条")
    };
    assert!(starts("old", OLD) && starts("new", &new));
}

#[test]
fn latin_words_are_whole() {
    assert_eq!(
        shown(&segment::segments("LGWANの端末", "LGの端末")),
        "[-LGWAN][+LG]の端末"
    );
    assert_eq!(shown(&segment::segments("赤の花", "青の実")), "[-赤の花][+青の実]");
}

#[test]
fn very_long_texts_are_shown_as_replaced() {
    let long = "あ".repeat(TOKENS_AND_MORE);
    assert_eq!(segment::segments(&long, &(long.clone() + "い")).len(), 2);
}

const TOKENS_AND_MORE: usize = 7000;

/// A policy from the articles' numbers: each article has its own sentence.
fn policy(articles: &[u8]) -> String {
    let mut text = "見本市の方針\n\n".to_owned();
    for (number, article) in (1..).zip(articles) {
        let word: String = (0..6)
            .filter_map(|n| char::from_u32(0x4e00 + u32::from(*article) * 37 + n * 11))
            .collect();
        text += &format!(
            "第{number}条 {word}\n{word}を守る。{}に従う。\n",
            word.chars().rev().collect::<String>()
        );
    }
    text
}

proptest! {
    #[test]
    fn every_clause_is_accounted_for(old in prop::collection::vec(0_u8..12, 0..8), new in prop::collection::vec(0_u8..12, 0..8)) {
        let (old, new) = (parse(&policy(&old)), parse(&policy(&new)));
        let changes = diff(&old, &new);
        let added = changes.iter().filter(|change| change.old.is_none()).count();
        let removed = changes.iter().filter(|change| change.new.is_none()).count();
        prop_assert_eq!(old.walk().count() + added, new.walk().count() + removed);
        prop_assert_eq!(diff(&old, &old), []);
        prop_assert_eq!(&diff(&old, &new), &changes);
    }

    #[test]
    fn segments_give_both_texts_back(old in "[あいうabの ]{0,20}", new in "[あいうabの ]{0,20}") {
        let segments = segment::segments(&old, &new);
        let side = |without: SegmentKind| segments.iter().filter(|s| s.kind != without).map(|s| s.text.as_str()).collect::<String>();
        if !segments.is_empty() {
            prop_assert_eq!(side(SegmentKind::Added), old);
            prop_assert_eq!(side(SegmentKind::Removed), new);
        }
    }

    #[test]
    fn no_texts_panic(old in "([0-9() ①、。\n]|第1条|あ){0,50}", new in "([0-9() ①、。\n]|第1条|あ){0,50}") {
        let _ = changes(&old, &new);
    }
}

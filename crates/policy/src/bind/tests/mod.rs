//! Differently worded policies of the fictional 見本市 bind to the same concepts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::text::{Paragraph, read};

const ARTICLES: &str = include_str!("articles.txt");
const NUMBERS: &str = include_str!("numbers.md");
const CHAPTERS: &str = include_str!("chapters.txt");

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| Concepts::shipped().unwrap());

fn concepts() -> &'static Concepts {
    &CONCEPTS
}

fn document(name: &str, text: &str) -> Document {
    read::read_document(name, text.as_bytes()).unwrap()
}

fn bound(name: &str, text: &str) -> (Document, Binding) {
    let mut document = document(name, text);
    let binding = bind(&mut document, concepts(), &BTreeMap::new());
    (document, binding)
}

/// `heading` or, without one, `id`, and the concept.
fn pairs(binding: &Binding) -> Vec<(&str, &str)> {
    let rows = binding.rows.iter();
    rows.map(|row| {
        let shown = if row.heading.is_empty() {
            &row.clause
        } else {
            &row.heading
        };
        (shown.as_str(), row.concept.as_deref().unwrap_or("-"))
    })
    .collect()
}

fn clause(id: &str, heading: &str, text: &str, children: Vec<Clause>) -> Clause {
    Clause {
        id: id.to_owned(),
        label: String::new(),
        heading: heading.to_owned(),
        text: text.to_owned(),
        span: Span::new(0, 0),
        concept: None,
        paragraphs: text
            .split('\n')
            .map(|text| Paragraph {
                text: text.to_owned(),
                span: Span::new(0, 0),
                concept: None,
            })
            .collect(),
        children,
    }
}

fn made(clauses: Vec<Clause>) -> Document {
    Document {
        clauses,
        ..crate::text::parse("")
    }
}

fn one(heading: &str, text: &str) -> String {
    let mut document = made(vec![clause("1", heading, text, Vec::new())]);
    bind(&mut document, concepts(), &BTreeMap::new());
    document.clauses[0].concept.clone().unwrap_or_default()
}

#[test]
fn articles_with_captions_bind() {
    let (_, binding) = bound("policy.txt", ARTICLES);
    assert_eq!(
        pairs(&binding),
        [
            ("趣旨", "purpose"),
            ("用語の意義", "definitions"),
            ("端末", "definitions"),
            ("監査", "definitions"),
            ("想定する脅威", "threats"),
            ("3.1", "threats"),
            ("3.2", "threats"),
            ("適用の範囲", "scope"),
            ("職員等の責務", "acknowledgement"),
            ("管理体制", "organisation"),
            ("情報資産の取扱い", "classification"),
            ("強靭化の対策", "resilience"),
            ("8.1", "resilience.mynumber"),
            ("8.2", "resilience.lgwan"),
            ("8.3", "resilience.internet"),
            ("人的対策", "human"),
            ("物理的対策", "physical"),
            ("技術的対策", "technical"),
            ("運用上の対策", "operation"),
            ("緊急時対応計画", "operation.contingency"),
            ("やむを得ないときの例外措置", "operation.exception"),
            ("外部委託及び外部サービスの利用", "outsourcing"),
            ("15.1", "outsourcing.contract"),
            ("15.2", "outsourcing.cloud"),
            ("15.3", "outsourcing.sns"),
            ("監査、点検", "evaluation.check"),
            ("改定", "evaluation.review"),
            ("対策基準", "standard"),
            ("実施手順書の作成", "procedures"),
            ("公表", "publication"),
            ("委任", "supplementary"),
            ("附則", "supplementary"),
        ]
    );
    assert!(binding.unbound.is_empty());
    assert_eq!(binding.uncovered, ["measures"]);
}

#[test]
fn numbered_headings_bind() {
    let (document, binding) = bound("policy.md", NUMBERS);
    assert_eq!(
        pairs(&binding),
        [
            ("はじめに", "purpose"),
            ("用語", "definitions"),
            ("台帳", "definitions"),
            ("監査", "definitions"),
            ("想定される脅威", "threats"),
            ("3.1", "threats"),
            ("3.2", "threats"),
            ("対象範囲", "scope"),
            ("対象機関", "scope.organs"),
            ("対象とする情報資産", "scope.assets"),
            ("4.2.1", "scope.assets"),
            ("4.2.2", "scope.assets"),
            ("遵守義務", "acknowledgement"),
            ("講ずべき対策", "measures"),
            ("推進体制", "organisation"),
            ("情報の分類", "classification"),
            ("三層の対策", "resilience"),
            ("6.3.1", "resilience.mynumber"),
            ("6.3.2", "resilience.lgwan"),
            ("6.3.3", "resilience.internet"),
            ("物理的な対策", "physical"),
            ("人的な対策", "human"),
            ("技術的な対策", "technical"),
            ("運用面", "operation"),
            ("委託、外部サービス", "outsourcing"),
            ("評価、改善", "evaluation"),
            ("監査・自己点検", "evaluation.check"),
            ("方針の見直し", "evaluation.review"),
            ("対策基準の策定", "standard"),
            ("実施手順の策定", "procedures"),
            ("公表", "publication"),
        ]
    );
    assert!(binding.unbound.is_empty() && binding.uncovered.is_empty() && binding.diagnostics.is_empty());
    let outsourcing = document.clause("6.8").unwrap();
    let paragraphs: Vec<Option<&str>> = outsourcing.paragraphs.iter().map(|p| p.concept.as_deref()).collect();
    assert_eq!(
        paragraphs,
        [
            Some("outsourcing.contract"),
            Some("outsourcing.cloud"),
            Some("outsourcing.sns")
        ]
    );
}

#[test]
fn a_standard_of_chapters_binds() {
    let (_, binding) = bound("standard.txt", CHAPTERS);
    let found: BTreeMap<&str, &str> = pairs(&binding).into_iter().collect();
    for (heading, concept) in [
        ("総則", "measures"),
        ("目的", "purpose"),
        ("情報セキュリティ監査統括責任者", "organisation"),
        ("情報資産の保管", "classification"),
        ("LGWAN接続系", "resilience.lgwan"),
        ("機器の電源", "physical.server"),
        ("入退室の管理", "physical.area"),
        ("通信回線及び通信回線装置の管理", "physical.network"),
        ("職員等の利用する端末や電磁的記録媒体等の管理", "physical"),
        ("職員等の遵守事項", "human.rules"),
        ("机上の端末等の管理", "human.rules"),
        ("研修・訓練", "human.training"),
        ("情報セキュリティインシデントの報告", "human.incident_report"),
        ("ID及びパスワード等の管理", "human.credentials"),
        ("電子メールのセキュリティ管理", "technical.administration"),
        ("アクセス制御", "technical.access"),
        ("システム開発、導入、保守等", "technical.development"),
        ("不正プログラム対策", "technical.malware"),
        ("不正アクセス対策", "technical.intrusion"),
        ("セキュリティ情報の収集", "technical.vulnerability"),
        ("情報システムの監視", "operation.monitoring"),
        ("遵守状況の確認", "operation.compliance"),
        ("侵害時の対応", "operation.contingency"),
        ("やむを得ないときの例外措置", "operation.exception"),
        ("法令遵守", "operation.law"),
        ("違反に対する措置", "operation.compliance"),
        // Older standards keep outsourcing in the chapter on operation.
        ("外部委託", "outsourcing.contract"),
        ("業務委託と外部サービスの利用", "outsourcing"),
        ("ソーシャルメディアサービスの利用", "outsourcing.sns"),
        ("監査", "evaluation.check.audit"),
        ("自己点検", "evaluation.check.inspection"),
        ("基準の見直し", "evaluation.review"),
    ] {
        assert_eq!(found.get(heading), Some(&concept), "{heading}");
    }
    assert!(binding.unbound.is_empty());
    assert!(
        !binding.uncovered.contains(&"evaluation.check".to_owned()),
        "both of its parts are covered"
    );
}

#[test]
fn spellings_of_one_heading_bind_alike() {
    for (heading, concept) in [
        ("情報システム全体の強靱性の向上", "resilience"),
        ("情報システム全体の強靭性の向上", "resilience"),
        ("人的セキュリティー", "human"),
        ("監査および自己点検の実施", "evaluation.check"),
        ("情報セキュリティ監査", "evaluation.check.audit"),
        ("自己点検", "evaluation.check.inspection"),
        ("業務委託と外部サービス（クラウドサービス）の利用", "outsourcing"),
        ("外部委託", "outsourcing.contract"),
        ("業務委託及びソーシャルメディアサービスの利用", "outsourcing"),
        ("情報セキュリティ対策", "measures"),
        ("情報セキュリティ対策の推進体制", "organisation"),
        ("情報セキュリティ対策基準の策定", "standard"),
        ("対策基準の見直し", "evaluation.review"),
        ("情報セキュリティ実施手順の策定及び非公開", "procedures"),
        ("情報資産への脅威", "threats"),
        ("法令の順守", "operation.law"),
        ("例外措置", "operation.exception"),
        ("評価，見直し", "evaluation"),
    ] {
        assert_eq!(one(heading, ""), concept, "{heading}");
    }
}

#[test]
fn a_decision_is_explained() {
    let (_, binding) = bound("policy.txt", ARTICLES);
    let words = |id: &str| -> Vec<(String, Place)> {
        let row = binding.row(id).unwrap();
        row.words
            .iter()
            .map(|found| (found.word.clone(), found.place))
            .collect()
    };
    assert_eq!(words("9"), [("人的対策".to_owned(), Place::Heading)]);
    assert_eq!(words("8.1"), [("個人番号利用事務系".to_owned(), Place::Topic)]);
    assert_eq!(binding.row("2.2").unwrap().by, By::Inherited("2".to_owned()));
    assert_eq!(binding.row("9").unwrap().by, By::Rule);
}

#[test]
fn a_clause_that_says_nothing_known_stays_unbound() {
    let (_, binding) = bound(
        "policy.txt",
        "見本市の方針\n\n1 目的\n方針の目的を示す。\n\n2 花壇の手入れ\n花に水をやる。\n",
    );
    assert_eq!(binding.unbound, ["2"]);
    assert_eq!(binding.row("2").unwrap().by, By::Nothing);
    let remark = binding.diagnostics.iter().find(|d| d.code == "unbound-clause").unwrap();
    let source = "見本市の方針\n\n1 目的\n方針の目的を示す。\n\n2 花壇の手入れ\n花に水をやる。\n";
    assert_eq!(remark.span.unwrap().of(source).map(str::trim), Some("2 花壇の手入れ"));
}

#[test]
fn a_heading_that_only_groups_is_not_unbound() {
    let inner = vec![
        clause("1.1", "目的", "", Vec::new()),
        clause("1.2", "附則", "", Vec::new()),
    ];
    let mut document = made(vec![clause("1", "第一部", "", inner)]);
    let binding = bind(&mut document, concepts(), &BTreeMap::new());
    assert_eq!(binding.row("1").unwrap().by, By::Grouping);
    assert!(binding.unbound.is_empty());
}

#[test]
fn the_city_has_the_last_word() {
    let mut document = document("policy.md", NUMBERS);
    let overrides = [("6.4", "technical"), ("6.8#2", "outsourcing.sns"), ("5", "human.rules")];
    let overrides = overrides.map(|(place, concept)| (place.to_owned(), concept.to_owned()));
    let binding = bind(&mut document, concepts(), &overrides.into_iter().collect());
    assert_eq!(document.clause("6.4").unwrap().concept.as_deref(), Some("technical"));
    assert_eq!(binding.row("6.4").unwrap().by, By::Override);
    assert_eq!(
        document.clause("6.8").unwrap().paragraphs[1].concept.as_deref(),
        Some("outsourcing.sns")
    );
    assert!(binding.uncovered.contains(&"physical".to_owned()));
    assert!(binding.uncovered.contains(&"acknowledgement".to_owned()));
}

#[test]
fn an_override_of_nothing_is_reported_and_ignored() {
    let mut document = document("policy.md", NUMBERS);
    let overrides = [
        ("6.99", "technical"),
        ("6.8#9", "technical"),
        ("6.4", "garden"),
        ("6.5#x", "human"),
    ];
    let overrides = overrides.map(|(place, concept)| (place.to_owned(), concept.to_owned()));
    let binding = bind(&mut document, concepts(), &overrides.into_iter().collect());
    let codes: Vec<&str> = binding.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(
        codes,
        [
            "override-unknown-concept",
            "override-unknown-clause",
            "override-unknown-clause",
            "override-unknown-clause"
        ]
    );
    assert_eq!(document.clause("6.4").unwrap().concept.as_deref(), Some("physical"));
}

#[test]
fn items_follow_an_overridden_clause() {
    let mut document = made(vec![clause(
        "1",
        "花壇",
        "",
        vec![clause("1.1", "", "水をやる。", Vec::new())],
    )]);
    let overrides = BTreeMap::from([("1".to_owned(), "operation".to_owned())]);
    bind(&mut document, concepts(), &overrides);
    assert_eq!(document.clause("1.1").unwrap().concept.as_deref(), Some("operation"));
}

#[test]
fn binding_again_gives_the_same() {
    let (mut document, first) = bound("policy.txt", ARTICLES);
    assert_eq!(bind(&mut document, concepts(), &BTreeMap::new()), first);
}

proptest! {
    #[test]
    fn no_text_panics(text in "([0-9（）()① 、。は]|第1条|監査|見直し|委託|\\n|LGWAN|ー|[あ-ん]){0,80}", place in "[0-9.#]{0,5}", concept in "[a-z.]{0,8}") {
        let mut document = crate::text::parse(&text);
        let binding = bind(&mut document, concepts(), &BTreeMap::from([(place, concept)]));
        prop_assert_eq!(binding.rows.len(), document.walk().count());
    }
}

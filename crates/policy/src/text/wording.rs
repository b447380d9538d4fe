//! Findings about terms: used but undefined, defined twice, defined and unused, spelled in two ways.

use std::collections::HashMap;

use model::diagnostic::{Diagnostic, Severity, Span};
use model::lang::Text;

use super::clause::{Clause, Document, Term};
use super::glyph;
use super::terms;

/// Words of art that a policy has to define where it uses them.
static WORDS_OF_ART: [&str; 14] = [
    "情報資産",
    "情報システム",
    "ネットワーク",
    "情報セキュリティポリシー",
    "機密性",
    "完全性",
    "可用性",
    "職員等",
    "マイナンバー利用事務系",
    "LGWAN接続系",
    "インターネット接続系",
    "無害化通信",
    "特定個人情報",
    "機器等",
];

/// Two spellings of one word.
static SPELLINGS: [(&str, &str); 5] = [
    ("セキュリティー", "セキュリティ"),
    ("ハードウエア", "ハードウェア"),
    ("ソフトウエア", "ソフトウェア"),
    ("サーバー", "サーバ"),
    ("強靭", "強靱"),
];

/// How many terms are looked up: time stays in proportion to the text however many a hostile one defines.
const MOST: usize = 200;

/// All findings about terms.
pub(super) fn findings(document: &Document) -> Vec<Diagnostic> {
    let mut findings = twice(&document.terms);
    if !document.terms.is_empty() {
        let text = Prose::new(document);
        findings.extend(unused(document, &text));
        findings.extend(undefined(document, &text));
    }
    findings.extend(spellings(document));
    findings
}

/// The words of a document with the place of each clause, and which clause defines.
struct Prose {
    text: String,
    /// Where each clause's words start, and its id.
    starts: Vec<(usize, String)>,
}

impl Prose {
    fn new(document: &Document) -> Self {
        let (mut text, mut starts) = (String::new(), Vec::new());
        for clause in document.walk() {
            starts.push((text.len(), clause.id.clone()));
            text.push_str(&glyph::match_key(&clause.heading));
            text.push('\n');
            text.push_str(&glyph::match_key(&clause.text));
            text.push('\n');
        }
        Self { text, starts }
    }

    /// The ids of clauses that use a word, in order, repetitions included.
    fn users<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.text.match_indices(word).map(|(at, _)| {
            let after = self.starts.partition_point(|(start, _)| *start <= at);
            after
                .checked_sub(1)
                .and_then(|place| self.starts.get(place))
                .map_or("", |(_, id)| id.as_str())
        })
    }
}

fn twice(terms: &[Term]) -> Vec<Diagnostic> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut findings = Vec::new();
    for term in terms {
        let Some(first) = seen.insert(glyph::match_key(&term.term), &term.clause) else {
            continue;
        };
        let name = &term.term;
        let message = Text::new(
            format!("「{name}」が{first}と{}で二度定義されている", term.clause),
            format!("`{name}` is defined in {first} and again in {}", term.clause),
        );
        findings.push(
            Diagnostic::warning("defined-twice", message)
                .at(term.span)
                .help(Text::fixed("定義を一つにする", "keep one definition")),
        );
    }
    findings
}

fn unused(document: &Document, prose: &Prose) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for term in document.terms.iter().take(MOST) {
        let names = [&term.term]
            .into_iter()
            .chain(&term.aliases)
            .map(|name| glyph::match_key(name));
        let mut names = names
            .flat_map(|name| [name.replace('の', "を"), name])
            .filter(|name| !name.is_empty());
        let used = names.any(|name| prose.users(&name).any(|user| !is_in(user, &term.clause)));
        if used {
            continue;
        }
        let name = &term.term;
        let message = Text::new(
            format!("「{name}」は定義されているが使われていない"),
            format!("`{name}` is defined but never used"),
        );
        findings.push(
            Diagnostic::of(Severity::Advice, "unused-term", message)
                .at(term.span)
                .help(Text::fixed(
                    "不要な定義であれば削り、別の語で書かれていればそろえる",
                    "drop the definition, or use the term where another word stands for it",
                )),
        );
    }
    findings
}

/// Whether a clause is `clause` or below it. A definition clause that defines in its own paragraphs may use its terms there.
fn is_in(user: &str, clause: &str) -> bool {
    clause.contains('.')
        && user
            .strip_prefix(clause)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn undefined(document: &Document, prose: &Prose) -> Vec<Diagnostic> {
    let mut defined: Vec<String> = Vec::new();
    for term in &document.terms {
        defined.push(glyph::match_key(&term.term));
        defined.extend(term.aliases.iter().map(|alias| glyph::match_key(alias)));
    }
    for clause in document.walk() {
        defined.extend(
            terms::short_names(&clause.text)
                .iter()
                .map(|name| glyph::match_key(name)),
        );
    }
    let mut findings = Vec::new();
    for word in WORDS_OF_ART {
        let key = glyph::match_key(word);
        let user = prose.users(&key).next();
        let Some(user) = user.filter(|_| !defined.contains(&key)) else {
            continue;
        };
        let scope = document.walk().find(|clause| is_scope(clause, word));
        let clause = scope.or_else(|| document.clause(user));
        let Some(clause) = clause else { continue };
        let finding = if scope.is_some() {
            scoped(word, clause)
        } else {
            never_defined(word, clause)
        };
        findings.push(finding.at(place_of(clause, word, &document.source)));
    }
    findings
}

/// Whether a clause says how far a word reaches without saying what it is.
fn is_scope(clause: &Clause, word: &str) -> bool {
    let heading = glyph::match_key(&clause.heading);
    let word = glyph::match_key(word);
    heading
        .strip_prefix(word.as_str())
        .is_some_and(|rest| matches!(rest, "の範囲" | "の適用範囲" | "の対象範囲"))
}

fn scoped(word: &str, clause: &Clause) -> Diagnostic {
    let id = &clause.id;
    let message = Text::new(
        format!("「{word}」は定義されておらず、{id}で範囲だけが定められている"),
        format!("`{word}` is scoped in {id}, not defined"),
    );
    Diagnostic::of(Severity::Advice, "scoped-not-defined", message).help(Text::fixed(
        "定義の条に加えるか、範囲の定めをもって足りるとするかを決める",
        "add it to the definitions, or decide that its scope is enough",
    ))
}

fn never_defined(word: &str, clause: &Clause) -> Diagnostic {
    let id = &clause.id;
    let message = Text::new(
        format!("「{word}」は{id}で使われているが定義されていない"),
        format!("`{word}` is used in {id} but not defined"),
    );
    Diagnostic::warning("undefined-term", message).help(Text::fixed("定義の条に加える", "add it to the definitions"))
}

/// The first place in a clause where a word stands; the start of the clause where spaces hide it.
fn place_of(clause: &Clause, word: &str, source: &str) -> Span {
    let at = clause.span.of(source).and_then(|text| text.find(word));
    match at.map(|at| clause.span.start + at) {
        Some(start) => Span::new(start, start + word.len()),
        None => clause
            .paragraphs
            .first()
            .map_or(clause.span, |paragraph| paragraph.span),
    }
}

fn spellings(document: &Document) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (variant, usual) in SPELLINGS {
        let variants = document.source.matches(variant).count();
        // Where one spelling contains the other, every long one is also a short one.
        let nested = if variant.contains(usual) { variants } else { 0 };
        let usuals = document.source.matches(usual).count() - nested;
        if variants == 0 || usuals == 0 {
            continue;
        }
        let rarer = if variants <= usuals { variant } else { usual };
        let Some(start) = first_of(&document.source, rarer, variant) else {
            continue;
        };
        let message = Text::new(
            format!("「{variant}」({variants}か所)と「{usual}」({usuals}か所)の表記が混じっている"),
            format!("two spellings of one word: `{variant}` ({variants} times) and `{usual}` ({usuals} times)"),
        );
        let finding =
            Diagnostic::of(Severity::Advice, "mixed-spelling", message).at(Span::new(start, start + rarer.len()));
        findings.push(finding.help(Text::fixed("どちらかにそろえる", "settle on one of them")));
    }
    findings
}

/// Where the rarer spelling first stands on its own.
fn first_of(source: &str, rarer: &str, variant: &str) -> Option<usize> {
    let mut places = source.match_indices(rarer).map(|(at, _)| at);
    places.find(|at| rarer == variant || !source.get(*at..).is_some_and(|rest| rest.starts_with(variant)))
}

//! What is odd about the sequence of labels, in words.

use model::diagnostic::{Diagnostic, Severity, Span};
use model::lang::Text;

use super::ordinal::Ordinal;
use super::place::DEEPEST;

/// What is odd about an opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remark {
    /// Numbers are missing before it.
    Gap,
    /// The numbers start again without a new list.
    Restart,
    /// The first clauses were a list before the policy itself.
    Preface,
    /// The same label stood before.
    Repeat,
    /// A circled digit went through a wrong conversion.
    Damaged,
    /// An article lost its line.
    LostArticle,
}

pub(super) fn gap(before: &str, label: &str) -> Diagnostic {
    let message = if before.is_empty() {
        Text::new(
            format!("「{label}」から始まっている"),
            format!("the numbers start at `{label}`"),
        )
    } else {
        Text::new(
            format!("「{before}」の次が「{label}」で、番号が飛んでいる"),
            format!("`{label}` follows `{before}`: numbers are missing"),
        )
    };
    Diagnostic::warning("numbering-gap", message).help(Text::fixed(
        "抜けた条項がないか原本と照合する。削除した条項であれば「削除」と書き残す",
        "compare with the original; where a clause was repealed, leave its label with the word 削除",
    ))
}

pub(super) fn restart(label: &str) -> Diagnostic {
    let message = Text::new(
        format!("「{label}」からの番号がもう一度始まっている"),
        format!("the numbers start again at `{label}`"),
    );
    Diagnostic::warning("numbering-restart", message).help(Text::fixed(
        "別の条の項目であれば、その条の見出しの行が抜けていないか確かめる",
        "if these items belong to another article, see whether its own line is missing",
    ))
}

pub(super) fn repeat(label: &str) -> Diagnostic {
    let message = Text::new(
        format!("「{label}」が二つある"),
        format!("`{label}` stands here a second time"),
    );
    Diagnostic::warning("repeated-label", message)
        .help(Text::fixed("どちらかの番号を改める", "renumber one of the two"))
}

pub(super) fn damaged(label: &str) -> Diagnostic {
    let message = Text::new(
        format!("「{label}」は丸数字の文字化けとみられる"),
        format!("`{label}` looks like a circled digit damaged by a conversion"),
    );
    Diagnostic::warning("damaged-label", message).help(Text::fixed("①、②、③に直す", "restore ①, ②, ③"))
}

pub(super) fn lost_article(ordinal: Ordinal, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("第{ordinal}条の行が抜けているとみられる"),
        format!("the line of article {ordinal} seems to be missing"),
    );
    Diagnostic::warning("lost-article-line", message)
        .help(Text::fixed(
            "原本と照合し、「第何条」の行を補う",
            "compare with the original and restore the line with the article's number",
        ))
        .at(span)
}

pub(super) fn stray(label: &str) -> Diagnostic {
    let message = Text::new(
        format!("「{label}」は番号の続きに当たらないため、本文として読んだ"),
        format!("`{label}` continues no sequence and was read as text"),
    );
    Diagnostic::of(Severity::Advice, "stray-label", message).help(Text::fixed(
        "項目の番号であれば、前後の番号と合わせる",
        "if it labels an item, make it fit the numbers around it",
    ))
}

pub(super) fn too_deep() -> Diagnostic {
    let message = Text::new(
        format!("階層が{}段を超えたため、それより深い番号は本文として読んだ", DEEPEST),
        format!("more than {} levels; deeper labels were read as text", DEEPEST),
    );
    Diagnostic::warning("too-deep", message)
}

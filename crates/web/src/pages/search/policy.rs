//! What is found in the policy: clauses, duties, and registers by their names.


use super::{Group, Hit, folded};
use crate::href;
use crate::site::Edition;
use crate::view::{ClauseView, Run};
use model::lang::Text;

/// Characters around the words in an excerpt.
const AROUND: usize = 30;

/// What is found for `words`, which are folded.
pub(super) fn groups(edition: &Edition, words: &str) -> Vec<Group> {
    vec![
        Group::of_all("clauses", Text::fixed("条項", "Clauses"), clauses(edition, words)),
        Group::of_all("duties", Text::fixed("遵守事項", "Duties"), duties(edition, words)),
        Group::of_all("registers", Text::fixed("台帳", "Registers"), registers(edition, words)),
    ]
}

fn clauses(edition: &Edition, words: &str) -> Vec<Hit> {
    let clauses = edition.policy.clauses.iter();
    let hits = clauses.filter_map(|clause| {
        let text = text(clause);
        let place = folded(&text).find(words);
        let named = folded(&clause.name()).contains(words);
        (named || place.is_some()).then(|| Hit {
            title: Text::same(clause.name()),
            is_original: true,
            href: clause.href(),
            standing: clause.standing,
            excerpt: Text::same(excerpt(&text, words)),
        })
    });
    hits.collect()
}

fn duties(edition: &Edition, words: &str) -> Vec<Hit> {
    let duties = edition.policy.duties.iter();
    let said = duties.filter(|duty| {
        let title = &duty.title;
        [&title.ja, &title.en].iter().any(|title| folded(title).contains(words)) || duty.id.contains(words)
    });
    let hits = said.map(|duty| Hit {
        title: duty.title.clone(),
        is_original: false,
        href: duty.href.clone(),
        standing: Some(duty.standing),
        excerpt: Text::default(),
    });
    hits.collect()
}

fn registers(edition: &Edition, words: &str) -> Vec<Hit> {
    let kinds = edition.snapshot.city.kinds.iter();
    let said = kinds.filter(|kind| {
        let label = &kind.label;
        [&label.ja, &label.en].iter().any(|label| folded(label).contains(words))
    });
    let hits = said.map(|kind| Hit {
        title: kind.label.clone(),
        is_original: false,
        href: href::register(&kind.slug),
        standing: None,
        excerpt: Text::default(),
    });
    hits.collect()
}

fn text(clause: &ClauseView) -> String {
    clause.paragraphs.iter().flatten().map(Run::words).collect()
}

/// The words with what stands around them.
fn excerpt(text: &str, words: &str) -> String {
    let folded = folded(text);
    let Some(at) = folded.find(words) else {
        return text.chars().take(AROUND.saturating_mul(2)).collect();
    };
    let before = folded.get(..at).map_or(0, |before| before.chars().count());
    let start = before.saturating_sub(AROUND);
    let length = before.saturating_sub(start).saturating_add(words.chars().count()).saturating_add(AROUND);
    let head = if start > 0 { "…" } else { "" };
    let shown: String = text.chars().skip(start).take(length).collect();
    let tail = if text.chars().count() > start.saturating_add(length) { "…" } else { "" };
    format!("{head}{shown}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_words_as_they_are_written() {
        assert_eq!(excerpt("総合行政ネットワーク（ＬＧＷＡＮ）につながる", "lgwan"), "総合行政ネットワーク（ＬＧＷＡＮ）につながる");
        let long = format!("{}端末{}", "あ".repeat(100), "い".repeat(100));
        assert_eq!(excerpt(&long, "端末"), format!("…{}端末{}…", "あ".repeat(30), "い".repeat(30)));
    }
}

//! Whether what looks like a label can be one where it stands: self-references, dates and wrapped numbers cannot.

use super::glyph;
use super::label::{self, Mark, Style};
use super::lexicon::Lexicon;
use super::line::Line;

/// Whether a label may open a clause here.
///
/// `clean` says that the text before came to an end: by a full stop, by an empty line, or by a line that stops short of the margin.
pub(super) fn is_label(mark: &Mark, text: &str, clean: bool, before: Option<&Line<'_>>, lexicon: &Lexicon) -> bool {
    let rest = text.get(mark.rest..).unwrap_or_default();
    let glued = !mark.separated;
    if label::refers(rest) {
        return false;
    }
    match mark.readings.first().map(|(style, _)| *style) {
        None => false,
        Some(style) if style.rank().is_some() => is_article(rest, glued, clean),
        Some(Style::Counted) => clean || !label::opens_with_counter(rest),
        Some(Style::Number | Style::HalfBracket | Style::Decimal(_)) => is_number(mark, rest, clean, lexicon),
        Some(Style::Bullet(_)) => clean && !rest.is_empty(),
        Some(style) if style.is_weak() => clean || !before.is_some_and(|line| line.text.ends_with(glyph::is_katakana)),
        Some(_) => clean || !(glued && label::opens_with_particle(rest)),
    }
}

/// `第3条の規定により` and `第3条第2項` are references, `第3条(適用)` is not.
fn is_article(rest: &str, glued: bool, clean: bool) -> bool {
    if !glued {
        return true;
    }
    let refers = label::opens_with_particle(rest)
        || ["第", "中", "本文", "各号", "以"]
            .iter()
            .any(|word| rest.starts_with(word));
    !refers && (clean || rest.starts_with(['(', '（']))
}

fn is_number(mark: &Mark, rest: &str, clean: bool, lexicon: &Lexicon) -> bool {
    let known = || lexicon.knows(rest) || lexicon.prefix(rest).is_some();
    if mark.separated {
        return clean || !label::opens_with_counter(rest) || known();
    }
    if !clean {
        return false;
    }
    let word = rest.starts_with(|c| {
        glyph::is_kanji(c)
            || glyph::is_katakana(c)
            || ('\u{3041}'..='\u{3096}').contains(&c)
            || matches!(c, '「' | '『' | '(' | '（')
    });
    let counts = label::opens_with_counter(rest) || label::opens_with_particle(rest);
    let latin = mark.closed && rest.starts_with(|c: char| c.is_ascii_alphabetic());
    latin || (word && !counts) || known()
}

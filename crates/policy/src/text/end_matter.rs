//! What stands after the last clause of any instrument: 附則 and 別表.

use super::glyph;
use super::label::Style;

/// The style of a line that opens supplementary provisions or an annex.
pub(super) fn style(text: &str) -> Option<Style> {
    if text.chars().nth(40).is_some() {
        return None;
    }
    let key = glyph::match_key(text);
    let supplement = ["附則", "付則"]
        .iter()
        .filter_map(|word| key.strip_prefix(word))
        .any(|rest| rest.is_empty() || rest.starts_with('('));
    if supplement {
        return Some(Style::Supplement);
    }
    let annex = ["別表", "別紙", "別記様式", "様式"]
        .iter()
        .filter_map(|word| key.strip_prefix(word));
    let mut annex = annex.map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '第' | '号')));
    annex
        .any(|rest| rest.is_empty() || (rest.starts_with('(') && rest.ends_with(')')))
        .then_some(Style::Annex)
}

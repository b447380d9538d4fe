//! Two texts piece by piece, for display.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff};

use super::pairing::squeezed;

/// Longer texts are shown as replaced: comparing them sign by sign costs time and shows nothing.
const TOKENS: usize = 6000;

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Whether both versions have it.
    pub kind: SegmentKind,
    /// The characters.
    pub text: String,
}

/// Which version a stretch of text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SegmentKind {
    /// In both.
    Equal,
    /// In the old one only.
    Removed,
    /// In the new one only.
    Added,
}

/// The pieces; none where the texts differ in white space at most.
pub(super) fn segments(old: &str, new: &str) -> Vec<Segment> {
    if old == new || squeezed(old) == squeezed(new) {
        return Vec::new();
    }
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    if old_tokens.len().max(new_tokens.len()) > TOKENS {
        return [(SegmentKind::Removed, old), (SegmentKind::Added, new)]
            .map(|(kind, text)| Segment {
                kind,
                text: text.to_owned(),
            })
            .into();
    }
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .diff_slices(&old_tokens, &new_tokens);
    let pieces = diff.iter_all_changes().map(|change| {
        let kind = match change.tag() {
            ChangeTag::Equal => SegmentKind::Equal,
            ChangeTag::Delete => SegmentKind::Removed,
            ChangeTag::Insert => SegmentKind::Added,
        };
        (kind, change.value())
    });
    tidy(pieces)
}

/// Latin words and numbers whole, everything else sign by sign: Japanese has no spaces to cut at.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_ascii_alphanumeric() {
            rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let Some((token, after)) = rest.split_at_checked(end) else {
            break;
        };
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Runs of one kind as one segment, the removed before the added. A single sign that stayed between two changes is
/// taken into them: a reader sees a phrase replaced, not a の kept.
fn tidy<'t>(pieces: impl Iterator<Item = (SegmentKind, &'t str)>) -> Vec<Segment> {
    let mut runs: Vec<(SegmentKind, String)> = Vec::new();
    for (kind, piece) in pieces {
        match runs.last_mut() {
            Some((last, text)) if *last == kind => text.push_str(piece),
            _ => runs.push((kind, piece.to_owned())),
        }
    }
    let count = runs.len();
    let mut out = Vec::new();
    let mut removed = String::new();
    let mut added = String::new();
    for (at, (kind, text)) in runs.into_iter().enumerate() {
        let between = at > 0 && at + 1 < count;
        match kind {
            SegmentKind::Removed => removed.push_str(&text),
            SegmentKind::Added => added.push_str(&text),
            SegmentKind::Equal if between && text.chars().count() == 1 && !(removed.is_empty() || added.is_empty()) => {
                removed.push_str(&text);
                added.push_str(&text);
            }
            SegmentKind::Equal => {
                flush(&mut out, &mut removed, &mut added);
                out.push(Segment { kind, text });
            }
        }
    }
    flush(&mut out, &mut removed, &mut added);
    out
}

fn flush(out: &mut Vec<Segment>, removed: &mut String, added: &mut String) {
    for (kind, text) in [(SegmentKind::Removed, removed), (SegmentKind::Added, added)] {
        if !text.is_empty() {
            out.push(Segment {
                kind,
                text: std::mem::take(text),
            });
        }
    }
}

//! A file without its secrets: signs stay where they are, so that what is left has the same shape.

use super::lex::{self, Kind, Token};
use super::reading::is_in;
use super::xml;
use crate::source::{Hidden, REDACTED, Redacted, Source};

/// The file with every word replaced that nobody took.
pub(in crate::dialect) fn redact(file: &Source) -> Redacted {
    if xml::is_xml(file.text()) {
        return document(file);
    }
    let text = file.text();
    let kept = file.kept();
    let (mut shown, mut hidden, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
    for token in lex::tokens(text, usize::MAX) {
        shown.push_str(text.get(at..token.span.start).unwrap_or_default());
        at = token.span.end;
        let whole = token.span.of(text).unwrap_or_default();
        if token.kind == Kind::Comment {
            shown.push_str(&comment(whole));
        } else if !token.is_word() || kept.holds(token.span.start, token.span.end.saturating_sub(1)) {
            shown.push_str(whole);
        } else {
            shown.push_str(&word(&token, whole));
            hidden.push(Hidden {
                line: token.line,
                word: token.word(text).to_owned(),
            });
        }
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    Redacted { text: shown, hidden }
}

/// A document of XML without its secrets.
fn document(file: &Source) -> Redacted {
    let text = file.text();
    let kept = file.kept();
    let (mut shown, mut hidden, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
    for item in xml::items(text) {
        shown.push_str(text.get(at..item.span.start).unwrap_or_default());
        at = item.span.end;
        let whole = item.span.of(text).unwrap_or_default();
        let shows = match item.kind {
            xml::Kind::Empty => true,
            xml::Kind::Comment => whole.starts_with("xml ") || whole.trim().is_empty(),
            xml::Kind::Key => whole == "name" || is_in(xml::BESIDE, whole),
            _ => whole.is_empty() || kept.holds(item.span.start, item.span.end.saturating_sub(1)),
        };
        if shows {
            shown.push_str(whole);
            continue;
        }
        let lines = whole.split('\n').map(|_| REDACTED);
        shown.push_str(&lines.collect::<Vec<_>>().join("\n"));
        if item.kind != xml::Kind::Comment {
            hidden.push(Hidden {
                line: item.line,
                word: whole.to_owned(),
            });
        }
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    Redacted { text: shown, hidden }
}

fn word(token: &Token, whole: &str) -> String {
    match token.kind {
        Kind::Broken => format!("\"{REDACTED}"),
        Kind::Quoted if whole.contains('\n') => {
            let lines = whole.split('\n').map(|_| REDACTED);
            format!("\"{}\"", lines.collect::<Vec<_>>().join("\n"))
        }
        // A pattern that fits nothing would be a name of its own without its signs.
        _ if whole.trim_matches('"').starts_with('<') && whole.trim_matches('"').ends_with('>') => {
            format!("<{REDACTED}>")
        }
        _ => REDACTED.to_owned(),
    }
}

fn comment(whole: &str) -> String {
    let hidden = |text: &str| if text.trim().is_empty() { "" } else { REDACTED };
    if let Some(inner) = whole.strip_prefix("/*") {
        let (inner, close) = inner.strip_suffix("*/").map_or((inner, ""), |inner| (inner, "*/"));
        let lines: Vec<&str> = inner.split('\n').map(hidden).collect();
        return format!("/*{}{close}", lines.join("\n"));
    }
    let mark = whole.get(..1).unwrap_or_default();
    format!("{mark}{}", hidden(whole.trim_start_matches(['#', '!'])))
}

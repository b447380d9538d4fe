//! Just enough of HTML to ask our own pages questions: they are well-formed, and a test says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A piece of a page.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
}

const VOID: &[&str] = &[
    "br", "hr", "img", "input", "link", "meta", "path", "polyline", "polygon", "line", "rect", "circle",
];

/// The pieces of a page in order.
pub(crate) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if !text.trim().is_empty() {
            pieces.push(Piece::Text(plain(text)));
        }
        let (tag, left) = after.split_at(tag_end(after));
        if let Some(name) = tag.strip_prefix('/') {
            pieces.push(Piece::Close(name.trim().to_owned()));
        } else if !tag.starts_with('!') {
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let name = name.trim_end_matches('/').to_owned();
            pieces.push(Piece::Open(name, self::attributes(attributes)));
        }
        rest = left.strip_prefix('>').unwrap();
    }
    pieces
}

/// Where the tag ends that `html` stands inside of, quotes respected.
fn tag_end(html: &str) -> usize {
    let mut quoted = false;
    html.char_indices()
        .find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '>' && !quoted
        })
        .map_or_else(|| panic!("a tag that never ends: {html:.60}"), |(at, _)| at)
}

fn attributes(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim().trim_end_matches('/').trim();
    while !rest.is_empty() {
        let end = rest.find([' ', '\n', '=']).unwrap_or(rest.len());
        let (name, left) = rest.split_at(end);
        rest = left.trim_start();
        let value = rest.strip_prefix("=\"").map(|value| {
            let (value, left) = value.split_once('"').expect("a quote that never closes");
            rest = left;
            plain(value)
        });
        let twice = found.insert(name.to_owned(), value.unwrap_or_default());
        assert!(twice.is_none(), "attribute `{name}` stands twice in `{text}`");
        rest = rest.trim_start();
    }
    found
}

fn plain(text: &str) -> String {
    let text = text
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'");
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// What is wrong with the nesting of a page.
pub(crate) fn misnested(pieces: &[Piece]) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Open(name, _) if !VOID.contains(&name.as_str()) => open.push(name),
            Piece::Close(name) if open.pop() != Some(name) => return Some(format!("</{name}> closes nothing")),
            _ => {}
        }
    }
    open.pop().map(|name| format!("<{name}> stays open"))
}

/// The page as somebody reads it: a line for each block, links and controls with where they lead.
pub(crate) fn outline(html: &str) -> String {
    let mut out = String::new();
    let mut line = String::new();
    let mut flush = |line: &mut String| {
        let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            let _ = writeln!(out, "{text}");
        }
        line.clear();
    };
    let mut links = Vec::new();
    let mut hidden = 0_usize;
    for piece in pieces(html) {
        match piece {
            Piece::Open(name, attributes) => {
                let of = |key: &str| attributes.get(key).map_or("", String::as_str);
                match name.as_str() {
                    "head" | "svg" => hidden += 1,
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                        flush(&mut line);
                        let level = name.trim_start_matches('h').parse().unwrap();
                        let _ = write!(line, "{} ", "#".repeat(level));
                    }
                    "a" => {
                        links.push(of("href").to_owned());
                        line.push('[');
                    }
                    "input" | "select" | "textarea" | "button" => {
                        let (kind, name) = (of("type"), of("name"));
                        let value = if kind == "hidden" { "" } else { of("value") };
                        let _ = write!(line, "<control {kind} {name} {value}>");
                    }
                    "form" => {
                        flush(&mut line);
                        let _ = write!(line, "<form {} {}>", of("method"), of("action"));
                        flush(&mut line);
                    }
                    "td" | "th" => line.push_str(" | "),
                    "span" | "b" | "strong" | "time" | "br" | "code" | "label" | "em" | "kbd" | "option" => {
                        line.push(' ')
                    }
                    _ => flush(&mut line),
                }
            }
            Piece::Close(name) => match name.as_str() {
                "head" | "svg" => hidden -= 1,
                "a" => {
                    let _ = write!(line, "]({})", links.pop().unwrap());
                }
                "span" | "b" | "strong" | "time" | "td" | "th" | "code" | "label" | "em" | "kbd" | "button"
                | "option" => line.push(' '),
                _ => flush(&mut line),
            },
            Piece::Text(text) if hidden == 0 => line.push_str(&text),
            Piece::Text(_) => {}
        }
    }
    flush(&mut line);
    out
}

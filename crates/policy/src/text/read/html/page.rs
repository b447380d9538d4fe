//! Elements as they open and close.

use std::collections::HashMap;

use html5ever::tokenizer::Tag;

use super::super::numeral::Numeral;
use super::flow::{Flow, List};
use super::furniture::{attribute, is_left_out};

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
];

/// Elements that stand on lines of their own, with a blank line around.
const PARAGRAPHS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "blockquote"];

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "html",
    "li",
    "main",
    "menu",
    "ol",
    "section",
    "summary",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// How far up an element is looked for that a new one closes. Well-formed pages stay far below.
const REACH: usize = 256;

/// A page while it is read.
#[derive(Default)]
pub(super) struct Page {
    open: Vec<String>,
    count: HashMap<String, usize>,
    /// The number of open elements at which an element that is left out was opened.
    dropped: Option<usize>,
    flow: Flow,
}

impl Page {
    /// Text between tags.
    pub(super) fn text(&mut self, text: &str) {
        if self.dropped.is_none() {
            self.flow.text(text, self.is_open("pre"));
        }
    }

    /// A start tag.
    pub(super) fn open(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        if VOID.contains(&name) {
            if self.dropped.is_none() && matches!(name, "br" | "hr") {
                self.flow.end_line();
            }
            return;
        }
        if self.dropped.is_some() && tag.self_closing {
            return;
        }
        self.close_implied(name);
        if self.dropped.is_none() {
            if is_left_out(tag, self.is_open("article") || self.is_open("main")) {
                self.dropped = Some(self.open.len());
            } else {
                self.begin(name, tag);
            }
        }
        self.push(name);
    }

    /// An end tag.
    pub(super) fn close(&mut self, name: &str) {
        if name == "br" && self.dropped.is_none() {
            self.flow.end_line();
        }
        if !self.is_open(name) {
            return;
        }
        while let Some(last) = self.pop() {
            if last == name {
                break;
            }
        }
    }

    /// The lines of the page.
    pub(super) fn finish(mut self) -> String {
        while self.pop().is_some() {}
        self.flow.finish().join("\n")
    }

    fn begin(&mut self, name: &str, tag: &Tag) {
        match name {
            _ if PARAGRAPHS.contains(&name) => self.flow.end_paragraph(),
            _ if BLOCKS.contains(&name) => self.flow.end_line(),
            _ => {}
        }
        match name {
            "ol" => self.flow.lists.push(ordered(tag)),
            "ul" | "menu" | "dir" => self.flow.lists.push(List::bullets(styled(tag))),
            "li" => self
                .flow
                .item(attribute(tag, "value").and_then(|value| value.trim().parse().ok())),
            "tr" => self.flow.begin_row(),
            "td" | "th" => {
                if !self.within("tr", &["table", "td", "th"]) {
                    self.flow.begin_row();
                    self.push("tr");
                }
                self.flow.begin_cell();
            }
            "main" => self.flow.begin_main(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            _ if PARAGRAPHS.contains(&name) => self.flow.end_paragraph(),
            _ if BLOCKS.contains(&name) => self.flow.end_line(),
            _ => {}
        }
        match name {
            "ol" | "ul" | "menu" | "dir" => {
                self.flow.lists.pop();
            }
            "td" | "th" => self.flow.end_cell(),
            "tr" => self.flow.end_row(),
            "main" => self.flow.end_main(),
            _ => {}
        }
    }

    /// What a start tag closes without saying so.
    fn close_implied(&mut self, name: &str) {
        let (closes, barrier): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ol", "ul", "menu", "dir"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["table", "tr"]),
            "tr" => (&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => (&["tr", "tbody", "thead", "tfoot"], &["table"]),
            _ if PARAGRAPHS.contains(&name) || BLOCKS.contains(&name) => (&["p"], BLOCKS),
            _ => return,
        };
        if let Some(at) = self.nearest(closes, barrier) {
            while self.open.len() > at {
                self.pop();
            }
        }
    }

    /// The place of the innermost of `names` that no `barrier` hides.
    fn nearest(&self, names: &[&str], barrier: &[&str]) -> Option<usize> {
        let opened = self.open.iter().enumerate().rev().take(REACH);
        for (at, open) in opened {
            if names.contains(&open.as_str()) {
                return Some(at);
            }
            if barrier.contains(&open.as_str()) {
                return None;
            }
        }
        None
    }

    fn within(&self, name: &str, barrier: &[&str]) -> bool {
        self.nearest(&[name], barrier).is_some()
    }

    fn push(&mut self, name: &str) {
        *self.count.entry(name.to_owned()).or_default() += 1;
        self.open.push(name.to_owned());
    }

    fn pop(&mut self) -> Option<String> {
        let name = self.open.pop()?;
        if let Some(count) = self.count.get_mut(&name) {
            *count = count.saturating_sub(1);
        }
        match self.dropped {
            None => self.end(&name),
            Some(at) if self.open.len() <= at => self.dropped = None,
            Some(_) => {}
        }
        Some(name)
    }

    fn is_open(&self, name: &str) -> bool {
        self.count.get(name).is_some_and(|count| *count > 0)
    }
}

fn ordered(tag: &Tag) -> List {
    let kind = attribute(tag, "type").and_then(Numeral::html);
    let start = attribute(tag, "start").and_then(|start| start.trim().parse().ok());
    List::numbered(styled(tag).or(kind).unwrap_or(Numeral::Decimal), start.unwrap_or(1))
}

/// The numeral that a `style` attribute asks for.
fn styled(tag: &Tag) -> Option<Numeral> {
    let style = attribute(tag, "style")?;
    let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
    let (_, value) = rules.find(|(key, _)| matches!(key.trim(), "list-style" | "list-style-type"))?;
    value.split_ascii_whitespace().find_map(Numeral::html)
}

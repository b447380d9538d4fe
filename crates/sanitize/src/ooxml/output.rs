//! A part as it is written: tags that may be taken back until their element is closed.

use std::fmt::Write as _;

use super::vocabulary::{Number, Vocabulary};
use crate::xml;

/// What is written of a part so far, without its outermost tag.
#[derive(Debug, Default)]
pub(super) struct Written {
    body: String,
    /// The last tag is not closed yet: `<w:p`.
    pending: bool,
    /// Namespaces that occur, by their numbers.
    used: u128,
}

impl Written {
    pub(super) fn with_room(bytes: usize) -> Self {
        Self {
            body: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Where the next thing will stand.
    pub(super) fn here(&mut self) -> usize {
        self.flush();
        self.body.len()
    }

    /// Begins an element; its attributes follow.
    pub(super) fn begin(&mut self, name: &str, namespace: Number) {
        self.flush();
        self.body.push('<');
        self.body.push_str(name);
        self.pending = true;
        self.uses(namespace);
    }

    /// Adds an attribute to the element that has just begun. Returns how many characters XML does not allow.
    pub(super) fn attribute(&mut self, name: &str, value: &str) -> u64 {
        let _ = write!(self.body, " {name}=\"");
        let dropped = xml::escape(&mut self.body, value);
        self.body.push('"');
        dropped
    }

    /// Where the content of the element that has just begun will stand.
    pub(super) fn content(&self) -> usize {
        self.body.len()
    }

    pub(super) fn text(&mut self, text: &str) -> u64 {
        self.flush();
        xml::escape(&mut self.body, text)
    }

    /// Ends an element.
    pub(super) fn end(&mut self, name: &str) {
        if self.pending {
            self.body.push_str("/>");
            self.pending = false;
        } else {
            let _ = write!(self.body, "</{name}>");
        }
    }

    /// Takes out the attributes of the outermost element, the only thing written so far: they are written when it is known which
    /// namespaces occur.
    pub(super) fn take_attributes(&mut self, root: &str) -> String {
        self.pending = false;
        let body = std::mem::take(&mut self.body);
        body.get(1 + root.len()..).unwrap_or_default().to_owned()
    }

    /// Takes everything back that was written since `place`.
    pub(super) fn back_to(&mut self, place: usize) {
        self.body.truncate(place);
        self.pending = false;
    }

    /// Is there nothing since `content`, but the bracket that closes a tag?
    pub(super) fn nothing_since(&self, content: usize) -> bool {
        self.body.len() <= content + usize::from(!self.pending)
    }

    /// What was written since `content`, without the bracket.
    pub(super) fn since(&self, content: usize) -> &str {
        self.body.get(content..).unwrap_or_default().trim_start_matches('>')
    }

    pub(super) fn uses(&mut self, namespace: Number) {
        self.used |= 1u128.checked_shl(u32::from(namespace)).unwrap_or_default();
    }

    /// The whole part: `root` with `attributes` (written out, with a space before each) around what was written.
    pub(super) fn finish(self, root: &str, attributes: &str, strict: bool, vocabulary: &Vocabulary) -> Vec<u8> {
        let mut whole = String::with_capacity(self.body.len() + 1_024);
        whole.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<");
        whole.push_str(root);
        let used = |number: &usize| {
            self.used
                & 1u128
                    .checked_shl(u32::try_from(*number).unwrap_or(128))
                    .unwrap_or_default()
                != 0
        };
        let mut ignorable = String::new();
        for (_, namespace) in vocabulary
            .namespaces
            .iter()
            .enumerate()
            .filter(|(number, _)| used(number))
        {
            if namespace.prefix == "xml" {
                continue;
            }
            let uri = if strict {
                namespace.strict.unwrap_or(namespace.uri)
            } else {
                namespace.uri
            };
            let _ = write!(whole, " xmlns:{}=\"{uri}\"", namespace.prefix);
            if namespace.ignorable {
                let _ = write!(
                    ignorable,
                    "{}{}",
                    if ignorable.is_empty() { "" } else { " " },
                    namespace.prefix
                );
            }
        }
        if !ignorable.is_empty() {
            let mc = vocabulary.namespaces.iter().find(|namespace| namespace.prefix == "mc");
            let uri = mc.map_or("", |namespace| namespace.uri);
            if !whole.contains(" xmlns:mc=") {
                let _ = write!(whole, " xmlns:mc=\"{uri}\"");
            }
            let _ = write!(whole, " mc:Ignorable=\"{ignorable}\"");
        }
        whole.push_str(attributes);
        whole.push('>');
        whole.push_str(&self.body);
        let _ = write!(whole, "</{root}>");
        whole.into_bytes()
    }

    fn flush(&mut self) {
        if self.pending {
            self.body.push('>');
            self.pending = false;
        }
    }
}

//! Tokens → one tree of words, of all files of a device.

use model::lang::Text;

use super::lex::{self, Kind, Token};
use super::node::Node;
use super::read::{Reader, Switch};
use super::xml;
use crate::device::{Affects, Line, Unread};
use crate::dialect::statement::Refusal;
use crate::source::{REDACTED, Source};

/// What was read of all files of a device.
pub(in crate::dialect) struct Tree<'s> {
    pub(in crate::dialect) files: &'s [Source],
    tokens: Vec<Vec<Token>>,
    /// The words as they stand, without regard to what is switched off.
    pub(in crate::dialect) all: Node,
    /// Places of what is switched off.
    pub(super) inactive: Vec<Vec<usize>>,
    /// What was not understood. Texts come later.
    pub(in crate::dialect) unread: Vec<Unread>,
}

impl Tree<'_> {
    /// The words without those that are switched off; `None` where none is.
    pub(in crate::dialect) fn active(&self) -> Option<Node> {
        if self.inactive.is_empty() {
            return None;
        }
        let mut active = self.all.clone();
        for path in &self.inactive {
            if let Some(node) = active.below(path) {
                node.inactive = true;
            }
        }
        active.settle();
        active.inactive = false;
        Some(active)
    }

    /// Says that a word may be shown, wherever it stands.
    pub(in crate::dialect) fn take(&self, node: &Node) {
        for (file, span) in &node.spans {
            if let Some(source) = self.files.get(usize::from(*file)) {
                source.keep(*span);
            }
        }
    }

    /// Fills in the texts of lines that were not understood: the words of the line, those hidden that nobody took.
    pub(in crate::dialect) fn show(&self, unread: &mut [Unread]) {
        let kept: Vec<_> = self.files.iter().map(Source::kept).collect();
        for unread in unread.iter_mut().filter(|unread| unread.text.is_empty()) {
            let file = usize::from(unread.line.file);
            let (Some(source), Some(tokens), Some(kept)) =
                (self.files.get(file), self.tokens.get(file), kept.get(file))
            else {
                continue;
            };
            let first = tokens.partition_point(|token| token.line < unread.line.number);
            let line = tokens.iter().skip(first);
            let line = line.take_while(|token| token.line == unread.line.number && token.kind != Kind::Newline);
            let words = line.take(MOST_SHOWN).map(|token| match token.kind {
                Kind::Word | Kind::Quoted | Kind::Broken | Kind::Comment => {
                    let shows = kept.holds(token.span.start, token.span.end.saturating_sub(1));
                    if shows { token.word(source.text()) } else { REDACTED }
                }
                _ => token.span.of(source.text()).unwrap_or_default(),
            });
            unread.text = words.collect::<Vec<_>>().join(" ");
        }
    }
}

/// Words of a line that are shown of it.
const MOST_SHOWN: usize = 64;

/// Reads the files of a device.
pub(in crate::dialect) fn read(files: &[Source]) -> Tree<'_> {
    let mut tree = Tree {
        files,
        tokens: Vec::new(),
        all: Node::default(),
        inactive: Vec::new(),
        unread: Vec::new(),
    };
    let mut commands = Vec::new();
    for (number, file) in (0..).zip(files) {
        if xml::is_xml(file.text()) {
            let tokens = xml::read(&mut tree, file, number);
            tree.tokens.push(tokens);
            continue;
        }
        let tokens = lex::tokens(file.text(), usize::MAX);
        let mut reader = Reader {
            tree: &mut tree,
            text: file,
            file: number,
            stack: Vec::new(),
            at: Vec::new(),
            words: Vec::new(),
            list: None,
            commands: &mut commands,
        };
        reader.file(&tokens);
        tree.tokens.push(tokens);
    }
    switch_off(&mut tree, &commands);
    tree.all.settle();
    tree
}

fn switch_off(tree: &mut Tree<'_>, commands: &[Switch]) {
    for switch in commands {
        // What was taken out of the path may have been anything: the word stays on.
        if switch.words.iter().any(|(word, _)| word == REDACTED) {
            continue;
        }
        let mut path = Vec::new();
        for (word, _) in &switch.words {
            let place = tree.all.below(&path).and_then(|node| node.place(word));
            path.extend(place);
        }
        if path.len() < switch.words.len() || path.is_empty() {
            let line = switch.words.first().map_or(1, |(_, token)| token.line);
            tree.unread.push(unread(
                Line {
                    file: switch.file,
                    number: line,
                },
                Text::fixed(
                    "有効・無効を切り替える相手が設定にない",
                    "what is switched on or off is not in the file",
                ),
            ));
            continue;
        }
        for (depth, (_, token)) in (1..).zip(&switch.words) {
            if let Some(node) = path.get(..depth).and_then(|path| tree.all.below(path)) {
                node.spans.push((switch.file, token.span));
            }
        }
        tree.inactive.retain(|other| *other != path);
        if !switch.on {
            tree.inactive.push(path);
        }
    }
}

pub(super) const fn unread(line: Line, why: Refusal) -> Unread {
    Unread {
        line,
        text: String::new(),
        why,
        affects: Affects::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(node: &Node) -> String {
        let below: Vec<String> = node.children().map(words).collect();
        match below.as_slice() {
            [] => node.word.clone(),
            below => format!("{}({})", node.word, below.join(" ")),
        }
    }

    fn shape(text: &str) -> (String, usize) {
        let files = [Source::new(text)];
        let tree = read(&files);
        let root = tree.active().unwrap_or_else(|| tree.all.clone());
        (words(&root), tree.unread.len())
    }

    #[test]
    fn both_forms_are_one_tree() {
        let braces = "a b {\n  c [ d e ];\n  inactive: f g;\n}\n/* x */ h;\n";
        let lines = "set a b c d\nset a b c e\nset a b f g\nset h\ndeactivate a b f\n";
        assert_eq!(shape(braces), ("(a(b(c(d e))) h)".to_owned(), 0));
        assert_eq!(shape(lines), shape(braces));
    }

    #[test]
    fn what_does_not_end_is_refused_and_takes_nothing_with_it() {
        assert_eq!(shape("a b\nset c d\n"), ("(c(d))".to_owned(), 1));
        assert_eq!(shape("a { b\n c; }\n"), ("(a(c))".to_owned(), 1));
        assert_eq!(shape("a { b;\n"), ("(a(b))".to_owned(), 1));
        assert_eq!(shape("a; }\nb;"), ("(a b)".to_owned(), 1));
        assert_eq!(shape("delete a\n").1, 1);
        assert_eq!(shape("deactivate a\n").1, 1);
    }
}

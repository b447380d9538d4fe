//! Tokens → statements, put into the tree.

use model::lang::Text;

use super::lex::{Kind, Token};
use super::tree::{Tree, unread};
use crate::device::Line;
use crate::dialect::statement::Refusal;
use crate::source::{REDACTED, Source};

/// Statements of more words, and braces in more braces, are not followed.
const DEEPEST: usize = 48;

/// Words with which a line without braces begins; only `set`, `deactivate` and `activate` are read.
const COMMANDS: &str = "set deactivate activate delete insert rename copy move edit top up exit quit protect unprotect \
    annotate replace override run show commit rollback load wildcard configure";

/// Words that may stand before a statement and say what is to become of it.
pub(super) const MARKS: [&str; 7] = [
    "inactive:",
    "active:",
    "protect:",
    "replace:",
    "delete:",
    "rename:",
    "insert:",
];

/// `deactivate security policies …`: file, whether it is on, words.
pub(super) struct Switch {
    pub(super) file: u16,
    pub(super) on: bool,
    pub(super) words: Vec<(String, Token)>,
}

pub(super) struct Reader<'r, 's> {
    pub(super) tree: &'r mut Tree<'s>,
    pub(super) text: &'s Source,
    pub(super) file: u16,
    /// Places of the nodes whose braces are open, the innermost last.
    pub(super) stack: Vec<Vec<usize>>,
    /// The place of the innermost.
    pub(super) at: Vec<usize>,
    /// Words of the statement so far.
    pub(super) words: Vec<Token>,
    /// Words of its list, if it has one, and whether that is closed.
    pub(super) list: Option<(Vec<Token>, bool)>,
    pub(super) commands: &'r mut Vec<Switch>,
}

impl Reader<'_, '_> {
    pub(super) fn file(&mut self, tokens: &[Token]) {
        for token in tokens {
            match token.kind {
                Kind::Comment => self.comment(token),
                Kind::Broken => {
                    self.refuse(
                        token.line,
                        Text::fixed("閉じていない引用符がある", "a quote is not closed"),
                    );
                }
                Kind::Word | Kind::Quoted => match &mut self.list {
                    None => self.words.push(*token),
                    Some((list, false)) => list.push(*token),
                    Some((_, true)) => self.refuse(token.line, out_of_place()),
                },
                Kind::ListOpen if self.list.is_none() && !self.words.is_empty() => {
                    self.list = Some((Vec::new(), false));
                }
                Kind::ListClose => match &mut self.list {
                    Some((_, closed @ false)) => *closed = true,
                    _ => self.refuse(token.line, out_of_place()),
                },
                Kind::ListOpen => self.refuse(token.line, out_of_place()),
                Kind::Newline => self.newline(),
                Kind::End => self.statement(token.line),
                Kind::Open => self.open(token.line),
                Kind::Close => self.close(token.line),
            }
        }
        self.newline();
        let last = tokens.last().map_or(1, |token| token.line);
        let last = tokens
            .iter()
            .rfind(|token| token.kind != Kind::Newline)
            .map_or(last, |token| token.line);
        if !self.stack.is_empty() {
            let why = Text::fixed(
                "ここで終わっている。途中に閉じていない { がある",
                "the file ends here, and a { before it is not closed",
            );
            self.refuse(last, why);
        }
    }

    fn comment(&mut self, token: &Token) {
        let text = token.span.of(self.text.text()).unwrap_or_default();
        if text.starts_with("/*") && (text.len() < 4 || !text.ends_with("*/")) {
            self.refuse(
                token.line,
                Text::fixed("閉じていない注釈がある", "a comment is not closed"),
            );
        }
    }

    fn refuse(&mut self, line: u32, why: Refusal) {
        let line = Line {
            file: self.file,
            number: line,
        };
        self.tree.unread.push(unread(line, why));
        self.words.clear();
        self.list = None;
    }

    /// Ends a command; a statement that has no end is none.
    fn newline(&mut self) {
        let Some(first) = self.words.first().copied() else {
            return;
        };
        let text = self.text.text();
        if self.words.iter().all(|token| MARKS.contains(&token.word(text))) {
            // What it marks stands on a later line.
            return;
        }
        if self.list.as_ref().is_some_and(|(_, closed)| !closed) {
            // A list may go on in the next line, but not a command's.
            if self.command(&first).is_none() {
                return;
            }
            return self.refuse(first.line, out_of_place());
        }
        let Some(command) = self.command(&first) else {
            return self.refuse(
                first.line,
                Text::fixed(
                    "終わりのない文、又は知らない命令",
                    "a statement without an end, or an unknown command",
                ),
            );
        };
        self.text.keep(first.span);
        let words: Vec<Token> = self.words.drain(..).skip(1).collect();
        let list = self.list.take().map(|(list, _)| list);
        match command {
            "set" => {
                let begin = Vec::new();
                self.insert(&begin, &words, list.as_deref(), first.line);
            }
            "deactivate" | "activate" if list.is_none() => {
                let text = self.text.text();
                self.commands.push(Switch {
                    file: self.file,
                    on: command == "activate",
                    words: words
                        .iter()
                        .map(|token| (token.word(text).to_owned(), *token))
                        .collect(),
                });
            }
            "protect" | "unprotect" | "annotate" => {}
            _ => self.refuse(
                first.line,
                Text::fixed(
                    "設定を変える命令は読めない。今の設定そのものを保存して使う",
                    "commands that change a configuration are not read: save the configuration itself",
                ),
            ),
        }
    }

    /// The command of a line outside of braces.
    fn command(&self, first: &Token) -> Option<&'static str> {
        let word = first.word(self.text.text());
        let outside = self.stack.is_empty() && first.kind == Kind::Word;
        COMMANDS.split_whitespace().find(|command| outside && *command == word)
    }

    /// `source-address [ a b ];`
    fn statement(&mut self, line: u32) {
        let list = self.list.take();
        if list.as_ref().is_some_and(|(_, closed)| !closed) {
            return self.refuse(line, out_of_place());
        }
        let words = std::mem::take(&mut self.words);
        let Some((off, words)) = self.marks(&words) else { return };
        if words.is_empty() {
            return;
        }
        let begin = self.at.clone();
        let list = list.map(|(list, _)| list);
        let places = self.insert(&begin, words, list.as_deref(), line);
        if off {
            self.tree.inactive.extend(places);
        }
    }

    /// `inactive:` and what else may stand before a statement.
    fn marks<'w>(&mut self, words: &'w [Token]) -> Option<(bool, &'w [Token])> {
        let (mut off, mut rest) = (false, words);
        while let Some((mark, others)) = rest.split_first() {
            match mark.word(self.text.text()) {
                "inactive:" => off = true,
                "protect:" | "active:" => {}
                // All there is of it stands here, unless something stood before.
                "replace:" if !self.stands_before(others) => {}
                // Nothing is there to be deleted.
                "delete:" if !self.stands_before(others) => {
                    self.text.keep(mark.span);
                    return None;
                }
                "delete:" | "replace:" | "rename:" | "insert:" => {
                    self.text.keep(mark.span);
                    self.refuse(
                        mark.line,
                        Text::fixed(
                            "設定を変える印は読めない",
                            "marks that change a configuration are not read",
                        ),
                    );
                    return None;
                }
                _ => break,
            }
            self.text.keep(mark.span);
            rest = others;
        }
        // What was taken out may have been anything: it stays on.
        let hides = rest
            .last()
            .is_some_and(|token| token.word(self.text.text()) == REDACTED);
        Some((off && !hides, rest))
    }

    /// Whether these words are in the tree at the place where we are.
    fn stands_before(&mut self, words: &[Token]) -> bool {
        let text = self.text.text();
        let node = self.tree.all.below(&self.at);
        let found = node.and_then(|node| {
            words
                .iter()
                .try_fold(&*node, |node, token| node.children.get(node.place(token.word(text))?))
        });
        found.is_some()
    }

    fn open(&mut self, line: u32) {
        let list = self.list.take();
        let words = std::mem::take(&mut self.words);
        let marked = self.marks(&words);
        let refused = marked.is_none();
        let (off, words) = marked.unwrap_or((false, &[]));
        if (words.is_empty() && !refused) || list.is_some() {
            self.refuse(line, out_of_place());
        }
        let outer = self.at.clone();
        let place = self.insert(&outer, words, None, line).pop();
        if let Some(place) = place {
            if off {
                self.tree.inactive.push(place.clone());
            }
            self.at = place;
        }
        self.stack.push(outer);
    }

    fn close(&mut self, line: u32) {
        if !self.words.is_empty() || self.list.is_some() {
            self.refuse(line, out_of_place());
        }
        match self.stack.pop() {
            Some(outer) => {
                let at = std::mem::replace(&mut self.at, outer);
                let file = self.file;
                if let Some(node) = self
                    .tree
                    .all
                    .below(&at)
                    .filter(|node| node.line.is_some_and(|line| line.file == file))
                {
                    node.last_line = node.last_line.max(line);
                }
            }
            None => self.refuse(line, Text::fixed("対応する { がない }", "a } without its {")),
        }
    }

    /// Puts words below a place; the places of the last ones.
    fn insert(&mut self, begin: &[usize], words: &[Token], list: Option<&[Token]>, line: u32) -> Vec<Vec<usize>> {
        if begin.len() + words.len() > DEEPEST || self.stack.len() > DEEPEST {
            self.refuse(line, Text::fixed("語が多すぎる", "too many words"));
            return Vec::new();
        }
        let mut place = begin.to_vec();
        for token in words {
            self.step(&mut place, token);
        }
        let Some(list) = list else { return vec![place] };
        let ends = list.iter().map(|token| {
            let mut end = place.clone();
            self.step(&mut end, token);
            end
        });
        ends.collect()
    }

    fn step(&mut self, place: &mut Vec<usize>, token: &Token) {
        let word = token.word(self.text.text());
        let file = self.file;
        if let Some(node) = self.tree.all.below(place) {
            place.push(node.insert(word, file, token));
        }
    }
}

const fn out_of_place() -> Refusal {
    Text::fixed("ここにあるはずのない記号がある", "a sign that has no place here")
}

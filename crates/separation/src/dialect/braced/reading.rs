//! What every part of the configuration is read with.

use model::lang::Text;

use super::{Node, Tree};
use crate::device::{Affects, Device, Line, Unread};
use crate::dialect::draft::Draft;
use crate::dialect::statement::unknown_word;

/// The device so far, and the words that it is read from.
pub(in crate::dialect) struct Reading<'t, 's> {
    tree: &'t Tree<'s>,
    pub(in crate::dialect) draft: Draft,
}

/// What stands after a word of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialect) enum After {
    /// Nothing; more settings may follow on the same line.
    Nothing,
    /// A value, or several; more settings may follow it on the same line.
    Value,
    /// A value that decides nothing and is not shown; more settings may follow it on the same line.
    Hidden,
    /// Whatever stands there is read by itself.
    Own,
    /// Whatever stands there decides nothing and is not shown.
    Beside,
}

/// A setting of a part, and its value.
pub(in crate::dialect) struct Setting<'n> {
    pub(in crate::dialect) key: &'static str,
    /// Its node; for [`After::Own`], what to read.
    pub(in crate::dialect) at: &'n Node,
    /// Its value for [`After::Value`].
    pub(in crate::dialect) value: Option<&'n Node>,
}

/// Settings that a part can have, each with what stands after it.
pub(in crate::dialect) type Keys = &'static [(&'static str, After)];

impl<'t, 's> Reading<'t, 's> {
    pub(in crate::dialect) fn new(tree: &'t Tree<'s>) -> Self {
        let mut draft = Draft::default();
        draft.device.unread.clone_from(&tree.unread);
        Self { tree, draft }
    }

    pub(in crate::dialect) fn done(self) -> Device {
        self.draft.device
    }

    pub(in crate::dialect) const fn device(&mut self) -> &mut Device {
        &mut self.draft.device
    }

    /// Says that a word may be shown.
    pub(in crate::dialect) fn take(&self, node: &Node) {
        self.tree.take(node);
    }

    /// Whether a word is one of `list`, in which case it may be shown.
    pub(in crate::dialect) fn is(&self, node: &Node, list: &str) -> bool {
        let is = is_in(list, &node.word);
        if is {
            self.take(node);
        }
        is
    }

    /// Says that a part was not understood.
    pub(in crate::dialect) fn unread(&mut self, node: &Node, why: Text, affects: Affects) {
        self.unread_at(node.line(), why, affects);
    }

    pub(in crate::dialect) fn unread_at(&mut self, line: Line, why: Text, affects: Affects) {
        let known = self
            .draft
            .device
            .unread
            .iter()
            .rev()
            .take(8)
            .any(|unread| unread.line == line && unread.why == why && unread.affects == affects);
        if !known {
            self.draft.device.unread.push(Unread {
                line,
                text: String::new(),
                why,
                affects,
            });
        }
    }

    /// The settings below `part`, whether they stand on lines of their own or on one line after the other.
    pub(in crate::dialect) fn settings<'n>(
        &mut self,
        part: &'n Node,
        keys: Keys,
        affects: Affects,
    ) -> Vec<Setting<'n>> {
        let mut settings = Vec::new();
        self.collect(part, keys, affects, &mut settings);
        settings
    }

    fn collect<'n>(&mut self, part: &'n Node, keys: Keys, affects: Affects, all: &mut Vec<Setting<'n>>) {
        for at in part.children() {
            let Some((key, after)) = keys.iter().find(|(key, _)| *key == at.word) else {
                self.unread(at, unknown_word(), affects);
                continue;
            };
            self.take(at);
            let setting = |value| Setting { key, at, value };
            match after {
                After::Own => all.push(setting(None)),
                After::Beside => {}
                After::Nothing => {
                    all.push(setting(None));
                    self.collect(at, keys, affects, all);
                }
                After::Value | After::Hidden => {
                    if at.is_leaf() && *after == After::Value {
                        self.unread(at, Text::fixed("値がない", "a value is missing"), affects);
                    }
                    for value in at.children() {
                        if *after == After::Value {
                            all.push(setting(Some(value)));
                        }
                        self.collect(value, keys, affects, all);
                    }
                }
            }
        }
    }

    /// The one value of a setting. What stands here itself goes before what a group brings; two that stand here are one too many.
    pub(in crate::dialect) fn one<'n>(&mut self, node: &'n Node, affects: Affects) -> Option<&'n Node> {
        let own: Vec<&Node> = node.children().filter(|value| !value.inherited).collect();
        if own.len() > 1 {
            self.unread(node, Text::fixed("値が二つある", "there are two values"), affects);
        }
        own.first().copied().or_else(|| node.children().next())
    }
}

/// Whether `word` is one of the words of `list`.
pub(in crate::dialect) fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

//! What every part of the configuration is read with.

use model::lang::Text;

use super::super::braced::{Node, Tree};
use super::super::draft::Draft;
use super::super::statement::unknown_word;
use crate::device::{Affects, Device, InterfaceId, Line, Unread};

/// The device so far, and the words that it is read from.
pub(super) struct Reading<'t, 's> {
    tree: &'t Tree<'s>,
    pub(super) draft: Draft,
}

/// What stands after a word of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
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
pub(super) struct Setting<'n> {
    pub(super) key: &'static str,
    /// Its node; for [`After::Own`], what to read.
    pub(super) at: &'n Node,
    /// Its value for [`After::Value`].
    pub(super) value: Option<&'n Node>,
}

/// Settings that a part can have, each with what stands after it.
pub(super) type Keys = &'static [(&'static str, After)];

impl<'t, 's> Reading<'t, 's> {
    pub(super) fn new(tree: &'t Tree<'s>) -> Self {
        let mut draft = Draft::default();
        draft.device.unread.clone_from(&tree.unread);
        Self { tree, draft }
    }

    pub(super) fn done(self) -> Device {
        self.draft.device
    }

    pub(super) const fn device(&mut self) -> &mut Device {
        &mut self.draft.device
    }

    /// Says that a word may be shown.
    pub(super) fn take(&self, node: &Node) {
        self.tree.take(node);
    }

    /// Whether a word is one of `list`, in which case it may be shown.
    pub(super) fn is(&self, node: &Node, list: &str) -> bool {
        let is = is_in(list, &node.word);
        if is {
            self.take(node);
        }
        is
    }

    /// Says that a part was not understood.
    pub(super) fn unread(&mut self, node: &Node, why: Text, affects: Affects) {
        self.unread_at(node.line(), why, affects);
    }

    pub(super) fn unread_at(&mut self, line: Line, why: Text, affects: Affects) {
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

    /// The interface of a name as zones and routes say it: `ge-0/0/0` is its unit 0.
    pub(super) fn unit(&mut self, name: &str, line: Line) -> InterfaceId {
        if name.contains('.') {
            self.draft.interface(name, line)
        } else {
            self.draft.interface(&format!("{name}.0"), line)
        }
    }

    /// The settings below `part`, whether they stand on lines of their own or on one line after the other.
    pub(super) fn settings<'n>(&mut self, part: &'n Node, keys: Keys, affects: Affects) -> Vec<Setting<'n>> {
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
    pub(super) fn one<'n>(&mut self, node: &'n Node, affects: Affects) -> Option<&'n Node> {
        let own: Vec<&Node> = node.children().filter(|value| !value.inherited).collect();
        if own.len() > 1 {
            self.unread(node, Text::fixed("値が二つある", "there are two values"), affects);
        }
        own.first().copied().or_else(|| node.children().next())
    }
}

/// Whether `word` is one of the words of `list`.
pub(super) fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

//! Commands of scripts that arrange entries: `move`, `clone`, `delete`, `rename`.

use super::{Domain, Entries, Open, Reader};
use crate::dialect::fortios::table::Table;
use crate::dialect::statement::{Refusal, Statement, unknown_word};

/// What is done with an entry.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arranges {
    Move,
    Clone,
    Delete,
    Rename,
}

/// The commands.
pub(super) const COMMANDS: [(&str, Arranges); 4] = [
    ("move", Arranges::Move),
    ("clone", Arranges::Clone),
    ("delete", Arranges::Delete),
    ("rename", Arranges::Rename),
];

impl Reader<'_> {
    /// `5 before 1`, `1 to 3`, `7`: what follows the command.
    pub(super) fn arrange(
        &mut self,
        arranges: Arranges,
        table: &'static Table,
        statement: &mut Statement<'_>,
    ) -> Result<(), Refusal> {
        // Entries inside an entry go by both names.
        let outer = match self.open.iter().rev().nth(1) {
            Some(Open::Table(_, Some(outer))) => format!("{outer}\n"),
            _ => String::new(),
        };
        let name = |statement: &mut Statement<'_>| {
            let name = statement.parse(super::name).ok_or(unknown_word())?;
            Ok::<_, Refusal>(format!("{outer}{name}"))
        };
        let from = name(statement)?;
        let mut before = false;
        let to = match arranges {
            Arranges::Delete => String::new(),
            Arranges::Move => {
                before = statement.is("before");
                if !before && !statement.is("after") {
                    return Err(unknown_word());
                }
                name(statement)?
            }
            Arranges::Clone | Arranges::Rename => {
                if !statement.is("to") {
                    return Err(unknown_word());
                }
                name(statement)?
            }
        };
        statement.end()?;
        let domain = self.domain();
        let domain = self.tree.domains.entry(domain).or_default();
        let is_simple = !domain.has_inner(table.path, &from);
        let done = match arranges {
            Arranges::Move => domain.of(table).and_then(|entries| entries.shift(&from, &to, before)),
            _ if !is_simple => None,
            Arranges::Clone => domain
                .of(table)
                .and_then(|entries| entries.copy(&from, &to, statement.line())),
            Arranges::Delete => domain.of(table).and_then(|entries| entries.delete(&from)),
            Arranges::Rename if domain.names(&from) => None,
            Arranges::Rename => domain.of(table).and_then(|entries| entries.rename(&from, to)),
        };
        done.ok_or(unknown_word())
    }
}

impl Domain {
    fn of(&mut self, table: &'static Table) -> Option<&mut Entries> {
        self.tables.get_mut(table.path)
    }

    /// Whether an entry has tables of its own.
    fn has_inner(&self, path: &str, name: &str) -> bool {
        let inner = self.tables.iter().filter(|(table, _)| {
            let rest = table.strip_prefix(path);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        let begin = format!("{name}\n");
        inner
            .flat_map(|(_, entries)| &entries.list)
            .any(|entry| entry.name == name || entry.name.starts_with(&begin))
    }

    /// Whether a setting has this value, by which it may name an entry.
    fn names(&self, name: &str) -> bool {
        let entries = self.tables.values().flat_map(|entries| &entries.list);
        let mut values = entries.flat_map(|entry| entry.settings.values().flat_map(|(values, _)| values));
        values.any(|value| value == name)
    }
}

impl Entries {
    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    fn count_again(&mut self) {
        let names = self.list.iter().map(|entry| entry.name.clone());
        self.places = names.zip(0..).collect();
    }

    fn shift(&mut self, from: &str, to: &str, before: bool) -> Option<()> {
        let (at, _) = (self.place(from)?, self.place(to)?);
        let entry = self.list.remove(at);
        self.count_again();
        let to = self.place(to).unwrap_or(self.list.len());
        self.list.insert(if before { to } else { to + 1 }, entry);
        self.count_again();
        Some(())
    }

    fn copy(&mut self, from: &str, to: &str, line: crate::device::Line) -> Option<()> {
        if self.place(to).is_some() {
            return None;
        }
        let mut entry = self.list.get(self.place(from)?)?.clone();
        to.clone_into(&mut entry.name);
        (entry.line, entry.last_line) = (line, line.number);
        self.list.push(entry);
        self.count_again();
        Some(())
    }

    fn delete(&mut self, name: &str) -> Option<()> {
        let at = self.place(name)?;
        self.list.remove(at);
        self.count_again();
        Some(())
    }

    fn rename(&mut self, from: &str, to: String) -> Option<()> {
        if self.place(&to).is_some() {
            return None;
        }
        let at = self.place(from)?;
        self.list.get_mut(at)?.name = to;
        self.count_again();
        Some(())
    }
}

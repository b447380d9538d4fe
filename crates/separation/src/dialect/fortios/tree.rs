//! `config`, `edit`, `set`, `next`, `end` → tables of entries, by virtual domain.

mod arrange;

use std::collections::{BTreeMap, HashMap};

use model::lang::Text;

use super::table::{Key, Kind, Table};
use crate::device::{Addresses, Affects, Line};
use crate::dialect::draft::Draft;
use crate::dialect::statement::{Refusal, Statement, unknown_command, unknown_word};
use crate::source::{REDACTED, Source, Words};

/// Entries of the tables that matter, by the path of the table.
#[derive(Default)]
pub(super) struct Domain {
    tables: BTreeMap<&'static str, Entries>,
}

/// Entries in the order of the file, and where each name is.
#[derive(Default)]
struct Entries {
    list: Vec<Entry>,
    places: HashMap<String, usize>,
}

/// One entry: `edit … next`; of a table without entries, the table itself.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) line: Line,
    pub(super) last_line: u32,
    settings: BTreeMap<&'static str, (Vec<String>, Line)>,
}

impl Domain {
    /// The entries of a table, in the order of the file.
    pub(super) fn entries(&self, path: &str) -> &[Entry] {
        self.tables.get(path).map_or(&[], |entries| entries.list.as_slice())
    }

    /// An entry by name.
    pub(super) fn entry(&self, path: &str, name: &str) -> Option<&Entry> {
        let entries = self.tables.get(path)?;
        entries.list.get(*entries.places.get(name)?)
    }

    fn open(&mut self, path: &'static str, name: &str, line: Line) -> Option<&mut Entry> {
        let entries = self.tables.entry(path).or_default();
        if let Some(at) = entries.places.get(name) {
            return entries.list.get_mut(*at);
        }
        entries.places.insert(name.to_owned(), entries.list.len());
        entries.list.push(Entry {
            name: name.to_owned(),
            line,
            last_line: line.number,
            settings: BTreeMap::new(),
        });
        entries.list.last_mut()
    }
}

impl Entry {
    /// The values of a setting; none where it is not set.
    pub(super) fn all(&self, key: &str) -> &[String] {
        self.settings.get(key).map_or(&[], |(values, _)| values.as_slice())
    }

    /// The first value of a setting.
    pub(super) fn one(&self, key: &str) -> Option<&str> {
        self.all(key).first().map(String::as_str)
    }

    /// Whether a setting has this value.
    pub(super) fn is(&self, key: &str, value: &str) -> bool {
        self.one(key) == Some(value)
    }

    /// Where a setting stands; the entry's line where it is not set.
    pub(super) fn at(&self, key: &str) -> Line {
        self.settings.get(key).map_or(self.line, |(_, line)| *line)
    }
}

/// What was read of all files.
pub(super) struct Tree {
    /// By name; `""` for what stands outside of virtual domains.
    pub(super) domains: BTreeMap<String, Domain>,
}

/// A `config` that is open.
#[derive(Clone)]
enum Open {
    /// A table whose entries matter, and the entry that is open.
    Table(&'static Table, Option<String>),
    /// `config vdom`, and the domain that is open.
    Domains(Option<String>),
    /// `config global`.
    Global,
    /// Nothing in it matters.
    Beside,
}

/// Reads the files of a device.
pub(super) fn read(files: &[Source], draft: &mut Draft) -> Tree {
    let mut reader = Reader {
        draft,
        open: Vec::new(),
        tree: Tree {
            domains: BTreeMap::from([(String::new(), Domain::default())]),
        },
    };
    for (number, file) in (0..).zip(files) {
        reader.file(file, number);
    }
    reader.tree
}

struct Reader<'d> {
    draft: &'d mut Draft,
    open: Vec<Open>,
    tree: Tree,
}

impl Reader<'_> {
    fn file(&mut self, file: &Source, number: u16) {
        let mut lines = file.lines();
        let mut last = None;
        while let Some(line) = lines.next() {
            if line.is_done() || line.peek().is_some_and(|word| word.starts_with('#')) {
                continue;
            }
            let opens = opens_text(&line);
            let mut statement = Statement::new(file, number, line);
            if let Err(why) = self.statement(&mut statement, opens) {
                let affects = self.affects();
                self.draft.unread(&statement, why, affects);
            }
            last = Some(statement);
            if opens && !lines.any(|line| closes_text(&line)) {
                break;
            }
        }
        if let Some(last) = last.filter(|_| !self.open.is_empty()) {
            let why = Text::fixed(
                "ここで終わっている。途中に閉じていない config 又は edit がある",
                "the file ends here, and a config or edit before it is not closed",
            );
            self.draft.unread(&last, why, Affects::Everything);
        }
        self.open.clear();
    }

    fn affects(&self) -> Affects {
        match self.open.last() {
            Some(Open::Table(table, _)) => table.affects,
            _ => Affects::Everything,
        }
    }

    fn statement(&mut self, statement: &mut Statement<'_>, opens_text: bool) -> Result<(), Refusal> {
        for (word, act) in [
            (
                "config",
                Self::config as fn(&mut Self, &mut Statement<'_>) -> Result<(), Refusal>,
            ),
            ("edit", Self::edit),
            ("next", Self::next),
            ("end", Self::end),
        ] {
            if statement.is(word) {
                return act(self, statement);
            }
        }
        let Some(open) = self.open.last() else {
            return Err(unknown_command());
        };
        let Open::Table(table, entry) = open.clone() else {
            return match open {
                Open::Beside => {
                    let known = ["set", "unset", "append", "select", "unselect", "clear"];
                    let is_known = known.iter().any(|word| statement.is(word));
                    statement.pass_rest();
                    if is_known { Ok(()) } else { Err(unknown_command()) }
                }
                _ => Err(unknown_command()),
            };
        };
        if table.has_entries && entry.is_none() {
            let command = arrange::COMMANDS.iter().find(|(word, _)| statement.is(word));
            if let Some((_, arranges)) = command {
                return self.arrange(*arranges, table, statement);
            }
        }
        self.setting(statement, table, entry, opens_text)
    }

    /// `config firewall policy`
    fn config(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let outer = match self.open.last() {
            Some(Open::Beside) => {
                self.open.push(Open::Beside);
                statement.pass_rest();
                return Ok(());
            }
            Some(Open::Table(table, _)) => Some(*table),
            Some(Open::Domains(Some(_)) | Open::Global) | None => None,
            Some(Open::Domains(None)) => return Err(unknown_word()),
        };
        if outer.is_none() && statement.is("vdom") {
            self.open.push(Open::Domains(None));
            return statement.end();
        }
        if outer.is_none() && statement.is("global") {
            self.open.push(Open::Global);
            return statement.end();
        }
        let kind = super::table::find(outer, |at| statement.peek_at(at));
        let Some((kind, words)) = kind else {
            // What is in it is not understood either; one finding is enough.
            self.open.push(Open::Beside);
            return Err(Text::fixed("知らない設定の表", "an unknown table of settings"));
        };
        (0..words).for_each(|_| drop(statement.take()));
        match kind {
            Kind::Matters(table) => {
                let entry = self.entry_of(outer);
                self.open.push(Open::Table(table, entry.filter(|_| !table.has_entries)));
                if !table.has_entries && outer.is_none() {
                    self.entry(table, "", statement.line());
                }
            }
            Kind::Beside => {
                self.open.push(Open::Beside);
                statement.pass_rest();
            }
        }
        statement.end()
    }

    /// The entry around a table, whose name a table without entries of its own goes by.
    fn entry_of(&self, outer: Option<&'static Table>) -> Option<String> {
        match (outer, self.open.last()) {
            (Some(_), Some(Open::Table(_, entry))) => entry.clone(),
            _ => None,
        }
    }

    fn domain(&self) -> String {
        let name = self.open.iter().rev().find_map(|open| match open {
            Open::Domains(name) => name.clone(),
            _ => None,
        });
        name.unwrap_or_default()
    }

    fn entry(&mut self, table: &'static Table, name: &str, line: Line) -> Option<&mut Entry> {
        let domain = self.domain();
        let domain = self.tree.domains.entry(domain).or_default();
        domain.open(table.path, name, line)
    }

    /// `edit "name"`
    fn edit(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let outer = self.open.len().checked_sub(2).and_then(|at| self.open.get(at)).cloned();
        let line = statement.line();
        let (table, full) = match self.open.last_mut() {
            Some(Open::Beside) => {
                statement.pass_rest();
                return Ok(());
            }
            Some(Open::Domains(domain @ None)) => {
                let name = statement.take().ok_or(unknown_word())?;
                *domain = Some(name);
                return statement.end();
            }
            Some(Open::Table(table, entry @ None)) if table.has_entries => {
                let name = statement.parse(name).ok_or(unknown_word())?;
                // Entries inside an entry go by both names.
                let full = match outer {
                    Some(Open::Table(_, Some(outer))) => format!("{outer}\n{name}"),
                    _ => name,
                };
                *entry = Some(full.clone());
                (*table, full)
            }
            _ => return Err(unknown_word()),
        };
        self.entry(table, &full, line);
        if table.learns {
            self.draft.learns_routes(&Addresses::all(), line);
        }
        match table.refused {
            Some((ja, en)) => Err(Text::fixed(ja, en)),
            None => statement.end(),
        }
    }

    fn next(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let line = statement.line().number;
        match self.open.last_mut() {
            Some(Open::Beside) => {}
            Some(Open::Domains(domain @ Some(_))) => *domain = None,
            Some(Open::Table(table, entry)) if table.has_entries && entry.is_some() => {
                let (table, name) = (*table, entry.take().unwrap_or_default());
                let at = statement.line();
                if let Some(entry) = self.entry(table, &name, at) {
                    entry.last_line = line;
                }
            }
            _ => return Err(unknown_word()),
        }
        statement.end()
    }

    fn end(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        self.open
            .pop()
            .map(|_| ())
            .ok_or(Text::fixed("対応する config がない end", "an end without its config"))?;
        statement.end()
    }

    /// `set key value…`, `append key value…`, `unset key`
    fn setting(
        &mut self,
        statement: &mut Statement<'_>,
        table: &'static Table,
        entry: Option<String>,
        opens_text: bool,
    ) -> Result<(), Refusal> {
        let (sets, appends, unsets) = (
            statement.is("set") || statement.is("select"),
            statement.is("append"),
            statement.is("unset"),
        );
        if !sets && !appends && !unsets {
            return Err(unknown_command());
        }
        if table.has_entries && entry.is_none() {
            return Err(unknown_word());
        }
        let key = statement
            .peek()
            .and_then(|key| table.key(key))
            .ok_or(Text::fixed("知らない設定の名", "an unknown name of a setting"))?;
        if !matches!(key, Key::Unlisted) {
            statement.take();
        }
        let (key, shows) = match key {
            Key::Matters(key) => (key, true),
            Key::Hidden(key) => (key, false),
            Key::Beside | Key::Unlisted => {
                statement.pass_rest();
                return Ok(());
            }
        };
        if opens_text {
            return Err(Text::fixed("値が行をまたいでいる", "a value goes over several lines"));
        }
        let values = if shows {
            statement.take_rest()
        } else {
            let is_set = !statement.is_done();
            statement.pass_rest();
            is_set.then(|| REDACTED.to_owned()).into_iter().collect()
        };
        if values.is_empty() != unsets {
            return Err(unknown_word());
        }
        if table.learns && !unsets && values.first().is_some_and(|value| value != "disable") {
            return Err(Text::fixed("VPN の経路は読めない", "routes of a VPN are not read"));
        }
        let line = statement.line();
        let Some(entry) = self.entry(table, &entry.unwrap_or_default(), line) else {
            return Err(unknown_word());
        };
        let settings = &mut entry.settings;
        if unsets {
            settings.remove(key);
        } else if appends {
            settings
                .entry(key)
                .or_insert_with(|| (Vec::new(), line))
                .0
                .extend(values);
        } else {
            settings.insert(key, (values, line));
        }
        Ok(())
    }
}

/// A name of an entry: anything that a device allows.
fn name(word: &str) -> Option<String> {
    (!word.is_empty() && word.len() <= 255 && !word.starts_with('"')).then(|| word.to_owned())
}

/// Whether a quote is open when the line ends.
fn opens_text(line: &Words<'_>) -> bool {
    quotes(line) % 2 == 1
}

/// Whether a line ends a text that an earlier line began.
fn closes_text(line: &Words<'_>) -> bool {
    quotes(line) % 2 == 1
}

fn quotes(line: &Words<'_>) -> usize {
    let mut escaped = false;
    let quote = |c: char| {
        let counts = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        counts
    };
    line.line().chars().map(quote).filter(|is| *is).count()
}

/// The texts that go over several lines: their first lines and their last.
pub(super) fn texts(file: &Source) -> Vec<(u32, u32)> {
    let mut texts = Vec::new();
    let mut lines = file.lines();
    while let Some(line) = lines.next() {
        let is_comment = line.peek().is_none_or(|word| word.starts_with('#'));
        if !is_comment && opens_text(&line) {
            let close = lines.by_ref().find(closes_text);
            texts.push((line.number(), close.map_or(u32::MAX, |close| close.number())));
        }
    }
    texts
}

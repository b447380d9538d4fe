//! Cisco ASA: `show running-config`, versions from 8.3 on.
//!
//! A packet of a flow that is known passes. Else the list of the interface where it came in decides, then the global one; where there is
//! neither, it passes to interfaces that are trusted less. The list of the interface where it goes out is asked as well. All lists see the
//! addresses of the hosts themselves: a destination is changed before, a source after them.
//!
//! An interface is called by its `nameif`, as all other commands call it; one without is shut.

mod beside;
mod command;
mod interface;
mod level;
mod list;
mod lower;
mod nat;
mod object;
mod part;
mod route;
mod through;
mod translate;
mod vpn;

use std::collections::{BTreeMap, BTreeSet};

use model::lang::Text;

use self::interface::Ports;
use self::list::List;
use self::nat::Nat;
use self::object::Objects;
use self::vpn::Vpn;
use super::Dialect;
use super::draft::Draft;
use super::statement::{Refusal, Statement, unknown_command, unknown_word};
use super::{routing, secret};
use crate::device::{Affects, Device, InterfaceId, Line};
use crate::source::{REDACTED, Redacted, Source};

/// The dialect.
pub(super) struct Asa;

impl Dialect for Asa {
    fn name(&self) -> &'static str {
        "asa"
    }

    fn label(&self) -> Text {
        Text::same("Cisco ASA")
    }

    fn likeness(&self, text: &str) -> u8 {
        const SIGNS: [&str; 9] = [
            "nameif ",
            "security-level ",
            "access-group ",
            "same-security-traffic ",
            "object network ",
            "object service ",
            "nat (",
            "clear configure access-list ",
            "route ",
        ];
        let lines = || text.lines().map(str::trim_start).take(2000);
        if lines().any(|line| line.starts_with("ASA Version ")) {
            return 95;
        }
        // What another language would not say.
        if lines().any(|line| line.starts_with("ip access-") || line.starts_with("config ")) {
            return 0;
        }
        // Lists of its relatives have numbers, or begin with `ip`.
        let is_list = |line: &str| {
            let mut words = line.split_whitespace();
            words.next() == Some("access-list") && words.nth(1) == Some("extended")
        };
        let signs = lines().filter(|line| SIGNS.iter().any(|sign| line.starts_with(sign)));
        match signs.count() {
            _ if lines().any(is_list) => 92,
            0 => 0,
            1 => 45,
            2 => 65,
            _ => 88,
        }
    }

    fn read(&self, files: &[Source]) -> Device {
        let mut reader = Reader::default();
        for (number, file) in (0..).zip(files) {
            reader.file(file, number);
        }
        lower::lower(reader)
    }

    fn redact(&self, file: Source) -> Redacted {
        let files = [file];
        self.read(&files);
        let [file] = &files;
        let mut redacted = file.redacted();
        let lines = redacted.text.lines().zip(file.lines()).map(|(line, written)| {
            if is_comment(written.line()) {
                format!(": {REDACTED}\n")
            } else {
                format!("{line}\n")
            }
        });
        redacted.text = lines.collect();
        redacted
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.conf")
    }
}

/// What a device writes around its configuration: `: Saved`, `Cryptochecksum:…`.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(':') || line.starts_with("Cryptochecksum:")
}

/// What indented lines belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    /// Nothing: there was none yet.
    None,
    /// Something that does not matter.
    Beside,
    Interface(InterfaceId),
    Network(String),
    Service(String),
    Group(String),
    /// A map of what is done to flows.
    Policy(String),
    /// Clients that sign in with a browser.
    Clients,
    /// A routing protocol.
    Routing,
}

/// A list that is bound.
struct Binding {
    list: String,
    /// Where, and whether to what comes in; `None` for what comes in anywhere.
    on: Option<(String, bool)>,
    /// Whether a server may let more pass for a user.
    per_user: bool,
    line: Line,
}

/// What was read so far.
struct Reader<'s> {
    draft: Draft,
    ports: Ports,
    objects: Objects,
    /// Lines of lists: they are read when all that they name is known.
    entries: Vec<(String, Statement<'s>)>,
    lists: BTreeMap<String, List>,
    bindings: Vec<Binding>,
    routes: Vec<route::Written>,
    nat: Nat,
    vpn: Vpn,
    /// Maps by which control messages are followed, and maps that are bound.
    messages: BTreeSet<String>,
    policies: BTreeSet<String>,
    /// Between interfaces of the same level, and back out of the interface where it came in.
    same_level: bool,
    same_interface: bool,
    /// Whether `any` in a list is of both families.
    unified: bool,
}

impl Default for Reader<'_> {
    fn default() -> Self {
        Self {
            draft: Draft::default(),
            ports: Ports::default(),
            objects: Objects::default(),
            entries: Vec::new(),
            lists: BTreeMap::new(),
            bindings: Vec::new(),
            routes: Vec::new(),
            nat: Nat::default(),
            vpn: Vpn::default(),
            messages: BTreeSet::new(),
            policies: BTreeSet::new(),
            same_level: false,
            same_interface: false,
            unified: true,
        }
    }
}

/// Commands that a device takes for its own wherever they stand.
const ANYWHERE: [&str; 7] = [
    "access-list",
    "access-group",
    "nat",
    "object",
    "object-group",
    "route",
    "same-security-traffic",
];

impl<'s> Reader<'s> {
    fn file(&mut self, file: &'s Source, number: u16) {
        let mut block = Block::None;
        for line in file.lines() {
            if line.is_done() || is_comment(line.line()) || line.peek().is_some_and(|word| word.starts_with('!')) {
                continue;
            }
            let indented = line.indent() > 0;
            let mut statement = Statement::new(file, number, line);
            secret::tell(secret::ASA, &mut statement, &mut self.draft);
            let first = statement.peek().unwrap_or_default();
            let is_inner = indented && (block != Block::Beside || !ANYWHERE.contains(&first));
            if !is_inner && first == "access-list" {
                block = Block::Beside;
                self.list(statement);
                continue;
            }
            let read = if is_inner {
                self.inner(&mut statement, &block)
            } else {
                block = Block::Beside;
                self.outer(&mut statement, &mut block)
            };
            if let Err(why) = read {
                let affects = command::affects(&statement, &block, is_inner);
                self.draft.unread(&statement, why, affects);
            }
        }
    }

    /// `access-list NAME …`
    fn list(&mut self, mut statement: Statement<'s>) {
        statement.take();
        let Some(name) = statement.parse(part::name) else {
            return self.draft.unread(&statement, unknown_word(), Affects::Everything);
        };
        self.entries.push((name, statement));
    }

    fn inner(&mut self, statement: &mut Statement<'_>, block: &Block) -> Result<(), Refusal> {
        if statement.is("description") {
            statement.pass_rest();
            return Ok(());
        }
        if statement.is("exit") {
            return statement.end();
        }
        match block {
            Block::None => Err(unknown_command()),
            Block::Beside => {
                statement.pass_rest();
                Ok(())
            }
            Block::Interface(id) => self.ports.read(statement, *id, &mut self.draft),
            Block::Network(name) if statement.is("nat") => self.nat.of_object(name, statement),
            Block::Network(name) => self.objects.network_line(name, statement),
            Block::Service(name) => self.objects.service_line(name, statement),
            Block::Group(name) => self.objects.group_line(name, statement),
            Block::Policy(name) => {
                if statement.are("inspect icmp") {
                    self.messages.insert(name.clone());
                }
                statement.pass_rest();
                Ok(())
            }
            Block::Routing => routing::inner(statement),
            Block::Clients => {
                if statement.is("enable") {
                    let interface = statement.parse(part::name).ok_or(unknown_word())?;
                    self.vpn.clients.push((interface, statement.line()));
                }
                statement.pass_rest();
                Ok(())
            }
        }
    }
}

//! NEC UNIVERGE IX: `show running-config`.
//!
//! * Lists are bound with a number to an interface and a direction, and asked in the order of the numbers; what matches none of a list is
//!   for the next one, and what matches none at all is discarded; no list is no filter.
//! * A dynamic list lets the answers to what it let pass come back by the same interface.
//! * What the manual leaves open is read in each way that it may be meant: see [`lower`].

mod beside;
mod interface;
mod list;
mod lower;
mod nat;
mod route;

use std::collections::BTreeMap;

use model::lang::Text;

use self::interface::Bindings;
use self::list::{Dynamic, List, name};
use self::nat::Nat;
use super::Dialect;
use super::draft::Draft;
use super::statement::{Refusal, Statement, unknown_command, unknown_word};
use crate::device::{Affects, Device, InterfaceId, Unread};
use crate::packet::Family;
use crate::source::Source;

/// The dialect.
pub(super) struct Ix;

impl Dialect for Ix {
    fn name(&self) -> &'static str {
        "ix"
    }

    fn label(&self) -> Text {
        Text::same("NEC UNIVERGE IX")
    }

    fn likeness(&self, text: &str) -> u8 {
        const SIGNS: [&str; 8] = [
            "interface GigaEthernet",
            "interface FastEthernet0/0.0",
            "device GigaEthernet",
            "ip ufs-cache ",
            "ip napt ",
            "ip filter ",
            "telnet-server ip ",
            "! NEC Portable",
        ];
        let lines = || text.lines().map(str::trim_start).take(2000);
        // No relative says where a packet comes from by a word.
        let is_entry = |line: &str| {
            line.starts_with("ip access-list ") && line.contains(" src ")
                || line.starts_with("ipv6 access-list ") && line.contains(" src ")
        };
        let signs = lines().filter(|line| SIGNS.iter().any(|sign| line.starts_with(sign)));
        match (lines().any(is_entry), signs.count()) {
            (true, 0) => 88,
            (true, _) => 95,
            (false, 0) => 0,
            (false, 1) => 30,
            (false, _) if lines().any(|line| line.starts_with("interface GigaEthernet")) => 88,
            (false, _) => 40,
        }
    }

    fn read(&self, files: &[Source]) -> Device {
        let mut reader = Reader::default();
        for (number, file) in (0..).zip(files) {
            reader.file(file, number);
        }
        lower::lower(reader)
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.conf")
    }
}

/// What indented lines belong to.
#[derive(Clone, PartialEq, Eq)]
enum Block {
    /// Nothing: there was none yet.
    None,
    /// Something that does not matter.
    Beside,
    Interface(InterfaceId),
}

/// A list of a name; the two families have names of their own.
type Key = (Family, String);

/// What was read so far.
#[derive(Default)]
struct Reader {
    draft: Draft,
    lists: BTreeMap<Key, List>,
    dynamic: BTreeMap<Key, Vec<Dynamic>>,
    /// Lines of dynamic lists that were not understood.
    refused: BTreeMap<Key, Vec<Unread>>,
    bindings: Bindings,
    nat: Nat,
}

impl Reader {
    fn file(&mut self, file: &Source, number: u16) {
        let mut block = Block::None;
        for line in file.lines() {
            if line.is_done() || line.peek().is_some_and(|word| word.starts_with(['!', '#'])) {
                continue;
            }
            let indented = line.indent() > 0;
            let mut statement = Statement::new(file, number, line);
            let read = if indented {
                self.inner(&mut statement, &block)
            } else {
                block = Block::Beside;
                self.outer(&mut statement, &mut block)
            };
            if let Err(why) = read {
                let affects = affects(&statement, &block, indented);
                self.draft.unread(&statement, why, affects);
            }
        }
    }

    fn outer(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
        let line = statement.line();
        if statement.is("hostname") {
            self.draft.device.host_name = statement.take();
            return statement.end();
        }
        if statement.is("interface") {
            let name = statement.parse(route::interface_name).ok_or(unknown_word())?;
            statement.end()?;
            let id = self.draft.interface(&name, line);
            *block = Block::Interface(id);
            if let Some(interface) = self.draft.of(id) {
                interface.line = line;
            }
            return Ok(());
        }
        for (words, family) in [("ip access-list", Family::V4), ("ipv6 access-list", Family::V6)] {
            if statement.are(words) {
                return self.list(statement, family);
            }
        }
        if statement.are("ip route") {
            return route::read(statement, Family::V4, &mut self.draft);
        }
        if statement.are("ipv6 route") {
            return route::read(statement, Family::V6, &mut self.draft);
        }
        if statement.are("ip nat pool") {
            let (name, pool) = nat::pool(statement)?;
            self.nat.pools.insert(name, pool);
            return Ok(());
        }
        if statement.are("ip napt translation") || statement.are("ip nat translation") {
            statement.pass_rest();
            return Ok(());
        }
        if statement.are("ip vrf") {
            statement.parse(name).ok_or(unknown_word())?;
            return statement.end();
        }
        if statement.is("router") {
            statement.take();
            statement.pass_rest();
            return Err(Text::fixed(
                "経路を他の機器から受け取る(経路制御プロトコル)。その経路は設定にない",
                "routes are learnt from other devices by a routing protocol, and are not in the file",
            ));
        }
        let known = beside::command(statement.peek(), statement.peek_at(1)).ok_or(unknown_command())?;
        (0..known).for_each(|_| drop(statement.take()));
        statement.pass_rest();
        Ok(())
    }

    /// What follows `ip access-list`.
    fn list(&mut self, statement: &mut Statement<'_>, family: Family) -> Result<(), Refusal> {
        let is_dynamic = statement.is("dynamic");
        if is_dynamic && (statement.is("cache") || statement.is("timer")) {
            statement.pass_rest();
            return Ok(());
        }
        let key = (family, statement.parse(name).ok_or(unknown_word())?);
        let why = if is_dynamic {
            match Dynamic::read(statement, family) {
                Ok(dynamic) => {
                    self.dynamic.entry(key).or_default().push(dynamic);
                    return Ok(());
                }
                Err(why) => why,
            }
        } else {
            match self.lists.entry(key.clone()).or_default().read(statement, family) {
                Ok(()) => return Ok(()),
                Err(why) => why,
            }
        };
        let unread = Unread {
            line: statement.line(),
            text: statement.shown(),
            why,
            affects: Affects::Everything,
        };
        if is_dynamic {
            self.refused.entry(key).or_default().push(unread);
        } else {
            self.lists.entry(key).or_default().refused.push(unread);
        }
        Ok(())
    }

    fn inner(&mut self, statement: &mut Statement<'_>, block: &Block) -> Result<(), Refusal> {
        if statement.is("exit") {
            return statement.end();
        }
        match block {
            Block::None => Err(unknown_command()),
            Block::Beside => {
                statement.pass_rest();
                Ok(())
            }
            Block::Interface(id) => self.bindings.read(statement, *id, &mut self.draft, &mut self.nat),
        }
    }
}

/// What a line that was not understood may change.
fn affects(statement: &Statement<'_>, block: &Block, indented: bool) -> Affects {
    let shown = statement.shown();
    let begins = |words: &[&str]| words.iter().any(|word| shown.starts_with(word));
    match block {
        Block::Interface(_) if indented && begins(&["ip napt", "ip nat"]) => Affects::Translations,
        Block::Interface(_) if indented && begins(&["ip policy", "ipv6 policy"]) => Affects::Routes,
        Block::Interface(_) if indented && begins(&["bridge-group", "ip vrf"]) => Affects::Everything,
        Block::Interface(id) if indented => Affects::Interface(*id),
        _ if !indented && begins(&["ip route", "ipv6 route", "router"]) => Affects::Routes,
        _ if !indented && begins(&["ip nat pool"]) => Affects::Translations,
        _ => Affects::Everything,
    }
}

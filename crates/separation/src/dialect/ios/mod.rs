//! Cisco IOS and IOS XE: `show running-config`.
//!
//! A list decides by its first entry that matches, in the order of the sequence numbers; no match is a denial; a list that is bound and
//! defined nowhere lets everything pass. Lists keep no state, except by `reflect` and `ip inspect`.

mod beside;
mod command;
mod firewall;
mod group;
mod interface;
mod list;
mod lower;
mod nat;
mod part;
mod route;
mod zone;

use std::collections::BTreeMap;

use model::lang::Text;

use self::interface::Bindings;
use self::list::{Key, List};
use self::nat::Nat;
use self::part::Groups;
use self::zone::Zones;
use super::Dialect;
use super::draft::Draft;
use super::statement::{Refusal, Statement, unknown_command, unknown_word};
use super::{routing, secret};
use crate::device::{Affects, Device, InterfaceId};
use crate::packet::Family;
use crate::source::{REDACTED, Redacted, Source, Words};

/// The dialect.
pub(super) struct Ios;

impl Dialect for Ios {
    fn name(&self) -> &'static str {
        "ios"
    }

    fn label(&self) -> Text {
        Text::same("Cisco IOS, IOS XE")
    }

    fn likeness(&self, text: &str) -> u8 {
        // An ASA names its interfaces, an IX says by a word where a packet comes from.
        let is_relative = text.lines().take(2000).any(|line| {
            line.trim_start().starts_with("nameif ")
                || line.starts_with("ASA Version")
                || line.starts_with("interface GigaEthernet")
                || line.starts_with("ip access-list ") && line.contains(" src ")
        });
        const SIGNS: [&str; 9] = [
            "ip access-list ",
            "ip access-group ",
            "access-list ",
            "interface GigabitEthernet",
            "interface FastEthernet",
            "interface Vlan",
            "ip nat inside",
            "service timestamps",
            "ipv6 access-list ",
        ];
        let lines = text.lines().map(str::trim_start).take(2000);
        let signs = lines
            .filter(|line| SIGNS.iter().any(|sign| line.starts_with(sign)))
            .count();
        match signs {
            _ if is_relative => 0,
            0 => 0,
            1 => 40,
            2 => 60,
            _ => 85,
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
        let banners = banners(file);
        let lines = redacted.text.lines().zip(1u32..).map(|(line, number)| {
            match banners.iter().find(|(first, last)| (*first..=*last).contains(&number)) {
                Some((first, last)) if first == last => format!("banner motd ^C {REDACTED} ^C"),
                Some((first, _)) if *first == number => "banner motd ^C".to_owned(),
                Some((_, last)) if *last == number => "^C".to_owned(),
                _ => line.to_owned(),
            }
        });
        redacted.text = lines.map(|line| line + "\n").collect();
        redacted
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.conf")
    }
}

/// Texts for people who sign in: their first and last lines. They end with the mark that they begin with.
fn banners(file: &Source) -> Vec<(u32, u32)> {
    let mut banners = Vec::new();
    let mut lines = file.lines();
    while let Some(mut line) = lines.next() {
        if line.indent() > 0 || line.pass().is_none_or(|word| word.text != "banner") {
            continue;
        }
        let first = line.number();
        let kind = line.pass();
        let Some(text) = kind.and_then(|_| line.pass()) else {
            continue;
        };
        // What a console shows as ^C is two characters, or one.
        let mark: String = if text.text.starts_with('^') {
            text.text.chars().take(2).collect()
        } else {
            text.text.chars().take(1).collect()
        };
        let rest = text.text.strip_prefix(&*mark).unwrap_or_default();
        let mut closed = rest.contains(&*mark);
        while let Some(word) = line.pass() {
            closed |= word.text.contains(&*mark);
        }
        let last = if closed {
            Some(first)
        } else {
            lines
                .by_ref()
                .find(|line| line.line().contains(&*mark))
                .map(|line| line.number())
        };
        banners.push((first, last.unwrap_or(u32::MAX)));
    }
    banners
}

/// What indented lines belong to.
#[derive(Clone)]
enum Block {
    /// Nothing: there was none yet.
    None,
    /// Something that does not matter.
    Beside,
    Interface(InterfaceId),
    List(Key),
    Networks(String, Family),
    Services(String, Family),
    Ports(String),
    Protocols(String),
    Map(String, u32),
    Routing,
    Pair(usize),
    Policy(String),
    Class(String),
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    draft: Draft,
    lists: BTreeMap<Key, List>,
    groups: Groups,
    bindings: Bindings,
    nat: Nat,
    zones: Zones,
    maps: BTreeMap<String, BTreeMap<u32, route::Clause>>,
    /// Lines that were not understood and say something of a list.
    refused: Vec<(Key, crate::device::Unread)>,
}

impl Reader {
    fn file(&mut self, file: &Source, number: u16) {
        let banners = banners(file);
        // What was copied from a screen may all stand further in.
        let said = |line: &Words<'_>| !line.is_done() && !line.peek().is_some_and(|word| word.starts_with('!'));
        let margin = file.lines().filter(said).map(|line| line.indent()).min().unwrap_or(0);
        let mut block = Block::None;
        for line in file.lines() {
            let is_banner = banners
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&line.number()));
            if is_banner || !said(&line) {
                continue;
            }
            let indented = line.indent() > margin;
            let mut statement = Statement::new(file, number, line);
            secret::tell(secret::IOS, &mut statement, &mut self.draft);
            let read = if indented {
                self.inner(&mut statement, &block)
            } else {
                self.outer(&mut statement, &mut block)
            };
            if let Err(why) = read {
                self.refuse(&statement, why, &block, indented);
            }
        }
    }

    fn refuse(&mut self, statement: &Statement<'_>, why: Refusal, block: &Block, indented: bool) {
        let affects = match block {
            Block::Interface(id) if indented => Affects::Interface(*id),
            Block::Map(..) if indented => Affects::Routes,
            _ if statement.shown().starts_with("ip nat") => Affects::Translations,
            _ if statement.shown().starts_with("ip route") => Affects::Routes,
            _ => Affects::Everything,
        };
        if let Block::List(key) = block.clone()
            && indented
        {
            let unread = crate::device::Unread {
                line: statement.line(),
                text: statement.shown(),
                why,
                affects,
            };
            self.refused.push((key, unread));
            return;
        }
        self.draft.unread(statement, why, affects);
    }

    fn inner(&mut self, statement: &mut Statement<'_>, block: &Block) -> Result<(), Refusal> {
        if statement.peek() == Some("exit") || statement.peek() == Some("description") {
            statement.take();
            statement.pass_rest();
            return Ok(());
        }
        match block {
            Block::None => Err(unknown_command()),
            Block::Beside => {
                statement.pass_rest();
                Ok(())
            }
            Block::Interface(id) if statement.are("zone-member security") => {
                let zone = statement.parse(part::name).ok_or(unknown_word())?;
                self.zones.members.insert(*id, zone);
                statement.end()
            }
            Block::Interface(id) => self.bindings.read(statement, *id, &mut self.draft),
            Block::Routing => routing::inner(statement),
            Block::List(key) => match self.lists.get_mut(key) {
                Some(list) => list.read(statement, key.0),
                None => Err(unknown_word()),
            },
            Block::Networks(name, family) => {
                let member = group::network(statement, *family)?;
                self.groups.networks.entry(name.clone()).or_default().push(member);
                statement.end()
            }
            Block::Services(name, family) => {
                let member = group::service(statement, *family)?;
                self.groups.services.entry(name.clone()).or_default().push(member);
                statement.end()
            }
            Block::Protocols(name) => {
                let member = group::protocol(statement)?;
                self.groups.services.entry(name.clone()).or_default().push(member);
                statement.end()
            }
            Block::Ports(name) => {
                let member = group::port(statement)?;
                self.groups.ports.entry(name.clone()).or_default().push(member);
                statement.end()
            }
            Block::Pair(at) => match self.zones.pairs.get_mut(*at) {
                Some(pair) => pair.read(statement),
                None => Err(unknown_word()),
            },
            Block::Policy(name) => {
                let policy = self.zones.policies.entry(name.clone()).or_default();
                if let Err(why) = policy.read(statement) {
                    let unread = unread(statement, why);
                    policy.refused.push(unread);
                }
                Ok(())
            }
            Block::Class(name) => {
                let class = self.zones.classes.entry(name.clone()).or_default();
                if let Err(why) = class.read(statement) {
                    let unread = unread(statement, why);
                    class.refused.push(unread);
                }
                Ok(())
            }
            Block::Map(name, of) => {
                let clause = self.maps.get_mut(name).and_then(|clauses| clauses.get_mut(of));
                clause.ok_or(unknown_word())?.read(statement, &mut self.draft)
            }
        }
    }
}

/// A line that was not understood, for whoever finds out what it may change.
fn unread(statement: &Statement<'_>, why: Refusal) -> crate::device::Unread {
    crate::device::Unread {
        line: statement.line(),
        text: statement.shown(),
        why,
        affects: Affects::Everything,
    }
}

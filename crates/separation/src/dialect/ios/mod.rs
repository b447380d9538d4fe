//! Cisco IOS and IOS XE: `show running-config`.
//!
//! A list decides by its first entry that matches, in the order of the sequence numbers; no match is a denial; a list that is bound and
//! defined nowhere lets everything pass. Lists keep no state, except by `reflect` and `ip inspect`.

mod beside;
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
use self::zone::{Policy, Zones};
use super::Dialect;
use super::draft::Draft;
use super::statement::{Refusal, Statement, number, unknown_command, unknown_word};
use crate::device::{Affects, Device, InterfaceId};
use crate::packet::Family;
use crate::source::{REDACTED, Redacted, Source};

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
    Networks(String),
    Services(String),
    Map(String, u32),
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
        let mut block = Block::None;
        for line in file.lines() {
            let is_banner = banners
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&line.number()));
            if line.is_done() || is_banner || line.peek().is_some_and(|word| word.starts_with('!')) {
                continue;
            }
            let indented = line.indent() > 0;
            let mut statement = Statement::new(file, number, line);
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
            _ if statement.shown().starts_with("ip route") || statement.shown().starts_with("router") => {
                Affects::Routes
            }
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

    fn outer(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
        let line = statement.line();
        *block = Block::Beside;
        if statement.is("hostname") {
            self.draft.device.host_name = statement.take();
            return statement.end();
        }
        if statement.is("interface") {
            let name = interface::interface_name(statement).ok_or(unknown_word())?;
            let id = self.draft.interface(&name, line);
            *block = Block::Interface(id);
            if let Some(interface) = self.draft.of(id) {
                interface.line = line;
            }
            let _kind = statement.is("point-to-point") || statement.is("multipoint");
            return statement.end();
        }
        if statement.is("access-list") {
            return self.numbered(statement);
        }
        if statement.are("ip access-list") {
            let standard = statement.is("standard");
            if !standard && !statement.is("extended") {
                if statement.is("resequence")
                    || statement.is("log-update")
                    || statement.is("logging")
                    || statement.is("persistent")
                {
                    statement.pass_rest();
                    return Ok(());
                }
                return Err(unknown_word());
            }
            return self.named(statement, block, Family::V4, standard);
        }
        if statement.are("ipv6 access-list") {
            return self.named(statement, block, Family::V6, false);
        }
        if statement.are("no ip access-list extended")
            || statement.are("no ip access-list standard")
            || statement.are("no ipv6 access-list")
        {
            let family = if statement.shown().contains("ipv6") {
                Family::V6
            } else {
                Family::V4
            };
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            self.lists.remove(&(family, name));
            return statement.end();
        }
        if statement.are("no access-list") {
            let of = statement.parse(number::<u32>).ok_or(unknown_word())?;
            self.lists.remove(&(Family::V4, of.to_string()));
            return statement.end();
        }
        if statement.are("object-group network") {
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            self.groups.networks.entry(name.clone()).or_default();
            *block = Block::Networks(name);
            return statement.end();
        }
        if statement.are("object-group service") {
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            self.groups.services.entry(name.clone()).or_default();
            *block = Block::Services(name);
            return statement.end();
        }
        if statement.are("ip nat") {
            return self.nat.read(statement, &mut self.draft);
        }
        if statement.are("ip route") {
            return route::read(statement, Family::V4, &mut self.draft);
        }
        if statement.are("ipv6 route") {
            return route::read(statement, Family::V6, &mut self.draft);
        }
        if statement.is("route-map") {
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            let denies = statement.is("deny");
            if !denies {
                statement.is("permit");
            }
            let of = statement.parse(number::<u32>).unwrap_or(10);
            statement.end()?;
            let clauses = self.maps.entry(name.clone()).or_default();
            clauses.insert(of, route::Clause::new(line, denies));
            *block = Block::Map(name, of);
            return Ok(());
        }
        if let Some(read) = self.zone(statement, block) {
            return read;
        }
        if statement.are("ip inspect name") || statement.are("ipv6 inspect name") {
            statement.parse(part::name).ok_or(unknown_word())?;
            statement.pass_rest();
            return Ok(());
        }
        if statement.are("ip inspect")
            || statement.are("ip vrf")
            || statement.are("vrf definition")
            || statement.are("ip routing")
            || statement.are("no ip routing")
        {
            statement.pass_rest();
            return Ok(());
        }
        if statement.is("router") {
            if statement.take().is_none() {
                return Err(unknown_word());
            }
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

    /// Commands of a firewall by zones; `None` where the command is another.
    fn zone(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Option<Result<(), Refusal>> {
        if statement.are("zone security") {
            let name = statement.parse(part::name);
            return Some(match name {
                Some(name) => {
                    self.zones.named.insert(name);
                    statement.end()
                }
                None => Err(unknown_word()),
            });
        }
        if statement.are("zone-pair security") {
            return Some(self.zones.pair(statement).map(|at| *block = Block::Pair(at)));
        }
        if statement.are("ip port-map") {
            statement.take_rest();
            self.zones.ports.push(crate::device::Unread {
                line: statement.line(),
                text: statement.shown(),
                why: Text::fixed(
                    "ポートの割当ての変更は読めない",
                    "other ports for protocols are not read",
                ),
                affects: Affects::Everything,
            });
            return Some(Ok(()));
        }
        if !["class-map", "policy-map"].contains(&statement.peek()?) || statement.peek_at(1) != Some("type") {
            return None;
        }
        let kind = statement.peek_at(2).unwrap_or_default();
        if !zone::KINDS.contains(&kind) {
            return Some(Err(unknown_word()));
        }
        // Those of one application look into what passes already.
        let of_application = statement.peek_at(4).is_some() && !statement.peek_at(3)?.starts_with("match-");
        if kind != "inspect" || of_application {
            return None;
        }
        if statement.are("class-map type inspect") {
            return Some(self.zones.class(statement).map(|class| *block = Block::Class(class)));
        }
        if statement.are("policy-map type inspect") {
            let Some(name) = statement.parse(part::name) else {
                return Some(Err(unknown_word()));
            };
            self.zones.policies.insert(name.clone(), Policy::default());
            *block = Block::Policy(name);
            return Some(statement.end());
        }
        None
    }

    /// `access-list 101 permit …`
    fn numbered(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let of = statement.parse(number::<u32>).ok_or(unknown_word())?;
        let standard = match of {
            1..=99 | 1300..=1999 => true,
            100..=199 | 2000..=2699 => false,
            _ => return Err(unknown_word()),
        };
        let list = self.lists.entry((Family::V4, of.to_string()));
        list.or_insert_with(|| List::new(standard)).read(statement, Family::V4)
    }

    fn named(
        &mut self,
        statement: &mut Statement<'_>,
        block: &mut Block,
        family: Family,
        standard: bool,
    ) -> Result<(), Refusal> {
        let name = statement.parse(part::name).ok_or(unknown_word())?;
        statement.end()?;
        let key = (family, name);
        self.lists.entry(key.clone()).or_insert_with(|| List::new(standard));
        *block = Block::List(key);
        Ok(())
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
            Block::List(key) => match self.lists.get_mut(key) {
                Some(list) => list.read(statement, key.0),
                None => Err(unknown_word()),
            },
            Block::Networks(name) => {
                let member = group::network(statement)?;
                self.groups.networks.entry(name.clone()).or_default().push(member);
                statement.end()
            }
            Block::Services(name) => {
                let member = group::service(statement)?;
                self.groups.services.entry(name.clone()).or_default().push(member);
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

//! Commands at the beginning of a line.

use model::lang::Text;

use super::list::List;
use super::zone::{self, Policy};
use super::{Block, Reader, beside, interface, part, route};
use crate::device::{Addresses, Affects};
use crate::dialect::routing;
use crate::dialect::statement::{Refusal, Statement, number, unknown_command, unknown_word};
use crate::packet::Family;

/// Kinds of groups of objects.
const KINDS: [&str; 7] = [
    "network",
    "v6-network",
    "service",
    "v6-service",
    "protocol",
    "ip",
    "port",
];

impl Reader {
    /// A command at the beginning of a line; indented lines that follow belong to `block`.
    pub(super) fn outer(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
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
        if statement.is("object-group") {
            return self.group(statement, block);
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
        if statement.is("router") || statement.are("ipv6 router") {
            routing::begin(statement, &mut self.draft)?;
            *block = Block::Routing;
            return Ok(());
        }
        if statement.are("ip multicast-routing") || statement.are("ipv6 multicast-routing") {
            statement.pass_rest();
            // Whoever joins a group is told by other protocols.
            self.draft.learns_routes(&Addresses::groups(), line);
            return Ok(());
        }
        let words = [statement.peek(), statement.peek_at(1), statement.peek_at(2)];
        let known = beside::command(words).ok_or(unknown_command())?;
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

    /// What follows `object-group`.
    fn group(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
        let family = match statement.peek() {
            Some("v6-network" | "v6-service") => Family::V6,
            _ => Family::V4,
        };
        let kind = statement.parse(|word| KINDS.contains(&word).then(|| word.to_owned()));
        let kind = kind.ok_or(unknown_word())?;
        if kind == "ip" && !statement.is("port") {
            return Err(unknown_word());
        }
        if kind == "network" && statement.peek_at(1).is_some() && !statement.is("ipv4") {
            return Err(unknown_word());
        }
        let name = statement.parse(part::name).ok_or(unknown_word())?;
        *block = match &*kind {
            "network" | "v6-network" => {
                self.groups.networks.entry(name.clone()).or_default();
                Block::Networks(name, family)
            }
            "service" | "v6-service" => {
                self.groups.services.entry(name.clone()).or_default();
                Block::Services(name, family)
            }
            "protocol" => {
                self.groups.services.entry(name.clone()).or_default();
                Block::Protocols(name)
            }
            _ => {
                self.groups.ports.entry(name.clone()).or_default();
                Block::Ports(name)
            }
        };
        statement.end()
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
}

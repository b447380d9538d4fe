//! Commands at the beginning of a line, and what depends on one that is not understood.

use model::lang::Text;

use super::object::Kind;
use super::{Binding, Block, Reader, beside, interface, nat, part, route};
use crate::device::{Addresses, Affects};
use crate::dialect::routing;
use crate::dialect::statement::{Refusal, Statement, no_address, number, unknown_command, unknown_word};
use crate::packet::{Family, protocol};

impl Reader<'_> {
    /// A command at the beginning of a line; indented lines that follow belong to `block`.
    pub(super) fn outer(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
        let line = statement.line();
        if statement.is("hostname") {
            self.draft.device.host_name = statement.take();
            return statement.end();
        }
        if statement.are("ASA Version") {
            return self.version(statement);
        }
        if statement.is("interface") {
            let hardware = interface::hardware(statement).ok_or(unknown_word())?;
            statement.end()?;
            *block = Block::Interface(self.ports.open(&hardware, line, &mut self.draft));
            return Ok(());
        }
        if statement.is("object") || statement.is("object-group") {
            return self.object(statement, block);
        }
        if statement.is("access-group") {
            return self.bind(statement);
        }
        if statement.is("nat") {
            return self.nat.twice(statement);
        }
        if statement.is("route") {
            self.routes.push(route::read(statement, Family::V4)?);
            return Ok(());
        }
        if statement.are("ipv6 route") {
            self.routes.push(route::read(statement, Family::V6)?);
            return Ok(());
        }
        if statement.are("same-security-traffic permit") {
            let of = if statement.is("inter-interface") {
                &mut self.same_level
            } else if statement.is("intra-interface") {
                &mut self.same_interface
            } else {
                return Err(unknown_word());
            };
            *of = true;
            return statement.end();
        }
        if statement.are("no same-security-traffic permit inter-interface") {
            self.same_level = false;
            return statement.end();
        }
        if statement.are("no same-security-traffic permit intra-interface") {
            self.same_interface = false;
            return statement.end();
        }
        if statement.is("names") {
            return statement.end();
        }
        if statement.is("name") {
            let address = statement.parse(|word| word.parse().ok()).ok_or(no_address())?;
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            if statement.is("description") {
                statement.pass_rest();
            }
            self.objects.hosts.insert(name, address);
            return statement.end();
        }
        if statement.are("clear configure access-list") {
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            self.entries.retain(|(list, _)| *list != name);
            return statement.end();
        }
        if statement.are("crypto map") {
            return self.vpn.map(statement);
        }
        if statement.are("crypto dynamic-map") {
            return self.vpn.template(statement);
        }
        if statement.are("sysopt connection permit-vpn") || statement.are("sysopt connection permit-ipsec") {
            self.vpn.passes = true;
            return statement.end();
        }
        if statement.are("no sysopt connection permit-vpn") || statement.are("no sysopt connection permit-ipsec") {
            self.vpn.passes = false;
            return statement.end();
        }
        if statement.is("webvpn") {
            *block = Block::Clients;
            return statement.end();
        }
        self.policy(statement, block)
    }

    /// `policy-map`, `service-policy`, and what is read only so far as to say why it is not.
    fn policy(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
        if statement.is("policy-map") {
            statement.is("type");
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            statement.pass_rest();
            *block = Block::Policy(name);
            return Ok(());
        }
        if statement.is("service-policy") {
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            if statement.is("interface") {
                statement.parse(part::name).ok_or(unknown_word())?;
            } else if !statement.is("global") {
                return Err(unknown_word());
            }
            statement.is("fail-close");
            self.policies.insert(name);
            return statement.end();
        }
        if statement.is("router") || statement.are("ipv6 router") {
            routing::begin(statement, &mut self.draft)?;
            *block = Block::Routing;
            return Ok(());
        }
        if statement.is("multicast-routing") {
            // Whoever joins a group is told by other protocols.
            self.draft.learns_routes(&Addresses::groups(), statement.line());
            return statement.end();
        }
        if ["static", "global", "nat-control", "alias", "PIX"]
            .iter()
            .any(|word| statement.is(word))
        {
            return Err(nat::old());
        }
        if ["context", "admin-context"].iter().any(|word| statement.is(word)) {
            return Err(Text::fixed(
                "一台の中の複数の仮想の機器(コンテキスト)は読めない",
                "several contexts in one device are not read",
            ));
        }
        if statement.are("firewall transparent") {
            return Err(Text::fixed(
                "透過型の動作は読めない",
                "the transparent mode is not read",
            ));
        }
        let words = [statement.peek(), statement.peek_at(1), statement.peek_at(2)];
        let known = beside::command(words).ok_or(unknown_command())?;
        (0..known).for_each(|_| drop(statement.take()));
        statement.pass_rest();
        Ok(())
    }

    /// `ASA Version 9.16(4)`
    fn version(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let version = statement.take().unwrap_or_default();
        statement.pass_rest();
        let mut numbers = version.split(['.', '(']).map(number::<u16>);
        let (Some(Some(major)), minor) = (numbers.next(), numbers.next().flatten()) else {
            return Ok(());
        };
        if (major, minor.unwrap_or(0)) < (8, 3) {
            return Err(Text::fixed(
                "バージョン 8.3 より前では、アクセスリストが変換後のアドレスを見る",
                "before version 8.3 lists see translated addresses",
            ));
        }
        self.unified = major >= 9;
        Ok(())
    }

    /// What follows `object` or `object-group`.
    fn object(&mut self, statement: &mut Statement<'_>, block: &mut Block) -> Result<(), Refusal> {
        let is_group = statement.shown().starts_with("object-group");
        if !is_group {
            let is_network = statement.is("network");
            if !is_network && !statement.is("service") {
                return Err(unknown_word());
            }
            let name = statement.parse(part::name).ok_or(unknown_word())?;
            statement.end()?;
            if is_network {
                self.objects.network(&name);
                *block = Block::Network(name);
            } else {
                self.objects.service(&name);
                *block = Block::Service(name);
            }
            return Ok(());
        }
        // A group of groups may be said so.
        statement.is("group");
        let kind = match () {
            () if statement.is("network") => Kind::Networks,
            () if statement.is("service") => Kind::Services,
            () if statement.is("protocol") => Kind::Protocols,
            () if statement.is("icmp-type") => Kind::Messages,
            () if statement.is("user") || statement.is("security") => Kind::Hidden,
            () => return Err(unknown_word()),
        };
        let name = statement.parse(part::name).ok_or(unknown_word())?;
        let of = match (&kind, statement.peek()) {
            (Kind::Services, Some("tcp")) => vec![protocol::TCP],
            (Kind::Services, Some("udp")) => vec![protocol::UDP],
            (Kind::Services, Some("tcp-udp")) => vec![protocol::TCP, protocol::UDP],
            _ => Vec::new(),
        };
        let kind = if of.is_empty() {
            kind
        } else {
            statement.take();
            Kind::Ports(of)
        };
        statement.end()?;
        self.objects.group(&name, kind);
        *block = Block::Group(name);
        Ok(())
    }

    /// `access-group NAME in interface outside`, `access-group NAME global`
    fn bind(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let mut binding = Binding {
            list: statement.parse(part::name).ok_or(unknown_word())?,
            on: None,
            per_user: false,
            line: statement.line(),
        };
        if !statement.is("global") {
            let inward = statement.is("in");
            if !inward && !statement.is("out") {
                return Err(unknown_word());
            }
            if !statement.is("interface") {
                return Err(unknown_word());
            }
            binding.on = Some((statement.parse(part::name).ok_or(unknown_word())?, inward));
            binding.per_user = statement.is("per-user-override");
        }
        let for_itself = statement.is("control-plane");
        statement.end()?;
        if !for_itself {
            self.bindings.push(binding);
        }
        Ok(())
    }
}

/// What a line that was not understood may change.
pub(super) fn affects(statement: &Statement<'_>, block: &Block, is_inner: bool) -> Affects {
    let shown = statement.shown();
    let begins = |words: &[&str]| words.iter().any(|word| shown.starts_with(word));
    match block {
        Block::Interface(id) if is_inner => {
            let widely = ["bridge-group", "vrf", "policy-route", "zone-member", "nameif"];
            if begins(&widely) {
                Affects::Everything
            } else {
                Affects::Interface(*id)
            }
        }
        Block::Network(_) if is_inner && begins(&["nat "]) => Affects::Translations,
        // Translations of older versions change what lists mean.
        _ if !is_inner && begins(&["nat (", "nat source "]) => Affects::Translations,
        _ if !is_inner && begins(&["route ", "ipv6 route "]) => Affects::Routes,
        _ => Affects::Everything,
    }
}

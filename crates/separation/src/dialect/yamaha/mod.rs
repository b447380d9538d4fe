//! Yamaha routers (RTX, NVR): `show config`, or a capture of a console.
//!
//! * A list of filters is asked in its own order, whatever the numbers; no match is a discard; no list is no filter.
//! * Lines for `pp` and `tunnel` belong to the one that was selected last.
//! * What the manual leaves open is read in each way that it may be meant: see [`lower`].

mod address;
mod bind;
mod filter;
mod irrelevant;
mod lines;
mod lower;
mod nat;
mod route;
mod service;

use model::lang::Text;

use self::bind::Bindings;
use self::filter::Filters;
use self::irrelevant::irrelevant;
use self::nat::Descriptors;
use super::Dialect;
use super::draft::Draft;
use super::secret;
use super::statement::{Refusal, Statement, unknown_command, unknown_word};
use crate::device::{Affects, Device, InterfaceId};
use crate::packet::Family;
use crate::source::{REDACTED, Redacted, Source};

/// The dialect.
pub(super) struct Yamaha;

impl Dialect for Yamaha {
    fn name(&self) -> &'static str {
        "yamaha"
    }

    fn label(&self) -> Text {
        Text::fixed("ヤマハ RTX・NVR", "Yamaha RTX, NVR")
    }

    fn likeness(&self, text: &str) -> u8 {
        const SIGNS: [&str; 12] = [
            "ip filter ",
            "ip route default gateway",
            "ipv6 filter ",
            "nat descriptor ",
            "pp select ",
            "tunnel select ",
            "ip lan",
            "pppoe use ",
            "ip pp ",
            "login password",
            "administrator password",
            "ip filter dynamic ",
        ];
        let lines = || text.lines().map(str::trim_start).take(600);
        // Its filters stand alone: what binds lists to interfaces is another.
        let has_lists =
            lines().any(|line| line.starts_with("ip access-list ") || line.starts_with("ipv6 access-list "));
        let signs = lines().filter(|line| SIGNS.iter().any(|sign| line.starts_with(sign)));
        match signs.count() {
            _ if has_lists => 0,
            0 => 0,
            1 | 2 => 40,
            3..6 => 70,
            _ => 90,
        }
    }

    fn read(&self, files: &[Source]) -> Device {
        let mut reader = Reader::default();
        for (number, file) in (0..).zip(files) {
            for (mut statement, doubtful) in lines::statements(file, number) {
                reader.statement(&mut statement, doubtful);
            }
        }
        lower::lower(reader)
    }

    fn redact(&self, file: Source) -> Redacted {
        let files = [file];
        self.read(&files);
        let [file] = &files;
        let mut redacted = file.redacted();
        pad(&mut redacted, &lines::wrapped(file));
        redacted
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.conf")
    }
}

/// Makes lines that are continued as wide as they were, so that they are continued still.
fn pad(redacted: &mut Redacted, wrapped: &[u32]) {
    let lines = redacted.text.lines().zip(1u32..).map(|(line, number)| {
        if !wrapped.contains(&number) || !line.contains(REDACTED) {
            return line.to_owned();
        }
        let (before, _) = line.split_once(REDACTED).unwrap_or((line, ""));
        let short: String = before.chars().chain(REDACTED.chars()).take(lines::COLUMNS).collect();
        let columns = lines::columns(&short);
        short + &" ".repeat(lines::COLUMNS.saturating_sub(columns))
    });
    let text: String = lines.map(|line| line + "\n").collect();
    redacted.text = text;
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    draft: Draft,
    filters: Filters,
    descriptors: Descriptors,
    bindings: Bindings,
    routes: Vec<route::Written>,
    /// The line or tunnel that was selected last.
    selected: Option<InterfaceId>,
    /// Whether RADIUS is asked, which may answer with filters.
    radius: bool,
}

impl Reader {
    fn statement(&mut self, statement: &mut Statement<'_>, doubtful: bool) {
        secret::tell(secret::YAMAHA, statement, &mut self.draft);
        let read = self.command(statement);
        let read = read.and_then(|()| {
            if doubtful {
                return Err(Text::fixed(
                    "80 桁の行の続きか、つづりを誤った命令か、わからない",
                    "either the rest of a line of 80 columns or a misspelt command",
                ));
            }
            Ok(())
        });
        if let Err((why, affects)) = read.map_err(|why| (why, self.affects(statement))) {
            self.draft.unread(statement, why, affects);
        }
    }

    /// What a line that was not understood may change, by its first words.
    fn affects(&self, statement: &Statement<'_>) -> Affects {
        let shown = statement.shown();
        let words: Vec<&str> = shown.split(' ').collect();
        match words.as_slice() {
            ["nat", ..] => Affects::Translations,
            ["ip" | "ipv6", "route", ..] | ["rip" | "ospf" | "bgp", ..] => Affects::Routes,
            ["ip" | "ipv6", name, "secure", ..] => {
                let id = if ["pp", "tunnel"].contains(name) {
                    self.selected
                } else {
                    self.draft.device.interface(name)
                };
                id.map_or(Affects::Everything, Affects::Interface)
            }
            _ => Affects::Everything,
        }
    }

    fn command(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        if statement.are("rip use off") || statement.are("ospf use off") || statement.are("bgp use off") {
            return statement.end();
        }
        if statement.are("radius auth on") {
            self.radius = true;
            return statement.end();
        }
        if let Some(length) = irrelevant(|at| statement.peek_at(at)) {
            (0..length).for_each(|_| drop(statement.take()));
            statement.pass_rest();
            return Ok(());
        }
        let line = statement.line();
        match statement.peek() {
            Some("ip") => {
                statement.take();
                self.ip(statement, Family::V4)
            }
            Some("ipv6") => {
                statement.take();
                self.ip(statement, Family::V6)
            }
            Some("nat") => {
                if !statement.are("nat descriptor") {
                    return Err(unknown_word());
                }
                self.descriptors.read(statement, &mut self.draft)
            }
            Some(kind @ ("pp" | "tunnel")) => {
                let kind = kind.to_owned();
                statement.take();
                self.select(statement, &kind)
            }
            Some("vlan") => {
                statement.take();
                let name = statement.parse(bind::interface_name).ok_or(unknown_word())?;
                if !statement.is("802.1q") {
                    return Err(unknown_word());
                }
                self.draft.interface(&name, line);
                statement
                    .parse(|word| word.starts_with("vid=").then_some(()))
                    .ok_or(unknown_word())?;
                statement.pass_rest();
                Ok(())
            }
            Some("rip" | "ospf" | "bgp") => {
                statement.take();
                if !statement.are("use on") {
                    // Settings of a protocol that is not in use change nothing.
                    statement.pass_rest();
                    return Ok(());
                }
                Err(Text::fixed(
                    "経路を他の機器から受け取る(経路制御プロトコル)。その経路は設定にない",
                    "routes are learnt from other devices by a routing protocol, and are not in the file",
                ))
            }
            Some("bridge") => {
                statement.take();
                Err(Text::fixed(
                    "ブリッジでつながるインタフェースの間は読めない",
                    "what passes between bridged interfaces is not read",
                ))
            }
            Some("no") => {
                statement.take();
                Err(Text::fixed(
                    "設定を消す命令は読めない",
                    "commands that delete are not read",
                ))
            }
            _ => Err(unknown_command()),
        }
    }

    /// What follows `ip` or `ipv6`.
    fn ip(&mut self, statement: &mut Statement<'_>, family: Family) -> Result<(), Refusal> {
        match statement.peek() {
            Some("filter") => {
                statement.take();
                self.filters.read(statement, family, &mut self.draft)
            }
            Some("route") => {
                statement.take();
                let route = route::read(statement, family, &mut self.draft)?;
                self.routes.push(route);
                Ok(())
            }
            Some("prefix") if family == Family::V6 => {
                statement.take();
                self.bindings.prefix(statement)
            }
            Some("rip" | "ospf") if family == Family::V6 => {
                statement.take();
                if statement.are("use on") {
                    return Err(Text::fixed(
                        "経路を他の機器から受け取る",
                        "routes are learnt from other devices",
                    ));
                }
                statement.pass_rest();
                Ok(())
            }
            _ => {
                let on = self.interface(statement)?;
                self.bindings.read(statement, family, on, &mut self.draft)
            }
        }
    }

    fn interface(&mut self, statement: &mut Statement<'_>) -> Result<InterfaceId, Refusal> {
        if statement.is("pp") || statement.is("tunnel") {
            return self.selected.ok_or(Text::fixed(
                "pp select 又は tunnel select がない",
                "no pp or tunnel is selected",
            ));
        }
        let name = statement.parse(bind::interface_name).ok_or(unknown_word())?;
        Ok(self.draft.interface(&name, statement.line()))
    }

    /// `pp select 1`, `tunnel select none`
    fn select(&mut self, statement: &mut Statement<'_>, kind: &str) -> Result<(), Refusal> {
        if !statement.is("select") {
            return Err(unknown_word());
        }
        // Whatever follows is not for the one that was selected before.
        self.selected = None;
        if statement.is("none") {
            return statement.end();
        }
        let which = statement.parse(route::which).ok_or(unknown_word())?;
        statement.end()?;
        let id = self.draft.interface(&format!("{kind} {which}"), statement.line());
        let line = statement.line();
        if let Some(interface) = self.draft.of(id) {
            // A route may have named it before it was set up.
            interface.line = line;
            interface.addressed_elsewhere |= kind == "pp";
        }
        self.selected = Some(id);
        Ok(())
    }
}

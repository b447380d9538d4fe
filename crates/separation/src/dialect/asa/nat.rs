//! Translation as written: of an object (`nat (inside,outside) static …` below it), and of both ends (`nat (inside,outside) source …`).

use model::lang::Text;

use super::part::{self, name};
use crate::device::Line;
use crate::dialect::statement::{Refusal, Statement, number, unknown_word};
use crate::packet::Family;
use crate::ranges::Ranges;

/// Translations in the order in which they are tried.
#[derive(Default)]
pub(super) struct Nat {
    /// Before those of objects.
    before: Vec<Written>,
    of_objects: Vec<Written>,
    after: Vec<Written>,
}

/// One translation.
pub(super) struct Written {
    pub(super) line: Line,
    /// The line as it may be shown.
    pub(super) shown: String,
    /// Where the hosts are; `None` for anywhere.
    pub(super) from: Option<String>,
    /// Where they appear with the other address.
    pub(super) to: Option<String>,
    pub(super) is_static: bool,
    pub(super) real: What,
    pub(super) mapped: What,
    /// The address of the interface, where a dynamic one may take it as well.
    pub(super) or_interface: Option<What>,
    /// Ports are taken too, whatever the mapped addresses.
    pub(super) pool: bool,
    /// What the hosts see of the other end, and what it is.
    pub(super) destination: Option<(What, What)>,
    pub(super) service: Services,
    pub(super) one_way: bool,
    pub(super) by_route: bool,
    /// Whether the whole connection is decided by this one.
    pub(super) is_twice: bool,
}

/// Addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Any,
    /// The address of the interface, of one family.
    Interface(Family),
    /// An object, or an address.
    Named(String),
}

/// Ports.
pub(super) enum Services {
    All,
    /// Of the real hosts: protocol, port, and the port that is seen.
    Port(Ranges<u8>, u16, u16),
    /// Two objects: before and after.
    Objects(String, String),
}

impl Nat {
    /// In order, each with whether it is of an object.
    pub(super) fn in_order<K: Ord>(&self, weight: impl Fn(&Written) -> K) -> Vec<&Written> {
        let mut of_objects: Vec<&Written> = self.of_objects.iter().collect();
        of_objects.sort_by_cached_key(|written| weight(written));
        self.before.iter().chain(of_objects).chain(&self.after).collect()
    }

    /// `nat (inside,outside) source static …`
    pub(super) fn twice(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let mut written = Written::new(statement.line(), What::Any, true);
        if statement.peek().is_some_and(|word| word.starts_with('(')) {
            (written.from, written.to) = interfaces(statement)?;
        }
        let is_after = statement.is("after-auto");
        let place: Option<usize> = statement.parse(number);
        if !statement.is("source") {
            return Err(unknown_word());
        }
        written.is_static = kind(statement)?;
        written.real = what(statement, false)?;
        written.mapped_of(statement)?;
        if statement.are("destination static") {
            let seen = what(statement, true)?;
            let real = what(statement, false)?;
            written.destination = Some((seen, real));
        }
        if statement.is("service") {
            let before = statement.parse(name).ok_or(unknown_word())?;
            let after = statement.parse(name).ok_or(unknown_word())?;
            written.service = Services::Objects(before, after);
        }
        if !written.options(statement)? {
            return Ok(());
        }
        let section = if is_after { &mut self.after } else { &mut self.before };
        written.shown = statement.shown();
        let place = place.map_or(section.len(), |place| place.saturating_sub(1).min(section.len()));
        section.insert(place, written);
        Ok(())
    }

    /// `nat (inside,outside) static …` below `object network`.
    pub(super) fn of_object(&mut self, object: &str, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let mut written = Written::new(statement.line(), What::Named(object.to_owned()), false);
        if statement.peek().is_some_and(|word| word.starts_with('(')) {
            (written.from, written.to) = interfaces(statement)?;
        }
        written.is_static = kind(statement)?;
        written.mapped_of(statement)?;
        if statement.is("service") {
            let of = statement
                .parse(part::protocol_of)
                .filter(part::with_ports)
                .ok_or(unknown_word())?;
            let mut port = || statement.parse(part::port).ok_or(unknown_word());
            written.service = Services::Port(of, port()?, port()?);
        }
        if written.options(statement)? {
            written.shown = statement.shown();
            self.of_objects.push(written);
        }
        Ok(())
    }
}

impl Written {
    fn new(line: Line, real: What, is_twice: bool) -> Self {
        Self {
            line,
            shown: String::new(),
            from: None,
            to: None,
            is_static: true,
            real,
            mapped: What::Any,
            or_interface: None,
            pool: false,
            destination: None,
            service: Services::All,
            one_way: false,
            by_route: false,
            is_twice,
        }
    }

    /// What the source becomes: `NAME`, `interface`, `pat-pool NAME flat interface`, `NAME interface`.
    fn mapped_of(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        if self.is_static {
            self.mapped = what(statement, true)?;
            return Ok(());
        }
        if let Some(own) = own(statement) {
            self.mapped = own;
            return Ok(());
        }
        let words = ["flat", "extended", "include-reserve", "round-robin", "block-allocation"];
        let pools = |statement: &mut Statement<'_>| while words.iter().any(|word| statement.is(word)) {};
        if statement.is("pat-pool") {
            self.mapped = what(statement, true)?;
            self.pool = true;
            pools(statement);
        } else {
            self.mapped = what(statement, true)?;
            if statement.is("pat-pool") {
                return Err(Text::fixed(
                    "アドレスの組とポートの組が並ぶ変換は読めない",
                    "a pool of addresses beside a pool of ports is not read",
                ));
            }
        }
        self.or_interface = own(statement);
        pools(statement);
        Ok(())
    }

    /// What may stand at the end; whether the translation counts (it may be switched off).
    fn options(&mut self, statement: &mut Statement<'_>) -> Result<bool, Refusal> {
        let mut counts = true;
        while !statement.is_done() {
            if statement.is("description") {
                statement.pass_rest();
            } else if statement.is("inactive") {
                counts = false;
            } else if statement.is("unidirectional") {
                self.one_way = true;
            } else if statement.is("route-lookup") {
                self.by_route = true;
            } else if !["dns", "no-proxy-arp", "net-to-net"]
                .iter()
                .any(|word| statement.is(word))
            {
                return Err(unknown_word());
            }
        }
        Ok(counts)
    }
}

/// `static` or `dynamic`: whether it is the first.
fn kind(statement: &mut Statement<'_>) -> Result<bool, Refusal> {
    if statement.is("static") {
        Ok(true)
    } else if statement.is("dynamic") {
        Ok(false)
    } else {
        Err(unknown_word())
    }
}

/// `interface`, `interface ipv6`
fn own(statement: &mut Statement<'_>) -> Option<What> {
    let is = statement.is("interface");
    is.then(|| match statement.is("ipv6") {
        true => What::Interface(Family::V6),
        false => What::Interface(Family::V4),
    })
}

fn what(statement: &mut Statement<'_>, seen: bool) -> Result<What, Refusal> {
    if statement.is("any") {
        return Ok(What::Any);
    }
    if let Some(own) = seen.then(|| own(statement)).flatten() {
        return Ok(own);
    }
    let reserved = [
        "destination",
        "service",
        "description",
        "inactive",
        "pat-pool",
        "source",
    ];
    statement
        .parse(|word| (!reserved.contains(&word)).then(|| name(word)).flatten())
        .map(What::Named)
        .ok_or(unknown_word())
}

/// `(inside,outside)`: names of two interfaces; `any` is none.
fn interfaces(statement: &mut Statement<'_>) -> Result<(Option<String>, Option<String>), Refusal> {
    let pair = statement.parse(|word| {
        let (from, to) = word.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
        Some((name(from)?, name(to)?))
    });
    let (from, to) = pair.ok_or(old())?;
    let named = |name: String| (!name.eq_ignore_ascii_case("any")).then_some(name);
    Ok((named(from), named(to)))
}

/// Why translations of older versions are not read.
pub(super) const fn old() -> Refusal {
    Text::fixed(
        "バージョン 8.3 より前の形の変換は読めない",
        "translations of the form before version 8.3 are not read",
    )
}

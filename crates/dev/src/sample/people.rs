//! 職員等: three hundred people, drawn section by section.

use jiff::civil::{Date, date};

use super::AS_OF;
use super::names;
use super::organisation::{INFORMATION_POLICY, SECTIONS, Section};
use super::stream::Stream;
use super::table::{Row, row};
use super::town::{Town, worked};

pub(crate) struct Person {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) reading: String,
    pub(crate) section: &'static str,
    pub(crate) position: &'static str,
    /// 0 a city-wide office or the head, 1 next to the head, then downwards.
    pub(crate) rank: usize,
    pub(crate) employment: &'static str,
    pub(crate) vendor: &'static str,
    pub(crate) joined: Date,
    pub(crate) left: Option<Date>,
    pub(crate) mynumber: bool,
}

impl Person {
    pub(crate) fn works_on(&self, day: Date) -> bool {
        worked(self.joined, self.left, day)
    }

    /// Whether the person belongs to the section rather than being lodged there.
    pub(crate) fn is_own(&self, section: &Section) -> bool {
        self.rank > 0 || self.position == section.head
    }

    /// Whether the person sits in the office: the heads of the commissions and of the assembly do not.
    pub(crate) fn has_desk(&self) -> bool {
        !matches!(
            self.position,
            "市議会議長" | "選挙管理委員会委員長" | "代表監査委員" | "農業委員会会長"
        )
    }

    /// Whether the person worked through all of these days.
    pub(crate) fn works_through(&self, from: Date, to: Date) -> bool {
        self.works_on(from) && self.works_on(to)
    }
}

/// Offices held city-wide: position and the section that lodges its holder.
static OFFICERS: &[(&str, &str)] = &[
    ("市長", "S01"),
    ("副市長", "S01"),
    ("教育長", "S25"),
    ("市議会議長", "S24"),
    ("選挙管理委員会委員長", "S28"),
    ("代表監査委員", "S29"),
    ("農業委員会会長", "S30"),
    ("総務部長", "S03"),
    ("デジタル推進監", "S07"),
    ("市民部長", "S11"),
    ("福祉部長", "S15"),
    ("産業建設部長", "S21"),
    ("教育部長", "S25"),
    ("会計管理者", "S23"),
    ("上下水道局長", "S31"),
    ("消防長", "S32"),
    ("診療所長", "S33"),
];

/// The day on which everybody then employed signed the pledge.
const PLEDGES_SINCE: Date = date(2010, 4, 1);

/// Days on which people leave and, the day after, are replaced.
const LEAVING: [Date; 4] = [
    date(2025, 9, 30),
    date(2026, 3, 31),
    date(2026, 3, 31),
    date(2026, 9, 30),
];

pub(crate) fn everybody() -> Vec<Person> {
    let mut stream = Stream::named("person");
    let posts = SECTIONS.iter().flat_map(posts);
    let named = posts.zip(names_in_order());
    let people = named
        .enumerate()
        .map(|(index, ((section, position, rank), (name, reading)))| {
            let code = format!("P{:04}", index.saturating_add(1));
            let (employment, vendor) = employment(section, rank, index);
            let (joined, left) = term(&mut stream, rank, index);
            let mynumber = handles_mynumber(section, rank);
            Person {
                code,
                name,
                reading,
                section: section.code,
                position,
                rank,
                employment,
                vendor,
                joined,
                left,
                mynumber,
            }
        });
    people.collect()
}

/// The drawn names, with the one name of our own kept for the information policy section.
fn names_in_order() -> impl Iterator<Item = (String, String)> {
    let mut names: Vec<_> = names::drawn().take(400).collect();
    let own = names.remove(0);
    let before: usize = SECTIONS
        .iter()
        .take_while(|section| section.code != INFORMATION_POLICY)
        .map(|section| section.size)
        .sum();
    names.insert(before.saturating_add(3), own);
    names.into_iter()
}

fn posts(section: &'static Section) -> impl Iterator<Item = (&'static Section, &'static str, usize)> {
    let officers: Vec<&str> = OFFICERS
        .iter()
        .filter(|(_, at)| *at == section.code)
        .map(|(position, _)| *position)
        .collect();
    let lodged = officers.len();
    let own = (0..section.size.saturating_sub(lodged)).map(move |rank| (section, position(section, rank), rank));
    officers
        .into_iter()
        .map(move |position| (section, position, 0))
        .chain(own)
}

fn position(section: &'static Section, rank: usize) -> &'static str {
    match rank {
        6.. if section.code == INFORMATION_POLICY => "常駐技術者",
        0 => section.head,
        1 => "課長補佐",
        2 | 3 => "係長",
        4 | 5 => "主査",
        _ if is_fiscal_year(rank) => "会計年度任用職員",
        6 | 9 => "主任",
        _ => "主事",
    }
}

const fn is_fiscal_year(rank: usize) -> bool {
    rank == 7 || rank >= 11
}

/// Sections that serve residents, and whoever works on a MyNumber system elsewhere.
fn handles_mynumber(section: &Section, rank: usize) -> bool {
    match section.code {
        INFORMATION_POLICY => rank > 3,
        "S26" | "S28" => matches!(rank, 2 | 3),
        _ => section.mynumber && rank > 0,
    }
}

fn employment(section: &Section, rank: usize, index: usize) -> (&'static str, &'static str) {
    match rank {
        6.. if section.code == INFORMATION_POLICY => ("contractor", "V01"),
        rank if is_fiscal_year(rank) => ("fiscal_year", ""),
        5 if index.is_multiple_of(4) => ("reappointed", ""),
        6 if index.is_multiple_of(9) => ("fixed_term", ""),
        8 if index.is_multiple_of(5) => ("temporary", ""),
        _ => ("regular", ""),
    }
}

fn term(stream: &mut Stream, rank: usize, index: usize) -> (Date, Option<Date>) {
    let year = i16::try_from(stream.between(2003, 2023)).unwrap_or(2020);
    let joined = Date::new(year, 4, 1).unwrap_or(AS_OF);
    match (rank, index % 9) {
        (6.., 0) => (joined, Some(stream.pick(&LEAVING))),
        (6.., 3) => (date(2026, 4, 1), None),
        (8.., 6) => (date(2026, 10, 1), None),
        _ => (joined, None),
    }
}

pub(crate) fn people(town: &Town) -> Vec<Row> {
    town.people.iter().map(person).collect()
}

fn person(person: &Person) -> Row {
    row! {
        code: &person.code,
        name: &person.name,
        reading: &person.reading,
        section: person.section,
        employment: person.employment,
        vendor: person.vendor,
        position: person.position,
        email: format!("{}@city.mihon.example", person.code.to_lowercase()),
        joined_on: person.joined,
        left_on: person.left,
        handles_mynumber: person.mynumber,
        pledged_on: person.joined.max(PLEDGES_SINCE),
    }
}

//! Lists of requests, as far as a visitor may read them, among a hundred thousand of them.
//!
//! A request is stored with its *readers*: marks that stand for those who may read it whatever day it is. The store narrows a list to
//! the marks of the visitor; those whose turn it is today are added by the number of the request, from the [desk](super::desk). Each
//! request is asked about all the same.

use std::collections::BTreeSet;

use approval::request::{Request, State};
use store::{Cursor, Filter, Query, Sort, Test, Total};

use super::acts::{LoadedRequest, loaded, word};
use super::entrance::sessions::Visitor;
use super::{Hall, Refusal, collection};

/// How often the store is asked for one part of a list.
const LOOKS: usize = 20;

/// At most so many requests whose turn is the visitor's are added to what their marks give.
const TURNS: usize = 500;

/// The mark that those have who answer for the whole city.
const ALL: &str = "*";

/// Which requests are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this applicant, by key.
    pub applicant: Option<String>,
    /// Of this kind, by its id.
    pub kind: Option<String>,
    /// In one of these states; empty for every state.
    pub states: Vec<State>,
    /// Words of the title or the number.
    pub search: String,
    /// Behind this request.
    pub after: Option<Cursor>,
    /// So many are passed over first.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

/// A part of a list of requests, newest first.
#[derive(Debug)]
pub struct Listed {
    /// The requests.
    pub rows: Vec<LoadedRequest>,
    /// Requests between them that the visitor may not read after all.
    pub hidden: usize,
    /// Where the next part begins; `None` at the end.
    pub next: Option<Cursor>,
    /// How many there are.
    pub total: Total,
}

impl Hall {
    /// The requests that a visitor wants, of those that they may read.
    ///
    /// # Errors
    /// The database fails, or holds a request that cannot be read.
    pub fn requests_for(&self, visitor: &Visitor, wanted: &Wanted) -> Result<Listed, Refusal> {
        let mut query = wanted.query();
        query.filters.push(any_of("reader", self.marks(visitor)));
        let mut listed = Listed {
            rows: Vec::new(),
            hidden: 0,
            next: None,
            total: Total::Exactly(0),
        };
        for look in 0..LOOKS {
            query.limit = wanted.limit.saturating_sub(listed.rows.len());
            let page = self.store.list(&query)?;
            if look == 0 {
                listed.total = page.total;
            }
            for entry in page.rows {
                let loaded = loaded(entry)?;
                if self.may_read_request(visitor, &loaded.request) {
                    listed.rows.push(loaded);
                } else {
                    listed.hidden = listed.hidden.saturating_add(1);
                }
            }
            listed.next = page.next;
            if listed.next.is_none() || listed.rows.len() >= wanted.limit {
                break;
            }
            query.after.clone_from(&listed.next);
            query.skip = 0;
        }
        Ok(listed)
    }

    /// The marks of what a visitor may read.
    fn marks(&self, visitor: &Visitor) -> BTreeSet<Vec<u8>> {
        let mut marks = BTreeSet::from([of_person(&visitor.person)]);
        if self.oversees(visitor) {
            marks.insert(ALL.to_owned());
        } else {
            let directory = self.directory();
            for held in directory.roles_of(&visitor.person, self.today()) {
                match (held.role, &held.section, &held.organ) {
                    ("section_manager", Some(section), _) => _ = marks.insert(of_section(section)),
                    ("department_manager", _, Some(organ)) => {
                        let sections = directory.sections.iter().filter(|(_, unit)| unit.organ == *organ);
                        marks.extend(sections.map(|(section, _)| of_section(section)));
                    }
                    _ => {}
                }
            }
            let desk = self.desk();
            let turns = desk.awaiting(&visitor.person).take(TURNS);
            marks.extend(turns.map(|loaded| of_number(loaded.request.number())));
        }
        marks.into_iter().map(String::into_bytes).collect()
    }
}

impl Wanted {
    fn query(&self) -> Query {
        let mut filters = Vec::new();
        if !self.states.is_empty() {
            let words = self.states.iter().map(|state| word(*state).into_bytes());
            filters.push(any_of("state", words.collect()));
        }
        let applicant = self.applicant.iter().map(|key| Filter::is("applicant", key.as_bytes()));
        let kind = self.kind.iter().map(|id| Filter::is("kind", id.as_bytes()));
        filters.extend(applicant.chain(kind));
        Query {
            search: self.search.clone(),
            filters,
            sort: Sort::Key,
            descending: true,
            after: self.after.clone(),
            skip: self.skip,
            ..Query::of(collection::REQUEST)
        }
    }
}

fn any_of(field: &str, values: BTreeSet<Vec<u8>>) -> Filter {
    Filter {
        field: field.to_owned(),
        test: Test::AnyOf(values),
    }
}

/// The marks of those who may read a request on any day, as [`Hall::may_read_request`] says: a draft is the applicant's alone.
pub(super) fn readers(request: &Request) -> BTreeSet<String> {
    let mut marks = BTreeSet::from([of_person(request.applicant())]);
    if request.state() == State::Draft {
        return marks;
    }
    marks.extend([ALL.to_owned(), of_number(request.number())]);
    marks.extend(
        request
            .log()
            .iter()
            .filter_map(|logged| logged.by.as_deref())
            .map(of_person),
    );
    let about = request.content().payload.get("person").and_then(|value| value.as_str());
    marks.extend(about.map(of_person));
    marks.extend(request.section().map(of_section));
    marks
}

fn of_person(key: &str) -> String {
    format!("person:{key}")
}

fn of_section(key: &str) -> String {
    format!("section:{key}")
}

fn of_number(number: &str) -> String {
    format!("number:{number}")
}

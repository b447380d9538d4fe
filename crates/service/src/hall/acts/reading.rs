//! Who may read what is no row of a register: requests, and the bodies behind the ledger.

use approval::request::{Request, State};

use crate::hall::entrance::sessions::Visitor;
use crate::hall::rights::Verb;
use crate::hall::{Hall, collection};

/// Roles that read every request: they answer for all of the city.
const OVERSIGHT: [&str; 5] = ["ciso", "deputy_ciso", "general_manager", "audit_manager", "auditor"];

impl Hall {
    /// Whether a visitor may read a request: the applicant, those who decide, those who took part, those it is about, the manager of
    /// its section or organ, and those who answer for the whole city. A draft is the applicant's alone.
    #[must_use]
    pub fn may_read_request(&self, visitor: &Visitor, request: &Request) -> bool {
        let person = visitor.person.as_str();
        if request.applicant() == person {
            return true;
        }
        if request.state() == State::Draft {
            return false;
        }
        let (directory, today) = (self.directory(), self.today());
        let took_part = request.log().iter().any(|logged| logged.by.as_deref() == Some(person));
        let decides = || {
            let waiting = request.waiting(&*directory, today);
            waiting.iter().any(|candidate| candidate.person == person)
        };
        let concerns = || {
            let payload = &request.content().payload;
            payload.get("person").and_then(|value| value.as_str()) == Some(person)
        };
        let manages = || {
            let section = request.section();
            directory.roles_of(person, today).any(|held| {
                let organ = section
                    .and_then(|section| directory.sections.get(section))
                    .map(|unit| &unit.organ);
                (held.role == "section_manager" && held.section.is_some() && held.section.as_deref() == section)
                    || (held.role == "department_manager" && held.organ.is_some() && held.organ.as_ref() == organ)
            })
        };
        took_part || self.oversees(visitor) || decides() || concerns() || manages()
    }

    /// Whether a visitor answers for the whole city: they may know who did what.
    #[must_use]
    pub fn oversees(&self, visitor: &Visitor) -> bool {
        OVERSIGHT.iter().any(|role| visitor.has(role))
    }

    /// Whether a visitor may read a record: what its ledger entry's body says of it.
    #[must_use]
    pub fn may_read_record(&self, visitor: &Visitor, register: &str, key: &str) -> bool {
        if register == collection::REQUEST {
            let request = self.request(key);
            return request.is_ok_and(|loaded| self.may_read_request(visitor, &loaded.request));
        }
        let Some(city) = self.city() else { return false };
        match city.kind(register) {
            Some(kind) => {
                let entry = self.store.entry(register, key).ok().flatten();
                entry.is_some_and(|entry| {
                    let resource = self.entry_resource(kind, &entry.document);
                    self.allow(visitor, Verb::Read, &resource).is_ok()
                })
            }
            // How clauses stood, what is public, and what the city decided for itself are no secret to its people.
            None if [collection::STANDING, collection::PUBLICATION, collection::CITY].contains(&register) => true,
            None => visitor.is_administrator() || self.oversees(visitor),
        }
    }
}

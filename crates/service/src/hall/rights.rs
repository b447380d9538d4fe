//! What a visitor may do: the hall's people and things, as the rules of [`access::authority`] know them.

pub use access::authority::Act as Verb;
use access::authority::{Entry, Grade, Over, Person, Post, Request as RequestFacts, Resource};
use approval::directory::Directory as _;
use approval::request::{Request, State};
use model::lang::Text;
use register::Kind;
use serde_json::Value;

use super::entrance::sessions::Visitor;
use super::{Hall, Refusal};

/// The section of an administrator who is not in the register of personnel; no register has it.
const NO_SECTION: &str = "hall.administration";

/// An entry, as far as rights depend on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct EntryResource {
    /// The slug of the register.
    pub register: String,
    /// Who answers for it; of an audit, the section that is audited.
    pub section: String,
    /// That section's organ.
    pub organ: String,
    /// The information system that it is or belongs to.
    pub system: String,
    /// The national code of its tier.
    pub zone: String,
    /// Keys of those whom it is about.
    pub concerns: Vec<String>,
}

impl EntryResource {
    /// The entry as the rules know it.
    pub(in crate::hall) fn entry(&self) -> Entry<'_> {
        Entry {
            register: &self.register,
            section: &self.section,
            organ: &self.organ,
            system: &self.system,
            zone: &self.zone,
            concerns: &self.concerns,
        }
    }
}

impl From<Entry<'_>> for EntryResource {
    fn from(entry: Entry<'_>) -> Self {
        Self {
            register: entry.register.to_owned(),
            section: entry.section.to_owned(),
            organ: entry.organ.to_owned(),
            system: entry.system.to_owned(),
            zone: entry.zone.to_owned(),
            concerns: entry.concerns.to_owned(),
        }
    }
}

impl Hall {
    /// Whether a visitor may do something to an entry.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the rule that decided.
    pub fn allow(&self, visitor: &Visitor, act: Verb, entry: &EntryResource) -> Result<(), Refusal> {
        self.permit(visitor, act, &Resource::Entry(entry.entry()))
    }

    /// Whether a visitor may do something to anything.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the rule that decided.
    pub fn permit(&self, visitor: &Visitor, act: Verb, on: &Resource<'_>) -> Result<(), Refusal> {
        let denied = || Refusal::Denied(Text::fixed("この操作をする権限がない", "you may not do this"));
        let rules = self.in_force();
        let known = |person| rules.decided.known(person, &rules.authority);
        // A list asks about each of its rows: who asks is made once a request.
        let who = visitor.known.get_or_init(|| known(self.person(visitor)));
        let who = who.as_ref().ok_or_else(denied)?;
        let answer = if who.is_of(&rules.authority) {
            rules.decided.answer(who, act, on)
        } else {
            // Other rules came into force meanwhile.
            let who = known(who.person().clone()).ok_or_else(denied)?;
            rules.decided.answer(&who, act, on)
        };
        answer.map_err(Refusal::Denied)
    }

    /// Whether there is anything in the administration of the city that a visitor may do.
    #[must_use]
    pub fn administers(&self, visitor: &Visitor) -> bool {
        const ACTS: [Verb; 5] = [
            Verb::ChangeStandard,
            Verb::ChangeSettings,
            Verb::AdministerRules,
            Verb::Operate,
            Verb::FoundCity,
        ];
        let city = Resource::City {
            founded: self.city().is_some(),
        };
        ACTS.iter().any(|act| self.permit(visitor, *act, &city).is_ok())
    }

    /// Whether a visitor may see what the devices of the network let through. Their configurations are not public: they show what the
    /// registers of zones, segments, permitted paths and equipment hold, so they are for whoever reads all of these.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the rule that decided.
    pub fn permit_on_network(&self, visitor: &Visitor) -> Result<(), Refusal> {
        const SHOWN: [&str; 4] = ["zone", "segment", "permitted_path", "equipment"];
        let whole = |register| EntryResource {
            register: String::from(register),
            ..EntryResource::default()
        };
        SHOWN
            .into_iter()
            .try_for_each(|register| self.allow(visitor, Verb::Read, &whole(register)))
    }

    /// Whether a visitor may do something to the account of a person.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the rule that decided.
    pub fn permit_on_user(&self, visitor: &Visitor, act: Verb, person: &str) -> Result<(), Refusal> {
        let directory = self.directory();
        let member = directory.member(person, self.today());
        let section = member.map(|member| member.section.as_str()).unwrap_or_default();
        let user = Resource::User {
            person,
            section,
            organ: directory.organ_of(section).unwrap_or_default(),
        };
        self.permit(visitor, act, &user)
    }

    /// Whether a visitor may do something to a request: its own rules tell who decides, these who may at all.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the rule that decided.
    pub fn permit_on_request(&self, visitor: &Visitor, act: Verb, request: &Request) -> Result<(), Refusal> {
        let (directory, today) = (self.directory(), self.today());
        let waiting = request.waiting(&*directory, today);
        let deciders: Vec<String> = waiting.into_iter().map(|candidate| candidate.person).collect();
        let participants: Vec<String> = request.log().iter().filter_map(|logged| logged.by.clone()).collect();
        let section = request.section().unwrap_or_default();
        let about = request.content().payload.get("person").and_then(Value::as_str);
        let concerns: Vec<String> = about.into_iter().map(str::to_owned).collect();
        let facts = RequestFacts {
            kind: request.kind(),
            applicant: request.applicant(),
            section,
            organ: directory.organ_of(section).unwrap_or_default(),
            concerns: &concerns,
            deciders: &deciders,
            participants: &participants,
            draft: request.state() == State::Draft,
        };
        self.permit(visitor, act, &Resource::Request(facts))
    }

    /// A visitor as the rules know them.
    fn person(&self, visitor: &Visitor) -> Person {
        let (directory, today) = (self.directory(), self.today());
        let mut posts: Vec<Post> = directory
            .roles_of(&visitor.person, today)
            .map(|appointment| Post {
                role: appointment.role.to_owned(),
                over: match (&appointment.system, &appointment.section, &appointment.organ) {
                    (Some(system), _, _) => Over::System(system.clone()),
                    (None, Some(section), _) => Over::Sections(directory.below(section)),
                    (None, None, Some(organ)) => Over::Organ(organ.clone()),
                    (None, None, None) => Over::City,
                },
            })
            .collect();
        if visitor.is_administrator() {
            posts.push(Post::city(access::rule::ADMINISTRATOR));
        }
        let section = if visitor.section.is_empty() {
            NO_SECTION
        } else {
            &visitor.section
        };
        let member = directory.member(&visitor.person, today);
        Person {
            key: visitor.person.clone(),
            section: section.to_owned(),
            organ: visitor.organ.clone(),
            clearance: Grade::cleared_by(posts.iter().map(|post| post.role.as_str())),
            mynumber: member.is_some_and(|member| member.handles_mynumber),
            posts,
        }
    }

    /// What rights on an entry depend on.
    #[must_use]
    pub fn entry_resource(&self, kind: &Kind, document: &Value) -> EntryResource {
        let belonging = self.belonging(kind);
        EntryResource::from(belonging.of(document).entry())
    }

    /// A register as a whole, as far as rights depend on it.
    #[must_use]
    pub fn register_resource(&self, kind: &Kind) -> EntryResource {
        EntryResource {
            register: kind.slug.clone(),
            ..EntryResource::default()
        }
    }
}

//! The sample city's people, for whoever tries the program: they sign in without a proof. Only a hall that was opened as
//! a sample has this door.

use access::account::Account;
use access::opaque::Opaque;
use access::rule::{Assurance, Strength};
use access::session::{Scope, Session};
use access::signin::Progress;
use model::lang::Text;

use store::Expected;

use super::invite::administrator;
use super::{Origin, accounts};
use crate::hall::{Hall, Refusal};

/// Somebody of the sample city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplePerson {
    /// Their key.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The name of their section.
    pub section: String,
    /// What they are there for.
    pub role: Text,
}

/// The roles to try, in the order of the list.
const ROLES: [&str; 6] = [
    "ciso",
    "general_manager",
    "section_manager",
    "system_manager",
    "auditor",
    "csirt_manager",
];

impl Hall {
    /// One of the sample's people for each of a few roles, then one without a role; nobody where this is no sample.
    #[must_use]
    pub fn sample_people(&self) -> Vec<SamplePerson> {
        if !self.entrance.is_sample {
            return Vec::new();
        }
        let (directory, today) = (self.directory(), self.today());
        let mut people: Vec<SamplePerson> = Vec::new();
        let person = |key: &str, role: Text| {
            let member = directory.member(key, today)?;
            let section = directory.sections.get(&member.section);
            Some(SamplePerson {
                person: key.to_owned(),
                name: member.name.clone(),
                section: section.map(|section| section.name.clone()).unwrap_or_default(),
                role,
            })
        };
        for role in ROLES {
            let holder = directory.in_force(today).find(|appointment| {
                appointment.role == role && people.iter().all(|known| known.person != appointment.person)
            });
            let national = model::scheme::SchemeKind::Role.national(role);
            if let (Some(holder), Some(national)) = (holder, national) {
                people.extend(person(&holder.person, Text::fixed(national.ja, national.en)));
            }
        }
        let plain = directory
            .people
            .keys()
            .find(|key| directory.roles_of(key, today).next().is_none());
        people.extend(plain.and_then(|key| person(key, Text::fixed("職員", "staff without a role"))));
        people
    }

    /// Makes the sample's general manager its administrator too, so that everything can be tried.
    ///
    /// # Errors
    /// What the store says.
    pub fn found_sample(&self) -> Result<(), Refusal> {
        let people = self.sample_people();
        let manager = people
            .iter()
            .find(|person| person.role.en == "general information security manager");
        if let Some(manager) = manager.filter(|manager| !self.is_administrator(&manager.person).unwrap_or(true)) {
            self.commit(store::Act::new("administrator.set").with(administrator(&manager.person)))?;
        }
        Ok(())
    }

    /// Signs in as anybody who works in the sample city.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where this is no sample, or nobody of this key works there.
    pub fn sign_in_as_sample(&self, person: &str, origin: &Origin) -> Result<Opaque, Refusal> {
        if !self.entrance.is_sample || self.directory().member(person, self.today()).is_none() {
            return Err(Refusal::NotFound);
        }
        if self.account(person)?.is_none() {
            let account = Account::invited(person, person, self.random());
            let act = store::Act::new("account.invite");
            self.commit(act.with(accounts::document(&account, Expected::New)?))?;
        }
        let now = self.now();
        let source = origin.address.to_string();
        let session = Session {
            assurance: Some(Assurance {
                strength: Strength::Passkey,
                model: None,
            }),
            ..Session::begin(&Progress::begin(now), person, Scope::Full, &source, &origin.agent, now)
        };
        self.begin_session(&session)
    }
}

//! One-time links, for those who have nothing yet: the first administrator, people who are invited.

use access::account::{Account, Enrolled, identifier};
use access::enrolment;
use access::link::{Link, Purpose};
use access::opaque::Opaque;
use access::session::Session;
use access::signin::{Event, Kind, Progress};
use serde_json::json;
use store::{Act, Expected, Put, Query};

use super::accounts::{self, Loaded};
use super::sessions::{Visitor, life};
use super::{Origin, event_act};
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

const LINK: &str = "link";

impl Hall {
    /// A link for the first administrator of an installation that has none; `None` where there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn first_link(&self) -> Result<Option<Opaque>, Refusal> {
        if self.has_administrator()? {
            return Ok(None);
        }
        self.draw_link(Purpose::FirstAdministrator, None, None).map(Some)
    }

    /// Invites a person of the register: makes their account where there is none, and a link to enrol.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where the register has no such person who works here; [`Refusal::Denied`]; [`Refusal::Reauthenticate`];
    /// [`Refusal::Rules`] where they can sign in as their roles demand: nobody gets new factors in their name by one administrator alone.
    pub fn invite(&self, visitor: &Visitor, person: &str) -> Result<Opaque, Refusal> {
        self.permit_on_user(visitor, Verb::AdministerUsers, person)?;
        self.fresh(visitor)?;
        let directory = self.directory();
        if directory.member(person, self.today()).is_none() {
            return Err(Refusal::NotFound);
        }
        let purpose = match self.account(person)? {
            Some(loaded) if enrolment::can_satisfy(&loaded.credentials, &self.requirement_of(person)?) => {
                return Err(to_be_recovered());
            }
            Some(loaded) => purpose(&loaded).ok_or_else(to_be_recovered)?,
            None => {
                let account = Account::invited(person, person, self.random());
                let act = Act::new("account.invite").by(&visitor.person);
                self.commit(act.with(accounts::document(&account, Expected::New)?))?;
                Purpose::Invitation
            }
        };
        self.draw_link(purpose, Some(person), Some(&visitor.person))
    }

    /// What a link is for, without using it: the page behind it asks before it opens.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where there is none such, or no longer.
    pub fn link(&self, token: &str) -> Result<Link, Refusal> {
        let key = Opaque::parse(token).map(|id| id.hash()).ok_or_else(gone)?;
        let held = self.store.held(LINK, &key, self.now())?.ok_or_else(gone)?;
        let link: Link = serde_json::from_slice(&held.value).map_err(|_| gone())?;
        link.open(self.now())
            .map_err(|gone| Refusal::Rules(vec![gone.message()]))?;
        Ok(link)
    }

    /// Uses a link that opens by itself: a session in which its person enrols. `typed` is the name that a first administrator chooses.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where the link is gone, is one for [`Hall::sign_in_by_link`], or the name will not do.
    pub fn use_link(&self, token: &str, typed: Option<&str>, origin: &Origin) -> Result<Opaque, Refusal> {
        let link = self.link(token)?;
        if link.purpose == Purpose::Enrolment {
            return Err(gone());
        }
        let login = typed.map(identifier).filter(|login| !login.is_empty());
        if link.purpose == Purpose::FirstAdministrator && login.is_none() {
            return Err(Refusal::rule("利用者IDを入力してください", "enter a login name"));
        }
        // Taken away first: of two who follow the link at the same moment one gets in.
        self.taken(token)?;
        if let Some(person) = link.person.as_deref().filter(|_| link.purpose.forgets()) {
            self.use_recovery(person, link.made_at)?;
        }
        let person = match (link.person, login) {
            (Some(person), _) => person,
            (None, login) => self.first_administrator(&login.unwrap_or_default())?,
        };
        self.note_link(&person)?;
        let source = origin.address.to_string();
        self.begin_session(&Session::by_link(&person, &source, &origin.agent, self.now()))
    }

    /// Uses a link for one more factor: a sign-in for its person alone, who proves all that they can and then enrols it. Returns the
    /// id of the sign-in, for the cookie.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where the link is gone or opens by itself.
    pub fn sign_in_by_link(&self, token: &str) -> Result<Opaque, Refusal> {
        let link = self.link(token)?;
        let (Purpose::Enrolment, Some(person)) = (link.purpose, &link.person) else {
            return Err(gone());
        };
        self.taken(token)?;
        self.note_link(person)?;
        self.keep_sign_in(Progress::by_link(person, self.now()))
    }

    fn taken(&self, token: &str) -> Result<(), Refusal> {
        let key = Opaque::parse(token).map(|id| id.hash()).ok_or_else(gone)?;
        self.store.take(LINK, &key, self.now())?.ok_or_else(gone)?;
        Ok(())
    }

    fn note_link(&self, person: &str) -> Result<(), Refusal> {
        self.note(&[Event {
            kind: Kind::LinkUsed,
            person: Some(person.to_owned()),
        }])
    }

    /// Makes a person an administrator of this installation, or takes that from them.
    ///
    /// # Errors
    /// [`Refusal::Rules`] for oneself: nobody gives or takes this of themselves.
    pub fn set_administrator(&self, visitor: &Visitor, person: &str, is: bool) -> Result<(), Refusal> {
        if visitor.person == person && visitor.is_administrator() {
            return Err(Refusal::rule(
                "自分の管理者の役割は変えられない。別の管理者に頼んでください",
                "nobody changes this of themselves; ask another administrator",
            ));
        }
        self.permit_on_user(visitor, Verb::AdministerUsers, person)?;
        self.fresh(visitor)?;
        let current = self.store.entry(collection::ADMINISTRATOR, person)?;
        let mark = |version| store::Mark {
            register: collection::ADMINISTRATOR.to_owned(),
            key: person.to_owned(),
            expected: Expected::Version(version),
        };
        let act = Act::new("administrator.set").by(&visitor.person);
        let act = match (current, is) {
            (None, true) => act.with(administrator(person)),
            (Some(entry), true) if entry.retired_at.is_some() => act.with(store::Change::Restore(mark(entry.version))),
            (Some(entry), false) if entry.retired_at.is_none() => act.with(store::Change::Retire(mark(entry.version))),
            _ => return Ok(()),
        };
        self.commit(act)?;
        Ok(())
    }

    /// Makes the account of the first administrator. Where two try at once, the first one in the ledger is it.
    fn first_administrator(&self, login: &str) -> Result<String, Refusal> {
        if self.has_administrator()? {
            return Err(gone());
        }
        let account = Account::invited(login, login, self.random());
        let act = event_act(&Event {
            kind: Kind::LinkUsed,
            person: Some(login.to_owned()),
        });
        let act = act.with(accounts::document(&account, Expected::New)?);
        self.commit(act.with(administrator(login)))?;
        Ok(login.to_owned())
    }

    fn has_administrator(&self) -> Result<bool, Refusal> {
        let administrators = Query {
            limit: 1,
            ..Query::of(collection::ADMINISTRATOR)
        };
        Ok(!self.store.list(&administrators)?.rows.is_empty())
    }

    pub(super) fn draw_link(
        &self,
        purpose: Purpose,
        person: Option<&str>,
        by: Option<&str>,
    ) -> Result<Opaque, Refusal> {
        let now = self.now();
        let (token, link) = Link::draw(purpose, person, by, self.random(), now);
        let value = serde_json::to_vec(&link).unwrap_or_default();
        let life = life(link.expires_at, now);
        self.store.hold(LINK, &token.hash(), &value, now, life)?;
        Ok(token)
    }
}

pub(super) fn administrator(person: &str) -> Put {
    Put {
        register: collection::ADMINISTRATOR.to_owned(),
        key: person.to_owned(),
        expected: Expected::New,
        document: json!({ "person": person }),
        title: person.to_owned(),
        ..Put::default()
    }
}

/// What a link for somebody is for who cannot sign in as their roles demand; `None` where factors of theirs would have to be forgotten.
fn purpose(loaded: &Loaded) -> Option<Purpose> {
    // Whoever can prove something proves it: a link alone would let its maker in as them.
    if loaded.credentials.password.is_some() {
        return Some(Purpose::Enrolment);
    }
    let is_bare = loaded.credentials.enrolled() == Enrolled::default();
    let is_known_elsewhere = !loaded.account.elsewhere.is_empty();
    match (is_bare, is_known_elsewhere) {
        (true, true) => Some(Purpose::Enrolment),
        (true, false) => Some(Purpose::Invitation),
        (false, _) => None,
    }
}

fn to_be_recovered() -> Refusal {
    Refusal::rule(
        "この職員は、サインインの手段を登録しています。手段を失ったときは、回復を始めてください",
        "the person has factors; where they lost them, begin a recovery",
    )
}

fn gone() -> Refusal {
    Refusal::Rules(vec![access::link::Gone.message()])
}

//! The entrance: who comes in, and who they are.
//!
//! * [`accounts`]: how a person signs in, and their sealed secrets.
//! * [`sign_in`]: one sign-in, step by step.
//! * [`elsewhere`]: who is vouched for by a directory or an identity provider.
//! * [`throttle`]: how guessing is slowed down.
//! * [`sessions`]: who is inside.
//! * [`enrol`]: passwords, authenticator apps, passkeys.
//! * [`invite`]: one-time links for those who have nothing yet.
//! * [`held_form`]: what was typed, kept while its sender proves again who they are.
//! * `leaving`: accounts made for who joins, and shut for who leaves.
//! * [`recovery`]: new factors in the place of lost ones, once two administrators agree.
//! * [`sample`]: the sample city's people, who come in without a proof.

pub mod accounts;
pub mod elsewhere;
pub mod enrol;
pub mod held_form;
pub mod invite;
mod leaving;
pub mod recovery;
pub mod sample;
pub mod sessions;
pub mod sign_in;
mod throttle;

use std::net::IpAddr;

use access::device::Devices;
use access::passkey::Site;
use access::rule::Rules;
use access::seal::KeyRing;
use access::session::cookie::Cookies;
use access::signin::Event;
use access::source::Proxies;
use access::throttle::Limits;
use access::{password, rule};
use jiff::Timestamp;
use store::Act;

use self::elsewhere::Elsewhere;
use super::{Hall, Refusal};

/// What the entrance is made of.
pub struct Entrance {
    /// The URL of the service, as browsers name it in `Origin`.
    pub origin: String,
    /// Where people reach the service.
    pub site: Site,
    /// How cookies are marked there.
    pub cookies: Cookies,
    /// What seals secrets.
    pub ring: KeyRing,
    /// What people have to prove.
    pub rules: Rules,
    /// How guessing is slowed down.
    pub limits: Limits,
    /// What passwords must be like.
    pub passwords: password::Rules,
    /// Whether anybody may come in as one of the sample's people.
    pub is_sample: bool,
    /// Who else may vouch for people.
    pub elsewhere: Elsewhere,
    /// The proxies that are believed when they say for whom they speak.
    pub proxies: Proxies,
    device_keys: Vec<[u8; 32]>,
}

/// Where a request came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address of the client.
    pub address: IpAddr,
    /// The cookie that tells known devices; empty where there is none.
    pub device: String,
    /// Browser and system, as the person will recognise them.
    pub agent: String,
}

/// Why an entrance cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum Unbuildable {
    /// The URL of the service does not do.
    #[error(transparent)]
    Url(#[from] access::passkey::Unsuitable),
    /// A shipped file of rules cannot be read.
    #[error("the shipped rules cannot be read: {0}")]
    Rules(String),
}

impl Entrance {
    /// The entrance at `url`, with the shipped rules.
    ///
    /// # Errors
    /// A URL that cannot have passkeys.
    pub fn at(url: &str, name: &str, ring: KeyRing) -> Result<Self, Unbuildable> {
        let shipped = |diagnostics| Unbuildable::Rules(format!("{diagnostics:?}"));
        Ok(Self {
            origin: url.to_owned(),
            is_sample: false,
            elsewhere: Elsewhere::default(),
            proxies: Proxies::default(),
            site: Site::at(url, name)?,
            cookies: Cookies::at(url),
            rules: Rules::shipped().map_err(shipped)?,
            limits: Limits::shipped().map_err(shipped)?,
            passwords: password::Rules::shipped().map_err(shipped)?,
            device_keys: ring.derived("device").iter().map(|key| **key).collect(),
            ring,
        })
    }

    fn devices(&self) -> Devices<'_> {
        Devices::new(&self.device_keys)
    }
}

impl Hall {
    /// The roles that a person holds today, with the tier of what they are held over; administrators have theirs besides.
    ///
    /// # Errors
    /// What the database says.
    pub fn roles_of(&self, person: &str) -> Result<Vec<rule::Held>, Refusal> {
        let (directory, today) = (self.directory(), self.today());
        let appointed = directory.roles_of(person, today).map(|appointment| rule::Held {
            role: appointment.role.to_owned(),
            tier: appointment
                .system
                .as_deref()
                .and_then(|system| directory.tier_of(system))
                .map(str::to_owned),
        });
        let mut held: Vec<rule::Held> = appointed.collect();
        if self.is_administrator(person)? {
            held.push(rule::Held::role(rule::ADMINISTRATOR));
        }
        Ok(held)
    }

    /// Whether a person runs this installation.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_administrator(&self, person: &str) -> Result<bool, Refusal> {
        let entry = self.store.entry(super::collection::ADMINISTRATOR, person)?;
        Ok(entry.is_some_and(|entry| entry.retired_at.is_none()))
    }

    /// What a person has to prove.
    ///
    /// # Errors
    /// What the database says.
    pub fn requirement_of(&self, person: &str) -> Result<rule::Requirement, Refusal> {
        Ok(self.in_force().sign_in.requirement(&self.roles_of(person)?))
    }

    /// Writes what happened at the entrance into the ledger, one entry each.
    fn note(&self, events: &[Event]) -> Result<(), Refusal> {
        for event in events {
            self.sequencer.submit(event_act(event))?;
        }
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// An event of the entrance as an act that changes nothing.
fn event_act(event: &Event) -> Act {
    let kind = serde_json::to_value(event.kind).ok();
    let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or("unknown");
    let act = Act::new(format!("sign-in.{}", kind.replace('_', "-")));
    let act = Act {
        class: super::collection::SIGN_IN_CLASS.to_owned(),
        ..act
    };
    match &event.person {
        Some(person) => act.by(person),
        None => act,
    }
}

//! Accounts as documents, and the sealed secrets beside them.

use access::account::{Account, Credentials, Elsewhere, identifier};
use access::seal::Place;
use serde_json::Value;
use store::{Act, Change, Expected, Filter, Put, Query};

use crate::hall::{Hall, Refusal, collection};

/// An account as it was loaded.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The document.
    pub account: Account,
    /// Its version: what a change expects to find.
    pub version: u64,
    /// The secrets.
    pub credentials: Credentials,
}

impl Loaded {
    /// An account that is not stored yet, of somebody who has nothing.
    pub(super) fn new(account: Account) -> Self {
        Self {
            account,
            version: 0,
            credentials: Credentials::default(),
        }
    }
}

impl Hall {
    /// The account of a person.
    ///
    /// # Errors
    /// The database fails, or holds an account that cannot be read.
    pub fn account(&self, person: &str) -> Result<Option<Loaded>, Refusal> {
        let entry = self.store.entry(collection::USER, person)?;
        entry
            .filter(|entry| entry.retired_at.is_none())
            .map(|entry| self.loaded(entry))
            .transpose()
    }

    /// The account that somebody means by what they typed.
    pub(super) fn account_by_login(&self, typed: &str) -> Result<Option<Loaded>, Refusal> {
        self.account_by("login", &identifier(typed))
    }

    /// The account of a person whom another system knows under this word.
    pub(super) fn account_by_subject(&self, provider: &str, subject: &str) -> Result<Option<Loaded>, Refusal> {
        self.account_by(ELSEWHERE, &Elsewhere::word(provider, subject))
    }

    /// The account with a WebAuthn user handle.
    pub(super) fn account_by_handle(&self, handle: &str) -> Result<Option<Loaded>, Refusal> {
        self.account_by("handle", handle)
    }

    fn account_by(&self, field: &str, value: &str) -> Result<Option<Loaded>, Refusal> {
        let query = Query {
            filters: vec![Filter::is(field, value.as_bytes())],
            limit: 1,
            ..Query::of(collection::USER)
        };
        let found = self.store.list(&query)?.rows.into_iter().next();
        found.map(|entry| self.loaded(entry)).transpose()
    }

    fn loaded(&self, entry: store::Entry) -> Result<Loaded, Refusal> {
        let account: Account = serde_json::from_value(entry.document).map_err(|_| damaged())?;
        let credentials = match self.store.secret(SCOPE, &account.person)? {
            None => Credentials::default(),
            Some(sealed) => {
                let place = place(&account.person);
                let opened = self.entrance.ring.open(place, &sealed).map_err(|_| damaged())?;
                Credentials::from_bytes(&opened).map_err(|_| damaged())?
            }
        };
        Ok(Loaded {
            account,
            version: entry.version,
            credentials,
        })
    }

    /// Adds to an act that an account and its secrets become these.
    pub(super) fn with_account(&self, act: Act, loaded: &Loaded, expected: Expected) -> Result<Act, Refusal> {
        let account = loaded.account.with(&loaded.credentials);
        let bytes = loaded.credentials.to_bytes().map_err(|_| damaged())?;
        let sealed = self.entrance.ring.seal(place(&account.person), &bytes, self.random());
        Ok(act.with(document(&account, expected)?).with(Change::SetSecret {
            scope: SCOPE.to_owned(),
            key: account.person,
            value: sealed.map_err(|_| damaged())?,
        }))
    }

    /// Seals changed secrets again, as after the use of a code: the account itself stays as it is.
    pub(super) fn with_secrets(&self, act: Act, loaded: &Loaded) -> Result<Act, Refusal> {
        let person = &loaded.account.person;
        let bytes = loaded.credentials.to_bytes().map_err(|_| damaged())?;
        let sealed = self.entrance.ring.seal(place(person), &bytes, self.random());
        Ok(act.with(Change::SetSecret {
            scope: SCOPE.to_owned(),
            key: person.clone(),
            value: sealed.map_err(|_| damaged())?,
        }))
    }
}

const SCOPE: &str = "credentials";

/// The field of an account that says under which words others know the person.
const ELSEWHERE: &str = "elsewhere";

fn place(person: &str) -> Place<'_> {
    Place {
        scope: SCOPE,
        key: person,
    }
}

/// An account as the store takes it.
pub(super) fn document(account: &Account, expected: Expected) -> Result<Put, Refusal> {
    let Ok(document @ Value::Object(_)) = serde_json::to_value(account) else {
        return Err(damaged());
    };
    let mut unique = vec![
        ("login".to_owned(), account.login.clone()),
        ("handle".to_owned(), account.handle.clone()),
    ];
    // Nobody else is found by the same word.
    let words = account
        .elsewhere
        .iter()
        .map(|known| Elsewhere::word(&known.provider, &known.subject));
    unique.extend(words.map(|word| (ELSEWHERE.to_owned(), word)));
    Ok(Put {
        register: collection::USER.to_owned(),
        key: account.person.clone(),
        expected,
        document,
        title: account.login.clone(),
        fields: unique
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into_bytes()))
            .collect(),
        unique,
        text: account.login.clone(),
        ..Put::default()
    })
}

fn damaged() -> Refusal {
    store::Failure::Damaged("an account cannot be read".to_owned()).into()
}

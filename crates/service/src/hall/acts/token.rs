//! Tokens of the API: a program acts for a person with the rights that the person has, as far as the token's scopes go.
//!
//! What is kept of a token is a document without its hash, and the hash as a sealed secret under the same key: the
//! beginning of the hash, by which a presented token is found.

use std::collections::BTreeSet;

use access::seal::Place;
use access::session::Session;
use access::token::{Kind, Presented, Scope, Token};
use jiff::{SignedDuration, Timestamp};
use model::lang::Text;
use serde_json::{Value, json};
use store::{Act, Change, Expected, Filter, Put, Query};

use super::plain;
use crate::hall::entrance::sessions::{Visitor, life};
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

/// Under which secrets hashes are kept.
const SECRET: &str = "token";
/// Under which the latest uses are kept, beside the acts.
const USE: &str = "token-use";
/// Characters of the hash that are the key.
const KEY: usize = 16;
/// The most days that a token is good for.
pub const LONGEST_DAYS: u16 = 366;
/// The most tokens that a page lists.
const LISTED: usize = 500;

/// A token as somebody asks for it.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is for.
    pub kind: Kind,
    /// What they call it.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// For how many days, from 1 to [`LONGEST_DAYS`].
    pub days: u16,
}

/// A token as it is kept; its hash is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptToken {
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: u64,
    /// What is kept of it, the hash left empty.
    pub token: Token,
    /// Its last four characters, by which its owner tells it from others.
    pub ending: String,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

/// Somebody for whom a program acts.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Whose rights count.
    pub visitor: Visitor,
    /// What limits them.
    pub token: Token,
}

impl Bearer {
    /// Whether the token may be used for this at `now`.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the reason.
    pub fn admit(&self, scope: Scope, now: Timestamp) -> Result<(), Refusal> {
        let admitted = self.token.admit(scope, now);
        admitted.map_err(|refused| Refusal::Denied(refused.message()))
    }
}

impl Hall {
    /// Makes a token for a visitor: what to hand out, once.
    ///
    /// # Errors
    /// [`Refusal::Reauthenticate`]; [`Refusal::Denied`]; [`Refusal::Rules`] with everything that is wrong with it.
    pub fn make_token(&self, visitor: &Visitor, wanted: &Wanted) -> Result<Presented, Refusal> {
        self.fresh(visitor)?;
        self.permit_on_user(visitor, Verb::ManageTokens, &visitor.person)?;
        if wanted.kind == Kind::Service && !visitor.is_administrator() {
            return Err(Refusal::Denied(Text::fixed(
                "サービス用のトークンは管理者が作る",
                "tokens of services are made by administrators",
            )));
        }
        let wrong = faults(wanted);
        if !wrong.is_empty() {
            return Err(Refusal::Rules(wrong));
        }
        let lasts = SignedDuration::from_hours(i64::from(wanted.days) * 24);
        let (presented, token) = Token::draw(
            wanted.kind,
            &visitor.person,
            wanted.name.trim(),
            wanted.scopes.clone(),
            lasts,
            self.random(),
            self.clock().now(),
        );
        let key = key_of(&token.hash);
        let sealed = self
            .entrance
            .ring
            .seal(place(key), token.hash.as_bytes(), self.random())
            .map_err(|_| damaged())?;
        let ending = presented.text();
        let ending = ending.get(ending.len().saturating_sub(4)..).unwrap_or_default();
        let act = Act::new("token.make").by(&visitor.person);
        let act = act.with(document(key, &token, ending, Expected::New));
        self.commit(act.with(Change::SetSecret {
            scope: SECRET.to_owned(),
            key: key.to_owned(),
            value: sealed,
        }))?;
        Ok(presented)
    }

    /// Takes a token back: one's own, or as an administrator that of anybody.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where there is none, or none that the visitor may know of; [`Refusal::Rules`] where it was
    /// taken back already.
    pub fn revoke_token(&self, visitor: &Visitor, key: &str) -> Result<(), Refusal> {
        let kept = self.token(key)?.ok_or(Refusal::NotFound)?;
        self.permit_on_user(visitor, Verb::ManageTokens, &kept.token.person)
            .map_err(|_| Refusal::NotFound)?;
        if kept.token.revoked_at.is_some() {
            return Err(Refusal::rule(
                "このトークンは取り消し済みです",
                "the token was revoked already",
            ));
        }
        let mut act = Act::new("token.revoke").by(&visitor.person);
        act.changes = self.revocation(kept);
        self.commit(act)?;
        self.store.release(USE, key)?;
        Ok(())
    }

    /// What takes every token of a person back.
    pub(in crate::hall) fn revocations(&self, person: &str) -> Result<Vec<Change>, Refusal> {
        let query = Query {
            filters: vec![Filter::is("person", person.as_bytes())],
            limit: LISTED,
            ..Query::of(collection::TOKEN)
        };
        let mut changes = Vec::new();
        for entry in self.store.list(&query)?.rows {
            let kept = self.kept(entry)?;
            if kept.token.revoked_at.is_none() {
                changes.extend(self.revocation(kept));
            }
        }
        Ok(changes)
    }

    fn revocation(&self, kept: KeptToken) -> Vec<Change> {
        let token = Token {
            revoked_at: Some(self.clock().now()),
            ..kept.token
        };
        let put = document(&kept.key, &token, &kept.ending, Expected::Version(kept.version));
        vec![
            put.into(),
            Change::DropSecret {
                scope: SECRET.to_owned(),
                key: kept.key,
            },
        ]
    }

    /// The tokens of a person, or of everybody, that were not taken back and are not too old; by name.
    ///
    /// # Errors
    /// [`Refusal::Denied`] where the visitor may not manage them.
    pub fn tokens(&self, visitor: &Visitor, person: Option<&str>) -> Result<Vec<KeptToken>, Refusal> {
        match person {
            Some(person) => self.permit_on_user(visitor, Verb::ManageTokens, person)?,
            None if visitor.is_administrator() => {}
            None => return Err(Refusal::NotFound),
        }
        let query = Query {
            filters: person
                .map(|person| Filter::is("person", person.as_bytes()))
                .into_iter()
                .collect(),
            limit: LISTED,
            ..Query::of(collection::TOKEN)
        };
        let now = self.clock().now();
        let mut kept = Vec::new();
        for entry in self.store.list(&query)?.rows {
            let one = self.kept(entry)?;
            if one.token.revoked_at.is_none() && one.token.expires_at > now {
                kept.push(one);
            }
        }
        Ok(kept)
    }

    /// Whom a presented token stands for.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the reason; what the database says.
    pub fn bearer(&self, text: &str) -> Result<Bearer, Refusal> {
        let presented = Presented::read(text).ok_or_else(unknown)?;
        let hash = presented.hash();
        let key = key_of(&hash);
        let mut kept = self.token(key)?.ok_or_else(unknown)?;
        let now = self.clock().now();
        // A token that was taken back or is too old is refused for whatever it is used.
        if let Some(scope) = kept.token.scopes.first() {
            let admitted = kept.token.admit(*scope, now);
            admitted.map_err(|refused| Refusal::Denied(refused.message()))?;
        }
        let sealed = self.store.secret(SECRET, key)?.ok_or_else(unknown)?;
        let known = self.entrance.ring.open(place(key), &sealed).map_err(|_| damaged())?;
        if *known != hash.as_bytes() || presented.kind() != kept.token.kind {
            return Err(unknown());
        }
        let user = self.store.entry(collection::USER, &kept.token.person)?;
        if user.is_some_and(|user| user.retired_at.is_some()) {
            return Err(unknown());
        }
        let visitor = self.visitor_by_token(&kept.token.person, key)?.ok_or_else(unknown)?;
        self.note_use(&kept, now)?;
        kept.token.hash = hash;
        Ok(Bearer {
            visitor: *visitor,
            token: kept.token,
        })
    }

    fn token(&self, key: &str) -> Result<Option<KeptToken>, Refusal> {
        let entry = self.store.entry(collection::TOKEN, key)?;
        entry.map(|entry| self.kept(entry)).transpose()
    }

    fn kept(&self, entry: store::Entry) -> Result<KeptToken, Refusal> {
        let used = self.store.held(USE, &entry.key, self.clock().now())?;
        let used_at = used.and_then(|used| std::str::from_utf8(&used.value).ok()?.parse().ok());
        let (token, ending) = read(entry.document).ok_or_else(damaged)?;
        Ok(KeptToken {
            key: entry.key,
            version: entry.version,
            token,
            ending,
            used_at,
        })
    }

    fn note_use(&self, kept: &KeptToken, now: Timestamp) -> Result<(), Refusal> {
        let exact = kept
            .used_at
            .is_some_and(|used| now.duration_since(used) < Session::TOUCH);
        if !exact {
            let lasts = life(kept.token.expires_at, now);
            self.store
                .hold(USE, &kept.key, now.to_string().as_bytes(), now, lasts)?;
        }
        Ok(())
    }
}

fn faults(wanted: &Wanted) -> Vec<Text> {
    let mut wrong = Vec::new();
    if wanted.name.trim().is_empty() {
        wrong.push(Text::fixed("名前を入力してください", "give it a name"));
    }
    if wanted.scopes.is_empty() {
        wrong.push(Text::fixed(
            "できることを一つ以上選んでください",
            "choose what it may be used for",
        ));
    }
    if !(1..=LONGEST_DAYS).contains(&wanted.days) {
        wrong.push(Text::fixed(
            "有効な日数は1日から366日までにしてください",
            "a token lasts from 1 to 366 days",
        ));
    }
    wrong
}

/// Found by the beginning of its hash: 64 bits, which nobody meets by accident.
fn key_of(hash: &str) -> &str {
    hash.get(..KEY).unwrap_or(hash)
}

fn place(key: &str) -> Place<'_> {
    Place { scope: SECRET, key }
}

fn document(key: &str, token: &Token, ending: &str, expected: Expected) -> Put {
    let mut document = json!(token);
    if let Value::Object(fields) = &mut document {
        fields.remove("hash");
        fields.insert("ending".to_owned(), ending.into());
    }
    Put {
        expected,
        title: token.name.clone(),
        fields: vec![("person".to_owned(), token.person.clone().into_bytes())],
        ..plain(collection::TOKEN, key, document)
    }
}

fn read(mut document: Value) -> Option<(Token, String)> {
    let fields = document.as_object_mut()?;
    let ending = fields.remove("ending")?.as_str()?.to_owned();
    fields.insert("hash".to_owned(), String::new().into());
    Some((serde_json::from_value(document).ok()?, ending))
}

fn unknown() -> Refusal {
    Refusal::Denied(Text::fixed("このトークンは使えません", "the token is not known"))
}

fn damaged() -> store::Failure {
    store::Failure::Damaged("a token cannot be read".to_owned())
}

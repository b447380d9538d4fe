//! Identity, sign-in and authorisation.
//!
//! Pure logic over records that the caller loads and stores. Nothing here opens a database, reads a clock or draws a
//! random number by itself; only [`oidc`] and [`ldap`] speak the network, and are asynchronous (tokio) for it. All else
//! is meant to be called where threads may block: checking one password takes 19 MiB and some tens of milliseconds.
//!
//! # How a sign-in goes
//!
//! 1. The page is shown. The caller keeps a [`signin::Progress`] under the hash of a cookie ([`session::cookie`]) and
//!    offers a passkey: [`signin::Progress::offer_passkey`].
//! 2. Somebody types a name and a password. [`throttle::Keys::of`] names the counters, [`device`] knows whether they
//!    signed in on this browser before, [`throttle::Limits::admit`] counts the attempt before it is made, or says when
//!    the next one is admitted.
//! 3. The caller finds the [`account::Account`] by [`account::identifier`], opens its [`account::Credentials`]
//!    ([`seal`]) and asks [`rule::Rules`] what the person's roles demand today. [`signin::Progress::password`] answers
//!    with a [`signin::Turn`]. Where there is no such account it is called all the same, with none.
//! 4. `Show`: one more factor, with counters of its own ([`throttle::Keys::of_codes`]): [`signin::Progress::totp`],
//!    [`signin::Progress::recovery_code`], [`signin::Progress::passkey`]. `Enrol`: a session that can do nothing but
//!    enrol ([`enrolment`]). `Done`: the counters are forgiven, the device is remembered, and a [`session::Session`]
//!    begins under a new [`opaque::Opaque`] id.
//! 5. What the turn changed in the credentials (a used step, a counter, a better hash) is sealed and stored in the act
//!    that carries its events; the events are the audit, kinds only.
//! 6. Each request asks [`session::Session::standing`] with the roles of the moment; whatever changes something asks
//!    [`session::csrf`]; an act that grants, approves or releases asks [`session::Session::is_fresh`], and if it is
//!    not, the person proves again who they are: [`signin::Progress::again`].
//!
//! With a passkey step 2 and 3 become one: the answer tells whose account it is
//! ([`passkey::assertion::Assertion::handle`]). With a directory or an identity provider the caller asks [`ldap`] or
//! [`oidc`] first, finds the account by the [`elsewhere::Identity`], and goes on with [`signin::Progress::elsewhere`].
//!
//! # What answers which threat
//!
//! | threat | answer |
//! |---|---|
//! | guessing passwords, from one place or many | [`throttle`], [`password`] |
//! | an address that somebody made up, to guess from elsewhere | [`source`]: only named proxies are believed |
//! | locking a colleague out by guessing | [`throttle`]: waits are short, and a known device does not share them |
//! | finding out who has an account | [`signin`]: same words, same time |
//! | a stolen password | second factors by role, [`rule`]; a new one by invitation only where the role is sensitive |
//! | a code seen over the shoulder, or relayed by a false page | a step counts once, [`totp`]; a [`passkey`] answers no other site |
//! | a copied authenticator | its counter goes back, [`passkey`] |
//! | a copied database | secrets are sealed, [`seal`]; sessions, links and tokens are kept as hashes, [`opaque`] |
//! | a row moved to another person | what is sealed is bound to its place, [`seal`] |
//! | a page of another site that acts in somebody's name | [`session::csrf`] |
//! | an administrator who lets themself in as somebody else | [`recovery`]: two, and never the person |
//! | a reused mail address at a provider | [`elsewhere`]: the subject counts, once known |
//!
//! # How to add
//!
//! A factor: a member of [`signin::Method`], its part in [`signin::assurance`], its page. A rule or a limit: a table in
//! `rules/`; no Rust. A scope of tokens: a member of [`token::Scope`].

pub mod account;
pub mod authority;
pub mod device;
pub mod elsewhere;
pub mod enrolment;
pub mod ldap;
pub mod link;
pub mod oidc;
pub mod opaque;
pub mod passkey;
pub mod password;
mod reading;
pub mod recovery;
pub mod rule;
pub mod seal;
pub mod session;
pub mod signin;
pub mod source;
pub mod throttle;
mod tls;
pub mod token;
pub mod totp;
pub mod transfer;

//! Tokens for programs: a person's own, and those of services.
//!
//! A token is handed out once and kept as its hash. It reads and writes what its scopes name and what its owner may,
//! never more; nothing that grants, approves, releases or administers can be done with one, since those are acts of a
//! person who has just proved who they are.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use model::lang::Text;
use model::random::{self, Random};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::opaque::hex;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person's own programs.
    Personal,
    /// A service, for which a person answers.
    Service,
}

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Read the policy, its clauses and their standing.
    #[serde(rename = "policy:read")]
    PolicyRead,
    /// Read the registers.
    #[serde(rename = "registers:read")]
    RegistersRead,
    /// Create, update and retire entries.
    #[serde(rename = "registers:write")]
    RegistersWrite,
    /// Import tables.
    #[serde(rename = "registers:import")]
    RegistersImport,
    /// Export registers.
    #[serde(rename = "registers:export")]
    RegistersExport,
    /// Read requests.
    #[serde(rename = "requests:read")]
    RequestsRead,
    /// Draft, submit and withdraw requests.
    #[serde(rename = "requests:write")]
    RequestsWrite,
    /// Read the ledger and its proofs.
    #[serde(rename = "ledger:read")]
    LedgerRead,
}

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What is presented hashes to this: the key by which it is found.
    pub hash: String,
    /// What it is for.
    pub kind: Kind,
    /// What its owner calls it.
    pub name: String,
    /// The person whose rights it has, or who answers for the service.
    pub person: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// A token as it is handed out and presented: `sanmon_pat_` or `sanmon_svc_`, 52 letters and digits of 256 random bits,
/// 6 of a checksum.
///
/// The beginning lets scanners find one in a public place; the checksum lets them, and us, tell a token from a word
/// without asking the database.
pub struct Presented {
    kind: Kind,
    text: Zeroizing<String>,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Taken back.
    Revoked,
    /// Too old.
    Expired,
    /// It may not be used for this.
    Scope(Scope),
}

/// Letters and digits of base 32 without i, l, o, u (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY: usize = 52;
const CHECKSUM: usize = 6;

impl Token {
    /// The longest that a token is good for.
    pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

    /// How exact the moment of its latest use is kept: beside the sessions, since no act changes it.
    pub const TOUCH: SignedDuration = SignedDuration::from_hours(1);

    /// A new token: what to hand out once, and what to keep. `lasts` is cut to [`Token::LONGEST`].
    #[must_use]
    pub fn draw(
        kind: Kind,
        person: &str,
        name: &str,
        scopes: BTreeSet<Scope>,
        lasts: SignedDuration,
        random: &dyn Random,
        now: Timestamp,
    ) -> (Presented, Self) {
        let presented = Presented::draw(kind, random);
        let token = Self {
            hash: presented.hash(),
            kind,
            name: name.chars().take(100).collect(),
            person: person.to_owned(),
            scopes,
            made_at: now,
            expires_at: now.saturating_add(lasts.min(Self::LONGEST)).unwrap_or(Timestamp::MAX),
            revoked_at: None,
        };
        (presented, token)
    }

    /// Whether it may be used for this now.
    ///
    /// # Errors
    /// Taken back, too old, or without the scope.
    pub fn admit(&self, scope: Scope, now: Timestamp) -> Result<(), Refused> {
        if self.revoked_at.is_some_and(|revoked_at| revoked_at <= now) {
            Err(Refused::Revoked)
        } else if self.expires_at <= now {
            Err(Refused::Expired)
        } else if !self.scopes.contains(&scope) {
            Err(Refused::Scope(scope))
        } else {
            Ok(())
        }
    }
}

impl Presented {
    fn draw(kind: Kind, random: &dyn Random) -> Self {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random::bytes(random));
        let body = base32(&*bytes, BODY);
        let text = Zeroizing::new(format!("{}{}{}", kind.prefix(), *body, *checksum(kind, &body)));
        Self { kind, text }
    }

    /// Reads the value after `Bearer `; `None` where it cannot be a token.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let kind = Kind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let rest = text.strip_prefix(kind.prefix())?;
        let (body, sum) = (rest.get(..BODY)?, rest.get(BODY..)?);
        let plain = rest.bytes().all(|byte| ALPHABET.contains(&byte));
        let fits: bool = checksum(kind, body).as_bytes().ct_eq(sum.as_bytes()).into();
        (plain && fits).then(|| Self {
            kind,
            text: Zeroizing::new(text.to_owned()),
        })
    }

    /// What is handed out, once.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it is for.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The key by which what is kept is found.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.text.as_bytes()))
    }
}

impl std::fmt::Debug for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}…", self.kind.prefix())
    }
}

impl Kind {
    const ALL: [Self; 2] = [Self::Personal, Self::Service];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "sanmon_pat_",
            Self::Service => "sanmon_svc_",
        }
    }
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 8] = [
        Self::PolicyRead,
        Self::RegistersRead,
        Self::RegistersWrite,
        Self::RegistersImport,
        Self::RegistersExport,
        Self::RequestsRead,
        Self::RequestsWrite,
        Self::LedgerRead,
    ];

    /// The scope in words.
    #[must_use]
    pub const fn label(self) -> Text {
        let (ja, en) = match self {
            Self::PolicyRead => ("方針と状況を読む", "read the policy and its standing"),
            Self::RegistersRead => ("台帳を読む", "read the registers"),
            Self::RegistersWrite => ("台帳を書く", "write the registers"),
            Self::RegistersImport => ("台帳に取り込む", "import into the registers"),
            Self::RegistersExport => ("台帳を書き出す", "export the registers"),
            Self::RequestsRead => ("申請を読む", "read requests"),
            Self::RequestsWrite => ("申請を出す", "make requests"),
            Self::LedgerRead => ("証跡を読む", "read the ledger"),
        };
        Text::fixed(ja, en)
    }
}

impl Refused {
    /// For whoever reads the answer of the API.
    #[must_use]
    pub fn message(self) -> Text {
        match self {
            Self::Revoked => Text::fixed("このトークンは取り消されています", "the token was revoked"),
            Self::Expired => Text::fixed("このトークンは期限が切れています", "the token has expired"),
            Self::Scope(scope) => {
                let label = scope.label();
                Text::new(
                    format!("このトークンでは「{}」ことはできません", label.ja),
                    format!("the token may not {}", label.en),
                )
            }
        }
    }
}

fn checksum(kind: Kind, body: &str) -> Zeroizing<String> {
    base32(
        &Sha256::new().chain_update(kind.prefix()).chain_update(body).finalize(),
        CHECKSUM,
    )
}

/// The first `length` digits of base 32, big-endian, the last one padded with zeros.
fn base32(bytes: &[u8], length: usize) -> Zeroizing<String> {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let digit = |at: usize| (0..5).fold(0, |digit, offset| digit << 1 | bit(at * 5 + offset));
    let letters = (0..length).filter_map(|at| ALPHABET.get(usize::from(digit(at))));
    Zeroizing::new(letters.copied().map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + hours * 3600).unwrap()
    }

    fn drawn(kind: Kind) -> (Presented, Token) {
        let scopes = BTreeSet::from([Scope::RegistersRead]);
        let lasts = SignedDuration::from_hours(24);
        Token::draw(kind, "P0104", "資産の一覧", scopes, lasts, &SeededRandom::new(6), at(0))
    }

    #[test]
    fn base_32_is_that_of_crockford() {
        assert_eq!(base32(b"\xff\x00\xff", 5).as_str(), "zw0fy");
        assert_eq!(base32(&[0; 32], BODY).len(), BODY);
    }

    #[test]
    fn a_token_is_found_by_its_hash() {
        for (kind, prefix) in [(Kind::Personal, "sanmon_pat_"), (Kind::Service, "sanmon_svc_")] {
            let (presented, token) = drawn(kind);
            assert!(presented.text().starts_with(prefix));
            let read = Presented::read(presented.text()).unwrap();
            assert_eq!((read.hash(), read.kind()), (token.hash.clone(), kind));
            assert!(!serde_json::to_string(&token).unwrap().contains(presented.text()));
            assert_eq!(format!("{presented:?}"), format!("{prefix}…"));
        }
    }

    #[test]
    fn a_mistyped_token_is_no_token() {
        let text = drawn(Kind::Personal).0.text().to_owned();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            assert!(
                Presented::read(&String::from_utf8(bytes).unwrap()).is_none(),
                "byte {at}"
            );
        }
        for wrong in [
            "",
            "sanmon_pat_",
            &text.to_uppercase(),
            &format!("{text}0"),
            "sanmon_pat_あ",
        ] {
            assert!(Presented::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_admitted_for_its_scopes_and_its_time() {
        let token = drawn(Kind::Personal).1;
        assert_eq!(token.admit(Scope::RegistersRead, at(23)), Ok(()));
        assert_eq!(
            token.admit(Scope::RegistersWrite, at(0)),
            Err(Refused::Scope(Scope::RegistersWrite))
        );
        assert_eq!(token.admit(Scope::RegistersRead, at(24)), Err(Refused::Expired));
        let revoked = Token {
            revoked_at: Some(at(1)),
            ..token
        };
        assert_eq!(revoked.admit(Scope::RegistersRead, at(1)), Err(Refused::Revoked));
    }

    #[test]
    fn no_token_outlives_a_year() {
        let (_, token) = Token::draw(
            Kind::Service,
            "P0104",
            "x",
            BTreeSet::new(),
            SignedDuration::MAX,
            &SeededRandom::new(6),
            at(0),
        );
        assert_eq!(token.expires_at, at(0) + Token::LONGEST);
    }
}

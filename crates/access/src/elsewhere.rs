//! Somebody whom another system vouches for: a directory or an identity provider.

use std::collections::{BTreeMap, BTreeSet};

use model::lang::Text;
use serde::Deserialize;

use crate::account::{Account, Elsewhere, identifier};

/// Who somebody is by the word of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name of the provider in the configuration.
    pub provider: String,
    /// The provider's word for the person; it never changes.
    pub subject: String,
    /// By what the person is found the first time.
    pub known_by: KnownBy,
    /// Whether the provider vouches for two factors.
    pub two_factors: bool,
    /// The groups that the provider puts the person in.
    pub groups: Vec<String>,
    /// The roles (national codes) that those groups speak for.
    pub roles: Vec<String>,
}

/// By what a person is found whom we do not know by their subject yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownBy {
    /// The mail address in the register of personnel.
    Mail(String),
    /// The person's code (職員番号).
    Number(String),
    /// The login of the account.
    Login(String),
}

/// Which of them a claim or attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchBy {
    /// The mail address in the register of personnel.
    Mail,
    /// The person's code (職員番号).
    #[default]
    Number,
    /// The login of the account.
    Login,
}

/// Groups of a provider, and the roles (national codes) that their members are proposed for. Compared without regard to
/// case, as directories do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Groups(BTreeMap<String, BTreeSet<String>>);

/// Why nobody is vouched for. The words are for the page; which provider it was stands beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The provider says no: wrong password, cancelled, not allowed.
    #[error("the provider did not accept the person")]
    NotRecognised,
    /// It cannot be reached, or it does not answer as the standard says.
    #[error("the provider cannot be reached or does not answer as it should")]
    Unavailable,
    /// The settings do not fit the provider; an administrator has to look.
    #[error("the settings do not fit the provider")]
    Settings,
    /// The answer belongs to another sign-in or comes from somebody else.
    #[error("an answer to another sign-in")]
    Foreign,
    /// The answer came too late.
    #[error("the answer came too late")]
    Late,
    /// The provider does not tell by what we could find the person, or nobody here is found by it.
    #[error("the provider tells nothing by which the person is known here")]
    Unknown,
    /// The person is in none of the groups that may come in this way.
    #[error("the person is in none of the groups that may sign in")]
    Outside,
}

impl Identity {
    /// The account with what is known now of its person at the provider; `None` where it is another person there.
    ///
    /// An account that already belongs to another subject of the provider is not found by [`Identity::known_by`] any
    /// more: a mail address that was given to a new colleague does not open the old one's account.
    #[must_use]
    pub fn noted(&self, account: &Account) -> Option<Account> {
        let mut noted = account.clone();
        match noted.elsewhere.iter_mut().find(|known| known.provider == self.provider) {
            Some(known) if known.subject == self.subject => known.roles.clone_from(&self.roles),
            Some(_) => return None,
            None => noted.elsewhere.push(Elsewhere {
                provider: self.provider.clone(),
                subject: self.subject.clone(),
                roles: self.roles.clone(),
            }),
        }
        Some(noted)
    }
}

/// Lets members of `only` through, and everybody where it names no group.
pub(crate) fn admitted(only: &[String], groups: &[String]) -> Result<(), Failure> {
    let member = |wanted: &String| groups.iter().any(|own| is_same_group(own, wanted));
    if only.is_empty() || only.iter().any(member) {
        Ok(())
    } else {
        Err(Failure::Outside)
    }
}

fn is_same_group(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl MatchBy {
    pub(crate) fn value(self, value: &str) -> Option<KnownBy> {
        let value = value.trim();
        if value.is_empty() || value.chars().count() > 200 {
            return None;
        }
        Some(match self {
            Self::Mail => KnownBy::Mail(value.to_lowercase()),
            Self::Number => KnownBy::Number(value.to_owned()),
            Self::Login => KnownBy::Login(identifier(value)),
        })
    }
}

impl FromIterator<(String, BTreeSet<String>)> for Groups {
    fn from_iter<I: IntoIterator<Item = (String, BTreeSet<String>)>>(groups: I) -> Self {
        Self(groups.into_iter().collect())
    }
}

impl Groups {
    /// The roles that members of these groups are proposed for.
    #[must_use]
    pub fn roles(&self, groups: &[String]) -> BTreeSet<&str> {
        let member = |group: &str| groups.iter().any(|own| is_same_group(own, group));
        let matching = self.0.iter().filter(|(group, _)| member(group));
        matching
            .flat_map(|(_, roles)| roles.iter().map(String::as_str))
            .collect()
    }
}

impl Failure {
    /// For the person who tried to sign in.
    #[must_use]
    pub const fn message(self) -> Text {
        let (ja, en) = match self {
            Self::NotRecognised => (
                "認証されませんでした。利用者IDとパスワードを確かめてください",
                "you were not recognised; check your login name and password",
            ),
            Self::Unavailable => (
                "認証サーバーから応答がありません。しばらく待ってからお試しください",
                "the sign-in server does not answer; try again later",
            ),
            Self::Settings => (
                "認証サーバーの設定に誤りがあります。管理者に知らせてください",
                "the settings of the sign-in server are wrong; tell an administrator",
            ),
            Self::Foreign | Self::Late => (
                "時間がたったか、別の画面で操作したため、最初からやり直してください",
                "it took too long or happened in another window; begin again",
            ),
            Self::Unknown => (
                "認証はできましたが、職員の登録と結び付きません。管理者に知らせてください",
                "you were recognised, but we cannot tell who you are here; tell an administrator",
            ),
            Self::Outside => (
                "認証はできましたが、三門の利用が認められたグループに入っていません。管理者に知らせてください",
                "you were recognised, but you are in no group that may use this; tell an administrator",
            ),
        };
        Text::fixed(ja, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    fn identity(subject: &str) -> Identity {
        Identity {
            provider: "prefecture".into(),
            subject: subject.into(),
            known_by: MatchBy::Mail.value(" Hanako@example.lg.jp").unwrap(),
            two_factors: false,
            groups: vec!["CN=Security,OU=見本市".into()],
            roles: Vec::new(),
        }
    }

    #[test]
    fn a_reused_address_does_not_open_the_account_of_its_former_holder() {
        let account = Account::invited("P0104", "p0104", &SeededRandom::new(1));
        let known = identity("sub-1").noted(&account).unwrap();
        assert_eq!(identity("sub-2").noted(&known), None);
        let again = Identity {
            roles: vec!["csirt_member".into()],
            ..identity("sub-1")
        };
        let again = again.noted(&known).unwrap();
        assert_eq!((again.elsewhere.len(), again.elsewhere[0].roles.len()), (1, 1));
    }

    #[test]
    fn groups_become_roles_without_regard_to_case() {
        let groups: Groups =
            toml::from_str("\"cn=security,ou=見本市\" = [\"csirt_member\"]\nother = [\"ciso\"]").unwrap();
        assert_eq!(groups.roles(&identity("x").groups), BTreeSet::from(["csirt_member"]));
    }

    #[test]
    fn where_groups_are_named_only_their_members_come_in() {
        let own = identity("x").groups;
        assert_eq!(admitted(&[], &own), Ok(()));
        assert_eq!(admitted(&["cn=SECURITY,ou=見本市".into()], &own), Ok(()));
        assert_eq!(admitted(&["cn=security".into()], &own), Err(Failure::Outside));
        assert_eq!(admitted(&["x".into()], &[]), Err(Failure::Outside));
    }

    #[test]
    fn nothing_is_known_by_an_empty_value() {
        assert_eq!(identity("x").known_by, KnownBy::Mail("hanako@example.lg.jp".into()));
        assert_eq!(MatchBy::Number.value(" "), None);
        assert_eq!(MatchBy::Login.value("Ｐ０１"), Some(KnownBy::Login("p01".into())));
    }
}

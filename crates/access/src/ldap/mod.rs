//! Sign-in with the password of a directory: LDAP (RFC 4511), Active Directory included.
//!
//! The person's entry is found by a template of its name or by a search, then bound to with the password: the directory
//! compares, we never read a hash. The connection is TLS, by `ldaps` or StartTLS, and its certificate is checked; only
//! a directory on this very machine may do without.
//!
//! A directory says yes to a bind without a password (RFC 4513, section 5.1.2), so an empty one is refused before it is
//! asked. What was typed is escaped (RFC 4514, RFC 4515). The functions are asynchronous and need tokio.

mod settings;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, Scope, SearchEntry, dn_escape, ldap_escape};
use zeroize::Zeroizing;

use crate::account::identifier;
use crate::elsewhere::{self, Failure, Identity};
use crate::opaque::hex;
use crate::tls;

pub use self::settings::{Attributes, Encryption, Find, GroupSearch, Settings};

/// The directory says that name and password do not fit (RFC 4511, appendix A.2, invalidCredentials).
const INVALID_CREDENTIALS: u32 = 49;
const NO_SUCH_OBJECT: u32 = 32;
const SUCCESS: u32 = 0;

/// The longest password that a directory is asked about, in bytes.
const LONGEST: usize = 1024;

/// A directory that can be asked.
pub struct Directory {
    settings: Settings,
    password: Option<Zeroizing<String>>,
    tls: Option<Arc<rustls::ClientConfig>>,
}

impl Directory {
    /// A directory with these settings. `password` is that of the entry which searches; `authorities` the PEM of the
    /// authorities to trust in the place of the operating system's.
    ///
    /// # Errors
    /// [`Failure::Settings`].
    pub fn new(
        settings: Settings,
        password: Option<Zeroizing<String>>,
        authorities: Option<&[u8]>,
    ) -> Result<Self, Failure> {
        settings.check(password.as_ref().map(|password| password.as_str()))?;
        let tls = match settings.encryption {
            Encryption::None => None,
            Encryption::Ldaps | Encryption::StartTls => Some(Arc::new(tls::client(authorities)?)),
        };
        Ok(Self {
            settings,
            password,
            tls,
        })
    }

    /// How it is used.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Asks the directory whether this is the password, and who that is.
    ///
    /// # Errors
    /// [`Failure::NotRecognised`] for a name or password that does not fit, whichever it is; [`Failure::Unavailable`]
    /// and [`Failure::Settings`] where the directory cannot be asked; [`Failure::Unknown`] where it does not tell by
    /// what the person is known here.
    pub async fn verify(&self, login: &str, password: &str) -> Result<Identity, Failure> {
        let login = identifier(login);
        let unfit = password.is_empty() || password.len() > LONGEST || password.contains('\0');
        if login.is_empty() || unfit {
            return Err(Failure::NotRecognised);
        }
        let time = Duration::from_secs(self.settings.timeout_seconds.into());
        let asked = async {
            let (connection, mut ldap) = self.connect(time).await?;
            let driving = tokio::spawn(connection.drive());
            ldap.with_timeout(time);
            let answer = self.ask(&mut ldap, &login, password).await;
            let _ = ldap.unbind().await;
            driving.abort();
            answer
        };
        // Each step has its own time; this is for a server that answers each of them at the last moment.
        tokio::time::timeout(time * 3, asked)
            .await
            .map_err(|_| Failure::Unavailable)?
    }

    async fn connect(&self, time: Duration) -> Result<(LdapConnAsync, Ldap), Failure> {
        let mut settings = LdapConnSettings::new()
            .set_conn_timeout(time)
            .set_starttls(self.settings.encryption == Encryption::StartTls);
        if let Some(tls) = &self.tls {
            settings = settings.set_config(tls.clone());
        }
        let connected = LdapConnAsync::with_settings(settings, &self.settings.url).await;
        connected.map_err(|_| Failure::Unavailable)
    }

    async fn ask(&self, ldap: &mut Ldap, login: &str, password: &str) -> Result<Identity, Failure> {
        let dn = match &self.settings.find {
            Find::Template { dn } => dn.replace("{login}", &dn_escape(login)),
            Find::Search { bind, base, filter } => {
                self.bind_to_search(ldap, bind.as_deref()).await?;
                let filter = filter.replace("{login}", &ldap_escape(login));
                let entries = self.search(ldap, base, Scope::Subtree, &filter).await?;
                let Some(dn) = found(entries) else {
                    // The same steps as for somebody who is there, so that the time that they take tells nothing.
                    let _ = ldap.simple_bind(&format!("cn=nobody,{base}"), password).await;
                    return Err(Failure::NotRecognised);
                };
                dn
            }
        };
        bind(ldap, &dn, password, Failure::NotRecognised).await?;
        // Read as the person themself, so that a template needs no entry that searches.
        let entries = self.search(ldap, &dn, Scope::Base, "(objectClass=*)").await?;
        let entry = entries.into_iter().next().ok_or(Failure::Unknown)?;
        let groups = self.groups(ldap, &entry).await?;
        elsewhere::admitted(&self.settings.only_groups, &groups)?;
        self.identity(entry, groups)
    }

    async fn bind_to_search(&self, ldap: &mut Ldap, name: Option<&str>) -> Result<(), Failure> {
        match (name, &self.password) {
            (Some(name), Some(password)) => bind(ldap, name, password, Failure::Settings).await,
            _ => Ok(()),
        }
    }

    async fn search(
        &self,
        ldap: &mut Ldap,
        base: &str,
        scope: Scope,
        filter: &str,
    ) -> Result<Vec<SearchEntry>, Failure> {
        let names = self.settings.attributes.names();
        let answer = ldap
            .search(base, scope, filter, names)
            .await
            .map_err(|_| Failure::Unavailable)?;
        match answer.1.rc {
            SUCCESS => Ok(answer
                .0
                .into_iter()
                .filter(|entry| !entry.is_ref())
                .map(SearchEntry::construct)
                .collect()),
            NO_SUCH_OBJECT => Ok(Vec::new()),
            _ => Err(Failure::Settings),
        }
    }

    /// The groups that the entry names, and those that name the entry.
    async fn groups(&self, ldap: &mut Ldap, entry: &SearchEntry) -> Result<Vec<String>, Failure> {
        let mut groups = values(entry, self.settings.attributes.groups.as_deref());
        if let Some(search) = &self.settings.group_search {
            let filter = search.filter.replace("{dn}", &ldap_escape(entry.dn.as_str()));
            let entries = self.search(ldap, &search.base, Scope::Subtree, &filter).await?;
            groups.extend(entries.into_iter().map(|entry| entry.dn));
        }
        Ok(groups)
    }

    fn identity(&self, entry: SearchEntry, groups: Vec<String>) -> Result<Identity, Failure> {
        let attributes = &self.settings.attributes;
        let known_by = values(&entry, Some(&attributes.person));
        let known_by = known_by.first().and_then(|value| self.settings.known_by.value(value));
        let subject = attributes.subject.as_deref();
        let subject = values(&entry, subject)
            .into_iter()
            .next()
            .or_else(|| binary(&entry, subject?));
        Ok(Identity {
            provider: self.settings.name.clone(),
            known_by: known_by.ok_or(Failure::Unknown)?,
            subject: subject.unwrap_or(entry.dn),
            two_factors: false,
            roles: self
                .settings
                .groups
                .roles(&groups)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            groups,
        })
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Directory({})", self.settings.name)
    }
}

/// Binds; `wrong` where name and password do not fit.
async fn bind(ldap: &mut Ldap, dn: &str, password: &str, wrong: Failure) -> Result<(), Failure> {
    let answer = ldap.simple_bind(dn, password).await.map_err(|_| Failure::Unavailable)?;
    match answer.rc {
        SUCCESS => Ok(()),
        INVALID_CREDENTIALS => Err(wrong),
        _ => Err(Failure::Settings),
    }
}

/// The one entry that was found; two persons with one name are nobody.
fn found(entries: Vec<SearchEntry>) -> Option<String> {
    <[SearchEntry; 1]>::try_from(entries).ok().map(|[entry]| entry.dn)
}

/// The first value of an attribute that is no text, such as Active Directory's `objectGUID`, in hexadecimal digits.
fn binary(entry: &SearchEntry, name: &str) -> Option<String> {
    let mut attributes = entry.bin_attrs.iter();
    let (_, values) = attributes.find(|(attribute, _)| attribute.eq_ignore_ascii_case(name))?;
    values.first().map(|value| hex(value))
}

/// The values of an attribute; names are compared without regard to case (RFC 4512, section 2.5).
fn values(entry: &SearchEntry, name: Option<&str>) -> Vec<String> {
    let Some(name) = name else { return Vec::new() };
    let matching = entry
        .attrs
        .iter()
        .filter(|(attribute, _)| attribute.eq_ignore_ascii_case(name));
    matching.flat_map(|(_, values)| values.clone()).collect()
}

//! A real directory: OpenLDAP's slapd, with certificates of an authority made here.

use access::elsewhere::{Failure, Identity, KnownBy};
use access::ldap::{Directory, Settings};

use super::slapd::{Slapd, certify};

impl Slapd {
    /// Settings for a search over StartTLS, with what is to be otherwise.
    fn settings(&self, changes: &[(&str, &str)]) -> Settings {
        let mut text = format!(
            r#"
            name = "city"
            label = {{ ja = "庁内", en = "city" }}
            url = "ldap://localhost:{}"
            encryption = "start-tls"
            find = {{ bind = "cn=search,dc=example", base = "ou=people,dc=example", filter = "(&(objectClass=inetOrgPerson)(uid={{login}}))" }}
            attributes = {{ person = "employeeNumber", subject = "entryUUID" }}
            group-search = {{ base = "dc=example", filter = "(&(objectClass=groupOfNames)(member={{dn}}))" }}
            groups = {{ "CN=csirt,DC=example" = ["csirt_member"] }}
            timeout-seconds = 5
            "#,
            self.plain
        );
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        toml::from_str(&text).unwrap()
    }

    fn ask(&self, changes: &[(&str, &str)], login: &str, password: &str) -> Result<Identity, Failure> {
        let secret = Some(String::from("a secret of the test").into());
        let directory = Directory::new(self.settings(changes), secret, Some(self.authority.as_bytes()))?;
        asked(&directory, login, password)
    }

    fn ldaps(&self) -> [(&'static str, String); 2] {
        [
            ("\"start-tls\"", "\"ldaps\"".into()),
            ("ldap://localhost:", format!("ldaps://localhost:{}#", self.tls)),
        ]
    }
}

fn asked(directory: &Directory, login: &str, password: &str) -> Result<Identity, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(directory.verify(login, password))
}

#[test]
fn a_directory_tells_who_somebody_is() {
    let slapd = Slapd::start();

    let hanako = slapd.ask(&[], "Hanako", "朝の市場").unwrap();
    assert_eq!(hanako.known_by, KnownBy::Number("P0104".into()));
    assert_eq!((hanako.subject.len(), hanako.two_factors), (36, false));
    assert_eq!(hanako.groups, ["cn=csirt,dc=example"]);
    let settings = slapd.settings(&[]);
    assert_eq!(
        settings.groups.roles(&hanako.groups).into_iter().collect::<Vec<_>>(),
        ["csirt_member"]
    );

    let ldaps = slapd.ldaps();
    let ldaps: Vec<(&str, &str)> = ldaps.iter().map(|(from, to)| (*from, to.as_str())).collect();
    assert_eq!(slapd.ask(&ldaps, "hanako", "朝の市場").as_ref(), Ok(&hanako));
    let plain = [("\"start-tls\"", "\"none\"")];
    assert_eq!(slapd.ask(&plain, "hanako", "朝の市場").as_ref(), Ok(&hanako));

    let search = "{ bind = \"cn=search,dc=example\", base = \"ou=people,dc=example\", filter = \"(&(objectClass=inetOrgPerson)(uid={login}))\" }";
    let template = [(search, "{ dn = \"uid={login},ou=people,dc=example\" }")];
    assert_eq!(slapd.ask(&template, "hanako", "朝の市場").as_ref(), Ok(&hanako));
}

#[test]
fn a_directory_lets_nobody_in_by_a_trick() {
    let slapd = Slapd::start();
    let search = "{ bind = \"cn=search,dc=example\", base = \"ou=people,dc=example\", filter = \"(&(objectClass=inetOrgPerson)(uid={login}))\" }";
    let template = [(search, "{ dn = \"uid={login},ou=people,dc=example\" }")];
    for changes in [&[][..], &template] {
        for (login, password) in [
            ("hanako", "evening bell"),
            ("hanako", ""),
            ("hanako", "\0"),
            ("", "朝の市場"),
            ("nobody", "朝の市場"),
            ("*", "朝の市場"),
            ("hanako)(uid=*", "朝の市場"),
            ("hana*", "朝の市場"),
            ("hanako,ou=people,dc=example", "朝の市場"),
            ("twin)(uid=hanako", "朝の市場"),
        ] {
            assert_eq!(
                slapd.ask(changes, login, password),
                Err(Failure::NotRecognised),
                "{login} {password}"
            );
        }
    }
    // Two entries have this login.
    assert_eq!(slapd.ask(&[], "twin", "same password"), Err(Failure::NotRecognised));
    // A name that has to be escaped is found, and has no number.
    assert_eq!(slapd.ask(&[], "taro, jr.", "evening bell"), Err(Failure::Unknown));
    assert_eq!(slapd.ask(&template, "taro, jr.", "evening bell"), Err(Failure::Unknown));
}

#[test]
fn a_directory_that_is_not_ours_is_not_told_a_password() {
    let slapd = Slapd::start();
    let other = tempfile::tempdir().unwrap();
    let secret = || Some(String::from("a secret of the test").into());
    let stranger = Directory::new(slapd.settings(&[]), secret(), Some(certify(&other).as_bytes())).unwrap();
    assert_eq!(asked(&stranger, "hanako", "朝の市場"), Err(Failure::Unavailable));
    // The certificate is for localhost.
    let address = slapd.settings(&[("localhost:", "127.0.0.1:")]);
    let address = Directory::new(address, secret(), Some(slapd.authority.as_bytes())).unwrap();
    assert_eq!(asked(&address, "hanako", "朝の市場"), Err(Failure::Unavailable));
    let wrong = Directory::new(
        slapd.settings(&[]),
        Some(String::from("wrong").into()),
        Some(slapd.authority.as_bytes()),
    );
    assert_eq!(asked(&wrong.unwrap(), "hanako", "朝の市場"), Err(Failure::Settings));
    let nobody = slapd.settings(&[(&slapd.plain.to_string(), "1")]);
    let nobody = Directory::new(nobody, secret(), Some(slapd.authority.as_bytes())).unwrap();
    assert_eq!(asked(&nobody, "hanako", "朝の市場"), Err(Failure::Unavailable));
}

//! A real directory: OpenLDAP's slapd, with certificates of an authority made here.

use access::elsewhere::{Failure, Identity, KnownBy};
use access::ldap::{Directory, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

use super::peer::{self, Peer};

const PEOPLE: &str = "\
dn: dc=example
objectClass: dcObject
objectClass: organization
dc: example
o: example

dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn: cn=search,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: search
userPassword: a secret of the test

dn: uid=hanako,ou=people,dc=example
objectClass: inetOrgPerson
uid: hanako
cn:: 6KaL5pysIOiKseWtkA==
sn:: 6KaL5pys
employeeNumber: P0104
userPassword:: 5pyd44Gu5biC5aC0

dn: uid=taro\\, jr.,ou=people,dc=example
objectClass: inetOrgPerson
uid: taro, jr.
cn:: 6KaL5pysIOWkqumDjg==
sn:: 6KaL5pys
userPassword: evening bell

dn: uid=twin,ou=people,dc=example
objectClass: inetOrgPerson
uid: twin
uid: one
cn: twin
sn: twin
employeeNumber: P0106
userPassword: same password

dn: cn=other twin,ou=people,dc=example
objectClass: inetOrgPerson
uid: twin
cn: other twin
sn: twin
employeeNumber: P0107
userPassword: same password

dn: cn=csirt,dc=example
objectClass: groupOfNames
cn: csirt
member: uid=hanako,ou=people,dc=example
";

struct Slapd {
    folder: TempDir,
    plain: u16,
    tls: u16,
    authority: String,
    _peer: Peer,
}

impl Slapd {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let authority = certify(&folder);
        let (plain, tls) = (peer::free_port(), peer::free_port());
        let configuration = format!(
            "include /etc/ldap/schema/core.schema\n\
             include /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\n\
             modulepath /usr/lib/ldap\n\
             moduleload back_mdb\n\
             # As lax as the standard allows: a name without a password binds as nobody.\n\
             allow bind_anon_cred\n\
             TLSCACertificateFile {}\n\
             TLSCertificateFile {}\n\
             TLSCertificateKeyFile {}\n\
             database mdb\n\
             suffix dc=example\n\
             directory {}\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by users read by * none\n",
            path("authority.pem"),
            path("server.pem"),
            path("server.key"),
            path("database"),
        );
        peer::write(&folder.path().join("slapd.conf"), &configuration);
        peer::write(&folder.path().join("people.ldif"), PEOPLE);
        peer::write(&folder.path().join("database/here"), "");
        let (conf, ldif) = (path("slapd.conf"), path("people.ldif"));
        peer::run("/usr/sbin/slapd", &["-T", "add", "-f", &conf, "-l", &ldif]);
        let listen = format!("ldap://localhost:{plain} ldaps://localhost:{tls}");
        let peer = peer::start(
            "/usr/sbin/slapd",
            &["-d", "256", "-f", &conf, "-h", &listen],
            "slapd starting",
        );
        Self {
            folder,
            plain,
            tls,
            authority,
            // slapd says that it starts before it listens.
            _peer: peer.listening(plain).listening(tls),
        }
    }

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

/// Writes an authority and a certificate of it for localhost; the authority.
fn certify(folder: &TempDir) -> String {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let pem = authority.pem();
    peer::write(&folder.path().join("authority.pem"), &pem);
    peer::write(&folder.path().join("server.pem"), &server.pem());
    peer::write(&folder.path().join("server.key"), &key.serialize_pem());
    pem
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
    assert!(slapd.folder.path().exists());
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

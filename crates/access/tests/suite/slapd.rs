//! OpenLDAP's slapd with some people, and certificates of an authority made here. The tests of the binary use it too.

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

dn: uid=kacho,ou=people,dc=example
objectClass: inetOrgPerson
uid: kacho
cn: kacho
sn: kacho
employeeNumber: P0003
userPassword: noon gong

dn: uid=stranger,ou=people,dc=example
objectClass: inetOrgPerson
uid: stranger
cn: stranger
sn: stranger
employeeNumber: P9999
userPassword: night rain

dn: cn=csirt,dc=example
objectClass: groupOfNames
cn: csirt
member: uid=hanako,ou=people,dc=example
";

/// A running directory.
pub(super) struct Slapd {
    _folder: TempDir,
    /// Where it speaks without TLS, or with StartTLS.
    pub(super) plain: u16,
    /// Where it speaks TLS from the first byte.
    pub(super) tls: u16,
    /// Who signed its certificate, in PEM.
    pub(super) authority: String,
    _peer: Peer,
}

impl Slapd {
    pub(super) fn start() -> Self {
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
            _folder: folder,
            plain,
            tls,
            authority,
            // slapd says that it starts before it listens.
            _peer: peer.listening(plain).listening(tls),
        }
    }
}

/// Writes an authority and a certificate of it for localhost; the authority.
pub(super) fn certify(folder: &TempDir) -> String {
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

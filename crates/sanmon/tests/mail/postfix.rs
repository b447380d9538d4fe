//! A Postfix of one's own: it takes letters for the sample city and puts them into one mailbox.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A mail server in a folder; it runs from [`Postfix::start`] on.
pub(crate) struct Postfix {
    folder: TempDir,
    pub(crate) port: u16,
}

/// Reads every letter of a mailbox as a mail program does.
const READ: &str = r"
import email, email.policy, json, mailbox, sys
box = mailbox.Maildir(sys.argv[1], factory=None, create=False)
letters = []
for key in box.keys():
    letter = email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
    letters.append({
        'from': str(letter['from']), 'to': letter.get_all('delivered-to'), 'subject': str(letter['subject']),
        'id': str(letter['message-id']), 'auto': str(letter['auto-submitted']), 'headers': letter.keys(),
        'received': ' '.join(letter.get_all('received')), 'body': letter.get_content(), 'kind': letter.get_content_type(),
    })
print(json.dumps(letters))
";

impl Postfix {
    /// Sets one up, with a certificate by an authority of its own; it does not run yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let postfix = Self { folder, port };
        for name in ["conf", "queue", "data", "mail"] {
            std::fs::create_dir(postfix.path(name)).unwrap();
        }
        postfix.certificates();
        let here = postfix.folder.path().display();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {here}/queue\ndata_directory = {here}/data\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = localhost\nmydestination =\n\
             mynetworks = 127.0.0.0/8\nvirtual_mailbox_domains = city.mihon.example\nvirtual_mailbox_base = {here}/mail\n\
             virtual_mailbox_maps = static:all/\nvirtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\n\
             smtpd_tls_cert_file = {here}/server.crt\nsmtpd_tls_key_file = {here}/server.key\n\
             smtpd_tls_security_level = encrypt\nsmtpd_tls_received_header = yes\nmaillog_file = {here}/log\n\
             maillog_file_prefixes = {here}\nalias_maps =\nsmtputf8_enable = no\n"
        );
        let services = "smtpd pass - - n - - smtpd\npickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\nrewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\ntlsmgr unix - - n 1000? 1 tlsmgr\n\
             virtual unix - n n - - virtual\nerror unix - - n - - error\nretry unix - - n - - error\n\
             anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\nproxymap unix - - n - - proxymap\n\
             postlog unix-dgram n - n - 1 postlogd\n";
        let master = format!("127.0.0.1:{port} inet n - n - - smtpd\n{services}");
        std::fs::write(postfix.path("conf/main.cf"), main).unwrap();
        std::fs::write(postfix.path("conf/master.cf"), master).unwrap();
        postfix.root("chown", &["postfix", &postfix.text("data")]);
        postfix.root("chown", &["65534:65534", &postfix.text("mail")]);
        postfix
    }

    pub(crate) fn start(&self) {
        self.root("/usr/sbin/postfix", &["-c", &self.text("conf"), "start"]);
    }

    /// The certificate of the authority that signed the server's.
    pub(crate) fn authority(&self) -> PathBuf {
        self.path("authority.crt")
    }

    /// What lies in the mailbox.
    pub(crate) fn letters(&self) -> Vec<Value> {
        let mailbox = self.path("mail/all");
        if !mailbox.exists() {
            return Vec::new();
        }
        let output = self.root("python3", &["-c", READ, &self.text("mail/all")]);
        serde_json::from_str(&output).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// An authority, and the server's certificate that it signed.
    fn certificates(&self) {
        let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"];
        let authority = [
            "-subj",
            "/CN=authority",
            "-keyout",
            &self.text("authority.key"),
            "-out",
            &self.text("authority.crt"),
        ];
        run("openssl", &[&request[..], &authority].concat());
        let server = [
            "-subj",
            "/CN=localhost",
            "-CA",
            &self.text("authority.crt"),
            "-CAkey",
            &self.text("authority.key"),
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            &self.text("server.key"),
            "-out",
            &self.text("server.crt"),
        ];
        run("openssl", &[&request[..], &server].concat());
    }

    /// Postfix changes users and so begins as root.
    fn root(&self, program: &str, arguments: &[&str]) -> String {
        if run("id", &["-u"]).trim() == "0" {
            run(program, arguments)
        } else {
            run("sudo", &[&["-n", program], arguments].concat())
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // A test that failed leaves no server behind; one that is stopped already says so, which is no matter.
        let conf = self.text("conf");
        let arguments = ["-c", &conf, "stop"];
        let is_root = Path::new("/proc/self")
            .metadata()
            .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let mut command = Command::new(if is_root { "/usr/sbin/postfix" } else { "sudo" });
        if !is_root {
            command.args(["-n", "/usr/sbin/postfix"]);
        }
        _ = command.args(arguments).output();
    }
}

fn run(program: &str, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).output() {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).unwrap(),
        Ok(output) => panic!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{program} is needed for this test and cannot be started: {error}"),
    }
}

//! A PostgreSQL server of one's own, for tests: started in a folder of its own, gone when it is dropped.
//!
//! Needs Debian's package `postgresql`. The server does not run as root: where the tests do, user `postgres` runs it.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "only tests start a server; where it is missing they fail and say so"
)]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::{Options, Postgres};

/// A running server.
pub struct Server {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    databases: AtomicU32,
}

impl Server {
    /// Starts a server that listens on a socket in its folder and, encrypted, on a port of this machine.
    ///
    /// `settings` are added to its configuration: `fsync=off`.
    #[must_use]
    pub fn start(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // User postgres must be able to enter it.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Self {
            folder,
            programs: programs(),
            port,
            databases: AtomicU32::new(0),
        };
        server.certificates();
        let data = server.path("data");
        server.run(
            "initdb",
            &[
                "-D",
                &data,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-U",
                "sanmon",
                "--no-sync",
            ],
        );
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c ssl=on -c ssl_cert_file={} \
             -c ssl_key_file={} -c shared_buffers=32MB {}",
            server.folder.path().display(),
            server.path("server.crt"),
            server.path("server.key"),
            settings
                .iter()
                .map(|setting| format!("-c {setting} "))
                .collect::<String>(),
        );
        server.run(
            "pg_ctl",
            &["-D", &data, "-w", "-l", &server.path("log"), "-o", &options, "start"],
        );
        server
    }

    /// A new, empty database: the words to connect to it.
    #[must_use]
    pub fn database(&self) -> Options {
        let name = format!("city{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let admin = Postgres::connect(&self.options("postgres", false)).unwrap();
        admin.outside(&format!("CREATE DATABASE {name}")).unwrap();
        self.options(&name, false)
    }

    /// The same database, encrypted over the network.
    #[must_use]
    pub fn encrypted(&self, options: &Options) -> Options {
        let name = options.connection.rsplit("dbname=").next().unwrap();
        self.options(name, true)
    }

    fn options(&self, database: &str, encrypted: bool) -> Options {
        let (host, authority) = if encrypted {
            ("localhost".to_owned(), Some(PathBuf::from(self.path("authority.crt"))))
        } else {
            (self.folder.path().display().to_string(), None)
        };
        let connection = format!("host={host} port={} user=sanmon dbname={database}", self.port);
        Options {
            authority,
            ..Options::new(connection)
        }
    }

    /// Stops the server at once, as a crash of the machine would.
    pub fn crash(&self) {
        self.run("pg_ctl", &["-D", &self.path("data"), "-m", "immediate", "-w", "stop"]);
    }

    /// Starts it again after [`Server::crash`].
    pub fn recover(&self) {
        // `pg_ctl restart` repeats the options that the server was started with.
        self.run(
            "pg_ctl",
            &["-D", &self.path("data"), "-w", "-l", &self.path("log"), "restart"],
        );
    }

    /// A database as SQL, to be [loaded](Server::load) into an empty one.
    #[must_use]
    pub fn dump(&self, options: &Options) -> String {
        let program = self.programs.join("pg_dump");
        let words = [
            "--inserts",
            "--no-owner",
            "--no-comments",
            "-T",
            "ephemeral",
            "-d",
            &options.connection,
        ];
        let output = Command::new(program).args(words).output();
        let Ok(output) = output.as_ref() else {
            panic!("pg_dump cannot be started")
        };
        // `\restrict` is a word of newer clients only.
        let lines = String::from_utf8(output.stdout.clone()).unwrap();
        lines
            .lines()
            .filter(|line| !line.starts_with('\\'))
            .fold(String::new(), |all, line| all + line + "\n")
    }

    /// Fills an empty database with what [`Server::dump`] wrote.
    pub fn load(&self, options: &Options, file: &Path) {
        let program = Path::new("psql");
        let words = ["-q", "-v", "ON_ERROR_STOP=1", "-d", &options.connection, "-f"];
        succeeded("psql", Command::new(program).args(words).arg(file).output());
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// An authority, and the server's certificate that it signed.
    fn certificates(&self) {
        let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"];
        let [key, certificate] = [self.path("authority.key"), self.path("authority.crt")];
        let authority = ["-subj", "/CN=authority", "-keyout", &key, "-out", &certificate];
        succeeded(
            "openssl",
            Command::new("openssl").args(request).args(authority).output(),
        );
        let [server_key, server_certificate] = [self.path("server.key"), self.path("server.crt")];
        let made = Command::new("openssl")
            .args(request)
            .args(["-subj", "/CN=localhost", "-CA", &certificate, "-CAkey", &key])
            .args([
                "-addext",
                "subjectAltName=DNS:localhost",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ])
            .args(["-keyout", &server_key, "-out", &server_certificate])
            .output();
        succeeded("openssl", made);
        if is_root() {
            succeeded("chown", Command::new("chown").args(["postgres", &server_key]).output());
        }
        succeeded("chmod", Command::new("chmod").args(["600", &server_key]).output());
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let output = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command.args(arguments).current_dir(self.folder.path()).output()
        } else {
            Command::new(&program)
                .args(arguments)
                .current_dir(self.folder.path())
                .output()
        };
        succeeded(&program.display().to_string(), output);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that fails has said why; a server that is gone needs no stopping.
        let mut command = Command::new(if is_root() { "runuser" } else { "env" });
        if is_root() {
            command.args(["-u", "postgres", "--"]);
        }
        let stop = ["-D", &self.path("data"), "-m", "immediate", "stop"];
        _ = command
            .arg(self.programs.join("pg_ctl"))
            .args(stop)
            .current_dir(self.folder.path())
            .output();
    }
}

fn succeeded(program: &str, output: std::io::Result<Output>) {
    match output {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("{program}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{program} is needed for this test and cannot be started: {error}"),
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

/// The newest version that is installed.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let mut found: Vec<PathBuf> = versions
        .map(|versions| {
            versions
                .filter_map(|version| Some(version.ok()?.path().join("bin")))
                .collect()
        })
        .unwrap_or_default();
    found.retain(|programs| programs.join("initdb").exists());
    found.sort();
    match found.pop() {
        Some(programs) => programs,
        None if Path::new("/usr/local/bin/initdb").exists() => PathBuf::from("/usr/local/bin"),
        None => panic!("PostgreSQL is needed for this test and not installed: apt-get install postgresql"),
    }
}

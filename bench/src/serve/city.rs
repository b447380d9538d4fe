//! The sample city with more terminals than a city has, and somebody who is signed in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use access::opaque::Opaque;
use access::rule::{Assurance, Strength};
use access::session::cookie::{Cookies, Name};
use access::session::{Scope, Session};
use access::signin::Progress;
use model::clock::{Clock as _, SystemClock};
use model::random::SystemRandom;
use store::Store;
use store_sqlite::Sqlite;

use crate::stop::OrStop as _;

const REGISTERS: &str = "registers";
const TERMINALS: &str = "terminal.csv";
const ROLES: &str = "role_assignment.csv";
/// What stands in the register of roles for whoever answers for the whole city.
const ANSWERS_FOR_ALL: &str = "統括情報セキュリティ責任者";

/// A city folder, and the data folder of the service.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) folder: PathBuf,
    pub(crate) data: PathBuf,
    /// Of all registers.
    pub(crate) rows: usize,
    /// Codes of the terminals.
    pub(crate) terminals: Vec<String>,
    /// Somebody who may read all of them.
    person: String,
}

impl City {
    /// Writes the sample city with `terminals` terminals: the sample's own, then copies under codes of their own.
    pub(crate) fn make(below: &Path, terminals: usize) -> Self {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample");
        let folder = below.join("city");
        make_folder(&folder.join(REGISTERS));
        let mut city = Self {
            data: below.join("data"),
            rows: 0,
            terminals: Vec::new(),
            person: String::new(),
            folder,
        };
        for name in ["city.toml", "policy.txt"] {
            write(&city.folder.join(name), &read(&sample.join(name)));
        }
        for file in std::fs::read_dir(sample.join(REGISTERS)).or_stop("the sample's registers") {
            let name = file.or_stop("the sample's registers").file_name();
            let mut text = read(&sample.join(REGISTERS).join(&name));
            if name == TERMINALS {
                text = city.more(&text, terminals);
            }
            if name == ROLES {
                let line = text.lines().find(|line| line.contains(ANSWERS_FOR_ALL));
                let person = line.and_then(|line| line.split(',').nth(2)).or_stop(ANSWERS_FOR_ALL);
                person.clone_into(&mut city.person);
            }
            city.rows += text.lines().count().saturating_sub(1);
            write(&city.folder.join(REGISTERS).join(&name), &text);
        }
        city
    }

    fn more(&mut self, text: &str, terminals: usize) -> String {
        let (heading, rows) = text.split_once("\r\n").or(text.split_once('\n')).or_stop(TERMINALS);
        let rows: Vec<(&str, &str)> = rows.lines().filter_map(|line| line.split_once(',')).collect();
        let mut text = heading.to_owned();
        let wanted = terminals.max(rows.len());
        for (number, (code, rest)) in rows.iter().cycle().take(wanted).enumerate() {
            let code = if number < rows.len() {
                (*code).to_owned()
            } else {
                format!("PC-{:06}", number + 1)
            };
            text.push_str("\r\n");
            text.push_str(&code);
            text.push(',');
            text.push_str(rest);
            self.terminals.push(code);
        }
        text.push_str("\r\n");
        text
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data.join("sanmon.db")
    }

    pub(crate) fn database_megabytes(&self) -> f64 {
        let bytes = std::fs::metadata(self.database()).or_stop("the database").len();
        bytes as f64 / (1 << 20) as f64
    }

    /// Signs somebody in, while no service uses the database; returns the cookie to send.
    ///
    /// The sign-in itself is left out: it asks for a passkey, and is slow on purpose.
    pub(crate) fn sign_in(&self) -> String {
        let store: &dyn Store = &Sqlite::open(&self.database()).or_stop("the database");
        store.migrate().or_stop("the layout of the database");
        let now = SystemClock.now();
        let session = Session {
            assurance: Some(Assurance {
                strength: Strength::Passkey,
                model: None,
            }),
            ..Session::begin(
                &Progress::begin(now),
                &self.person,
                Scope::Full,
                "127.0.0.1",
                "bench",
                now,
            )
        };
        let id = Opaque::draw(&SystemRandom);
        let value = serde_json::to_vec(&session).or_stop("a session");
        let life = Duration::from_secs(3600);
        store
            .hold("session", &id.hash(), &value, now, life)
            .or_stop("keep a session");
        let cookie = Cookies::at("http://localhost").set(Name::Session, &id.text());
        cookie.split(';').next().unwrap_or_default().to_owned()
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).or_stop("a file of the sample city")
}

#[expect(clippy::disallowed_methods, reason = "a measurement makes the city that it measures")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).or_stop("write the city");
}

#[expect(clippy::disallowed_methods, reason = "a measurement makes the city that it measures")]
fn make_folder(path: &Path) {
    std::fs::create_dir_all(path).or_stop("make the folder of the city");
}

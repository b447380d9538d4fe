//! The city that the nodes serve: the sample, in a database of PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use access::authority::Authority;
use access::seal::KeyRing;
use access::token::{Kind, Scope};
use approval::kind::Kinds;
use model::clock::{Clock as _, SystemClock};
use model::random::SystemRandom;
use serde_json::Value;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::acts::token::Wanted;
use service::hall::entrance::sessions::Seen;
use service::hall::entrance::{Entrance, Origin};
use service::hall::notary::{Anchor, Notary};
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::{Sequencer, Store};
use store_postgres::trial::Server;
use store_postgres::{Options, Postgres};
use tempfile::TempDir;

const NODES: [&str; 2] = ["a", "b"];
const KEY: [u8; 32] = [7; 32];

/// A founded city, and what its nodes need.
pub(crate) struct City {
    folder: TempDir,
    store: Arc<dyn Store>,
    ports: BTreeMap<&'static str, u16>,
    /// Of somebody who may write the register of terminals.
    pub(crate) token: String,
}

impl City {
    /// Loads the sample into a database; every node gets the keys and the checkpoint.
    pub(crate) fn found(server: &Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = server.database();
        let store: Arc<dyn Store> = Arc::new(Postgres::connect(&options).unwrap());
        store.migrate().unwrap();
        let first = folder.path().join("a");
        put(&first.join("keys/seal"), &KEY);
        put(&first.join("keys/ledger"), &KEY);
        let token = load(&store, &first.join("checkpoint"));
        for name in ["keys/seal", "keys/ledger", "checkpoint"] {
            put(
                &folder.path().join("b").join(name),
                &std::fs::read(first.join(name)).unwrap(),
            );
        }
        let city = Self {
            store,
            token,
            ports: NODES.into_iter().map(|name| (name, free_port())).collect(),
            folder,
        };
        for name in NODES {
            put(&city.configuration(name), city.written(name, &options).as_bytes());
        }
        city
    }

    fn written(&self, name: &str, options: &Options) -> String {
        format!(
            "[server]\nlisten = \"127.0.0.1:{}\"\n[store]\nfolder = {:?}\ndatabase = {:?}\nconnections = 6\n",
            self.port(name),
            self.folder(name),
            options.connection
        )
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn configuration(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.toml"))
    }

    pub(crate) fn port(&self, name: &str) -> u16 {
        self.ports[name]
    }

    /// Which node does a job.
    pub(crate) fn leader(&self, job: &str) -> Option<Vec<u8>> {
        let held = self.store.held("lease", job, SystemClock.now()).unwrap();
        held.map(|held| held.value)
    }

    /// The keys of the terminals in the database.
    pub(crate) fn terminals(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let each = &mut |entry: store::Entry| {
            keys.insert(entry.key);
            Ok(())
        };
        self.store.scan("terminal", each).unwrap();
        keys
    }

    /// How the clauses stood over time, oldest first, as the jobs recorded it.
    pub(crate) fn standings(&self) -> BTreeMap<String, Vec<Value>> {
        let mut clauses = Vec::new();
        let each = &mut |entry: store::Entry| {
            clauses.push(entry.key);
            Ok(())
        };
        self.store.scan("hall.standing", each).unwrap();
        let over_time = |clause: String| {
            let mut versions = self.store.versions("hall.standing", &clause).unwrap();
            versions.sort_by_key(|version| version.version);
            (
                clause,
                versions.into_iter().filter_map(|version| version.document).collect(),
            )
        };
        clauses.into_iter().map(over_time).collect()
    }

    /// The program itself finds nothing wrong with the whole ledger.
    pub(crate) fn verify(&self, name: &str) {
        let output = Command::new(env!("CARGO_BIN_EXE_sanmon"))
            .args(["ledger", "verify", "--format", "json", "--config"])
            .arg(self.configuration(name))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(verdict["verdict"], "sound", "{verdict}");
    }
}

/// Founds the sample city; returns a token of one of its people.
fn load(store: &Arc<dyn Store>, checkpoint: &Path) -> String {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let sequencer = Sequencer::start(Arc::clone(store), clock.clone(), random.clone()).unwrap();
    let mut entrance = Entrance::at("http://localhost:8080", "三門", KeyRing::from_bytes(&KEY).unwrap()).unwrap();
    entrance.is_sample = true;
    let hall = Hall::open(Parts {
        store: Arc::clone(store),
        sequencer,
        clock,
        random,
        entrance,
        request_kinds: Kinds::shipped().unwrap(),
        authority: Authority::shipped().unwrap(),
        notary: Notary::new("mihon.example/ledger", &KEY, Box::new(Beside(checkpoint.to_owned()))).unwrap(),
    })
    .unwrap_or_else(|error| panic!("{error:#?}"));
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    let folder = Folder::read(&sample, None, &mut |_| {}).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let sources = Sources::of_folder(&sample, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let founding = Founding {
        sources: &sources,
        folder: &folder,
    };
    hall.found(None, &founding, &mut |_, _| {}).unwrap();
    let token = token(&hall);
    hall.sign_checkpoint().unwrap();
    token
}

fn token(hall: &Hall) -> String {
    let people = hall.sample_people();
    let manager = people
        .iter()
        .find(|person| person.role.en == "general information security manager")
        .unwrap();
    let origin = Origin {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        agent: "test".to_owned(),
    };
    let session = hall.sign_in_as_sample(&manager.person, &origin).unwrap();
    let Seen::Visitor(visitor) = hall.seen(Some(&session.text())).unwrap() else {
        panic!("nobody signed in")
    };
    let wanted = Wanted {
        kind: Kind::Personal,
        name: "test".to_owned(),
        scopes: BTreeSet::from([Scope::RegistersRead, Scope::RegistersWrite]),
        days: 1,
    };
    hall.make_token(&visitor, &wanted).unwrap().text().to_owned()
}

/// The checkpoint as a node finds it.
struct Beside(PathBuf);

impl Anchor for Beside {
    fn load(&self) -> std::io::Result<Option<String>> {
        Ok(std::fs::read_to_string(&self.0).ok())
    }

    fn save(&self, checkpoint: &str) -> std::io::Result<()> {
        std::fs::write(&self.0, checkpoint)
    }
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

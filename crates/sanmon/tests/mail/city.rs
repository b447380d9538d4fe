//! The sample city, with letters that wait to be sent.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use access::authority::Authority;
use access::seal::KeyRing;
use approval::kind::Kinds;
use model::clock::SystemClock;
use model::lang::Text;
use model::random::SystemRandom;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::Entrance;
use service::hall::notary::{Anchor, Notary};
use service::hall::notices::{Link, Outbox, Wanted, Wish, kinds};
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::{Sequencer, Store};
use store_sqlite::Sqlite;
use tempfile::TempDir;

use crate::postfix::Postfix;

/// To whom letters go.
pub(crate) const PERSON: &str = "P0056";
const KEY: [u8; 32] = [7; 32];

/// A founded city in a folder.
pub(crate) struct City {
    folder: TempDir,
    hall: Hall,
}

/// The service over that city.
pub(crate) struct Service {
    process: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl City {
    pub(crate) fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        for name in ["seal", "ledger"] {
            put(&data.join("keys").join(name), &KEY);
        }
        let hall = open(&data);
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
        let read = Folder::read(&sample, None, &mut |_| {}).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let sources = Sources::of_folder(&sample, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let founding = Founding {
            sources: &sources,
            folder: &read,
        };
        hall.found(None, &founding, &mut |_, _| {}).unwrap();
        hall.sign_checkpoint().unwrap();
        // As the service has it, which is not started yet.
        hall.open_outbox(Outbox {
            unless_chosen: Wish::AtOnce,
            digest_hour: 8,
        });
        Self { folder, hall }
    }

    /// Has somebody told something, by mail too.
    pub(crate) fn tell(&self, key: &str, title: &str) {
        let wanted = Wanted {
            key: key.to_owned(),
            to: vec![PERSON.to_owned()],
            title: Text::same(title),
            link: Link::Request("2026-00001".to_owned()),
        };
        assert_eq!(self.hall.tell(&kinds::decided::KIND, &wanted).unwrap(), 1);
    }

    /// How many letters wait.
    pub(crate) fn waiting(&self) -> usize {
        self.hall.waiting_letters().unwrap()
    }

    /// Starts the service; returns once it listens.
    pub(crate) fn serve(&self, postfix: &Postfix, authority: PathBuf) -> Service {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let configuration = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\nurl = \"http://localhost:{port}\"\n[store]\nfolder = {:?}\n\
             [mail]\nserver = \"localhost\"\nport = {}\nauthority = {authority:?}\n\
             from = \"三門 <sanmon@city.mihon.example>\"\nunless_chosen = \"none\"\n",
            self.folder.path().join("data"),
            postfix.port,
        );
        let path = self.folder.path().join("sanmon.toml");
        put(&path, configuration.as_bytes());
        Service::start(&path)
    }
}

impl Service {
    fn start(configuration: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sanmon"))
            .args(["serve", "--lang", "en", "--config"])
            .arg(configuration)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in lines {
                into.lock().unwrap().push_str(&(line.unwrap() + "\n"));
            }
        });
        let service = Self {
            process,
            log,
            reader: Some(reader),
        };
        crate::eventually("the service listens", || service.log().contains("running: "));
        service
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Asks it to stop; what it said.
    pub(crate) fn stop(mut self) -> String {
        let asked = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .unwrap();
        assert!(asked.success());
        assert!(self.process.wait().unwrap().success(), "{}", self.log());
        self.reader.take().unwrap().join().unwrap();
        self.log()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed leaves no service behind.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn open(data: &Path) -> Hall {
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&data.join("sanmon.db")).unwrap());
    store.migrate().unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let sequencer = Sequencer::start(Arc::clone(&store), clock.clone(), random.clone()).unwrap();
    let entrance = Entrance::at("http://localhost:8080", "三門", KeyRing::from_bytes(&KEY).unwrap()).unwrap();
    Hall::open(Parts {
        store,
        sequencer,
        clock,
        random,
        entrance,
        request_kinds: Kinds::shipped().unwrap(),
        authority: Authority::shipped().unwrap(),
        notary: Notary::new("mihon.example/ledger", &KEY, Box::new(Beside(data.join("checkpoint")))).unwrap(),
    })
    .unwrap_or_else(|error| panic!("{error:#?}"))
}

/// The checkpoint where the service finds it.
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

//! The sample city, served by the program with a configuration of the test.

use std::path::Path;

use store::Store;
use store_sqlite::Sqlite;
use tempfile::TempDir;

use super::browser::Browser;
use super::peer::{self, Peer};

/// A running service, on a folder of its own.
pub(super) struct City {
    pub(super) folder: TempDir,
    pub(super) port: u16,
    _peer: Peer,
}

impl City {
    /// Serves the sample city at `http://localhost:PORT`; `more` is what the configuration says besides, with `FOLDER` for the
    /// folder that holds `files`.
    pub(super) fn start(more: &str, files: &[(&str, &str)]) -> Self {
        Self::at(peer::free_port(), None, more, files)
    }

    /// At a port that a peer was told before, or under another URL than the one that it listens at.
    pub(super) fn at(port: u16, url: Option<&str>, more: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for (name, content) in files {
            peer::write(&folder.path().join(name), content);
        }
        let url = url.map_or_else(|| format!("http://localhost:{port}"), str::to_owned);
        let configuration = format!(
            "server.listen = \"127.0.0.1:{port}\"\nserver.url = \"{url}\"\nstore.folder = \"{}\"\n{}",
            path("data"),
            more.replace("FOLDER", &folder.path().display().to_string()),
        );
        peer::write(&folder.path().join("sanmon.toml"), &configuration);
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
        let (configuration, sample) = (path("sanmon.toml"), sample.display().to_string());
        let arguments = ["serve", "--lang", "en", "--config", &configuration, "--city", &sample];
        let peer = peer::start(env!("CARGO_BIN_EXE_sanmon"), &arguments, "running: ");
        Self {
            folder,
            port,
            _peer: peer.listening(port),
        }
    }

    /// A browser that knows nothing yet.
    pub(super) fn browser(&self) -> Browser {
        Browser::new(&format!("http://localhost:{}", self.port))
    }

    /// How many acts of a kind stand in the ledger.
    pub(super) fn acts(&self, kind: &str) -> usize {
        let opened = Sqlite::open(&self.folder.path().join("data/sanmon.db")).unwrap();
        let store: &dyn Store = &opened;
        let size = store.head().unwrap().edge.size();
        let leaves = store.leaves(size.saturating_sub(200), 200).unwrap();
        let kinds = leaves.iter().map(|leaf| store::log::parsed(&leaf.bytes).unwrap().kind);
        kinds.filter(|known| known == kind).count()
    }
}

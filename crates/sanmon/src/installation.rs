//! What a configuration names: the database, the ledger with its keys, the folder that holds them.

use std::io;
use std::sync::Arc;

use ledger::checkpoint::Checkpoint;
use ledger::note::Note;
use model::lang::Text;
use service::hall::notary::{Anchor as _, NoNotary, Notary};
use store::Store;
use store_postgres::{Options, Postgres};
use store_sqlite::Sqlite;

use crate::configuration::Configuration;
use crate::data_folder::DataFolder;
use crate::serve::Stopped;

/// A city's installation that is looked at from outside, while the service runs or stands still.
pub(crate) struct Installation {
    pub(crate) configuration: Configuration,
    pub(crate) folder: DataFolder,
    pub(crate) store: Arc<dyn Store>,
}

impl Installation {
    /// Opens what is there and makes nothing.
    ///
    /// # Errors
    /// There is no folder, no database, or one of another version.
    pub(crate) fn look(configuration: Configuration) -> Result<Self, Stopped> {
        let folder = DataFolder::look(&configuration.store.folder).map_err(|error| absent(&configuration, &error))?;
        if configuration.store.database == "sqlite" && !folder.path("sanmon.db").is_file() {
            return Err(absent(&configuration, &io::ErrorKind::NotFound.into()));
        }
        let store = database(&configuration, &folder)?;
        let layout = store.layout()?;
        if layout.found < layout.known {
            return Err(Stopped::Told(Text::fixed(
                "データベースがこの版の形になっていない。「sanmon migrate」を先に行ってください",
                "the database is not laid out for this version; run `sanmon migrate` first",
            )));
        }
        Ok(Self {
            configuration,
            folder,
            store,
        })
    }

    /// Who signs the ledger.
    ///
    /// # Errors
    /// Its key is not there; the saved checkpoint is not signed with it.
    pub(crate) fn notary(&self) -> Result<Notary, Stopped> {
        let seed = self.folder.kept_key("ledger").map_err(machine("keys/ledger"))?;
        notary(&self.configuration, &self.folder, &seed)
    }
}

/// Who signs the ledger, with the key of this seed.
///
/// # Errors
/// The saved checkpoint is not signed with it.
pub(crate) fn notary(configuration: &Configuration, folder: &DataFolder, seed: &[u8; 32]) -> Result<Notary, Stopped> {
    let origin = origin(configuration, folder)?;
    Notary::new(&origin, seed, Box::new(folder.anchor())).map_err(|fault| Stopped::Told(unsigned(&fault)))
}

/// What the ledger is called: as configured, as it was called before, or after the URL that people know. A ledger keeps its
/// name when the service moves to another address.
fn origin(configuration: &Configuration, folder: &DataFolder) -> Result<String, Stopped> {
    if let Some(origin) = &configuration.ledger.origin {
        return Ok(origin.clone());
    }
    let saved = folder.anchor().load().map_err(machine("checkpoint"))?;
    let saved = saved.and_then(|note| read_checkpoint(&note));
    Ok(saved.map_or_else(
        || {
            let url = configuration.server.url.as_str();
            let host = url.split_once("://").map_or(url, |(_, host)| host);
            format!("{}/ledger", host.trim_end_matches('/'))
        },
        |checkpoint| checkpoint.origin().to_owned(),
    ))
}

/// What a saved note says, whoever signed it.
pub(crate) fn read_checkpoint(note: &str) -> Option<Checkpoint> {
    let note = Note::parse(note.as_bytes()).ok()?;
    Checkpoint::parse(note.text()).ok()
}

/// The only place that names a concrete store.
///
/// # Errors
/// The database cannot be opened or reached.
pub(crate) fn database(configuration: &Configuration, folder: &DataFolder) -> Result<Arc<dyn Store>, Stopped> {
    let url = configuration.store.database.as_str();
    if url == "sqlite" {
        return Ok(Arc::new(Sqlite::open(&folder.path("sanmon.db"))?));
    }
    let options = Options {
        connections: configuration.store.connections,
        authority: configuration.store.authority.clone(),
        ..Options::new(url)
    };
    Ok(Arc::new(Postgres::connect(&options)?))
}

/// Something of this machine that failed, by the name of what it is about.
pub(crate) fn machine(what: &'static str) -> impl Fn(io::Error) -> Stopped {
    move |error| Stopped::Machine(format!("{what}: {error}"))
}

fn absent(configuration: &Configuration, error: &io::Error) -> Stopped {
    let folder = configuration.store.folder.display();
    Stopped::Told(Text::new(
        format!("「{folder}」に市のデータがない({error})。--data か --config で場所を指定してください"),
        format!("there is no city in `{folder}` ({error}); say where it is with --data or --config"),
    ))
}

fn unsigned(fault: &NoNotary) -> Text {
    let (ja, en) = (
        match fault {
            NoNotary::Key(fault) => format!("証跡の名か鍵が使えない: {}", fault.ja()),
            NoNotary::Anchor(error) => format!("保存したチェックポイントを読めない: {error}"),
            NoNotary::Foreign(refusal) => format!(
                "保存したチェックポイント(checkpoint)が、この鍵で署名したものではない: {}。チェックポイントと鍵(keys/ledger)を元の場所に戻すか、バックアップから復元してください",
                refusal.ja()
            ),
        },
        match fault {
            NoNotary::Foreign(_) => format!("{fault}; put checkpoint and keys/ledger back, or restore a backup"),
            NoNotary::Key(_) | NoNotary::Anchor(_) => fault.to_string(),
        },
    );
    Text::new(ja, en)
}

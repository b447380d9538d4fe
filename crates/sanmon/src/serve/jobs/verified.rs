//! Whether a backup can be restored: it is restored, into a database that goes away again, and the whole ledger is verified there.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use model::lang::Text;
use store::{Blobs, Signed, Store};
use store_sqlite::Sqlite;

use crate::installation::{machine, read_checkpoint};
use crate::serve::Stopped;

/// Restores the backup beside where backups are kept, which has room for it.
///
/// # Errors
/// It is damaged, its ledger differs from what was signed, or there is no room.
pub(super) fn verify(path: &Path, folder: &Path) -> Result<(), Stopped> {
    let aside = tempfile::Builder::new().prefix("verify-").tempdir_in(folder);
    let aside = aside.map_err(machine("backup.folder"))?;
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&aside.path().join("restored.db"))?);
    store.migrate()?;
    let blobs = Blobs::in_folder(aside.path())?;
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path).map_err(machine("backup.folder"))?);
    let restored = store.restore(&mut reader, Some(&blobs))?;
    let checkpoint = restored.files.iter().find(|(name, _)| name == "checkpoint");
    let checkpoint = checkpoint.and_then(|(_, note)| read_checkpoint(std::str::from_utf8(note).ok()?));
    let signed = checkpoint.map(|checkpoint| Signed {
        size: checkpoint.size(),
        root: checkpoint.root(),
    });
    if let Some(why) = store.start_check(signed)? {
        return Err(Stopped::Told(why));
    }
    let verified = store.verify()?;
    match verified {
        Ok(_) => Ok(()),
        Err(_) => Err(Stopped::Told(Text::fixed(
            "バックアップを復元して検証したところ、証跡と一致しない",
            "the backup was restored, and its records are not those of the ledger",
        ))),
    }
}

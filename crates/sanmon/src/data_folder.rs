//! The folder of a running service: keys, the signed checkpoint, the database file.
//!
//! ```text
//! sanmon.db            the database, where it is SQLite
//! keys/ledger          the seed of the ledger's signing key; whoever has it can sign checkpoints
//! keys/seal            the key that seals secrets in the database
//! checkpoint           the last signed checkpoint: what the database is compared with at start
//! blobs/               attached files
//! lock                 held by the process that uses the folder
//! ```

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use model::random::Random;
use service::hall::notary::Anchor;

use crate::output;

/// The folder: in use by this process alone, or looked into beside the process that uses it.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: Option<File>,
}

impl DataFolder {
    /// Opens the folder, and makes it where it does not exist; nobody but its owner may look inside.
    ///
    /// # Errors
    /// It cannot be made or read, or another process uses it (`WouldBlock`).
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        for folder in [path.to_path_buf(), path.join("keys"), path.join("blobs")] {
            private_folder(&folder)?;
        }
        let lock = private_file(&path.join("lock"), false)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => io::Error::from(io::ErrorKind::WouldBlock),
            fs::TryLockError::Error(error) => error,
        })?;
        Ok(Self {
            path: path.to_path_buf(),
            _lock: Some(lock),
        })
    }

    /// The folder as it is, to be read only; a service may be using it.
    ///
    /// # Errors
    /// There is no such folder.
    pub(crate) fn look(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self {
                path: path.to_path_buf(),
                _lock: None,
            })
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// The path of something in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where the signed checkpoint is kept.
    pub(crate) fn anchor(&self) -> CheckpointFile {
        CheckpointFile(self.path("checkpoint"))
    }

    /// A key of 32 bytes, made at first use.
    ///
    /// # Errors
    /// The file cannot be read or written, or does not hold 32 bytes.
    pub(crate) fn key(&self, name: &str, random: &dyn Random) -> io::Result<[u8; 32]> {
        match self.kept_key(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                random.fill(&mut key);
                self.put_key(name, &key)?;
                Ok(key)
            }
            kept => kept,
        }
    }

    /// A key that is there already.
    ///
    /// # Errors
    /// `NotFound`; or the file cannot be read, or does not hold 32 bytes.
    pub(crate) fn kept_key(&self, name: &str) -> io::Result<[u8; 32]> {
        let path = self.path.join("keys").join(name);
        let mut bytes = Vec::with_capacity(33);
        File::open(&path)?.take(33).read_to_end(&mut bytes)?;
        let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, format!("{}: not 32 bytes", path.display()));
        bytes.as_slice().try_into().map_err(wrong)
    }

    /// Keeps a key where none is kept by that name.
    ///
    /// # Errors
    /// `AlreadyExists`, or the file cannot be written.
    pub(crate) fn put_key(&self, name: &str, key: &[u8; 32]) -> io::Result<()> {
        let mut file = private_file(&self.path.join("keys").join(name), true)?;
        file.write_all(key)?;
        file.sync_all()
    }
}

/// The signed checkpoint as a file of the folder.
pub(crate) struct CheckpointFile(PathBuf);

impl Anchor for CheckpointFile {
    fn load(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.0) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn save(&self, checkpoint: &str) -> io::Result<()> {
        output::replace(&self.0, checkpoint.as_bytes())
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A file that only its owner may read; `new` where it must not exist yet.
fn private_file(path: &Path, new: bool) -> io::Result<File> {
    #[expect(
        clippy::disallowed_methods,
        reason = "keys must be readable by their owner alone from the first byte"
    )]
    let mut options = fs::OpenOptions::new();
    options
        .read(true)
        .write(true)
        .create(true)
        .create_new(new)
        .truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use model::random::SeededRandom;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_by_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("city");
        let random = SeededRandom::new(1);
        let first = DataFolder::open(&path).unwrap().key("seal", &random).unwrap();
        let second = DataFolder::open(&path).unwrap().key("seal", &random).unwrap();
        assert_eq!(first, second);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path.join("keys/seal")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_folder_in_use_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let _first = DataFolder::open(dir.path()).unwrap();
        let refused = DataFolder::open(dir.path()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn a_damaged_key_is_refused_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(dir.path()).unwrap();
        folder.key("seal", &SeededRandom::new(1)).unwrap();
        let file = private_file(&folder.path("keys/seal"), false).unwrap();
        file.set_len(5).unwrap();
        assert!(folder.key("seal", &SeededRandom::new(2)).is_err());
    }
}

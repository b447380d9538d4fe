//! The one home of file writing.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Replaces `path` as a whole: whoever reads it sees the old bytes or the new ones, also after a crash.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    let mut file = fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    settle(&part, path)
}

/// Puts a finished file in its place; its new name is on the disk when this returns.
pub(crate) fn settle(part: &Path, path: &Path) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    fs::rename(part, path)?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder)?.sync_all(),
        _ => fs::File::open(".")?.sync_all(),
    }
}

/// Writes a new file, with the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        folder(parent)?;
    }
    replace(path, bytes)
}

/// Makes a folder with those above it, if it is not there.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    fs::create_dir_all(path)
}

/// As [`replace`], in a folder that others write to as well: while it is unfinished it has a name that nothing had, so that neither
/// a file nor a link of theirs is written through.
pub(crate) fn replace_beside_others(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sanmon-").suffix(".part");
    // The umask takes from these what it takes from any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut part = builder.tempfile_in(parent.unwrap_or(Path::new(".")))?;
    part.write_all(bytes)?;
    part.as_file().sync_all()?;
    let part = part.into_temp_path();
    settle(&part, path)?;
    // It has its own name now.
    part.keep().map(drop).map_err(io::Error::from)
}

/// Writes a file that only its owner may read, piece by piece: it is there as a whole or not at all.
///
/// # Errors
/// What `fill` returns, or that the file cannot be written.
pub(crate) fn stream<T, E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = io::BufWriter::with_capacity(1 << 20, options.open(&part)?);
    let filled = fill(&mut file);
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    let remove = || fs::remove_file(&part);
    match filled {
        Ok(filled) => {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            settle(&part, path)?;
            Ok(filled)
        }
        Err(error) => {
            drop(file);
            remove()?;
            Err(error)
        }
    }
}

/// Removes a file that this program made: a backup that is too old or not sound.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    fs::remove_file(path)
}

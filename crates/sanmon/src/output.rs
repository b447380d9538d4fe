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
    #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
    fs::rename(&part, path)
}

/// Writes a new file, with the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        #[expect(clippy::disallowed_methods, reason = "this is the home of file writing")]
        fs::create_dir_all(folder)?;
    }
    replace(path, bytes)
}

//! A city goes into a file.

use std::io::Write;

use super::Header;
use super::frame::Frames;
use super::tables::{TABLES, write_row};
use crate::blob::Blobs;
use crate::driver::Store;
use crate::failure::{Failure, Result};
use crate::sequence::head::Head;
use crate::session::Snapshot;

/// Bytes of a frame, about.
const FRAME: usize = 256 << 10;

/// What goes into a backup beside the database.
#[derive(Default)]
pub struct Contents<'c> {
    /// Files by name: the last signed checkpoint, keys if the city wants them there.
    pub files: &'c [(String, Vec<u8>)],
    /// Where the files of documents are kept.
    pub blobs: Option<&'c Blobs>,
}

impl dyn Store + '_ {
    /// Writes a backup of one snapshot; acts go on meanwhile.
    ///
    /// # Errors
    /// What the database says, or that the file could not be written.
    pub fn back_up(&self, contents: &Contents<'_>, to: &mut dyn Write) -> Result<Header> {
        let schema = self.layout()?.found;
        let mut frames = Some(Frames::new(to).map_err(|error| file(&error))?);
        self.reading(|snapshot| {
            let mut frames = frames
                .take()
                .ok_or_else(|| Failure::File("a backup is written once".to_owned()))?;
            let edge = Head::read(snapshot)?.edge;
            let header = Header {
                schema,
                size: edge.size(),
                root: edge.root(),
            };
            let json = serde_json::to_vec(&header).map_err(|error| Failure::File(error.to_string()))?;
            frames.frame(b'H', &json).map_err(|error| file(&error))?;
            for (name, bytes) in contents.files {
                write_file(&mut frames, name, bytes)?;
            }
            if let Some(blobs) = contents.blobs {
                write_blobs(&mut frames, snapshot, blobs)?;
            }
            write_tables(&mut frames, snapshot)?;
            frames.finish().map_err(|error| file(&error))?;
            Ok(header)
        })
    }
}

fn write_file(frames: &mut Frames<'_>, name: &str, bytes: &[u8]) -> Result<()> {
    frames.frame(b'F', name.as_bytes()).map_err(|error| file(&error))?;
    for chunk in bytes.chunks(FRAME) {
        frames.frame(b'C', chunk).map_err(|error| file(&error))?;
    }
    Ok(())
}

fn write_blobs(frames: &mut Frames<'_>, snapshot: &mut dyn Snapshot, blobs: &Blobs) -> Result<()> {
    let hashes: Vec<[u8; 32]> = snapshot.rows("SELECT hash FROM blob ORDER BY hash", &[], |row| row.array(0))?;
    for hash in hashes {
        let bytes = blobs.get(&hash)?;
        let bytes = bytes.ok_or_else(|| Failure::File("a file of a document is missing".to_owned()))?;
        write_file(frames, &super::read::blob_name(&hash), &bytes)?;
    }
    Ok(())
}

fn write_tables(frames: &mut Frames<'_>, snapshot: &mut dyn Snapshot) -> Result<()> {
    for table in TABLES {
        frames
            .frame(b'T', table.name.as_bytes())
            .map_err(|error| file(&error))?;
        let mut rows = Vec::with_capacity(FRAME + FRAME / 4);
        snapshot.query(&table.select(), &[], &mut |row| {
            write_row(&mut rows, row, table.columns.len())?;
            if rows.len() >= FRAME {
                frames.frame(b'R', &rows).map_err(|error| file(&error))?;
                rows.clear();
            }
            Ok(())
        })?;
        if !rows.is_empty() {
            frames.frame(b'R', &rows).map_err(|error| file(&error))?;
        }
    }
    Ok(())
}

fn file(error: &std::io::Error) -> Failure {
    Failure::File(error.kind().to_string())
}

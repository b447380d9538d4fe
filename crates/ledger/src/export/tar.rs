//! The tar format (POSIX.1-1988 ustar), as much of it as plain files need.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::checkpoint::seconds;

const BLOCK: usize = 512;

/// Writes files into a tar stream, all below one folder, with one owner and one time: the same files give the same bytes.
pub(super) struct Tar<'a, W> {
    out: W,
    folder: &'a str,
    time: u64,
}

impl<'a, W: Write> Tar<'a, W> {
    pub(super) fn new(out: W, folder: &'a str, at: Timestamp) -> Self {
        Self {
            out,
            folder,
            time: seconds(at),
        }
    }

    /// Adds a file. Its path has at most 100 bytes, the folder included.
    pub(super) fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(&self.header(path, bytes.len())?)?;
        self.out.write_all(bytes)?;
        let rest = bytes.len() % BLOCK;
        if rest == 0 {
            Ok(())
        } else {
            self.zeros(BLOCK.saturating_sub(rest))
        }
    }

    /// Ends the stream: two empty blocks.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.zeros(2 * BLOCK)?;
        self.out.flush()
    }

    fn header(&self, path: &str, length: usize) -> io::Result<Vec<u8>> {
        let path = format!("{}/{path}", self.folder);
        // Name, mode, owner, group, size, time; then the checksum, as if it were blanks; type, magic, version.
        let before = [
            (path, 100),
            ("0000644".to_owned(), 8),
            ("0000000".to_owned(), 8),
            ("0000000".to_owned(), 8),
            (format!("{length:011o}"), 12),
            (format!("{:011o}", self.time), 12),
        ];
        let mut header = Vec::with_capacity(BLOCK);
        for (text, width) in before {
            if text.len() > width {
                return Err(io::Error::other("a path or a file is too long for the archive"));
            }
            header.extend(text.bytes().chain(std::iter::repeat(0)).take(width));
        }
        let mut after = b"0".to_vec();
        after.resize(101, 0);
        after.extend(b"ustar\x0000");
        after.resize(BLOCK - 156, 0);
        let sum: u32 = header
            .iter()
            .chain(&[b' '; 8])
            .chain(&after)
            .map(|byte| u32::from(*byte))
            .sum();
        header.extend(format!("{sum:06o}\0 ").bytes());
        header.extend(after);
        Ok(header)
    }

    fn zeros(&mut self, count: usize) -> io::Result<()> {
        self.out.write_all(&vec![0; count])
    }
}

//! Frames of a backup, and the hash over all of them.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

/// Longer frames are not read: nobody writes them.
const LONGEST: usize = 64 << 20;

/// Writes frames.
pub(super) struct Frames<'w> {
    to: &'w mut dyn Write,
    hash: Sha256,
}

impl<'w> Frames<'w> {
    pub(super) fn new(to: &'w mut dyn Write) -> io::Result<Self> {
        let mut frames = Self {
            to,
            hash: Sha256::new(),
        };
        frames.bytes(super::MAGIC)?;
        Ok(frames)
    }

    pub(super) fn frame(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        self.bytes(&[kind])?;
        self.bytes(&length.to_be_bytes())?;
        self.bytes(payload)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        let hash = std::mem::take(&mut self.hash).finalize();
        self.frame(b'Z', &hash)?;
        self.to.flush()
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.to.write_all(bytes)
    }
}

/// Reads frames, and checks the last one.
pub(super) struct Reader<'r> {
    from: &'r mut dyn Read,
    hash: Sha256,
    /// Set by the last frame.
    pub(super) complete: bool,
}

impl<'r> Reader<'r> {
    /// `None` where the bytes do not begin as a backup does.
    pub(super) fn new(from: &'r mut dyn Read) -> io::Result<Option<Self>> {
        let mut magic = [0; super::MAGIC.len()];
        match from.read_exact(&mut magic) {
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
            Ok(()) if magic == super::MAGIC => {}
            _ => return Ok(None),
        }
        let hash = Sha256::new_with_prefix(magic);
        Ok(Some(Self {
            from,
            hash,
            complete: false,
        }))
    }

    /// The next frame; `None` behind the last one.
    ///
    /// # Errors
    /// `InvalidData` where a frame is too long, the file is cut short, goes on behind its end, or its hash differs.
    pub(super) fn next(&mut self) -> io::Result<Option<(u8, Vec<u8>)>> {
        if self.complete {
            return Ok(None);
        }
        let mut head = [0; 5];
        self.exactly(&mut head)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut payload = vec![0; length];
        self.exactly(&mut payload)?;
        if kind == b'Z' {
            let expected = std::mem::take(&mut self.hash).finalize();
            let at_end = self.from.read(&mut [0])? == 0;
            if payload != expected.as_slice() || !at_end {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.complete = true;
            return Ok(None);
        }
        self.hash.update(head);
        self.hash.update(&payload);
        Ok(Some((kind, payload)))
    }

    fn exactly(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::ErrorKind::InvalidData.into(),
            _ => error,
        })
    }
}

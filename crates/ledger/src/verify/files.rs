//! A folder of tiles and bundles is verified.

use super::Difference;
use crate::Hash;
use crate::checkpoint::Checkpoint;
use crate::tile::{Cutter, Kind, Piece, Resource, bundle, read_hashes};
use crate::tree::{LEVEL_HEIGHT, TILE_WIDTH};

/// Where the files of a log are read from.
pub trait Files {
    /// Why a file cannot be read.
    type Error;

    /// The bytes of the file at this path (`tile/0/000`); `None` if there is none.
    ///
    /// # Errors
    /// It is there and cannot be read.
    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// Verifies the log whose checkpoint this is from its files alone: every entry is hashed, every tile compared with what the
/// entries make, and the root with the checkpoint's. A bundle that lies wholly below `minimum` may be missing; its leaves
/// are then taken from the tile. Whether the checkpoint is signed as it must be is asked of the policy before.
///
/// # Errors
/// The first thing that differs.
pub fn files<F: Files>(files: &mut F, checkpoint: &Checkpoint, minimum: u64) -> Result<(), Difference> {
    let size = checkpoint.size();
    let mut cutter = Cutter::default();
    for bundle in (0..size.div_ceil(TILE_WIDTH)).map(|index| bundle_at(index, size)) {
        let mut pieces = Vec::new();
        match load(files, bundle)? {
            Some(bytes) => add_entries(&mut cutter, bundle, &bytes, &mut pieces)?,
            None if bundle.is_full() && bundle.may_be_refused(minimum) => {
                for hash in leaves_of(files, bundle)? {
                    cutter.push_hash(hash, |piece| pieces.push(piece));
                }
            }
            None => return Err(missing(bundle)),
        }
        pieces.iter().try_for_each(|piece| compare(files, piece))?;
    }
    cutter.partial().try_for_each(|piece| compare(files, &piece))?;
    if cutter.edge().root() == checkpoint.root() {
        Ok(())
    } else {
        Err(Difference::Root { size })
    }
}

fn bundle_at(index: u64, size: u64) -> Resource {
    let width = size.saturating_sub(index.saturating_mul(TILE_WIDTH)).min(TILE_WIDTH);
    Resource {
        kind: Kind::Entries,
        index,
        width: u16::try_from(width).unwrap_or(0),
    }
}

/// The bytes of a resource. A partial one may have been replaced by the full one, which then begins with it.
fn load<F: Files>(files: &mut F, resource: Resource) -> Result<Option<Vec<u8>>, Difference> {
    let mut read = |resource: Resource| {
        let path = resource.to_string();
        files.read(&path).map_err(|_| Difference::Unreadable { path })
    };
    match read(resource)? {
        None if !resource.is_full() => Ok(read(resource.full())?.and_then(|bytes| beginning(resource, &bytes))),
        bytes => Ok(bytes),
    }
}

/// As much of a full resource as a partial one has.
fn beginning(resource: Resource, bytes: &[u8]) -> Option<Vec<u8>> {
    let width = usize::from(resource.width);
    let length = match resource.kind {
        Kind::Hashes(_) => width.saturating_mul(32),
        Kind::Entries => bundle::entries(bytes).take(width).try_fold(0usize, |length, entry| {
            Some(length.saturating_add(2).saturating_add(entry.ok()?.len()))
        })?,
    };
    bytes.get(..length).map(<[u8]>::to_vec)
}

fn add_entries(cutter: &mut Cutter, bundle: Resource, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), Difference> {
    let damaged = || Difference::Bundle {
        path: bundle.to_string(),
    };
    let mut count = 0u16;
    for entry in bundle::entries(bytes) {
        count = count
            .checked_add(1)
            .filter(|count| *count <= bundle.width)
            .ok_or_else(damaged)?;
        cutter.push(entry.map_err(|_| damaged())?, |piece| pieces.push(piece));
    }
    if count == bundle.width { Ok(()) } else { Err(damaged()) }
}

/// The leaf hashes of a pruned bundle.
fn leaves_of<F: Files>(files: &mut F, bundle: Resource) -> Result<Vec<Hash>, Difference> {
    let tile = Resource {
        kind: Kind::Hashes(0),
        ..bundle
    };
    let bytes = load(files, tile)?.ok_or_else(|| missing(tile))?;
    let hashes = read_hashes(&bytes).filter(|hashes| hashes.len() == usize::from(tile.width));
    hashes.ok_or_else(|| different(tile, &[], &bytes))
}

/// Compares a tile with its file. Bundles are where the pieces came from.
fn compare<F: Files>(files: &mut F, piece: &Piece) -> Result<(), Difference> {
    if piece.resource.kind == Kind::Entries {
        return Ok(());
    }
    let bytes = load(files, piece.resource)?.ok_or_else(|| missing(piece.resource))?;
    if bytes == piece.bytes {
        Ok(())
    } else {
        Err(different(piece.resource, &piece.bytes, &bytes))
    }
}

fn missing(resource: Resource) -> Difference {
    Difference::Missing {
        path: resource.to_string(),
    }
}

fn different(tile: Resource, ours: &[u8], theirs: &[u8]) -> Difference {
    let same = ours
        .chunks(32)
        .zip(theirs.chunks(32))
        .take_while(|(ours, theirs)| ours == theirs)
        .count();
    let level = match tile.kind {
        Kind::Hashes(level) => u32::from(level),
        Kind::Entries => 0,
    };
    let hash = tile
        .index
        .saturating_mul(TILE_WIDTH)
        .saturating_add(u64::try_from(same).unwrap_or(0));
    let index = hash.checked_shl(level.saturating_mul(LEVEL_HEIGHT)).unwrap_or(u64::MAX);
    Difference::Tile {
        path: tile.to_string(),
        index,
    }
}

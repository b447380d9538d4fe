//! A log is verified as a whole: every leaf from the bytes of its entry, every tile, every root.
//!
//! * [`Leaves`] verifies a stream of leaves, as a database gives them, in constant memory.
//! * [`files`] verifies a folder of tiles and bundles, as outsiders have it.

mod files;

pub use files::{Files, files};

use crate::Hash;
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, EntryFault};
use crate::tree::Edge;

/// The first thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The bytes of an entry do not have the hash that was kept of them.
    #[error("ledger entry {index} does not have the hash that was kept of it")]
    Leaf {
        /// The index of the entry.
        index: u64,
    },
    /// Bytes in the place of an entry that are none.
    #[error("ledger entry {index}: {fault}")]
    Entry {
        /// The index.
        index: u64,
        /// What is wrong with it.
        fault: EntryFault,
    },
    /// An entry says that it stands elsewhere.
    #[error("ledger entry {index} says that it is number {says}")]
    Place {
        /// The index where it stands.
        index: u64,
        /// Its own sequence number.
        says: u64,
    },
    /// The tree up to a checkpoint has another root.
    #[error("the first {size} ledger entries do not have the root of their checkpoint")]
    Root {
        /// The size of the checkpoint.
        size: u64,
    },
    /// The log is shorter than its checkpoint.
    #[error("the checkpoint speaks of {size} ledger entries, and there are {found}")]
    Short {
        /// The size of the checkpoint.
        size: u64,
        /// How many there are.
        found: u64,
    },
    /// A file is missing.
    #[error("`{path}` is missing")]
    Missing {
        /// Its path.
        path: String,
    },
    /// A tile has other hashes than the entries.
    #[error("`{path}` differs from the ledger entries, first at number {index}")]
    Tile {
        /// Its path.
        path: String,
        /// The first leaf below the first hash that differs.
        index: u64,
    },
    /// A bundle does not hold the entries that it must.
    #[error("`{path}` is damaged")]
    Bundle {
        /// Its path.
        path: String,
    },
    /// Something could not be read.
    #[error("`{path}` cannot be read")]
    Unreadable {
        /// Its path.
        path: String,
    },
}

impl Difference {
    /// The message in Japanese.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::Leaf { index } => format!("証跡の記録{index}番が、保存されているハッシュと一致しない"),
            Self::Entry { index, .. } => format!("証跡の記録{index}番が正規の形式でない"),
            Self::Place { index, says } => format!("証跡の記録{index}番に{says}番の記録が置かれている"),
            Self::Root { size } => format!("先頭から{size}件の記録が、チェックポイントの根と一致しない"),
            Self::Short { size, found } => {
                format!("チェックポイントは{size}件としているが、記録は{found}件しかない")
            }
            Self::Missing { path } => format!("「{path}」がない"),
            Self::Tile { path, index } => format!("「{path}」が記録と一致しない(最初の相違は{index}番)"),
            Self::Bundle { path } => format!("「{path}」が壊れている"),
            Self::Unreadable { path } => format!("「{path}」を読み取れない"),
        }
    }
}

/// Verifies leaves one after another.
///
/// ```
/// use ledger::{Hash, checkpoint::Checkpoint, verify::Leaves};
///
/// let checkpoint = Checkpoint::new("ledger.mihon.example", 1, Hash::leaf(b"an entry"))?;
/// let mut leaves = Leaves::against([checkpoint]);
/// leaves.hashed(b"an entry", None)?;
/// assert_eq!(leaves.finish()?.size(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Leaves {
    edge: Edge,
    /// Descending by size: the next one to be met stands last.
    checkpoints: Vec<Checkpoint>,
}

impl Leaves {
    /// Verifies against these checkpoints of one log, in any order.
    #[must_use]
    pub fn against(checkpoints: impl IntoIterator<Item = Checkpoint>) -> Self {
        let mut checkpoints: Vec<Checkpoint> = checkpoints.into_iter().collect();
        checkpoints.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size()));
        Self {
            edge: Edge::default(),
            checkpoints,
        }
    }

    /// The next leaf: its hash from its bytes, against the hash that was kept of it, if one was.
    ///
    /// # Errors
    /// It differs, or a checkpoint before it does.
    pub fn hashed(&mut self, entry: &[u8], kept: Option<Hash>) -> Result<Hash, Difference> {
        self.meet()?;
        let leaf = Hash::leaf(entry);
        if kept.is_some_and(|kept| kept != leaf) {
            return Err(Difference::Leaf {
                index: self.edge.size(),
            });
        }
        self.edge.push(leaf);
        Ok(leaf)
    }

    /// The next leaf, which must also be an entry that stands in its own place.
    ///
    /// # Errors
    /// As [`Leaves::hashed`], and if the bytes are no entry or one of another place.
    pub fn read(&mut self, bytes: &[u8], kept: Option<Hash>) -> Result<Entry, Difference> {
        let index = self.edge.size();
        self.hashed(bytes, kept)?;
        let entry = Entry::parse(bytes).map_err(|fault| Difference::Entry { index, fault })?;
        if entry.seq == index {
            Ok(entry)
        } else {
            Err(Difference::Place { index, says: entry.seq })
        }
    }

    /// How many leaves there were so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Ends the stream: every checkpoint must have been met.
    ///
    /// # Errors
    /// The last checkpoint differs, or one lies beyond the end.
    pub fn finish(mut self) -> Result<Edge, Difference> {
        self.meet()?;
        match self.checkpoints.last() {
            Some(beyond) => Err(Difference::Short {
                size: beyond.size(),
                found: self.edge.size(),
            }),
            None => Ok(self.edge),
        }
    }

    /// Compares the tree so far with the checkpoints of this size.
    fn meet(&mut self) -> Result<(), Difference> {
        let size = self.edge.size();
        while let Some(checkpoint) = self.checkpoints.pop_if(|checkpoint| checkpoint.size() == size) {
            if checkpoint.root() != self.edge.root() {
                return Err(Difference::Root { size });
            }
        }
        Ok(())
    }
}

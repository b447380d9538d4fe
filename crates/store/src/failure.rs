//! What can go wrong between the store and its database.

use model::lang::Text;
use thiserror::Error;

/// The database did not do what it was asked.
///
/// The details are for a log: they name tables, columns and codes of the database, never a value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// The database cannot be reached, is full, or refused a write.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Somebody else holds what is needed; the same call may succeed a moment later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database answered what no sound database of this schema answers.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The database was laid out by a newer program.
    #[error("the database has schema {found}, this program knows up to {known}")]
    Newer {
        /// The number of the newest migration in the database.
        found: i64,
        /// The number of the newest migration of this program.
        known: i64,
    },
    /// A migration in the database is not the one that this program knows by its number.
    #[error("migration {0} of the database is not the one of this program")]
    Foreign(i64),
    /// A file or an object could not be read or written.
    #[error("a file could not be read or written: {0}")]
    File(String),
}

impl Failure {
    /// What a user is told: no table, no code.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Unavailable(_) | Self::File(_) => Text::fixed(
                "データベースに書けない、又は読めない。空き容量と接続を確かめてください",
                "the database cannot be written or read; check free space and the connection",
            ),
            Self::Busy(_) => Text::fixed(
                "混み合っている。少し待ってからもう一度行ってください",
                "the database is busy; try again in a moment",
            ),
            Self::Damaged(_) => Text::fixed(
                "データベースが壊れている。バックアップからの復元が要る",
                "the database is damaged and has to be restored from a backup",
            ),
            Self::Newer { .. } => Text::fixed(
                "データベースは新しい版の三門で作られている。三門を更新してください",
                "the database was made by a newer version; update the program",
            ),
            Self::Foreign(_) => Text::fixed(
                "データベースの構造が、この版の三門のものと違う",
                "the layout of the database is not the one of this version",
            ),
        }
    }
}

/// The result of everything that asks the database.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

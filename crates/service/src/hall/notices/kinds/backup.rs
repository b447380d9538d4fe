//! A backup failed, or was found damaged.

use model::lang::Text;

use super::{Kind, nothing};

/// The kind.
pub const KIND: Kind = Kind {
    word: "backup",
    label: Text::fixed("バックアップ", "backup"),
    find: nothing,
};

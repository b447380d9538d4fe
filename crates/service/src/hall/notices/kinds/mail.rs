//! Letters do not go out.

use model::lang::Text;

use super::{Kind, nothing};

/// The kind.
pub const KIND: Kind = Kind {
    word: "mail",
    label: Text::fixed("メール", "mail"),
    find: nothing,
};

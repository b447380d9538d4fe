//! A witness that the configuration names does not cosign: what we sign meanwhile is our word alone.

use model::lang::Text;

use super::{Kind, nothing};

/// The kind.
pub const KIND: Kind = Kind {
    word: "witness",
    label: Text::fixed("副署がない", "not cosigned"),
    find: nothing,
};

//! A transfer of personnel (人事異動) was confirmed: those who run the installation look whether everybody has what they need.

use model::lang::Text;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::{Refusal, collection};

/// The kind.
pub const KIND: Kind = Kind {
    word: "transfer",
    label: Text::fixed("人事異動", "transfer"),
    find,
};

fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let changed = look.records.iter().filter(|(of, _)| of == collection::TRANSFER);
    let to = look.hall.administrators()?;
    let wanted = changed.map(|(_, key)| Wanted {
        key: key.clone(),
        to: to.clone(),
        title: Text::fixed("人事異動が確定しました", "a transfer of personnel was confirmed"),
        link: Link::Administration,
    });
    Ok(wanted.collect())
}

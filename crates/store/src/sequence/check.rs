//! What no caller of ours sends, refused before anything is read.

use serde_json::Value as Json;

use crate::act::{Act, Change, Put};
use crate::refused::Refused;

/// Bytes of a key, of a value that must be unique, of a name: both databases index them.
const INDEXED: usize = 1_000;

/// Bytes of a title or a reading.
const TITLE: usize = 4_000;

/// Kinds, classes, clauses and policies stand in ledger entries, which have 65,535 bytes.
const WORD: usize = 128;

/// Clauses of one act.
const CLAUSES: usize = 64;

/// Whether an act can be stored at all.
pub(crate) fn act(act: &Act) -> Result<(), Refused> {
    let words = [Some(&act.kind), Some(&act.class), act.policy.as_ref()];
    let mut words = words.into_iter().flatten().chain(&act.clauses);
    if words.any(|word| word.is_empty() || word.len() > WORD || word.chars().any(char::is_control)) {
        return Err(Refused::Malformed("a kind, class, clause or policy is empty or long"));
    }
    if act.clauses.len() > CLAUSES {
        return Err(Refused::Malformed("too many clauses"));
    }
    if act.actor.as_deref().is_some_and(|person| !name(person)) {
        return Err(Refused::Malformed("the actor's key is empty or long"));
    }
    act.changes.iter().try_for_each(change)
}

fn change(change: &Change) -> Result<(), Refused> {
    let sound = match change {
        Change::Put(put) => return document(put),
        Change::Retire(mark) | Change::Restore(mark) => name(&mark.register) && name(&mark.key),
        Change::SetSecret { scope, key, .. } | Change::DropSecret { scope, key } => name(scope) && name(key),
        Change::Erase { .. } => true,
        Change::Forget { person } => name(person),
        Change::Blob { media, .. } => name(media),
    };
    if sound {
        Ok(())
    } else {
        Err(Refused::Malformed("a key is empty or long"))
    }
}

fn document(put: &Put) -> Result<(), Refused> {
    if !name(&put.register) || !name(&put.key) || put.register.starts_with('~') {
        return Err(Refused::Malformed("a register or key is empty or long"));
    }
    if !matches!(put.document, Json::Object(_)) {
        return Err(Refused::Malformed("a document is no object"));
    }
    if put.title.len() > TITLE || put.reading.len() > TITLE || put.title.contains('\0') || put.reading.contains('\0') {
        return Err(Refused::Malformed("a title is long"));
    }
    let mut unique = put.unique.iter().flat_map(|(field, value)| [field, value]);
    let mut references = put.references.iter().flat_map(|to| [&to.field, &to.register, &to.key]);
    if !unique.all(|text| name(text)) || !references.all(|text| name(text)) {
        return Err(Refused::Malformed("a unique value or reference is empty or long"));
    }
    if !put
        .fields
        .iter()
        .all(|(field, _)| name(field) && !field.starts_with('~'))
    {
        return Err(Refused::Malformed("a field's name is empty or long"));
    }
    Ok(())
}

fn name(text: &str) -> bool {
    !text.is_empty() && text.len() <= INDEXED && !text.contains('\0')
}

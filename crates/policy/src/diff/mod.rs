//! What changed between two versions of a policy, clause by clause.
//!
//! Clauses are matched first, by what they say and where they stand (`pairing`); then each pair is compared. A clause
//! that only got another number because one was put in before it has moved, and says so; its words have not changed.

mod pairing;
mod segment;

use model::diagnostic::Span;
use serde::Serialize;

pub use segment::{Segment, SegmentKind};

use crate::text::{Clause, Document};
use pairing::Node;

/// One clause that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened; a clause that moved and was reworded is reworded.
    pub kind: ChangeKind,
    /// The clause before, unless it was added.
    pub old: Option<Side>,
    /// The clause now, unless it was removed.
    pub new: Option<Side>,
    /// Whether its id changed or it hangs below another clause.
    pub moved: bool,
    /// Whether it moved only because the clause above it did.
    pub carried: bool,
    /// The heading piece by piece, where it differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heading: Vec<Segment>,
    /// The sentences piece by piece, where they differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<Segment>,
}

/// What happened to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// 追加
    Added,
    /// 削除
    Removed,
    /// 移動
    Moved,
    /// 改正
    Reworded,
}

/// A clause in one of the versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its id in that version.
    pub clause: String,
    /// Its label as written.
    pub label: String,
    /// Its heading.
    pub heading: String,
    /// The whole clause in the source of that version.
    pub span: Span,
}

/// Every clause that was added, removed, moved or reworded, in the order of the new version; what was removed stands
/// after what it followed.
#[must_use]
pub fn diff(old: &Document, new: &Document) -> Vec<Change> {
    let olds = pairing::nodes(old);
    let news = pairing::nodes(new);
    let pairs = pairing::pair(&olds, &news);
    let mut changes: Vec<(Place, Change)> = Vec::new();
    for (index, node) in news.iter().enumerate() {
        let before = pairs.old_of(index).and_then(|old| olds.get(old));
        let change = match before {
            Some(before) => compared(before, node, pairs.same_parent(before, node)),
            None => Some(added(node.clause)),
        };
        changes.extend(change.map(|change| (Place::new(index), change)));
    }
    let mut after = None;
    for (index, node) in olds.iter().enumerate() {
        match pairs.new_of(index) {
            Some(new) => after = Some(new),
            None => changes.push((Place::removed(after, index), removed(node.clause))),
        }
    }
    changes.sort_by_key(|(place, _)| *place);
    mark_carried(changes.into_iter().map(|(_, change)| change).collect())
}

/// Where a change is shown: new clauses by their order, removed ones behind the new clause they would follow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(usize, usize);

impl Place {
    const fn new(index: usize) -> Self {
        Self(index.saturating_add(1), 0)
    }

    fn removed(after: Option<usize>, index: usize) -> Self {
        Self(
            after.map_or(0, |after| after.saturating_add(1)),
            index.saturating_add(1),
        )
    }
}

fn added(clause: &Clause) -> Change {
    Change {
        kind: ChangeKind::Added,
        old: None,
        new: Some(side(clause)),
        moved: false,
        carried: false,
        heading: Vec::new(),
        text: Vec::new(),
    }
}

fn removed(clause: &Clause) -> Change {
    Change {
        kind: ChangeKind::Removed,
        old: Some(side(clause)),
        new: None,
        ..added(clause)
    }
}

/// The change between two clauses that belong together, if there is one.
fn compared(old: &Node<'_>, new: &Node<'_>, same_parent: bool) -> Option<Change> {
    let (old, new) = (old.clause, new.clause);
    let heading = segment::segments(&old.heading, &new.heading);
    let text = segment::segments(&old.text, &new.text);
    let reworded = !heading.is_empty() || !text.is_empty();
    let moved = old.id != new.id || !same_parent;
    if !reworded && !moved {
        return None;
    }
    Some(Change {
        kind: if reworded {
            ChangeKind::Reworded
        } else {
            ChangeKind::Moved
        },
        old: Some(side(old)),
        new: Some(side(new)),
        moved,
        carried: moved && same_parent && last(&old.id) == last(&new.id),
        heading,
        text,
    })
}

/// The number of a clause under its parent.
fn last(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(_, last)| last)
}

fn side(clause: &Clause) -> Side {
    Side {
        clause: clause.id.clone(),
        label: clause.label.clone(),
        heading: clause.heading.clone(),
        span: clause.span,
    }
}

/// A topmost clause has nothing to be carried by.
fn mark_carried(mut changes: Vec<Change>) -> Vec<Change> {
    for change in &mut changes {
        let below = change.new.as_ref().is_some_and(|new| new.clause.contains('.'));
        change.carried &= below;
    }
    changes
}

#[cfg(test)]
mod tests;

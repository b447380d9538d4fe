//! Which part of a criterion fails, and the fields that it reads.

use super::eval::{Evaluator, Truth};
use super::node::{Comprehension, Node, What};

/// The first conjunct that is not true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blame {
    /// Positions of the subject's own fields that the conjunct reads, in the order they are written.
    pub(crate) fields: Vec<usize>,
}

/// Descends through `&&` to the first conjunct that is false; where none is, to the first that is missing.
pub(super) fn blame<'f>(node: &'f Node, evaluator: &mut Evaluator<'f>) -> Blame {
    let mut conjuncts = Vec::new();
    flatten(node, &mut conjuncts);
    let truths: Vec<Truth> = conjuncts.iter().map(|conjunct| evaluator.truth(conjunct)).collect();
    let first = |wanted: Truth| truths.iter().position(|truth| *truth == wanted);
    let guilty = first(Truth::False).or_else(|| first(Truth::Missing));
    let mut fields = Vec::new();
    if let Some(conjunct) = guilty.and_then(|index| conjuncts.get(index)) {
        own_fields(conjunct, &mut fields);
    }
    Blame { fields }
}

fn flatten<'n>(node: &'n Node, into: &mut Vec<&'n Node>) {
    if let Node::And(left, right) = node {
        flatten(left, into);
        flatten(right, into);
    } else {
        into.push(node);
    }
}

fn own_fields(node: &Node, fields: &mut Vec<usize>) {
    if let Node::Field { row, field } = node
        && matches!(**row, Node::Subject)
    {
        if !fields.contains(field) {
            fields.push(*field);
        }
        return;
    }
    for child in children(node) {
        own_fields(child, fields);
    }
}

fn children(node: &Node) -> Vec<&Node> {
    match node {
        Node::Null
        | Node::Bool(_)
        | Node::Int(_)
        | Node::Text(_)
        | Node::Date(_)
        | Node::Today
        | Node::FiscalYear
        | Node::Model
        | Node::Parameter(_)
        | Node::Subject
        | Node::Variable(_) => Vec::new(),
        Node::Field { row, .. } | Node::Referring { row, .. } => vec![row],
        Node::List(nodes) | Node::Call(_, nodes) => nodes.iter().collect(),
        Node::Not(node) | Node::Negate(node) | Node::Matches(node, _) => vec![node],
        Node::And(a, b) | Node::Or(a, b) | Node::In(a, b) => vec![a, b],
        Node::If(a, b, c) => vec![a, b, c],
        Node::Equal { left, right, .. } | Node::Order { left, right, .. } | Node::Arithmetic { left, right, .. } => {
            vec![left, right]
        }
        Node::Comprehension(comprehension) => parts(comprehension),
    }
}

fn parts(comprehension: &Comprehension) -> Vec<&Node> {
    let mut parts = vec![&comprehension.range];
    match &comprehension.what {
        What::Exists(body) | What::All(body) | What::ExistsOne(body) => parts.push(body),
        What::Collect { keep, element } => parts.extend(keep.iter().chain(element)),
    }
    parts
}

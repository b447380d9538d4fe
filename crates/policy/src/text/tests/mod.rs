//! The parser as a whole.

mod findings;
mod outline;
mod properties;

use super::{Clause, Document};

/// The tree as one line a clause: depth by indentation, then id, label, heading, and text after `|`.
fn sketch(document: &Document) -> String {
    let mut lines = Vec::new();
    for clause in &document.clauses {
        sketch_clause(clause, 0, &mut lines);
    }
    lines.join("\n")
}

fn sketch_clause(clause: &Clause, depth: usize, lines: &mut Vec<String>) {
    let words = [clause.id.as_str(), &clause.label, &clause.heading];
    let mut line = "  ".repeat(depth) + &words.join(" ").trim_end().replace("  ", " ");
    if !clause.text.is_empty() {
        line.push_str(" | ");
        line.push_str(&clause.text.replace('\n', " / "));
    }
    lines.push(line);
    for child in &clause.children {
        sketch_clause(child, depth + 1, lines);
    }
}

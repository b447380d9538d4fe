//! A document as plain text that parses to the same tree.

use super::clause::{Clause, Document};

/// Writes title, revision and clauses as plain text, one empty line between paragraphs.
///
/// Parsing it again gives the same labels, headings and texts. Contents page, furniture and wraps are left out.
///
/// ```
/// use policy::text::{parse, render};
/// let source = "見本市情報セキュリティ基本方針\n1 目的\nこの方針は、\n見本を示す。\n";
/// assert_eq!(render(&parse(source)), "見本市情報セキュリティ基本方針\n\n1 目的\n\nこの方針は、見本を示す。\n");
/// ```
#[must_use]
pub fn render(document: &Document) -> String {
    let mut blocks: Vec<String> = Vec::new();
    if !document.title.is_empty() {
        blocks.push(document.title.clone());
    }
    if let Some(revised) = &document.revised {
        blocks.push(format!("{}改定", revised.era));
    }
    let mut stack: Vec<&Clause> = document.clauses.iter().rev().collect();
    while let Some(clause) = stack.pop() {
        clause_blocks(clause, &mut blocks);
        stack.extend(clause.children.iter().rev());
    }
    let mut text = blocks.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn clause_blocks(clause: &Clause, blocks: &mut Vec<String>) {
    let mut paragraphs = clause.paragraphs.iter().map(|paragraph| paragraph.text.as_str());
    let article = clause.label.starts_with('第') && clause.label.contains('条');
    if clause.label.is_empty() {
        // Only an article whose own line is lost has a bracketed heading without a label; here it is a heading like any other.
        blocks.extend(Some(clause.heading.clone()).filter(|heading| !heading.is_empty()));
    } else if clause.heading.is_empty() {
        let first = paragraphs.next().unwrap_or_default();
        blocks.push(format!("{} {first}", clause.label).trim_end().to_owned());
    } else if article {
        let first = paragraphs.next().unwrap_or_default();
        blocks.push(
            format!("({})\n{} {first}", clause.heading, clause.label)
                .trim_end()
                .to_owned(),
        );
    } else {
        blocks.push(format!("{} {}", clause.label, clause.heading));
    }
    blocks.extend(paragraphs.map(str::to_owned));
}

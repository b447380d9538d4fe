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
    let mut stack: Vec<(&Clause, bool)> = siblings(&document.clauses);
    while let Some((clause, among_articles)) = stack.pop() {
        clause_blocks(clause, among_articles, &mut blocks);
        stack.extend(siblings(&clause.children));
    }
    let mut text = blocks.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The clauses last first, each with whether it stands among articles.
fn siblings(clauses: &[Clause]) -> Vec<(&Clause, bool)> {
    let articles = clauses.iter().any(|clause| is_article(&clause.label));
    clauses.iter().rev().map(|clause| (clause, articles)).collect()
}

fn is_end_matter(clause: &Clause) -> bool {
    clause
        .id
        .rsplit('.')
        .next()
        .is_some_and(|own| own.starts_with(['s', 'a']))
}

fn is_article(label: &str) -> bool {
    label.starts_with('第') && label.contains('条')
}

fn clause_blocks(clause: &Clause, among_articles: bool, blocks: &mut Vec<String>) {
    let mut paragraphs = clause.paragraphs.iter().map(|paragraph| paragraph.text.as_str());
    if clause.label.is_empty() {
        // An article whose own line is lost has its caption only.
        let lost = among_articles && !is_end_matter(clause) && clause.id != "0";
        let heading = Some(clause.heading.as_str()).filter(|heading| !heading.is_empty());
        blocks.extend(heading.map(|heading| {
            if lost {
                format!("({heading})")
            } else {
                heading.to_owned()
            }
        }));
    } else if clause.heading.is_empty() {
        let first = paragraphs.next().unwrap_or_default();
        blocks.push(format!("{} {first}", clause.label).trim_end().to_owned());
    } else if is_article(&clause.label) {
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

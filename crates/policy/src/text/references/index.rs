//! Where the clauses of a document stand, for following references.

use std::collections::HashMap;

use super::super::clause::{Clause, Document};
use super::words::Target;

/// The clauses in document order and the ways between them.
pub(super) struct Index<'d> {
    entries: Vec<Entry<'d>>,
    /// Places of the articles.
    articles: Vec<usize>,
    by_number: HashMap<String, usize>,
    by_top_number: HashMap<&'d str, usize>,
    chapters: HashMap<(char, u32), usize>,
}

struct Entry<'d> {
    id: &'d str,
    parent: Option<usize>,
    /// The sibling before.
    before: Option<usize>,
    first_child: Option<usize>,
    /// Place among the articles.
    article: Option<usize>,
    has_text: bool,
}

impl<'d> Index<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let mut index = Self {
            entries: Vec::new(),
            articles: Vec::new(),
            by_number: HashMap::new(),
            by_top_number: HashMap::new(),
            chapters: HashMap::new(),
        };
        let mut before = None;
        for clause in &document.clauses {
            before = Some(index.add(clause, None, before));
        }
        index
    }

    /// Depth is bounded by the parser's own limit.
    fn add(&mut self, clause: &'d Clause, parent: Option<usize>, before: Option<usize>) -> usize {
        let place = self.entries.len();
        let own = own_number(clause);
        let is_article = clause.label.starts_with('第') && clause.label.contains('条');
        self.entries.push(Entry {
            id: &clause.id,
            parent,
            before,
            first_child: (!clause.children.is_empty()).then_some(place + 1),
            article: is_article.then_some(self.articles.len()),
            has_text: !clause.text.is_empty(),
        });
        if is_article {
            self.articles.push(place);
            self.by_number.entry(own.to_owned()).or_insert(place);
        }
        if let Some(key) = chapter_key(clause) {
            self.chapters.entry(key).or_insert(place);
        }
        if !clause.label.is_empty() && clause.id.matches('.').count() < 2 {
            let top = parent.is_none();
            let known = self.by_top_number.entry(own).or_insert(place);
            if top && self.entries.get(*known).is_some_and(|entry| entry.parent.is_some()) {
                *known = place;
            }
        }
        let mut last = None;
        for child in &clause.children {
            last = Some(self.add(child, Some(place), last));
        }
        place
    }

    /// The clause that a reference in a paragraph means: `None` where it means none of this text, `Some(None)` where
    /// there should be one and is not.
    pub(super) fn resolve(&self, place: usize, paragraph: usize, target: &Target) -> Option<Option<&'d str>> {
        let found = match target {
            Target::Above(number) => self.by_top_number.get(number.as_str()).copied(),
            Target::ItemsBelow => self.entries.get(place)?.first_child,
            Target::ItemBefore => self.entries.get(place)?.before,
            Target::ParagraphBefore => self.paragraph_before(place, paragraph),
            // Without chapters or articles of its own, the text speaks of another instrument.
            Target::Chapter(..) if self.chapters.is_empty() => return None,
            Target::Chapter(unit, number) => self.chapters.get(&(*unit, *number)).copied(),
            _ if self.articles.is_empty() => return None,
            Target::Article(number) => self.by_number.get(number).copied(),
            Target::ArticleBefore => self.article_beside(place, -1),
            Target::ArticleAfter => self.article_beside(place, 1),
        };
        Some(found.and_then(|place| self.entries.get(place)).map(|entry| entry.id))
    }

    fn article_beside(&self, place: usize, step: isize) -> Option<usize> {
        let mut entry = self.entries.get(place)?;
        while entry.article.is_none() {
            entry = self.entries.get(entry.parent?)?;
        }
        self.articles.get(entry.article?.checked_add_signed(step)?).copied()
    }

    /// An unnumbered paragraph above in the same clause, the numbered one before, or the article's own first.
    fn paragraph_before(&self, place: usize, paragraph: usize) -> Option<usize> {
        if paragraph > 0 {
            return Some(place);
        }
        let mut entry = self.entries.get(place)?;
        loop {
            if entry.article.is_some() {
                return None;
            }
            if entry.before.is_some() {
                return entry.before;
            }
            let parent = entry.parent?;
            entry = self.entries.get(parent)?;
            if entry.has_text {
                return Some(parent);
            }
        }
    }
}

/// `5-2` of 第5条の2: the last part of the id.
fn own_number(clause: &Clause) -> &str {
    clause.id.rsplit('.').next().unwrap_or_default()
}

fn chapter_key(clause: &Clause) -> Option<(char, u32)> {
    let unit = clause.label.chars().find(|c| matches!(c, '章' | '節'))?;
    Some((unit, own_number(clause).parse().ok()?))
}

//! Characters flow into lines.

use super::super::lines;
use super::super::numeral::Numeral;
use super::label::label;

/// Lists nested deeper than this are not indented further.
const INDENTS: usize = 8;

/// An open list.
pub(super) struct List {
    numeral: Numeral,
    next: u32,
}

impl List {
    /// `<ol>`
    pub(super) const fn numbered(numeral: Numeral, start: u32) -> Self {
        Self { numeral, next: start }
    }

    /// `<ul>`, which a style may give another sign or none.
    pub(super) fn bullets(numeral: Option<Numeral>) -> Self {
        Self::numbered(numeral.unwrap_or(Numeral::Bullet), 1)
    }
}

/// Tables nested deeper than this lose their inner cells: every level moves the lines inside it once more.
const TABLES: usize = 16;

/// The lines written so far and the one being written.
#[derive(Default)]
pub(super) struct Flow {
    /// The open lists, outermost first.
    pub(super) lists: Vec<List>,
    lines: Vec<String>,
    /// Rows of tables being read, each with its finished cells.
    rows: Vec<Vec<Vec<String>>>,
    /// What stood before the cells being read.
    outside: Vec<Vec<String>>,
    /// Open cells beyond the deepest that is kept apart.
    beyond: usize,
    line: String,
    gap: Gap,
    /// The list item whose label has not been written: its number and its list's numeral.
    label: Option<(u32, Numeral)>,
    /// Ranges of lines inside `<main>`.
    main: Vec<(usize, Option<usize>)>,
}

/// White space that was read and not yet written.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    Space,
    /// A line of the page's source ended here: no gap at all between Japanese characters.
    LineEnd,
}

impl Flow {
    /// Characters between tags.
    pub(super) fn text(&mut self, text: &str, preformatted: bool) {
        for c in text.chars() {
            match c {
                '\n' if preformatted => self.end_line(),
                '\n' | '\r' => self.gap = Gap::LineEnd,
                ' ' | '\t' | '\x0c' if !preformatted => {
                    if self.gap == Gap::None {
                        self.gap = Gap::Space;
                    }
                }
                _ => self.char(c),
            }
        }
    }

    fn char(&mut self, c: char) {
        let gap = std::mem::take(&mut self.gap);
        if let Some(last) = self.line.chars().next_back() {
            let joins = gap == Gap::LineEnd && is_wide(last) && is_wide(c);
            if gap != Gap::None && !joins {
                self.line.push(' ');
            }
        }
        self.line.push(c);
    }

    /// The line ends, if one has begun.
    pub(super) fn end_line(&mut self) {
        self.gap = Gap::None;
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        let depth = self.lists.len().min(INDENTS);
        match self.label.take() {
            Some((number, numeral)) => {
                let label = label(number, numeral, &line);
                self.lines.extend(lines::labelled(Some((depth, label)), &line));
            }
            None if depth > 0 => self.lines.push(format!("{}  {line}", "  ".repeat(depth))),
            None => self.lines.push(line),
        }
    }

    /// The line ends and a blank one follows.
    pub(super) fn end_paragraph(&mut self) {
        self.end_line();
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// A list item begins; its label waits for the first line of text.
    pub(super) fn item(&mut self, value: Option<u32>) {
        self.orphan_label();
        if let Some(list) = self.lists.last_mut() {
            let number = value.unwrap_or(list.next);
            list.next = number.saturating_add(1);
            self.label = Some((number, list.numeral));
        }
    }

    /// An item that holds nothing but a list keeps its label on a line of its own.
    fn orphan_label(&mut self) {
        if let Some((number, numeral)) = self.label.take()
            && !matches!(numeral, Numeral::Bullet | Numeral::None)
        {
            let depth = self.lists.len().min(INDENTS).saturating_sub(1);
            let label = label(number, numeral, "");
            self.lines.push(format!("{}{}", "  ".repeat(depth), label.trim_end()));
        }
    }

    /// `<tr>`
    pub(super) fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// `<td>`: its lines are kept apart until the row ends.
    pub(super) fn begin_cell(&mut self) {
        if self.outside.len() < TABLES {
            self.outside.push(std::mem::take(&mut self.lines));
        } else {
            self.beyond = self.beyond.saturating_add(1);
        }
    }

    /// `</td>`
    pub(super) fn end_cell(&mut self) {
        self.end_line();
        if let Some(left) = self.beyond.checked_sub(1) {
            self.beyond = left;
            return;
        }
        let Some(outside) = self.outside.pop() else { return };
        let cell = std::mem::replace(&mut self.lines, outside);
        match self.rows.last_mut() {
            Some(row) => row.push(cell),
            None => self.lines.extend(cell),
        }
    }

    /// `</tr>`
    pub(super) fn end_row(&mut self) {
        if let Some(cells) = self.rows.pop() {
            self.lines.extend(lines::row(cells));
        }
    }

    /// `<main>`
    pub(super) fn begin_main(&mut self) {
        if self.outside.is_empty() {
            self.main.push((self.lines.len(), None));
        }
    }

    /// `</main>`
    pub(super) fn end_main(&mut self) {
        if self.outside.is_empty()
            && let Some((_, end)) = self.main.last_mut()
        {
            *end = Some(self.lines.len());
        }
    }

    /// The lines of the main part of the page, or all where it marks none.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.end_line();
        let inside = self
            .main
            .iter()
            .filter_map(|(start, end)| self.lines.get(*start..end.unwrap_or(self.lines.len())));
        let main: Vec<String> = inside.flatten().cloned().collect();
        if main.iter().any(|line| !line.is_empty()) {
            return main;
        }
        self.lines
    }
}

/// Japanese characters and marks, which need no space between lines.
const fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}')
}

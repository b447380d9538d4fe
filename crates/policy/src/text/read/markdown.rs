//! Markdown becomes plain lines.
//!
//! Every line keeps its place among the lines of the file, and its number of bytes: marks that stand for nothing become
//! spaces, and what a mark at the start or inside of a line takes is given back at its end. Only numbered lists below a
//! heading grow, by the indentation that tells their `1.` from the heading's.

/// The text without its marks.
pub(super) fn text(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut place = Place::start(source);
    for line in source.split_inclusive('\n') {
        let body = line.trim_end_matches(['\r', '\n']);
        let end = line.get(body.len()..).unwrap_or_default();
        let mut plain = place.line(body);
        let missing = body.len().saturating_sub(plain.len());
        plain.extend(std::iter::repeat_n(' ', missing));
        out.push_str(&plain);
        out.push_str(end);
    }
    out
}

/// What the lines above have opened.
#[derive(Default)]
struct Place {
    /// Lines of front matter still to come.
    front_matter: usize,
    comment: bool,
    fence: Option<char>,
    heading: bool,
    list: bool,
}

impl Place {
    fn start(source: &str) -> Self {
        let mut rules = source.lines().enumerate().filter(|(_, line)| line.trim_end() == "---");
        let front_matter = match (rules.next(), rules.next()) {
            (Some((0, _)), Some((last, _))) => last + 1,
            _ => 0,
        };
        Self {
            front_matter,
            ..Self::default()
        }
    }

    fn line(&mut self, line: &str) -> String {
        if let Some(left) = self.front_matter.checked_sub(1) {
            self.front_matter = left;
            return String::new();
        }
        if let Some(mark) = self.fence {
            if is_fence(line, mark) {
                self.fence = None;
                return String::new();
            }
            return line.to_owned();
        }
        if let Some(mark) = ['`', '~'].into_iter().find(|mark| is_fence(line, *mark)) {
            self.fence = Some(mark);
            return String::new();
        }
        let line = self.without_comments(line);
        if is_rule(&line) {
            return String::new();
        }
        if line.trim_start().starts_with('|') {
            return row(&line);
        }
        let quoted = quoted(&line);
        let plain = heading(quoted);
        if plain.len() != quoted.len() {
            (self.heading, self.list) = (true, false);
        } else if is_numbered(plain) {
            self.list = self.heading;
        } else if plain.starts_with(|c: char| !c.is_whitespace()) {
            self.list = false;
        }
        let indent = if self.list && !plain.trim().is_empty() {
            "  "
        } else {
            ""
        };
        format!("{indent}{}", inline(plain))
    }

    /// `<!-- -->` may span lines.
    fn without_comments(&mut self, line: &str) -> String {
        let mut rest = line;
        let mut out = String::new();
        loop {
            let mark = if self.comment { "-->" } else { "<!--" };
            match rest.split_once(mark) {
                Some((before, after)) => {
                    if !self.comment {
                        out.push_str(before);
                    }
                    self.comment = !self.comment;
                    rest = after;
                }
                None => {
                    if !self.comment {
                        out.push_str(rest);
                    }
                    return out;
                }
            }
        }
    }
}

/// `1. ` or `1) `
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    after.len() < rest.len() && (after.starts_with(". ") || after.starts_with(") "))
}

fn is_fence(line: &str, mark: char) -> bool {
    let rest = line.trim_start();
    rest.len() - rest.trim_start_matches(mark).len() >= 3
}

/// A rule, or the underline of a heading.
fn is_rule(line: &str) -> bool {
    let marks: String = line.split_whitespace().collect();
    let one_of = |mark: char| marks.len() >= 3 && marks.chars().all(|c| c == mark);
    ['-', '=', '*', '_'].into_iter().any(one_of)
}

/// `| a | b |` keeps its cells, parted by tabs; the line under a table's head goes.
fn row(line: &str) -> String {
    let inner = line.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
    let ruled = |cell: &&str| cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':'));
    if cells.iter().all(ruled) {
        return String::new();
    }
    let cells: Vec<String> = cells.into_iter().map(inline).collect();
    cells.join("\t")
}

fn quoted(line: &str) -> &str {
    let mut rest = line;
    while let Some(inner) = rest.trim_start().strip_prefix('>') {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    rest
}

/// `## 3 対象 ##` is the heading `3 対象`.
fn heading(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    let marks = line.len().saturating_sub(rest.len());
    if !(1..=6).contains(&marks) || !rest.starts_with([' ', '\t']) {
        return line;
    }
    rest.trim().trim_end_matches('#').trim_end()
}

/// Emphasis, links, escapes and line breaks inside a line.
fn inline(line: &str) -> String {
    let indent = line.len().saturating_sub(line.trim_start().len());
    let (start, mut rest) = line.split_at_checked(indent).unwrap_or(("", line));
    let mut out = start.to_owned();
    // A bullet is not emphasis.
    if let Some(item) = rest.strip_prefix("* ") {
        out.push_str("- ");
        rest = item;
    }
    // One star alone marks a note; two enclose something.
    let stars = rest.matches('*').count() > 1;
    while let Some(c) = rest.chars().next() {
        let after = rest.strip_prefix(c).unwrap_or_default();
        rest = match c {
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(after.chars().next());
                after.get(1..).unwrap_or_default()
            }
            '\\' if after.is_empty() => after,
            '*' if stars => after,
            '`' => after,
            '_' if after.starts_with('_') || out.ends_with('_') => after,
            '<' if is_break(after) => after.split_once('>').map_or(after, |(_, next)| next),
            '[' => match link(after) {
                Some((words, next)) => {
                    out.push_str(words);
                    next
                }
                None => {
                    out.push(c);
                    after
                }
            },
            _ => {
                out.push(c);
                after
            }
        };
    }
    out
}

fn is_break(after: &str) -> bool {
    let tag: String = after.chars().take(5).collect::<String>().to_ascii_lowercase();
    ["br>", "br/>", "br />"].iter().any(|end| tag.starts_with(end))
}

/// `words](target)`: the words, and what follows.
fn link(after: &str) -> Option<(&str, &str)> {
    // Looking no further than the next bracket keeps a line of brackets cheap.
    let (words, rest) = after.split_at_checked(after.find(['[', ']'])?)?;
    let target = rest.strip_prefix("](")?;
    let (_, rest) = target.split_at_checked(target.find(['(', ')'])?)?;
    Some((words, rest.strip_prefix(')')?))
}

//! What became of a file that was to cross.

use std::fmt::Write as _;

use model::lang::{Lang, Text};
use sanitize::class::Action;
use sanitize::format;
use sanitize::receipt::{Item, Outcome, Receipt};

use super::paint::Paint;

/// One file: what went out or why nothing did, and what was found, kind by kind.
pub(crate) fn receipt(receipt: &Receipt, lang: Lang, paint: Paint) -> String {
    let mut out = heading(receipt, lang, paint);
    let mut told: Vec<(&Item, u64, u64)> = Vec::new();
    for item in &receipt.items {
        let same = |(first, ..): &&mut (&Item, u64, u64)| first.class == item.class && first.action == item.action;
        match told.iter_mut().find(same) {
            Some((_, count, places)) => {
                *count = count.saturating_add(item.count);
                *places = places.saturating_add(1);
            }
            None => told.push((item, item.count, 1)),
        }
    }
    for (item, count, places) in told {
        let place = match (item.place.as_str(), places) {
            ("", 1) => String::new(),
            (place, 1) => format!(" ({place})"),
            (place, more) => match lang {
                Lang::Ja => format!(" ({place} など{more}か所)"),
                Lang::En => format!(" ({place} and others, {more} places)"),
            },
        };
        let line = format!("    {}{place}", found(item, count, lang));
        let _ = writeln!(out, "{}", shade(item.action, &printable(&line), paint));
    }
    out
}

/// One file as a tree of its parts, with what becomes of each.
pub(crate) fn tree(receipt: &Receipt, lang: Lang, paint: Paint) -> String {
    let mut out = heading(receipt, lang, paint);
    if let Some(method) = &receipt.method {
        let _ = writeln!(out, "    {}", paint.faint(method.get(lang)));
    }
    let mut root = Part::default();
    for item in &receipt.items {
        let place: Vec<&str> = item.place.split(" › ").filter(|name| !name.is_empty()).collect();
        root.add(&place, item);
    }
    root.write(&mut out, "", lang, paint);
    out
}

/// A part of a file, with the parts in it, in the order in which something was first found there.
#[derive(Debug, Default)]
struct Part<'r> {
    items: Vec<&'r Item>,
    parts: Vec<(&'r str, Self)>,
}

impl<'r> Part<'r> {
    fn add(&mut self, place: &[&'r str], item: &'r Item) {
        let Some((name, below)) = place.split_first() else {
            return self.items.push(item);
        };
        if let Some((_, part)) = self.parts.iter_mut().find(|(known, _)| known == name) {
            return part.add(below, item);
        }
        let mut part = Self::default();
        part.add(below, item);
        self.parts.push((name, part));
    }

    fn write(&self, out: &mut String, before: &str, lang: Lang, paint: Paint) {
        let lines = self.items.len().saturating_add(self.parts.len());
        let branch = |at: usize| {
            if at.saturating_add(1) == lines {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            }
        };
        for (at, item) in self.items.iter().enumerate() {
            let line = shade(item.action, &found(item, item.count, lang), paint);
            let _ = writeln!(out, "{before}{}{line}", branch(at).0);
        }
        for (at, (name, part)) in self.parts.iter().enumerate() {
            let (own, under) = branch(self.items.len().saturating_add(at));
            let _ = writeln!(out, "{before}{own}{}", paint.bold(&printable(name)));
            part.write(out, &format!("{before}{under}"), lang, paint);
        }
    }
}

fn heading(receipt: &Receipt, lang: Lang, paint: Paint) -> String {
    let name = paint.bold(&printable(&receipt.input.name));
    let kind = receipt.input.format.and_then(format::named).map_or_else(
        || Text::fixed("形式不明", "unknown format"),
        |format| format.words.clone(),
    );
    let kind = kind.get(lang);
    match &receipt.outcome {
        Outcome::Rebuilt { output } => {
            let to = printable(&output.name);
            let (before, after) = (size(receipt.input.bytes), size(output.bytes));
            format!(
                "✓ {name} → {to}  [{kind}; {before} → {after}; {} ms]\n",
                receipt.elapsed_ms
            )
        }
        Outcome::Refused { reason } => {
            let refused = Text::fixed("受け入れない", "refused");
            let refused = paint.bold(refused.get(lang));
            let words = reason.words();
            format!("✗ {name}  {refused}: {}  [{kind}]\n", printable(words.get(lang)))
        }
    }
}

fn found(item: &Item, count: u64, lang: Lang) -> String {
    let (class, action) = (item.class.words(), item.action.words());
    match lang {
        Lang::Ja => format!("{} {count}件: {}", class.ja, action.ja),
        Lang::En => format!("{}: {count} {}", class.en, action.en),
    }
}

/// What a reader loses stands out; what they keep does not.
fn shade(action: Action, line: &str, paint: Paint) -> String {
    match action {
        Action::Rebuild => paint.faint(line),
        Action::Drop => line.to_owned(),
        Action::Refuse => paint.bold(line),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// Names come from outside: none of them moves the cursor, or turns the text around.
fn printable(text: &str) -> String {
    let shown = |character: char| {
        let turns = matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}');
        if character.is_control() || turns {
            '\u{FFFD}'
        } else {
            character
        }
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use sanitize::class::Class;
    use sanitize::receipt::Seen;

    use super::*;

    fn sample() -> Receipt {
        let item = |class, place: &str, count, action| Item {
            class,
            place: place.to_owned(),
            count,
            action,
        };
        let seen = |name: &str, bytes| Seen {
            name: name.to_owned(),
            format: Some("rar"),
            bytes,
            sha256: None,
        };
        Receipt {
            input: seen("a\u{1b}[31m/見積.zip", 51_200),
            outcome: Outcome::Rebuilt {
                output: seen("見積.zip", 900),
            },
            items: vec![
                item(Class::Macro, "表.xlsm › xl/vbaProject.bin", 1, Action::Drop),
                item(Class::Metadata, "表.xlsm › docProps/core.xml", 2, Action::Drop),
                item(Class::Metadata, "写真.jpg", 3, Action::Drop),
                item(
                    Class::Hyperlink,
                    "表.xlsm › xl/worksheets/sheet1.xml",
                    4,
                    Action::Rebuild,
                ),
                item(Class::StrayBytes, "", 1, Action::Drop),
            ],
            method: Some(Text::fixed("中のファイルを一つずつ作り直す", "each entry is rebuilt")),
            isolation: None,
            engine: sanitize::ENGINE,
            elapsed_ms: 12,
        }
    }

    fn plain() -> Paint {
        // A test writes to no terminal.
        Paint::for_stdout()
    }

    #[test]
    fn a_receipt_tells_each_kind_once_with_its_number_and_first_place() {
        insta::assert_snapshot!(receipt(&sample(), Lang::Ja, plain()));
    }

    #[test]
    fn a_tree_has_each_thing_at_its_part() {
        insta::assert_snapshot!(tree(&sample(), Lang::En, plain()));
    }
}

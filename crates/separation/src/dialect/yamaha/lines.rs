//! Statements out of lines: captures of a console are wrapped at 80 columns, have prompts and what the pager wrote.

use super::irrelevant::{is_command, resembles_command};
use crate::dialect::statement::Statement;
use crate::source::{Source, Words};

/// Columns of the console at which lines are wrapped.
pub(super) const COLUMNS: usize = 80;

/// What the pager and the sign-in write.
const CONSOLE: [&str; 6] = ["---つづく---", "---more---", "Password:", "Username:", "Login:", "~~~~"];

/// The statements of a file, each with whether a line that looks like a command of its own may have been joined to it.
pub(super) fn statements(source: &Source, file: u16) -> Vec<(Statement<'_>, bool)> {
    let mut statements: Vec<(Statement<'_>, bool)> = Vec::new();
    let mut full = None;
    for line in source.lines() {
        let text = line.line();
        if line.is_done() || is_remark(&line) {
            full = None;
            continue;
        }
        let width = columns(text);
        match (full.take(), statements.last_mut()) {
            (Some(within), Some((statement, doubtful))) if !begins_command(&line) => {
                *doubtful |= line.peek().is_some_and(resembles_command);
                statement.wrap(line, within && !text.starts_with(char::is_whitespace));
            }
            _ => {
                let mut statement = Statement::new(source, file, line);
                if prompt(&mut statement) {
                    continue;
                }
                statements.push((statement, false));
            }
        }
        full = (width == COLUMNS).then(|| !text.ends_with(char::is_whitespace));
    }
    statements
}

/// The lines, from 1, that are continued in the next one.
pub(super) fn wrapped(source: &Source) -> Vec<u32> {
    let statements = statements(source, 0);
    statements
        .iter()
        .flat_map(|(statement, _)| statement.line().number..statement.last_line())
        .collect()
}

fn is_remark(line: &Words<'_>) -> bool {
    let first = line.peek().unwrap_or_default();
    if CONSOLE.contains(&first) {
        line.clone().take();
    }
    first.starts_with('#') || CONSOLE.contains(&first)
}

fn begins_command(line: &Words<'_>) -> bool {
    let first = line.peek().unwrap_or_default();
    is_command(first)
}

/// Whether the line is a prompt with a command that shows something: `RTX1210# show config`.
fn prompt(statement: &mut Statement<'_>) -> bool {
    let is_prompt = statement.peek().is_some_and(|word| word.ends_with(['#', '>']));
    if !is_prompt {
        return false;
    }
    let shows = match statement.peek_at(1) {
        None => true,
        Some(word) => ["show", "exit", "quit", "administrator", "less", "save", "console"].contains(&word),
    };
    if shows {
        statement.take();
        statement.take();
    }
    shows
}

/// Columns that a text takes on a console: two for a character of Japanese.
pub(super) fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if c < '\u{1100}' || ('\u{ff61}'..='\u{ff9f}').contains(&c) {
                1
            } else {
                2
            }
        })
        .sum()
}

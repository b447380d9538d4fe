//! The only place where a cell becomes a value, for forms, CSV and xlsx alike.

use std::borrow::Cow;

use jiff::civil::Date;
use model::lang::Text;
use model::scheme::SchemeKind;
use serde_json::Value;

use crate::cell::Cell;
use crate::fault::Fault;
use crate::field::{Choice, Field, FieldKind};
use crate::rules;
use crate::words::{Words, fold};

/// Words for true and false, folded.
static TRUE: [&str; 14] = [
    "○", "〇", "◯", "はい", "有", "有り", "あり", "済", "✓", "✔", "true", "yes", "1", "レ",
];
static FALSE: [&str; 14] = [
    "×",
    "✕",
    "✗",
    "✖",
    "いいえ",
    "無",
    "無し",
    "なし",
    "未",
    "false",
    "no",
    "0",
    "x",
    "☓",
];

/// A whole number that a spreadsheet's number still holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

pub(crate) type Reading = Result<Value, Box<Fault>>;

impl Field {
    /// Reads one cell.
    ///
    /// | Field | Accepts |
    /// |---|---|
    /// | text | what was typed, spaces around it removed; a number or date of a spreadsheet as it would be typed |
    /// | whole number | any width of digits, separators of thousands |
    /// | date | typed dates, ISO, `2026/4/1`, `2026年4月1日`, `令和8年4月1日`, `R8.4.1` |
    /// | yes or no | ○/×, はい/いいえ, 有/無, true/false, yes/no, 1/0, TRUE/FALSE of a spreadsheet |
    /// | choice | the stored word or its label in either language, any width and case |
    /// | scheme | the city's word, the national name or code |
    /// | reference | the key, or a title that one row has; several separated by `;` or `、` |
    ///
    /// The value is what a document stores: text, integer, boolean, ISO date, word of the choice, the scheme's word, keys.
    ///
    /// # Errors
    /// A [`Fault`] without a place: what the cell holds is no such value, breaks a bound, or is empty where it must not
    /// be. Its codes: `empty`, `formula`, `error-value`, `not-an-integer`, `not-a-boolean`, `not-a-date`,
    /// `not-a-choice`, `not-a-scheme-word`, `unknown-reference`, `ambiguous-reference`, `bounds`.
    pub fn read(&self, cell: &Cell<'_>, words: &Words) -> Reading {
        let value = match cell {
            Cell::Formula => Err(self.fault(
                "formula",
                Text::fixed(
                    "数式ではなく値を入力してください(値の貼り付けを使う)",
                    "holds a formula; enter the value itself",
                ),
            )),
            Cell::Error(code) => Err(self.fault(
                "error-value",
                Text::new(
                    format!("エラー値 {code} を値に直してください"),
                    format!("holds the error value `{code}`"),
                ),
            )),
            cell if cell.is_blank() => return self.read_blank(),
            cell => self.read_filled(cell, words),
        }?;
        match rules::bounds(self, &value) {
            Some(message) => Err(self.fault("bounds", message)),
            None => Ok(value),
        }
    }

    /// The value of an empty cell.
    fn read_blank(&self) -> Reading {
        if self.required {
            return Err(self.fault("empty", rules::empty()));
        }
        Ok(match self.kind {
            FieldKind::References(_) => Value::Array(Vec::new()),
            FieldKind::Boolean if !self.nullable => Value::Bool(false),
            FieldKind::Text if !self.nullable => Value::String(String::new()),
            _ => Value::Null,
        })
    }

    fn read_filled(&self, cell: &Cell<'_>, words: &Words) -> Reading {
        match &self.kind {
            FieldKind::Text => text(self, cell).map(|text| Value::String(line_breaks(text))),
            FieldKind::Integer => self.read_integer(cell),
            FieldKind::Boolean => self.read_boolean(cell),
            FieldKind::Date => self.read_date(cell),
            FieldKind::Choice(choices) => self.read_choice(choices, &text(self, cell)?),
            FieldKind::Scheme(kind) => self.read_scheme(*kind, &text(self, cell)?, words),
            FieldKind::Reference(target) => {
                let word = text(self, cell)?;
                self.resolve(target, &word, words)
                    .map(|key| Value::String(key.into_owned()))
            }
            FieldKind::References(target) => self.read_list(target, &text(self, cell)?, words),
        }
    }

    fn read_integer(&self, cell: &Cell<'_>) -> Reading {
        let number = match cell {
            Cell::Number(number) => whole(*number),
            Cell::Text(text) => integer(text),
            _ => None,
        };
        number
            .map(Value::from)
            .ok_or_else(|| self.misread("not-an-integer", cell))
    }

    fn read_boolean(&self, cell: &Cell<'_>) -> Reading {
        let answer = match cell {
            Cell::Boolean(answer) => Some(*answer),
            cell => {
                let shown = cell.shown();
                let word = fold(&shown);
                let is = |words: &[&str]| words.contains(&&*word);
                if is(&TRUE) {
                    Some(true)
                } else {
                    is(&FALSE).then_some(false)
                }
            }
        };
        answer
            .map(Value::Bool)
            .ok_or_else(|| self.misread("not-a-boolean", cell))
    }

    fn read_date(&self, cell: &Cell<'_>) -> Reading {
        let date = match cell {
            Cell::Date(date) => Some(*date),
            Cell::DateTime(moment) => Some(moment.date()),
            Cell::Text(text) => {
                let text = text.trim();
                if rules::iso_date(text).is_some() {
                    return Ok(Value::String(text.to_owned()));
                }
                model::date::parse(text)
            }
            _ => None,
        };
        // A document knows four digits of a year.
        let date = date.filter(|date: &Date| date.year() >= 0);
        date.map(|date| Value::String(date.to_string()))
            .ok_or_else(|| self.misread("not-a-date", cell))
    }

    fn read_choice(&self, choices: &[Choice], word: &str) -> Reading {
        let named = |choice: &&Choice| choice.value == word || choice.label.ja == word || choice.label.en == word;
        let found = choices.iter().find(named).or_else(|| {
            let word = fold(word);
            let named = |choice: &&Choice| {
                [&*choice.value, &*choice.label.ja, &*choice.label.en]
                    .into_iter()
                    .any(|name| fold(name) == word)
            };
            choices.iter().find(named)
        });
        found
            .map(|choice| Value::String(choice.value.clone()))
            .ok_or_else(|| self.misread("not-a-choice", &Cell::from(word)))
    }

    fn read_scheme(&self, kind: SchemeKind, word: &str, words: &Words) -> Reading {
        if let Some(word) = words.scheme_word(kind, word) {
            return Ok(Value::String(word.to_owned()));
        }
        let known: Vec<&str> = words.schemes().words(kind).into_iter().map(|(word, _)| word).collect();
        let message = Text::new(
            format!(
                "「{word}」は区分の語にない。次のどれかを入力してください: {}",
                known.join("、")
            ),
            format!("`{word}` is no word of the scheme; known: {}", known.join(", ")),
        );
        Err(self.fault("not-a-scheme-word", message))
    }

    /// The fault of a cell that is no such value.
    fn misread(&self, code: &'static str, cell: &Cell<'_>) -> Box<Fault> {
        let shown = cell.shown();
        let shown = shortened(&shown);
        let wanted = rules::wanted(self);
        self.fault(
            code,
            Text::new(
                format!("「{shown}」は読み取れない。{}", wanted.ja),
                format!("`{shown}` {}", wanted.en),
            ),
        )
    }

    pub(crate) fn fault(&self, code: &'static str, message: Text) -> Box<Fault> {
        Box::new(Fault::new(code, "", message).of(self))
    }
}

/// The first characters of a long text, for a message.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// A cell of any type as text.
fn text<'c>(field: &Field, cell: &'c Cell<'_>) -> Result<Cow<'c, str>, Box<Fault>> {
    if let Cell::Number(number) = cell
        && (number.abs() >= EXACT || !number.is_finite())
    {
        let message = Text::fixed(
            "桁の多い数値は正しく読み取れない。セルの書式を「文字列」にして入力し直してください",
            "the number has more digits than a spreadsheet keeps; format the cell as text",
        );
        return Err(field.fault("inexact-number", message));
    }
    Ok(cell.shown())
}

/// Line breaks as one character.
fn line_breaks(text: Cow<'_, str>) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.into_owned()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the number is whole and within ±2^53")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// `1,234`, `１２３`, `-5`, `△5`.
fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let folded = fold(text);
    let folded = folded.replace(['\u{2212}', '△', '▲'], "-");
    let unsigned = folded.trim_start_matches(['-', '+']);
    let mut groups = unsigned.split(',');
    let first = groups.next()?;
    let mut grouped = false;
    let well_grouped = groups.all(|group| {
        grouped = true;
        group.len() == 3
    });
    if !well_grouped || (grouped && !(1..=3).contains(&first.len())) {
        return None;
    }
    folded.replace(',', "").parse().ok()
}

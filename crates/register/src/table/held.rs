//! What a cell of xlsx holds, once the reader that lent it is gone.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use calamine::{CellErrorType, DataRef, ExcelDateTime};
use jiff::civil::{Date, DateTime, Time};

use crate::cell::Cell;
use crate::table::CELL_BYTES;

/// A cell that owns what it holds; equal shared strings are held once.
#[derive(Debug, Clone)]
pub(super) enum Held {
    Text(Arc<str>),
    Number(f64),
    Boolean(bool),
    Date(Date),
    Time(Time),
    DateTime(DateTime),
    Error(&'static str),
    Formula,
}

/// Turns what the reader lends into what a grid owns.
#[derive(Default)]
pub(super) struct Holder {
    /// By the address of the reader's own string, which lives as long as the reader.
    shared: HashMap<(usize, usize), Arc<str>>,
    /// All text so far, shared strings counted each time.
    pub(super) bytes: usize,
    /// Some text was longer than a cell may be.
    pub(super) too_long: bool,
}

impl Holder {
    #[expect(clippy::cast_precision_loss, reason = "a spreadsheet's numbers are floating-point")]
    pub(super) fn hold(&mut self, value: DataRef<'_>) -> Option<Held> {
        Some(match value {
            DataRef::Empty => return None,
            DataRef::SharedString(text) => {
                let address = (text.as_ptr().addr(), text.len());
                let text = match self.shared.get(&address) {
                    Some(known) => Arc::clone(known),
                    None => {
                        let new: Arc<str> = Arc::from(text);
                        self.shared.insert(address, Arc::clone(&new));
                        new
                    }
                };
                return self.text(text);
            }
            DataRef::String(text) | DataRef::DurationIso(text) => return self.text(Arc::from(text)),
            DataRef::DateTimeIso(text) => match text.parse::<DateTime>() {
                Ok(moment) => Held::moment(moment),
                Err(_) => return self.text(Arc::from(text)),
            },
            DataRef::Int(number) => Held::Number(number as f64),
            DataRef::Float(number) => Held::Number(number),
            DataRef::Bool(answer) => Held::Boolean(answer),
            DataRef::DateTime(moment) => Held::serial(&moment),
            DataRef::Error(error) => Held::Error(error_code(&error)),
        })
    }

    fn text(&mut self, text: Arc<str>) -> Option<Held> {
        self.bytes = self.bytes.saturating_add(text.len());
        self.too_long |= text.len() > CELL_BYTES;
        (!text.is_empty()).then_some(Held::Text(text))
    }
}

impl Held {
    /// A date, time or both; a number where the calendar has no such day (29 February 1900).
    fn serial(moment: &ExcelDateTime) -> Self {
        let serial = moment.as_f64();
        let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
        let (Ok(hour), Ok(minute), Ok(second)) = (i8::try_from(hour), i8::try_from(minute), i8::try_from(second))
        else {
            return Self::Number(serial);
        };
        let time = Time::new(hour, minute, second, 0).unwrap_or_default();
        if (0.0..1.0).contains(&serial) {
            return Self::Time(time);
        }
        let date = i16::try_from(year)
            .ok()
            .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()));
        let date = date.and_then(|(year, (month, day))| Date::new(year, month, day).ok());
        match date {
            Some(date) if serial >= 0.0 && !moment.is_duration() => Self::moment(date.to_datetime(time)),
            _ => Self::Number(serial),
        }
    }

    fn moment(moment: DateTime) -> Self {
        if moment.time() == Time::midnight() {
            Self::Date(moment.date())
        } else {
            Self::DateTime(moment)
        }
    }

    pub(super) fn lend(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::Text(Cow::Borrowed(text)),
            Self::Number(number) => Cell::Number(*number),
            Self::Boolean(answer) => Cell::Boolean(*answer),
            Self::Date(date) => Cell::Date(*date),
            Self::Time(time) => Cell::Time(*time),
            Self::DateTime(moment) => Cell::DateTime(*moment),
            Self::Error(code) => Cell::Error(code),
            Self::Formula => Cell::Formula,
        }
    }
}

fn error_code(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#DATA!",
    }
}

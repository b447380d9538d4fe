//! What stands in one cell, before a field reads it.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};

/// What stands in one cell of a spreadsheet, or in one control of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'t> {
    /// Nothing.
    Empty,
    /// Text as typed, spaces included.
    Text(Cow<'t, str>),
    /// A number of a spreadsheet.
    Number(f64),
    /// TRUE or FALSE of a spreadsheet.
    Boolean(bool),
    /// A date of a spreadsheet.
    Date(Date),
    /// A time of day of a spreadsheet.
    Time(Time),
    /// A date with a time of day of a spreadsheet.
    DateTime(DateTime),
    /// `#REF!`, `#N/A` and their like.
    Error(&'static str),
    /// A formula: what it would show is not looked at.
    Formula,
}

impl<'t> Cell<'t> {
    /// A cell of text; empty where the text is.
    #[must_use]
    pub fn text(text: impl Into<Cow<'t, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// Whether nothing, or nothing but spaces, stands in the cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as a person would type it, spaces around it removed: `17`, `2026-04-01`, `09:30`.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty | Self::Formula => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text.trim()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Boolean(true) => Cow::Borrowed("TRUE"),
            Self::Boolean(false) => Cow::Borrowed("FALSE"),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Time(time) => Cow::Owned(clock(*time)),
            Self::DateTime(moment) => Cow::Owned(format!("{} {}", moment.date(), clock(moment.time()))),
            Self::Error(code) => Cow::Borrowed(code),
        }
    }
}

/// `09:30`, with seconds only where there are any.
fn clock(time: Time) -> String {
    match time.second() {
        0 => format!("{:02}:{:02}", time.hour(), time.minute()),
        second => format!("{:02}:{:02}:{second:02}", time.hour(), time.minute()),
    }
}

impl<'t> From<&'t str> for Cell<'t> {
    fn from(text: &'t str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

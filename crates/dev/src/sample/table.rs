//! Rows as the generator builds them: field name → value, before a register's labels and spellings are known.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// A cell in the words of the code: choice values and national codes, not labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
    Bool(bool),
    Date(Date),
    List(Vec<String>),
}

/// One row of a register.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Row(BTreeMap<&'static str, Value>);

impl Row {
    pub(crate) fn with(mut self, field: &'static str, value: impl Cell) -> Self {
        self.set(field, value);
        self
    }

    /// An empty value leaves the cell empty.
    pub(crate) fn set(&mut self, field: &'static str, value: impl Cell) {
        match value.value() {
            Some(value) => self.0.insert(field, value),
            None => self.0.remove(field),
        };
    }

    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// The text of a field, empty where it has none.
    pub(crate) fn text(&self, field: &str) -> &str {
        match self.0.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub(crate) fn code(&self) -> &str {
        self.text("code")
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

/// Builds a [`Row`]: `row! { code: "Z-MN", tier: "mynumber" }`.
macro_rules! row {
    ($($field:ident : $value:expr),* $(,)?) => {
        $crate::sample::table::Row::default()$(.with(stringify!($field), $value))*
    };
}
pub(crate) use row;

/// What may stand in a cell.
pub(crate) trait Cell {
    fn value(self) -> Option<Value>;
}

impl Cell for &str {
    fn value(self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::Text(self.to_owned()))
    }
}

impl Cell for String {
    fn value(self) -> Option<Value> {
        (!self.is_empty()).then_some(Value::Text(self))
    }
}

impl Cell for &String {
    fn value(self) -> Option<Value> {
        self.as_str().value()
    }
}

impl Cell for i64 {
    fn value(self) -> Option<Value> {
        Some(Value::Int(self))
    }
}

impl Cell for bool {
    fn value(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}

impl Cell for Date {
    fn value(self) -> Option<Value> {
        Some(Value::Date(self))
    }
}

impl Cell for Vec<String> {
    fn value(self) -> Option<Value> {
        (!self.is_empty()).then_some(Value::List(self))
    }
}

impl Cell for Value {
    fn value(self) -> Option<Value> {
        Some(self)
    }
}

impl<T: Cell> Cell for Option<T> {
    fn value(self) -> Option<Value> {
        self.and_then(Cell::value)
    }
}

/// Every register of the city by slug.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tables(BTreeMap<&'static str, Vec<Row>>);

impl Tables {
    pub(crate) fn add(&mut self, slug: &'static str, rows: Vec<Row>) {
        self.0.entry(slug).or_default().extend(rows);
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &[Row])> {
        self.0.iter().map(|(slug, rows)| (*slug, rows.as_slice()))
    }

    pub(crate) fn rows(&self, slug: &str) -> &[Row] {
        self.0.get(slug).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn rows_mut(&mut self, slug: &str) -> Option<&mut Vec<Row>> {
        self.0.get_mut(slug)
    }

    /// The position of a row in its register, from 0.
    pub(crate) fn position(&self, slug: &str, code: &str) -> Option<usize> {
        self.rows(slug).iter().position(|row| row.code() == code)
    }
}

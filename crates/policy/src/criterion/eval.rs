//! Reads facts in place; allocates only for `filter`, `map` and list literals.

use std::cmp::Ordering;
use std::rc::Rc;

use jiff::civil::Date;
use jiff::{Span, Unit};

use super::City;
use super::functions::Function;
use super::node::{Arithmetic, Comprehension, Node, Order, What};
use crate::facts::{Cell, Facts, RowId};

/// When and for which city a criterion is asked.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'c> {
    /// The date of the judgement.
    pub today: Date,
    /// The city's settings.
    pub city: &'c City,
}

/// The answer of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// A value that it needs is missing.
    Missing,
}

#[derive(Debug, Clone)]
pub(super) enum Value<'f> {
    Missing,
    Bool(bool),
    Int(i64),
    Text(&'f str),
    Date(Date),
    Days(i64),
    Row(RowId),
    /// Rows of one register.
    Rows(usize, &'f [usize]),
    List(Rc<Vec<Value<'f>>>),
}

/// Evaluates nodes for one subject.
pub(super) struct Evaluator<'f> {
    facts: &'f Facts,
    moment: &'f Moment<'f>,
    subject: RowId,
    variables: Vec<Value<'f>>,
}

impl<'f> Evaluator<'f> {
    pub(super) fn new(facts: &'f Facts, moment: &'f Moment<'f>, subject: RowId) -> Self {
        Self {
            facts,
            moment,
            subject,
            variables: Vec::new(),
        }
    }

    pub(super) fn truth(&mut self, node: &'f Node) -> Truth {
        match self.value(node) {
            Value::Bool(true) => Truth::True,
            Value::Bool(false) => Truth::False,
            _ => Truth::Missing,
        }
    }

    pub(super) fn value(&mut self, node: &'f Node) -> Value<'f> {
        match node {
            Node::Null => Value::Missing,
            Node::Bool(value) => Value::Bool(*value),
            Node::Int(value) => Value::Int(*value),
            Node::Text(value) => Value::Text(value),
            Node::Date(value) => Value::Date(*value),
            Node::Today => Value::Date(self.moment.today),
            Node::FiscalYear => Value::Int(model::date::fiscal_year(self.moment.today).into()),
            Node::Model => Value::Text(&self.moment.city.model),
            Node::Parameter(name) => {
                let value = self.moment.city.parameters.get(name);
                value.map_or(Value::Missing, |value| Value::Int(*value))
            }
            Node::Subject => Value::Row(self.subject),
            Node::Variable(slot) => self.variables.get(*slot).cloned().unwrap_or(Value::Missing),
            Node::Field { row, field } => match self.value(row) {
                Value::Row(row) => self.field(row, *field),
                _ => Value::Missing,
            },
            Node::Referring { row, register, field } => match self.value(row) {
                Value::Row(row) => Value::Rows(*register, self.facts.referring(*register, *field, row.index)),
                _ => Value::Missing,
            },
            Node::List(nodes) => Value::List(Rc::new(nodes.iter().map(|node| self.value(node)).collect())),
            Node::Not(node) => match self.truth(node) {
                Truth::True => Value::Bool(false),
                Truth::False => Value::Bool(true),
                Truth::Missing => Value::Missing,
            },
            Node::And(left, right) => self.either(left, right, false),
            Node::Or(left, right) => self.either(left, right, true),
            Node::If(test, then, otherwise) => match self.truth(test) {
                Truth::True => self.value(then),
                Truth::False => self.value(otherwise),
                Truth::Missing => Value::Missing,
            },
            Node::Equal { left, right, equal } => {
                let same = same(&self.value(left), &self.value(right));
                Value::Bool(same == *equal)
            }
            Node::Order { left, right, order } => match compare(&self.value(left), &self.value(right)) {
                Some(found) => Value::Bool(order.admits(found)),
                None => Value::Missing,
            },
            Node::In(element, list) => self.contained(element, list),
            Node::Arithmetic { left, right, operator } => {
                arithmetic(*operator, &self.value(left), &self.value(right)).unwrap_or(Value::Missing)
            }
            Node::Negate(node) => match self.value(node) {
                Value::Int(value) => value.checked_neg().map_or(Value::Missing, Value::Int),
                _ => Value::Missing,
            },
            Node::Matches(node, pattern) => match self.value(node) {
                Value::Text(text) => Value::Bool(pattern.is_match(text)),
                _ => Value::Missing,
            },
            Node::Call(function, arguments) => self.call(*function, arguments).unwrap_or(Value::Missing),
            Node::Comprehension(comprehension) => self.comprehension(comprehension),
        }
    }

    fn field(&self, row: RowId, field: usize) -> Value<'f> {
        let target = |index: usize| {
            let register = self.facts.target(row.register, field)?;
            let id = RowId { register, index };
            self.facts.row(id).map(|_| Value::Row(id))
        };
        match self.facts.cell(row, field) {
            Cell::Missing => Value::Missing,
            Cell::Bool(value) => Value::Bool(*value),
            Cell::Int(value) => Value::Int(*value),
            Cell::Text(value) => Value::Text(value),
            Cell::Date(value) => Value::Date(*value),
            Cell::Row(index) => target(*index).unwrap_or(Value::Missing),
            Cell::Rows(rows) => Value::Rows(self.facts.target(row.register, field).unwrap_or(usize::MAX), rows),
        }
    }

    /// `&&` decides on false, `||` on true; what is missing on one side is absorbed if the other decides.
    fn either(&mut self, left: &'f Node, right: &'f Node, decides: bool) -> Value<'f> {
        let left = self.value(left);
        if matches!(left, Value::Bool(value) if value == decides) {
            return left;
        }
        match self.value(right) {
            Value::Bool(value) if value == decides => Value::Bool(value),
            right @ Value::Bool(_) if matches!(left, Value::Bool(_)) => right,
            _ => Value::Missing,
        }
    }

    fn contained(&mut self, element: &'f Node, list: &'f Node) -> Value<'f> {
        let element = self.value(element);
        // A literal list is the usual case, and needs no allocation.
        if let Node::List(nodes) = list {
            let found = nodes.iter().any(|node| same(&element, &self.value(node)));
            return Value::Bool(found);
        }
        match self.value(list) {
            Value::Missing => Value::Missing,
            list => Value::Bool(Self::elements(&list).any(|other| same(&element, &other))),
        }
    }

    fn elements<'v>(list: &'v Value<'f>) -> impl Iterator<Item = Value<'f>> + use<'v, 'f> {
        let (register, rows, values) = match list {
            Value::Rows(register, rows) => (*register, *rows, &[][..]),
            Value::List(values) => (0, &[][..], values.as_slice()),
            _ => (0, &[][..], &[][..]),
        };
        let rows = rows.iter().map(move |&index| Value::Row(RowId { register, index }));
        rows.chain(values.iter().cloned())
    }

    fn call(&mut self, function: Function, arguments: &'f [Node]) -> Option<Value<'f>> {
        let mut arguments = arguments
            .iter()
            .map(|node| self.value(node))
            .collect::<Vec<_>>()
            .into_iter();
        Some(match (function, arguments.next()?, arguments.next()) {
            (Function::Days, Value::Int(days), None) => Value::Days(days),
            (Function::FiscalYearOf, Value::Date(date), None) => Value::Int(model::date::fiscal_year(date).into()),
            (Function::InEffect, Value::Date(start), Some(end)) => {
                Value::Bool(start <= self.moment.today && !matches!(end, Value::Date(end) if end < self.moment.today))
            }
            (Function::HasText, text, None) => {
                Value::Bool(matches!(text, Value::Text(text) if !text.trim().is_empty()))
            }
            (Function::Contains, Value::Text(text), Some(Value::Text(part))) => Value::Bool(text.contains(part)),
            (Function::StartsWith, Value::Text(text), Some(Value::Text(part))) => Value::Bool(text.starts_with(part)),
            (Function::EndsWith, Value::Text(text), Some(Value::Text(part))) => Value::Bool(text.ends_with(part)),
            (Function::Size, Value::Text(text), None) => int(text.chars().count())?,
            (Function::Size, Value::Rows(_, rows), None) => int(rows.len())?,
            (Function::Size, Value::List(values), None) => int(values.len())?,
            _ => return None,
        })
    }

    fn comprehension(&mut self, comprehension: &'f Comprehension) -> Value<'f> {
        let range = self.value(&comprehension.range);
        if matches!(range, Value::Missing) {
            return Value::Missing;
        }
        let outer = self.variables.len();
        self.variables
            .resize(comprehension.variable.saturating_add(1), Value::Missing);
        let answer = match &comprehension.what {
            What::Exists(body) => self.any(comprehension, &range, body, true),
            What::All(body) => self.any(comprehension, &range, body, false),
            What::ExistsOne(body) => self.exactly_one(comprehension, &range, body),
            What::Collect { keep, element } => self.collect(comprehension, &range, keep.as_ref(), element.as_ref()),
        };
        self.variables.truncate(outer);
        answer
    }

    fn bind(&mut self, comprehension: &Comprehension, element: Value<'f>) {
        if let Some(slot) = self.variables.get_mut(comprehension.variable) {
            *slot = element;
        }
    }

    /// Whether the body is `wanted` for any element (`exists`); `all` is its mirror.
    fn any(&mut self, comprehension: &'f Comprehension, range: &Value<'f>, body: &'f Node, wanted: bool) -> Value<'f> {
        let mut missing = false;
        for element in Self::elements(range) {
            self.bind(comprehension, element);
            match self.value(body) {
                Value::Bool(value) if value == wanted => return Value::Bool(wanted),
                Value::Bool(_) => {}
                _ => missing = true,
            }
        }
        if missing { Value::Missing } else { Value::Bool(!wanted) }
    }

    fn exactly_one(&mut self, comprehension: &'f Comprehension, range: &Value<'f>, body: &'f Node) -> Value<'f> {
        let mut count = 0_usize;
        for element in Self::elements(range) {
            self.bind(comprehension, element);
            match self.truth(body) {
                Truth::True => count = count.saturating_add(1),
                Truth::False => {}
                Truth::Missing => return Value::Missing,
            }
        }
        Value::Bool(count == 1)
    }

    fn collect(
        &mut self,
        comprehension: &'f Comprehension,
        range: &Value<'f>,
        keep: Option<&'f Node>,
        replace: Option<&'f Node>,
    ) -> Value<'f> {
        let mut collected = Vec::new();
        for element in Self::elements(range) {
            self.bind(comprehension, element.clone());
            match keep.map_or(Truth::True, |keep| self.truth(keep)) {
                Truth::True => collected.push(replace.map_or(element, |replace| self.value(replace))),
                Truth::False => {}
                Truth::Missing => return Value::Missing,
            }
        }
        Value::List(Rc::new(collected))
    }
}

impl Order {
    const fn admits(self, found: Ordering) -> bool {
        match self {
            Self::Less => found.is_lt(),
            Self::LessOrEqual => found.is_le(),
            Self::Greater => found.is_gt(),
            Self::GreaterOrEqual => found.is_ge(),
        }
    }
}

fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Missing, Value::Missing) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) | (Value::Days(a), Value::Days(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::Row(a), Value::Row(b)) => a == b,
        (Value::List(_) | Value::Rows(..), Value::List(_) | Value::Rows(..)) => {
            let (mut a, mut b) = (Evaluator::elements(left), Evaluator::elements(right));
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if same(&a, &b) => {}
                    _ => return false,
                }
            }
        }
        _ => false,
    }
}

fn compare(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) | (Value::Days(a), Value::Days(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// `None` for missing operands, overflow, division by zero and dates outside the calendar.
fn arithmetic<'f>(operator: Arithmetic, left: &Value<'f>, right: &Value<'f>) -> Option<Value<'f>> {
    use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
    let shifted = |date: Date, days: i64| {
        let span = Span::new().try_days(days).ok()?;
        date.checked_add(span).ok().map(Value::Date)
    };
    match (left, operator, right) {
        (Value::Int(a), Add, Value::Int(b)) => a.checked_add(*b).map(Value::Int),
        (Value::Int(a), Subtract, Value::Int(b)) => a.checked_sub(*b).map(Value::Int),
        (Value::Int(a), Multiply, Value::Int(b)) => a.checked_mul(*b).map(Value::Int),
        (Value::Int(a), Divide, Value::Int(b)) => a.checked_div(*b).map(Value::Int),
        (Value::Int(a), Remainder, Value::Int(b)) => a.checked_rem(*b).map(Value::Int),
        (Value::Days(a), Add, Value::Days(b)) => a.checked_add(*b).map(Value::Days),
        (Value::Days(a), Subtract, Value::Days(b)) => a.checked_sub(*b).map(Value::Days),
        (Value::Date(date), Add, Value::Days(days)) | (Value::Days(days), Add, Value::Date(date)) => {
            shifted(*date, *days)
        }
        (Value::Date(date), Subtract, Value::Days(days)) => shifted(*date, days.checked_neg()?),
        (Value::Date(a), Subtract, Value::Date(b)) => {
            let span = b.until((Unit::Day, *a)).ok()?;
            Some(Value::Days(span.get_days().into()))
        }
        _ => None,
    }
}

fn int<'f>(count: usize) -> Option<Value<'f>> {
    i64::try_from(count).ok().map(Value::Int)
}

//! The compiled tree.

use std::sync::Arc;

use jiff::civil::Date;
use regex::Regex;

use super::functions::Function;

/// An expression whose names are resolved and whose kinds are checked.
#[derive(Debug)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Text(Arc<str>),
    Date(Date),
    Today,
    FiscalYear,
    Model,
    Parameter(String),
    /// The row that is judged.
    Subject,
    /// The variable of the n-th enclosing comprehension, outermost first.
    Variable(usize),
    /// A field of a row.
    Field {
        row: Box<Node>,
        field: usize,
    },
    /// Rows of `register` whose `field` refers to the row.
    Referring {
        row: Box<Node>,
        register: usize,
        field: usize,
    },
    List(Vec<Node>),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Equal {
        left: Box<Node>,
        right: Box<Node>,
        equal: bool,
    },
    Order {
        left: Box<Node>,
        right: Box<Node>,
        order: Order,
    },
    In(Box<Node>, Box<Node>),
    Arithmetic {
        left: Box<Node>,
        right: Box<Node>,
        operator: Arithmetic,
    },
    Negate(Box<Node>),
    Matches(Box<Node>, Regex),
    Call(Function, Vec<Node>),
    Comprehension(Box<Comprehension>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// `range.exists(variable, body)` and its kin.
#[derive(Debug)]
pub(crate) struct Comprehension {
    pub(crate) range: Node,
    /// Which variable slot it binds.
    pub(crate) variable: usize,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    Exists(Node),
    All(Node),
    ExistsOne(Node),
    /// `filter` keeps the element, `map` replaces it; three-argument `map` does both.
    Collect {
        keep: Option<Node>,
        element: Option<Node>,
    },
}

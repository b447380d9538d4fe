//! Operators and functions, and which kinds go with each.

use std::rc::Rc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};
use model::lang::Text;
use regex::Regex;

use super::{Checked, Checker, Kind, Node, Problem, Typed, unknown};
use crate::criterion::functions::Function;
use crate::criterion::node::{Arithmetic, Order};

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &CallExpr, at: &IdedExpr) -> Checked {
        let arguments: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            (operators::LOGICAL_AND, [a, b]) => self.logical(a, b, Node::And),
            (operators::LOGICAL_OR, [a, b]) => self.logical(a, b, Node::Or),
            (operators::LOGICAL_NOT, [a]) => {
                let node = self.expect(a, &Kind::Bool)?;
                Ok(Typed::value(Node::Not(Box::new(node)), Kind::Bool))
            }
            (operators::CONDITIONAL, [test, a, b]) => self.conditional(test, a, b),
            (operators::EQUALS, [a, b]) => self.equality(a, b, true),
            (operators::NOT_EQUALS, [a, b]) => self.equality(a, b, false),
            (operators::LESS, [a, b]) => self.order(a, b, Order::Less),
            (operators::LESS_EQUALS, [a, b]) => self.order(a, b, Order::LessOrEqual),
            (operators::GREATER, [a, b]) => self.order(a, b, Order::Greater),
            (operators::GREATER_EQUALS, [a, b]) => self.order(a, b, Order::GreaterOrEqual),
            (operators::IN, [a, b]) => self.contained(a, b),
            (operators::ADD, [a, b]) => self.arithmetic(a, b, Arithmetic::Add),
            (operators::SUBSTRACT, [a, b]) => self.arithmetic(a, b, Arithmetic::Subtract),
            (operators::MULTIPLY, [a, b]) => self.arithmetic(a, b, Arithmetic::Multiply),
            (operators::DIVIDE, [a, b]) => self.arithmetic(a, b, Arithmetic::Divide),
            (operators::MODULO, [a, b]) => self.arithmetic(a, b, Arithmetic::Remainder),
            (operators::NEGATE, [a]) => {
                let node = self.expect(a, &Kind::Int)?;
                Ok(Typed::value(Node::Negate(Box::new(node)), Kind::Int))
            }
            ("date", [text]) if call.target.is_none() => self.date(text),
            ("matches", [text, pattern]) if call.target.is_some() => self.matches(text, pattern),
            (name, arguments) => self.function(name, call.target.is_some(), arguments, at),
        }
    }

    fn logical(&mut self, a: &IdedExpr, b: &IdedExpr, join: fn(Box<Node>, Box<Node>) -> Node) -> Checked {
        let (a, b) = (self.expect(a, &Kind::Bool)?, self.expect(b, &Kind::Bool)?);
        Ok(Typed::value(join(Box::new(a), Box::new(b)), Kind::Bool))
    }

    fn conditional(&mut self, test: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Checked {
        let test = self.expect(test, &Kind::Bool)?;
        let (then, otherwise) = (self.expression(a)?, self.expression(b)?);
        if !then.kind.comparable(&otherwise.kind) {
            return Err(self.mismatch(&then.kind, &otherwise.kind, b));
        }
        if matches!(then.kind, Kind::Row(_) | Kind::List(_)) {
            return Err(self.problem(a, "行や一覧は ?: で選べない", "rows and lists cannot be chosen with ?:"));
        }
        let kind = if matches!(then.kind, Kind::Null) {
            otherwise.kind
        } else {
            then.kind
        };
        let node = Node::If(Box::new(test), Box::new(then.node), Box::new(otherwise.node));
        Ok(Typed::value(node, kind))
    }

    fn equality(&mut self, a: &IdedExpr, b: &IdedExpr, equal: bool) -> Checked {
        let (left, right) = (self.expression(a)?, self.expression(b)?);
        self.fits(&left, &right, b)?;
        self.fits(&right, &left, a)?;
        let (left, right) = (Box::new(left.node), Box::new(right.node));
        Ok(Typed::value(Node::Equal { left, right, equal }, Kind::Bool))
    }

    /// Whether `other` may be compared with `one`; a literal must be one of a choice's words.
    fn fits(&self, one: &Typed, other: &Typed, at: &IdedExpr) -> Result<(), Problem> {
        if !one.kind.comparable(&other.kind) {
            return Err(self.mismatch(&one.kind, &other.kind, at));
        }
        match (&one.kind, &other.node) {
            (Kind::Text(Some(words)), Node::Text(word)) if !words.iter().any(|known| **known == **word) => {
                let known: Vec<&str> = words.iter().map(String::as_str).collect();
                Err(unknown("選択肢", "choice", word, &known, self.span(at)))
            }
            _ => Ok(()),
        }
    }

    fn order(&mut self, a: &IdedExpr, b: &IdedExpr, order: Order) -> Checked {
        let (left, right) = (self.expression(a)?, self.expression(b)?);
        if !left.kind.ordered() || !right.kind.ordered() || !left.kind.comparable(&right.kind) {
            return Err(self.mismatch(&left.kind, &right.kind, b));
        }
        let (left, right) = (Box::new(left.node), Box::new(right.node));
        Ok(Typed::value(Node::Order { left, right, order }, Kind::Bool))
    }

    fn contained(&mut self, element: &IdedExpr, list: &IdedExpr) -> Checked {
        let one = self.expression(element)?;
        let many = self.expression(list)?;
        let Kind::List(kind) = &many.kind else {
            return Err(self.mismatch(&Kind::List(Rc::new(one.kind)), &many.kind, list));
        };
        if !kind.comparable(&one.kind) {
            return Err(self.mismatch(kind, &one.kind, element));
        }
        if let (Node::List(words), Expr::List(literals)) = (&many.node, &list.expr) {
            for (word, at) in words.iter().zip(&literals.elements) {
                if let Node::Text(text) = word {
                    let literal = Typed::value(Node::Text(text.clone()), Kind::Text(None));
                    self.fits(&one, &literal, at)?;
                }
            }
        }
        Ok(Typed::value(
            Node::In(Box::new(one.node), Box::new(many.node)),
            Kind::Bool,
        ))
    }

    fn arithmetic(&mut self, a: &IdedExpr, b: &IdedExpr, operator: Arithmetic) -> Checked {
        use Arithmetic::{Add, Subtract};
        let (left, right) = (self.expression(a)?, self.expression(b)?);
        let kind = match (&left.kind, operator, &right.kind) {
            (Kind::Int, _, Kind::Int) => Kind::Int,
            (Kind::Days, Add | Subtract, Kind::Days) | (Kind::Date, Subtract, Kind::Date) => Kind::Days,
            (Kind::Date, Add | Subtract, Kind::Days) | (Kind::Days, Add, Kind::Date) => Kind::Date,
            _ => return Err(self.mismatch(&left.kind, &right.kind, b)),
        };
        let (left, right) = (Box::new(left.node), Box::new(right.node));
        Ok(Typed::value(Node::Arithmetic { left, right, operator }, kind))
    }

    fn date(&self, text: &IdedExpr) -> Checked {
        let parsed = match &text.expr {
            Expr::Literal(LiteralValue::String(text)) => model::date::parse(text.inner()),
            _ => None,
        };
        match parsed {
            Some(date) => Ok(Typed::value(Node::Date(date), Kind::Date)),
            None => Err(self.problem(
                text,
                "date('2026-04-01') のように書く",
                "write a date like date('2026-04-01')",
            )),
        }
    }

    fn matches(&mut self, text: &IdedExpr, pattern: &IdedExpr) -> Checked {
        let node = self.expect(text, &Kind::Text(None))?;
        let regex = match &pattern.expr {
            Expr::Literal(LiteralValue::String(pattern)) => Regex::new(pattern.inner()).ok(),
            _ => None,
        };
        match regex {
            Some(regex) => Ok(Typed::value(Node::Matches(Box::new(node), regex), Kind::Bool)),
            None => Err(self.problem(pattern, "正規表現が正しくない", "this is not a regular expression")),
        }
    }

    fn function(&mut self, name: &str, receiver: bool, arguments: &[&IdedExpr], at: &IdedExpr) -> Checked {
        let Some(function) = Function::named(name, receiver) else {
            return Err(unknown("関数", "function", name, &Function::names(), self.span(at)));
        };
        let typed = arguments
            .iter()
            .map(|argument| self.expression(argument))
            .collect::<Result<Vec<_>, _>>()?;
        let given: Vec<&Kind> = typed.iter().map(|argument| &argument.kind).collect();
        let accepts = |expected: &[Kind]| {
            let fits = |(want, have): (&Kind, &&Kind)| !matches!(have, Kind::Null) && want.comparable(have);
            expected.len() == given.len() && expected.iter().zip(&given).all(fits)
        };
        let Some((_, kind)) = function
            .signatures()
            .into_iter()
            .find(|(expected, _)| accepts(expected))
        else {
            let given: Vec<String> = given.iter().map(ToString::to_string).collect();
            let given = given.join(", ");
            let message = Text::new(
                format!("関数 `{name}` に ({given}) は渡せない"),
                format!("function `{name}` does not take ({given})"),
            );
            return Err(Problem {
                message,
                span: self.span(at),
            });
        };
        self.reads_today |= function.reads_today();
        let nodes = typed.into_iter().map(|argument| argument.node).collect();
        Ok(Typed::value(Node::Call(function, nodes), kind))
    }

    pub(super) fn expect(&mut self, expression: &IdedExpr, kind: &Kind) -> Result<Node, Problem> {
        let typed = self.expression(expression)?;
        if matches!(typed.kind, Kind::Null) || !kind.comparable(&typed.kind) {
            return Err(self.mismatch(kind, &typed.kind, expression));
        }
        Ok(typed.node)
    }
}

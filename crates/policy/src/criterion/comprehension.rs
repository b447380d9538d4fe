//! `exists`, `all`, `exists_one`, `filter`, `map`: the parser unfolds them to loops; here the loops are recognised again.

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{Checked, Checker, Kind, Node, Problem, Typed, Variable};
use crate::criterion::node::{Comprehension, What};

/// Deeper nesting would let a short criterion ask for the cube of a register.
const MOST_NESTED: usize = 2;

/// The loop that the parser made, read back.
enum Loop<'e> {
    Exists(&'e IdedExpr),
    All(&'e IdedExpr),
    ExistsOne(&'e IdedExpr),
    Collect {
        keep: Option<&'e IdedExpr>,
        element: &'e IdedExpr,
    },
}

impl Checker<'_> {
    pub(super) fn comprehension(&mut self, expression: &ComprehensionExpr, at: &IdedExpr) -> Checked {
        let Some(unfolded) = read(expression) else {
            return Err(self.problem(at, "この繰返しは使えない", "this loop cannot be used in a criterion"));
        };
        let range = self.expression(&expression.iter_range)?;
        let Kind::List(element) = &range.kind else {
            return Err(self.problem(at, "一覧にだけ使える", "this can be asked of a list only"));
        };
        if self.scope.len() >= MOST_NESTED {
            return Err(self.problem(at, "繰返しの入れ子が深すぎる", "loops are nested too deeply"));
        }
        let slot = self.scope.len();
        self.scope.push(Variable {
            name: expression.iter_var.clone(),
            kind: Kind::clone(element),
            path: range.path.clone(),
        });
        let body = self.body(&unfolded, expression, &range);
        self.scope.pop();
        let (what, mut typed) = body?;
        typed.node = Node::Comprehension(
            Comprehension {
                range: range.node,
                variable: slot,
                what,
            }
            .into(),
        );
        Ok(typed)
    }

    /// What the loop does, and the kind and path of its result.
    fn body(
        &mut self,
        unfolded: &Loop<'_>,
        expression: &ComprehensionExpr,
        range: &Typed,
    ) -> Result<(What, Typed), Problem> {
        let truth = || Typed::value(Node::Null, Kind::Bool);
        Ok(match unfolded {
            Loop::Exists(body) => (What::Exists(self.expect(body, &Kind::Bool)?), truth()),
            Loop::All(body) => (What::All(self.expect(body, &Kind::Bool)?), truth()),
            Loop::ExistsOne(body) => (What::ExistsOne(self.expect(body, &Kind::Bool)?), truth()),
            Loop::Collect { keep, element } => {
                let keep = keep.map(|keep| self.expect(keep, &Kind::Bool)).transpose()?;
                if matches!(&element.expr, Expr::Ident(name) if *name == expression.iter_var) {
                    let same = Typed {
                        node: Node::Null,
                        kind: range.kind.clone(),
                        path: range.path.clone(),
                    };
                    return Ok((What::Collect { keep, element: None }, same));
                }
                let element = self.expression(element)?;
                let list = Typed {
                    node: Node::Null,
                    kind: Kind::List(element.kind.into()),
                    path: element.path,
                };
                let element = Some(element.node);
                (What::Collect { keep, element }, list)
            }
        })
    }
}

fn read(expression: &ComprehensionExpr) -> Option<Loop<'_>> {
    let result = |e: &IdedExpr| matches!(&e.expr, Expr::Ident(name) if *name == expression.accu_var);
    let added = |e: &'_ IdedExpr| match &e.expr {
        Expr::Call(call) if call.func_name == operators::ADD => match call.args.as_slice() {
            [left, _] => result(left),
            _ => false,
        },
        _ => false,
    };
    let Expr::Call(step) = &expression.loop_step.expr else {
        return None;
    };
    match (step.func_name.as_str(), step.args.as_slice()) {
        (operators::LOGICAL_OR, [left, body]) if result(left) => Some(Loop::Exists(body)),
        (operators::LOGICAL_AND, [left, body]) if result(left) => Some(Loop::All(body)),
        (operators::CONDITIONAL, [keep, step, rest]) if added(step) && result(rest) => match appended(step)? {
            Expr::Literal(LiteralValue::Int(_)) => Some(Loop::ExistsOne(keep)),
            Expr::List(list) => Some(Loop::Collect {
                keep: Some(keep),
                element: list.elements.first()?,
            }),
            _ => None,
        },
        (operators::ADD, [left, _]) if result(left) => match appended(&expression.loop_step)? {
            Expr::List(list) => Some(Loop::Collect {
                keep: None,
                element: list.elements.first()?,
            }),
            _ => None,
        },
        _ => None,
    }
}

/// The right side of `result + …`.
fn appended(step: &IdedExpr) -> Option<&Expr> {
    match &step.expr {
        Expr::Call(call) => call.args.get(1).map(|argument| &argument.expr),
        _ => None,
    }
}

//! From CEL text to a checked tree.

use std::collections::BTreeSet;
use std::rc::Rc;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo};
use cel::parser::{ParseErrors, Parser};
use model::diagnostic::Span;
use model::lang::Text;

use super::kind::Kind;
use super::node::Node;
use super::path::{Path, Step};
use super::{City, Criterion};
use crate::facts::{RegisterSchema, Schema};

#[path = "comprehension.rs"]
mod comprehension;
#[path = "operators.rs"]
mod operators;

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What, with the names that would be right where that helps.
    pub message: Text,
    /// Bytes of the expression.
    pub span: Span,
}

/// Checks an expression about a row of `subject` (without one: about the city alone) that must be true or false.
///
/// `parameters` are the names that `city.NAME` may take.
///
/// # Errors
/// Every syntax error, or the first name or kind that does not fit the schema.
pub fn compile(
    source: &str,
    subject: Option<&str>,
    schema: &Schema,
    parameters: &[String],
) -> Result<Criterion, Vec<Problem>> {
    let whole = Span::new(0, source.len());
    let register = match subject.map(|slug| (slug, schema.position(slug))) {
        None => None,
        Some((_, Some(position))) => Some(position),
        Some((slug, None)) => return Err(vec![unknown_register(slug, schema, whole)]),
    };
    if let Some(message) = too_long(source) {
        return Err(vec![Problem { message, span: whole }]);
    }
    let (tree, info) = Parser::new()
        .max_recursion_depth(64)
        .parse_with_source_info(source)
        .map_err(|errors| syntax(&errors, source))?;
    let mut checker = Checker {
        schema,
        parameters,
        register,
        source,
        info: &info,
        scope: Vec::new(),
        paths: BTreeSet::new(),
        reads_today: false,
        read_parameters: BTreeSet::new(),
    };
    let typed = checker.expression(&tree).map_err(|problem| vec![problem])?;
    if !matches!(typed.kind, Kind::Bool) {
        let message = Text::new(
            format!("判断基準は真偽で答える式にする(この式は {})", typed.kind),
            format!("a criterion must be true or false, this is {}", typed.kind),
        );
        return Err(vec![Problem { message, span: whole }]);
    }
    Ok(Criterion {
        node: typed.node,
        paths: checker.paths.into_iter().collect(),
        reads_today: checker.reads_today,
        parameters: checker.read_parameters,
    })
}

/// The parser recurses: what would exhaust its stack is refused before it.
fn too_long(source: &str) -> Option<Text> {
    let mut depth = 0_usize;
    let mut deepest = 0;
    let mut signs = 0_usize;
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' | b'?' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' | b':' => depth = depth.saturating_sub(1),
            b'!' | b'-' => signs = signs.saturating_add(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    (source.len() > 4000 || deepest > 24 || signs > 60).then(|| {
        Text::fixed(
            "判断基準が長すぎるか、入れ子が深すぎる。遵守事項を分ける",
            "the criterion is too long or nested too deeply, split the duty",
        )
    })
}

fn syntax(errors: &ParseErrors, source: &str) -> Vec<Problem> {
    let problems = errors.errors.iter().map(|error| {
        let lines = source.split_inclusive('\n').map(str::len);
        let line = usize::try_from(error.pos.0).unwrap_or(1).saturating_sub(1);
        let start = lines.take(line).sum::<usize>();
        let column = usize::try_from(error.pos.1).unwrap_or(1).saturating_sub(1);
        let at = source.floor_char_boundary(start.saturating_add(column).min(source.len()));
        Problem {
            message: Text::new(
                format!("判断基準の書き方が誤っている: {}", error.msg),
                format!("the criterion does not parse: {}", error.msg),
            ),
            span: Span::new(at, source.ceil_char_boundary(at.saturating_add(1).min(source.len()))),
        }
    });
    problems.collect()
}

fn unknown_register(slug: &str, schema: &Schema, span: Span) -> Problem {
    let known: Vec<&str> = schema.registers.iter().map(|r| r.slug.as_str()).collect();
    unknown("台帳", "register", slug, &known, span)
}

fn unknown(ja: &str, en: &str, name: &str, known: &[&str], span: Span) -> Problem {
    let known = known.join(", ");
    Problem {
        message: Text::new(
            format!("{ja} `{name}` はない(あるもの: {known})"),
            format!("unknown {en} `{name}` (known: {known})"),
        ),
        span,
    }
}

struct Typed {
    node: Node,
    kind: Kind,
    /// For rows and lists of rows: how they are reached from the subject.
    path: Option<Path>,
}

impl Typed {
    const fn value(node: Node, kind: Kind) -> Self {
        Self { node, kind, path: None }
    }
}

struct Variable {
    name: String,
    kind: Kind,
    path: Option<Path>,
}

struct Checker<'s> {
    schema: &'s Schema,
    parameters: &'s [String],
    register: Option<usize>,
    source: &'s str,
    info: &'s SourceInfo,
    scope: Vec<Variable>,
    paths: BTreeSet<Path>,
    reads_today: bool,
    read_parameters: BTreeSet<String>,
}

type Checked = Result<Typed, Problem>;

impl Checker<'_> {
    fn expression(&mut self, expression: &IdedExpr) -> Checked {
        match &expression.expr {
            Expr::Literal(literal) => self.literal(literal, expression),
            Expr::Ident(name) => self.name(name, expression),
            Expr::Select(select) => self.select(select, expression),
            Expr::Call(call) => self.call(call, expression),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, expression),
            Expr::List(list) => self.list(&list.elements),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Err(self.problem(
                expression,
                "この書き方は使えない",
                "this form cannot be used in a criterion",
            )),
        }
    }

    fn literal(&self, literal: &LiteralValue, at: &IdedExpr) -> Checked {
        Ok(match literal {
            LiteralValue::Null => Typed::value(Node::Null, Kind::Null),
            LiteralValue::Boolean(value) => Typed::value(Node::Bool(*value.inner()), Kind::Bool),
            LiteralValue::Int(value) => Typed::value(Node::Int(*value.inner()), Kind::Int),
            LiteralValue::String(value) => Typed::value(Node::Text(value.inner().into()), Kind::Text(None)),
            _ => {
                return Err(self.problem(
                    at,
                    "整数・文字・真偽だけが使える",
                    "only integers, text and booleans can be used",
                ));
            }
        })
    }

    fn name(&mut self, name: &str, at: &IdedExpr) -> Checked {
        if let Some(slot) = self.scope.iter().rposition(|variable| variable.name == name)
            && let Some(variable) = self.scope.get(slot)
        {
            return Ok(Typed {
                node: Node::Variable(slot),
                kind: variable.kind.clone(),
                path: variable.path.clone(),
            });
        }
        if let Some(register) = self.register.and_then(|position| self.schema.registers.get(position))
            && let Some(field) = register.position(name)
        {
            return self.field(Node::Subject, Vec::new(), register, field, at);
        }
        match name {
            "today" => {
                self.reads_today = true;
                Ok(Typed::value(Node::Today, Kind::Date))
            }
            "fiscal_year" => {
                self.reads_today = true;
                Ok(Typed::value(Node::FiscalYear, Kind::Int))
            }
            _ => Err(self.unknown_name(name, at)),
        }
    }

    fn unknown_name(&self, name: &str, at: &IdedExpr) -> Problem {
        let register = self.register.and_then(|position| self.schema.registers.get(position));
        let mut known: Vec<&str> =
            register.map_or_else(Vec::new, |r| r.fields.iter().map(|f| f.name.as_str()).collect());
        known.extend(["today", "fiscal_year", "city", "referring"]);
        unknown("項目", "field", name, &known, self.span(at))
    }

    fn field(&mut self, row: Node, path: Path, register: &RegisterSchema, field: usize, at: &IdedExpr) -> Checked {
        let kind = register
            .fields
            .get(field)
            .and_then(|f| Kind::of_field(&f.kind, self.schema));
        let Some(kind) = kind else {
            return Err(self.problem(
                at,
                "参照先の台帳がない",
                "the field refers to a register that does not exist",
            ));
        };
        let row = Box::new(row);
        let mut reached = None;
        if let Kind::Row(_) | Kind::List(_) = kind
            && let Some(position) = self.schema.position(&register.slug)
        {
            let mut path = path.clone();
            path.push(Step::Forward {
                register: position,
                field,
            });
            self.paths.insert(path.clone());
            reached = Some(path);
        }
        self.paths.insert(path);
        Ok(Typed {
            node: Node::Field { row, field },
            kind,
            path: reached,
        })
    }

    fn select(&mut self, select: &SelectExpr, at: &IdedExpr) -> Checked {
        let typed = match self.special(select, at)? {
            Some(typed) => typed,
            None => {
                let operand = self.expression(&select.operand)?;
                let (Kind::Row(position), Some(path)) = (&operand.kind, operand.path) else {
                    let problem = Text::new(
                        format!("{} には項目 `{}` がない", operand.kind, select.field),
                        format!("{} has no field `{}`", operand.kind, select.field),
                    );
                    return Err(Problem {
                        message: problem,
                        span: self.span(at),
                    });
                };
                let schema = self.schema;
                let Some(register) = schema.registers.get(*position) else {
                    return Err(self.unknown_name(&select.field, at));
                };
                let Some(field) = register.position(&select.field) else {
                    let known: Vec<&str> = register.fields.iter().map(|f| f.name.as_str()).collect();
                    return Err(unknown("項目", "field", &select.field, &known, self.span(at)));
                };
                self.field(operand.node, path, register, field, at)?
            }
        };
        if !select.test {
            return Ok(typed);
        }
        let (left, right) = (Box::new(typed.node), Box::new(Node::Null));
        Ok(Typed::value(
            Node::Equal {
                left,
                right,
                equal: false,
            },
            Kind::Bool,
        ))
    }

    /// `city.NAME` and `referring.REGISTER.FIELD`.
    fn special(&mut self, select: &SelectExpr, at: &IdedExpr) -> Result<Option<Typed>, Problem> {
        match &select.operand.expr {
            Expr::Ident(name) if name == "city" => self.city(&select.field, at).map(Some),
            Expr::Ident(name) if name == "referring" => {
                Err(self.problem(at, "referring.台帳.項目 と書く", "write referring.REGISTER.FIELD"))
            }
            Expr::Select(inner) if matches!(&inner.operand.expr, Expr::Ident(name) if name == "referring") => {
                self.referring(&inner.field, &select.field, at).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn city(&mut self, name: &str, at: &IdedExpr) -> Checked {
        if name == "model" {
            let models = City::MODELS.iter().map(|model| (*model).to_owned());
            return Ok(Typed::value(Node::Model, Kind::Text(Some(models.collect()))));
        }
        if self.parameters.iter().any(|parameter| parameter == name) {
            self.read_parameters.insert(name.to_owned());
            return Ok(Typed::value(Node::Parameter(name.to_owned()), Kind::Int));
        }
        let known: Vec<&str> = std::iter::once("model")
            .chain(self.parameters.iter().map(String::as_str))
            .collect();
        Err(unknown("市の設定", "city setting", name, &known, self.span(at)))
    }

    fn referring(&mut self, slug: &str, field: &str, at: &IdedExpr) -> Checked {
        let Some(register) = self.schema.position(slug) else {
            return Err(unknown_register(slug, self.schema, self.span(at)));
        };
        let subject = self.register.and_then(|position| self.schema.registers.get(position));
        let Some(subject) = subject else {
            return Err(self.problem(
                at,
                "ここには行がない",
                "there is no row here that others could refer to",
            ));
        };
        let fields = self.schema.registers.get(register).map_or(&[][..], |r| &r.fields);
        let refers = |kind: &crate::facts::FieldKind| {
            use crate::facts::FieldKind::{Reference, References};
            matches!(kind, Reference(slug) | References(slug) if *slug == subject.slug)
        };
        let Some(field) = fields.iter().position(|f| f.name == field && refers(&f.kind)) else {
            let known: Vec<&str> = fields
                .iter()
                .filter(|f| refers(&f.kind))
                .map(|f| f.name.as_str())
                .collect();
            return Err(unknown(
                "この台帳を参照する項目",
                "field that refers to this register",
                field,
                &known,
                self.span(at),
            ));
        };
        let path = vec![Step::Backward { register, field }];
        self.paths.insert(path.clone());
        Ok(Typed {
            node: Node::Referring {
                row: Box::new(Node::Subject),
                register,
                field,
            },
            kind: Kind::List(Rc::new(Kind::Row(register))),
            path: Some(path),
        })
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Checked {
        let mut nodes = Vec::with_capacity(elements.len());
        let mut kind: Option<Kind> = None;
        for element in elements {
            let typed = self.expression(element)?;
            match &kind {
                Some(kind) if !kind.comparable(&typed.kind) => return Err(self.mismatch(kind, &typed.kind, element)),
                _ => kind = Some(typed.kind),
            }
            nodes.push(typed.node);
        }
        let element = match kind {
            Some(Kind::Text(_)) => Kind::Text(None),
            kind => kind.unwrap_or(Kind::Null),
        };
        Ok(Typed::value(Node::List(nodes), Kind::List(Rc::new(element))))
    }

    fn mismatch(&self, wanted: &Kind, found: &Kind, at: &IdedExpr) -> Problem {
        let message = Text::new(
            format!("{wanted} と {found} は組み合わせられない"),
            format!("{wanted} does not go with {found}"),
        );
        Problem {
            message,
            span: self.span(at),
        }
    }

    fn problem(&self, at: &IdedExpr, ja: &'static str, en: &'static str) -> Problem {
        Problem {
            message: Text::fixed(ja, en),
            span: self.span(at),
        }
    }

    /// The parser's end is the last byte.
    fn span(&self, at: &IdedExpr) -> Span {
        let whole = Span::new(0, self.source.len());
        let Some((start, last)) = self.info.offset_for(at.id) else {
            return whole;
        };
        let byte = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        let start = self.source.floor_char_boundary(byte(start).min(whole.end));
        let end = byte(last).saturating_add(1).min(whole.end);
        Span::new(start, self.source.ceil_char_boundary(end).max(start))
    }
}

//! From duties to plans: every name resolved, every expression checked.

use std::sync::Arc;

use model::diagnostic::{Diagnostic, Located, Span};
use model::lang::Text;
use model::scheme::{PERSONNEL, SchemeKind};

use super::{Duty, Expression, Form, Frequency, Name, Origin, Standard};
use crate::criterion::{self, Criterion};
use crate::facts::{FieldKind, RegisterSchema, Schema};

/// A standard whose every expression fits the registers.
#[derive(Debug)]
pub struct CompiledStandard {
    /// In the order of the chapters.
    pub(crate) duties: Vec<CompiledDuty>,
    pub(crate) schema: Arc<Schema>,
}

impl CompiledStandard {
    /// The duties, in the order of their positions.
    pub fn duties(&self) -> impl ExactSizeIterator<Item = &Duty> {
        self.duties.iter().map(|compiled| &compiled.duty)
    }

    /// The duty at a position.
    #[must_use]
    pub fn duty(&self, position: usize) -> Option<&Duty> {
        self.duties.get(position).map(|compiled| &compiled.duty)
    }
}

#[derive(Debug)]
pub(crate) struct CompiledDuty {
    pub(crate) duty: Duty,
    pub(crate) applies: Option<Criterion>,
    pub(crate) plan: Plan,
}

#[derive(Debug)]
pub(crate) enum Plan {
    Each(Each),
    Count(Count),
    Within(Within),
    Engine { fact: String },
    Attested { role: String, days: u32 },
}

#[derive(Debug)]
pub(crate) struct Each {
    pub(crate) register: usize,
    pub(crate) scope: Option<Criterion>,
    pub(crate) holds: Criterion,
    pub(crate) at: Option<usize>,
    pub(crate) age: Option<Age>,
}

/// Evidence that ages: the field that dates it, and how many days it is good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Age {
    pub(crate) field: usize,
    pub(crate) days: u32,
}

#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) register: usize,
    pub(crate) scope: Option<Criterion>,
    pub(crate) min: Option<u64>,
    pub(crate) max: Option<u64>,
    pub(crate) age: Option<Age>,
}

#[derive(Debug)]
pub(crate) struct Within {
    pub(crate) register: usize,
    pub(crate) date: usize,
    pub(crate) scope: Option<Criterion>,
    pub(crate) cadence: Cadence,
    pub(crate) per: Option<Per>,
}

#[derive(Debug)]
pub(crate) struct Per {
    /// The field of the acts that names for whom.
    pub(crate) field: usize,
    /// The register of those to whom it is owed.
    pub(crate) register: usize,
    pub(crate) among: Option<Criterion>,
    pub(crate) from: Option<usize>,
    pub(crate) grace_days: Option<u32>,
}

#[derive(Debug)]
pub(crate) enum Cadence {
    FiscalYear,
    Days(u32),
    Parameter(String),
}

impl Standard {
    /// Checks every duty against the registers.
    ///
    /// # Errors
    /// Every unknown register, field, role, choice or parameter and every kind that does not fit, with its place.
    pub fn compile(&self, schema: &Arc<Schema>) -> Result<CompiledStandard, Vec<Located>> {
        let mut compiler = Compiler {
            standard: self,
            schema,
            parameters: self.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
            problems: Vec::new(),
        };
        let duties: Vec<CompiledDuty> = self.duties.iter().filter_map(|duty| compiler.duty(duty)).collect();
        if !compiler.problems.is_empty() {
            return Err(compiler.problems);
        }
        Ok(CompiledStandard {
            duties,
            schema: Arc::clone(schema),
        })
    }

    pub(super) fn located(&self, origin: Origin, diagnostic: Diagnostic) -> Located {
        let file = self
            .sources
            .get(origin.file)
            .map_or_else(String::new, |source| source.name.clone());
        Located {
            file,
            diagnostic: diagnostic.at(origin.span),
        }
    }
}

struct Compiler<'s> {
    standard: &'s Standard,
    schema: &'s Schema,
    parameters: Vec<String>,
    problems: Vec<Located>,
}

impl<'s> Compiler<'s> {
    fn duty(&mut self, duty: &Duty) -> Option<CompiledDuty> {
        if duty.owes != PERSONNEL.code {
            self.role(&duty.owes, duty.origin);
        }
        let applies = match &duty.applies {
            Some(applies) => Some(self.criterion(applies, None)?),
            None => None,
        };
        let plan = self.plan(duty)?;
        Some(CompiledDuty {
            duty: duty.clone(),
            applies,
            plan,
        })
    }

    fn plan(&mut self, duty: &Duty) -> Option<Plan> {
        Some(match &duty.criterion {
            Form::Each {
                register,
                scope,
                holds,
                at,
            } => {
                let (position, schema) = self.register(register)?;
                let scope = self.optional(scope.as_ref(), register)?;
                let holds = self.criterion(holds, Some(&register.text));
                let at = match at {
                    Some(at) => Some(self.field(at, schema)?),
                    None => None,
                };
                Plan::Each(Each {
                    register: position,
                    scope,
                    holds: holds?,
                    at,
                    age: self.age(duty, schema),
                })
            }
            Form::Count {
                register,
                scope,
                min,
                max,
            } => {
                let (position, schema) = self.register(register)?;
                Plan::Count(Count {
                    register: position,
                    scope: self.optional(scope.as_ref(), register)?,
                    min: *min,
                    max: *max,
                    age: self.age(duty, schema),
                })
            }
            Form::Within { .. } => Plan::Within(self.within(&duty.criterion, duty.origin)?),
            Form::Engine { fact } => Plan::Engine { fact: fact.clone() },
            Form::Attested { role, days } => {
                self.role(role, duty.origin);
                Plan::Attested {
                    role: role.clone(),
                    days: *days,
                }
            }
        })
    }

    fn within(&mut self, form: &Form, origin: Origin) -> Option<Within> {
        let Form::Within {
            register,
            date,
            scope,
            cadence,
            per,
            among,
            from,
            grace_days,
        } = form
        else {
            return None;
        };
        let (position, schema) = self.register(register)?;
        let field = self.field(date, schema)?;
        self.demand(date, schema, field, |kind| *kind == FieldKind::Date, "日付", "date")?;
        let scope = self.optional(scope.as_ref(), register)?;
        let cadence = match cadence {
            Frequency::FiscalYear => Cadence::FiscalYear,
            Frequency::Days(days) => Cadence::Days(*days),
            Frequency::Parameter(name) if self.parameters.contains(name) => Cadence::Parameter(name.clone()),
            Frequency::Parameter(name) => {
                self.unknown(origin, "設定", "parameter", name, &self.parameters.clone());
                return None;
            }
        };
        let per = match per {
            Some(per) => Some(self.per(per, schema, among.as_ref(), from.as_ref(), *grace_days)?),
            None => None,
        };
        Some(Within {
            register: position,
            date: field,
            scope,
            cadence,
            per,
        })
    }

    fn per(
        &mut self,
        per: &Name,
        schema: &'s RegisterSchema,
        among: Option<&Expression>,
        from: Option<&Name>,
        grace_days: Option<u32>,
    ) -> Option<Per> {
        let field = self.field(per, schema)?;
        let refers = |kind: &FieldKind| matches!(kind, FieldKind::Reference(_) | FieldKind::References(_));
        self.demand(per, schema, field, refers, "参照", "reference")?;
        let target = schema.fields.get(field).and_then(|field| match &field.kind {
            FieldKind::Reference(slug) | FieldKind::References(slug) => Some(slug.clone()),
            _ => None,
        })?;
        let register = Name {
            text: target,
            origin: per.origin,
        };
        let (position, subject) = self.register(&register)?;
        let from = match from {
            Some(from) => {
                let field = self.field(from, subject)?;
                self.demand(from, subject, field, |kind| *kind == FieldKind::Date, "日付", "date")?;
                Some(field)
            }
            None => None,
        };
        Some(Per {
            field,
            register: position,
            among: self.optional(among, &register)?,
            from,
            grace_days,
        })
    }

    fn age(&self, duty: &Duty, register: &RegisterSchema) -> Option<Age> {
        let field = register.dated_by.as_deref().and_then(|name| register.position(name))?;
        (duty.evidence_days > 0).then_some(Age {
            field,
            days: duty.evidence_days,
        })
    }

    fn register(&mut self, name: &Name) -> Option<(usize, &'s RegisterSchema)> {
        let position = self.schema.position(&name.text);
        let found = position.and_then(|position| Some((position, self.schema.registers.get(position)?)));
        if found.is_none() {
            let known: Vec<String> = self.schema.registers.iter().map(|r| r.slug.clone()).collect();
            self.unknown(name.origin, "台帳", "register", &name.text, &known);
        }
        found
    }

    fn field(&mut self, name: &Name, register: &RegisterSchema) -> Option<usize> {
        let found = register.position(&name.text);
        if found.is_none() {
            let known: Vec<String> = register.fields.iter().map(|field| field.name.clone()).collect();
            self.unknown(name.origin, "項目", "field", &name.text, &known);
        }
        found
    }

    fn demand(
        &mut self,
        name: &Name,
        register: &RegisterSchema,
        field: usize,
        fits: impl Fn(&FieldKind) -> bool,
        ja: &str,
        en: &str,
    ) -> Option<()> {
        if register.fields.get(field).is_some_and(|field| fits(&field.kind)) {
            return Some(());
        }
        let message = Text::new(
            format!("項目 `{}` は{ja}の項目でない", name.text),
            format!("field `{}` is not a {en} field", name.text),
        );
        self.problem(name.origin, "wrong-kind", message);
        None
    }

    fn role(&mut self, code: &str, origin: Origin) {
        if SchemeKind::Role.national(code).is_none() {
            let known: Vec<String> = SchemeKind::Role.nationals().iter().map(|n| n.code.to_owned()).collect();
            self.unknown(origin, "役割", "role", code, &known);
        }
    }

    /// `None` where the expression is wrong; `Some(None)` where there is none.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    fn optional(&mut self, expression: Option<&Expression>, register: &Name) -> Option<Option<Criterion>> {
        match expression {
            None => Some(None),
            Some(expression) => self.criterion(expression, Some(&register.text)).map(Some),
        }
    }

    fn criterion(&mut self, expression: &Expression, register: Option<&str>) -> Option<Criterion> {
        match criterion::compile(&expression.text, register, self.schema, &self.parameters) {
            Ok(criterion) => Some(criterion),
            Err(problems) => {
                for problem in problems {
                    let origin = self.inside(expression, problem.span);
                    self.problem(origin, "criterion", problem.message);
                }
                None
            }
        }
    }

    /// The place in the file of a span in the expression; the whole string where escapes shift it.
    fn inside(&self, expression: &Expression, span: Span) -> Origin {
        let Origin { file, span: outer } = expression.origin;
        let source = self
            .standard
            .sources
            .get(file)
            .and_then(|source| outer.of(&source.text));
        let offset = source.and_then(|written| written.find(&expression.text));
        let moved = |offset: usize| {
            let start = outer.start.saturating_add(offset);
            Span::new(start.saturating_add(span.start), start.saturating_add(span.end))
        };
        Origin {
            file,
            span: offset.map_or(outer, moved),
        }
    }

    fn unknown(&mut self, origin: Origin, ja: &str, en: &str, name: &str, known: &[String]) {
        let known = known.join(", ");
        let message = Text::new(
            format!("{ja} `{name}` はない(あるもの: {known})"),
            format!("unknown {en} `{name}` (known: {known})"),
        );
        self.problem(origin, "unknown-name", message);
    }

    fn problem(&mut self, origin: Origin, code: &'static str, message: Text) {
        let located = self.standard.located(origin, Diagnostic::error(code, message));
        self.problems.push(located);
    }
}

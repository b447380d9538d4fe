//! From TOML to duties.

use std::collections::HashMap;

use model::diagnostic::{Diagnostic, Located, Span};
use model::lang::Text;
use serde::Deserialize;
use toml::Spanned;

use super::{Duty, Expression, Form, Frequency, Gravity, Origin, Parameter, SourceFile, Standard};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    duty: Vec<Raw>,
}

/// A duty as written; what is required is asked after a city's keys were laid over the shipped ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    concept: Option<String>,
    title: Option<Text>,
    owes: Option<String>,
    severity: Option<Gravity>,
    evidence_days: Option<u32>,
    applies: Option<Spanned<String>>,
    each: Option<Each>,
    some: Option<Some_>,
    count: Option<Count>,
    within: Option<Within>,
    engine: Option<Engine>,
    attested: Option<Attested>,
    remedy: Option<Text>,
    edition: Option<String>,
    disabled: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Each {
    register: Spanned<String>,
    r#where: Option<Spanned<String>>,
    holds: Spanned<String>,
    at: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Some_ {
    register: Spanned<String>,
    r#where: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    register: Spanned<String>,
    r#where: Option<Spanned<String>>,
    min: Option<u64>,
    max: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Within {
    register: Spanned<String>,
    date: Spanned<String>,
    r#where: Option<Spanned<String>>,
    #[serde(default)]
    fiscal_year: bool,
    days: Option<Days>,
    per: Option<Spanned<String>>,
    among: Option<Spanned<String>>,
    from: Option<Spanned<String>>,
    grace_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Days {
    Number(u32),
    Parameter(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Engine {
    fact: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attested {
    role: String,
    days: u32,
}

pub(super) fn read(
    shipped: Vec<SourceFile>,
    city: Vec<SourceFile>,
    parameters: Vec<Parameter>,
) -> Result<Standard, Vec<Located>> {
    let first_own = shipped.len();
    let mut reader = Reader {
        sources: shipped.into_iter().chain(city).collect(),
        duties: Vec::new(),
        places: HashMap::new(),
        problems: Vec::new(),
    };
    for file in 0..reader.sources.len() {
        reader.file(file, file >= first_own);
    }
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    Ok(Standard {
        duties: reader.duties,
        parameters,
        sources: reader.sources,
    })
}

struct Reader {
    sources: Vec<SourceFile>,
    duties: Vec<Duty>,
    places: HashMap<String, usize>,
    problems: Vec<Located>,
}

impl Reader {
    fn file(&mut self, file: usize, own: bool) {
        let Some(source) = self.sources.get(file) else {
            return;
        };
        match toml::from_str::<File>(&source.text) {
            Ok(parsed) => {
                for raw in parsed.duty {
                    self.duty(file, own, raw);
                }
            }
            Err(error) => {
                let span = error
                    .span()
                    .map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
                let message = error.message();
                self.problem(
                    Origin { file, span },
                    "standard-syntax",
                    Text::new(format!("対策基準のファイルを読めない: {message}"), message),
                );
            }
        }
    }

    fn duty(&mut self, file: usize, own: bool, raw: Raw) {
        let origin = place(file, &raw.id);
        let id = raw.id.get_ref().clone();
        let earlier = self
            .places
            .get(&id)
            .and_then(|&index| self.duties.get(index).map(|duty| (index, duty)));
        match earlier {
            Some((_, duty)) if !own || duty.origin.file == file => {
                let message = Text::new(
                    format!("遵守事項 `{id}` が二度定められている"),
                    format!("duty `{id}` is defined twice"),
                );
                self.problem(origin, "duplicate-duty", message);
            }
            Some((index, duty)) => {
                let laid = lay(file, origin, raw, Some(duty.clone()));
                match laid {
                    Ok(duty) => {
                        if let Some(slot) = self.duties.get_mut(index) {
                            *slot = duty;
                        }
                    }
                    Err(message) => self.problem(origin, "duty-shape", message),
                }
            }
            None => match lay(file, origin, raw, None) {
                Ok(duty) => {
                    self.places.insert(id, self.duties.len());
                    self.duties.push(duty);
                }
                Err(message) => self.problem(origin, "duty-shape", message),
            },
        }
    }

    fn problem(&mut self, origin: Origin, code: &'static str, message: Text) {
        let file = self
            .sources
            .get(origin.file)
            .map_or_else(String::new, |source| source.name.clone());
        self.problems.push(Located {
            file,
            diagnostic: Diagnostic::error(code, message).at(origin.span),
        });
    }
}

fn place<T>(file: usize, spanned: &Spanned<T>) -> Origin {
    let span = spanned.span();
    Origin {
        file,
        span: Span::new(span.start, span.end),
    }
}

fn expression(file: usize, spanned: Spanned<String>) -> Expression {
    Expression {
        origin: place(file, &spanned),
        text: spanned.into_inner(),
    }
}

/// Lays the keys that `raw` gives over the duty that it overrides, if any.
fn lay(file: usize, origin: Origin, raw: Raw, base: Option<Duty>) -> Result<Duty, Text> {
    let id = raw.id.get_ref().clone();
    let missing = |key: &str| {
        Text::new(
            format!("遵守事項 `{id}` に `{key}` がない"),
            format!("duty `{id}` has no `{key}`"),
        )
    };
    let forms = forms(file, &raw)?;
    let criterion = match (forms, &base) {
        (Some(form), _) => form,
        (None, Some(base)) => base.criterion.clone(),
        (None, None) => return Err(missing("each, some, count, within, engine, attested")),
    };
    let base = base.as_ref();
    let own = raw.applies.map(|applies| expression(file, applies));
    Ok(Duty {
        concept: raw
            .concept
            .or_else(|| base.map(|b| b.concept.clone()))
            .ok_or_else(|| missing("concept"))?,
        title: raw
            .title
            .or_else(|| base.map(|b| b.title.clone()))
            .ok_or_else(|| missing("title"))?,
        owes: raw
            .owes
            .or_else(|| base.map(|b| b.owes.clone()))
            .ok_or_else(|| missing("owes"))?,
        severity: raw
            .severity
            .or_else(|| base.map(|b| b.severity))
            .ok_or_else(|| missing("severity"))?,
        evidence_days: (raw.evidence_days.or_else(|| base.map(|b| b.evidence_days)))
            .ok_or_else(|| missing("evidence_days"))?,
        applies: own.or_else(|| base.and_then(|b| b.applies.clone())),
        remedy: raw
            .remedy
            .or_else(|| base.map(|b| b.remedy.clone()))
            .ok_or_else(|| missing("remedy"))?,
        edition: raw.edition.or_else(|| base.and_then(|b| b.edition.clone())),
        disabled: raw.disabled.or_else(|| base.and_then(|b| b.disabled.clone())),
        criterion,
        origin,
        id,
    })
}

/// The one criterion that the duty gives, if it gives one.
fn forms(file: usize, raw: &Raw) -> Result<Option<Form>, Text> {
    let name = |spanned: &Spanned<String>| expression(file, spanned.clone());
    let optional = |spanned: &Option<Spanned<String>>| spanned.as_ref().map(name);
    let mut forms = Vec::new();
    if let Some(each) = &raw.each {
        forms.push(Form::Each {
            register: name(&each.register),
            scope: optional(&each.r#where),
            holds: name(&each.holds),
            at: optional(&each.at),
        });
    }
    if let Some(some) = &raw.some {
        forms.push(Form::Count {
            register: name(&some.register),
            scope: optional(&some.r#where),
            min: Some(1),
            max: None,
        });
    }
    if let Some(count) = &raw.count {
        if count.min.is_none() && count.max.is_none() {
            return Err(Text::fixed("count には min か max が要る", "count needs min or max"));
        }
        forms.push(Form::Count {
            register: name(&count.register),
            scope: optional(&count.r#where),
            min: count.min,
            max: count.max,
        });
    }
    if let Some(within) = &raw.within {
        forms.push(Form::Within {
            register: name(&within.register),
            date: name(&within.date),
            scope: optional(&within.r#where),
            cadence: frequency(within)?,
            per: optional(&within.per),
            among: optional(&within.among),
            from: optional(&within.from),
            grace_days: within.grace_days,
        });
    }
    if let Some(engine) = &raw.engine {
        forms.push(Form::Engine {
            fact: engine.fact.clone(),
        });
    }
    if let Some(attested) = &raw.attested {
        forms.push(Form::Attested {
            role: attested.role.clone(),
            days: attested.days,
        });
    }
    if forms.len() > 1 {
        return Err(Text::fixed("判断基準は一つだけ書く", "a duty has one criterion only"));
    }
    Ok(forms.pop())
}

fn frequency(within: &Within) -> Result<Frequency, Text> {
    if within.per.is_none() && (within.among.is_some() || within.from.is_some() || within.grace_days.is_some()) {
        return Err(Text::fixed(
            "among, from, grace_days は per と一緒に書く",
            "among, from and grace_days go with per",
        ));
    }
    match (within.fiscal_year, &within.days) {
        (true, None) => Ok(Frequency::FiscalYear),
        (false, Some(Days::Number(days))) => Ok(Frequency::Days(*days)),
        (false, Some(Days::Parameter(name))) => Ok(Frequency::Parameter(name.clone())),
        _ => Err(Text::fixed(
            "within には fiscal_year = true か days のどちらか一つを書く",
            "within needs either fiscal_year = true or days",
        )),
    }
}

//! Test pairs: for every duty that data decides, a smallest set of facts that keeps it and one that breaks it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use model::diagnostic::{Diagnostic, Located, Span};
use model::lang::Text;
use serde::Deserialize;
use toml::Spanned;

use super::{CompiledStandard, SourceFile};
use crate::criterion::City;
use crate::facts::{Facts, FieldKind, Record, RegisterSchema, Value};
use crate::judge::{Judge, Standing};

/// A test pair of one duty.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The duty's id.
    pub duty: String,
    /// The date of the judgement.
    pub at: Date,
    /// The city's settings.
    pub city: City,
    keep: Rows,
    broken: Rows,
    span: Span,
}

/// Which half of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// These facts must keep the duty.
    Keep,
    /// These facts must break it.
    Break,
}

/// What the judge said of one half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairOutcome {
    /// The duty's id.
    pub duty: String,
    /// Which half.
    pub side: Side,
    /// What the judge said.
    pub standing: Standing,
    /// The first finding's reason, for whoever must mend the pair.
    pub reason: Option<Text>,
}

type Rows = BTreeMap<String, Vec<toml::Table>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    pair: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    duty: Spanned<String>,
    at: Option<String>,
    #[serde(default)]
    city: toml::Table,
    keep: Rows,
    r#break: Rows,
}

impl Pair {
    /// Reads a list of `[[pair]]`; `defaults` are the parameters that a city has without setting them.
    ///
    /// # Errors
    /// The file does not parse, or a date or setting is out of shape.
    pub fn read(source: &SourceFile, defaults: &City) -> Result<Vec<Self>, Located> {
        let located = |span: Span, message: Text| Located {
            file: source.name.clone(),
            diagnostic: Diagnostic::error("pair-syntax", message).at(span),
        };
        let file: File = toml::from_str(&source.text).map_err(|error| {
            let span = error
                .span()
                .map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
            located(span, Text::same(error.message()))
        })?;
        let pairs = file.pair.into_iter().map(|raw| {
            let span = Span::new(raw.duty.span().start, raw.duty.span().end);
            let mut city = defaults.clone();
            settings(&mut city, &raw.city).map_err(|message| located(span, message))?;
            let at = raw.at.as_deref().unwrap_or("2026-11-23");
            let at = model::date::parse(at).ok_or_else(|| located(span, Text::same(format!("`{at}` is no date"))))?;
            Ok(Self {
                duty: raw.duty.into_inner(),
                at,
                city,
                keep: raw.keep,
                broken: raw.r#break,
                span,
            })
        });
        pairs.collect()
    }

    /// Where the pair stands in its file.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Judges both halves.
    ///
    /// # Errors
    /// A register or field that does not exist, a value of the wrong kind, a reference to a row that is not there.
    pub fn judge(&self, standard: &Arc<CompiledStandard>) -> Result<[PairOutcome; 2], Text> {
        Ok([
            self.side(standard, Side::Keep, &self.keep)?,
            self.side(standard, Side::Break, &self.broken)?,
        ])
    }

    fn side(&self, standard: &Arc<CompiledStandard>, side: Side, rows: &Rows) -> Result<PairOutcome, Text> {
        let facts = facts(standard, rows)?;
        let judge = Judge::new(Arc::clone(standard), facts, self.city.clone(), self.at);
        let position = judge.duties().position(|duty| duty.id == self.duty);
        let verdict = position.and_then(|position| judge.verdict(position));
        let Some(verdict) = verdict else {
            return Err(Text::new(
                format!("遵守事項 `{}` はない", self.duty),
                format!("unknown duty `{}`", self.duty),
            ));
        };
        Ok(PairOutcome {
            duty: self.duty.clone(),
            side,
            standing: verdict.standing,
            reason: verdict
                .findings
                .first()
                .map(|finding| finding.reason.clone())
                .or(verdict.reason),
        })
    }
}

fn settings(city: &mut City, table: &toml::Table) -> Result<(), Text> {
    for (name, value) in table {
        match (name.as_str(), value) {
            ("model", toml::Value::String(model)) if City::MODELS.contains(&model.as_str()) => {
                city.model.clone_from(model)
            }
            (name, toml::Value::Integer(number)) => {
                city.parameters.insert(name.to_owned(), *number);
            }
            _ => return Err(Text::same(format!("`{name} = {value}` is no city setting"))),
        }
    }
    Ok(())
}

fn facts(standard: &CompiledStandard, rows: &Rows) -> Result<Facts, Text> {
    let schema = &standard.schema;
    let mut records = Vec::new();
    for (slug, rows) in rows {
        let found = schema.position(slug).zip(schema.register(slug));
        let Some((position, register)) = found else {
            return Err(Text::new(
                format!("台帳 `{slug}` はない"),
                format!("unknown register `{slug}`"),
            ));
        };
        let numbered = (1..).zip(rows);
        let rows = numbered
            .map(|(row, table)| record(register, row, table))
            .collect::<Result<Vec<_>, _>>()?;
        records.push((position, rows));
    }
    let (facts, dangling) = Facts::new(Arc::clone(schema), records);
    match dangling.first() {
        None => Ok(facts),
        Some(dangling) => Err(Text::same(format!("no row `{}` to refer to", dangling.key))),
    }
}

fn record(register: &RegisterSchema, row: u32, table: &toml::Table) -> Result<Record, Text> {
    if let Some(name) = table.keys().find(|name| register.position(name).is_none()) {
        let message = format!("register `{}` has no field `{name}`", register.slug);
        return Err(Text::same(message));
    }
    let value = |field: &crate::facts::FieldSchema| match table.get(&field.name) {
        None => Ok(Value::Missing),
        Some(value) => typed(&field.kind, value).ok_or_else(|| {
            Text::same(format!(
                "`{} = {value}` does not fit register `{}`",
                field.name, register.slug
            ))
        }),
    };
    let code = table.get("code").and_then(toml::Value::as_str).unwrap_or_default();
    let key = if code.is_empty() {
        format!("#{row}")
    } else {
        code.to_owned()
    };
    Ok(Record {
        title: key.as_str().into(),
        key: key.into(),
        values: register.fields.iter().map(value).collect::<Result<_, _>>()?,
        row,
    })
}

fn typed(kind: &FieldKind, value: &toml::Value) -> Option<Value> {
    Some(match kind {
        FieldKind::Bool => Value::Bool(value.as_bool()?),
        FieldKind::Int => Value::Int(value.as_integer()?),
        FieldKind::Text => Value::Text(value.as_str()?.into()),
        FieldKind::Choice(words) => {
            let word = value.as_str()?;
            words
                .iter()
                .any(|(known, _)| known == word)
                .then(|| Value::Text(word.into()))?
        }
        FieldKind::Date => Value::Date(model::date::parse(value.as_str()?)?),
        FieldKind::Reference(_) => Value::Key(value.as_str()?.into()),
        FieldKind::References(_) => {
            let keys = value.as_array()?.iter();
            Value::Keys(keys.map(|key| Some(key.as_str()?.into())).collect::<Option<_>>()?)
        }
    })
}

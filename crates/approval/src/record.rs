//! The record of decisions (決裁記録): what was asked, who decided it, in which capacity, when, and what they said.
//!
//! People are named by their keys; whoever shows the record puts in their names.

use jiff::Timestamp;
use jiff::civil::Date;
use model::clock::date_in_japan;
use model::lang::Text;
use serde::Serialize;
use serde_json::Value;

use crate::kind::{Field, FieldKind, Kind};
use crate::request::{Action, Logged, Request, State};
use crate::route::role_title;

/// The record of one request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// The request's number.
    pub number: String,
    /// What kind of request.
    pub kind: Text,
    /// 件名
    pub title: String,
    /// Who asked.
    pub applicant: String,
    /// Their section then.
    pub section: Option<String>,
    /// When it was submitted last.
    pub submitted_on: Option<Date>,
    /// Where it stands.
    pub state: State,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// The last day of what was asked for.
    pub until: Option<Date>,
    /// What was asked, in the order of the form; fields that were left empty are not here.
    pub lines: Vec<Line>,
    /// The steps of the last round, in order.
    pub steps: Vec<StepRecord>,
    /// Everything that happened, oldest first.
    pub history: Vec<Entry>,
}

/// One field of what was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What it is called.
    pub label: Text,
    /// What was filled in.
    pub value: Shown,
}

/// A value, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// Words.
    Text(Text),
    /// A date.
    Date(Date),
    /// An entry of a register.
    Reference {
        /// Which register.
        register: String,
        /// Which entry.
        key: String,
    },
}

/// One step and its decisions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepRecord {
    /// Who decides it, in words.
    pub title: Text,
    /// Whether it is the one that waits.
    pub waits: bool,
    /// The decisions, oldest first.
    pub decisions: Vec<Entry>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who; `None` where it was time itself.
    pub by: Option<String>,
    /// What, in a word.
    pub did: Text,
    /// As the holder of which role.
    pub role: Option<Text>,
    /// 代決, 代理: only where somebody decided for another.
    pub capacity: Option<Text>,
    /// For whom they decided.
    pub of: Option<String>,
    /// What they said.
    pub comment: Option<String>,
}

impl Record {
    /// The record of a request of this kind.
    #[must_use]
    pub fn of(request: &Request, kind: &Kind) -> Self {
        let submitted = request
            .log()
            .iter()
            .rev()
            .find(|logged| logged.did == Action::Submitted);
        Self {
            number: request.number().to_owned(),
            kind: kind.title.clone(),
            title: request.content().title.clone(),
            applicant: request.applicant().to_owned(),
            section: request.section().map(str::to_owned),
            submitted_on: submitted.map(|logged| date_in_japan(logged.at)),
            state: request.state(),
            ended_on: request.ended_on(),
            until: request.until(),
            lines: lines(request, kind),
            steps: steps(request),
            history: request.log().iter().map(entry).collect(),
        }
    }
}

fn lines(request: &Request, kind: &Kind) -> Vec<Line> {
    let line = |field: &Field| {
        let value = request.content().payload.get(&field.name)?;
        Some(Line {
            label: field.label.clone(),
            value: shown(field, value)?,
        })
    };
    kind.fields.iter().filter_map(line).collect()
}

fn shown(field: &Field, value: &Value) -> Option<Shown> {
    let text = value.as_str();
    Some(match &field.kind {
        FieldKind::Line | FieldKind::Text => Shown::Text(Text::same(text?)),
        FieldKind::Date => Shown::Date(text?.parse().ok()?),
        FieldKind::Number => Shown::Text(Text::same(value.as_u64()?.to_string())),
        FieldKind::Confirmation => Shown::Text(match value.as_bool()? {
            true => Text::fixed("はい", "yes"),
            false => Text::fixed("いいえ", "no"),
        }),
        FieldKind::Choice { choices } => {
            let choice = choices.iter().find(|choice| Some(choice.value.as_str()) == text)?;
            Shown::Text(Text::new(choice.ja.clone(), choice.en.clone()))
        }
        FieldKind::Role => Shown::Text(role_title(text?)),
        FieldKind::Reference { register } => Shown::Reference {
            register: register.clone(),
            key: text?.to_owned(),
        },
    })
}

fn steps(request: &Request) -> Vec<StepRecord> {
    let steps = request.route().map(|route| route.steps.as_slice()).unwrap_or_default();
    let decisions = |position: usize| {
        let decisions = request.log().iter().filter(move |logged| logged.capacity.is_some());
        decisions.filter(move |logged| logged.round == request.round() && logged.step == Some(position))
    };
    let record = |(position, step): (usize, &crate::route::Step)| StepRecord {
        title: step.title(),
        waits: request.step() == Some(position),
        decisions: decisions(position).map(entry).collect(),
    };
    steps.iter().enumerate().map(record).collect()
}

fn entry(logged: &Logged) -> Entry {
    let for_another = logged.capacity.as_ref().filter(|capacity| capacity.of().is_some());
    Entry {
        at: logged.at,
        by: logged.by.clone(),
        did: logged.did.title(),
        role: logged.role.as_deref().map(role_title),
        capacity: for_another.map(crate::panel::Capacity::title),
        of: for_another.and_then(|capacity| capacity.of()).map(str::to_owned),
        comment: logged.comment.clone(),
    }
}

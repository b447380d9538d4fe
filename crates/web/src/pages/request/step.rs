//! The way of a request: its steps, who decided each, who may decide the one that waits; and everything that happened.

use approval::kind::Kind;
use approval::record::Record;
use approval::request::{Request, State};
use approval::route::Step;
use jiff::Timestamp;
use jiff::civil::Date;
use model::lang::Text;
use model::scheme::Schemes;
use service::hall::directory::Directory;

use crate::view::name;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepView {
    /// 申請者の情報セキュリティ管理者
    pub(crate) title: Text,
    pub(crate) place: Place,
    pub(crate) decisions: Vec<Happened>,
    /// Who may decide it now.
    pub(crate) who: Vec<Decider>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Done,
    Waits,
    Ahead,
}

/// Somebody who may decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decider {
    pub(crate) name: String,
    pub(crate) section: String,
    pub(crate) role: Text,
    /// Where they decide for another.
    pub(crate) capacity: Option<Text>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) did: Text,
    /// As the holder of which role, and for whom.
    pub(crate) role: Option<Text>,
    pub(crate) comment: Option<String>,
}

impl Place {
    pub(crate) const fn label(self) -> Text {
        match self {
            Self::Done => Text::fixed("済み", "done"),
            Self::Waits => Text::fixed("決裁待ち", "waiting"),
            Self::Ahead => Text::fixed("これから", "to come"),
        }
    }

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Done => "is-kept",
            Self::Waits => "is-open",
            Self::Ahead => "is-outside",
        }
    }
}

/// The steps of a request: those of its own route, or of the one that it would take.
pub(crate) fn steps(
    request: &Request,
    kind: &Kind,
    directory: &Directory,
    schemes: &Schemes,
    on: Date,
) -> Vec<StepView> {
    let planned = || kind.route(request.content().grade.as_deref());
    let Some(route) = request.route().or_else(planned) else {
        return Vec::new();
    };
    let record = Record::of(request, kind);
    let view = |(position, step): (usize, &Step)| {
        let decided = record.steps.get(position);
        let decisions = decided.map(|step| step.decisions.as_slice()).unwrap_or_default();
        let waits = request.step() == Some(position);
        let passed = request.state() == State::Approved || request.step().is_some_and(|now| position < now);
        StepView {
            title: step.title(),
            place: match (passed, waits) {
                (true, _) => Place::Done,
                (_, true) => Place::Waits,
                _ => Place::Ahead,
            },
            decisions: decisions.iter().map(|entry| happened(entry, directory)).collect(),
            who: if waits {
                deciders(request, directory, schemes, on)
            } else {
                Vec::new()
            },
        }
    };
    route.steps.iter().enumerate().map(view).collect()
}

fn deciders(request: &Request, directory: &Directory, schemes: &Schemes, on: Date) -> Vec<Decider> {
    let decider = |candidate: approval::panel::Candidate| Decider {
        name: name::person(directory, &candidate.person),
        section: name::section_of(directory, &candidate.person),
        role: name::role(schemes, &candidate.role),
        capacity: name::capacity(directory, &candidate.capacity),
    };
    request.waiting(directory, on).into_iter().map(decider).collect()
}

/// Everything that happened, newest first.
pub(crate) fn history(request: &Request, kind: &Kind, directory: &Directory) -> Vec<Happened> {
    let record = Record::of(request, kind);
    record
        .history
        .iter()
        .rev()
        .map(|entry| happened(entry, directory))
        .collect()
}

fn happened(entry: &approval::record::Entry, directory: &Directory) -> Happened {
    let by = entry.by.as_deref().map(|key| name::person(directory, key));
    let role = entry.role.clone().map(|role| match (&entry.capacity, &entry.of) {
        (Some(capacity), Some(of)) => {
            let of = name::person(directory, of);
            Text::new(
                format!("{} {}({of}の不在)", role.ja, capacity.ja),
                format!("{}, {} for {of}", role.en, capacity.en),
            )
        }
        _ => role,
    });
    Happened {
        at: entry.at,
        by: by.unwrap_or_default(),
        did: entry.did.clone(),
        role,
        comment: entry.comment.clone(),
    }
}

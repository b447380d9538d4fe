//! The standard (対策基準): duties as data.
//!
//! A [`Duty`] is read from TOML, shipped or a city's own; [`Standard::compile`] checks every expression against the registers.

mod check;
mod compile;
mod departure;
mod pair;
mod parameter;
mod read;
mod shipped;

use model::diagnostic::{Located, Span};
use model::lang::Text;
use serde::Serialize;

pub use check::check;
pub use compile::CompiledStandard;
pub(crate) use compile::{Age, Cadence, CompiledDuty, Count, Each, Per, Plan, Within};
pub use departure::{Departure, departures};
pub use pair::{Pair, PairOutcome, Side};
pub use parameter::Parameter;
pub use shipped::{shipped_chapters, shipped_pairs, shipped_parameters};

/// A file of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As people know it: `standard/04-resilience.toml`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The duties that hold for a city: the shipped ones, then its own.
#[derive(Debug, Clone, Default)]
pub struct Standard {
    /// In the order of the chapters.
    pub duties: Vec<Duty>,
    /// What a city may set, for criteria to read as `city.NAME`.
    pub parameters: Vec<Parameter>,
    /// The files that spans point into.
    pub sources: Vec<SourceFile>,
}

/// One duty (遵守事項).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Duty {
    /// Stable word; its concept is a prefix: `resilience.mynumber.authentication`.
    pub id: String,
    /// What it is about.
    pub concept: String,
    /// What must be so.
    pub title: Text,
    /// The national role that owes it, or `personnel`.
    pub owes: String,
    /// How grave a breach is.
    pub severity: Gravity,
    /// Evidence older than this many days proves nothing; 0 where it does not age.
    pub evidence_days: u32,
    /// A condition on the city; where it is false the duty does not apply.
    pub applies: Option<Expression>,
    /// How it is decided.
    pub criterion: Form,
    /// What to do when it is broken.
    pub remedy: Text,
    /// The edition of the national guideline that it follows.
    pub edition: Option<String>,
    /// Why the city has switched it off.
    pub disabled: Option<Text>,
    /// Where its id stands.
    pub origin: Origin,
}

/// How grave a breach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gravity {
    /// Harm is likely or the law is broken.
    High,
    /// A measure is missing.
    Medium,
    /// Order and record-keeping.
    Low,
}

/// A place in one of [`Standard::sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Index of the file.
    pub file: usize,
    /// Bytes in it.
    pub span: Span,
}

/// A CEL expression with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expression {
    /// The CEL text.
    pub text: String,
    /// The string in the file, quotes included.
    #[serde(skip)]
    pub origin: Origin,
}

/// A name (register, field, role …) with its place.
pub type Name = Expression;

/// How a duty is decided (判断基準).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Every row in scope must satisfy a condition.
    Each {
        /// Which register.
        register: Name,
        /// Which rows; all where absent.
        scope: Option<Expression>,
        /// What must hold.
        holds: Expression,
        /// The field that a finding points at.
        at: Option<Name>,
    },
    /// The number of rows must lie between bounds; `some` is at least one.
    Count {
        /// Which register.
        register: Name,
        /// Which rows; all where absent.
        scope: Option<Expression>,
        /// At least.
        min: Option<u64>,
        /// At most.
        max: Option<u64>,
    },
    /// An act must have been done in time.
    Within {
        /// The register of acts.
        register: Name,
        /// The field that dates the act.
        date: Name,
        /// Which acts count.
        scope: Option<Expression>,
        /// How often.
        cadence: Frequency,
        /// For whom, if it is owed for each of several.
        per: Option<Name>,
        /// Which of them.
        among: Option<Expression>,
        /// From when the first act is owed.
        from: Option<Name>,
        /// Days from then; the cadence where absent.
        grace_days: Option<u32>,
    },
    /// A fact that an engine delivers.
    Engine {
        /// Its reserved name.
        fact: String,
    },
    /// A statement by the holder of a role.
    Attested {
        /// The national role.
        role: String,
        /// How long a statement is good.
        days: u32,
    },
}

/// How often an act is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Once in every fiscal year.
    FiscalYear,
    /// At most so many days ago.
    Days(u32),
    /// As many days as the city's parameter says.
    Parameter(String),
}

impl Form {
    /// The key in the file that names this form.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Each { .. } => "each",
            Self::Count {
                min: Some(1),
                max: None,
                ..
            } => "some",
            Self::Count { .. } => "count",
            Self::Within { .. } => "within",
            Self::Engine { .. } => "engine",
            Self::Attested { .. } => "attested",
        }
    }

    /// Whether the registers alone decide it.
    #[must_use]
    pub const fn is_decided_by_data(&self) -> bool {
        matches!(self, Self::Each { .. } | Self::Count { .. } | Self::Within { .. })
    }
}

impl Standard {
    /// Reads the shipped chapters and a city's own files on top of them.
    ///
    /// A city's duty with the id of a shipped one overrides the keys that it gives; `disabled = { ja, en }` switches it off.
    ///
    /// # Errors
    /// Every file that does not parse and every duty that is incomplete, duplicated or out of shape, with its place.
    pub fn read(
        shipped: Vec<SourceFile>,
        city: Vec<SourceFile>,
        parameters: Vec<Parameter>,
    ) -> Result<Self, Vec<Located>> {
        read::read(shipped, city, parameters)
    }

    /// The standard as shipped.
    ///
    /// # Errors
    /// None in a released binary: the suite reads it.
    pub fn shipped() -> Result<Self, Vec<Located>> {
        Self::read(shipped_chapters(), Vec::new(), shipped_parameters()?)
    }

    /// The duty with this id.
    #[must_use]
    pub fn duty(&self, id: &str) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id == id)
    }
}

//! Kinds of requests: what is asked for, what follows an approval, which way it goes.
//!
//! A kind is one TOML file in `crates/approval/kinds/` and one line in [`SHIPPED`]. A city lays files of its own over them: one
//! that names a shipped kind gives it other routes, any other is a kind of its own.

mod effect;
mod field;
mod file;
mod read;

use model::diagnostic::Located;
use model::lang::Text;
use model::scheme::SchemeKind;
use serde::{Deserialize, Serialize};

pub use self::effect::{Change, Effect, Source};
pub use self::field::{Choice, Fault, Field, FieldKind};
use crate::route::Route;

/// The kinds that come with the binary: file name and text, in the order that people see.
pub const SHIPPED: &[(&str, &str)] = &[
    ("exception.toml", include_str!("../../kinds/exception.toml")),
    ("role.toml", include_str!("../../kinds/role.toml")),
    ("privilege.toml", include_str!("../../kinds/privilege.toml")),
    ("retirement.toml", include_str!("../../kinds/retirement.toml")),
    ("publication.toml", include_str!("../../kinds/publication.toml")),
    ("adoption.toml", include_str!("../../kinds/adoption.toml")),
];

/// Every kind, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinds(Vec<Kind>);

/// One kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// A stable word.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// What grades it, where routes depend on it.
    pub grade: Option<Grade>,
    /// Fields that name people who must not decide, besides the applicant.
    pub barred: Vec<String>,
    /// The field with the last day of what is approved.
    pub until: Option<String>,
    /// How many days that day may lie ahead at most.
    pub longest_days: Option<u16>,
    /// Roles (national codes) one of which has the last word, whatever routes a city makes.
    pub decided_by: Vec<String>,
    /// What the applicant fills in, in order.
    pub fields: Vec<Field>,
    /// What follows an approval, in order.
    pub effects: Vec<Effect>,
    /// One for each grade or group of grades; never empty.
    pub routes: Vec<Route>,
}

/// Where the grade of a request comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Which words there are.
    pub scale: Scale,
    /// The field that names what is graded; the caller knows the grade of it.
    pub of: String,
}

/// Words that grade something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// How much a duty weighs: `high`, `medium`, `low`.
    Severity,
    /// 機密性: `3A`, `3B`, `3C`, `2`, `1`.
    Confidentiality,
}

impl Scale {
    /// The words, strictest first.
    #[must_use]
    pub fn grades(self) -> Vec<&'static str> {
        match self {
            Self::Severity => vec!["high", "medium", "low"],
            Self::Confidentiality => {
                let nationals = SchemeKind::Confidentiality.nationals().iter();
                nationals.map(|national| national.code).collect()
            }
        }
    }
}

impl Kinds {
    /// The kinds that come with the binary.
    ///
    /// # Errors
    /// None in a released binary: a test reads them.
    pub fn shipped() -> Result<Self, Vec<Located>> {
        let none = Self(Vec::new());
        read::read(none, SHIPPED, read::By::Sanmon).map(Self)
    }

    /// These kinds with a city's files (name and text) laid over them.
    ///
    /// # Errors
    /// Everything that is wrong in the files, with its place: not TOML, unknown keys, fields, roles or grades; a route without a
    /// step, grades without a route; a last step that leaves the last word to less than the kind asks; a kind of the city's own
    /// that would change what a shipped kind guards.
    pub fn with(&self, city: &[(&str, &str)]) -> Result<Self, Vec<Located>> {
        read::read(self.clone(), city, read::By::City).map(Self)
    }

    /// Every kind, in the order that people see.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Kind> {
        self.0.iter()
    }

    /// The kind with this word.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Kind> {
        self.0.iter().find(|kind| kind.id == id)
    }
}

impl Kind {
    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The grades that there are, strictest first; none where the kind is not graded.
    #[must_use]
    pub fn grades(&self) -> Vec<&'static str> {
        self.grade
            .as_ref()
            .map(|grade| grade.scale.grades())
            .unwrap_or_default()
    }

    /// The route for a grade.
    #[must_use]
    pub fn route(&self, grade: Option<&str>) -> Option<&Route> {
        Route::choose(&self.routes, grade, &self.grades())
    }
}

#[cfg(test)]
mod tests;

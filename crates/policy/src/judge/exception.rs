//! Approved exceptions (例外措置) from the register `exception`.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::facts::{Cell, Facts, RowId};

/// The register that holds them.
pub(super) const REGISTER: &str = "exception";

/// An exception to a duty, for one row or for the whole duty.
#[derive(Debug, Clone)]
pub(super) struct Exception {
    pub(super) code: Arc<str>,
    /// Slug and key of the row it is for, each if given.
    register: Option<Arc<str>>,
    subject: Option<Arc<str>>,
    pub(super) expires_on: Date,
    pub(super) is_in_force: bool,
}

/// The approved exceptions by duty.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    by_duty: HashMap<Arc<str>, Vec<Exception>>,
}

impl Exceptions {
    /// Only an exception that is approved, by somebody else than its applicant, with an end, excepts anything.
    pub(super) fn read(facts: &Facts, today: Date) -> Self {
        let mut exceptions = Self::default();
        let schema = Arc::clone(facts.schema());
        let Some((position, register)) = schema.position(REGISTER).zip(schema.register(REGISTER)) else {
            return exceptions;
        };
        let field = |name: &str| register.position(name).unwrap_or(usize::MAX);
        let text = |row: RowId, name: &str| match facts.cell(row, field(name)) {
            Cell::Text(text) if !text.trim().is_empty() => Some(Arc::from(&**text)),
            _ => None,
        };
        for row in facts.rows(position) {
            let (applicant, approver) = (
                facts.cell(row, field("applied_by")),
                facts.cell(row, field("approved_by")),
            );
            let is_approved = text(row, "status").is_some_and(|status| &*status == "approved")
                && matches!(approver, Cell::Row(_))
                && applicant != approver;
            let dates = (
                facts.date(row, field("approved_on")),
                facts.date(row, field("expires_on")),
            );
            let (Some(duty), true, (Some(approved_on), Some(expires_on))) = (text(row, "duty"), is_approved, dates)
            else {
                continue;
            };
            let Some(code) = facts.row(row).map(|row| Arc::clone(&row.key)) else {
                continue;
            };
            exceptions.by_duty.entry(duty).or_default().push(Exception {
                code,
                register: text(row, "register"),
                subject: text(row, "subject"),
                expires_on,
                is_in_force: approved_on <= today && today <= expires_on,
            });
        }
        exceptions
    }

    /// Whether any exception is about a duty.
    pub(super) fn names(&self, duty: &str) -> bool {
        self.by_duty.contains_key(duty)
    }

    /// The exception for a finding on this row (or on the duty as a whole): one in force, else the one that ended last.
    pub(super) fn find(&self, duty: &str, row: Option<(&str, &str)>) -> Option<&Exception> {
        let fitting = self.by_duty.get(duty)?.iter().filter(|exception| exception.fits(row));
        fitting.max_by(|a, b| a.weight().cmp(&b.weight()))
    }
}

impl Exception {
    /// What decides between several; the code breaks ties, so that the order of the rows does not matter.
    fn weight(&self) -> (bool, Date, &str) {
        (self.is_in_force, self.expires_on, &self.code)
    }

    fn fits(&self, row: Option<(&str, &str)>) -> bool {
        match (&self.subject, row) {
            (None, _) => true,
            (Some(subject), Some((register, key))) => {
                **subject == *key && self.register.as_ref().is_none_or(|own| **own == *register)
            }
            (Some(_), None) => false,
        }
    }
}

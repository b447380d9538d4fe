//! Statements by the holder of a role, from the register `attestation`.

use jiff::civil::Date;
use model::lang::Text;
use model::scheme::PERSONNEL;

use super::mark::plus_days;
use super::reason;
use crate::facts::{Cell, Facts, RowId};

const REGISTER: &str = "attestation";
const ASSIGNMENTS: &str = "role_assignment";

/// The registers that say whether a duty is attested.
pub(super) const READS: [&str; 3] = [REGISTER, ASSIGNMENTS, "person"];

/// Whether a duty is attested today.
pub(super) enum Attestation {
    Good,
    /// Why not, and the row and field that show it, if there is one.
    Lacking(Text, Option<(RowId, &'static str)>),
}

/// Looks for a statement on `duty` by a holder of `role` that has not run out.
pub(super) fn find(facts: &Facts, duty: &str, role: &str, days: u32, today: Date) -> Attestation {
    let Some(register) = facts.schema().position(REGISTER) else {
        return Attestation::Lacking(reason::nobody_attested(role), None);
    };
    let mut lacking = (None, reason::nobody_attested(role), None);
    for row in facts.rows(register) {
        if !is_text(facts, row, "duty", duty) {
            continue;
        }
        let Some(attested_on) = date(facts, row, "attested_on") else {
            continue;
        };
        let until = date(facts, row, "expires_on").map_or_else(
            || plus_days(attested_on, days),
            |end| end.min(plus_days(attested_on, days)),
        );
        let found = if attested_on > today {
            Some((reason::attested_in_future(attested_on), "attested_on"))
        } else if !is_text(facts, row, "role", role) || !held(facts, row, role, attested_on) {
            Some((reason::attested_by_another(role), "person"))
        } else if until < today {
            Some((reason::attestation_ended(until), "expires_on"))
        } else {
            None
        };
        match found {
            None => return Attestation::Good,
            Some((text, field)) if lacking.0 <= Some(attested_on) => {
                lacking = (Some(attested_on), text, Some((row, field)))
            }
            Some(_) => {}
        }
    }
    Attestation::Lacking(lacking.1, lacking.2)
}

/// Whether the person who attested held the role on that day.
fn held(facts: &Facts, attestation: RowId, role: &str, on: Date) -> bool {
    let Cell::Row(person) = cell(facts, attestation, "person") else {
        return false;
    };
    if role == PERSONNEL.code {
        return true;
    }
    let Some(register) = facts.schema().position(ASSIGNMENTS) else {
        return false;
    };
    facts.rows(register).any(|row| {
        let same = *cell(facts, row, "person") == Cell::Row(*person) && is_text(facts, row, "role", role);
        let started = date(facts, row, "appointed_on").is_some_and(|start| start <= on);
        same && started && date(facts, row, "ends_on").is_none_or(|end| on <= end)
    })
}

fn cell<'f>(facts: &'f Facts, row: RowId, field: &str) -> &'f Cell {
    let register = facts.schema().registers.get(row.register);
    let position = register.and_then(|register| register.position(field));
    facts.cell(row, position.unwrap_or(usize::MAX))
}

fn date(facts: &Facts, row: RowId, field: &str) -> Option<Date> {
    match cell(facts, row, field) {
        Cell::Date(date) => Some(*date),
        _ => None,
    }
}

fn is_text(facts: &Facts, row: RowId, field: &str, wanted: &str) -> bool {
    matches!(cell(facts, row, field), Cell::Text(text) if **text == *wanted)
}

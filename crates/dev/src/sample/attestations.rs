//! 証明: one for each duty that the standard leaves to somebody's word, by a holder of the role that it names.

use jiff::civil::date;
use policy::standard::{Duty, Form};

use super::AS_OF;
use super::roles::holder;
use super::stream::{Stream, after};
use super::table::{Row, row};

pub(crate) fn attestations(duties: &[Duty], assignments: &[Row]) -> Vec<Row> {
    let mut stream = Stream::named("attestation");
    let attested = duties.iter().filter_map(|duty| match &duty.criterion {
        Form::Attested { role, days } if duty.applies.is_none() => Some((duty, role.as_str(), i64::from(*days))),
        _ => None,
    });
    let rows = attested.enumerate().map(|(index, (duty, role, days))| {
        let role = if role == "personnel" { "general_manager" } else { role };
        let earliest = after(AS_OF, 1_i64.saturating_sub(days)).max(date(2026, 6, 1));
        let on = stream.day(after(earliest, 7), date(2026, 11, 13)).max(earliest);
        row! {
            code: format!("TS-{:03}", index.saturating_add(1)),
            duty: duty.id.as_str(),
            role: role,
            person: holder(assignments, role),
            attested_on: on,
            expires_on: after(on, days),
            statement: format!("「{}」ことを、記録と現場で確かめた。", duty.title.ja),
            reference: "D-113",
        }
    });
    rows.collect()
}

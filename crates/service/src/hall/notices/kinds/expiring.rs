//! An exception or an attestation ends within 30 days: after it the duty is broken or unproven again.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use model::lang::Text;
use serde_json::Value;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::Refusal;

/// The kind.
pub const KIND: Kind = Kind {
    word: "expiring",
    label: Text::fixed("期限が近い", "ends soon"),
    find,
};

/// The registers, and the field that says whom to tell.
const WATCHED: [(&str, &str); 2] = [("exception", "applied_by"), ("attestation", "person")];

/// The rows of a register that end on a day, by who is told.
type Ending = BTreeMap<(String, Date), Vec<(String, String)>>;

fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let touched = |register: &str| look.records.iter().any(|(changed, _)| changed == register);
    let last = look.today.saturating_add(30.days());
    let mut wanted = Vec::new();
    for (register, told) in WATCHED {
        if !look.is_new_day && !touched(register) {
            continue;
        }
        let mut ending = Ending::new();
        look.hall.store().scan(register, &mut |entry| {
            let text = |field: &str| entry.document.get(field).and_then(Value::as_str);
            let ends = text("expires_on").and_then(|date| date.parse::<Date>().ok());
            let ends = ends.filter(|ends| look.today <= *ends && *ends <= last);
            if let (None, Some(ends), Some(person)) = (entry.retired_at, ends, text(told)) {
                let rows = ending.entry((person.to_owned(), ends)).or_default();
                rows.push((entry.key.clone(), entry.title.clone()));
            }
            Ok(())
        })?;
        wanted.extend(
            ending
                .into_iter()
                .map(|((person, ends), rows)| notice(register, person, ends, &rows)),
        );
    }
    Ok(wanted)
}

/// Rows that end on the same day are one notice.
fn notice(register: &str, person: String, ends: Date, rows: &[(String, String)]) -> Wanted {
    let (ja, en) = if register == "exception" {
        ("例外措置", "exceptions")
    } else {
        ("証明", "attestations")
    };
    let day = model::date::era(ends);
    let (title, link) = match rows {
        [(key, title)] => (
            Text::new(
                format!("{ja}「{title}」が{day}で終わります"),
                format!("`{title}` ends on {ends}"),
            ),
            Link::Row(register.to_owned(), key.clone()),
        ),
        rows => (
            Text::new(
                format!("{ja}{}件が{day}で終わります", rows.len()),
                format!("{} {en} end on {ends}", rows.len()),
            ),
            Link::Register(register.to_owned()),
        ),
    };
    Wanted {
        key: format!("{register}/{ends}"),
        to: vec![person],
        title,
        link,
    }
}

//! A row that somebody answers for does not keep a duty any more: by a change, or because its evidence grew old.

use std::collections::BTreeMap;

use model::lang::Text;
use policy::judge::Finding;
use policy::standard::Duty;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::directory::Appointment;
use crate::hall::rights::EntryResource;
use crate::hall::{Hall, Refusal};

/// The kind.
pub const KIND: Kind = Kind {
    word: "finding",
    label: Text::fixed("新しい指摘", "new finding"),
    find,
};

/// Who is told of which rows.
type Rows<'f> = BTreeMap<String, Vec<&'f Finding>>;

fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let mut wanted = Vec::new();
    for (position, findings) in &look.broken {
        let Some((duty, _)) = look.snapshot.duty(*position) else {
            continue;
        };
        let mut rows = Rows::new();
        for finding in findings {
            for person in answering(look, duty, finding)? {
                rows.entry(person).or_default().push(finding);
            }
        }
        // One notice a duty and a day, however many rows broke with it.
        wanted.extend(rows.into_iter().map(|(person, rows)| notice(look, duty, person, &rows)));
    }
    Ok(wanted)
}

fn notice(look: &Look<'_>, duty: &Duty, person: String, rows: &[&Finding]) -> Wanted {
    let count = rows.len();
    let only = rows.first().filter(|_| count == 1);
    let row = only.and_then(|finding| {
        let place = finding.place.as_ref()?;
        Some((place.register.clone(), place.key.clone()?))
    });
    Wanted {
        key: format!("{}/{}/{}", duty.id, look.today, look.snapshot.ledger),
        to: vec![person],
        title: Text::new(
            format!("「{}」に新しい指摘が{count}件あります", duty.title.ja),
            format!("{count} new findings: {}", duty.title.en),
        ),
        link: row.map_or_else(|| Link::Duty(duty.id.clone()), |(register, key)| Link::Row(register, key)),
    }
}

/// Who answers for a row: whoever holds the role that owes the duty; where nobody near the row does, whoever manages its section, or
/// the whole city.
fn answering(look: &Look<'_>, duty: &Duty, finding: &Finding) -> Result<Vec<String>, Refusal> {
    let resource = resource(look.hall, finding)?;
    if duty.owes == "personnel" {
        return Ok(resource.map(|resource| resource.concerns).unwrap_or_default());
    }
    let resource = resource.unwrap_or_default();
    let roles = [duty.owes.as_str(), "section_manager", "general_manager"];
    let nearest = roles.into_iter().map(|role| nearest(look, role, &resource));
    Ok(nearest.into_iter().find(|people| !people.is_empty()).unwrap_or_default())
}

/// Those who hold a role over a row, as near to it as there is anybody: over its system, its section, its organ, the city.
fn nearest(look: &Look<'_>, role: &str, row: &EntryResource) -> Vec<String> {
    let is = |over: Option<&String>, named: &str| over.is_some_and(|over| over == named);
    let distance = |held: &Appointment| match (&held.system, &held.section, &held.organ) {
        (system @ Some(_), _, _) => is(system.as_ref(), &row.system).then_some(0),
        (None, Some(section), _) => look.directory.below(section).contains(&row.section).then_some(1),
        (None, None, organ @ Some(_)) => is(organ.as_ref(), &row.organ).then_some(2),
        (None, None, None) => Some(3),
    };
    let held = look.directory.in_force(look.today).filter(|held| held.role == role);
    let near: Vec<(u8, &str)> = held
        .filter_map(|held| Some((distance(held)?, held.person.as_str())))
        .collect();
    let least = near.iter().map(|(distance, _)| *distance).min();
    let people = near.iter().filter(|(distance, _)| Some(*distance) == least);
    people.map(|(_, person)| (*person).to_owned()).collect()
}

fn resource(hall: &Hall, finding: &Finding) -> Result<Option<EntryResource>, Refusal> {
    let (Some(city), Some(place)) = (hall.city(), &finding.place) else {
        return Ok(None);
    };
    let (Some(kind), Some(key)) = (city.kind(&place.register), &place.key) else {
        return Ok(None);
    };
    let entry = hall.store.entry(&place.register, key)?;
    Ok(entry.map(|entry| hall.entry_resource(kind, &entry.document)))
}

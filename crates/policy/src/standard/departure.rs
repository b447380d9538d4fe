//! How a city departs from the shipped standard.

use serde::Serialize;

use super::{Duty, Standard};

/// One difference between the shipped standard and a city's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Departure<'s> {
    /// The city added a duty.
    Added {
        /// The city's duty.
        duty: &'s Duty,
    },
    /// The city changed keys of a duty.
    Changed {
        /// As shipped.
        shipped: &'s Duty,
        /// The city's.
        duty: &'s Duty,
        /// The keys that differ.
        keys: Vec<&'static str>,
    },
    /// The city switched a duty off.
    Disabled {
        /// As shipped.
        shipped: &'s Duty,
        /// The city's, with its reason.
        duty: &'s Duty,
    },
}

/// Every difference, in the order of the city's duties.
#[must_use]
pub fn departures<'s>(shipped: &'s Standard, own: &'s Standard) -> Vec<Departure<'s>> {
    let departures = own.duties.iter().filter_map(|duty| match shipped.duty(&duty.id) {
        None => Some(Departure::Added { duty }),
        Some(shipped) if duty.disabled.is_some() && shipped.disabled.is_none() => {
            Some(Departure::Disabled { shipped, duty })
        }
        Some(shipped) => {
            let keys = differing(shipped, duty);
            (!keys.is_empty()).then_some(Departure::Changed { shipped, duty, keys })
        }
    });
    departures.collect()
}

fn differing(shipped: &Duty, own: &Duty) -> Vec<&'static str> {
    let text = |expression: &Option<super::Expression>| expression.as_ref().map(|e| e.text.clone());
    let form = |duty: &Duty| serde_json::to_value(&duty.criterion).unwrap_or_default();
    let rows = [
        ("concept", shipped.concept != own.concept),
        ("title", shipped.title != own.title),
        ("owes", shipped.owes != own.owes),
        ("severity", shipped.severity != own.severity),
        ("evidence_days", shipped.evidence_days != own.evidence_days),
        ("applies", text(&shipped.applies) != text(&own.applies)),
        (own.criterion.word(), form(shipped) != form(own)),
        ("remedy", shipped.remedy != own.remedy),
        ("edition", shipped.edition != own.edition),
        ("disabled", shipped.disabled != own.disabled),
    ];
    rows.into_iter()
        .filter_map(|(key, differs)| differs.then_some(key))
        .collect()
}

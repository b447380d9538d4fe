//! A small town to ask: two sections below a department, and everybody who decides something.

use approval::directory::{Absence, Appointment, Directory};
use approval::kind::Kinds;
use approval::request::{Content, Request, Subject};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

/// Person, section.
const PEOPLE: [(&str, &str); 13] = [
    ("ciso", "head"),
    ("vice", "head"),
    ("general", "it"),
    ("general-deputy", "it"),
    ("department", "head"),
    ("tax-manager", "tax"),
    ("tax-deputy", "tax"),
    ("tax-clerk", "tax"),
    ("it-manager", "it"),
    ("it-clerk", "it"),
    ("operator", "it"),
    ("friend", "it"),
    ("visitor", "nowhere"),
];

/// Role, person, organ, section, system, deputy.
type Post = (
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
);

const POSTS: [Post; 7] = [
    ("ciso", "ciso", None, None, None, Some("vice")),
    ("deputy_ciso", "vice", None, None, None, None),
    ("general_manager", "general", None, None, None, Some("general-deputy")),
    ("department_manager", "department", Some("mayor"), None, None, None),
    (
        "section_manager",
        "tax-manager",
        None,
        Some("tax"),
        None,
        Some("tax-deputy"),
    ),
    ("section_manager", "it-manager", None, Some("it"), None, Some("general")),
    (
        "system_manager",
        "it-manager",
        None,
        Some("it"),
        Some("SYS-1"),
        Some("operator"),
    ),
];

/// The town; some roles change hands on [`Town::CHANGE`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Town;

impl Town {
    /// From this day on another person is the general manager.
    pub(crate) const CHANGE: Date = date(2026, 5, 1);

    /// Everybody, whether they work here or not.
    pub(crate) fn everybody() -> Vec<&'static str> {
        PEOPLE.iter().map(|(person, _)| *person).collect()
    }

    /// Who is away, and whom they named.
    fn away(person: &str, on: Date) -> Option<(Date, Option<&'static str>)> {
        let (from, until, stand_in) = match person {
            "tax-manager" => (date(2026, 4, 5), date(2026, 4, 12), None),
            "general" => (date(2026, 4, 8), date(2026, 4, 20), Some("friend")),
            "ciso" => (date(2026, 4, 15), date(2026, 4, 16), None),
            "vice" => (date(2026, 4, 10), date(2026, 4, 30), Some("tax-clerk")),
            _ => return None,
        };
        (from <= on && on <= until).then_some((until, stand_in))
    }
}

impl Directory for Town {
    fn section_of(&self, person: &str, _: Date) -> Option<&str> {
        let known = PEOPLE.iter().find(|(known, _)| *known == person)?;
        (known.1 != "nowhere").then_some(known.1)
    }

    fn above(&self, section: &str) -> Option<&str> {
        (section != "head").then_some("head")
    }

    fn organ_of(&self, _: &str) -> Option<&str> {
        Some("mayor")
    }

    fn appointments(&self, role: &str, on: Date) -> Vec<Appointment<'_>> {
        let held = |(known, person, organ, section, system, deputy): &Post| {
            let person = if *known == "general_manager" && on >= Self::CHANGE {
                "friend"
            } else {
                person
            };
            (*known == role).then_some(Appointment {
                person,
                organ: *organ,
                section: *section,
                system: *system,
                deputy: *deputy,
            })
        };
        POSTS.iter().filter_map(held).collect()
    }

    fn absence(&self, person: &str, on: Date) -> Option<Absence<'_>> {
        Self::away(person, on).map(|(until, stand_in)| Absence { until, stand_in })
    }
}

/// The kinds that are shipped.
pub(crate) fn kinds() -> Kinds {
    Kinds::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Ten o'clock on a day of April 2026 or later, in Japan.
pub(crate) fn morning(day: i64) -> Timestamp {
    let first: Timestamp = "2026-04-01T10:00:00+09:00".parse().unwrap();
    first + SignedDuration::from_hours(24 * (day - 1))
}

/// What a request of a kind may say.
pub(crate) fn content(kind: &str) -> Content {
    let payload = match kind {
        "exception" => json!({ "duty": "physical.terminal.encryption", "register": "terminal", "subject": "T-1",
            "reason": "故障", "measures": "施錠", "expires_on": "2026-12-28" }),
        "publication" => json!({ "document": "D-1", "version": "令和8年4月", "reason": "周知", "reviewed": true }),
        "adoption" => {
            json!({ "organ": "mayor", "document": "D-1", "version": "令和8年4月", "text": "T-1", "reason": "改正" })
        }
        "role" => {
            json!({ "role": "section_manager", "person": "vice", "section": "tax", "appointed_on": "2026-04-10" })
        }
        "privilege" => json!({ "system": "SYS-1", "person": "it-clerk", "login": "adm1", "factors": 2,
            "reason": "保守", "expires_on": "2026-12-28" }),
        "retirement" => json!({ "asset": "A-1", "reason": "更新", "method": "erase", "disposed_on": "2026-04-30" }),
        other => panic!("no sample for {other}"),
    };
    Content {
        title: format!("{kind}の申請"),
        payload: object(payload),
        subject: Some(Subject {
            register: "asset".into(),
            key: "A-1".into(),
            section: Some("it".into()),
            system: Some("SYS-1".into()),
        }),
        grade: None,
    }
}

/// The properties of a JSON object.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// A draft on the first day.
pub(crate) fn draft(kind: &str, applicant: &str, content: Content) -> Request {
    Request::draft("R8-1", kind, applicant, content, &kinds(), &Town, morning(1)).unwrap()
}

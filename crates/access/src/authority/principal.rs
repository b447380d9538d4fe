//! Who acts.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{Entity, EntityUid, RestrictedExpression as Value};
use model::scheme::SchemeKind;

use super::entity::{self, Unmakeable, record, set_of, text};

/// Who acts, ready to be asked about; make it once a session, not once a question.
#[derive(Debug, Clone)]
pub struct Principal {
    pub(super) entity: Entity,
}

/// One of the personnel and their roles on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// The key in the register of personnel.
    pub key: String,
    /// The key of the section they belong to.
    pub section: String,
    /// The key of that section's organ.
    pub organ: String,
    /// Their roles.
    pub posts: Vec<Post>,
    /// Up to which grade they may read documents.
    pub clearance: Grade,
    /// Whether they work with MyNumber affairs (個人番号利用事務).
    pub mynumber: bool,
}

/// A role and what it is held over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Post {
    /// The national code, or [`ADMINISTRATOR`](crate::rule::ADMINISTRATOR).
    pub role: String,
    /// Over what.
    pub over: Over,
}

/// What a role is held over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Over {
    /// The whole city.
    City,
    /// An organ.
    Organ(String),
    /// These sections: the one appointed for, and those below it.
    Sections(Vec<String>),
    /// An information system.
    System(String),
}

/// How confidential something is, or how confidential what one may read: the national grades in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Grade {
    /// 自治体機密性1
    #[default]
    C1 = 1,
    /// 自治体機密性2
    C2,
    /// 自治体機密性3C
    C3C,
    /// 自治体機密性3B
    C3B,
    /// 自治体機密性3A
    C3A,
}

impl Grade {
    /// Every grade, lowest first.
    pub const ALL: [Self; 5] = [Self::C1, Self::C2, Self::C3C, Self::C3B, Self::C3A];

    /// The grade of something with this national code. What has none, or one that nobody knows, has the highest.
    #[must_use]
    pub fn of_thing(code: Option<&str>) -> Self {
        let nationals = SchemeKind::Confidentiality.nationals().iter().rev();
        let mut known = nationals
            .zip(Self::ALL)
            .filter(|(national, _)| Some(national.code) == code);
        known.next().map_or(Self::C3A, |(_, grade)| grade)
    }

    /// What the holder of these roles (national codes) may read where nothing else was decided for them: personnel read up to
    /// grade 2, those who look after a system up to 3C, those who answer for something or audit it everything.
    #[must_use]
    pub fn cleared_by<'r>(roles: impl IntoIterator<Item = &'r str>) -> Self {
        let cleared = |role| match role {
            "ciso" | "deputy_ciso" | "general_manager" | "department_manager" | "section_manager"
            | "system_manager" | "audit_manager" | "auditor" | "csirt_manager" => Self::C3A,
            "system_operator" | "csirt_member" | "cloud_manager" => Self::C3C,
            _ => Self::C2,
        };
        roles.into_iter().map(cleared).fold(Self::C2, Self::max)
    }

    pub(super) const fn number(self) -> i64 {
        self as i64
    }
}

impl Post {
    /// A role over the whole city.
    pub fn city(role: impl Into<String>) -> Self {
        Self {
            role: role.into(),
            over: Over::City,
        }
    }
}

impl Principal {
    /// Somebody without a session.
    ///
    /// # Errors
    /// None: the name is fixed.
    pub fn visitor() -> Result<Self, Unmakeable> {
        let entity = Entity::new_no_attrs(entity::uid("Visitor", "visitor")?, HashSet::new());
        Ok(Self { entity })
    }

    /// Somebody of the personnel.
    ///
    /// # Errors
    /// They have no section: nobody is personnel without one.
    pub fn person(person: &Person) -> Result<Self, Unmakeable> {
        if person.section.is_empty() || person.key.is_empty() {
            return Err(Unmakeable::Nobody);
        }
        let entity = Entity::new(uid(&person.key)?, attributes(person)?, HashSet::new())?;
        Ok(Self { entity })
    }

    /// The entity of policies.
    pub(super) fn uid(&self) -> EntityUid {
        self.entity.uid()
    }
}

/// The entity that stands for a person.
pub(super) fn uid(key: &str) -> Result<EntityUid, Unmakeable> {
    entity::uid("Person", key)
}

fn attributes(person: &Person) -> Result<HashMap<String, Value>, Unmakeable> {
    let roles: BTreeSet<&str> = person.posts.iter().map(|post| post.role.as_str()).collect();
    let attributes = [
        ("section", text(&person.section)),
        ("organ", text(&person.organ)),
        ("roles", set_of(roles)),
        ("city", set_of(over_city(person))),
        ("organs", records(person, "organ", over_organ)?),
        ("sections", records(person, "section", over_sections)?),
        ("systems", records(person, "system", over_system)?),
        ("clearance", Value::new_long(person.clearance.number())),
        ("mynumber", Value::new_bool(person.mynumber)),
    ];
    Ok(attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect())
}

fn over_city(person: &Person) -> BTreeSet<&str> {
    let posts = person.posts.iter().filter(|post| post.over == Over::City);
    posts.map(|post| post.role.as_str()).collect()
}

fn over_organ(over: &Over) -> &[String] {
    match over {
        Over::Organ(organ) => std::slice::from_ref(organ),
        _ => &[],
    }
}

fn over_sections(over: &Over) -> &[String] {
    match over {
        Over::Sections(sections) => sections,
        _ => &[],
    }
}

fn over_system(over: &Over) -> &[String] {
    match over {
        Over::System(system) => std::slice::from_ref(system),
        _ => &[],
    }
}

/// A set of records of a role and what it is held over. Nothing is held over "", which stands for none.
fn records(person: &Person, name: &str, over: fn(&Over) -> &[String]) -> Result<Value, Unmakeable> {
    let held = person
        .posts
        .iter()
        .flat_map(|post| over(&post.over).iter().map(move |key| (&post.role, key)));
    let held: BTreeSet<(&String, &String)> = held.filter(|(_, key)| !key.is_empty()).collect();
    let records = held
        .into_iter()
        .map(|(role, key)| record([("role", role), (name, key)]));
    Ok(Value::new_set(records.collect::<Result<Vec<_>, _>>()?))
}

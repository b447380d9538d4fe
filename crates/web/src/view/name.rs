//! What people and their roles are called.

use approval::panel::Capacity;
use approval::route::role_title;
use model::lang::Text;
use model::scheme::{SchemeKind, Schemes};
use service::hall::directory::Directory;

/// The name of a person; their key where the register does not have them.
#[must_use]
pub fn person(directory: &Directory, key: &str) -> String {
    let member = directory.people.get(key);
    member.map_or_else(|| key.to_owned(), |member| member.name.clone())
}

/// The name of a section; its key where the register does not have it, nothing for none.
#[must_use]
pub fn section(directory: &Directory, key: &str) -> String {
    let unit = directory.sections.get(key);
    unit.map_or_else(|| key.to_owned(), |unit| unit.name.clone())
}

/// The name of the section that a person works in.
#[must_use]
pub fn section_of(directory: &Directory, person: &str) -> String {
    let member = directory.people.get(person);
    member
        .map(|member| section(directory, &member.section))
        .unwrap_or_default()
}

/// A role by the city's own word, where it has one.
#[must_use]
pub fn role(schemes: &Schemes, code: &str) -> Text {
    if code == access::rule::ADMINISTRATOR {
        return Text::fixed("管理者", "administrator");
    }
    let national = role_title(code);
    let own = schemes.words(SchemeKind::Role);
    match own.into_iter().find(|(_, known)| *known == code) {
        Some((word, _)) => Text::new(word, national.en),
        None => national,
    }
}

/// 代決(見本 太郎): how somebody decides for another.
#[must_use]
pub fn capacity(directory: &Directory, capacity: &Capacity) -> Option<Text> {
    let of = person(directory, capacity.of()?);
    let title = capacity.title();
    Some(Text::new(
        format!("{}({of}の不在)", title.ja),
        format!("{} for {of}, who is away", title.en),
    ))
}

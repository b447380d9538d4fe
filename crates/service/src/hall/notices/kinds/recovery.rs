//! Somebody who lost every factor gets in again: they themselves and those who run the installation are told, so that nobody is
//! recovered behind their back.

use model::lang::Text;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::{Refusal, collection};

/// The kind.
pub const KIND: Kind = Kind {
    word: "recovery",
    label: Text::fixed("サインインの回復", "recovery"),
    find,
};

fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let administrators = look.hall.administrators()?;
    let mut wanted = Vec::new();
    for (_, person) in look.records.iter().filter(|(of, _)| of == collection::RECOVERY) {
        let Some(entry) = look.hall.store().entry(collection::RECOVERY, person)? else {
            continue;
        };
        // Each stage of a recovery is a version of its own.
        let key = format!("{person}/{}", entry.version);
        let others = administrators.iter().filter(|administrator| *administrator != person);
        wanted.push(Wanted {
            key: key.clone(),
            to: vec![person.clone()],
            title: Text::fixed(
                "あなたのサインインの回復の手続がありました。心当たりがなければ、すぐに管理者に知らせてください",
                "your sign-in is being recovered; if you know nothing of it, tell an administrator at once",
            ),
            link: Link::Account,
        });
        wanted.push(Wanted {
            key,
            to: others.cloned().collect(),
            title: Text::fixed(
                "職員のサインインの回復の手続がありました",
                "the sign-in of one of the personnel is being recovered",
            ),
            link: Link::Person(person.clone()),
        });
    }
    Ok(wanted)
}

//! A request waits for a decision of the person.

use model::lang::Text;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::Refusal;

/// The kind.
pub const KIND: Kind = Kind {
    word: "waiting",
    label: Text::fixed("決裁待ち", "waits for you"),
    find,
};

#[expect(clippy::unnecessary_wraps, reason = "all kinds look alike")]
fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let wanted = look.waiting.iter().map(|request| {
        let deciders = request.waiting(&*look.directory, look.today).into_iter();
        let title = &request.content().title;
        Wanted {
            // Each round and step is another decision.
            key: format!(
                "{}/{}/{}",
                request.number(),
                request.round(),
                request.step().unwrap_or_default()
            ),
            to: deciders.map(|candidate| candidate.person).collect(),
            title: Text::new(
                format!("「{title}」があなたの決裁を待っています"),
                format!("`{title}` waits for your decision"),
            ),
            link: Link::Request(request.number().to_owned()),
        }
    });
    Ok(wanted.collect())
}

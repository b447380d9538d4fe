//! A request came back to its applicant.

use approval::request::State;
use model::lang::Text;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::Refusal;

/// The kind.
pub const KIND: Kind = Kind {
    word: "returned",
    label: Text::fixed("差戻し", "returned"),
    find,
};

#[expect(clippy::unnecessary_wraps, reason = "all kinds look alike")]
fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let returned = look.changed.iter().filter(|request| request.state() == State::Returned);
    let wanted = returned.map(|request| {
        let title = &request.content().title;
        Wanted {
            key: format!("{}/{}", request.number(), request.round()),
            to: vec![request.applicant().to_owned()],
            title: Text::new(
                format!("「{title}」が差し戻されました"),
                format!("`{title}` was returned to you"),
            ),
            link: Link::Request(request.number().to_owned()),
        }
    });
    Ok(wanted.collect())
}

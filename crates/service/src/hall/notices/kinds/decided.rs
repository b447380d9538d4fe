//! A request was decided: its applicant is told.

use approval::request::{Request, State};
use model::lang::Text;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::Refusal;

/// The kind.
pub const KIND: Kind = Kind {
    word: "decided",
    label: Text::fixed("決裁の結果", "decided"),
    find,
};

#[expect(clippy::unnecessary_wraps, reason = "all kinds look alike")]
fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    Ok(look.changed.iter().filter_map(wanted).collect())
}

fn wanted(request: &Request) -> Option<Wanted> {
    let (ja, en) = match request.state() {
        State::Approved => ("承認されました", "was approved"),
        State::Rejected => ("却下されました", "was rejected"),
        State::Expired => ("決裁の期限を過ぎ、終わりました", "was not decided in time and ended"),
        // Whoever took it back knows.
        State::Withdrawn | State::Draft | State::Waiting | State::Returned => return None,
    };
    let title = &request.content().title;
    Some(Wanted {
        key: request.number().to_owned(),
        to: vec![request.applicant().to_owned()],
        title: Text::new(format!("「{title}」が{ja}"), format!("`{title}` {en}")),
        link: Link::Request(request.number().to_owned()),
    })
}

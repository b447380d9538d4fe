//! A request waits for longer than it should, or its last day is near.

use approval::due::What;
use model::lang::Text;

use super::super::{Link, Look, Wanted};
use super::Kind;
use crate::hall::Refusal;

/// The kind.
pub const KIND: Kind = Kind {
    word: "due",
    label: Text::fixed("決裁の期限", "decision is due"),
    find,
};

#[expect(clippy::unnecessary_wraps, reason = "all kinds look alike")]
fn find(look: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    let wanted = look.waiting.iter().flat_map(|request| {
        let title = &request.content().title;
        let due = request.due(&*look.directory, look.today).into_iter();
        due.map(move |due| {
            let days = due.days;
            let words = match due.what {
                What::Reminder => Text::new(
                    format!("「{title}」が{days}日間、あなたの決裁を待っています"),
                    format!("`{title}` has waited {days} days for your decision"),
                ),
                What::Escalation => Text::new(
                    format!("「{title}」が{days}日間、決裁されていません"),
                    format!("`{title}` has not been decided for {days} days"),
                ),
                What::LastDays => Text::new(
                    format!("「{title}」の決裁の期限が近づいています"),
                    format!("the last day for a decision on `{title}` is near"),
                ),
            };
            Wanted {
                key: due.key,
                to: due.to.into_iter().collect(),
                title: words,
                link: Link::Request(request.number().to_owned()),
            }
        })
    });
    Ok(wanted.collect())
}

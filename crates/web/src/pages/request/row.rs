//! A request as lists show it; its template is `part/requests.html`.

use approval::request::{Action, Request, State};
use jiff::civil::Date;
use model::clock::date_in_japan;
use model::lang::Text;
use service::hall::Hall;
use service::hall::directory::Directory;

use crate::href;
use crate::view::name;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestRow {
    /// `2026-00042`
    pub number: String,
    /// 件名
    pub title: String,
    /// 例外措置
    pub kind: Text,
    /// Where it stands.
    pub state: Tag,
    /// Who asks.
    pub applicant: String,
    /// Their section.
    pub section: String,
    /// When it was submitted last, or begun.
    pub on: Option<Date>,
    /// Who has to decide now.
    pub waits_for: Option<Text>,
    /// The last day for a decision.
    pub deadline: Option<Date>,
    /// Its page.
    pub href: String,
}

/// The state of a request: word and colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// 決裁待ち
    pub words: Text,
    /// The class that colours it.
    pub class: &'static str,
}

impl Tag {
    /// The tag of a state.
    #[must_use]
    pub(crate) const fn of(state: State) -> Self {
        let class = match state {
            State::Draft | State::Withdrawn => "is-outside",
            State::Waiting => "is-open",
            State::Returned | State::Expired => "is-excepted",
            State::Approved => "is-kept",
            State::Rejected => "is-broken",
        };
        Self {
            words: state.title(),
            class,
        }
    }
}

impl RequestRow {
    /// The row of a request.
    #[must_use]
    pub(crate) fn of(request: &Request, hall: &Hall, directory: &Directory) -> Self {
        let kinds = hall.request_kinds();
        let kind = kinds.get(request.kind());
        let mut log = request.log().iter();
        let submitted = log.clone().rev().find(|logged| logged.did == Action::Submitted);
        let dated = submitted.or_else(|| log.next());
        let title = request.content().title.trim();
        Self {
            number: request.number().to_owned(),
            title: if title.is_empty() { request.number() } else { title }.to_owned(),
            kind: kind.map_or_else(|| Text::same(request.kind()), |kind| kind.title.clone()),
            state: Tag::of(request.state()),
            applicant: name::person(directory, request.applicant()),
            section: request
                .section()
                .map(|key| name::section(directory, key))
                .unwrap_or_default(),
            on: dated.map(|logged| date_in_japan(logged.at)),
            waits_for: request.current().map(approval::route::Step::title),
            deadline: request.deadline().filter(|_| request.state() == State::Waiting),
            href: href::request(request.number()),
        }
    }
}

/// A state as addresses and documents have it.
#[must_use]
pub(crate) fn word(state: State) -> String {
    let word = serde_json::json!(state);
    word.as_str().unwrap_or_default().to_owned()
}

/// Rows to look at.
#[must_use]
pub(crate) fn samples() -> Vec<RequestRow> {
    let row = |number: &str, title: &str, state: State, waits: bool| RequestRow {
        number: number.to_owned(),
        title: title.to_owned(),
        kind: Text::fixed("例外措置", "exception"),
        state: Tag::of(state),
        applicant: "見本 次郎".to_owned(),
        section: "市民課".to_owned(),
        on: Some(jiff::civil::date(2026, 11, 18)),
        waits_for: waits.then(|| {
            Text::fixed(
                "申請者の情報セキュリティ管理者",
                "section information security manager of the applicant",
            )
        }),
        deadline: waits.then(|| jiff::civil::date(2027, 1, 17)),
        href: href::request(number),
    };
    vec![
        row(
            "2026-00012",
            "窓口端末の認証装置の故障による例外措置",
            State::Waiting,
            true,
        ),
        row("2026-00011", "戸籍システムの特権ID", State::Returned, false),
        row("2026-00009", "古い住民記録の廃棄", State::Approved, false),
    ]
}

//! `/requests/{number}`: what is asked, who decides it, what happened, and what the visitor may do now.

use approval::request::{Event, Outcome, Request, State};
use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};
use store::Refused;

use super::line::{self, Line};
use super::row::{RequestRow, Tag};
use super::step::{self, Decider, Happened, Place, StepView};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/request.html")]
struct Show {
    frame: Frame,
    shown: Shown,
    faults: Vec<Fault>,
    comment: String,
}

impl Page for Show {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What a page shows of a request.
pub(super) struct Shown {
    pub(super) row: RequestRow,
    pub(super) lines: Vec<Line>,
    pub(super) steps: Vec<StepView>,
    pub(super) history: Vec<Happened>,
    pub(super) until: Option<Date>,
    pub(super) ended_on: Option<Date>,
    seen: u64,
    leaf: u64,
    may: May,
}

/// What the visitor may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct May {
    edit: bool,
    withdraw: bool,
    decide: bool,
    comment: bool,
    /// They have to prove again who they are before they decide.
    prove: bool,
}

impl Show {
    fn new(visit: &Visit, shown: Shown) -> Self {
        let title = Text::same(shown.row.title.as_str());
        let frame = visit.frame(title, Section::Requests);
        Self {
            frame: frame.crumb(Section::Requests.label(), href::REQUESTS),
            shown,
            faults: Vec::new(),
            comment: String::new(),
        }
    }

    /// Where the visitor proves again who they are, and comes back from.
    fn again(&self) -> String {
        format!("{}?next={}", href::AGAIN, href::segment(&self.shown.row.href))
    }

    fn leaf(&self) -> String {
        href::leaf(self.shown.leaf)
    }
}

pub(super) async fn show(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let shown = blocking(&site, move |hall| shown(hall, &visitor, &number)).await?;
    Ok(Show::new(&visit, shown).show())
}

pub(super) async fn act(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let comment = sent.value("comment").to_owned();
    let event = event(sent.value("do"), &comment).ok_or_else(|| {
        Failure::Invalid(Text::fixed(
            "何をするかが送られていません。",
            "It was not said what to do.",
        ))
    })?;
    let seen: u64 = sent.value("seen").parse().unwrap_or_default();
    let (who, of) = (visitor.clone(), number.clone());
    let done = blocking(&site, move |hall| {
        let loaded = hall.request(&of)?;
        if !hall.may_read_request(&who, &loaded.request) {
            return Err(Refusal::NotFound);
        }
        Ok(hall.act_on_request(&who, &of, seen, event))
    });
    match done.await? {
        Ok(outcome) => Ok(notice::see(&href::request(&number), told(outcome))),
        Err(refusal @ (Refusal::Request(_) | Refusal::Faults(_) | Refusal::Rules(_) | Refusal::Problems(_))) => {
            refused(&site, &visit, &visitor, &number, &refusal, comment).await
        }
        Err(refusal @ Refusal::Store(Refused::Conflict { .. })) => {
            refused(&site, &visit, &visitor, &number, &refusal, comment).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn event(word: &str, comment: &str) -> Option<Event> {
    let optional = || Some(comment.to_owned()).filter(|comment| !comment.trim().is_empty());
    let comment = comment.to_owned();
    Some(match word {
        "submit" => Event::Submit { comment: optional() },
        "approve" => Event::Approve { comment: optional() },
        "return" => Event::Return { comment },
        "reject" => Event::Reject { comment },
        "withdraw" => Event::Withdraw { comment: optional() },
        "comment" => Event::Comment { comment },
        _ => return None,
    })
}

const fn told(outcome: Outcome) -> Notice {
    match outcome {
        Outcome::Edited | Outcome::Expired => Notice::Saved,
        Outcome::Submitted => Notice::Submitted,
        Outcome::Counted | Outcome::Advanced { .. } => Notice::Counted,
        Outcome::Approved => Notice::Approved,
        Outcome::Returned => Notice::Returned,
        Outcome::Rejected => Notice::Rejected,
        Outcome::Withdrawn => Notice::Withdrawn,
        Outcome::Commented => Notice::Commented,
    }
}

/// The page of a request with what was refused above it.
pub(super) async fn refused(
    site: &Site,
    visit: &Visit,
    visitor: &Visitor,
    number: &str,
    refusal: &Refusal,
    comment: String,
) -> Result<Response, Failure> {
    let (who, of) = (visitor.clone(), number.to_owned());
    let shown = blocking(site, move |hall| shown(hall, &who, &of)).await?;
    let (faults, status) = faults(refusal);
    let page = Show {
        faults,
        comment,
        ..Show::new(visit, shown)
    };
    Ok(page.show_as(status))
}

fn faults(refusal: &Refusal) -> (Vec<Fault>, StatusCode) {
    let whole = |words: Text| Fault {
        field: String::new(),
        words,
    };
    match refusal {
        Refusal::Store(_) => {
            let words = Text::fixed(
                "ほかの人が先に手続をしました。下の内容を確かめて、もう一度行ってください。",
                "Somebody else was first. Look at what follows and try again.",
            );
            (vec![whole(words)], StatusCode::CONFLICT)
        }
        Refusal::Request(approval::request::Refusal::NoComment) => {
            let field = "comment".to_owned();
            let words = refusal.text();
            (vec![Fault { field, words }], StatusCode::UNPROCESSABLE_ENTITY)
        }
        Refusal::Request(approval::request::Refusal::Faulty(faults)) => {
            let told = faults.iter().map(|fault| whole(fault.message.clone()));
            (told.collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Refusal::Faults(faults) => {
            let told = faults.iter().map(|fault| {
                let label = fault.label.clone().unwrap_or_default();
                let (ja, en) = (&fault.message.ja, &fault.message.en);
                whole(Text::new(format!("{} {ja}", label.ja), format!("{} {en}", label.en)))
            });
            (told.collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        refusal => (vec![whole(refusal.text())], StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// A request that the visitor may read.
pub(super) fn shown(hall: &Hall, visitor: &Visitor, number: &str) -> Result<Shown, Refusal> {
    let loaded = hall.request(number)?;
    let request = &loaded.request;
    if !hall.may_read_request(visitor, request) {
        return Err(Refusal::NotFound);
    }
    let kinds = hall.request_kinds();
    let kind = kinds.get(request.kind()).ok_or(Refusal::NotFound)?;
    let city = hall.city().ok_or(Refusal::NoCity)?;
    let (directory, today) = (hall.directory(), hall.today());
    Ok(Shown {
        row: RequestRow::of(request, hall, &directory),
        lines: line::lines(hall, kind, request)?,
        steps: step::steps(request, kind, &directory, &city.settings.schemes, today),
        history: step::history(request, kind, &directory),
        until: request.until(),
        ended_on: request.ended_on(),
        seen: loaded.version,
        leaf: loaded.leaf,
        may: may(hall, visitor, request),
    })
}

fn may(hall: &Hall, visitor: &Visitor, request: &Request) -> May {
    let open = !request.state().is_end();
    let own = request.applicant() == visitor.person;
    let waiting = request.waiting(&*hall.directory(), hall.today());
    let decide = waiting.iter().any(|candidate| candidate.person == visitor.person);
    let took_part = request
        .log()
        .iter()
        .any(|logged| logged.by.as_deref() == Some(&visitor.person));
    May {
        edit: own && [State::Draft, State::Returned].contains(&request.state()),
        withdraw: own && open,
        decide,
        comment: open && request.state() != State::Draft && (own || decide || took_part),
        prove: hall.fresh(visitor).is_err(),
    }
}

pub(super) fn sample_shown() -> Shown {
    let row = super::row::samples().into_iter().next();
    let at: jiff::Timestamp = "2026-11-18T01:12:00Z".parse().unwrap_or_default();
    let line = |ja: &'static str, en: &'static str, value: Text, is_prose: bool| Line {
        label: Text::fixed(ja, en),
        value,
        href: None,
        is_prose,
    };
    let happened = |by: &str, did: Text, comment: Option<&str>| Happened {
        at,
        by: by.to_owned(),
        did,
        role: None,
        comment: comment.map(str::to_owned),
    };
    let approved = Happened {
        role: Some(Text::fixed(
            "情報セキュリティ管理者",
            "section information security manager",
        )),
        ..happened(
            "見本 三郎",
            Text::fixed("承認", "approved"),
            Some("代わりの措置を確かめました。"),
        )
    };
    Shown {
        row: row.unwrap_or_else(|| RequestRow {
            number: String::new(),
            title: String::new(),
            kind: Text::default(),
            state: Tag::of(State::Draft),
            applicant: String::new(),
            section: String::new(),
            on: None,
            waits_for: None,
            deadline: None,
            href: String::new(),
        }),
        lines: vec![
            Line {
                href: Some(href::duty("resilience.mynumber.authentication")),
                ..line(
                    "遵守事項",
                    "duty",
                    Text::fixed(
                        "マイナンバー利用事務系の端末は、二つの要素で認証する",
                        "two factors on terminals of the MyNumber tier",
                    ),
                    false,
                )
            },
            line(
                "理由",
                "reason",
                Text::same("認証装置の修理に二週間かかる。\n代わりの装置はない。"),
                true,
            ),
            line(
                "代替措置",
                "measures instead",
                Text::same("職員二人の立会いで使い、使用簿に記す。"),
                true,
            ),
            line("期限", "until", Text::fixed("令和8年12月28日", "2026-12-28"), false),
        ],
        steps: vec![
            StepView {
                title: Text::fixed(
                    "申請者の情報セキュリティ管理者",
                    "section information security manager of the applicant",
                ),
                place: Place::Done,
                decisions: vec![approved.clone()],
                who: Vec::new(),
            },
            StepView {
                title: Text::fixed(
                    "申請者の統括情報セキュリティ責任者",
                    "general information security manager of the applicant",
                ),
                place: Place::Waits,
                decisions: Vec::new(),
                who: vec![Decider {
                    name: "見本 花子".to_owned(),
                    section: "情報政策課".to_owned(),
                    role: Text::fixed("統括情報セキュリティ責任者", "general information security manager"),
                    capacity: Some(Text::fixed(
                        "代決(見本 四郎の不在)",
                        "deputy for 見本 四郎, who is away",
                    )),
                }],
            },
            StepView {
                title: Text::fixed(
                    "申請者の最高情報セキュリティ責任者",
                    "chief information security officer of the applicant",
                ),
                place: Place::Ahead,
                decisions: Vec::new(),
                who: Vec::new(),
            },
        ],
        history: vec![
            approved,
            happened("見本 次郎", Text::fixed("申請", "submitted"), None),
            happened("見本 次郎", Text::fixed("起案", "drafted"), None),
        ],
        until: Some(jiff::civil::date(2026, 12, 28)),
        ended_on: None,
        seen: 3,
        leaf: 48_213,
        may: May {
            decide: true,
            comment: true,
            ..May::default()
        },
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/requests/2026-00012"), lang);
    let decide = Show::new(&visit, sample_shown());
    let refused = Show {
        faults: faults(&Refusal::Request(approval::request::Refusal::NoComment)).0,
        ..Show::new(&visit, sample_shown())
    };
    let own = May {
        edit: true,
        withdraw: true,
        ..May::default()
    };
    let draft = Show::new(
        &visit,
        Shown {
            may: own,
            ..sample_shown()
        },
    );
    let prove = May {
        decide: true,
        comment: true,
        prove: true,
        ..May::default()
    };
    let again = Show::new(
        &visit,
        Shown {
            may: prove,
            ..sample_shown()
        },
    );
    vec![
        Sample::of("request-decide", &decide),
        Sample::of("request-refused", &refused),
        Sample::of("request-own", &draft),
        Sample::of("request-prove", &again),
    ]
}

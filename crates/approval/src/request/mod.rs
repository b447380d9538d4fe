//! A request (申請): a document, and the one way to change it.

mod apply;
mod document;
mod event;
mod log;
mod refusal;

use jiff::civil::Date;
use model::clock::date_in_japan;
use model::lang::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::document::Unreadable;
pub use self::event::{Event, Outcome};
pub use self::log::{Action, Logged};
pub use self::refusal::Refusal;
use crate::directory::Directory;
use crate::kind::Kind;
use crate::panel::{Candidate, Panel, View};
use crate::route::{Needs, Route, Step};

/// The shape of the document; an older one is read, a newer one is refused.
pub const VERSION: u32 = 1;

/// A request, as it is stored.
///
/// Its properties `state`, `kind`, `applicant` and `deadline` lie at the top, so that a store can find requests by them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    v: u32,
    number: String,
    kind: String,
    state: State,
    /// The step that is waited for, from zero; only while waiting.
    step: Option<usize>,
    /// How often it was submitted.
    round: u32,
    applicant: String,
    /// The applicant's section on the day of drafting, then of the last submission.
    section: Option<String>,
    content: Content,
    /// The route, as it was when the request was submitted.
    route: Option<Route>,
    /// Who must not decide: the applicant, and those whom the request is about.
    barred: Vec<String>,
    /// The last day for a decision.
    deadline: Option<Date>,
    /// The last day of what is asked for.
    until: Option<Date>,
    log: Vec<Logged>,
}

/// What the applicant asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// 件名
    pub title: String,
    /// The kind's fields.
    pub payload: Map<String, Value>,
    /// The entry that it is about.
    pub subject: Option<Subject>,
    /// The grade of the subject, where the kind is graded and the caller knows it.
    pub grade: Option<String>,
}

/// An entry that a request is about, as it was when the request was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its register.
    pub register: String,
    /// Its key.
    pub key: String,
    /// The section that answers for it.
    pub section: Option<String>,
    /// The information system that it is, or belongs to.
    pub system: Option<String>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// 下書き: only the applicant has it.
    Draft,
    /// 決裁待ち: a step waits for a decision.
    Waiting,
    /// 差戻し: the applicant is to change it.
    Returned,
    /// 承認
    Approved,
    /// 却下
    Rejected,
    /// 取下げ
    Withdrawn,
    /// 期限切れ: nobody decided in time.
    Expired,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Waiting,
        Self::Returned,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// Whether nothing can change any more.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Withdrawn | Self::Expired)
    }

    /// The word for it.
    #[must_use]
    pub const fn title(self) -> Text {
        match self {
            Self::Draft => Text::fixed("下書き", "draft"),
            Self::Waiting => Text::fixed("決裁待ち", "waiting for a decision"),
            Self::Returned => Text::fixed("差戻し", "returned"),
            Self::Approved => Text::fixed("承認", "approved"),
            Self::Rejected => Text::fixed("却下", "rejected"),
            Self::Withdrawn => Text::fixed("取下げ", "withdrawn"),
            Self::Expired => Text::fixed("期限切れ", "expired"),
        }
    }
}

impl Request {
    /// Its number, unique among all requests.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// Which step it waits for, from zero.
    #[must_use]
    pub const fn step(&self) -> Option<usize> {
        self.step
    }

    /// How often it was submitted.
    #[must_use]
    pub const fn round(&self) -> u32 {
        self.round
    }

    /// Who asks.
    #[must_use]
    pub fn applicant(&self) -> &str {
        &self.applicant
    }

    /// The section of who asks, on the day of the last submission.
    #[must_use]
    pub fn section(&self) -> Option<&str> {
        self.section.as_deref()
    }

    /// What is asked for.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// The route that it goes, once submitted.
    #[must_use]
    pub const fn route(&self) -> Option<&Route> {
        self.route.as_ref()
    }

    /// The last day for a decision, once submitted.
    #[must_use]
    pub const fn deadline(&self) -> Option<Date> {
        self.deadline
    }

    /// The last day of what is asked for, where it has one.
    #[must_use]
    pub const fn until(&self) -> Option<Date> {
        self.until
    }

    /// Everything that happened, oldest first; never empty.
    #[must_use]
    pub fn log(&self) -> &[Logged] {
        &self.log
    }

    /// Whether it was granted; what was granted may be over ([`Request::in_force`]).
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.state == State::Approved
    }

    /// Whether what was granted holds on a day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        let begun = self.ended_on().is_some_and(|from| from <= on);
        self.is_approved() && begun && self.until.is_none_or(|until| on <= until)
    }

    /// The day on which it was approved, rejected, withdrawn or expired.
    #[must_use]
    pub fn ended_on(&self) -> Option<Date> {
        let last = self.log.iter().rev().find(|logged| logged.then.is_end())?;
        Some(date_in_japan(last.at))
    }

    /// Who made the last decision that approved it.
    #[must_use]
    pub fn approver(&self) -> Option<&str> {
        let mut log = self.log.iter().rev();
        let last = log.find(|logged| self.is_approved() && logged.did == Action::Approved)?;
        last.by.as_deref()
    }

    /// The step that waits for a decision.
    #[must_use]
    pub fn current(&self) -> Option<&Step> {
        self.route.as_ref()?.steps.get(self.step?)
    }

    /// Who may decide the step that waits, in which capacity, and has not yet.
    ///
    /// Empty while a step waits means that nobody can: the role is vacant, or those who hold it are away without a deputy who has
    /// not decided yet.
    #[must_use]
    pub fn waiting(&self, directory: &dyn Directory, on: Date) -> Vec<Candidate> {
        let Some(step) = self.current() else {
            return Vec::new();
        };
        let (open, decided) = (self.open(step, directory, on), self.decided());
        let mut candidates = open.candidates();
        candidates.retain(|candidate| {
            !decided
                .iter()
                .any(|logged| logged.by.as_deref() == Some(&candidate.person))
        });
        candidates
    }

    /// Who decides the step that waits, those who have already decided included.
    #[must_use]
    pub fn panel(&self, directory: &dyn Directory, on: Date) -> Panel {
        self.current()
            .map(|step| self.view(directory, on).panel(step))
            .unwrap_or_default()
    }

    pub(crate) fn view<'v>(&'v self, directory: &'v dyn Directory, on: Date) -> View<'v> {
        let subject = self.content.subject.as_ref();
        View {
            directory,
            on,
            barred: &self.barred,
            applicant_section: self.section.as_deref(),
            subject_section: subject.and_then(|subject| subject.section.as_deref()),
            system: subject.and_then(|subject| subject.system.as_deref()),
        }
    }

    /// The panel of a step without the seats that are decided.
    fn open(&self, step: &Step, directory: &dyn Directory, on: Date) -> Panel {
        let mut panel = self.view(directory, on).panel(step);
        let decided = self.decided();
        panel
            .seats
            .retain(|seat| !decided.iter().any(|logged| logged.holder() == Some(&seat.holder)));
        panel
    }

    /// The approvals of the step that waits, in this round.
    fn decided(&self) -> Vec<&Logged> {
        let here = |logged: &&Logged| logged.round == self.round && logged.step == self.step;
        let approvals = self.log.iter().filter(|logged| logged.did == Action::Approved);
        approvals.filter(here).collect()
    }

    /// Whether the step that waits has every decision that it needs.
    fn is_step_complete(&self, step: &Step, directory: &dyn Directory, on: Date) -> bool {
        let decided = !self.decided().is_empty();
        match step.needs {
            Needs::Any => decided,
            Needs::All => {
                let open = self.open(step, directory, on);
                decided && open.seats.is_empty() && open.vacant.is_empty()
            }
        }
    }

    /// Those whom the request is about, and the applicant.
    fn barred_by(&self, kind: &Kind) -> Vec<String> {
        let named = kind
            .barred
            .iter()
            .filter_map(|field| self.content.payload.get(field)?.as_str());
        let mut barred = vec![self.applicant.clone()];
        barred.extend(named.filter(|person| *person != self.applicant).map(str::to_owned));
        barred
    }
}

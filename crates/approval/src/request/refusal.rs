//! Why something cannot be done with a request.

use model::lang::Text;

use super::State;
use crate::kind::Fault;

/// Why an event was refused; the request is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such kind of request.
    UnknownKind,
    /// The person does not work here on that day.
    NotPersonnel,
    /// The request has ended.
    Ended(State),
    /// It cannot be done while the request stands there.
    NotNow(State),
    /// Only the applicant can do that.
    NotApplicant,
    /// The applicant, or somebody whom the request is about, would decide.
    OwnRequest,
    /// The person has no role that decides this step, or it is not theirs to decide today.
    NotEntitled,
    /// The person has decided this step already.
    DecidedAlready,
    /// The day for a decision is over.
    Overdue,
    /// Fields are missing or wrong.
    Faulty(Vec<Fault>),
    /// Nobody could decide a step, in words.
    NobodyDecides(Text),
    /// A comment is missing.
    NoComment,
    /// The title or a comment is too long, or there are too many.
    TooLong,
}

impl Refusal {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKind => "unknown-kind",
            Self::NotPersonnel => "not-personnel",
            Self::Ended(_) => "ended",
            Self::NotNow(_) => "not-now",
            Self::NotApplicant => "not-applicant",
            Self::OwnRequest => "own-request",
            Self::NotEntitled => "not-entitled",
            Self::DecidedAlready => "decided-already",
            Self::Overdue => "overdue",
            Self::Faulty(_) => "faulty",
            Self::NobodyDecides(_) => "nobody-decides",
            Self::NoComment => "no-comment",
            Self::TooLong => "too-long",
        }
    }

    /// What to tell the person.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::UnknownKind => Text::fixed("この種類の申請はありません", "there is no such kind of request"),
            Self::NotPersonnel => Text::fixed(
                "この日に在籍している職員等ではありません",
                "the person does not work here on that day",
            ),
            Self::Ended(state) => {
                let title = state.title();
                Text::new(
                    format!("この申請はすでに終わっています({})", title.ja),
                    format!("the request has ended ({})", title.en),
                )
            }
            Self::NotNow(state) => {
                let title = state.title();
                Text::new(
                    format!("「{}」の申請にはできない操作です", title.ja),
                    format!("cannot be done with a request that is {}", title.en),
                )
            }
            Self::NotApplicant => Text::fixed("申請した本人だけができる操作です", "only the applicant can do that"),
            Self::OwnRequest => Text::fixed(
                "自分の申請や、自分についての申請は決裁できません",
                "nobody decides their own request, nor one that is about them",
            ),
            Self::NotEntitled => Text::fixed(
                "この段階を決裁する役割がありません",
                "you hold no role that decides this step today",
            ),
            Self::DecidedAlready => Text::fixed("この段階はすでに決裁しています", "you have decided this step already"),
            Self::Overdue => Text::fixed("決裁の期限を過ぎています", "the last day for a decision has passed"),
            Self::Faulty(faults) => Text::new(
                format!("{}件の項目を直してください", faults.len()),
                format!("{} fields need to be corrected", faults.len()),
            ),
            Self::NobodyDecides(step) => Text::new(
                format!("「{}」を決裁できる人がいません", step.ja),
                format!("nobody can decide the step `{}`", step.en),
            ),
            Self::NoComment => Text::fixed("理由を入力してください", "say why"),
            Self::TooLong => Text::fixed(
                "文字数か記録の数が上限を超えています",
                "the text is too long, or the record is full",
            ),
        }
    }

    /// The faults of single fields, for a form.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Faulty(faults) => faults,
            _ => &[],
        }
    }
}

//! Why an act was not done, or a thing not shown.

use model::lang::Text;
use register::Fault;
use store::Refused;

use crate::problem::Problem;

/// Nothing was changed.
#[derive(Debug)]
pub enum Refusal {
    /// No city was loaded yet.
    NoCity,
    /// There is no such thing, or the visitor may not know that there is.
    NotFound,
    /// The visitor may not do this.
    Denied(Text),
    /// The visitor must prove again who they are.
    Reauthenticate,
    /// What was sent breaks these rules.
    Faults(Vec<Fault>),
    /// The city's own files are not right.
    Problems(Vec<Problem>),
    /// It goes against these rules of the act itself.
    Rules(Vec<Text>),
    /// It is not to be done with this request, or not by this visitor.
    Request(approval::request::Refusal),
    /// The store refused: a lost race, a value that is taken, no space.
    Store(Refused),
}

impl Refusal {
    /// What the visitor is told.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NoCity => Text::fixed("団体がまだ読み込まれていない", "no city was loaded yet"),
            Self::NotFound => Text::fixed(
                "見つからない。番号が違うか、見る権限がない",
                "it is not there, or you may not see it",
            ),
            Self::Denied(why) => why.clone(),
            Self::Rules(rules) => Text::new(
                rules.iter().map(|rule| rule.ja.as_ref()).collect::<Vec<_>>().join("。"),
                rules.iter().map(|rule| rule.en.as_ref()).collect::<Vec<_>>().join("; "),
            ),
            Self::Reauthenticate => {
                Text::fixed("もう一度、本人であることを確かめてください", "prove again who you are")
            }
            Self::Faults(faults) => Text::new(
                format!("直すところが{}件ある", faults.len()),
                format!("{} things are to be corrected", faults.len()),
            ),
            Self::Problems(problems) => Text::new(
                format!("市のファイルに直すところが{}件ある", problems.len()),
                format!("{} things in the city's files are to be corrected", problems.len()),
            ),
            Self::Request(refusal) => refusal.text(),
            Self::Store(refused) => refused.text(),
        }
    }
}

impl Refusal {
    /// It goes against one rule of the act.
    #[must_use]
    pub fn rule(ja: &'static str, en: &'static str) -> Self {
        Self::Rules(vec![Text::fixed(ja, en)])
    }
}

impl From<approval::request::Refusal> for Refusal {
    fn from(refusal: approval::request::Refusal) -> Self {
        Self::Request(refusal)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Store(refused)
    }
}

impl From<store::Failure> for Refusal {
    fn from(failure: store::Failure) -> Self {
        Self::Store(Refused::Failed(failure))
    }
}

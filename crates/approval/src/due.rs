//! What is due on a day: reminders to those who have not decided, word to those above them, and the end of a request.

use std::collections::BTreeSet;

use jiff::civil::Date;
use model::clock::date_in_japan;
use serde::Serialize;

use crate::directory::Directory;
use crate::request::{Action, Request};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// What.
    pub what: What,
    /// Whom to tell, by key.
    pub to: BTreeSet<String>,
    /// A word that only this notice has, so that it goes out once however often one asks.
    pub key: String,
    /// Since when the step has waited.
    pub since: Date,
    /// How many days that is.
    pub days: u32,
}

/// What can be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Those who may decide are reminded.
    Reminder,
    /// Others are told that nobody has decided.
    Escalation,
    /// The last day for a decision is near or here: the applicant and those who may decide are told.
    LastDays,
}

/// How many days before its deadline a request is called near its end.
const NEAR: u32 = 3;

impl Request {
    /// What is due on this day; nothing unless a step waits.
    #[must_use]
    pub fn due(&self, directory: &dyn Directory, on: Date) -> Vec<Due> {
        let (Some(step), Some(since)) = (self.current(), self.waits_since()) else {
            return Vec::new();
        };
        let days = days_between(since, on);
        let deciders: BTreeSet<String> = self.waiting(directory, on).into_iter().map(|who| who.person).collect();
        let due = |what: What, to: BTreeSet<String>, mark: String| Due {
            what,
            to,
            key: format!(
                "{}/{}/{}/{mark}",
                self.number(),
                self.round(),
                self.step().unwrap_or_default()
            ),
            since,
            days,
        };
        let times = step
            .remind_days
            .and_then(|every| days.checked_div(every.into()))
            .filter(|times| *times > 0);
        let reminder = times.map(|times| due(What::Reminder, deciders.clone(), format!("remind-{times}")));
        let late = step.escalate_days.filter(|after| days >= u32::from(*after));
        let escalation = late.map(|_| {
            let above = self.view(directory, on).holders(&step.escalate_to);
            due(What::Escalation, above, "escalate".to_owned())
        });
        let left = self
            .deadline()
            .filter(|last| on <= *last)
            .map(|last| days_between(on, last));
        let last_days = left.filter(|left| *left <= NEAR).map(|_| {
            let mut to = deciders.clone();
            to.insert(self.applicant().to_owned());
            due(What::LastDays, to, "last-days".to_owned())
        });
        reminder.into_iter().chain(escalation).chain(last_days).collect()
    }

    /// Since when the step that waits has waited.
    #[must_use]
    pub fn waits_since(&self) -> Option<Date> {
        self.step()?;
        let mut came = None;
        let mut before = None;
        for logged in self.log() {
            let submitted = logged.did == Action::Submitted;
            if submitted || logged.then_step != before {
                came = Some(logged.at);
            }
            before = logged.then_step;
        }
        came.map(date_in_japan)
    }
}

fn days_between(from: Date, until: Date) -> u32 {
    let days = from.until(until).map_or(0, |span| span.get_days());
    u32::try_from(days).unwrap_or_default()
}

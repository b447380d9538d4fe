//! The transitions.
//!
//! INVARIANT: a refused event leaves the request as it was, and every other one adds to the log.

use jiff::Timestamp;
use model::clock::date_in_japan;

use super::{Action, Content, Event, Logged, Outcome, Refusal, Request, State, VERSION};
use crate::directory::Directory;
use crate::kind::Kinds;
use crate::panel::Candidate;
use crate::route::{Needs, Route};

/// The most characters of a comment.
const LONGEST_COMMENT: usize = 2_000;
/// The most characters of a title.
const LONGEST_TITLE: usize = 200;
/// The most that a request remembers; its last places are kept for what ends it.
const FULLEST: usize = 500;

/// What a decision is made of.
struct Decision {
    by: Candidate,
    did: Action,
    comment: Option<String>,
}

impl Request {
    /// A new draft of `applicant`, under a number that nothing else has.
    ///
    /// # Errors
    /// The kind is unknown, the applicant does not work here, or the content does not fit the kind. What is missing may be
    /// missing until the draft is submitted.
    pub fn draft(
        number: impl Into<String>,
        kind: &str,
        applicant: &str,
        content: Content,
        kinds: &Kinds,
        directory: &dyn Directory,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let section = directory.section_of(applicant, date_in_japan(now));
        let section = section.ok_or(Refusal::NotPersonnel)?.to_owned();
        check_content(kind, &content, kinds)?;
        let mut request = Self {
            v: VERSION,
            number: number.into(),
            kind: kind.to_owned(),
            state: State::Draft,
            step: None,
            round: 0,
            applicant: applicant.to_owned(),
            section: Some(section),
            content,
            route: None,
            barred: Vec::new(),
            deadline: None,
            until: None,
            log: Vec::new(),
        };
        request.note(Action::Drafted, Some(applicant), None, now);
        Ok(request)
    }

    /// Lets `by` do something.
    ///
    /// # Errors
    /// It is not theirs to do, not now, or not like this; then nothing changed.
    pub fn apply(
        &mut self,
        by: &str,
        event: Event,
        kinds: &Kinds,
        directory: &dyn Directory,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        if self.state.is_end() {
            return Err(Refusal::Ended(self.state));
        }
        if directory.section_of(by, date_in_japan(now)).is_none() {
            return Err(Refusal::NotPersonnel);
        }
        let ends = matches!(event, Event::Reject { .. } | Event::Withdraw { .. });
        if self.log.len() >= FULLEST && !ends {
            return Err(Refusal::TooLong);
        }
        match event {
            Event::Edit(content) => self.edit(by, *content, kinds, now),
            Event::Submit { comment } => self.submit(by, comment, kinds, directory, now),
            Event::Approve { comment } => self.approve(by, comment, directory, now),
            Event::Return { comment } => self.turn_down(by, Action::Returned, comment, directory, now),
            Event::Reject { comment } => self.turn_down(by, Action::Rejected, comment, directory, now),
            Event::Withdraw { comment } => self.withdraw(by, comment, now),
            Event::Comment { comment } => self.comment(by, comment, directory, now),
        }
    }

    /// Lets time pass: a request whose day is over expires; a step that waits only for people who no longer hold the role
    /// goes on. `None` where nothing is to be done. Whoever keeps requests calls it once a day.
    pub fn pass_time(&mut self, directory: &dyn Directory, now: Timestamp) -> Option<Outcome> {
        if self.is_overdue(now) {
            self.close(State::Expired);
            self.note(Action::Expired, None, None, now);
            return Some(Outcome::Expired);
        }
        let step = self.current()?;
        if step.needs == Needs::All && self.is_step_complete(step, directory, date_in_japan(now)) {
            let outcome = self.advance();
            self.note(Action::Advanced, None, None, now);
            return Some(outcome);
        }
        None
    }

    /// Whether the day for a decision is over.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == State::Waiting && self.deadline.is_some_and(|last| last < date_in_japan(now))
    }

    fn edit(&mut self, by: &str, content: Content, kinds: &Kinds, now: Timestamp) -> Result<Outcome, Refusal> {
        self.only_applicant(by)?;
        self.only_in(&[State::Draft, State::Returned])?;
        check_content(&self.kind, &content, kinds)?;
        self.content = content;
        self.note(Action::Edited, Some(by), None, now);
        Ok(Outcome::Edited)
    }

    fn submit(
        &mut self,
        by: &str,
        comment: Option<String>,
        kinds: &Kinds,
        directory: &dyn Directory,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.only_applicant(by)?;
        self.only_in(&[State::Draft, State::Returned])?;
        let comment = optional(comment)?;
        let submitted = self.submitted(kinds, directory, now)?;
        *self = submitted;
        self.note(Action::Submitted, Some(by), comment, now);
        Ok(Outcome::Submitted)
    }

    /// This request at the first step of its route.
    fn submitted(&self, kinds: &Kinds, directory: &dyn Directory, now: Timestamp) -> Result<Self, Refusal> {
        let on = date_in_japan(now);
        let kind = kinds.get(&self.kind).ok_or(Refusal::UnknownKind)?;
        let faults = kind.faults(&self.content.payload, on);
        if !faults.is_empty() {
            return Err(Refusal::Faulty(faults));
        }
        let route = kind.route(self.content.grade.as_deref()).ok_or(Refusal::UnknownKind)?;
        let mut next = self.clone();
        next.section = directory.section_of(&self.applicant, on).map(str::to_owned);
        next.barred = self.barred_by(kind);
        next.until = kind.until(&self.content.payload);
        next.deadline = Some(
            next.until
                .map_or(route.deadline(on), |until| until.min(route.deadline(on))),
        );
        next.route = Some(route.clone());
        next.round = self.round.saturating_add(1);
        next.state = State::Waiting;
        next.step = Some(0);
        next.every_step_has_somebody(route, directory, now)?;
        Ok(next)
    }

    fn every_step_has_somebody(&self, route: &Route, directory: &dyn Directory, now: Timestamp) -> Result<(), Refusal> {
        let view = self.view(directory, date_in_japan(now));
        let stuck = route.steps.iter().find(|step| !view.panel(step).is_able(step.needs));
        stuck.map_or(Ok(()), |step| Err(Refusal::NobodyDecides(step.title())))
    }

    fn approve(
        &mut self,
        by: &str,
        comment: Option<String>,
        directory: &dyn Directory,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        let comment = optional(comment)?;
        let decision = Decision {
            by: self.candidate(by, directory, now)?,
            did: Action::Approved,
            comment,
        };
        // The decision is logged first: whether the step is complete follows from the log.
        self.log.push(self.logged(&decision, now));
        let complete = self
            .current()
            .is_some_and(|step| self.is_step_complete(step, directory, date_in_japan(now)));
        let outcome = if complete { self.advance() } else { Outcome::Counted };
        let (then, then_step) = (self.state, self.step);
        if let Some(last) = self.log.last_mut() {
            (last.then, last.then_step) = (then, then_step);
        }
        Ok(outcome)
    }

    fn turn_down(
        &mut self,
        by: &str,
        did: Action,
        comment: String,
        directory: &dyn Directory,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        let decision = Decision {
            by: self.candidate(by, directory, now)?,
            did,
            comment: Some(required(comment)?),
        };
        let mut logged = self.logged(&decision, now);
        let (state, outcome) = match did {
            Action::Returned => (State::Returned, Outcome::Returned),
            _ => (State::Rejected, Outcome::Rejected),
        };
        self.close(state);
        (logged.then, logged.then_step) = (self.state, self.step);
        self.log.push(logged);
        Ok(outcome)
    }

    fn withdraw(&mut self, by: &str, comment: Option<String>, now: Timestamp) -> Result<Outcome, Refusal> {
        self.only_applicant(by)?;
        let comment = optional(comment)?;
        self.close(State::Withdrawn);
        self.note(Action::Withdrawn, Some(by), comment, now);
        Ok(Outcome::Withdrawn)
    }

    fn comment(
        &mut self,
        by: &str,
        comment: String,
        directory: &dyn Directory,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        let on = date_in_japan(now);
        let took_part = self.applicant == by || self.log.iter().any(|logged| logged.by.as_deref() == Some(by));
        let may = took_part
            || self
                .waiting(directory, on)
                .iter()
                .any(|candidate| candidate.person == by);
        if !may {
            return Err(Refusal::NotEntitled);
        }
        let comment = required(comment)?;
        self.note(Action::Commented, Some(by), Some(comment), now);
        Ok(Outcome::Commented)
    }

    /// In which capacity `by` decides the step that waits: as the holder if they can, else for the first who is away.
    fn candidate(&self, by: &str, directory: &dyn Directory, now: Timestamp) -> Result<Candidate, Refusal> {
        self.only_in(&[State::Waiting])?;
        if self.barred.iter().any(|barred| barred == by) {
            return Err(Refusal::OwnRequest);
        }
        if self.is_overdue(now) {
            return Err(Refusal::Overdue);
        }
        if self.decided().iter().any(|logged| logged.by.as_deref() == Some(by)) {
            return Err(Refusal::DecidedAlready);
        }
        let mut candidates = self.waiting(directory, date_in_japan(now)).into_iter();
        candidates
            .find(|candidate| candidate.person == by)
            .ok_or(Refusal::NotEntitled)
    }

    /// To the next step, or to the end.
    fn advance(&mut self) -> Outcome {
        let next = self.step.map_or(0, |step| step.saturating_add(1));
        let steps = self.route.as_ref().map_or(0, |route| route.steps.len());
        if next < steps {
            self.step = Some(next);
            Outcome::Advanced { to: next }
        } else {
            self.close(State::Approved);
            Outcome::Approved
        }
    }

    fn close(&mut self, state: State) {
        self.state = state;
        self.step = None;
    }

    fn logged(&self, decision: &Decision, now: Timestamp) -> Logged {
        Logged {
            at: now,
            by: Some(decision.by.person.clone()),
            did: decision.did,
            round: self.round,
            step: self.step,
            role: Some(decision.by.role.clone()),
            capacity: Some(decision.by.capacity.clone()),
            comment: decision.comment.clone(),
            then: self.state,
            then_step: self.step,
        }
    }

    /// Logs what is no decision, after it was done.
    fn note(&mut self, did: Action, by: Option<&str>, comment: Option<String>, now: Timestamp) {
        self.log.push(Logged {
            at: now,
            by: by.map(str::to_owned),
            did,
            round: self.round,
            step: None,
            role: None,
            capacity: None,
            comment,
            then: self.state,
            then_step: self.step,
        });
    }

    fn only_applicant(&self, by: &str) -> Result<(), Refusal> {
        if self.applicant == by {
            Ok(())
        } else {
            Err(Refusal::NotApplicant)
        }
    }

    fn only_in(&self, states: &[State]) -> Result<(), Refusal> {
        if states.contains(&self.state) {
            Ok(())
        } else {
            Err(Refusal::NotNow(self.state))
        }
    }
}

fn check_content(kind: &str, content: &Content, kinds: &Kinds) -> Result<(), Refusal> {
    let kind = kinds.get(kind).ok_or(Refusal::UnknownKind)?;
    if content.title.chars().count() > LONGEST_TITLE {
        return Err(Refusal::TooLong);
    }
    let misfits = kind.misfits(&content.payload);
    if misfits.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Faulty(misfits))
    }
}

fn required(comment: String) -> Result<String, Refusal> {
    optional(Some(comment))?.ok_or(Refusal::NoComment)
}

fn optional(comment: Option<String>) -> Result<Option<String>, Refusal> {
    let comment = comment.filter(|comment| !comment.trim().is_empty());
    let long = comment
        .as_ref()
        .is_some_and(|comment| comment.chars().count() > LONGEST_COMMENT);
    if long { Err(Refusal::TooLong) } else { Ok(comment) }
}

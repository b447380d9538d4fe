//! Requests (申請) and decisions. What follows an approval happens in the act of the last decision, or the decision does not
//! happen either.

use approval::kind::{Change as Effect, FieldKind, Kind as RequestKind, Scale};
use approval::request::{Content, Event, Outcome, Request, State};
use register::form;
use serde_json::{Value, json};
use store::{Act, Change, Expected, Filter, Put, Query};

use super::entry::{changed, mark};
use crate::hall::entrance::sessions::Visitor;
use crate::hall::put::put;
use crate::hall::requests::readers;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

/// A request as it was loaded.
#[derive(Debug, Clone)]
pub struct LoadedRequest {
    /// The request.
    pub request: Request,
    /// Its version: what a change expects to find.
    pub version: u64,
    /// The ledger entry of its latest version.
    pub leaf: u64,
}

impl Hall {
    /// A request by its number.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; the database fails, or holds a request that cannot be read.
    pub fn request(&self, number: &str) -> Result<LoadedRequest, Refusal> {
        let entry = self
            .store
            .entry(collection::REQUEST, number)?
            .ok_or(Refusal::NotFound)?;
        loaded(entry)
    }

    /// Every request in one of these states, or of one applicant, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn requests(&self, states: &[State], applicant: Option<&str>) -> Result<Vec<LoadedRequest>, Refusal> {
        let mut filters = Vec::new();
        if !states.is_empty() {
            let words = states.iter().map(|state| word(*state).into_bytes());
            filters.push(Filter {
                field: "state".to_owned(),
                test: store::Test::AnyOf(words.collect()),
            });
        }
        filters.extend(applicant.map(|applicant| Filter::is("applicant", applicant.as_bytes())));
        let mut query = Query {
            filters,
            sort: store::Sort::Key,
            descending: true,
            limit: 1_000,
            ..Query::of(collection::REQUEST)
        };
        let mut requests = Vec::new();
        loop {
            let page = self.store.list(&query)?;
            for entry in page.rows {
                requests.push(loaded(entry)?);
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(requests),
            }
        }
    }

    /// The requests that wait for this visitor's decision, newest first.
    #[must_use]
    pub fn awaiting(&self, person: &str) -> Vec<LoadedRequest> {
        self.desk().awaiting(person).cloned().collect()
    }

    /// A visitor drafts a request; it gets its number.
    ///
    /// # Errors
    /// [`Refusal::Request`]; [`Refusal::Store`]
    pub fn draft_request(&self, visitor: &Visitor, kind: &str, content: Content) -> Result<String, Refusal> {
        let content = self.graded(kind, content)?;
        for _ in 0..16 {
            let number = self.next_number()?;
            let request = Request::draft(
                &number,
                kind,
                &visitor.person,
                content.clone(),
                &self.request_kinds(),
                &*self.directory(),
                self.clock.now(),
            )?;
            let act = Act::new("request.draft").by(&visitor.person);
            match self.commit(act.with(document(&request, Expected::New)?)) {
                Ok(_) => return Ok(number),
                // Somebody else took the number at the same moment.
                Err(Refusal::Store(store::Refused::Conflict { .. })) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Err(Refusal::rule(
            "混み合っている。もう一度行ってください",
            "it is busy; try again",
        ))
    }

    /// A visitor does something with a request that they have seen at this version.
    ///
    /// # Errors
    /// [`Refusal::Request`]; [`Refusal::Reauthenticate`] for a decision; [`Refusal::Store`] where somebody else was first; what is
    /// wrong with what the approval would bring about.
    pub fn act_on_request(&self, visitor: &Visitor, number: &str, seen: u64, event: Event) -> Result<Outcome, Refusal> {
        let decides = matches!(
            event,
            Event::Approve { .. } | Event::Reject { .. } | Event::Return { .. }
        );
        if decides {
            self.fresh(visitor)?;
        }
        let loaded = self.request(number)?;
        if loaded.version != seen {
            return Err(Refusal::Store(store::Refused::Conflict {
                change: 0,
                register: collection::REQUEST.to_owned(),
                key: number.to_owned(),
                current: Some(loaded.version),
            }));
        }
        let event = match event {
            Event::Edit(content) => Event::Edit(Box::new(self.graded(loaded.request.kind(), *content)?)),
            event => event,
        };
        let mut request = loaded.request;
        self.permit_on_request(visitor, verb(&event), &request)?;
        if matches!(event, Event::Submit { .. }) && request.applicant() == visitor.person {
            self.submittable(&request)?;
        }
        let (directory, now) = (self.directory(), self.clock.now());
        let outcome = request.apply(&visitor.person, event, &self.request_kinds(), &*directory, now)?;
        let mut act = Act::new(name(outcome)).by(&visitor.person).note("request", number);
        act = act.with(document(&request, Expected::Version(seen))?);
        self.commit(self.with_effects(act, &request)?)?;
        Ok(outcome)
    }

    /// Lets time pass over every request that waits: what nobody decided in time expires.
    ///
    /// # Errors
    /// What the store says.
    pub fn pass_request_time(&self) -> Result<usize, Refusal> {
        let mut passed = 0;
        for loaded in self.desk().open() {
            let mut request = loaded.request.clone();
            if let Some(outcome) = request.pass_time(&*self.directory(), self.clock.now()) {
                let act = Act::new(name(outcome)).note("request", request.number());
                let act = act.with(document(&request, Expected::Version(loaded.version))?);
                self.commit(self.with_effects(act, &request)?)?;
                passed += 1;
            }
        }
        Ok(passed)
    }

    /// What a request names is there.
    fn submittable(&self, request: &Request) -> Result<(), Refusal> {
        let kinds = self.request_kinds();
        let Some(kind) = kinds.get(request.kind()) else {
            return Ok(());
        };
        let faults = self.request_faults(kind, &request.content().payload)?;
        if faults.is_empty() {
            Ok(())
        } else {
            Err(approval::request::Refusal::Faulty(faults).into())
        }
    }

    /// Adds what an approved request brings about.
    fn with_effects(&self, mut act: Act, request: &Request) -> Result<Act, Refusal> {
        let kinds = self.request_kinds();
        let Some(kind) = kinds.get(request.kind()) else {
            return Ok(act);
        };
        for effect in kind.changes(request) {
            let change = self.effect(&effect, &act)?;
            act = act.with(change);
        }
        Ok(act)
    }

    /// What an effect changes, behind what the act changes already: a disposed asset is dated, then retired.
    fn effect(&self, effect: &Effect, before: &Act) -> Result<Change, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        match effect {
            Effect::Create { register, fields } => {
                let kind = city.kind(register).ok_or(Refusal::NotFound)?;
                let document = Value::Object(fields.clone());
                let put = self.with_words(|words| {
                    let read = form::read_document(kind, &document, words, None).map_err(Refusal::Faults)?;
                    Ok::<Put, Refusal>(put(kind, &read, words, Expected::New))
                })??;
                Ok(put.into())
            }
            Effect::Update { register, key, fields } => {
                let kind = city.kind(register).ok_or(Refusal::NotFound)?;
                let entry = self.as_of(before, register, key)?;
                Ok(self.with_words(|words| changed(kind, &entry, fields, words))??.into())
            }
            Effect::Retire { register, key } => {
                let entry = self.as_of(before, register, key)?;
                self.unreferred(&city, register, key)?;
                Ok(Change::Retire(mark(register, key, entry.version)))
            }
            Effect::Publish { document } => Ok(self.publication(document)?.into()),
            Effect::Adopt { text } => Ok(self.adopted(text)?.into()),
        }
    }

    /// An entry as it will be once an act is done so far.
    fn as_of(&self, act: &Act, register: &str, key: &str) -> Result<store::Entry, Refusal> {
        let mut entry = self.store.entry(register, key)?.ok_or(Refusal::NotFound)?;
        for change in &act.changes {
            if let Change::Put(put) = change
                && put.register == register
                && put.key == key
            {
                entry.version += 1;
                entry.document = put.document.clone();
            }
        }
        Ok(entry)
    }

    /// The content with what it is about and its grade, which the applicant does not choose.
    fn graded(&self, kind: &str, mut content: Content) -> Result<Content, Refusal> {
        let kinds = self.request_kinds();
        let Some(kind) = kinds.get(kind) else {
            return Ok(content);
        };
        content.subject = self.subject_of(kind, &content.payload)?;
        content.grade = match &kind.grade {
            Some(grade) => content
                .payload
                .get(&grade.of)
                .and_then(Value::as_str)
                .and_then(|named| self.grade_of(kind, grade.scale, &grade.of, named)),
            None => None,
        };
        Ok(content)
    }

    fn grade_of(&self, kind: &RequestKind, scale: Scale, field: &str, named: &str) -> Option<String> {
        match scale {
            Scale::Severity => {
                let snapshot = self.snapshot()?;
                let (duty, _) = snapshot.duty(snapshot.position(named)?)?;
                serde_json::to_value(duty.severity).ok()?.as_str().map(str::to_owned)
            }
            Scale::Confidentiality => {
                let FieldKind::Reference { register } = &kind.field(field)?.kind else {
                    return None;
                };
                let entry = self.store.entry(register, named).ok().flatten()?;
                let word = entry.document.get("confidentiality")?.as_str()?.to_owned();
                let city = self.city()?;
                let kind = model::scheme::SchemeKind::Confidentiality;
                city.settings.schemes.code(kind, &word).map(str::to_owned)
            }
        }
    }

    /// `2026-000042`: the fiscal year and a number in it.
    fn next_number(&self) -> Result<String, Refusal> {
        let year = model::date::fiscal_year(self.today());
        let prefix = format!("{year}-");
        let query = Query {
            sort: store::Sort::Key,
            descending: true,
            state: store::State::Any,
            limit: 1,
            ..Query::of(collection::REQUEST)
        };
        let last = self.store.list(&query)?.rows.into_iter().next();
        let last = last.and_then(|entry| entry.key.strip_prefix(&prefix)?.parse::<u32>().ok());
        Ok(format!("{prefix}{:06}", last.unwrap_or_default().saturating_add(1)))
    }
}

/// What an event is, to the rules.
const fn verb(event: &Event) -> Verb {
    match event {
        Event::Edit(_) | Event::Submit { .. } | Event::Withdraw { .. } => Verb::Submit,
        Event::Approve { .. } => Verb::Approve,
        Event::Return { .. } => Verb::Return,
        Event::Reject { .. } => Verb::Reject,
        Event::Comment { .. } => Verb::Comment,
    }
}

/// A request as its entry has it.
pub(crate) fn loaded(entry: store::Entry) -> Result<LoadedRequest, Refusal> {
    let damaged = |_| store::Failure::Damaged("a request cannot be read".to_owned());
    Ok(LoadedRequest {
        request: Request::read(entry.document).map_err(damaged)?,
        version: entry.version,
        leaf: entry.leaf,
    })
}

/// A request as the store takes it.
fn document(request: &Request, expected: Expected) -> Result<Put, Refusal> {
    let document = request
        .document()
        .map_err(|_| store::Failure::Damaged("a request cannot be written".to_owned()))?;
    let title = request.content().title.clone();
    let readers = readers(request).into_iter();
    let readers = readers.map(|mark| ("reader".to_owned(), mark.into_bytes()));
    let own = [
        ("state".to_owned(), word(request.state()).into_bytes()),
        ("kind".to_owned(), request.kind().as_bytes().to_vec()),
        ("applicant".to_owned(), request.applicant().as_bytes().to_vec()),
    ];
    Ok(Put {
        register: collection::REQUEST.to_owned(),
        key: request.number().to_owned(),
        expected,
        fields: own.into_iter().chain(readers).collect(),
        text: format!("{title}\n{}", request.number()),
        title,
        document,
        ..Put::default()
    })
}

/// The state as documents have it.
pub(crate) fn word(state: State) -> String {
    let word = json!(state);
    word.as_str().unwrap_or_default().to_owned()
}

const fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Edited => "request.edit",
        Outcome::Submitted => "request.submit",
        Outcome::Counted | Outcome::Advanced { .. } => "request.agree",
        Outcome::Approved => "request.approve",
        Outcome::Returned => "request.return",
        Outcome::Rejected => "request.reject",
        Outcome::Withdrawn => "request.withdraw",
        Outcome::Expired => "request.expire",
        Outcome::Commented => "request.comment",
    }
}

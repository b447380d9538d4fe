//! From marks to a verdict with its findings (指摘).

use std::sync::Arc;

use jiff::civil::Date;
use model::lang::Text;
use serde::Serialize;

use super::attested::{self, Attestation};
use super::engine::{Evidence, FileLine, Observed};
use super::exception::Exception;
use super::mark::{Mark, Marks, scope};
use super::standing::Standing;
use super::{Judge, reason, since, within};
use crate::criterion::{Criterion, Truth};
use crate::facts::RowId;
use crate::standard::{CompiledDuty, Count, Duty, Each, Per, Plan, Within};

/// What the judge says about one duty.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict<'j> {
    /// The duty.
    pub duty: &'j Duty,
    /// How it stands.
    pub standing: Standing,
    /// Why, where the findings do not say it: it does not apply, nothing is recorded.
    pub reason: Option<Text>,
    /// What is not kept, in the order of the rows.
    pub findings: Vec<Finding>,
    /// How many rows keep it, or count for it.
    pub kept: usize,
    /// What an engine's answer was made of, where one answered.
    pub evidence: Option<Arc<Evidence>>,
}

/// One thing that is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Who or what: the row's title and key, or the register.
    pub subject: Text,
    /// `broken`, `unproven` or `excepted`.
    pub standing: Standing,
    /// Why.
    pub reason: Text,
    /// The row and field that show it.
    pub place: Option<Place>,
    /// Since when, where the facts tell.
    pub since: Option<Date>,
    /// The exception that holds and its last day.
    pub excepted_until: Option<Date>,
    /// The line of a file that shows it, where no register does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<FileLine>,
    /// What to do about this one, where it is more than the duty's remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Text>,
}

/// A place in the registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The register's slug.
    pub register: String,
    /// The key of the row; none for the register as a whole.
    pub key: Option<String>,
    /// The row as its reader counted it; 0 for none.
    pub row: u32,
    /// The name of the field.
    pub field: Option<String>,
}

impl<'j> Verdict<'j> {
    pub(super) fn plain(duty: &'j Duty, standing: Standing, reason: Text) -> Self {
        Self {
            duty,
            standing,
            reason: Some(reason),
            findings: Vec::new(),
            kept: 0,
            evidence: None,
        }
    }
}

pub(super) fn verdict<'j>(judge: &'j Judge, compiled: &'j CompiledDuty, marks: &Marks) -> Verdict<'j> {
    let scribe = Scribe {
        judge,
        duty: &compiled.duty,
        marks,
    };
    match &compiled.plan {
        Plan::Each(each) => scribe.each(each),
        Plan::Count(count) => scribe.count(count),
        Plan::Within(within) => match &within.per {
            Some(per) => scribe.within_each(within, per),
            None => scribe.within(within),
        },
        Plan::Engine { fact } => scribe.engine(fact),
        Plan::Attested { role, days } => scribe.attested(role, *days),
    }
}

/// Writes the verdict on one duty.
struct Scribe<'j, 'm> {
    judge: &'j Judge,
    duty: &'j Duty,
    marks: &'m Marks,
}

impl<'j> Scribe<'j, '_> {
    fn each(&self, each: &'j Each) -> Verdict<'j> {
        if !self.judge.facts.is_present(each.register) {
            return self.absent(each.register);
        }
        let findings = self
            .notable(each.register)
            .map(|(row, mark)| self.each_finding(each, row, mark));
        let findings: Vec<Finding> = findings.collect();
        self.conclude(findings)
    }

    fn each_finding(&self, each: &Each, row: RowId, mark: Mark) -> Finding {
        let facts = &self.judge.facts;
        let moment = self.judge.moment();
        if mark == Mark::Stale {
            let field = each.age.map(|age| age.field);
            let text = reason::stale(facts, row, each.age);
            return self.about(row, Standing::Unproven, text, field, None);
        }
        let guilty: &Criterion = match (mark, &each.scope) {
            (Mark::Missing, Some(asked)) if scope(Some(asked), facts, &moment, row) == Truth::Missing => asked,
            _ => &each.holds,
        };
        let blame = guilty.blame(facts, &moment, row);
        if mark == Mark::Missing {
            let text = reason::missing(facts, row, guilty, &blame, &self.judge.city);
            let field = reason::first_empty(facts, row, &blame).or(each.at);
            return self.about(row, Standing::Unproven, text, field, None);
        }
        let text = reason::broken(facts, row, &blame, &self.duty.title);
        let field = each.at.or_else(|| blame.fields.first().copied());
        let since = since::since(each, facts, &moment, row);
        self.about(row, Standing::Broken, text, field, since)
    }

    fn count(&self, count: &'j Count) -> Verdict<'j> {
        if !self.judge.facts.is_present(count.register) {
            return self.absent(count.register);
        }
        let found = self.marks.kept_count();
        let counted = u64::try_from(found).unwrap_or(u64::MAX);
        let enough = count.min.is_none_or(|min| min <= counted);
        if enough && count.max.is_none_or(|max| counted <= max) {
            return self.conclude(Vec::new());
        }
        // Too few may be only too few that are dated or filled in: then nobody has shown a breach.
        if !enough && let Some((row, mark)) = self.notable(count.register).next() {
            let (text, field) = match (mark, &count.scope) {
                (Mark::Missing, Some(scope)) => {
                    let blame = scope.blame(&self.judge.facts, &self.judge.moment(), row);
                    let text = reason::missing(&self.judge.facts, row, scope, &blame, &self.judge.city);
                    (text, reason::first_empty(&self.judge.facts, row, &blame))
                }
                _ => (
                    reason::stale(&self.judge.facts, row, count.age),
                    count.age.map(|age| age.field),
                ),
            };
            return self.conclude(vec![self.about(row, Standing::Unproven, text, field, None)]);
        }
        let text = reason::counted(counted, count.min, count.max);
        let place = self.register_place(count.register);
        self.whole(Standing::Broken, text, Some(place), None)
    }

    fn within(&self, within: &'j Within) -> Verdict<'j> {
        if !self.judge.facts.is_present(within.register) {
            return self.absent(within.register);
        }
        let moment = self.judge.moment();
        if let Some(unset) = reason::unset_cadence(&within.cadence, &self.judge.city) {
            return self.whole(Standing::Unproven, unset, None, None);
        }
        let acts = self.marks.kept().map(|index| RowId {
            register: within.register,
            index,
        });
        let owed = within::latest(within, &self.judge.facts, &moment, acts);
        match owed.due {
            Some(due) if due >= self.judge.today => self.conclude(Vec::new()),
            due => {
                let last = owed.last.and_then(|act| self.judge.facts.date(act, within.date));
                let place = match owed.last {
                    Some(act) => self.place(act, Some(within.date)),
                    None => self.register_place(within.register),
                };
                self.whole(
                    Standing::Broken,
                    reason::overdue(last, due),
                    Some(place),
                    since::after(due),
                )
            }
        }
    }

    fn within_each(&self, within: &'j Within, per: &'j Per) -> Verdict<'j> {
        for register in [within.register, per.register] {
            if !self.judge.facts.is_present(register) {
                return self.absent(register);
            }
        }
        if let Some(unset) = reason::unset_cadence(&within.cadence, &self.judge.city) {
            return self.whole(Standing::Unproven, unset, None, None);
        }
        let findings = self
            .notable(per.register)
            .map(|(subject, mark)| self.owed_finding(within, per, subject, mark));
        self.conclude(findings.collect())
    }

    fn owed_finding(&self, within: &Within, per: &Per, subject: RowId, mark: Mark) -> Finding {
        let facts = &self.judge.facts;
        let moment = self.judge.moment();
        if mark == Mark::Missing
            && let Some(among) = &per.among
        {
            let blame = among.blame(facts, &moment, subject);
            let text = reason::missing(facts, subject, among, &blame, &self.judge.city);
            let field = reason::first_empty(facts, subject, &blame);
            return self.about(subject, Standing::Unproven, text, field, None);
        }
        let owed = within::owed_to(within, per, facts, &moment, subject);
        let last = owed.last.and_then(|act| facts.date(act, within.date));
        let text = reason::overdue(last, owed.due);
        let mut finding = self.about(subject, Standing::Broken, text, per.from, since::after(owed.due));
        if let Some(act) = owed.last {
            finding.place = Some(self.place(act, Some(within.date)));
        }
        finding
    }

    fn attested(&self, role: &str, days: u32) -> Verdict<'j> {
        match attested::find(&self.judge.facts, &self.duty.id, role, days, self.judge.today) {
            Attestation::Good => self.conclude(Vec::new()),
            Attestation::Lacking(text, place) => {
                let place = place.map(|(row, field)| {
                    let register = self.judge.facts.schema().registers.get(row.register);
                    self.place(row, register.and_then(|register| register.position(field)))
                });
                self.whole(Standing::Unproven, text, place, None)
            }
        }
    }

    fn engine(&self, fact: &str) -> Verdict<'j> {
        let Some(reported) = self.judge.reported.get(fact) else {
            return self.whole(Standing::Unproven, reason::engine_is_silent(fact), None, None);
        };
        let mut verdict = if reported.is_proved || !reported.observed.is_empty() {
            self.conclude(
                reported
                    .observed
                    .iter()
                    .map(|observed| self.observed(observed))
                    .collect(),
            )
        } else {
            self.whole(Standing::Unproven, reason::engine_proved_nothing(fact), None, None)
        };
        verdict.evidence = Some(Arc::clone(&reported.evidence));
        verdict
    }

    fn observed(&self, observed: &Observed) -> Finding {
        let row = observed.row.as_ref();
        let row = row.and_then(|place| Some((place.register.as_str(), place.key.as_deref()?)));
        let exception = self.judge.exceptions.find(&self.duty.id, row);
        let finding = Finding {
            subject: observed.subject.clone(),
            standing: if observed.is_broken {
                Standing::Broken
            } else {
                Standing::Unproven
            },
            reason: observed.reason.clone(),
            place: observed.row.clone(),
            since: None,
            excepted_until: None,
            line: observed.line.clone(),
            fix: observed.fix.clone(),
        };
        except(finding, exception)
    }

    fn notable(&self, register: usize) -> impl Iterator<Item = (RowId, Mark)> {
        let rows = self.marks.notable.iter();
        rows.map(move |&index| (RowId { register, index }, self.marks.get(index)))
    }

    /// The register was not delivered at all.
    fn absent(&self, register: usize) -> Verdict<'j> {
        let text = reason::no_register(self.judge.facts.schema(), register);
        self.whole(Standing::Unproven, text, None, None)
    }

    /// A verdict whose one finding is about the duty as a whole.
    fn whole(&self, standing: Standing, reason: Text, place: Option<Place>, since: Option<Date>) -> Verdict<'j> {
        let exception = self.judge.exceptions.find(&self.duty.id, None);
        let finding = Finding {
            subject: match &place {
                Some(place) => reason::register_label(self.judge.facts.schema(), &place.register),
                None => reason::whole_city(),
            },
            standing,
            reason,
            place,
            since,
            excepted_until: None,
            line: None,
            fix: None,
        };
        self.conclude(vec![except(finding, exception)])
    }

    fn about(&self, row: RowId, standing: Standing, text: Text, field: Option<usize>, since: Option<Date>) -> Finding {
        let facts = &self.judge.facts;
        let place = self.place(row, field);
        let key = place.key.as_deref().unwrap_or_default();
        let exception = self.judge.exceptions.find(&self.duty.id, Some((&place.register, key)));
        let finding = Finding {
            subject: reason::row_name(facts, row),
            standing,
            reason: text,
            since,
            excepted_until: None,
            place: Some(place.clone()),
            line: None,
            fix: None,
        };
        except(finding, exception)
    }

    fn place(&self, row: RowId, field: Option<usize>) -> Place {
        let facts = &self.judge.facts;
        let register = facts.schema().registers.get(row.register);
        let found = facts.row(row);
        Place {
            register: register.map_or_else(String::new, |register| register.slug.clone()),
            key: found.map(|row| row.key.to_string()),
            row: found.map_or(0, |row| row.row),
            field: field.and_then(|field| Some(register?.fields.get(field)?.name.clone())),
        }
    }

    fn register_place(&self, register: usize) -> Place {
        let schema = self.judge.facts.schema();
        Place {
            register: schema
                .registers
                .get(register)
                .map_or_else(String::new, |r| r.slug.clone()),
            key: None,
            row: 0,
            field: None,
        }
    }

    /// The worst finding decides; without one, whether anything was in scope.
    fn conclude(&self, findings: Vec<Finding>) -> Verdict<'j> {
        let worst = findings.iter().map(|finding| finding.standing).max();
        let asks_rows = matches!(
            self.duty.criterion,
            crate::standard::Form::Each { .. } | crate::standard::Form::Within { per: Some(_), .. }
        );
        let (standing, reason) = match worst {
            Some(worst) => (worst, None),
            None if asks_rows && self.marks.inside == 0 => (Standing::NotApplicable, Some(reason::nothing_in_scope())),
            None => (Standing::Kept, None),
        };
        Verdict {
            duty: self.duty,
            standing,
            reason,
            findings,
            kept: self.marks.kept_count(),
            evidence: None,
        }
    }
}

/// Lays an exception over a finding; one that has ended is named in the reason.
fn except(mut finding: Finding, exception: Option<&Exception>) -> Finding {
    let Some(exception) = exception else {
        return finding;
    };
    finding.reason = reason::with_exception(&finding.reason, exception);
    if exception.is_in_force {
        finding.standing = Standing::Excepted;
        finding.excepted_until = Some(exception.expires_on);
    }
    finding
}

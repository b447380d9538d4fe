//! `/work`: what waits for the visitor.

use std::collections::BTreeSet;

use access::recovery;
use approval::request::State;
use askama::Template;
use axum::Router;
use axum::extract::State as Of;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use policy::judge::{Finding, Standing};
use serde_json::Value;
use service::hall::acts::ToAcknowledge;
use service::hall::directory::Appointment;
use service::hall::entrance::recovery::LoadedRecovery;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::pages::request::row::{self, RequestRow};
use crate::sample;
use crate::sent::Who;
use crate::site::{Edition, Site};
use crate::view::{DutyView, FindingView, name};
use crate::visit::Visit;

/// So many findings of a duty stand here; its own page has all.
const FIRST: usize = 3;
/// So many rows are looked at to tell whose findings they are.
const LOOKED_AT: usize = 4_000;

/// The page.
#[derive(Template)]
#[template(path = "page/work.html")]
struct Work {
    frame: Frame,
    /// Requests that the visitor may decide.
    awaiting: Vec<RequestRow>,
    /// Their own requests that are not decided.
    own: Vec<RequestRow>,
    /// Duties that their roles owe and that are not kept.
    duties: Vec<MyDuty>,
    /// The roles that they hold.
    roles: Vec<Text>,
    /// Until when they are away, where they said so.
    away_until: Option<Date>,
    /// Their own page.
    me: String,
    /// Documents that they have yet to acknowledge.
    to_acknowledge: Vec<ToAcknowledge>,
    /// Recoveries of others that wait for this administrator.
    recoveries: Vec<RecoveryRow>,
    /// Whether somebody asked for the recovery of their own factors.
    is_recovered: bool,
}

/// Somebody who lost every factor and waits for another administrator.
struct RecoveryRow {
    name: String,
    href: String,
    asked_by: String,
    asked_at: Timestamp,
}

/// A duty that the visitor owes, with the findings that are theirs.
struct MyDuty {
    title: Text,
    href: String,
    standing: Standing,
    count: usize,
    first: Vec<FindingView>,
}

impl Page for Work {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Work {
    /// How many findings are theirs.
    fn findings(&self) -> usize {
        self.duties.iter().map(|duty| duty.count).sum()
    }
}

/// The page of a document.
fn document(to: &ToAcknowledge) -> String {
    href::document(&to.key)
}

impl MyDuty {
    /// ほか4件
    fn rest(&self) -> Option<Text> {
        let rest = self.count.checked_sub(self.first.len()).filter(|rest| *rest > 0)?;
        Some(Text::new(format!("ほか{rest}件"), format!("{rest} more")))
    }
}

async fn work(Of(site): Of<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let edition = site.edition()?;
    let frame = visit.frame(Section::Work.label(), Section::Work);
    let page = blocking(&site, move |hall| {
        let directory = hall.directory();
        let rows = |loaded: Vec<service::hall::acts::LoadedRequest>| {
            let requests = loaded.iter().map(|loaded| &loaded.request);
            requests
                .map(|request| RequestRow::of(request, hall, &directory))
                .collect()
        };
        let open = [State::Draft, State::Returned, State::Waiting];
        let city = hall.city().ok_or(Refusal::NoCity)?;
        let held: BTreeSet<&str> = visitor.roles.iter().map(|held| held.role.as_str()).collect();
        let away = hall.absences_of(&visitor.person)?;
        let today = hall.today();
        Ok(Work {
            frame,
            awaiting: rows(hall.awaiting(&visitor.person)),
            own: rows(hall.requests(&open, Some(&visitor.person))?),
            duties: mine(hall, &visitor, &edition)?,
            roles: held
                .iter()
                .map(|role| name::role(&city.settings.schemes, role))
                .collect(),
            away_until: away
                .iter()
                .find(|kept| kept.away.from <= today)
                .map(|kept| kept.away.until),
            me: href::person(&visitor.person),
            to_acknowledge: hall.to_acknowledge(&visitor)?,
            recoveries: recoveries(hall, &visitor)?,
            is_recovered: hall.recovery_of(&visitor.person)?.is_some_and(|loaded| {
                let state = loaded.recovery.state(hall.clock().now());
                matches!(state, recovery::State::Waiting(_) | recovery::State::Agreed)
            }),
        })
    });
    Ok(page.await?.show())
}

fn recoveries(hall: &Hall, visitor: &Visitor) -> Result<Vec<RecoveryRow>, Refusal> {
    let directory = hall.directory();
    let row = |loaded: LoadedRecovery| RecoveryRow {
        name: name::person(&directory, &loaded.recovery.person),
        href: format!("{}#recovery", href::person(&loaded.recovery.person)),
        asked_by: name::person(&directory, &loaded.recovery.asked_by),
        asked_at: loaded.recovery.asked_at,
    };
    Ok(hall.recoveries_awaiting(visitor)?.into_iter().map(row).collect())
}

/// The duties that the visitor's roles owe and that are not kept, the broken ones first.
fn mine(hall: &Hall, visitor: &Visitor, edition: &Edition) -> Result<Vec<MyDuty>, Refusal> {
    let (directory, today) = (hall.directory(), hall.today());
    let roles: Vec<&Appointment> = directory.roles_of(&visitor.person, today).collect();
    let mut looks = LOOKED_AT;
    let mut duties = Vec::new();
    let states = edition.snapshot.duties.iter();
    for (duty, state) in edition.policy.duties.iter().zip(states) {
        if !matches!(duty.standing, Standing::Broken | Standing::Unproven) {
            continue;
        }
        let held: Vec<&Appointment> = roles.iter().copied().filter(|held| held.role == duty.owes).collect();
        if held.is_empty() {
            continue;
        }
        let scope = Scope::of(&held);
        let mut own = Vec::new();
        for (view, finding) in duty.findings.iter().zip(&state.findings) {
            if finding.standing != Standing::Excepted && scope.covers(hall, finding, &mut looks)? {
                own.push(view);
            }
        }
        // A duty that is broken elsewhere is not theirs to put right.
        if !own.is_empty() || duty.findings.is_empty() {
            duties.push(my_duty(duty, &own));
        }
    }
    duties.sort_by_key(|duty| duty.standing != Standing::Broken);
    Ok(duties)
}

fn my_duty(duty: &DutyView, own: &[&FindingView]) -> MyDuty {
    let broken = own.iter().any(|found| found.standing == Standing::Broken);
    MyDuty {
        title: duty.title.clone(),
        href: duty.href.clone(),
        standing: if broken || own.is_empty() {
            duty.standing
        } else {
            Standing::Unproven
        },
        count: own.len(),
        first: own.iter().take(FIRST).map(|found| (*found).clone()).collect(),
    }
}

/// What somebody answers for by a role.
enum Scope<'d> {
    /// The whole city, or an organ of it.
    All,
    /// Some sections and systems.
    Some {
        sections: BTreeSet<&'d str>,
        systems: BTreeSet<&'d str>,
    },
}

impl<'d> Scope<'d> {
    fn of(held: &[&'d Appointment]) -> Self {
        if held.iter().any(|held| held.section.is_none() && held.system.is_none()) {
            return Self::All;
        }
        Self::Some {
            sections: held.iter().filter_map(|held| held.section.as_deref()).collect(),
            systems: held.iter().filter_map(|held| held.system.as_deref()).collect(),
        }
    }

    /// Whether a finding lies in it; one about no row, or about a row that names neither section nor system, does.
    fn covers(&self, hall: &Hall, finding: &Finding, looks: &mut usize) -> Result<bool, Refusal> {
        let Self::Some { sections, systems } = self else {
            return Ok(true);
        };
        let row = finding
            .place
            .as_ref()
            .and_then(|place| Some((&place.register, place.key.as_ref()?)));
        let Some((register, key)) = row.filter(|_| *looks > 0) else {
            return Ok(true);
        };
        *looks = looks.saturating_sub(1);
        let Some(entry) = hall.store().entry(register, key)? else {
            return Ok(true);
        };
        let named = |field: &str| entry.document.get(field).and_then(Value::as_str);
        let of_section = if register == "section" {
            Some(key.as_str())
        } else {
            named("section")
        };
        let of_system = if register == "system" {
            Some(key.as_str())
        } else {
            named("system")
        };
        Ok(match (of_section, of_system) {
            (None, None) => true,
            (section, system) => {
                section.is_some_and(|section| sections.contains(section))
                    || system.is_some_and(|system| systems.contains(system))
            }
        })
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/work", get(work))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/work"), lang);
    let Ok(edition) = site.edition() else { return Vec::new() };
    let broken = edition.policy.duties.iter().filter(|duty| duty.broken() > 0).take(3);
    let duties = broken.map(|duty| {
        let own: Vec<&FindingView> = duty.findings.iter().take(5).collect();
        my_duty(duty, &own)
    });
    let full = Work {
        frame: visit.frame(Section::Work.label(), Section::Work),
        awaiting: row::samples().into_iter().take(1).collect(),
        own: row::samples().into_iter().skip(1).take(1).collect(),
        duties: duties.collect(),
        roles: vec![Text::fixed(
            "統括情報セキュリティ責任者",
            "general information security manager",
        )],
        away_until: Some(jiff::civil::date(2026, 11, 27)),
        me: href::person("P0120"),
        to_acknowledge: vec![ToAcknowledge {
            key: "D-001".to_owned(),
            title: "見本市情報セキュリティ基本方針".to_owned(),
            since: jiff::civil::date(2026, 4, 1),
            section: None,
        }],
        recoveries: vec![RecoveryRow {
            name: "見本 次郎".to_owned(),
            href: href::person("P0121"),
            asked_by: "見本 太郎".to_owned(),
            asked_at: site.clock().now(),
        }],
        is_recovered: true,
    };
    let empty = Work {
        frame: visit.frame(Section::Work.label(), Section::Work),
        awaiting: Vec::new(),
        own: Vec::new(),
        duties: Vec::new(),
        roles: Vec::new(),
        away_until: None,
        me: href::person("P0120"),
        to_acknowledge: Vec::new(),
        recoveries: Vec::new(),
        is_recovered: false,
    };
    vec![Sample::of("work", &full), Sample::of("work-nothing", &empty)]
}

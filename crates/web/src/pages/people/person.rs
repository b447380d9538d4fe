//! `/people/{key}`: one person, their roles and absences; their own absence form; what an administrator does.

use access::account::Enrolled;
use access::enrolment;
use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use service::hall::acts::{Away, KeptAbsence};
use service::hall::directory::{Appointment, Member};
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use super::elsewhere::{self, Known};
use super::recovery::{RecoveryView, Step};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::view::name;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/person.html")]
pub(super) struct PersonPage {
    frame: Frame,
    shown: Shown,
    pub(super) faults: Vec<Fault>,
    typed: Typed,
    /// A link that the person enrols with, shown this once.
    pub(super) link: Option<String>,
}

/// What is shown of a person.
pub(super) struct Shown {
    key: String,
    name: String,
    reading: String,
    section: String,
    roles: Vec<Held>,
    absences: Vec<AbsenceRow>,
    /// Whether the visitor looks at themselves.
    is_me: bool,
    /// Whether the visitor runs this installation.
    administers: bool,
    has_account: bool,
    is_administrator: bool,
    /// Whether a link alone, by one administrator, can be made for them.
    may_be_invited: bool,
    /// The recovery of their factors that is under way.
    recovery: Option<RecoveryView>,
    /// Which other systems know them.
    elsewhere: Vec<Known>,
}

/// A role and over what it is held.
struct Held {
    role: Text,
    over: String,
    deputy: Option<String>,
}

/// One absence.
struct AbsenceRow {
    key: String,
    version: u64,
    from: Date,
    until: Date,
    stand_in: Option<String>,
}

/// The absence form as it was typed.
#[derive(Default)]
struct Typed {
    from: String,
    until: String,
    stand_in: String,
}

impl Page for PersonPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl PersonPage {
    pub(super) fn new(visit: &Visit, shown: Shown) -> Self {
        let frame = visit.frame(Text::same(shown.name.as_str()), None);
        Self {
            frame: frame.crumb(Text::fixed("職員と課", "People and sections"), "/people"),
            shown,
            faults: Vec::new(),
            typed: Typed::default(),
            link: None,
        }
    }

    fn below(&self, name: &str) -> String {
        format!("{}/{name}", href::person(&self.shown.key))
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }
}

pub(super) async fn show(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let shown = blocking(&site, move |hall| shown(hall, &visitor, &key)).await?;
    Ok(PersonPage::new(&visit, shown).show())
}

pub(super) fn shown(hall: &Hall, visitor: &Visitor, key: &str) -> Result<Shown, Refusal> {
    let (directory, today) = (hall.directory(), hall.today());
    let administers = visitor.is_administrator();
    let administrator = hall.is_administrator(key)?;
    let unlisted = || (administers && administrator).then(|| nameless(key));
    // Who runs this installation may be in no register; other administrators look after them all the same.
    let member = directory.member(key, today).cloned().or_else(unlisted);
    let member = member.ok_or(Refusal::NotFound)?;
    let city = hall.city().ok_or(Refusal::NoCity)?;
    let is_me = visitor.person == key;
    let over = |held: &Appointment| {
        let of = |register: &str, key: &str| {
            let title = hall.with_words(|words| words.title(register, key).map(str::to_owned));
            title.ok().flatten().unwrap_or_else(|| key.to_owned())
        };
        match (&held.system, &held.section, &held.organ) {
            (Some(system), _, _) => of("system", system),
            (None, Some(section), _) => of("section", section),
            (None, None, Some(organ)) => of("organ", organ),
            (None, None, None) => String::new(),
        }
    };
    let held = |held: &Appointment| Held {
        role: name::role(&city.settings.schemes, held.role),
        over: over(held),
        deputy: held.deputy.as_deref().map(|deputy| name::person(&directory, deputy)),
    };
    let absence = |kept: KeptAbsence| AbsenceRow {
        key: kept.key,
        version: kept.version,
        from: kept.away.from,
        until: kept.away.until,
        stand_in: kept
            .away
            .stand_in
            .as_deref()
            .map(|person| name::person(&directory, person)),
    };
    let account = if administers { hall.account(key)? } else { None };
    let enrolled = account.as_ref().map(|account| account.credentials.enrolled());
    let lacks = match &account {
        Some(account) => !enrolment::can_satisfy(&account.credentials, &hall.requirement_of(key)?),
        None => true,
    };
    let elsewhere = account.as_ref().map(|loaded| &loaded.account);
    let elsewhere = elsewhere.map(|account| elsewhere::known(hall, &city, &directory, account));
    Ok(Shown {
        elsewhere: elsewhere.unwrap_or_default(),
        key: key.to_owned(),
        name: member.name.clone(),
        reading: member.reading.clone(),
        section: name::section(&directory, &member.section),
        roles: directory.roles_of(key, today).map(held).collect(),
        absences: hall.absences_of(key)?.into_iter().map(absence).collect(),
        is_me,
        administers,
        has_account: account.is_some(),
        is_administrator: administrator,
        may_be_invited: !is_me && lacks && enrolled.is_none_or(|has| has.password || has == Enrolled::default()),
        recovery: if administers && !is_me {
            RecoveryView::of(hall, visitor, key)?
        } else {
            None
        },
    })
}

fn nameless(key: &str) -> Member {
    Member {
        name: key.to_owned(),
        reading: String::new(),
        section: String::new(),
        email: None,
        handles_mynumber: false,
        joined_on: None,
        left_on: None,
    }
}

pub(super) async fn set_absence(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let (who, of, form) = (visitor.clone(), key.clone(), sent.clone());
    let done = blocking(&site, move |hall| {
        // Nobody enters it for another: who stands in decides in their name.
        if who.person != of {
            return Err(Refusal::NotFound);
        }
        let away = match away(hall, &form)? {
            Ok(away) => away,
            Err(faults) => return Ok(Some((faults, shown(hall, &who, &of)?))),
        };
        match hall.set_absence(&who, &away) {
            Ok(()) => Ok(None),
            Err(Refusal::Rules(rules)) => {
                let fault = |words: Text| Fault {
                    field: "from".to_owned(),
                    words,
                };
                Ok(Some((rules.into_iter().map(fault).collect(), shown(hall, &who, &of)?)))
            }
            Err(refusal) => Err(refusal),
        }
    });
    match done.await? {
        None => Ok(notice::see(&href::person(&key), Notice::Saved)),
        Some((faults, shown)) => {
            let typed = Typed {
                from: sent.value("from").to_owned(),
                until: sent.value("until").to_owned(),
                stand_in: sent.value("stand_in").to_owned(),
            };
            let page = PersonPage {
                faults,
                typed,
                ..PersonPage::new(&visit, shown)
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The absence that a form says, or its faults.
fn away(hall: &Hall, form: &Sent) -> Result<Result<Away, Vec<Fault>>, Refusal> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, words: Text| {
        faults.push(Fault {
            field: field.to_owned(),
            words,
        });
    };
    let from = model::date::parse(form.value("from").trim());
    if from.is_none() {
        fault(
            "from",
            Text::fixed("始まりの日を入力してください", "enter the first day"),
        );
    }
    let until = model::date::parse(form.value("until").trim());
    if until.is_none() {
        fault(
            "until",
            Text::fixed("終わりの日を入力してください", "enter the last day"),
        );
    }
    let named = form.value("stand_in").trim();
    let stand_in = hall.with_words(|words| match words.find("person", named) {
        register::Found::One(key) => Some(key.to_owned()),
        _ => None,
    })?;
    if !named.is_empty() && stand_in.is_none() {
        let words = Text::fixed(
            "代理者が見つからないか、一人に決まりません。職員番号で入力してください",
            "there is no such person, or more than one; enter the staff number",
        );
        fault("stand_in", words);
    }
    Ok(match (from, until) {
        (Some(from), Some(until)) if faults.is_empty() => Ok(Away {
            from,
            until,
            stand_in: stand_in.filter(|_| !named.is_empty()),
        }),
        _ => Err(faults),
    })
}

pub(super) async fn cancel_absence(
    Of(site): Of<Site>,
    Who(visitor): Who,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = href::person(&key);
    blocking(&site, move |hall| {
        let version = sent.value("version").parse().unwrap_or_default();
        hall.cancel_absence(&visitor, sent.value("absence"), version)
    })
    .await?;
    Ok(notice::see(&back, Notice::Saved))
}

pub(super) async fn invite(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
    _: Sent,
) -> Result<Response, Failure> {
    let (shown, link) = blocking(&site, move |hall| {
        let token = hall.invite(&visitor, &key)?;
        let link = format!("{}/invitation/{}", hall.entrance().origin, token.text());
        Ok((shown(hall, &visitor, &key)?, link))
    })
    .await?;
    let page = PersonPage {
        link: Some(link),
        ..PersonPage::new(&visit, shown)
    };
    Ok(page.show())
}

pub(super) async fn set_administrator(
    Of(site): Of<Site>,
    Who(visitor): Who,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = href::person(&key);
    blocking(&site, move |hall| {
        hall.set_administrator(&visitor, &key, sent.value("is") == "yes")
    })
    .await?;
    Ok(notice::see(&back, Notice::Saved))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/people/P0121"), lang);
    let person = |is_me: bool, administers: bool| Shown {
        key: "P0121".to_owned(),
        name: "見本 次郎".to_owned(),
        reading: "みほん じろう".to_owned(),
        section: "市民課".to_owned(),
        roles: vec![Held {
            role: Text::fixed("課情報セキュリティ管理者", "section information security manager"),
            over: "市民課".to_owned(),
            deputy: Some("見本 幸子".to_owned()),
        }],
        absences: vec![AbsenceRow {
            key: "P0121.2026-11-24".to_owned(),
            version: 1,
            from: jiff::civil::date(2026, 11, 24),
            until: jiff::civil::date(2026, 11, 27),
            stand_in: Some("見本 幸子".to_owned()),
        }],
        is_me,
        administers,
        has_account: false,
        is_administrator: false,
        may_be_invited: true,
        recovery: None,
        elsewhere: Vec::new(),
    };
    let recovering = |step: Step| {
        let recovery = RecoveryView {
            version: 1,
            asked_by: "見本 太郎".to_owned(),
            asked_at: site.clock().now(),
            step,
        };
        let shown = Shown {
            has_account: true,
            may_be_invited: false,
            recovery: Some(recovery),
            elsewhere: vec![Known {
                name: "prefecture".to_owned(),
                label: Text::fixed("県の認証基盤", "the prefecture's identity service"),
                beyond: vec![Text::fixed("即応班員", "CSIRT member")],
            }],
            ..person(false, true)
        };
        PersonPage::new(&visit, shown)
    };
    let recovered = PersonPage {
        link: Some("http://localhost:8080/invitation/0123456789abcdef".to_owned()),
        ..recovering(Step::Handed)
    };
    let faulty = PersonPage {
        faults: vec![Fault {
            field: "until".to_owned(),
            words: Text::fixed("終わりの日を入力してください", "enter the last day"),
        }],
        ..PersonPage::new(&visit, person(true, false))
    };
    let invited = PersonPage {
        link: Some("http://localhost:8080/invitation/0123456789abcdef".to_owned()),
        ..PersonPage::new(&visit, person(false, true))
    };
    vec![
        Sample::of("person", &PersonPage::new(&visit, person(false, true))),
        Sample::of("person-absence-faults", &faulty),
        Sample::of("person-invited", &invited),
        Sample::of("person-recovery", &recovering(Step::Decide)),
        Sample::of("person-recovery-link", &recovered),
    ]
}

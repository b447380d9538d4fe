//! `/admin/files`: a file of the city is changed, after one has seen what becomes of the standing.

use access::authority::Resource;
use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use model::lang::{Lang, Text};
use policy::judge::Standing;
use serde::Deserialize;
use service::hall::acts::standard::{OwnFile, Preview, Shift};
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use store::Refused;

use super::problem::{ProblemView, counted};
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

/// Duties and clauses that are listed at most.
const LISTED: usize = 300;

/// The page.
#[derive(Template)]
#[template(path = "page/admin-standard.html")]
struct Form {
    frame: Frame,
    file: OwnFile,
    reason: String,
    is_new: bool,
    may_change: bool,
    faults: Vec<Fault>,
    problems: Vec<ProblemView>,
    total: usize,
    preview: Option<Preview>,
}

impl Page for Form {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Form {
    fn new(visit: &Visit, file: OwnFile, may_change: bool) -> Self {
        let is_new = file.version == 0;
        let title = if is_new {
            Text::fixed("対策基準のファイルを加える", "Add a file to the standard")
        } else {
            Text::same(file.name.clone())
        };
        Self {
            frame: visit
                .frame(title, Section::Admin)
                .crumb(Section::Admin.label(), "/admin"),
            file,
            reason: String::new(),
            is_new,
            may_change,
            faults: Vec::new(),
            problems: Vec::new(),
            total: 0,
            preview: None,
        }
    }

    fn counted(&self) -> Text {
        counted(self.problems.len(), self.total)
    }
}

/// The first duties or clauses that would stand otherwise.
fn first(shifts: &[Shift]) -> &[Shift] {
    shifts.get(..LISTED).unwrap_or(shifts)
}

/// 3件
fn count(shifts: &[Shift]) -> Text {
    let count = shifts.len();
    Text::new(format!("{count}件"), count.to_string())
}

fn duty(shift: &Shift) -> Option<String> {
    shift.after.is_some().then(|| href::duty(&shift.id))
}

fn clause(shift: &Shift) -> String {
    href::clause(&shift.id)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    name: String,
}

pub(super) async fn form(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (file, may) = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Read, &Resource::City { founded: true })?;
        let may = may(hall, &visitor, &asked.name);
        if asked.name.is_empty() {
            let file = OwnFile {
                name: "standard/90-own.toml".to_owned(),
                text: String::new(),
                version: 0,
            };
            return Ok((file, may));
        }
        let file = hall.own_files()?.into_iter().find(|file| file.name == asked.name);
        Ok((file.ok_or(Refusal::NotFound)?, may))
    })
    .await?;
    Ok(Form::new(&visit, file, may).show())
}

fn may(hall: &Hall, visitor: &Visitor, name: &str) -> bool {
    let verb = if name == "city.toml" {
        Verb::ChangeSettings
    } else {
        Verb::ChangeStandard
    };
    hall.permit(visitor, verb, &Resource::City { founded: true }).is_ok()
}

pub(super) async fn change(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let file = OwnFile {
        name: sent.value("name").trim().to_owned(),
        text: sent.value("text").to_owned(),
        version: sent.value("seen").parse().unwrap_or_default(),
    };
    let (saves, reason) = (sent.value("do") == "save", sent.value("reason").to_owned());
    let (given, why) = (file.clone(), reason.clone());
    let (done, may) = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Read, &Resource::City { founded: true })?;
        let may = may(hall, &visitor, &given.name);
        if saves {
            return Ok((hall.revise(&visitor, &given, &why).map(|()| None), may));
        }
        Ok((hall.preview(&given.name, &given.text).map(Some), may))
    })
    .await?;
    let page = Form {
        reason,
        ..Form::new(&visit, file, may)
    };
    let fault = |field: &str, words: Text| Fault {
        field: field.to_owned(),
        words,
    };
    match done {
        Ok(None) => Ok(notice::see("/admin", Notice::Saved)),
        Ok(preview) => Ok(Form { preview, ..page }.show()),
        Err(Refusal::Problems(problems)) => {
            let words = Text::fixed("ファイルに直すところがあります", "the file is to be corrected");
            let page = Form {
                faults: vec![fault("text", words)],
                total: problems.len(),
                problems: ProblemView::first(&problems),
                ..page
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(refusal @ Refusal::Rules(_)) => {
            let page = Form {
                faults: vec![fault("", refusal.text())],
                ..page
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Refusal::Store(Refused::Conflict { .. })) => {
            let words = Text::fixed(
                "ほかの人が先にこのファイルを変えました。開き直して、変更を書き直してください。",
                "Somebody else changed this file first. Open it again and make your change anew.",
            );
            let page = Form {
                faults: vec![fault("", words)],
                ..page
            };
            Ok(page.show_as(StatusCode::CONFLICT))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/admin/files?name=city.toml"), lang);
    let file = || OwnFile {
        name: "city.toml".to_owned(),
        text: "name = \"見本市\"\n".to_owned(),
        version: 1,
    };
    let shift = |id: &str, title: Text, before, after, findings| Shift {
        id: id.to_owned(),
        title,
        before,
        after,
        findings,
    };
    let preview = Preview {
        duties: vec![shift(
            "technical.vulnerability.patches",
            Text::fixed("更新プログラムを期限までに当てる", "updates are applied in time"),
            Some(Standing::Kept),
            Some(Standing::Broken),
            (0, 7),
        )],
        clauses: vec![shift(
            "7.4",
            Text::same("7.4"),
            Some(Standing::Kept),
            Some(Standing::Broken),
            (0, 7),
        )],
    };
    let problem = ProblemView {
        place: Text::fixed("city.toml 3行目", "city.toml, line 3"),
        words: Text::fixed("値 `patchdays` はない", "unknown parameter `patchdays`"),
        help: None,
    };
    let nothing = Preview {
        duties: Vec::new(),
        clauses: Vec::new(),
    };
    let shown = Form {
        preview: Some(preview),
        ..Form::new(&visit, file(), true)
    };
    let same = Form {
        preview: Some(nothing),
        ..Form::new(&visit, file(), true)
    };
    let faulty = Form {
        faults: vec![Fault {
            field: "text".to_owned(),
            words: Text::fixed("ファイルに直すところがあります", "the file is to be corrected"),
        }],
        problems: vec![problem],
        total: 1,
        ..Form::new(&visit, file(), true)
    };
    vec![
        Sample::of("admin-standard", &Form::new(&visit, file(), false)),
        Sample::of("admin-standard-preview", &shown),
        Sample::of("admin-standard-same", &same),
        Sample::of("admin-standard-faults", &faulty),
    ]
}

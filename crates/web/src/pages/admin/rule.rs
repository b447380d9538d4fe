//! `/admin/rules/edit?name=…`: one file of rules: its text, what a change of it would come to, and its former versions.

use access::authority::{GRANTS, NEVER};
use approval::kind;
use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::acts::rules::{Difference, RulesPreview};
use service::hall::acts::standard::OwnFile;
use service::hall::entrance::sessions::Visitor;
use service::hall::in_force::{ACCESS, REQUESTS, SIGN_IN, is_rules};
use service::hall::{Hall, Refusal};
use store::Refused;

use super::problem::LineFault;
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
use crate::view::name;
use crate::visit::Visit;

/// Differences that are shown.
const LISTED: usize = 300;
/// Where a file is edited.
const EDIT: &str = "/admin/rules/edit";

/// The page.
#[derive(Template)]
#[template(path = "page/admin-rule.html")]
struct RulePage {
    frame: Frame,
    file: OwnFile,
    /// Whether the city has such a file in use.
    is_used: bool,
    may_change: bool,
    reason: String,
    faults: Vec<Fault>,
    /// What is wrong in the text, with its line.
    lines: Vec<LineFault>,
    preview: Option<PreviewView>,
    versions: Vec<VersionRow>,
    /// The former version whose text is shown.
    former: Option<u64>,
    /// What is shipped, to look at and to copy from: file and text.
    shipped: Vec<(&'static str, &'static str)>,
}

/// What a change would come to.
struct PreviewView {
    differences: Vec<Difference>,
    total: usize,
    loosened: Vec<Text>,
    refuted: Vec<Text>,
    /// What is said of the proofs; nothing where there was nothing to prove.
    proof: Option<Text>,
}

/// One version of the file.
struct VersionRow {
    version: u64,
    at: Timestamp,
    by: String,
    reason: String,
    is_retired: bool,
    href: String,
    leaf: String,
}

impl Page for RulePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl PreviewView {
    fn new(preview: RulesPreview) -> Self {
        let refuted = preview.refuted();
        let proof = match (preview.proofs.len(), preview.unproved(), refuted.is_empty()) {
            (0, ..) => None,
            (_, Some(why), _) => Some(Text::new(
                format!("破れない決まりは証明されていません。{}", why.ja),
                format!("The never-rules are not proved: {}", why.en),
            )),
            (count, None, true) => Some(Text::new(
                format!("破れない決まり{count}件のすべてが守られることを証明しました。"),
                format!("All {count} never-rules are proved to hold."),
            )),
            (_, None, false) => None,
        };
        Self {
            total: preview.differences.len(),
            differences: preview.differences.into_iter().take(LISTED).collect(),
            loosened: preview.loosened,
            refuted,
            proof,
        }
    }

    fn counted(&self) -> Text {
        super::problem::counted(self.differences.len(), self.total)
    }
}

/// What the page is made from.
struct Shown {
    file: OwnFile,
    is_used: bool,
    may_change: bool,
    versions: Vec<VersionRow>,
    former: Option<u64>,
}

impl RulePage {
    fn new(visit: &Visit, shown: Shown) -> Self {
        let frame = visit.frame(title(&shown.file.name), Section::Admin);
        Self {
            frame: frame.crumb(Section::Admin.label(), "/admin").crumb(
                Text::fixed(
                    "サインインと権限と決裁の決まり",
                    "Rules of sign-in, access and approval",
                ),
                "/admin/rules",
            ),
            shipped: shipped(&shown.file.name),
            file: shown.file,
            is_used: shown.is_used,
            may_change: shown.may_change,
            versions: shown.versions,
            former: shown.former,
            reason: String::new(),
            faults: Vec::new(),
            lines: Vec::new(),
            preview: None,
        }
    }
}

/// The address of the page of a file.
pub(super) fn address(name: &str) -> String {
    format!("{EDIT}?name={}", href::segment(name))
}

fn title(name: &str) -> Text {
    if name == SIGN_IN {
        return Text::fixed("サインインの決まりを改める", "Change the rules of sign-in");
    }
    if name.starts_with(REQUESTS) {
        return Text::fixed("決裁の順を改める", "Change the routes of approval");
    }
    Text::fixed("権限の規則を改める", "Change the access rules")
}

/// What is shipped of the same kind.
fn shipped(name: &str) -> Vec<(&'static str, &'static str)> {
    if name == SIGN_IN {
        return vec![("sign-in.toml", access::rule::SHIPPED)];
    }
    match name.strip_prefix(REQUESTS) {
        Some(file) => kind::SHIPPED
            .iter()
            .copied()
            .filter(|(known, _)| *known == file)
            .collect(),
        None => NEVER.iter().chain(GRANTS).copied().collect(),
    }
}

/// What a new file begins with.
fn beginning(name: &str) -> String {
    if name == SIGN_IN {
        return access::rule::SHIPPED.to_owned();
    }
    if name.starts_with(ACCESS) {
        return "// 一つの規則は、次の形で書きます。@id は市の中で重ならない語、@ja と @en は規則の意味です。\n\
                // @id(\"own.example\")\n\
                // @ja(\"課の職員は、その課の端末の台帳を書き出す\")\n\
                // @en(\"personnel export the terminals of their section\")\n\
                // permit (principal is Person, action == Action::\"export\", resource is Entry)\n\
                // when { resource.register == \"terminal\" && resource.section == principal.section };\n"
            .to_owned();
    }
    // Of a shipped kind a city changes the routes and nothing else.
    let known = shipped(name).into_iter().next();
    let routes = known.and_then(|(file, text)| {
        let routes = text.find("[[route]]").and_then(|at| text.get(at..))?;
        let kind = file.strip_suffix(".toml")?;
        Some(format!("kind = \"{kind}\"\n\n{routes}"))
    });
    routes.unwrap_or_default()
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    name: String,
    version: Option<u64>,
}

pub(super) async fn form(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let shown = blocking(&site, move |hall| shown(hall, &visitor, &asked.name, asked.version)).await?;
    Ok(RulePage::new(&visit, shown).show())
}

fn shown(hall: &Hall, visitor: &Visitor, name: &str, version: Option<u64>) -> Result<Shown, Refusal> {
    let (mut file, is_used) = hall.rule_file(name)?;
    let directory = hall.directory();
    let mut versions = hall.rule_versions(name)?;
    if let Some(wanted) = version {
        let known = versions.iter().find(|known| known.version == wanted);
        let document = known
            .and_then(|known| known.document.as_ref())
            .ok_or(Refusal::NotFound)?;
        let text = document.get("text").and_then(|text| text.as_str());
        text.unwrap_or_default().clone_into(&mut file.text);
    } else if !is_used {
        file.text = beginning(name);
    }
    let row = |known: store::Version| VersionRow {
        version: known.version,
        at: known.at,
        by: known
            .actor
            .as_deref()
            .map(|by| name::person(&directory, by))
            .unwrap_or_default(),
        reason: known
            .reason
            .as_ref()
            .and_then(|reason| reason.as_str())
            .unwrap_or_default()
            .to_owned(),
        is_retired: known.retired,
        href: format!("{}&version={}", address(name), known.version),
        leaf: href::leaf(known.leaf),
    };
    Ok(Shown {
        may_change: hall.may_change_rules(visitor).is_ok(),
        versions: versions.drain(..).map(row).collect(),
        former: version.filter(|version| *version != file.version || !is_used),
        file,
        is_used,
    })
}

/// What became of what was sent.
enum Done {
    Saved,
    Previewed(RulesPreview),
    Refused(Refusal),
}

pub(super) async fn change(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let name = sent.value("name").trim().to_owned();
    if !is_rules(&name) {
        return Err(Failure::NotFound);
    }
    let form = sent.clone();
    let (shown, done) = blocking(&site, move |hall| {
        let seen = form.value("seen").parse().unwrap_or_default();
        let (text, reason) = (form.value("text"), form.value("reason"));
        let done = match form.value("do") {
            "save" => hall
                .revise_rules(&visitor, (&name, seen), Some(text), reason)
                .map(|()| Done::Saved),
            "withdraw" => hall
                .revise_rules(&visitor, (&name, seen), None, reason)
                .map(|()| Done::Saved),
            _ => hall.preview_rules(&name, Some(text)).map(Done::Previewed),
        };
        let done = match done {
            Ok(done) => done,
            Err(refusal @ (Refusal::Reauthenticate | Refusal::Denied(_))) => return Err(refusal),
            Err(refusal) => Done::Refused(refusal),
        };
        let mut shown = shown(hall, &visitor, &name, None)?;
        text.clone_into(&mut shown.file.text);
        shown.file.version = seen;
        Ok((shown, done))
    })
    .await?;
    let mut page = RulePage::new(&visit, shown);
    sent.value("reason").clone_into(&mut page.reason);
    let fault = |field: &str, words: Text| Fault {
        field: field.to_owned(),
        words,
    };
    let status = match done {
        Done::Saved => return Ok(notice::see("/admin/rules", Notice::Saved)),
        Done::Previewed(preview) => {
            page.preview = Some(PreviewView::new(preview));
            StatusCode::OK
        }
        Done::Refused(Refusal::Problems(problems)) => {
            let words = Text::fixed("文面に直すところがあります", "the text is to be corrected");
            page.faults = vec![fault("text", words)];
            page.lines = problems.iter().map(LineFault::of).collect();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Done::Refused(Refusal::Rules(rules)) => {
            page.faults = rules.into_iter().map(|rule| fault("", rule)).collect();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Done::Refused(Refusal::Store(Refused::Conflict { .. })) => {
            let words = Text::fixed(
                "ほかの人が先にこのファイルを変えました。開き直して、変更を書き直してください。",
                "Somebody else changed this file first. Open it again and make your change anew.",
            );
            page.faults = vec![fault("", words)];
            StatusCode::CONFLICT
        }
        Done::Refused(refusal) => return Err(refusal.into()),
    };
    Ok(page.show_as(status))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/admin/rules/edit"), lang);
    let shown = |name: &str, text: &str| Shown {
        file: OwnFile {
            name: name.to_owned(),
            text: text.to_owned(),
            version: 2,
        },
        is_used: true,
        may_change: true,
        versions: vec![VersionRow {
            version: 2,
            at: site.clock().now(),
            by: "見本 太郎".to_owned(),
            reason: "管理職にパスキーを求める".to_owned(),
            is_retired: false,
            href: format!("{}&version=2", address(name)),
            leaf: href::leaf(4_821),
        }],
        former: None,
    };
    let access = "rules/access/own.cedar";
    let mut faulty = RulePage::new(&visit, shown(access, "permit (principal);\n"));
    faulty.lines = vec![LineFault {
        line: Some(1),
        text: "permit (principal);".to_owned(),
        words: Text::fixed("@id、@ja、@en を書きます", "needs `@id`, `@ja` and `@en`"),
        help: None,
    }];
    faulty.faults = vec![Fault {
        field: "text".to_owned(),
        words: Text::fixed("文面に直すところがあります", "the text is to be corrected"),
    }];
    let mut previewed = RulePage::new(&visit, shown(SIGN_IN, "[[rule]]\nid = \"managers\"\n"));
    previewed.preview = Some(PreviewView {
        differences: vec![Difference {
            what: Text::fixed("承認を行う役割", "roles that approve"),
            before: Some(Text::fixed("二つの要素", "two factors")),
            after: Some(Text::fixed("パスキー", "a passkey")),
        }],
        total: 1,
        loosened: vec![Text::fixed(
            "決まり「承認を行う役割」を、定められたものより緩めています",
            "the rule `managers` is looser than the one shipped",
        )],
        refuted: vec![Text::fixed(
            "破れない決まり「だれも、自分の申請を決裁しない」に反します。",
            "it breaks the never-rule `nobody decides their own request`",
        )],
        proof: Some(Text::fixed(
            "破れない決まり12件のすべてが守られることを証明しました。",
            "All 12 never-rules are proved to hold.",
        )),
    });
    vec![
        Sample::of("admin-rule-faults", &faulty),
        Sample::of("admin-rule-preview", &previewed),
    ]
}

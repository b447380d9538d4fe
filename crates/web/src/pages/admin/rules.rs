//! `/admin/rules`: what each role has to prove, who may do what, who decides; and where each is changed.

use access::authority::{Authority, Origin};
use access::rule::{Enrolment, Proof, Rules, Strength};
use approval::kind::Kinds;
use approval::route::Step;
use askama::Template;
use axum::extract::State as Of;
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use model::scheme::SchemeKind;
use service::hall::acts::standard::OwnFile;
use service::hall::in_force::{ACCESS, InForce, REQUESTS, SIGN_IN};

use super::rule;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/admin-rules.html")]
struct RulesPage {
    frame: Frame,
    rules: Vec<RuleRow>,
    routes: Vec<RouteRow>,
    access: Vec<AccessRow>,
    /// Where the city asks for less than what is shipped.
    loosened: Vec<Text>,
    /// The city's own files.
    files: Vec<FileRow>,
    may_change: bool,
}

/// One access rule.
struct AccessRow {
    id: String,
    title: Text,
    origin: Text,
}

/// One of the city's files.
struct FileRow {
    name: String,
    version: u64,
    href: String,
}

/// What the holders of some roles have to prove.
struct RuleRow {
    title: Text,
    tier: Option<Text>,
    proof: Text,
    session: i64,
    idle: i64,
    fresh: i64,
    enrolment: Text,
}

/// Who decides one kind of request.
struct RouteRow {
    kind: Text,
    /// Where the routes of the kind are changed.
    href: String,
    grades: Text,
    days: u16,
    steps: Vec<StepRow>,
}

/// One step.
struct StepRow {
    title: Text,
    remind: Option<u16>,
}

impl Page for RulesPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl StepRow {
    fn reminder(&self) -> Option<Text> {
        let days = self.remind?;
        Some(Text::new(
            format!("{days}日ごとに催促"),
            format!("reminded every {days} days"),
        ))
    }
}

impl RulesPage {
    fn new(visit: &Visit, in_force: &InForce, files: &[OwnFile], may_change: bool) -> Self {
        let frame = visit.frame(
            Text::fixed(
                "サインインと権限と決裁の決まり",
                "Rules of sign-in, access and approval",
            ),
            Section::Admin,
        );
        let file = |file: &OwnFile| FileRow {
            name: file.name.clone(),
            version: file.version,
            href: rule::address(&file.name),
        };
        let routes = in_force.kinds.iter().flat_map(|kind| {
            kind.routes.iter().map(|route| RouteRow {
                kind: kind.title.clone(),
                href: rule::address(&format!("{REQUESTS}{}.toml", kind.id)),
                grades: grades(&route.grades),
                days: route.decide_within_days,
                steps: route.steps.iter().map(step).collect(),
            })
        });
        Self {
            frame: frame.crumb(Section::Admin.label(), "/admin"),
            rules: in_force.sign_in.iter().map(owed).collect(),
            routes: routes.collect(),
            access: in_force.authority.rules().map(access).collect(),
            loosened: in_force.loosened.clone(),
            files: files.iter().map(file).collect(),
            may_change,
        }
    }

    /// Where the rules of sign-in are changed.
    fn sign_in(&self) -> String {
        rule::address(SIGN_IN)
    }

    /// Where the city's access rules are.
    fn own_access(&self) -> String {
        rule::address(&format!("{ACCESS}own.cedar"))
    }
}

fn access(rule: &access::authority::Rule) -> AccessRow {
    AccessRow {
        id: rule.id.clone(),
        title: rule.title.clone(),
        origin: match rule.origin {
            Origin::Shipped => Text::fixed("定められたもの", "shipped"),
            Origin::Never => Text::fixed("破れない決まり", "never-rule"),
            Origin::City => Text::fixed("市のもの", "the city's"),
        },
    }
}

/// 高い、中くらい; 3A、3B
fn grades(codes: &[String]) -> Text {
    let words: Vec<Text> = codes.iter().map(|code| grade(code)).collect();
    let join = |words: Vec<&str>, with: &str| words.join(with);
    Text::new(
        join(words.iter().map(|word| word.ja.as_ref()).collect(), "、"),
        join(words.iter().map(|word| word.en.as_ref()).collect(), ", "),
    )
}

fn grade(code: &str) -> Text {
    match code {
        "high" => Text::fixed("重大さが高い", "of high gravity"),
        "medium" => Text::fixed("重大さが中くらい", "of medium gravity"),
        "low" => Text::fixed("重大さが低い", "of low gravity"),
        other => Text::same(other),
    }
}

fn step(step: &Step) -> StepRow {
    StepRow {
        title: step.title(),
        remind: step.remind_days,
    }
}

fn owed(rule: &access::rule::Rule) -> RuleRow {
    let owed = &rule.requirement;
    let tier = rule.tier.as_deref().and_then(|code| SchemeKind::Tier.national(code));
    RuleRow {
        title: rule.title.clone(),
        tier: tier.map(|tier| Text::fixed(tier.ja, tier.en)),
        proof: match owed.proof() {
            Proof::AtLeast(Strength::OneFactor) => Text::fixed("一つの要素", "one factor"),
            Proof::AtLeast(Strength::TwoFactors) => Text::fixed("二つの要素", "two factors"),
            Proof::AtLeast(Strength::Passkey) => Text::fixed("パスキー", "a passkey"),
            Proof::ListedPasskey(_) => Text::fixed("決められた機種のパスキー", "a passkey of a listed model"),
        },
        session: owed.session().as_mins(),
        idle: owed.idle().as_mins(),
        fresh: owed.fresh().as_mins(),
        enrolment: match owed.enrolment() {
            Enrolment::AtSignIn => Text::fixed("サインインのとき", "at sign-in"),
            Enrolment::ByInvitation => Text::fixed("招待のリンクだけ", "by invitation only"),
        },
    }
}

pub(super) async fn rules(Of(site): Of<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let (in_force, files, may) = blocking(&site, move |hall| {
        let may = hall.may_change_rules(&visitor).is_ok();
        Ok((hall.in_force(), hall.rule_files()?, may))
    })
    .await?;
    Ok(RulesPage::new(&visit, &in_force, &files, may).show())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/admin/rules"), lang);
    let (Ok(rules), Ok(kinds), Ok(authority)) = (Rules::shipped(), Kinds::shipped(), Authority::shipped()) else {
        return Vec::new();
    };
    let in_force = InForce::shipped(rules, kinds, authority);
    let own = OwnFile {
        name: SIGN_IN.to_owned(),
        text: String::new(),
        version: 3,
    };
    vec![Sample::of(
        "admin-rules",
        &RulesPage::new(&visit, &in_force, &[own], true),
    )]
}

//! `/admin/rules`: what each role has to prove, and who decides what.

use access::rule::{Enrolment, Proof, Rules, Strength};
use approval::kind::Kinds;
use approval::route::Step;
use askama::Template;
use axum::extract::State as Of;
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use model::scheme::SchemeKind;

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
    fn new(visit: &Visit, rules: &Rules, kinds: &Kinds) -> Self {
        let frame = visit.frame(
            Text::fixed("サインインと決裁の決まり", "Rules of sign-in and approval"),
            Section::Admin,
        );
        let routes = kinds.iter().flat_map(|kind| {
            kind.routes.iter().map(|route| RouteRow {
                kind: kind.title.clone(),
                grades: grades(&route.grades),
                days: route.decide_within_days,
                steps: route.steps.iter().map(step).collect(),
            })
        });
        Self {
            frame: frame.crumb(Section::Admin.label(), "/admin"),
            rules: rules.iter().map(rule).collect(),
            routes: routes.collect(),
        }
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

fn rule(rule: &access::rule::Rule) -> RuleRow {
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

pub(super) async fn rules(Of(site): Of<Site>, Who(_): Who, visit: Visit) -> Result<Response, Failure> {
    let hall = site.hall()?;
    Ok(RulesPage::new(&visit, &hall.entrance().rules, hall.request_kinds()).show())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/admin/rules"), lang);
    let (Ok(rules), Ok(kinds)) = (Rules::shipped(), Kinds::shipped()) else {
        return Vec::new();
    };
    vec![Sample::of("admin-rules", &RulesPage::new(&visit, &rules, &kinds))]
}

//! What two sets of rules tell apart, in words.

use std::collections::{HashMap, HashSet};

use access::authority::matrix::{self, Cell, THINGS};
use access::authority::{Authority, Rule as AccessRule};
use access::rule::{Enrolment, Proof, Requirement, Rules, Strength};
use approval::kind::Kinds;
use approval::route::{Post, Route, Step};
use model::lang::Text;

/// One thing that would be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub what: Text,
    /// How it is; `None` where there is no such thing yet.
    pub before: Option<Text>,
    /// How it would be; `None` where it would be gone.
    pub after: Option<Text>,
}

pub(super) fn of_sign_in(now: &Rules, then: &Rules) -> Vec<Difference> {
    let listed = |rules: &Rules| {
        let rules = rules.iter().map(|rule| {
            let roles = rule.roles.iter().map(|role| matrix::role_title(role));
            let words = joined(&roles.collect::<Vec<_>>(), "、", ", ");
            let owed = owed(&rule.requirement);
            let all = Text::new(
                format!("{}: {}", words.ja, owed.ja),
                format!("{}: {}", words.en, owed.en),
            );
            (rule.id.clone(), rule.title.clone(), all)
        });
        rules.collect::<Vec<_>>()
    };
    compared(&listed(now), &listed(then))
}

pub(super) fn of_kinds(now: &Kinds, then: &Kinds) -> Vec<Difference> {
    let listed = |kinds: &Kinds| {
        let routes = kinds.iter().flat_map(|kind| {
            kind.routes.iter().map(|route| {
                let title = Text::new(
                    format!("{}({})", kind.title.ja, route.id),
                    format!("{} ({})", kind.title.en, route.id),
                );
                (format!("{} {}", kind.id, route.id), title, way(route))
            })
        });
        routes.collect::<Vec<_>>()
    };
    compared(&listed(now), &listed(then))
}

/// The rules that differ, then what that comes to for each role.
pub(super) fn of_access(now: &Authority, then: &Authority) -> Vec<Difference> {
    let rules = |authority: &Authority| {
        let rules = authority.rules().map(|rule: &AccessRule| {
            let words = Text::new(
                format!("{}\n{}", rule.title.ja, rule.text),
                format!("{}\n{}", rule.title.en, rule.text),
            );
            (rule.id.clone(), Text::same(rule.id.clone()), words)
        });
        rules.collect::<Vec<_>>()
    };
    let mut differences = compared(&rules(now), &rules(then));
    let cells = |authority: &Authority| {
        let cells = matrix::matrix(authority).unwrap_or_default();
        cells.into_iter().map(cell).collect::<Vec<_>>()
    };
    differences.extend(compared(&cells(now), &cells(then)));
    differences
}

/// How far somebody's right reaches.
fn cell(cell: Cell) -> (String, Text, Text) {
    let role = matrix::role_title(cell.role);
    let thing = THINGS.iter().find(|thing| thing.id == cell.thing);
    let thing = thing.map(|thing| thing.title.clone()).unwrap_or_default();
    let act = cell.act.title();
    let reaches: Vec<Text> = cell.allowed.iter().map(|reach| reach.title()).collect();
    let far = if reaches.is_empty() {
        Text::fixed("できない", "nowhere")
    } else {
        joined(&reaches, "、", ", ")
    };
    let what = Text::new(
        format!("{}が{}を{}", role.ja, thing.ja, act.ja),
        format!("{}: {} {}", role.en, act.en, thing.en),
    );
    (format!("{} {} {}", cell.role, cell.thing, cell.act.name()), what, far)
}

/// What is not the same under the same id, in the order of `then`; what is gone comes last.
fn compared(now: &[(String, Text, Text)], then: &[(String, Text, Text)]) -> Vec<Difference> {
    let known: HashMap<&str, &Text> = now.iter().map(|(id, _, words)| (id.as_str(), words)).collect();
    let named: HashSet<&str> = then.iter().map(|(id, ..)| id.as_str()).collect();
    let mut differences = Vec::new();
    for (id, what, after) in then {
        let before = known.get(id.as_str()).copied();
        if before != Some(after) {
            differences.push(Difference {
                what: what.clone(),
                before: before.cloned(),
                after: Some(after.clone()),
            });
        }
    }
    for (id, what, before) in now {
        if !named.contains(id.as_str()) {
            differences.push(Difference {
                what: what.clone(),
                before: Some(before.clone()),
                after: None,
            });
        }
    }
    differences
}

/// 二つの要素、600分、操作なし60分、承認の前30分
fn owed(owed: &Requirement) -> Text {
    let proof = match owed.proof() {
        Proof::AtLeast(Strength::OneFactor) => Text::fixed("一つの要素", "one factor"),
        Proof::AtLeast(Strength::TwoFactors) => Text::fixed("二つの要素", "two factors"),
        Proof::AtLeast(Strength::Passkey) => Text::fixed("パスキー", "a passkey"),
        Proof::ListedPasskey(_) => Text::fixed("決められた機種のパスキー", "a passkey of a listed model"),
    };
    let enrolment = match owed.enrolment() {
        Enrolment::AtSignIn => Text::fixed("手段の登録はサインインのとき", "enrolment at sign-in"),
        Enrolment::ByInvitation => Text::fixed("手段の登録は招待のリンクだけ", "enrolment by invitation only"),
    };
    let (session, idle, fresh) = (owed.session().as_mins(), owed.idle().as_mins(), owed.fresh().as_mins());
    Text::new(
        format!(
            "{}、長さ{session}分、操作がないとき{idle}分、承認の前{fresh}分、{}",
            proof.ja, enrolment.ja
        ),
        format!(
            "{}, session {session} min, idle {idle} min, fresh {fresh} min, {}",
            proof.en, enrolment.en
        ),
    )
}

/// 重大さ high: 申請者の課… → 統括…、60日以内
fn way(route: &Route) -> Text {
    let steps: Vec<Text> = route.steps.iter().map(step).collect();
    let steps = joined(&steps, " → ", " → ");
    let grades = route.grades.join(", ");
    let days = route.decide_within_days;
    let head = if grades.is_empty() {
        String::new()
    } else {
        format!("{grades}: ")
    };
    Text::new(
        format!("{head}{}、{days}日以内", steps.ja),
        format!("{head}{}, within {days} days", steps.en),
    )
}

/// 申請者の課情報セキュリティ管理者(いないとき…、催促3日、7日で…へ)
fn step(step: &Step) -> Text {
    let who = |posts: &[Post]| joined(&posts.iter().map(Post::title).collect::<Vec<_>>(), "又は", " or ");
    let mut more = Vec::new();
    if !step.instead.is_empty() {
        let instead = who(&step.instead);
        more.push(Text::new(
            format!("いないときは{}", instead.ja),
            format!("instead {}", instead.en),
        ));
    }
    if let Some(days) = step.remind_days {
        more.push(Text::new(
            format!("催促{days}日ごと"),
            format!("reminded every {days} days"),
        ));
    }
    if let Some(days) = step.escalate_days {
        let told = who(&step.escalate_to);
        more.push(Text::new(
            format!("{days}日で{}へ知らせる", told.ja),
            format!("{} told after {days} days", told.en),
        ));
    }
    let (title, more) = (step.title(), joined(&more, "、", ", "));
    if more.ja.is_empty() {
        return title;
    }
    Text::new(
        format!("{}({})", title.ja, more.ja),
        format!("{} ({})", title.en, more.en),
    )
}

fn joined(words: &[Text], ja: &str, en: &str) -> Text {
    let all = |of: fn(&Text) -> &str, with: &str| words.iter().map(of).collect::<Vec<_>>().join(with);
    Text::new(all(|text| text.ja.as_ref(), ja), all(|text| text.en.as_ref(), en))
}

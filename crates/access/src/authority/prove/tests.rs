use super::*;
use crate::authority::{GRANTS, NEVER, Person, Post, Principal, Request, Resource};

/// cvc5, which `tests/solver/install` installs; without it these tests fail.
fn verdicts(authority: &Authority) -> Vec<(String, Verdict)> {
    let proofs = prove(authority, &Solver::default());
    proofs.into_iter().map(|proof| (proof.rule, proof.verdict)).collect()
}

/// The shipped grants with one part of one file replaced.
fn loosened(file: &str, from: &str, to: &str) -> Authority {
    let changed = |(name, text): &(&'static str, &'static str)| {
        let text = if *name == file {
            text.replacen(from, to, 1)
        } else {
            (*text).to_owned()
        };
        (*name, text)
    };
    let grants: Vec<(&str, String)> = GRANTS.iter().map(changed).collect();
    assert!(
        grants.iter().zip(GRANTS).any(|(new, old)| new.1 != old.1),
        "nothing was replaced"
    );
    let grants: Vec<(&str, &str)> = grants.iter().map(|(name, text)| (*name, text.as_str())).collect();
    Authority::of(&grants, &[]).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn refuted(verdicts: &[(String, Verdict)]) -> Vec<(&str, &Counterexample)> {
    let refuted = verdicts.iter().filter_map(|(rule, verdict)| match verdict {
        Verdict::Refuted(counterexample) => Some((rule.as_str(), counterexample.as_ref())),
        _ => None,
    });
    refuted.collect()
}

#[test]
fn the_shipped_grants_keep_every_never_rule() {
    let authority = Authority::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let verdicts = verdicts(&authority);
    assert!(verdicts.len() >= NEVER.len());
    for (rule, verdict) in verdicts {
        assert_eq!(verdict, Verdict::Proved, "{rule}");
    }
}

#[test]
fn a_loosened_grant_is_refuted_with_a_counterexample_and_still_forbidden() {
    let authority = loosened(
        "20-request.cedar",
        "unless { resource.applicant == principal || resource.concerns.contains(principal) }",
        "",
    );
    let verdicts = verdicts(&authority);
    let refuted = refuted(&verdicts);
    let [("never.own-request", counterexample)] = refuted[..] else {
        panic!("{refuted:#?}");
    };
    assert!(matches!(counterexample.act, Act::Approve | Act::Return | Act::Reject));
    assert_eq!(counterexample.granted_by[0].rule, "request.decide");
    assert!(
        counterexample.text().ja.contains("request.decide"),
        "{}",
        counterexample.text().ja
    );
    let me = Principal::person(&Person {
        key: "P1".into(),
        section: "S1".into(),
        posts: vec![Post::city("ciso")],
        ..Person::default()
    });
    let mine = Resource::Request(Request {
        applicant: "P1",
        deciders: &["P1".to_owned()],
        ..Request::default()
    });
    let decision = authority.decide(&me.unwrap(), Act::Approve, &mine);
    assert!(!decision.allowed && decision.because[0].rule == "never.own-request");
}

#[test]
fn every_never_rule_is_refuted_by_some_loosened_grant() {
    for (file, from, to, rule) in [
        (
            "60-audit.cedar",
            "resource is Audit)\nwhen { principal.city.containsAny([\"audit_manager\", \"auditor\"]) }\nunless { resource.section == principal.section }",
            "resource is Audit)\nwhen { principal.city.containsAny([\"audit_manager\", \"auditor\"]) }",
            "never.own-section-audit",
        ),
        (
            "50-head.cedar",
            "[\"audit\", \"role_assignment\", \"exception\"",
            "[\"role_assignment\", \"exception\"",
            "never.own-section-audit.register",
        ),
        (
            "30-section.cedar",
            "organ: resource.organ }) &&\n    principal.clearance >= resource.grade",
            "organ: resource.organ })",
            "never.procedure-grade",
        ),
        (
            "50-head.cedar",
            "unless { resource.kind == \"procedure\" }",
            "",
            "never.procedure-public",
        ),
        (
            "80-visitor.cedar",
            "&& resource.kind != \"procedure\"",
            "",
            "never.procedure-public.read",
        ),
        (
            "50-head.cedar",
            "[\"ciso\", \"deputy_ciso\", \"general_manager\"]) };\n\n@id(\"head.policy\")",
            "[\"ciso\", \"auditor\"]) };\n\n@id(\"head.policy\")",
            "never.standard",
        ),
        (
            "50-head.cedar",
            "resource is City)\nwhen { principal.city.contains(\"ciso\") }",
            "resource is City)\nwhen { principal.roles.contains(\"ciso\") }",
            "never.standard.policy",
        ),
        (
            "70-administrator.cedar",
            "unless { resource.person == principal }",
            "",
            "never.own-roles",
        ),
        (
            "50-head.cedar",
            "unless { resource.concerns.contains(principal) };\n\n@id(\"head.assign\")",
            ";\n\n@id(\"head.assign\")",
            "never.own-roles.register",
        ),
        (
            "10-personnel.cedar",
            "permit (principal is Person, action == Action::\"read\", resource is City);",
            "permit (principal, action == Action::\"read\", resource is City);",
            "never.visitor",
        ),
        (
            "40-system.cedar",
            "system: resource.system }) &&\n    (resource.zone != \"mynumber\" || principal.mynumber)",
            "system: resource.system })",
            "never.mynumber-export",
        ),
    ] {
        let verdicts = verdicts(&loosened(file, from, to));
        let rules: Vec<&str> = refuted(&verdicts).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(rules, [rule], "{file}: {from}");
    }
}

#[test]
fn a_citys_own_grant_is_held_against_the_never_rules() {
    let own = "@id(\"own.export\") @ja(\"係長は書き出す\") @en(\"heads export\")\n\
               permit (principal is Person, action == Action::\"export\", resource is Entry)\n\
               when { principal.roles.contains(\"section_manager\") };";
    let authority = Authority::with(&[("own.cedar", own)]).unwrap();
    let verdicts = verdicts(&authority);
    let refuted = refuted(&verdicts);
    assert_eq!(refuted[0].0, "never.mynumber-export");
    assert_eq!(refuted[0].1.granted_by[0].rule, "own.export");
    assert!(
        refuted[0]
            .1
            .what
            .contains(&("zone".to_owned(), "\"mynumber\"".to_owned()))
    );
}

#[test]
fn without_a_solver_nothing_is_proved() {
    let authority = Authority::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"));
    for proof in prove(&authority, &Solver::at("/nowhere/cvc5")) {
        assert!(matches!(proof.verdict, Verdict::NotProved(_)), "{proof:?}");
    }
}

/// What follows from the form of the rules alone needs no solver; everything else does.
#[test]
fn a_solver_that_answers_nothing_proves_nothing_that_needs_one() {
    let authority = Authority::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let proofs = prove(&authority, &Solver::at("/bin/true"));
    let open = proofs
        .iter()
        .filter(|proof| matches!(proof.verdict, Verdict::NotProved(_)));
    let open: Vec<&str> = open.map(|proof| proof.rule.as_str()).collect();
    for rule in ["never.own-request", "never.procedure-grade", "never.mynumber-export"] {
        assert!(open.contains(&rule), "{open:?}");
    }
    assert!(!proofs.iter().any(|proof| matches!(proof.verdict, Verdict::Refuted(_))));
}

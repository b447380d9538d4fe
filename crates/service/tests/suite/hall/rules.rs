//! The city changes its rules of sign-in, access and approval.

use access::authority::prove::Verdict;
use access::rule::{Proof, Strength};
use service::hall::Refusal;
use service::hall::entrance::sessions::Visitor;
use service::hall::in_force::{ACCESS, REQUESTS, SIGN_IN};
use service::hall::rights::Verb;

use super::House;

fn manager(house: &House) -> Visitor {
    house.visitor("general information security manager")
}

fn own(name: &str) -> String {
    format!("{ACCESS}{name}.cedar")
}

/// Personnel export the terminals of their section.
const GRANT: &str = "@id(\"own.export\")\n@ja(\"課の職員は、その課の端末の台帳を書き出す\")\n@en(\"personnel export terminals of their section\")\n\
    permit (principal is Person, action == Action::\"export\", resource is Entry)\n\
    when { resource.register == \"terminal\" && resource.section == principal.section && resource.zone != \"mynumber\" };\n";

#[test]
fn a_grant_of_the_city_holds_once_it_is_saved_until_it_is_withdrawn_and_over_a_restart() {
    let house = House::sample();
    let staff = house.visitor("staff without a role");
    let city = house.hall.city().unwrap();
    let kind = city.kind("terminal").unwrap();
    let row = serde_json::json!({ "section": staff.section });
    let may = |house: &House| {
        let staff = house.visitor("staff without a role");
        house
            .hall
            .allow(&staff, Verb::Export, &house.hall.entry_resource(kind, &row))
            .is_ok()
    };
    assert!(!may(&house));
    let preview = house.hall.preview_rules(&own("own"), Some(GRANT)).unwrap();
    assert!(!preview.proofs.is_empty() && preview.proofs.iter().all(|proof| proof.verdict == Verdict::Proved));
    assert!(preview.differences.iter().any(|found| found.what.ja == "own.export"));
    assert!(!may(&house), "a preview stores nothing");

    let change = |text: Option<&str>, seen| {
        let reason = "棚卸しのため";
        house
            .hall
            .revise_rules(&manager(&house), (&own("own"), seen), text, reason)
    };
    change(Some(GRANT), 0).unwrap();
    assert!(may(&house));
    assert!(
        matches!(change(Some(GRANT), 0), Err(Refusal::Store(_))),
        "somebody was first"
    );
    change(None, 1).unwrap();
    assert!(!may(&house));
    let withdrawn = house.hall.rule_file(&own("own")).unwrap();
    assert!(!withdrawn.1);
    change(Some(GRANT), withdrawn.0.version).unwrap();
    assert!(may(&house) && house.hall.rule_versions(&own("own")).unwrap().len() >= 3);
    let house = house.restarted();
    assert!(may(&house));
}

#[test]
fn a_grant_that_breaks_a_never_rule_is_refused_with_an_example() {
    let house = House::sample();
    let wrong = GRANT.replace(" && resource.zone != \"mynumber\"", "");
    let refused = house
        .hall
        .revise_rules(&manager(&house), (&own("own"), 0), Some(&wrong), "棚卸しのため");
    let Err(Refusal::Rules(rules)) = refused else {
        panic!("{refused:?}")
    };
    assert!(
        rules[0].ja.contains("破れない決まり") && rules[0].ja.contains("own.export"),
        "{rules:?}"
    );
    assert!(house.hall.rule_files().unwrap().is_empty());
}

#[test]
fn what_is_wrong_in_a_file_of_rules_is_told_with_its_place_and_nothing_is_saved() {
    let house = House::sample();
    let (kinds, cedar) = (format!("{REQUESTS}exception.toml"), own("own"));
    for (name, text) in [
        (
            SIGN_IN,
            "[[rule]]\nid = \"x\"\ntitle = { ja = \"x\", en = \"x\" }\nroles = [\"nobody\"]\n",
        ),
        (&*kinds, "kind = \"exception\"\nlongest_days = 3\n"),
        (&*cedar, "permit (principal, action, resource"),
        (&*cedar, "permit (principal, action, resource);"),
    ] {
        let refused = house.hall.revise_rules(&manager(&house), (name, 0), Some(text), "試し");
        let Err(Refusal::Problems(problems)) = refused else {
            panic!("{name}: {refused:?}")
        };
        assert!(problems.iter().any(|problem| problem.file == name), "{problems:?}");
    }
    let elsewhere = house.hall.preview_rules("rules/access/../x.cedar", Some(GRANT));
    assert!(matches!(elsewhere, Err(Refusal::Rules(_))));
    assert!(house.hall.rule_files().unwrap().is_empty());
}

#[test]
fn rules_of_sign_in_count_at_once_and_nobody_locks_themselves_out() {
    let house = House::sample();
    let rule = |proof: &str, more: &str| {
        format!(
            "[[rule]]\nid = \"own\"\ntitle = {{ ja = \"職員\", en = \"staff\" }}\nroles = [\"personnel\"]\nproof = \"{proof}\"\n{more}"
        )
    };
    let manager = manager(&house);
    let listed = rule(
        "listed-passkey",
        "authenticators = [\"08987058-cadc-4b81-b6e1-30de50dcbe96\"]\n",
    );
    let refused = house.hall.revise_rules(&manager, (SIGN_IN, 0), Some(&listed), "強める");
    assert!(matches!(refused, Err(Refusal::Rules(_))), "{refused:?}");
    let staff = house.visitor("staff without a role");
    assert_eq!(*staff.requirement.proof(), Proof::AtLeast(Strength::OneFactor));
    house
        .hall
        .revise_rules(&manager, (SIGN_IN, 0), Some(&rule("two-factors", "")), "強める")
        .unwrap();
    let staff = house.visitor("staff without a role");
    assert_eq!(*staff.requirement.proof(), Proof::AtLeast(Strength::TwoFactors));
    let denied = house.hall.revise_rules(&staff, (SIGN_IN, 1), None, "戻す");
    assert!(matches!(denied, Err(Refusal::Denied(_))), "{denied:?}");

    let forbids = "@id(\"own.nobody\")\n@ja(\"だれも決まりを改めない\")\n@en(\"nobody changes rules\")\n\
        forbid (principal, action == Action::\"administer_rules\", resource);\n";
    let refused = house
        .hall
        .revise_rules(&manager, (&own("own"), 0), Some(forbids), "試し");
    let Err(Refusal::Rules(rules)) = refused else {
        panic!("{refused:?}")
    };
    assert!(rules[0].ja.contains("改められなくなります"), "{rules:?}");
}

#[test]
fn routes_of_the_city_decide_the_requests_that_follow() {
    let house = House::sample();
    let text = "kind = \"exception\"\n\n[[route]]\nid = \"exception\"\ndecide_within_days = 10\n[[route.step]]\n\
        any = [{ role = \"ciso\", of = \"city\" }]\n";
    let name = format!("{REQUESTS}exception.toml");
    let preview = house.hall.preview_rules(&name, Some(text)).unwrap();
    assert!(
        preview
            .differences
            .iter()
            .any(|found| found.after.as_ref().is_some_and(|after| after.ja.contains("10日以内")))
    );
    house
        .hall
        .revise_rules(&manager(&house), (&name, 0), Some(text), "簡素にする")
        .unwrap();
    let kinds = house.hall.request_kinds();
    let kind = kinds.get("exception").unwrap();
    assert_eq!((kind.routes.len(), kind.routes[0].decide_within_days), (1, 10));
}

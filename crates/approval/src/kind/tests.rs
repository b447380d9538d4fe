use super::*;
use crate::route::Needs;
use jiff::civil::date;
use model::diagnostic::Located;
use serde_json::json;

fn shipped() -> Kinds {
    Kinds::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Codes and the source that each points at.
fn problems(text: &str) -> Vec<(&'static str, String)> {
    let problems = shipped().with(&[("own.toml", text)]).unwrap_err();
    let place = |problem: &Located| {
        problem
            .diagnostic
            .span
            .and_then(|span| span.of(text))
            .unwrap_or_default()
            .to_owned()
    };
    problems
        .iter()
        .map(|problem| (problem.diagnostic.code, place(problem)))
        .collect()
}

const ROUTE: &str =
    "[[route]]\nid = \"own\"\ndecide_within_days = 10\n[[route.step]]\nany = [{ role = \"ciso\", of = \"city\" }]\n";

#[test]
fn every_shipped_kind_has_a_route_for_every_grade() {
    let kinds = shipped();
    assert_eq!(kinds.iter().len(), SHIPPED.len());
    for kind in kinds.iter() {
        let grades = kind.grades().into_iter().map(Some).chain([None]);
        for grade in grades {
            assert!(
                kind.route(grade).is_some_and(|route| !route.steps.is_empty()),
                "{} {grade:?}",
                kind.id
            );
        }
        assert!(!kind.effects.is_empty() && !kind.decided_by.is_empty(), "{}", kind.id);
    }
}

#[test]
fn what_is_graded_higher_takes_the_longer_way() {
    let kinds = shipped();
    let steps = |kind: &str, grade| kinds.get(kind).and_then(|kind| kind.route(grade)).unwrap().steps.len();
    assert!(steps("exception", Some("high")) > steps("exception", Some("low")));
    assert!(steps("retirement", None) > steps("retirement", Some("1")));
    let confidential = kinds.get("retirement").and_then(|kind| kind.route(Some("3B"))).unwrap();
    assert_eq!(confidential.steps[0].needs, Needs::All);
}

#[test]
fn a_city_gives_a_shipped_kind_other_routes() {
    let kinds = shipped()
        .with(&[("own.toml", &format!("kind = \"exception\"\n{ROUTE}"))])
        .unwrap();
    let routes: Vec<&str> = kinds
        .get("exception")
        .unwrap()
        .routes
        .iter()
        .map(|route| route.id.as_str())
        .collect();
    assert_eq!(routes, ["own"]);
    assert_eq!(
        kinds.get("exception").unwrap().fields,
        shipped().get("exception").unwrap().fields
    );
}

#[test]
fn a_city_adds_a_kind_of_its_own() {
    let text = format!(
        "kind = \"visit\"\ntitle = {{ ja = \"見学\", en = \"visit\" }}\n[[field]]\nname = \"place\"\nlabel = {{ ja = \"場所\", en = \"place\" }}\n\
         type = \"line\"\nrequired = true\n[[effect]]\ncreate = \"visit\"\nfields = {{ place = {{ field = \"place\" }} }}\n{ROUTE}"
    );
    let kinds = shipped().with(&[("visit.toml", &text)]).unwrap();
    assert_eq!(kinds.iter().last().unwrap().id, "visit");
}

#[test]
fn a_city_does_not_leave_the_last_word_to_less() {
    let own = ROUTE.replace("ciso", "section_manager");
    let found = problems(&format!("kind = \"adoption\"\n{own}"));
    assert_eq!(
        found,
        [("last-word", "{ role = \"section_manager\", of = \"city\" }".to_owned())]
    );
    let aside = format!("kind = \"adoption\"\n{ROUTE}instead = [{{ role = \"auditor\", of = \"city\" }}]\n");
    assert_eq!(problems(&aside)[0].0, "last-word");
}

#[test]
fn a_city_does_not_go_round_a_shipped_kind() {
    let own = |effect: &str| {
        format!(
            "kind = \"own\"\ntitle = {{ ja = \"独自\", en = \"own\" }}\n[[field]]\nname = \"of\"\nlabel = {{ ja = \"対象\", en = \"of\" }}\n\
             type = \"line\"\nrequired = true\n[[effect]]\n{effect}\n{ROUTE}"
        )
    };
    for effect in [
        "adopt = \"of\"",
        "publish = \"of\"",
        "retire = \"role_assignment\"\nof = \"of\"",
    ] {
        assert_eq!(problems(&own(effect))[0].0, "guarded-effect", "{effect}");
    }
    let more = format!("kind = \"adoption\"\ndecided_by = [\"auditor\"]\n{ROUTE}");
    assert_eq!(problems(&more), [("kind-is-shipped", "\"adoption\"".to_owned())]);
}

#[test]
fn faults_of_a_file_are_pointed_at() {
    let route = |more: &str| format!("kind = \"retirement\"\n[[route]]\nid = \"own\"\ndecide_within_days = 10\n{more}");
    let step = "[[route.step]]\nany = [{ role = \"ciso\", of = \"city\" }]\n";
    for (text, code, place) in [
        ("kind = 3".to_owned(), "unreadable-kind", "3"),
        (route(""), "no-step", "\"own\""),
        (
            route("[[route.step]]\nany = [{ role = \"mayor\", of = \"city\" }]\n"),
            "last-word",
            "{ role = \"mayor\", of = \"city\" }",
        ),
        (route(&format!("grades = [\"4\"]\n{step}")), "wrong-kind", "\"4\""),
        (
            route(&format!("grades = [\"1\"]\n{step}")),
            "wrong-kind",
            "\"retirement\"",
        ),
        (route(&format!("{step}remind_days = 0\n")), "wrong-kind", "0"),
        (route(&format!("{step}escalate_days = 3\n")), "half-an-escalation", ""),
        (route("[[route.step]]\nany = []\n"), "no-posts", ""),
    ] {
        let found = problems(&text);
        assert_eq!(found[0].0, code, "{text}");
        assert!(place.is_empty() || found[0].1 == place, "{found:?}");
    }
}

#[test]
fn a_form_is_read_field_by_field() {
    let kinds = shipped();
    let field = |kind: &str, name: &str| kinds.get(kind).unwrap().field(name).unwrap().clone();
    assert_eq!(
        field("exception", "expires_on").read("R8.12.28"),
        Ok(Some(json!("2026-12-28")))
    );
    assert_eq!(field("privilege", "factors").read(" 2 "), Ok(Some(json!(2))));
    assert_eq!(field("publication", "reviewed").read("on"), Ok(Some(json!(true))));
    assert_eq!(field("exception", "duty").read("  "), Ok(None));
    for (kind, name, typed) in [
        ("exception", "expires_on", "いつか"),
        ("privilege", "factors", "-1"),
        ("retirement", "method", "burn"),
        ("role", "role", "mayor"),
        ("exception", "duty", "a\nb"),
    ] {
        assert!(field(kind, name).read(typed).is_err(), "{kind}.{name}");
    }
    assert!(field("exception", "duty").read(&"あ".repeat(201)).is_err());
}

#[test]
fn all_faults_are_told_at_once() {
    let kinds = shipped();
    let payload = json!({ "duty": "x", "reason": " ", "expires_on": "2028-01-01", "colour": "red" });
    let faults = kinds
        .get("exception")
        .unwrap()
        .faults(payload.as_object().unwrap(), date(2026, 4, 1));
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["colour", "reason", "measures", "expires_on"]);
    let over = json!({ "expires_on": "2026-04-01" });
    let faults = kinds
        .get("exception")
        .unwrap()
        .faults(over.as_object().unwrap(), date(2026, 4, 1));
    assert_eq!(faults.last().unwrap().message.en, "must lie after today");
}

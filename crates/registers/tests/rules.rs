//! What a document may not say, whatever the policy asks: slips that no duty should have to judge.

use register::Kind;
use serde_json::{Value, json};

fn kind(slug: &str) -> Option<Kind> {
    registers::all().into_iter().find(|kind| kind.slug == slug)
}

/// The fields at fault once the sample of a register says `value` in `field`.
fn faults(slug: &str, field: &str, value: Value) -> Vec<String> {
    let Some(kind) = kind(slug) else {
        return vec![format!("no register {slug}")];
    };
    let mut document = kind.sample.clone();
    if let Some(map) = document.as_object_mut() {
        map.insert(field.to_owned(), value);
    }
    let faults = kind.check(&document).into_iter();
    faults
        .map(|fault| {
            assert!(
                !fault.message.ja.is_ascii() && fault.message.en.is_ascii(),
                "{:?}",
                fault.message
            );
            fault.field.unwrap_or_default()
        })
        .collect()
}

#[test]
fn what_ends_cannot_end_before_it_began() {
    for (slug, field, begun) in [
        ("account", "disabled_on", "issued_on"),
        ("attestation", "expires_on", "attested_on"),
        ("cloud_service", "expires_on", "approved_on"),
        ("contract", "ends_on", "starts_on"),
        ("course", "ends_on", "held_on"),
        ("exception", "expires_on", "approved_on"),
        ("inspection_campaign", "ends_on", "starts_on"),
        ("permitted_path", "expires_on", "approved_on"),
        ("person", "left_on", "joined_on"),
        ("role_assignment", "ends_on", "appointed_on"),
        ("take_out", "returned_on", "taken_on"),
    ] {
        let same = kind(slug).unwrap().sample[begun].clone();
        assert_eq!(faults(slug, field, same), Vec::<String>::new(), "{slug}");
        assert_eq!(faults(slug, field, json!("1999-12-31")), [field], "{slug}");
    }
}

#[test]
fn a_number_stays_in_its_range() {
    for (slug, field, low, high) in [
        ("audit", "fiscal_year", 2000, 2100),
        ("risk", "impact", 1, 5),
        ("risk", "likelihood", 1, 5),
        ("segment", "vlan", 1, 4094),
        ("terminal", "factors", 0, 3),
    ] {
        assert_eq!(faults(slug, field, json!(low)), Vec::<String>::new(), "{slug}");
        assert_eq!(faults(slug, field, json!(high)), Vec::<String>::new(), "{slug}");
        assert_eq!(faults(slug, field, json!(low - 1)), [field]);
        assert_eq!(faults(slug, field, json!(high + 1)), [field]);
    }
}

#[test]
fn a_name_of_forty_kanji_fits_a_code_and_one_more_does_not() {
    assert_eq!(faults("terminal", "code", json!("台".repeat(40))), Vec::<String>::new());
    assert_eq!(faults("terminal", "code", json!("台".repeat(41))), ["code"]);
    assert_eq!(faults("terminal", "code", json!("")), ["code"]);
}

#[test]
fn mail_and_web_addresses_are_addresses() {
    assert_eq!(faults("person", "email", json!("hanako")), ["email"]);
    assert_eq!(faults("person", "email", Value::Null), Vec::<String>::new());
    assert_eq!(faults("sns_account", "url", json!("social.example")), ["url"]);
    assert_eq!(faults("sns_account", "policy_url", Value::Null), Vec::<String>::new());
}

#[test]
fn a_word_outside_the_choice_and_a_field_outside_the_register_are_refused() {
    assert_eq!(faults("terminal", "status", json!("borrowed")), ["status"]);
    assert_eq!(faults("terminal", "colour", json!("grey")), ["colour"]);
}

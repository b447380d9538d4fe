//! What follows an approval fits the registers, as their generated schemas describe them.

use std::path::Path;

use approval::kind::{Effect, Kind, Source};
use serde_json::Value;

use crate::town::kinds;

fn schema(register: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/schemas");
    let file = folder.join(format!("{register}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap()
}

/// Always gives a value, once a request is approved.
fn is_sure(source: &Source, kind: &Kind) -> bool {
    match source {
        Source::Field(name) => kind.field(name).is_some_and(|field| field.required),
        Source::Value(_) | Source::Request(_) => true,
    }
}

#[test]
fn every_field_that_an_effect_sets_is_a_field_of_the_register() {
    for kind in kinds().iter() {
        for effect in &kind.effects {
            let (Effect::Create { register, fields } | Effect::Update { register, fields, .. }) = effect else {
                continue;
            };
            let schema = schema(register);
            for (name, _) in fields {
                assert!(
                    schema["properties"].get(name).is_some(),
                    "{}: {register}.{name}",
                    kind.id
                );
            }
        }
    }
}

#[test]
fn a_new_entry_has_every_field_that_its_register_requires() {
    for kind in kinds().iter() {
        for effect in &kind.effects {
            let Effect::Create { register, fields } = effect else {
                continue;
            };
            for required in schema(register)["required"].as_array().unwrap() {
                let source = fields.iter().find(|(name, _)| required == name);
                let sure = source.is_some_and(|(_, source)| is_sure(source, kind));
                assert!(sure, "{}: {register}.{required}", kind.id);
            }
        }
    }
}

#[test]
fn every_reference_leads_to_a_register() {
    use approval::kind::FieldKind;
    for kind in kinds().iter() {
        for field in &kind.fields {
            if let FieldKind::Reference { register } = &field.kind
                && !register.starts_with("hall.")
            {
                schema(register);
            }
        }
    }
}

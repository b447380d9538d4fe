//! `openapi.json`: the API of a city that keeps the shipped registers, for programs that speak it and for reviewers of a change.

use register::Kind;

use crate::output::Files;

/// The one file.
#[must_use]
pub fn files(registers: &[Kind]) -> Files {
    let document = web::api::document(registers);
    Files::from([("openapi.json".to_owned(), format!("{document:#}\n").into_bytes())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_register_has_its_operations_and_every_reference_leads_somewhere() {
        let registers = registers::all();
        let files = files(&registers);
        let document: serde_json::Value = serde_json::from_slice(&files["openapi.json"]).unwrap();
        for kind in &registers {
            let path = format!("/registers/{}", kind.slug);
            assert!(document["paths"][&path]["get"].is_object(), "{path}");
        }
        let text = document.to_string();
        for named in text.split("\"$ref\":\"").skip(1) {
            let pointer = named.split('"').next().unwrap();
            let found = pointer.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
            assert!(found.is_some(), "{pointer}");
        }
    }
}

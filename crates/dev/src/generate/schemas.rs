//! `schemas/SLUG.json`: the JSON Schema of every register, for programs that write our files and for reviewers of a change.

use register::Kind;

use crate::output::Files;

/// One file a register.
#[must_use]
pub fn files(registers: &[Kind]) -> Files {
    let schema = |kind: &Kind| {
        (
            format!("schemas/{}.json", kind.slug),
            format!("{:#}\n", kind.schema).into_bytes(),
        )
    };
    registers.iter().map(schema).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_register_has_a_schema_that_names_its_key() {
        let registers = registers::all();
        let files = files(&registers);
        assert_eq!(files.len(), registers.len());
        for (path, bytes) in files {
            let schema: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert!(schema.pointer("/properties/code").is_some(), "{path}");
        }
    }
}

//! What an export says of itself.

/// In Japanese.
pub(super) const JA: &str = include_str!("readme.ja.md");

/// In English.
pub(super) const EN: &str = include_str!("readme.en.md");

/// The verifier over Go's `golang.org/x/mod/sumdb`: the very file that our tests run.
pub(super) const GO: &str = include_str!("../../tests/outsiders/verify.go");

/// The verifier over PyPI's `aics-tlog`.
pub(super) const PYTHON: &str = include_str!("../../tests/outsiders/verify.py");

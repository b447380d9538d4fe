//! sanmon
fn main() {}

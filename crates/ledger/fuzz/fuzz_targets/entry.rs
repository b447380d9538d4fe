//! Any bytes as a ledger entry, a bundle, a tile path, an edge: a fault, or what is written again to the byte.
#![no_main]

use ledger::entry::Entry;
use ledger::tile::{Resource, bundle};
use ledger::tree::Edge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_bytes().as_deref(), Ok(bytes));
    }
    if let Ok(entries) = bundle::entries(bytes).collect::<Result<Vec<_>, _>>() {
        let mut written = Vec::new();
        assert!(entries.into_iter().all(|entry| bundle::append(&mut written, entry)));
        assert_eq!(written, bytes);
    }
    if let Ok(edge) = Edge::from_bytes(bytes) {
        assert_eq!(edge.to_bytes(), bytes);
    }
    if let Ok(path) = str::from_utf8(bytes)
        && let Ok(resource) = path.parse::<Resource>()
    {
        assert_eq!(resource.to_string(), path);
    }
});

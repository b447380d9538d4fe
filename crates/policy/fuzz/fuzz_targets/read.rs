//! Any bytes under any name are read or refused, and what is read holds its promises.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["policy.txt", "policy.md", "policy.html", "policy.docx"] {
        if let Ok(source) = policy::text::read::read(name, bytes) {
            assert!(!source.text.trim().is_empty());
            let spans = source.diagnostics.iter().filter_map(|diagnostic| diagnostic.span);
            assert!(spans.into_iter().all(|span| span.of(&source.text).is_some()));
        }
    }
});

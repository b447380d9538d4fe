//! Any bytes as a configuration of every language: a device whose parts exist, and a redaction that is read as the same device.
//!
//! The first byte chooses the language; the rest is decoded as a file is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use separation::device::{Affects, Stage};
use separation::dialect::{DIALECTS, detect};
use separation::source::{Source, decode};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let dialect = DIALECTS[usize::from(*choice) % DIALECTS.len()];
    let text = decode(bytes);
    _ = detect(&text);
    let device = dialect.read(&[Source::new(&*text)]);
    for pipeline in &device.pipelines {
        assert_eq!(pipeline.stages.iter().filter(|stage| **stage == Stage::Route).count(), 1);
        for stage in &pipeline.stages {
            if let Stage::Filter(filter) = stage {
                assert!(device.chain(filter.chain).is_some());
            }
        }
    }
    for unread in &device.unread {
        match unread.affects {
            Affects::Chain(chain) => assert!(device.chain(chain).is_some()),
            Affects::Interface(id) => assert!(usize::from(id.0) < device.interfaces.len()),
            Affects::Everything | Affects::Translations | Affects::Routes => {}
        }
    }
    let redacted = dialect.redact(Source::new(&*text)).text;
    let again = dialect.read(&[Source::new(&*redacted)]);
    assert_eq!(device.pipelines.len(), again.pipelines.len());
});

//! Any bytes as a file of every format: what comes out is of the format that it says, and comes out of itself again.
//!
//! The first byte chooses the extension; the rest is the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sanitize::format::{FORMATS, Source, identify};
use sanitize::limits::Limits;
use sanitize::profile::Profile;
use sanitize::treat;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let extensions: Vec<_> = FORMATS.iter().flat_map(|format| format.extensions).collect();
    let name = format!("a.{}", extensions[usize::from(*choice) % extensions.len()]);
    let limits = Limits {
        decoded_bytes: 64 << 20,
        pixels: 4_000_000,
        ..Limits::default()
    };
    let profile = Profile {
        limits,
        ..Profile::default()
    };
    let Ok(rebuilt) = treat(&name, bytes, &profile, &[]).outcome else { return };
    let written = Source::new(&rebuilt.name, &rebuilt.bytes);
    assert_eq!(identify(&written).map(|format| format.id), Ok(rebuilt.format));
    assert!(treat(&rebuilt.name, &rebuilt.bytes, &profile, &[]).outcome.is_ok());
});

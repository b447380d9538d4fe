//! Rebuilds files a number of times, to be measured from outside:
//! `cargo build --release -p sanitize --example pictures && time target/release/examples/pictures 10 FILE…`

use std::error::Error;

use sanitize::profile::Profile;
use sanitize::treat;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let times: usize = arguments.next().ok_or("how many times?")?.parse()?;
    let profile = Profile::default();
    for name in arguments {
        let bytes = std::fs::read(&name)?;
        let mut written = Ok(0);
        for _ in 0..times {
            let outcome = treat(&name, &bytes, &profile, &[]).outcome;
            written = outcome.map(|rebuilt| rebuilt.bytes.len());
        }
        match written {
            Ok(length) => println!("{name}: {} bytes in, {length} bytes out", bytes.len()),
            Err(refusal) => println!("{name}: {}", refusal.words().en),
        }
    }
    Ok(())
}

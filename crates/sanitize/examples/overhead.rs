//! What a process of its own costs a file: `cargo build -p sanitize --features worker --examples`, then run this one with the
//! number of files. The worker gives back what it was given (`escapee.rs`), so that all that is measured is the way.
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use sanitize::limits::Limits;
use sanitize::profile::Profile;
use sanitize::worker::{Ceiling, Pool, Program};

fn main() {
    let files: usize = std::env::args()
        .nth(1)
        .and_then(|files| files.parse().ok())
        .unwrap_or(100);
    let path = std::env::current_exe().unwrap_or_default().with_file_name("escapee");
    let program = Program {
        path,
        arguments: vec!["behaves".into()],
        ceiling: Ceiling::of(&Limits::default()),
    };
    let profile = Profile::default();
    let pool = Pool::new(program, 4);
    for length in [1 << 10, 100 << 10, 1 << 20, 10 << 20] {
        let mut file = b"Rar!\x1A\x07".to_vec();
        file.resize(length, 0);
        let once = |pause: Duration| {
            std::thread::sleep(pause);
            let began = Instant::now();
            let done = pool.treat("echoes.rar", &file, &profile, &[]);
            assert!(done.rebuilt.is_some(), "{}", done.diagnostics);
            (began.elapsed(), done.receipt.isolation)
        };
        let (_, walls) = once(Duration::from_millis(200));
        if length == 1 << 10 {
            println!("{walls:?}");
        }
        let mut warm: Vec<Duration> = (0..files).map(|_| once(Duration::from_millis(20)).0).collect();
        warm.sort();
        let (began, processor) = (Instant::now(), clock_gettime(ClockId::ThreadCPUTime));
        for _ in 0..files {
            once(Duration::ZERO);
        }
        let count = u32::try_from(files).unwrap_or(1);
        let each = began.elapsed() / count;
        let processor = clock_gettime(ClockId::ThreadCPUTime) - processor;
        let processor = Duration::try_from(processor).unwrap_or_default() / count;
        let at = |percent: usize| warm.get(warm.len() * percent / 100).copied().unwrap_or_default();
        println!(
            "{length:>9} bytes: a worker waits: median {:?}, 95 % {:?}; one after another: {each:?} a file, {processor:?} of it the caller's own",
            at(50),
            at(95)
        );
    }
}

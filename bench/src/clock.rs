//! Time and memory of this process.

use std::hint::black_box;
use std::time::Instant;

/// Seconds of the fastest of `runs`; making the input is not counted.
#[expect(clippy::disallowed_methods, reason = "a measurement needs a stopwatch")]
pub(crate) fn fastest<I, O>(runs: usize, mut input: impl FnMut() -> I, mut work: impl FnMut(I) -> O) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let input = black_box(input());
        let start = Instant::now();
        let output = black_box(work(input));
        best = best.min(start.elapsed().as_secs_f64());
        drop(output);
    }
    best
}

/// Megabytes of the largest resident set so far; `?` where the system does not tell.
pub(crate) fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or_else(|| "?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}

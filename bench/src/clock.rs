//! Time and memory, of this process and of others.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Begins now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a measurement needs a stopwatch")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since.
    pub(crate) fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }

    /// Milliseconds since.
    pub(crate) fn milliseconds(self) -> f64 {
        self.seconds() * 1e3
    }
}

/// Seconds of the fastest of `runs`; making the input is not counted.
pub(crate) fn fastest<I, O>(runs: usize, mut input: impl FnMut() -> I, mut work: impl FnMut(I) -> O) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let input = black_box(input());
        let start = Stopwatch::start();
        let output = black_box(work(input));
        best = best.min(start.seconds());
        drop(output);
    }
    best
}

/// How long many calls took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// Milliseconds of the call in the middle.
    pub(crate) median: f64,
    /// Milliseconds that 99 of 100 calls stay below.
    pub(crate) p99: f64,
}

impl Times {
    /// Of milliseconds in any order.
    pub(crate) fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let position = (times.len() as f64 * part) as usize;
            times.get(position).or(times.last()).copied().unwrap_or(f64::NAN)
        };
        Self {
            median: at(0.5),
            p99: at(0.99),
        }
    }

    /// Of `count` calls, which are given their number; ten more come before and are not counted.
    pub(crate) fn calling(count: usize, mut call: impl FnMut(usize)) -> Self {
        for number in 0..10 {
            call(number);
        }
        let times = (0..count).map(|number| {
            let start = Stopwatch::start();
            call(number);
            start.milliseconds()
        });
        Self::of(times.collect())
    }
}

/// Lets the time pass in which another program comes to rest.
#[expect(clippy::disallowed_methods, reason = "rest is what is waited for")]
pub(crate) fn rest(time: Duration) {
    std::thread::sleep(time);
}

/// Megabytes of the largest resident set of this process so far; not a number where the system does not tell.
pub(crate) fn peak_memory() -> f64 {
    resident("self", "VmHWM:")
}

/// Megabytes of the resident set of a process now.
pub(crate) fn memory_of(process: u32) -> f64 {
    resident(&process.to_string(), "VmRSS:")
}

fn resident(process: &str, line: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let value = status.lines().find_map(|known| known.strip_prefix(line));
    let kilobytes = value.and_then(|value| value.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}

/// Seconds of processor time that a process has used (`utime` and `stime` of proc(5), in hundredths).
pub(crate) fn processor_of(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<f64> = after_name
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(f64::NAN))
        .collect();
    match fields.as_slice() {
        [_, _, _, _, _, _, _, _, _, _, _, user, system, ..] => (user + system) / 100.0,
        _ => f64::NAN,
    }
}

/// Seconds of processor time that this thread has used, to the nanosecond (`schedstat` of proc(5)).
pub(crate) fn processor_of_thread() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split_whitespace().next().and_then(|used| used.parse::<f64>().ok());
    nanoseconds.map_or(f64::NAN, |used| used / 1e9)
}

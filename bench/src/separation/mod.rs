//! `bench separation`: is every separation kept, of made-up rules between eight zones, beside two libraries of binary decision diagrams.
//!
//! Ours is the whole question, as `sanmon separation check` asks it: all 56 ordered pairs, and from each zone every source that it could
//! borrow from another, with the rule, the count and a packet of every finding, less the permitted paths. The libraries only build the
//! one set of packets that the rules permit, the better of two orders of bits.
//!
//! Every figure is of a process of its own, and in seconds of processor time.

mod baseline;
mod bits;
mod ours;
mod picture;

use std::path::PathBuf;

use separation::diagram::generate::Shape;
use serde::{Deserialize, Serialize};

use crate::report::{Goal, Report, Row};
use crate::stop::OrStop;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    /// Draws the curve of growth into this file.
    #[arg(long, value_name = "FILE.svg")]
    picture: Option<PathBuf>,
    /// Processor seconds after which a library is given up.
    #[arg(long, default_value_t = 60.0)]
    limit: f64,
    /// Rules of the largest sets.
    #[arg(long, default_value_t = 100_000)]
    most: usize,
    /// Only this engine, shape and size: what the measurement starts itself with.
    #[arg(long, num_args = 3, hide = true, value_names = ["ENGINE", "SHAPE", "SIZE"])]
    one: Option<Vec<String>>,
}

pub(crate) const ZONES: u64 = 8;
pub(crate) const SEED: u64 = 1;
const SHAPES: [(&str, Shape); 3] = [
    ("acl", Shape::Acl),
    ("firewall", Shape::Firewall),
    ("chain", Shape::Chain),
];
const SIZES: [usize; 7] = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
/// Sizes that the libraries build too.
const BESIDE: [usize; 3] = [1_000, 10_000, 100_000];
const LIBRARIES: [&str; 2] = ["biodivine", "oxidd"];

/// What one process measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// Processor seconds; `None` where it did not end within its limit, or within its table.
    pub(crate) seconds: Option<f64>,
    /// Processor seconds of asking what a change of one line does.
    pub(crate) change: Option<f64>,
    /// Megabytes of the largest resident set.
    pub(crate) memory: f64,
    /// How many findings, or nodes.
    pub(crate) parts: usize,
}

impl Asked {
    /// Whether it is a process that the measurement started.
    pub(crate) const fn is_one(&self) -> bool {
        self.one.is_some()
    }
}

/// Measures one engine and prints what it took.
pub(crate) fn one(asked: &Asked) {
    let Some([engine, shape, size]) = asked.one.as_deref() else {
        return;
    };
    let known = SHAPES.iter().find(|(name, _)| name == shape).map(|(_, shape)| *shape);
    let (shape, size) = (known.or_stop("a shape"), size.parse().or_stop("a size"));
    let measured = match engine.as_str() {
        "ours" => ours::measure(shape, size),
        library => baseline::measure(library, shape, size, asked.limit),
    };
    println!("{}", serde_json::to_string(&measured).unwrap_or_default());
}

/// Measures all shapes and sizes.
pub(crate) fn run(asked: &Asked, report: &mut Report) {
    report.heading("processor seconds of made-up rules between 8 zones");
    let mut curves = Vec::new();
    for (name, _) in SHAPES {
        let mut points = Vec::new();
        for size in SIZES.into_iter().filter(|size| *size <= asked.most) {
            let ours = started("ours", name, size, asked.limit);
            points.push((size, ours.seconds));
            if BESIDE.contains(&size) {
                let others = LIBRARIES.map(|library| (library, started(library, name, size, asked.limit)));
                rows(name, size, &ours, &others, report);
                for (library, other) in others {
                    curves.push(picture::Curve::point(library, name, size, other.seconds));
                }
            }
        }
        curves.push(picture::Curve::ours(name, points));
    }
    if let Some(file) = &asked.picture {
        write(file, &picture::drawn(&curves));
    }
}

fn rows(shape: &str, size: usize, ours: &Measured, others: &[(&str, Measured); 2], report: &mut Report) {
    let of = format!("{shape}-like, {size} rules");
    let seconds = ours.seconds.unwrap_or(f64::NAN);
    for (library, other) in others {
        let mut row = Row::new(format!("{of}: 56 pairs, findings"), seconds, "CPU-s");
        row = match other.seconds {
            Some(built) => row.beside(format!("CPU-s, {library} building only, {} nodes", other.parts), built),
            None => row.beside(format!("{library} did not end"), f64::NAN),
        };
        report.add(match size {
            10_000 => row.goal(Goal::AtMost(0.2)),
            100_000 => row.goal(Goal::AtMost(5.0)),
            _ => row,
        });
        report.add(
            Row::new(format!("{of}: memory, {} findings", ours.parts), ours.memory, "MB")
                .beside(format!("MB, {library}"), other.memory),
        );
    }
    let change = Row::new(
        format!("{of}: a change of one line"),
        ours.change.unwrap_or(f64::NAN) * 1e3,
        "CPU-ms",
    );
    report.add(if size == 10_000 {
        change.goal(Goal::AtMost(50.0))
    } else {
        change
    });
}

/// Measures in a process of its own.
#[expect(clippy::disallowed_methods, reason = "peak memory is that of a process")]
fn started(engine: &str, shape: &str, size: usize, limit: f64) -> Measured {
    let program = std::env::current_exe().or_stop("the path of this program");
    let output = std::process::Command::new(program)
        .args([
            "separation",
            "--limit",
            &limit.to_string(),
            "--one",
            engine,
            shape,
            &size.to_string(),
        ])
        .output()
        .or_stop("a process of its own");
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a picture for the readers of the measurements")]
fn write(file: &std::path::Path, text: &str) {
    std::fs::write(file, text).or_stop("a place for the picture");
}

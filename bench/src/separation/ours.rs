//! The whole question, asked of one set of rules.

use std::hint::black_box;

use jiff::civil::date;
use separation::device::Action;
use separation::diagram::generate::Shape;
use separation::fabric::generate::{city, demands};
use separation::question::{Options, check, diff};

use super::{Measured, SEED, ZONES};
use crate::clock::{peak_memory, processor_of_thread};
use crate::stop::OrStop;

pub(super) fn measure(shape: Shape, size: usize) -> Measured {
    let fabric = city(shape, size, ZONES, SEED).ok().or_stop("a network");
    let demands = demands(&fabric);
    // One thread: what it costs, not how soon it is done.
    let options = Options {
        threads: 1,
        ..Options::on(date(2026, 11, 25))
    };
    let start = processor_of_thread();
    let checked = check(&fabric, &demands, options);
    let seconds = processor_of_thread() - start;
    let memory = peak_memory();
    Measured {
        seconds: checked.unproven.is_empty().then_some(seconds),
        change: Some(change(&fabric, shape, size, options)),
        memory,
        parts: checked.findings.len(),
    }
}

/// The dearest of changes to lines in ten places.
fn change(fabric: &separation::fabric::Fabric, shape: Shape, size: usize, options: Options) -> f64 {
    let mut dearest: f64 = 0.0;
    for tenth in 0..10 {
        let mut new = city(shape, size, ZONES, SEED).ok().or_stop("a network");
        let rules = new.nodes.iter_mut().flat_map(|node| &mut node.device.chains);
        if let Some(rule) = rules.flat_map(|chain| &mut chain.rules).nth(size * tenth / 10) {
            rule.action = match rule.action {
                Action::Permit => Action::Deny,
                _ => Action::Permit,
            };
        }
        let start = processor_of_thread();
        black_box(diff(fabric, &new, options));
        dearest = dearest.max(processor_of_thread() - start);
    }
    dearest
}

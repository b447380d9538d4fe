//! Rules that are told to decide nothing, or nothing that others would not: without them everything is as it was.

use jiff::civil::date;
use separation::device::Device;
use separation::diagram::generate::Stream;
use separation::packet::Family;
use separation::question::{Options, RuleAt, diff, redundant, unreachable};

use super::write::WRITERS;
use super::{alone, device, placed, rule_sets};

#[test]
fn nothing_changes_without_a_rule_that_is_told_to_be_needless() {
    let options = Options {
        threads: 1,
        ..Options::on(date(2026, 11, 25))
    };
    let mut told = [0, 0];
    for seed in 0..rule_sets() {
        let stream = &mut Stream::new(seed ^ 0x7e57);
        let writer = WRITERS[usize::try_from(seed).unwrap() % WRITERS.len()];
        let mut sheet = alone(Family::V4);
        writer.shapes(Family::V4).fill(stream, &mut sheet);
        // More of the same, so that rules lie upon each other.
        for list in &mut sheet.lists {
            let again: Vec<_> = list.entries.iter().take(2).cloned().collect();
            list.entries.extend(again);
        }
        sheet.open();
        let (device, text) = device(writer, &sheet, stream);
        let as_it_is = placed(writer, device.clone());
        let shadowed = unreachable(&as_it_is, options)
            .0
            .into_iter()
            .map(|found| (0, found.rule));
        let covered = redundant(&as_it_is, options).0.into_iter().map(|found| (1, found.rule));
        for (kind, rule) in shadowed.chain(covered).take(4) {
            let without = placed(writer, without(&device, rule));
            let changes = diff(&as_it_is, &without, options);
            assert_eq!(
                changes,
                separation::question::Diff::default(),
                "{seed}: {rule:?}\n{text}"
            );
            told[kind] += 1;
        }
    }
    assert!(told.iter().all(|count| *count > 3), "{told:?}");
    println!("{} unreachable and {} redundant rules taken away", told[0], told[1]);
}

fn without(device: &Device, rule: RuleAt) -> Device {
    let mut device = device.clone();
    let chain = &mut device.chains[rule.chain.0 as usize];
    chain.rules.remove(rule.rule.expect("a rule") as usize);
    device
}

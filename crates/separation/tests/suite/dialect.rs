//! What a dialect promises of its own sample.

use separation::device::{Action, Affects, Device, Stage, describe};
use separation::dialect::{DIALECTS, Dialect, detect, named};
use separation::source::Source;

pub(crate) fn read(dialect: &dyn Dialect, text: &str) -> Device {
    dialect.read(&[Source::new(text)])
}

#[test]
fn every_sample_is_read_whole_and_found_by_its_looks() {
    for dialect in DIALECTS {
        let (name, sample) = (dialect.name(), dialect.sample());
        let device = read(*dialect, sample);
        assert!(device.unread.is_empty(), "{name}: {:#?}", device.unread);
        assert!(!device.pipelines.is_empty(), "{name}");
        assert_eq!(detect(sample).map(Dialect::name), Some(name));
        assert_eq!(named(name).map(Dialect::name), Some(name));
        assert!(sample.lines().count() >= 40, "the sample of {name} shows little");
    }
}

#[test]
fn no_dialect_takes_the_sample_of_another_for_its_own() {
    for sample in DIALECTS {
        for other in DIALECTS.iter().filter(|other| other.name() != sample.name()) {
            let likeness = other.likeness(sample.sample());
            assert!(
                likeness < 50,
                "{} takes {} for its own: {likeness}",
                other.name(),
                sample.name()
            );
        }
    }
    assert!(detect("").is_none());
    assert!(detect("住民基本台帳の写し\n\nhello, world\n").is_none());
}

#[test]
fn what_was_redacted_is_read_as_the_same_device() {
    for dialect in DIALECTS {
        let sample = dialect.sample();
        let redacted = dialect.redact(Source::new(sample));
        let (name, again) = (dialect.name(), read(*dialect, &redacted.text));
        similar(name, &again, &read(*dialect, sample));
        assert_eq!(
            redacted.text,
            dialect.redact(Source::new(&*redacted.text)).text,
            "{name}"
        );
        assert_eq!(sample.lines().count(), redacted.text.lines().count(), "{name}");
    }
}

/// Panics with the first difference in words.
pub(crate) fn similar(name: &str, one: &Device, other: &Device) {
    let (words, other_words) = (describe(one), describe(other));
    for (ours, theirs) in words.lines().zip(other_words.lines()) {
        assert_eq!(ours, theirs, "{name}");
    }
    assert_eq!(one, other, "{name}");
}

#[test]
fn the_ends_of_lines_do_not_matter() {
    for dialect in DIALECTS {
        let sample = dialect.sample();
        let device = read(*dialect, sample);
        similar(dialect.name(), &read(*dialect, &sample.replace('\n', "\r\n")), &device);
        similar(dialect.name(), &read(*dialect, &sample.replace('\n', "\r")), &device);
    }
}

#[test]
fn every_line_that_a_device_names_is_in_the_file_and_says_something() {
    for dialect in DIALECTS {
        sound(dialect.name(), dialect.sample(), &read(*dialect, dialect.sample()));
    }
}

/// What holds of every device that is read from `text`, whatever the text.
pub(crate) fn sound(name: &str, text: &str, device: &Device) {
    // As `Source` counts them: a lone CR ends a line too.
    let count = Source::new(text).lines().count().max(1);
    let line = |line: separation::device::Line| {
        let number = usize::try_from(line.number).unwrap();
        assert!((1..=count).contains(&number), "{name}: line {number} of {count}");
    };
    let chain = |id| assert!(device.chain(id).is_some(), "{name}");
    let interface =
        |id: separation::device::InterfaceId| assert!(usize::from(id.0) < device.interfaces.len(), "{name}");
    for one in &device.interfaces {
        line(one.line);
        assert!(!one.name.is_empty(), "{name}");
    }
    for rule in device.chains.iter().flat_map(|chain| &chain.rules) {
        line(rule.line);
        assert!(rule.line.number <= rule.last_line, "{name}: {}", rule.name);
        if let Action::Jump(id) | Action::Goto(id) = rule.action {
            chain(id);
        }
    }
    for one in &device.chains {
        line(one.line);
        assert!(!matches!(one.otherwise, Action::Jump(_) | Action::Goto(_)), "{name}");
    }
    device.routes.iter().for_each(|route| line(route.line));
    device.policy_routes.iter().for_each(|route| line(route.line));
    device.remarks.iter().for_each(|remark| line(remark.line));
    for unread in &device.unread {
        line(unread.line);
        match unread.affects {
            Affects::Chain(id) => chain(id),
            Affects::Interface(id) => interface(id),
            Affects::Everything | Affects::Translations | Affects::Routes => {}
        }
    }
    for pipeline in &device.pipelines {
        let routes = pipeline.stages.iter().filter(|stage| **stage == Stage::Route).count();
        assert_eq!(routes, 1, "{name}");
        for stage in &pipeline.stages {
            if let Stage::Filter(filter) = stage {
                chain(filter.chain);
                line(filter.line);
            }
        }
    }
}

#[test]
fn the_samples_are_understood_so() {
    for dialect in DIALECTS {
        let device = read(*dialect, dialect.sample());
        insta::assert_snapshot!(dialect.name(), describe(&device));
    }
}

//! Every fault of the configurations is found, and goes when it is taken away, and nothing else with it.

use std::collections::{BTreeMap, BTreeSet};

use separation::question::{Options, Weakness, unreachable};
use service::folder::Folder;
use service::network::{Checked, CityNetwork};

use super::*;
use crate::sample::generate;

/// What is found in a city, in words: kinds, zones, permitted paths and lines.
type Found = BTreeSet<String>;

fn cured(faults: &[&Fault]) -> BTreeMap<String, Vec<u8>> {
    let mut files = generate();
    for fault in faults {
        for (file, text, by) in fault.cure {
            let bytes = files.get_mut(*file).unwrap();
            let whole = String::from_utf8(bytes.clone()).unwrap();
            assert_eq!(whole.matches(text).count(), 1, "{}: {text:?} in {file}", fault.id);
            *bytes = whole.replace(text, by).into_bytes();
        }
    }
    files
}

struct City {
    network: CityNetwork,
    checked: Checked,
}

impl City {
    #[expect(clippy::disallowed_methods, reason = "a test writes the city that it looks at")]
    fn of(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let mut read =
            Folder::read(folder.path(), None, &mut |_| {}).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let network = read.network.take().unwrap();
        let settings = &read.city.settings;
        let checked = network.check(&settings.city.model, settings.as_of.unwrap());
        Self { network, checked }
    }

    /// Findings and weaknesses, as `sanmon separation check` tells them.
    fn found(&self) -> Found {
        let findings = self.checked.findings.iter().map(|finding| {
            let rule = finding.rule.and_then(|rule| self.network.line(rule.node, rule.line));
            let pair = self.network.pair((finding.from, finding.to));
            let (kind, path) = (finding.kind.word(), finding.path.as_deref().unwrap_or("-"));
            format!("{kind} {pair} {path} {}", rule.map_or(String::new(), |rule| rule.text))
        });
        findings
            .chain(self.checked.weaknesses.iter().map(|weak| self.weakness(weak)))
            .collect()
    }

    fn weakness(&self, weak: &Weakness) -> String {
        let line = self.network.line(weak.node, weak.line);
        format!("{} {}", weak.kind.word(), line.map_or(String::new(), |line| line.text))
    }

    /// Whether the rule at a text decides nothing, as `sanmon separation unreachable` tells it.
    fn never_comes_to(&self, text: &str) -> bool {
        let rules = unreachable(&self.network.fabric, Options::on("2026-11-23".parse().unwrap())).0;
        let mut lines = rules
            .iter()
            .filter_map(|found| self.network.line(found.rule.node, found.rule.line));
        lines.any(|line| line.text.contains(text))
    }
}

#[test]
fn every_fault_is_found_and_goes_with_its_cure_alone() {
    let all = City::of(&generate());
    let found = all.found();
    let mut gone_with = BTreeMap::new();
    for fault in FAULTS {
        let left = City::of(&cured(&[fault]));
        let new: Found = left.found().difference(&found).cloned().collect();
        assert!(new.is_empty(), "the cure of {} brings {new:#?}", fault.id);
        let gone: Found = found.difference(&left.found()).cloned().collect();
        let is_idle = all.never_comes_to(fault.at) && !left.never_comes_to(fault.at);
        assert_eq!(gone.len() + usize::from(is_idle), 1, "{}: {gone:#?}", fault.id);
        gone_with.insert(fault.id, gone);
    }
    let of_some: Found = gone_with.into_values().flatten().collect();
    assert_eq!(of_some, found, "what is found is what was planted");
}

#[test]
fn the_city_without_its_faults_is_proved_to_keep_its_zones_apart() {
    let faults: Vec<&Fault> = FAULTS.iter().collect();
    let city = City::of(&cured(&faults));
    assert_eq!(city.found(), Found::new());
    assert_eq!((&city.network.gaps, &city.checked.open), (&Vec::new(), &Vec::new()));
    assert!(city.checked.is_kept());
}

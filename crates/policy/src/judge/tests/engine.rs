//! What engines report.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;
use model::lang::Text;

use super::{judge_at, verdict};
use crate::criterion::City;
use crate::judge::{EngineFact, Evidence, FileLine, Judge, Observed, Place, Standing};

const PEOPLE: [&str; 2] = ["person P1", "person P2"];

fn asked(exceptions: &[&str]) -> Judge {
    let city = City {
        model: "beta".to_owned(),
        ..City::default()
    };
    let lines: Vec<&str> = PEOPLE.iter().chain(exceptions).copied().collect();
    judge_at(&lines, date(2026, 11, 23), city)
}

fn evidence() -> Arc<Evidence> {
    Arc::new(Evidence {
        engine: "watch",
        version: "1",
        at: date(2026, 11, 23),
        inputs: Vec::new(),
    })
}

fn report(is_proved: bool, observed: Vec<Observed>) -> BTreeMap<String, EngineFact> {
    let fact = EngineFact {
        is_proved,
        observed,
        evidence: evidence(),
    };
    BTreeMap::from([("watch.edr".to_owned(), fact)])
}

fn broken(key: &str) -> Observed {
    Observed {
        subject: Text::same(key),
        is_broken: true,
        reason: Text::same("it passes"),
        fix: Some(Text::same("close it")),
        row: Some(Place {
            register: "terminal".to_owned(),
            key: Some(key.to_owned()),
            row: 0,
            field: None,
        }),
        line: Some(FileLine {
            file: "network/a".to_owned(),
            line: 3,
            column: 1,
            text: "pass".to_owned(),
        }),
    }
}

#[test]
fn a_fact_is_kept_only_if_its_engine_proved_it() {
    let mut judge = asked(&[]);
    assert_eq!(verdict(&judge, "a.beta").standing, Standing::Unproven);
    judge.report(report(false, Vec::new()));
    assert_eq!(verdict(&judge, "a.beta").standing, Standing::Unproven);
    judge.report(report(true, Vec::new()));
    let kept = verdict(&judge, "a.beta");
    assert_eq!((kept.standing, kept.evidence), (Standing::Kept, Some(evidence())));
}

#[test]
fn what_an_engine_found_is_a_finding_with_its_line_and_its_fix() {
    let mut judge = asked(&[]);
    let undecided = Observed {
        is_broken: false,
        ..broken("T2")
    };
    judge.report(report(true, vec![undecided.clone()]));
    assert_eq!(verdict(&judge, "a.beta").standing, Standing::Unproven);
    judge.report(report(true, vec![undecided, broken("T1")]));
    let found = verdict(&judge, "a.beta");
    assert_eq!((found.standing, found.findings.len()), (Standing::Broken, 2));
    let finding = &found.findings[1];
    assert_eq!(finding.line.as_ref().unwrap().line, 3);
    assert_eq!(finding.fix.as_ref().unwrap().en, "close it");
}

#[test]
fn an_exception_covers_the_row_that_an_engines_finding_is_about_and_no_other() {
    let excepted = "exception EX1 duty=a.beta register=terminal subject=T1 applied_by=P1 approved_by=P2 \
                    approved_on=2026-04-01 expires_on=2027-03-31 status=approved";
    let mut judge = asked(&[excepted]);
    judge.report(report(false, vec![broken("T1")]));
    assert_eq!(verdict(&judge, "a.beta").standing, Standing::Excepted);
    judge.report(report(false, vec![broken("T1"), broken("T2")]));
    assert_eq!(verdict(&judge, "a.beta").standing, Standing::Broken);
}

#[test]
fn only_duties_whose_fact_changed_are_judged_again() {
    let mut judge = asked(&[]);
    assert_eq!(judge.report(report(true, Vec::new())).len(), 1);
    assert_eq!(judge.report(report(true, Vec::new())), [] as [usize; 0]);
    assert_eq!(judge.report(report(true, vec![broken("T1")])).len(), 1);
}

//! Judging again only what a change can touch gives what judging everything gives.

use jiff::civil::date;
use proptest::prelude::*;

use super::{City, Judge, judge_at, record};

/// One edit of the small city, as a row in words or a row taken away.
fn edit() -> impl Strategy<Value = (bool, String)> {
    let day = prop_oneof![
        Just("2024-05-01"),
        Just("2026-01-10"),
        Just("2026-11-01"),
        Just("2027-06-30")
    ];
    let person = 1..4_u8;
    let row = prop_oneof![
        (1..4_u8, any::<bool>(), 0..4_u8, day.clone(), day.clone()).prop_map(|(key, used, factors, until, seen)| {
            let used = if used { "yes" } else { "no" };
            format!("terminal T{key} in_use={used} factors={factors} supported_until={until} confirmed_on={seen}")
        }),
        (person.clone(), day.clone()).prop_map(|(key, day)| format!("person P{key} joined_on={day}")),
        (person.clone(), day.clone()).prop_map(|(key, day)| format!("person P{key} left_on={day}")),
        (1..5_u8, person.clone(), day.clone())
            .prop_map(|(key, person, day)| { format!("attendance A{key} person=P{person} done_on={day}") }),
        (1..3_u8, 1..4_u8, person.clone(), day).prop_map(|(key, terminal, person, day)| {
            format!(
                "exception E{key} duty=t.factors register=terminal subject=T{terminal} applied_by=P{person} \
                 approved_by=P1 approved_on=2024-01-01 expires_on={day} status=approved"
            )
        }),
    ];
    (proptest::bool::weighted(0.2), row)
}

/// What the judge says of every duty, without the order in which rows were put.
fn said(judge: &Judge) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for verdict in judge.verdicts() {
        let mut findings: Vec<String> = verdict.findings.iter().map(|f| format!("{f:?}")).collect();
        findings.sort();
        said.push(format!(
            "{} {:?} {} {findings:?}",
            verdict.duty.id, verdict.standing, verdict.kept
        ));
    }
    said
}

proptest! {
    #[test]
    fn a_change_judged_alone_gives_what_judging_everything_gives(edits in proptest::collection::vec(edit(), 1..25)) {
        let today = date(2026, 11, 23);
        let people = ["person P1", "person P2", "person P3", "attendance A0", "terminal T0", "exception E0"];
        let mut judge = judge_at(&people, today, City::default());
        let mut rows: Vec<String> = people.iter().map(|line| (*line).to_owned()).collect();
        for (retire, line) in edits {
            let (register, record) = record(&line);
            let name = line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
            let is_this = |row: &String| row.split_whitespace().take(2).collect::<Vec<_>>().join(" ") == name;
            // People stay: a row that refers to one who is gone would dangle in the city judged afresh.
            let before = said(&judge);
            let again = if retire && !name.starts_with("person") {
                rows.retain(|row| !is_this(row));
                judge.retire(register, &record.key)
            } else {
                let again = judge.change(register, record);
                match rows.iter().position(is_this) {
                    Some(place) => rows[place] = line,
                    None => rows.push(line),
                }
                again
            };
            for (duty, (before, after)) in before.iter().zip(said(&judge)).enumerate() {
                prop_assert!(*before == after || again.contains(&duty), "{before} became {after} and is not told");
            }
            let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
            prop_assert_eq!(said(&judge), said(&judge_at(&lines, today, City::default())));
        }
    }
}

#[test]
fn several_threads_say_what_one_says() {
    let rows: Vec<String> = (0..40)
        .flat_map(|key| {
            let factors = key % 4;
            let terminal = format!("terminal T{key} in_use=yes factors={factors} supported_until=2026-12-01");
            [format!("person P{key} joined_on=2024-05-01"), terminal]
        })
        .collect();
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let mut judge = judge_at(&lines, date(2026, 11, 23), City::default());
    let one = said(&judge);
    for threads in [2, 8, 100] {
        judge.mark_with(threads);
        assert_eq!(said(&judge), one, "{threads} threads");
    }
}

#[test]
fn moving_to_another_day_gives_what_judging_on_that_day_gives() {
    let rows = [
        "person P1 joined_on=2024-05-01",
        "attendance A1 person=P1 done_on=2026-01-10",
        "terminal T1 in_use=yes factors=1 supported_until=2026-12-01 confirmed_on=2026-01-10",
        "exception E1 duty=t.factors register=terminal subject=T1 applied_by=P1 approved_by=P1 approved_on=2024-01-01 \
         expires_on=2026-12-31 status=approved",
    ];
    let mut judge = judge_at(&rows, date(2026, 11, 23), City::default());
    for day in [date(2027, 1, 1), date(2028, 4, 1), date(2026, 11, 23)] {
        judge.move_to(day);
        assert_eq!(said(&judge), said(&judge_at(&rows, day, City::default())));
    }
}

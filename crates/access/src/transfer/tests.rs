use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2027, 3, 20);
const DAY: Date = date(2027, 4, 1);
const EVE: Date = date(2027, 3, 31);

/// What the registers hold; a plan can be applied to it.
#[derive(Debug, Clone, PartialEq)]
struct City {
    people: Vec<Person>,
    assignments: Vec<Assignment>,
    sections: BTreeMap<String, String>,
    waiting: BTreeSet<String>,
}

impl City {
    fn small() -> Self {
        let person = |code: &str, name: &str, section: &str| Person {
            code: code.into(),
            name: name.into(),
            section: section.into(),
            position: Some("主査".into()),
            left_on: None,
        };
        let assignment =
            |code: &str, role: &str, person: &str, section: Option<&str>, deputy: Option<&str>| Assignment {
                code: code.into(),
                role: role.into(),
                person: person.into(),
                section: section.map(str::to_owned),
                deputy: deputy.map(str::to_owned),
                ends_on: None,
            };
        Self {
            people: vec![
                person("P1", "見本 花子", "S1"),
                person("P2", "見本 太郎", "S2"),
                person("P3", "見本 次郎", "S1"),
            ],
            assignments: vec![
                assignment("R1", "情報セキュリティ管理者", "P1", Some("S1"), Some("P3")),
                assignment("R2", "情報システム管理者", "P1", None, None),
            ],
            sections: ["S1", "S2", "S3"].map(|code| (code.to_owned(), code.to_owned())).into(),
            waiting: BTreeSet::new(),
        }
    }

    fn current(&self) -> Current<'_> {
        Current {
            people: &self.people,
            assignments: &self.assignments,
            sections: &self.sections,
            waiting: &self.waiting,
            today: TODAY,
        }
    }

    fn plan(&self, rows: &[Row]) -> Result<Plan, Vec<Conflict>> {
        plan(self.current(), rows, DAY)
    }

    fn apply(&mut self, plan: &Plan) {
        for planned in plan.now.iter().chain(&plan.later) {
            match planned.change.clone() {
                Change::AddPerson {
                    person,
                    name,
                    section,
                    position,
                    ..
                } => self.people.push(Person {
                    code: person,
                    name,
                    section,
                    position,
                    left_on: None,
                }),
                Change::MovePerson {
                    person,
                    section,
                    position,
                } => {
                    let person = self.person(&person);
                    (person.section, person.position) = (section, position);
                }
                Change::EndPerson { person, left_on } => self.person(&person).left_on = Some(left_on),
                Change::EndAssignment { assignment, ends_on } => {
                    let mut assignments = self.assignments.iter_mut();
                    assignments.find(|known| known.code == assignment).unwrap().ends_on = Some(ends_on);
                }
                Change::Invite { .. } | Change::Suspend { .. } => {}
            }
        }
    }

    fn person(&mut self, code: &str) -> &mut Person {
        self.people.iter_mut().find(|person| person.code == code).unwrap()
    }
}

fn row(row: u32, person: &str, section: Option<&str>) -> Row {
    Row {
        row,
        person: person.into(),
        section: section.map(str::to_owned),
        ..Row::default()
    }
}

fn leaving(number: u32, person: &str) -> Row {
    Row {
        kind: Some(Kind::Leaving),
        ..row(number, person, None)
    }
}

#[test]
fn a_move_waits_for_its_day_and_ends_the_roles_of_the_old_section_before() {
    let plan = City::small().plan(&[row(2, "P1", Some("S2"))]).unwrap();
    let ends = Change::EndAssignment {
        assignment: "R1".into(),
        ends_on: EVE,
    };
    let moves = Change::MovePerson {
        person: "P1".into(),
        section: "S2".into(),
        position: Some("主査".into()),
    };
    assert_eq!(
        plan.now,
        [Planned {
            on: TODAY,
            row: 2,
            change: ends
        }]
    );
    assert_eq!(
        plan.later,
        [Planned {
            on: DAY,
            row: 2,
            change: moves
        }]
    );
    let stays = Remark::Stays {
        row: 2,
        assignment: "R2".into(),
        role: "情報システム管理者".into(),
    };
    let vacant = Remark::Vacant {
        row: 2,
        role: "情報セキュリティ管理者".into(),
        section: "S1".into(),
    };
    assert_eq!(plan.remarks, [stays, vacant]);
}

#[test]
fn who_leaves_is_suspended_on_the_day_and_loses_every_role() {
    let plan = City::small().plan(&[leaving(3, "P1"), leaving(4, "P3")]).unwrap();
    let ended: Vec<_> = plan.now.iter().map(|planned| &planned.change).collect();
    assert!(ended.contains(&&Change::EndPerson {
        person: "P1".into(),
        left_on: EVE
    }));
    assert_eq!(ended.len(), 4);
    let suspended = |person: &str| Change::Suspend { person: person.into() };
    let later: Vec<_> = plan.later.iter().map(|planned| planned.change.clone()).collect();
    assert_eq!(later, [suspended("P1"), suspended("P3")]);
    assert!(plan.remarks.contains(&Remark::Deputy {
        row: 4,
        assignment: "R1".into()
    }));
}

#[test]
fn who_joins_is_entered_at_once_and_invited_on_the_day() {
    let newcomer = Row {
        name: Some("見本 三郎".into()),
        on: Some(date(2027, 5, 1)),
        others: [("employment".to_owned(), Value::from("regular"))].into(),
        ..row(5, "P9", Some("S3"))
    };
    let plan = City::small().plan(&[newcomer]).unwrap();
    assert!(
        matches!(&plan.now[0].change, Change::AddPerson { joined_on, others, .. }
        if *joined_on == date(2027, 5, 1) && others.contains_key("employment"))
    );
    assert_eq!(plan.later[0].on, date(2027, 5, 1));
    assert_eq!(plan.later[0].change, Change::Invite { person: "P9".into() });
}

#[test]
fn an_announcement_of_the_past_is_done_now() {
    let plan = plan(City::small().current(), &[row(2, "P2", Some("S3"))], date(2027, 3, 1)).unwrap();
    assert_eq!((plan.now.len(), plan.later.len()), (1, 0));
}

#[test]
fn a_successor_fills_the_vacancy() {
    let mut city = City::small();
    let successor = Assignment {
        code: "R3".into(),
        person: "P2".into(),
        ..city.assignments[0].clone()
    };
    city.assignments.push(successor);
    let plan = city.plan(&[row(2, "P1", Some("S2"))]).unwrap();
    assert!(
        !plan
            .remarks
            .iter()
            .any(|remark| matches!(remark, Remark::Vacant { .. }))
    );
}

#[test]
fn every_conflict_is_told_and_nothing_is_planned() {
    let mut city = City::small();
    city.person("P3").left_on = Some(date(2026, 3, 31));
    city.waiting.insert("P2".into());
    let named = |number, person: &str, name: &str| Row {
        name: Some(name.into()),
        ..row(number, person, Some("S1"))
    };
    let rows = [
        row(2, "", Some("S1")),
        row(3, "P1", Some("S9")),
        row(4, "P1", Some("S2")),
        Row {
            kind: Some(Kind::Moving),
            ..row(5, "P8", Some("S1"))
        },
        Row {
            kind: Some(Kind::Joining),
            ..named(6, "P2", "見本 太郎")
        },
        row(7, "P7", None),
        row(8, "P3", Some("S2")),
        named(9, "P1", "見本 花江"),
        named(10, "P1", "見本　花子"),
        row(11, "P1", None),
    ];
    let conflicts = city.plan(&rows).unwrap_err();
    let told: Vec<_> = conflicts
        .into_iter()
        .map(|conflict| (conflict.row, conflict.problem))
        .collect();
    let expected = [
        (2, Problem::Nobody),
        (3, Problem::UnknownSection("S9".into())),
        (4, Problem::Twice(3)),
        (5, Problem::UnknownPerson("P8".into())),
        (6, Problem::KnownPerson("P2".into())),
        (6, Problem::Waiting),
        (7, Problem::NoSection),
        (7, Problem::NoName),
        (8, Problem::HasLeft(date(2026, 3, 31))),
        (9, Problem::Twice(3)),
        (9, Problem::OtherName("見本 花子".into())),
        (10, Problem::Twice(3)),
        (11, Problem::Twice(3)),
        (11, Problem::NothingNew),
    ];
    assert_eq!(told, expected);
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let kind = prop::sample::select(vec![None, Some(Kind::Joining), Some(Kind::Moving), Some(Kind::Leaving)]);
    let section = prop::sample::select(vec![None, Some("S1"), Some("S2"), Some("S3"), Some("S9")]);
    let row = (1..7_u32, kind, section, any::<bool>()).prop_map(|(person, kind, section, named)| Row {
        kind,
        name: (named && person > 3).then(|| "見本 新人".to_owned()),
        ..row(person + 1, &format!("P{person}"), section)
    });
    prop::collection::vec(row, 0..4)
}

proptest! {
    #[test]
    fn a_plan_does_what_the_rows_say_and_nothing_else(rows in rows()) {
        let before = City::small();
        let Ok(plan) = before.plan(&rows) else { return Ok(()) };
        let mut after = before.clone();
        after.apply(&plan);
        for row in &rows {
            let kind = row.kind(before.current());
            let person = after.person(&row.person).clone();
            match (&row.section, kind) {
                (_, Kind::Leaving) => prop_assert_eq!(person.left_on, Some(EVE)),
                (Some(section), _) => prop_assert_eq!(&person.section, section),
                (None, _) => {}
            }
            for held in after.assignments.iter().filter(|held| held.person == person.code && held.holds_on(DAY)) {
                prop_assert!(kind != Kind::Leaving);
                prop_assert!(held.section.is_none() || held.section.as_ref() == Some(&person.section));
            }
        }
        let named = |code: &String| rows.iter().any(|row| row.person == *code);
        for person in before.people.iter().filter(|person| !named(&person.code)) {
            prop_assert_eq!(after.person(&person.code).clone(), person.clone());
        }
        // Once more it would change no register.
        if let Ok(again) = after.plan(&rows) {
            let mut twice = after.clone();
            twice.apply(&again);
            prop_assert_eq!(twice, after);
        }
    }
}

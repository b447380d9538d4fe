//! Rows without conflicts to changes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Assignment, Change, Current, Kind, Person, Plan, Planned, Remark, Row, eve};

pub(super) fn plan(current: Current<'_>, rows: &[Row], announced: Date) -> Plan {
    let mut planner = Planner {
        current,
        ending: BTreeMap::new(),
        planned: Vec::new(),
        remarks: Vec::new(),
    };
    for row in rows {
        let day = row.day(announced);
        match (row.kind(current), current.person(&row.person)) {
            (Kind::Moving, Some(person)) => planner.moving(row, person, day),
            (Kind::Leaving, Some(person)) => planner.leaving(row, person, day),
            _ => planner.joining(row, day),
        }
    }
    planner.vacancies();
    planner.finish()
}

struct Planner<'c> {
    current: Current<'c>,
    /// The roles that end, with the row and the day from which nobody holds them.
    ending: BTreeMap<&'c str, (u32, Date)>,
    planned: Vec<Planned>,
    remarks: Vec<Remark>,
}

impl<'c> Planner<'c> {
    fn joining(&mut self, row: &Row, day: Date) {
        let change = Change::AddPerson {
            person: row.person.clone(),
            name: row.name.clone().unwrap_or_default(),
            section: row.section.clone().unwrap_or_default(),
            position: row.position.clone(),
            joined_on: day,
            others: row.others.clone(),
        };
        self.at_once(row, change);
        let person = row.person.clone();
        self.on(day, row, Change::Invite { person });
    }

    fn moving(&mut self, row: &Row, person: &'c Person, day: Date) {
        let section = row.section.as_ref().unwrap_or(&person.section);
        let position = row.position.as_ref().or(person.position.as_ref());
        if *section == person.section && position == person.position.as_ref() {
            self.remarks.push(Remark::Unchanged { row: row.row });
            return;
        }
        let change = Change::MovePerson {
            person: person.code.clone(),
            section: section.clone(),
            position: position.cloned(),
        };
        self.on(day, row, change);
        if *section != person.section {
            self.roles(row, person, day, |assignment| {
                assignment.section.as_ref() == Some(&person.section)
            });
        }
    }

    fn leaving(&mut self, row: &Row, person: &'c Person, day: Date) {
        let left_on = eve(day);
        if person.left_on != Some(left_on) {
            let person = person.code.clone();
            self.at_once(row, Change::EndPerson { person, left_on });
        }
        let suspended = person.code.clone();
        self.on(day, row, Change::Suspend { person: suspended });
        self.roles(row, person, day, |_| true);
    }

    /// Ends the roles that `ends` names; tells of those that stay and of whom the person stands in for.
    fn roles(&mut self, row: &Row, person: &'c Person, day: Date, ends: impl Fn(&Assignment) -> bool) {
        for assignment in self
            .current
            .assignments
            .iter()
            .filter(|assignment| assignment.holds_on(day))
        {
            if assignment.deputy.as_ref() == Some(&person.code) {
                let assignment = assignment.code.clone();
                self.remarks.push(Remark::Deputy {
                    row: row.row,
                    assignment,
                });
            }
            if assignment.person != person.code {
                continue;
            }
            if !ends(assignment) {
                self.remarks.push(Remark::Stays {
                    row: row.row,
                    assignment: assignment.code.clone(),
                    role: assignment.role.clone(),
                });
                continue;
            }
            self.ending.insert(&assignment.code, (row.row, day));
            let change = Change::EndAssignment {
                assignment: assignment.code.clone(),
                ends_on: eve(day),
            };
            self.at_once(row, change);
        }
    }

    /// Tells of each role over a section that nobody holds any more.
    fn vacancies(&mut self) {
        let assignments = self.current.assignments;
        let ending = assignments
            .iter()
            .filter_map(|ending| Some((ending, *self.ending.get(ending.code.as_str())?)));
        for (ending, (row, day)) in ending {
            let Some(section) = &ending.section else { continue };
            let held = assignments.iter().any(|other| {
                let same = other.role == ending.role && other.section == ending.section;
                same && other.holds_on(day) && !self.ending.contains_key(other.code.as_str())
            });
            if !held {
                let named = self.current.sections.get(section);
                let vacant = Remark::Vacant {
                    row,
                    role: ending.role.clone(),
                    section: named.unwrap_or(section).clone(),
                };
                // Somebody may hold one role over several systems of a section.
                if !self.remarks.contains(&vacant) {
                    self.remarks.push(vacant);
                }
            }
        }
    }

    fn at_once(&mut self, row: &Row, change: Change) {
        self.on(self.current.today, row, change);
    }

    fn on(&mut self, on: Date, row: &Row, change: Change) {
        let row = row.row;
        self.planned.push(Planned { on, row, change });
    }

    fn finish(mut self) -> Plan {
        // In the order of the rows within a day: the sort is stable.
        self.planned.sort_by_key(|planned| planned.on);
        self.remarks.sort_by_key(Remark::row);
        let today = self.current.today;
        let (now, later) = self.planned.into_iter().partition(|planned| planned.on <= today);
        Plan {
            now,
            later,
            remarks: self.remarks,
        }
    }
}

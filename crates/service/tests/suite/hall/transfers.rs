//! Transfers of personnel: a sheet is planned, confirmed, carried out on its day, or cancelled before.

use std::collections::BTreeSet;

use access::account::State;
use access::token::{Kind, Scope};
use access::transfer::Change;
use jiff::civil::{Date, date};
use service::hall::Refusal;
use service::hall::acts::standard::OwnFile;
use service::hall::acts::token::Wanted;
use service::hall::acts::transfer::{Outcome, Standing};
use service::hall::entrance::sessions::Visitor;

use super::House;

const DAY: Date = date(2027, 4, 1);
const EVE: &str = "2027-03-31";
const HEADING: &str = "職員番号,氏名,区分,新所属,新職名,任用の別";

/// The administrator, who moves, who leaves.
struct Town {
    house: House,
    administrator: Visitor,
    mover: Visitor,
    leaver: Visitor,
    /// The section that the mover goes to.
    section: String,
}

impl Town {
    fn new() -> Self {
        let house = House::sample();
        house.hall.found_sample().unwrap();
        let mover = house.visitor("section information security manager");
        Self {
            administrator: house.visitor("general information security manager"),
            section: house.other_section(&mover.section),
            leaver: house.visitor("auditor"),
            mover,
            house,
        }
    }

    fn sheet(&self) -> String {
        let (mover, leaver, section) = (&self.mover.person, &self.leaver.person, &self.section);
        format!(
            "{HEADING}\n{mover},,,{section},,\n{leaver},,退職・転出,,,\nP9001,見本 新,採用・転入,{section},主事,職員\n"
        )
    }

    fn confirmed(&self) -> String {
        let hall = &self.house.hall;
        let file = ("異動.csv", self.sheet().into_bytes());
        let drafted = hall.draft_transfers(&self.administrator, file, DAY).unwrap();
        hall.confirm_transfers(&self.administrator, &drafted.ticket, "4月1日付け")
            .unwrap()
    }

    /// The value of a field of a row; empty where it has none.
    fn field(&self, register: &str, key: &str, field: &str) -> String {
        let entry = self.house.hall.store().entry(register, key).unwrap().unwrap();
        let value = entry.document[field].as_str();
        value.unwrap_or_default().to_owned()
    }

    /// The role that the mover holds over their section.
    fn role(&self) -> String {
        let mut role = None;
        let scan = &mut |entry: store::Entry| {
            let is = |field: &str, value: &str| entry.document[field] == value;
            if is("person", &self.mover.person) && is("section", &self.mover.section) && entry.retired_at.is_none() {
                role.get_or_insert(entry.key);
            }
            Ok(())
        };
        self.house.hall.store().scan("role_assignment", scan).unwrap();
        role.unwrap()
    }

    /// The day comes.
    fn morning(&self) {
        let hall = &self.house.hall;
        let files = hall.own_files().unwrap();
        let settings = files.into_iter().find(|file| file.name == "city.toml").unwrap();
        let text = settings
            .text
            .replace("as_of = \"2026-11-23\"", "as_of = \"2027-04-01\"");
        let file = OwnFile { text, ..settings };
        hall.revise(&self.administrator, &file, "基準日を移す").unwrap();
        assert_eq!(hall.today(), DAY);
    }
}

#[test]
fn transfers_are_done_on_their_day_and_who_leaves_is_shut_out() {
    let town = Town::new();
    let hall = &town.house.hall;
    let wanted = Wanted {
        kind: Kind::Personal,
        name: "集計".to_owned(),
        scopes: BTreeSet::from([Scope::RegistersRead]),
        days: 366,
    };
    let token = hall.make_token(&town.leaver, &wanted).unwrap();
    let drafted = hall
        .draft_transfers(&town.administrator, ("異動.csv", town.sheet().into_bytes()), DAY)
        .unwrap();
    assert!(
        drafted
            .now
            .iter()
            .any(|one| matches!(one.change, Change::EndAssignment { .. }))
    );
    assert!(drafted.later.iter().all(|one| one.on == DAY) && drafted.later.len() == 3);
    assert!(
        drafted.remarks.iter().any(|(_, words)| words.ja.contains("空席")),
        "{:?}",
        drafted.remarks
    );

    let role = town.role();
    let number = hall
        .confirm_transfers(&town.administrator, &drafted.ticket, "")
        .unwrap();
    assert_eq!(town.field("role_assignment", &role, "ends_on"), EVE);
    assert_eq!(town.field("person", &town.leaver.person, "left_on"), EVE);
    assert_eq!(town.field("person", "P9001", "joined_on"), "2027-04-01");
    assert_eq!(town.field("person", &town.mover.person, "section"), town.mover.section);
    assert_eq!(hall.pass_transfers().unwrap(), 0, "the day has not come");
    assert!(!hall.sessions_of(&town.leaver.person).unwrap().is_empty() && hall.bearer(token.text()).is_ok());

    town.morning();
    assert_eq!(hall.pass_transfers().unwrap(), 3);
    assert_eq!(hall.pass_transfers().unwrap(), 0, "once");
    assert_eq!(town.field("person", &town.mover.person, "section"), town.section);
    assert_eq!(hall.account("P9001").unwrap().unwrap().account.state, State::Invited);
    let leaver = hall.account(&town.leaver.person).unwrap().unwrap();
    assert_eq!(leaver.account.state, State::Suspended);
    assert!(hall.sessions_of(&town.leaver.person).unwrap().is_empty() && hall.bearer(token.text()).is_err());
    let kept = hall.announcement(&town.administrator, &number).unwrap();
    assert_eq!(
        kept.announcement.standing(),
        Standing::Done,
        "{:?}",
        kept.announcement.steps
    );
}

#[test]
fn transfers_that_are_cancelled_before_their_day_leave_no_trace_in_the_registers() {
    let town = Town::new();
    let hall = &town.house.hall;
    let role = town.role();
    let before = town.field("role_assignment", &role, "ends_on");
    let number = town.confirmed();
    let kept = hall.announcement(&town.administrator, &number).unwrap();
    let unexplained = hall.cancel_transfers(&town.administrator, &number, kept.version, " ");
    assert!(matches!(unexplained, Err(Refusal::Rules(_))));
    let twice = hall.draft_transfers(&town.administrator, ("異動.csv", town.sheet().into_bytes()), DAY);
    let Err(Refusal::Faults(faults)) = twice else {
        panic!("{twice:?}")
    };
    assert!(
        faults
            .iter()
            .any(|fault| fault.row == 2 && fault.message.ja.contains("別の異動")),
        "{faults:?}"
    );

    hall.cancel_transfers(&town.administrator, &number, kept.version, "発令の取消し")
        .unwrap();
    assert_eq!(town.field("role_assignment", &role, "ends_on"), before);
    assert_eq!(town.field("person", &town.leaver.person, "left_on"), "");
    assert!(
        hall.store()
            .entry("person", "P9001")
            .unwrap()
            .unwrap()
            .retired_at
            .is_some()
    );
    town.morning();
    assert_eq!(hall.pass_transfers().unwrap(), 0);
    assert_eq!(town.field("person", &town.mover.person, "section"), town.mover.section);
    let kept = hall.announcement(&town.administrator, &number).unwrap();
    assert_eq!(kept.announcement.standing(), Standing::Cancelled);
    assert!(
        kept.announcement
            .steps
            .iter()
            .all(|step| step.outcome == Some(Outcome::Cancelled))
    );
}

#[test]
fn what_was_seen_is_what_is_done_or_nothing_is() {
    let town = Town::new();
    let hall = &town.house.hall;
    let file = || ("異動.csv", town.sheet().into_bytes());
    let first = hall.draft_transfers(&town.administrator, file(), DAY).unwrap();
    let second = hall.draft_transfers(&town.administrator, file(), DAY).unwrap();
    let foreign = hall.confirm_transfers(&town.mover, &first.ticket, "");
    assert!(matches!(foreign, Err(Refusal::Denied(_))), "{foreign:?}");
    hall.confirm_transfers(&town.administrator, &first.ticket, "").unwrap();
    assert!(matches!(
        hall.confirm_transfers(&town.administrator, &first.ticket, ""),
        Err(Refusal::Rules(_))
    ));
    let late = hall.confirm_transfers(&town.administrator, &second.ticket, "");
    assert!(matches!(late, Err(Refusal::Faults(_))), "{late:?}");
}

#[test]
fn nobody_shuts_themselves_out_by_a_sheet() {
    let town = Town::new();
    let own = format!("{HEADING}\n{},,退職・転出,,,\n", town.administrator.person);
    let refused = town
        .house
        .hall
        .draft_transfers(&town.administrator, ("異動.csv", own.into_bytes()), DAY);
    let Err(Refusal::Faults(faults)) = refused else {
        panic!("{refused:?}")
    };
    assert!(faults[0].message.ja.contains("自分"), "{faults:?}");
}

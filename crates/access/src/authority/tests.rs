use std::sync::LazyLock;

use super::matrix::{Reach, THINGS, VISITOR, holder, matrix, roles, table};
use super::*;
use crate::rule::{ADMINISTRATOR, PERSONNEL};
use model::lang::Lang;

/// Read once: reading the rules takes longer than asking them.
static SHIPPED: LazyLock<Authority> =
    LazyLock::new(|| Authority::shipped().unwrap_or_else(|problems| panic!("{problems:#?}")));

fn shipped() -> &'static Authority {
    &SHIPPED
}

fn person(key: &str, posts: Vec<Post>) -> Principal {
    let clearance = Grade::cleared_by(posts.iter().map(|post| post.role.as_str()));
    let person = Person {
        key: key.into(),
        section: "S1".into(),
        organ: "O1".into(),
        posts,
        clearance,
        mynumber: false,
    };
    Principal::person(&person).unwrap()
}

fn allowed(who: &Principal, act: Act, what: &Resource<'_>) -> bool {
    shipped().decide(who, act, what).allowed
}

fn procedure(grade: Grade) -> Resource<'static> {
    Resource::Document(Document {
        kind: "procedure",
        publicity: "internal",
        grade,
        section: "S1",
        organ: "O1",
    })
}

#[test]
fn the_schema_and_the_program_know_the_same_acts() {
    assert_eq!(read::unknown(shipped().schema()), Vec::<String>::new());
}

#[test]
fn nobody_decides_their_own_request_in_whatever_role() {
    let own = Resource::Request(Request {
        applicant: "P1",
        deciders: &["P1".to_owned()],
        ..Request::default()
    });
    for role in roles() {
        let who = person("P1", vec![Post::city(role)]);
        for act in [Act::Approve, Act::Return, Act::Reject] {
            let decision = shipped().decide(&who, act, &own);
            assert!(!decision.allowed, "{role}");
            assert_eq!(decision.because[0].rule, "never.own-request");
        }
    }
}

#[test]
fn who_may_decide_decides_another_ones_request_and_nobody_else() {
    let request = Resource::Request(Request {
        applicant: "P2",
        deciders: &["P1".to_owned()],
        ..Request::default()
    });
    assert!(allowed(&person("P1", Vec::new()), Act::Approve, &request));
    assert!(!allowed(
        &person("P3", vec![Post::city("ciso")]),
        Act::Approve,
        &request
    ));
}

#[test]
fn an_auditor_audits_every_section_but_their_own() {
    let auditor = person("P1", vec![Post::city("auditor")]);
    let audit = |section| Resource::Audit { section, organ: "O1" };
    assert!(allowed(&auditor, Act::Audit, &audit("S2")));
    assert!(!allowed(&auditor, Act::Audit, &audit("S1")));
    assert!(!allowed(
        &person("P2", vec![Post::city("ciso")]),
        Act::Audit,
        &audit("S2")
    ));
}

#[test]
fn a_procedure_is_read_with_its_grade_and_published_by_nobody() {
    let staff = person("P1", Vec::new());
    assert!(allowed(&staff, Act::Read, &procedure(Grade::C2)));
    assert!(!allowed(&staff, Act::Read, &procedure(Grade::C3C)));
    assert!(!allowed(&staff, Act::Read, &procedure(Grade::of_thing(None))));
    let ciso = person("P2", vec![Post::city("ciso")]);
    assert!(allowed(&ciso, Act::Read, &procedure(Grade::C3A)));
    assert!(!allowed(&ciso, Act::Publish, &procedure(Grade::C1)));
}

#[test]
fn a_role_reaches_what_it_is_held_over() {
    let entry = |section, organ, system| {
        Resource::Entry(Entry {
            register: "asset",
            section,
            organ,
            system,
            ..Entry::default()
        })
    };
    let post = |role: &str, over| Post {
        role: role.into(),
        over,
    };
    let manager = person(
        "P1",
        vec![post("section_manager", Over::Sections(vec!["S1".into(), "S5".into()]))],
    );
    assert!(allowed(&manager, Act::Create, &entry("S5", "O1", "")));
    assert!(!allowed(&manager, Act::Create, &entry("S2", "O1", "")));
    let department = person("P1", vec![post("department_manager", Over::Organ("O1".into()))]);
    assert!(allowed(&department, Act::Export, &entry("S2", "O1", "")));
    assert!(!allowed(&department, Act::Export, &entry("S2", "O2", "")));
    let system = person("P1", vec![post("system_manager", Over::System("SYS-1".into()))]);
    assert!(allowed(&system, Act::Retire, &entry("S2", "O2", "SYS-1")));
    assert!(!allowed(&system, Act::Retire, &entry("S2", "O2", "")));
}

#[test]
fn what_belongs_to_no_section_belongs_to_nobody() {
    let manager = person(
        "P1",
        vec![Post {
            role: "section_manager".into(),
            over: Over::Sections(vec![String::new()]),
        }],
    );
    let nowhere = Resource::Entry(Entry {
        register: "asset",
        ..Entry::default()
    });
    assert!(!allowed(&manager, Act::Update, &nowhere));
    assert!(Principal::person(&Person::default()).is_err());
}

#[test]
fn only_who_works_with_mynumber_exports_what_belongs_to_it() {
    let entry = Resource::Entry(Entry {
        register: "terminal",
        section: "S1",
        zone: "mynumber",
        ..Entry::default()
    });
    let manager = |mynumber| {
        let posts = vec![Post {
            role: "section_manager".into(),
            over: Over::Sections(vec!["S1".into()]),
        }];
        let person = Person {
            key: "P1".into(),
            section: "S1".into(),
            posts,
            mynumber,
            ..Person::default()
        };
        Principal::person(&person).unwrap()
    };
    assert!(allowed(&manager(true), Act::Export, &entry));
    assert!(!allowed(&manager(false), Act::Export, &entry));
}

#[test]
fn the_first_administrator_loads_a_city_and_cannot_load_another_over_it() {
    let administrator = person("P1", vec![Post::city(ADMINISTRATOR)]);
    assert!(allowed(
        &administrator,
        Act::FoundCity,
        &Resource::City { founded: false }
    ));
    assert!(!allowed(
        &administrator,
        Act::FoundCity,
        &Resource::City { founded: true }
    ));
    assert!(!allowed(
        &administrator,
        Act::ChangeStandard,
        &Resource::City { founded: true }
    ));
}

#[test]
fn an_act_that_a_thing_does_not_know_is_denied() {
    let ciso = person("P1", vec![Post::city("ciso")]);
    let decision = shipped().decide(&ciso, Act::Publish, &Resource::Ledger);
    assert_eq!(decision, Decision::default());
    assert_eq!(decision.text().en, "no rule grants this");
}

#[test]
fn a_visitor_reads_what_is_published_and_nothing_else() {
    let cells = matrix(shipped()).unwrap();
    let visitor = cells
        .iter()
        .filter(|cell| cell.role == VISITOR && !cell.allowed.is_empty());
    let may: Vec<_> = visitor.map(|cell| (cell.act, cell.thing)).collect();
    assert_eq!(may, [(Act::Read, "document.public")]);
}

#[test]
fn the_matrix_asks_everybody_about_everything() {
    let authority = shipped();
    let cells = matrix(authority).unwrap();
    let applies = |thing: &matrix::Thing| {
        Act::ALL
            .iter()
            .filter(|act| authority.applies(**act, thing.kind))
            .count()
    };
    let questions: usize = THINGS.iter().map(applies).sum();
    assert_eq!(cells.len(), roles().len() * questions);
    for act in Act::ALL {
        let granted = cells.iter().any(|cell| cell.act == *act && !cell.allowed.is_empty());
        assert!(granted, "nobody ever may {act:?}");
    }
}

#[test]
fn every_role_may_do_what_all_personnel_may() {
    let cells = matrix(shipped()).unwrap();
    for everybody in cells.iter().filter(|cell| cell.role == PERSONNEL) {
        let same = cells
            .iter()
            .filter(|cell| (cell.act, cell.thing) == (everybody.act, everybody.thing));
        for cell in same.filter(|cell| cell.role != VISITOR) {
            let missing: Vec<&Reach> = everybody
                .allowed
                .iter()
                .filter(|reach| !cell.allowed.contains(reach))
                .collect();
            assert!(missing.is_empty(), "{cell:?}");
        }
    }
}

#[test]
fn nobody_administers_or_appoints_themselves() {
    let cells = matrix(shipped()).unwrap();
    let own = |cell: &&matrix::Cell| {
        [Act::AssignRoles, Act::AdministerUsers].contains(&cell.act)
            || (cell.thing == "register.role" && cell.act != Act::Read && cell.act != Act::Export)
    };
    for cell in cells.iter().filter(own) {
        assert!(!cell.allowed.contains(&Reach::Own), "{cell:?}");
    }
}

#[test]
fn the_matrix_reads_as_a_table() {
    let authority = shipped();
    let text = table(&matrix(authority).unwrap(), Lang::En);
    let row = |thing: &str, act: &str| {
        let section = text.split("### ").find(|section| section.starts_with(thing)).unwrap();
        let row = section
            .lines()
            .find(|line| line.starts_with(&format!("| {act} |")))
            .unwrap();
        row.split('|').skip(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let column = |role| roles().iter().position(|known| *known == role).unwrap();
    assert_eq!(
        row("an entry of a register", "create")[column("section_manager")],
        "section"
    );
    assert_eq!(
        row("an entry of a register", "read")[column("department_manager")],
        "own, organ"
    );
    assert_eq!(row("an entry of a register", "read")[column("auditor")], "everywhere");
    assert_eq!(row("what is audited", "audit")[column("auditor")], "everywhere*");
    assert_eq!(row("a user", "administer users")[column(ADMINISTRATOR)], "everywhere†");
    assert_eq!(row("an entry of a register", "create")[column(VISITOR)], "");
}

#[test]
fn faults_of_a_citys_rules_are_pointed_at() {
    let place = |text: &str| {
        let problems = Authority::with(&[("own.cedar", text)]).unwrap_err();
        let problem = &problems[0];
        assert_eq!(problem.file, "own.cedar");
        let place = problem
            .diagnostic
            .span
            .and_then(|span| span.of(text))
            .unwrap_or_default();
        (problem.diagnostic.code, place.to_owned())
    };
    let words = "@id(\"own.x\") @ja(\"あ\") @en(\"x\") ";
    assert_eq!(
        place("permit (principal action, resource);"),
        ("unreadable-rules", "action".to_owned())
    );
    let (code, span) = place(&format!(
        "{words}permit (principal is Person, action == Action::\"fly\", resource);"
    ));
    assert_eq!(code, "unreadable-rules");
    assert!(span.contains("fly"), "{span}");
    let unknown = format!(
        "{words}permit (principal is Person, action == Action::\"read\", resource is Entry) when {{ resource.colour == 1 }};"
    );
    assert!(place(&unknown).1.contains("colour"));
    assert_eq!(place("permit (principal, action, resource);").0, "rule-without-words");
    let taken = words.replace("own.x", "never.visitor");
    assert_eq!(
        place(&format!(
            "{taken}permit (principal is Person, action == Action::\"read\", resource is Entry);"
        ))
        .0,
        "duplicate-rule"
    );
}

#[test]
fn a_city_grants_more_and_takes_away() {
    let own = "@id(\"own.read\") @ja(\"読む\") @en(\"read\")\n\
               permit (principal is Person, action == Action::\"read\", resource is Entry) when { resource.register == \"asset\" };\n\
               @id(\"own.not\") @ja(\"証跡は見ない\") @en(\"no ledger\")\n\
               forbid (principal is Person, action == Action::\"read\", resource is Ledger);";
    let authority = Authority::with(&[("own.cedar", own)]).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let who = holder(PERSONNEL).unwrap();
    let asset = Resource::Entry(Entry {
        register: "asset",
        section: "S9",
        ..Entry::default()
    });
    assert!(authority.decide(&who, Act::Read, &asset).allowed && !allowed(&who, Act::Read, &asset));
    let ledger = authority.decide(&who, Act::Read, &Resource::Ledger);
    assert_eq!((ledger.allowed, ledger.text().en.as_ref()), (false, "no ledger"));
}

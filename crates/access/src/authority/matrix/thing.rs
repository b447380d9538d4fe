//! The things that the rules tell apart, each as seen from whoever acts.

use model::lang::Text;

use super::{OTHER, Reach, SELF};
use crate::authority::{Act, Authority, Document, Entry, Grade, Principal, Request, Resource, ResourceKind};
use crate::rule::PERSONNEL;

/// A kind of thing that the rules tell apart.
#[derive(Debug, Clone)]
pub struct Thing {
    /// A stable word.
    pub id: &'static str,
    /// What people call it.
    pub title: Text,
    /// Its kind.
    pub kind: ResourceKind,
    make: fn(At<'_>) -> Resource<'_>,
}

/// Where a thing lies, as seen from who acts.
#[derive(Debug, Clone, Copy)]
struct At<'a> {
    section: &'a str,
    organ: &'a str,
    system: &'a str,
    person: &'a str,
    people: &'a [String],
    nobody: &'a [String],
}

/// The things, in the order of the documentation.
pub static THINGS: &[Thing] = &[
    thing(
        "register",
        "台帳の行",
        "an entry of a register",
        ResourceKind::Entry,
        |at| entry("asset", "", at),
    ),
    thing(
        "register.daily",
        "日々の記録",
        "an everyday record",
        ResourceKind::Entry,
        |at| entry("take_out", "", at),
    ),
    thing(
        "register.common",
        "共通の台帳の行",
        "an entry of a common register",
        ResourceKind::Entry,
        |at| entry("contact", "", at),
    ),
    thing(
        "register.answer",
        "誓約・受講・回答",
        "an acknowledgement or answer",
        ResourceKind::Entry,
        |at| entry("acknowledgement", "", at),
    ),
    thing(
        "register.person",
        "職員等の行",
        "an entry of the personnel",
        ResourceKind::Entry,
        |at| entry("person", "", at),
    ),
    thing(
        "register.incident",
        "事故の行",
        "an incident",
        ResourceKind::Entry,
        |at| entry("incident", "", at),
    ),
    thing(
        "register.role",
        "役割の任命の行",
        "an appointment to a role",
        ResourceKind::Entry,
        |at| entry("role_assignment", "", at),
    ),
    thing(
        "register.exception",
        "例外措置の行",
        "an exception",
        ResourceKind::Entry,
        |at| entry("exception", "", at),
    ),
    thing("register.audit", "監査の行", "an audit", ResourceKind::Entry, |at| {
        entry("audit", "", at)
    }),
    thing(
        "register.mynumber",
        "マイナンバー利用事務系の行",
        "an entry of the MyNumber tier",
        ResourceKind::Entry,
        |at| entry("terminal", "mynumber", at),
    ),
    thing("request", "申請", "a request", ResourceKind::Request, |at| {
        request(at, at.nobody, false)
    }),
    thing(
        "request.waiting",
        "決裁を待つ申請",
        "a request that waits for one",
        ResourceKind::Request,
        |at| request(at, at.people, false),
    ),
    thing(
        "request.draft",
        "下書きの申請",
        "a draft",
        ResourceKind::Request,
        |at| request(at, at.nobody, true),
    ),
    thing(
        "document.public",
        "公開の文書",
        "a public document",
        ResourceKind::Document,
        |at| document("standard", "public", Grade::C1, at),
    ),
    thing(
        "document.internal",
        "庁内の文書",
        "an internal document",
        ResourceKind::Document,
        |at| document("standard", "internal", Grade::C2, at),
    ),
    thing(
        "document.restricted",
        "関係者限りの文書",
        "a restricted document",
        ResourceKind::Document,
        |at| document("plan", "restricted", Grade::C3C, at),
    ),
    thing(
        "document.procedure",
        "実施手順",
        "a procedure",
        ResourceKind::Document,
        |at| document("procedure", "internal", Grade::C3C, at),
    ),
    thing("city", "団体", "the city", ResourceKind::City, |_| Resource::City {
        founded: true,
    }),
    thing(
        "city.unfounded",
        "読み込む前の団体",
        "a city not yet loaded",
        ResourceKind::City,
        |_| Resource::City { founded: false },
    ),
    thing("ledger", "証跡", "the ledger", ResourceKind::Ledger, |_| {
        Resource::Ledger
    }),
    thing(
        "audit",
        "監査の対象",
        "what is audited",
        ResourceKind::Audit,
        |at| Resource::Audit {
            section: at.section,
            organ: at.organ,
        },
    ),
    thing("user", "利用者", "a user", ResourceKind::User, |at| Resource::User {
        person: at.person,
        section: at.section,
        organ: at.organ,
    }),
    thing(
        "duty",
        "職員等の遵守事項",
        "a duty of personnel",
        ResourceKind::Duty,
        |_| Resource::Duty { owes: PERSONNEL },
    ),
    thing(
        "duty.head",
        "統括情報セキュリティ責任者の遵守事項",
        "a duty of the general manager",
        ResourceKind::Duty,
        |_| Resource::Duty {
            owes: "general_manager",
        },
    ),
];

const fn thing(
    id: &'static str,
    ja: &'static str,
    en: &'static str,
    kind: ResourceKind,
    make: fn(At<'_>) -> Resource<'_>,
) -> Thing {
    Thing {
        id,
        title: Text::fixed(ja, en),
        kind,
        make,
    }
}

fn entry<'a>(register: &'a str, zone: &'a str, at: At<'a>) -> Resource<'a> {
    Resource::Entry(Entry {
        register,
        section: at.section,
        organ: at.organ,
        system: at.system,
        zone,
        concerns: if at.person == SELF { at.people } else { at.nobody },
    })
}

fn request<'a>(at: At<'a>, deciders: &'a [String], draft: bool) -> Resource<'a> {
    Resource::Request(Request {
        kind: "exception",
        applicant: at.person,
        section: at.section,
        organ: at.organ,
        concerns: at.nobody,
        deciders,
        participants: at.nobody,
        draft,
    })
}

fn document<'a>(kind: &'a str, publicity: &'a str, grade: Grade, at: At<'a>) -> Resource<'a> {
    Resource::Document(Document {
        kind,
        publicity,
        grade,
        section: at.section,
        organ: at.organ,
    })
}

impl Thing {
    /// Asks about this thing at a reach.
    pub(super) fn ask(&self, authority: &Authority, who: &Principal, act: Act, reach: Reach) -> bool {
        let (people, nobody) = ([SELF.to_owned()], []);
        let (section, organ, system, person) = match reach {
            Reach::Own => ("S9", "O9", "", SELF),
            Reach::System => ("S9", "O9", "SYS-1", OTHER),
            Reach::Section => ("S1", "O1", "", OTHER),
            Reach::Organ => ("S2", "O1", "", OTHER),
            Reach::City => ("S9", "O9", "", OTHER),
        };
        let at = At {
            section,
            organ,
            system,
            person,
            people: &people,
            nobody: &nobody,
        };
        authority.decide(who, act, &(self.make)(at)).allowed
    }
}

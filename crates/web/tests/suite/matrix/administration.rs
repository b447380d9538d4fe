//! The city's files, the ledger, people who sign in and what they bear.

use access::authority::Act;
use access::authority::matrix::{Reach, VISITOR};
use axum::http::StatusCode;

use super::{Came, KEEPER, Walk, came, everybody, told};
use crate::house::{House, Somebody};

pub(super) const ACTS: &[Act] = &[
    Act::Read,
    Act::Import,
    Act::ChangeStandard,
    Act::ChangeSettings,
    Act::AdministerRules,
    Act::FoundCity,
    Act::Verify,
    Act::Prove,
    Act::Disclose,
    Act::AdministerUsers,
    Act::ManageAccount,
    Act::ManageTokens,
];

pub(super) const ROUTES: &[&str] = &[
    "GET /",
    "GET /ledger",
    "GET /ledger/checkpoint",
    "GET /ledger/keys",
    "GET /ledger/{index}",
    "GET /ledger/{index}/entry",
    "GET /ledger/{index}/proof",
    "GET /ledger/{index}/disclosure",
    "POST /ledger/verify",
    "POST /admin/city",
    "POST /admin/files",
    "POST /admin/rules/edit",
    "POST /registers/{slug}/kept",
    "POST /people/transfers",
    "POST /people/transfers/confirm",
    "POST /people/transfers/{number}/cancel",
    "POST /people/{key}/invitation",
    "POST /people/{key}/administrator",
    "POST /people/{key}/elsewhere/forget",
    "POST /people/{key}/recovery",
    "POST /people/{key}/recovery/decision",
    "POST /account/recovery-codes",
    "POST /account/tokens",
    "POST /account/tokens/revoke",
];

/// People at each reach, beside whoever acts.
const PEOPLE: [(Reach, &str); 3] = [
    (Reach::Section, "P17"),
    (Reach::Organ, "X-organ"),
    (Reach::City, "X-city"),
];

const EVERYWHERE: &[Reach] = &[Reach::City];

type Answer = (&'static str, (Act, &'static str), Vec<Reach>, Result<Came, String>);

fn hold(mut walk: Walk, answers: Vec<Answer>, routes: &[&str]) {
    for (role, what, reach, came) in answers {
        walk.hold(role, what, &reach, came);
    }
    walk.end(routes);
}

#[tokio::test]
async fn the_ledger_is_open_to_personnel_and_what_is_behind_it_to_auditors() {
    let walk = Walk::begin();
    let mut answers: Vec<Answer> = Vec::new();
    let leaf = walk
        .house
        .hall
        .store()
        .entry("software", "X-city")
        .unwrap()
        .unwrap()
        .leaf;
    walk.house.hall.sign_checkpoint().unwrap();
    for (role, who) in everybody(&walk.house) {
        let pages = [
            (Act::Read, "city", "/".to_owned()),
            (Act::Read, "ledger", "/ledger".to_owned()),
            (Act::Read, "ledger", format!("/ledger/{leaf}")),
            (Act::Prove, "ledger", "/ledger/checkpoint".to_owned()),
            (Act::Prove, "ledger", "/ledger/keys".to_owned()),
            (Act::Prove, "ledger", format!("/ledger/{leaf}/entry")),
            (Act::Prove, "ledger", format!("/ledger/{leaf}/proof")),
            (Act::Disclose, "ledger", format!("/ledger/{leaf}/disclosure")),
        ];
        for (act, thing, page) in pages {
            let came = came(&who, &who.get(&page).await).map_err(|why| format!("{page}: {why}"));
            answers.push((role, (act, thing), EVERYWHERE.to_vec(), came));
        }
        let verified = came(&who, &who.post("/ledger/verify", &[]).await);
        answers.push((role, (Act::Verify, "ledger"), EVERYWHERE.to_vec(), verified));
    }
    let routes: Vec<&str> = ROUTES
        .iter()
        .copied()
        .filter(|route| route.contains("/ledger"))
        .collect();
    hold(walk, answers, &routes);
}

/// Sends a file of the city as it is but for a comment, and takes in whatever version it has.
async fn file(house: &House, who: &Somebody<'_>, path: &str, name: &str, text: &str) -> Result<Came, String> {
    let files = house.hall.own_files().unwrap();
    let known = files.into_iter().find(|file| file.name == name);
    let rules = || {
        house
            .hall
            .rule_versions(name)
            .ok()?
            .last()
            .map(|version| version.version)
    };
    let seen = known
        .as_ref()
        .map(|file| file.version)
        .or_else(rules)
        .unwrap_or_default()
        .to_string();
    let text = known.map_or(text.to_owned(), |file| file.text + "\n# 照合\n");
    let sent = [
        ("name", name),
        ("seen", &seen),
        ("text", &text),
        ("reason", "照合"),
        ("do", "save"),
    ];
    came(who, &who.post(path, &sent).await)
}

#[tokio::test]
async fn the_files_of_the_city_are_changed_by_whoever_the_rules_name() {
    let walk = Walk::begin();
    let mut answers: Vec<Answer> = Vec::new();
    let archive = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    for (role, who) in everybody(&walk.house) {
        let mut note = |act, thing, came| answers.push((role, (act, thing), EVERYWHERE.to_vec(), came));
        let settings = file(&walk.house, &who, "/admin/files", "city.toml", "").await;
        note(Act::ChangeSettings, "city", settings);
        let chapter = file(&walk.house, &who, "/admin/files", "standard/own.toml", "# 町の基準\n").await;
        note(Act::ChangeStandard, "city", chapter);
        let rules = file(
            &walk.house,
            &who,
            "/admin/rules/edit",
            "rules/sign-in.toml",
            "# 町の決まり\n",
        )
        .await;
        note(Act::AdministerRules, "city", rules);
        let founded = came(&who, &who.upload("/admin/city", "city.zip", archive).await);
        note(Act::FoundCity, "city", founded);
        let kept = came(&who, &who.post("/registers/drill/kept", &[("is", "yes")]).await);
        answers.push((role, (Act::Import, "register"), EVERYWHERE.to_vec(), kept));
    }
    hold(
        walk,
        answers,
        &["POST /admin/city", "POST /admin/files", "POST /registers/{slug}/kept"],
    );
}

#[tokio::test]
async fn people_are_let_in_and_recovered_by_administrators() {
    let walk = Walk::begin();
    let mut answers: Vec<Answer> = Vec::new();
    let keeper = walk.house.person(KEEPER);
    let second = walk.house.person("P91");
    keeper.post("/people/P91/administrator", &[("is", "yes")]).await;
    for (_, person) in PEOPLE {
        keeper.post(&format!("/people/{person}/invitation"), &[]).await;
    }
    for (role, who) in everybody(&walk.house) {
        let own = (Reach::Own, who.person.as_str());
        let people = PEOPLE.into_iter().chain([own].into_iter().filter(|_| role != VISITOR));
        for (reach, person) in people {
            let page = format!("/people/{person}");
            let mut note = |came| answers.push((role, (Act::AdministerUsers, "user"), vec![reach], came));
            if reach != Reach::Own {
                note(came(&who, &who.post(&format!("{page}/invitation"), &[]).await));
            }
            // Nobody of the town is known to a provider: whoever may forget it is told that there is nothing.
            let forgotten = who
                .post(&format!("{page}/elsewhere/forget"), &[("provider", "none")])
                .await;
            let nothing = forgotten.status == StatusCode::NOT_FOUND;
            note(if nothing {
                Ok(Came::Done)
            } else {
                came(&who, &forgotten)
            });
            for is in ["yes", "no"] {
                let reply = who.post(&format!("{page}/administrator"), &[("is", is)]).await;
                // To whoever may for others it is said why not for themselves.
                let ruled = role == access::rule::ADMINISTRATOR && reach == Reach::Own && reply.status == 400;
                note(if ruled { Ok(Came::Refused) } else { came(&who, &reply) });
            }
            note(came(
                &who,
                &who.post(&format!("{page}/recovery"), &[("reason", "照合")]).await,
            ));
            decline(&walk.house, person, &second).await;
            if reach == Reach::Own {
                continue;
            }
            let asked = second.post(&format!("{page}/recovery"), &[("reason", "照合")]).await;
            assert_eq!(asked.status, 303, "{}", told(&asked));
            let version = recovery(&walk.house, person).to_string();
            let decision = [("do", "decline"), ("version", version.as_str())];
            note(came(
                &who,
                &who.post(&format!("{page}/recovery/decision"), &decision).await,
            ));
            decline(&walk.house, person, &keeper).await;
        }
    }
    let routes: Vec<&str> = ROUTES
        .iter()
        .copied()
        .filter(|route| route.starts_with("POST /people/{key}"))
        .collect();
    hold(walk, answers, &routes);
}

/// The version of somebody's recovery; 0 where there is none.
fn recovery(house: &House, person: &str) -> u64 {
    let kept = house
        .hall
        .store()
        .entry(service::hall::collection::RECOVERY, person)
        .unwrap();
    kept.map_or(0, |kept| kept.version)
}

/// Takes back a recovery that may have begun.
async fn decline(house: &House, person: &str, by: &Somebody<'_>) {
    let version = recovery(house, person).to_string();
    let decision = [("do", "decline"), ("version", version.as_str())];
    by.post(&format!("/people/{person}/recovery/decision"), &decision).await;
}

#[tokio::test]
async fn transfers_are_brought_in_by_whoever_keeps_the_personnel() {
    let walk = Walk::begin();
    let mut answers: Vec<Answer> = Vec::new();
    for (role, who) in everybody(&walk.house) {
        let mut note = |came: Result<Came, String>| {
            answers.push((role, (Act::Import, "register.person"), EVERYWHERE.to_vec(), came));
        };
        let sheet = "職員番号,新所属\nX-city,S2\n";
        let fields = [("on", "令和9年4月1日")];
        let reply = who
            .upload_with("/people/transfers", &fields, ("異動.csv", sheet.as_bytes()))
            .await;
        let drafted = came(&who, &reply);
        let is_drafted = drafted == Ok(Came::Done);
        note(drafted);
        let ticket = if is_drafted {
            reply.hidden("ticket")
        } else {
            "0".repeat(64)
        };
        let reply = who
            .post("/people/transfers/confirm", &[("ticket", &ticket), ("reason", "照合")])
            .await;
        note(came(&who, &reply));
        let there = if is_drafted {
            reply.location
        } else {
            "/people/transfers/1".to_owned()
        };
        let version = if is_drafted {
            who.get(&there).await.hidden("version")
        } else {
            "1".to_owned()
        };
        let sent = [("version", version.as_str()), ("reason", "照合")];
        note(came(&who, &who.post(&format!("{there}/cancel"), &sent).await));
    }
    let routes: Vec<&str> = ROUTES
        .iter()
        .copied()
        .filter(|route| route.contains("transfers"))
        .collect();
    hold(walk, answers, &routes);
}

#[tokio::test]
async fn accounts_and_tokens_are_everybodys_own() {
    let walk = Walk::begin();
    let mut answers: Vec<Answer> = Vec::new();
    let other = walk.house.person("X-city");
    for (role, who) in everybody(&walk.house) {
        let mut note = |act, reach, came| answers.push((role, (act, "user"), vec![reach], came));
        note(
            Act::ManageAccount,
            Reach::Own,
            came(&who, &who.post("/account/recovery-codes", &[]).await),
        );
        let wanted = [
            ("name", "照合"),
            ("days", "1"),
            ("scope", "registers:read"),
            ("kind", "personal"),
        ];
        let made = came(&who, &who.post("/account/tokens", &wanted).await);
        note(Act::ManageTokens, Reach::Own, made);
        let made = other.post("/account/tokens", &wanted).await;
        assert_eq!(came(&other, &made), Ok(Came::Done), "{}", told(&made));
        let theirs = made.hidden("token");
        note(
            Act::ManageTokens,
            Reach::City,
            came(&who, &who.post("/account/tokens/revoke", &[("token", &theirs)]).await),
        );
        if role != VISITOR {
            let own = who.get("/account/tokens").await.hidden("token");
            note(
                Act::ManageTokens,
                Reach::Own,
                came(&who, &who.post("/account/tokens/revoke", &[("token", &own)]).await),
            );
        }
    }
    hold(
        walk,
        answers,
        &[
            "POST /account/recovery-codes",
            "POST /account/tokens",
            "POST /account/tokens/revoke",
        ],
    );
}

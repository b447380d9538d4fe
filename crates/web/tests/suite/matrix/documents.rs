//! Texts of documents: who reads them, who writes them.

use access::authority::Act;
use access::authority::matrix::Reach;

use super::{Walk, came, everybody};

pub(super) const ACTS: &[Act] = &[Act::Read, Act::Update, Act::Create];

pub(super) const ROUTES: &[&str] = &[
    "GET /documents/{key}",
    "GET /documents/{key}/compare",
    "POST /documents/{key}/text",
    "POST /documents/{key}/acknowledgement",
];

const KINDS: [(&str, &str); 4] = [
    ("document.public", "public"),
    ("document.internal", "internal"),
    ("document.restricted", "restricted"),
    ("document.procedure", "procedure"),
];

const PLACES: [(Reach, &str); 3] = [
    (Reach::Section, "section"),
    (Reach::Organ, "organ"),
    (Reach::City, "city"),
];

#[tokio::test]
async fn texts_are_read_and_written_by_whoever_the_rules_name() {
    let mut walk = Walk::begin();
    let mut answers = Vec::new();
    let author = walk.house.person("P03");
    for (_, kind) in KINDS {
        for (_, place) in PLACES {
            for (seen, text) in [("", "初めの本文。"), ("1", "次の本文。")] {
                let sent = [("text", text), ("seen", seen), ("reason", "照合")];
                let path = format!("/documents/X-{kind}-{place}/text");
                let reply = author.post(&path, &sent).await;
                assert_eq!(
                    reply.location,
                    format!("/documents/X-{kind}-{place}"),
                    "{}",
                    reply.text()
                );
            }
        }
    }
    for (role, who) in everybody(&walk.house) {
        for (thing, kind) in KINDS {
            for (reach, place) in PLACES {
                let key = format!("X-{kind}-{place}");
                let page = format!("/documents/{key}");
                let reply = who.get(&page).await;
                let compared = who.get(&format!("{page}/compare?from=1&to=2")).await;
                // A visitor reads what was published on the public page, which an approval puts there.
                if !who.person.is_empty() {
                    answers.push((role, (Act::Read, thing), [reach], came(&who, &reply)));
                    answers.push((role, (Act::Read, thing), [reach], came(&who, &compared)));
                }
                if reach == Reach::Section && kind == "public" {
                    // It is one's own answer that one enters.
                    let answer = who.post(&format!("{page}/acknowledgement"), &[]).await;
                    answers.push((
                        role,
                        (Act::Create, "register.answer"),
                        [Reach::Own],
                        came(&who, &answer),
                    ));
                }
                let (_, seen) = walk.house.hall.text(&key).unwrap().unwrap();
                let (seen, text) = (seen.to_string(), format!("{role}の本文。"));
                let sent = [("text", text.as_str()), ("seen", seen.as_str()), ("reason", "照合")];
                let reply = who.post(&format!("{page}/text"), &sent).await;
                answers.push((role, (Act::Update, thing), [reach], came(&who, &reply)));
            }
        }
    }
    for (role, what, reach, came) in answers {
        walk.hold(role, what, &reach, came);
    }
    walk.end(ROUTES);
}

//! What people are told, and what everybody may read.

use approval::request::{Content, Event, State};
use axum::http::StatusCode;
use model::lang::Text;
use serde_json::{Map, Value, json};
use service::hall::notices::{Link, Wanted, kinds};

use crate::house::House;

fn raise(house: &House, person: &str, key: &str) {
    let wanted = Wanted {
        key: key.to_owned(),
        to: vec![person.to_owned()],
        title: Text::same(format!("件名 {key}")),
        link: Link::Duty("resilience.mynumber.authentication".to_owned()),
    };
    house.hall.tell(&kinds::decided::KIND, &wanted).unwrap();
}

#[tokio::test]
async fn notices_are_counted_in_the_header_opened_and_marked_as_read_without_a_script() {
    let house = House::sample();
    let somebody = house.somebody("staff without a role");
    assert!(!somebody.get("/work").await.text().contains("notices-link"));
    for key in ["a", "b", "c"] {
        raise(&house, &somebody.person, key);
    }
    let page = somebody.get("/notices").await.text();
    assert!(page.contains("未読 3件") && page.contains("件名 a"), "{page}");
    assert!(page.contains("<span class=\"count\">3<"), "{page}");

    let opened = somebody.post("/notices/open", &[("key", "decided/a")]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    assert_eq!(opened.location, "/duties/resilience.mynumber.authentication");
    assert!(somebody.get("/notices").await.text().contains("未読 2件"));
    let other = house.somebody("chief information security officer");
    let of_another = other.post("/notices/open", &[("key", "decided/b")]).await;
    assert_eq!(of_another.status, StatusCode::NOT_FOUND);

    somebody.post("/notices/read", &[]).await;
    let page = somebody.get("/notices").await.text();
    assert!(page.contains("未読 0件") && !page.contains("notices-link"), "{page}");
}

#[tokio::test]
async fn an_approved_publication_is_read_without_a_sign_in_and_nothing_else_is() {
    let house = House::sample();
    let hall = &house.hall;
    let guest = house.nobody();
    assert!(
        guest
            .get("/public")
            .await
            .text()
            .contains("公表している方針は、まだありません")
    );

    let mut policy = None;
    let each = &mut |entry: store::Entry| {
        if entry.document["kind"] == "basic_policy" {
            policy = Some(entry.key);
        }
        Ok(())
    };
    hall.store().scan("document", each).unwrap();
    let policy = policy.unwrap();
    let manager = house
        .somebody("general information security manager")
        .visitor()
        .unwrap();
    let text = "見本市情報セキュリティ公表方針\n\n1 目的\nこの方針は、見本市の情報を守ることを目的とする。\n";
    hall.write_text(&manager, &policy, None, text, None).unwrap();
    // A text that nobody approved is not public.
    assert!(!guest.get("/public").await.text().contains("公表方針"));

    let applicant = house.somebody("staff without a role").visitor().unwrap();
    let payload = json!({ "document": policy, "version": "第2版", "reason": "条例による", "reviewed": true });
    let content = Content {
        title: "方針の公表".to_owned(),
        payload: payload.as_object().cloned().unwrap_or_else(Map::<String, Value>::new),
        ..Content::default()
    };
    let number = hall.draft_request(&applicant, "publication", content).unwrap();
    hall.act_on_request(&applicant, &number, 1, Event::Submit { comment: None })
        .unwrap();
    for _ in 0..8 {
        let loaded = hall.request(&number).unwrap();
        if loaded.request.state() != State::Waiting {
            break;
        }
        let waiting = loaded.request.waiting(&*hall.directory(), hall.today());
        let decider = house.person(&waiting[0].person).visitor().unwrap();
        let approve = Event::Approve { comment: None };
        hall.act_on_request(&decider, &number, loaded.version, approve).unwrap();
    }
    let page = guest.get("/public").await.text();
    assert!(
        page.contains("公表方針") && page.contains("見本市の情報を守る"),
        "{page}"
    );
    assert_eq!(guest.get("/public/D-999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn taking_rows_out_is_an_act_with_their_number_and_nothing_of_them() {
    let house = House::sample();
    let manager = house.somebody("general information security manager");
    let before = house.hall.store().head().unwrap().edge.size();
    let file = manager.get("/registers/person/export?_format=csv").await;
    assert_eq!(file.status, StatusCode::OK);
    let rows = file.text().lines().count() - 1;
    let store = house.hall.store();
    let leaves = store.leaves(before, 100).unwrap();
    let exports: Vec<_> = leaves
        .iter()
        .filter(|leaf| String::from_utf8_lossy(&leaf.bytes).contains("\"register.export\""))
        .collect();
    assert_eq!(exports.len(), 1);
    let body = store.body(exports[0].index).unwrap().unwrap();
    let said = format!("{:?}", body.fields);
    assert!(said.contains("person") && said.contains(&rows.to_string()), "{said}");
    assert!(!said.contains("mihon.example"), "{said}");
}

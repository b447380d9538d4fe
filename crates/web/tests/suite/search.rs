//! The search over a living hall: what one may read is found, whatever is typed.

use axum::http::StatusCode;

use crate::house::House;

const MANAGER: &str = "general information security manager";

fn query(words: &str) -> String {
    format!("/search?lang=en&q={}", web::href::segment(words))
}

#[tokio::test]
async fn rows_people_requests_and_documents_are_found_by_their_words() {
    let house = House::sample();
    let manager = house.somebody(MANAGER);
    let kept = [("kind", "exception"), ("title", "住民票の端末"), ("do", "save")];
    manager.post("/requests/new", &kept).await;
    // Two kanji, in rows of many registers.
    let page = manager.get(&query("住民")).await.text();
    assert!(
        page.contains("id=\"found-system\"") && page.contains("id=\"found-asset\""),
        "{page}"
    );
    assert!(page.contains("href=\"/registers/system?search=%E4%BD%8F%E6%B0%91\""));
    assert!(page.contains("id=\"found-requests\"") && page.contains("住民票の端末"));

    let key = house.hall.store().list(&store::Query::of("terminal")).unwrap().rows[0]
        .key
        .clone();
    let page = manager.get(&query(&key)).await.text();
    assert!(page.contains(&format!("href=\"/registers/terminal/{key}\"")));

    let directory = house.hall.directory();
    let member = &directory.people[&manager.person];
    let page = manager.get(&query(&member.name)).await.text();
    assert!(page.contains(&format!("href=\"/people/{}\"", manager.person)));
}

#[tokio::test]
async fn a_document_is_found_by_its_text_and_only_by_whoever_may_read_it() {
    let house = House::sample();
    let rows = house.hall.store().list(&store::Query::of("document")).unwrap().rows;
    let procedure = rows.iter().find(|row| row.document["kind"] == "procedure").unwrap();
    let manager = house.somebody(MANAGER);
    let written = manager
        .post(
            &format!("/documents/{}/text", procedure.key),
            &[("seen", ""), ("text", "非常用の合言葉は琥珀色の蜻蛉である。")],
        )
        .await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text());
    let link = format!("href=\"/documents/{}\"", procedure.key);
    assert!(manager.get(&query("琥珀色の蜻蛉")).await.text().contains(&link));
    let staff = house.somebody("staff without a role");
    let page = staff.get(&query("琥珀色の蜻蛉")).await.text();
    assert!(!page.contains(&link) && !page.contains("found-documents"), "{page}");
}

#[tokio::test]
async fn rows_that_a_visitor_may_not_read_are_neither_shown_nor_counted() {
    let house = House::sample();
    let (manager, staff) = (house.somebody(MANAGER), house.somebody("staff without a role"));
    let incidents = house.hall.store().list(&store::Query::of("incident")).unwrap().rows;
    let title = &incidents[0].title;
    assert!(manager.get(&query(title)).await.text().contains("found-incident"));
    assert!(!staff.get(&query(title)).await.text().contains("found-incident"));
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    let house = House::sample();
    let manager = house.somebody(MANAGER);
    let long = "住民".repeat(2_000);
    let hostile = [
        "\"",
        "' OR 1=1 --",
        "\" OR *",
        "NEAR(a b)",
        "%",
        "_%",
        "\\",
        "{}",
        "$1",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "\u{0}",
        "\u{202e}住民",
        "ǀǁǂǃ",
        "🏯🏯",
        "-",
        "^住",
        "term:住民",
        "()",
        "か",
        "\u{3000}",
        long.as_str(),
    ];
    for words in hostile {
        let page = manager.get(&query(words)).await;
        assert_eq!(page.status, StatusCode::OK, "{words:?}");
        assert!(!page.text().contains("<script>alert"), "{words:?}");
    }
    // One kana says too little to look through the records for it.
    let page = manager.get(&query("か")).await.text();
    assert!(
        !page.contains("found-system") && page.contains("or one kanji"),
        "{page}"
    );
    assert_eq!(
        manager.get("/search?q=%ff%fe&q=%E4").await.status,
        StatusCode::BAD_REQUEST
    );
}

//! The router as a browser meets it.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use tower::ServiceExt;
use web::frame::{Section, Viewer};
use web::sample;
use web::site::Site;

use crate::sample::site;

async fn ask(site: &Site, request: Request<Body>) -> Response {
    web::app(site.clone()).oneshot(request).await.unwrap()
}

/// What somebody gets who is signed in.
async fn get(site: &Site, path: &str) -> Response {
    let viewer: std::sync::Arc<Viewer> = sample::viewer(site).into();
    ask(site, Request::get(path).extension(viewer).body(Body::empty()).unwrap()).await
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_forbids_what_it_does_not_need() {
    let site = site();
    for path in ["/", "/?show=mine", "/no/such/page", "/assets/none.css", "/public"] {
        let response = get(&site, path).await;
        let headers = response.headers();
        let policy = header(headers, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(headers, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(headers, "cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn assets_are_named_after_their_content_and_kept_for_ever() {
    let site = site();
    let page = text(get(&site, "/").await).await;
    let hrefs = page.split('"').filter(|part| part.starts_with("/assets/sanmon-"));
    let href = hrefs.clone().find(|href| href.ends_with(".css")).unwrap();
    let response = get(&site, href).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        header(response.headers(), "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header(response.headers(), "content-type"), "text/css; charset=utf-8");
    assert!(text(response).await.contains(".standing"));
}

#[tokio::test]
async fn a_chosen_language_is_kept() {
    let site = site();
    let response = get(&site, "/?lang=en").await;
    assert!(header(response.headers(), "set-cookie").starts_with("lang=en;"));
    assert!(text(response).await.contains("<html lang=\"en\">"));
    let later = Request::get("/")
        .header("cookie", "lang=en")
        .body(Body::empty())
        .unwrap();
    assert!(text(ask(&site, later).await).await.contains("<html lang=\"en\">"));
    assert!(text(get(&site, "/").await).await.contains("<html lang=\"ja\">"));
}

#[tokio::test]
async fn a_page_that_is_not_there_offers_a_way_onward() {
    let site = site();
    let response = get(&site, "/no/such/page").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let page = text(response).await;
    assert!(page.contains("ページが見つかりません"));
    assert!(page.contains("href=\"/help\""));
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_answered_with_a_page() {
    let site = site();
    let response = get(&site, "/?show=everything").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(text(response).await.contains("何も変更されていません"));
    let wrong = Request::post("/").body(Body::empty()).unwrap();
    let response = ask(&site, wrong).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header(response.headers(), "allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_notice_is_told_once() {
    let site = site();
    let request = Request::get("/")
        .header("cookie", "notice=saved")
        .body(Body::empty())
        .unwrap();
    let response = ask(&site, request).await;
    assert!(header(response.headers(), "set-cookie").starts_with("notice=; "));
    assert!(text(response).await.contains("変更を保存しました。"));
    let forged = Request::get("/")
        .header("cookie", "notice=<b>")
        .body(Body::empty())
        .unwrap();
    assert!(!text(ask(&site, forged).await).await.contains("notice"));
}

#[tokio::test]
async fn a_line_of_a_configuration_is_shown_only_to_those_who_may_see_the_network() {
    let site = site();
    let (page, secret) = ("/duties/resilience.mynumber.isolated", "ip filter 2190 pass");
    assert!(text(get(&site, page).await).await.contains(secret));
    let mut viewer = sample::viewer(&site);
    viewer.sections.retain(|section| *section != Section::Network);
    let request = Request::get(page).extension(std::sync::Arc::new(viewer));
    let shown = text(ask(&site, request.body(Body::empty()).unwrap()).await).await;
    assert!(shown.contains("特定通信にない通信が通る") && !shown.contains(secret));
}

#[tokio::test]
async fn without_a_city_every_page_leads_to_the_first() {
    let clock = model::clock::FixedClock::new(jiff::Timestamp::UNIX_EPOCH);
    let site = Site::new(std::sync::Arc::new(clock));
    let response = get(&site, "/").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(response.headers(), "location"), "/start");
}

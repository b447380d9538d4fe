//! A request from its draft to what follows its approval, as people do it in their browsers.

use axum::http::StatusCode;
use policy::judge::Standing;

use crate::house::{House, Somebody};

const DUTY: &str = "technical.vulnerability.system_support";

fn standing(house: &House, duty: &str) -> Standing {
    let snapshot = house.hall.snapshot().unwrap();
    let position = snapshot.position(duty).unwrap();
    snapshot.duty(position).unwrap().1.standing
}

/// A duty that is broken, as nobody asked for an exception from it yet.
fn broken(house: &House) -> String {
    let snapshot = house.hall.snapshot().unwrap();
    let duties = (0..snapshot.duties.len()).filter_map(|position| snapshot.duty(position));
    let mut broken = duties.filter(|(_, state)| state.standing == Standing::Broken);
    broken.next().unwrap().0.id.clone()
}

async fn drafted(who: &Somebody<'_>, duty: &str, title: &str) -> String {
    let sent = who
        .post(
            "/requests/new",
            &[
                ("kind", "exception"),
                ("title", title),
                ("duty", duty),
                ("reason", "認証装置の修理に二週間かかる。"),
                ("measures", "職員二人の立会いで使う。"),
                ("expires_on", "令和9年1月31日"),
                ("do", "submit"),
            ],
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    sent.location
}

#[tokio::test]
async fn a_request_is_drafted_corrected_submitted_decided_and_carried_out() {
    let house = House::sample();
    let duty = broken(&house);
    let applicant = house.somebody("staff without a role");

    // All faults at once, each beside its field.
    let faulty = applicant
        .post(
            "/requests/new",
            &[
                ("kind", "exception"),
                ("title", ""),
                ("duty", &duty),
                ("expires_on", "いつか"),
                ("do", "submit"),
            ],
        )
        .await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = faulty.text();
    for id in ["title-fault", "reason-fault", "measures-fault", "expires_on-fault"] {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}\n{page}");
    }
    assert!(page.contains("value=\"いつか\""));
    assert!(house.hall.requests(&[], Some(&applicant.person)).unwrap().is_empty());

    let href = drafted(&applicant, &duty, "窓口端末の例外措置").await;
    let number = href.strip_prefix("/requests/").unwrap().to_owned();
    // Nobody decides their own request, be it by a form that they made themselves.
    let own = applicant.get(&href).await.text();
    assert!(!own.contains("value=\"approve\""));
    let seen = house.hall.request(&number).unwrap().version.to_string();
    let refused = applicant.post(&href, &[("do", "approve"), ("seen", &seen)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    // Every step is decided by somebody who may.
    for _ in 0..3 {
        let loaded = house.hall.request(&number).unwrap();
        if loaded.request.is_approved() {
            break;
        }
        let (directory, today) = (house.hall.directory(), house.hall.today());
        let decider = loaded.request.waiting(&*directory, today).into_iter().next().unwrap();
        let decider = house.person(&decider.person);
        let work = decider.get("/work").await.text();
        assert!(work.contains(&number), "{work}");
        let page = decider.get(&href).await;
        let seen = page.hidden("seen");
        let without = decider
            .post(&href, &[("do", "reject"), ("seen", &seen), ("comment", "")])
            .await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = decider
            .post(
                &href,
                &[("do", "approve"), ("seen", &seen), ("comment", "確かめました。")],
            )
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    }
    assert!(house.hall.request(&number).unwrap().request.is_approved());
    let row = house.hall.store().entry("exception", &number).unwrap().unwrap();
    assert_eq!(
        row.document.get("duty").and_then(|value| value.as_str()),
        Some(duty.as_str())
    );
    assert_eq!(standing(&house, &duty), Standing::Excepted);

    let record = applicant.get(&format!("{href}/print")).await;
    assert_eq!(record.status, StatusCode::OK);
    assert!(record.text().contains("確かめました。"));
}

#[tokio::test]
async fn a_draft_is_kept_and_changed_and_only_its_applicant_sees_it() {
    let house = House::sample();
    let applicant = house.somebody("staff without a role");
    let kept = applicant
        .post(
            "/requests/new",
            &[("kind", "exception"), ("title", "途中"), ("duty", DUTY), ("do", "save")],
        )
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let form = applicant.get(&format!("{}/edit", kept.location)).await;
    assert!(form.text().contains("value=\"途中\""));
    let changed = applicant
        .post(
            &format!("{}/edit", kept.location),
            &[
                ("kind", "exception"),
                ("title", "改めた件名"),
                ("duty", DUTY),
                ("seen", &form.hidden("seen")),
                ("do", "save"),
            ],
        )
        .await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    assert!(applicant.get(&kept.location).await.text().contains("改めた件名"));
    let chief = house.somebody("chief information security officer");
    assert_eq!(chief.get(&kept.location).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_form_of_an_exception_begins_with_what_the_finding_says() {
    let house = House::sample();
    let who = house.somebody("staff without a role");
    let page = who
        .get(&format!(
            "/requests/new?kind=exception&duty={DUTY}&register=system&key=SYS-036"
        ))
        .await;
    let text = page.text();
    assert!(text.contains(&format!("value=\"{DUTY}\" selected")));
    assert!(text.contains("value=\"system\" selected"));
    assert!(text.contains("value=\"SYS-036\""));
}

#[tokio::test]
async fn an_exception_for_a_row_that_is_not_there_is_not_submitted() {
    let house = House::sample();
    let who = house.somebody("staff without a role");
    let sent = who
        .post(
            "/requests/new",
            &[
                ("kind", "exception"),
                ("title", "ない行"),
                ("duty", DUTY),
                ("register", "system"),
                ("subject", "SYS-999"),
                ("reason", "理由"),
                ("measures", "代わり"),
                ("expires_on", "2027-01-31"),
                ("do", "submit"),
            ],
        )
        .await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.text().contains("id=\"subject-fault\""));
}

#[tokio::test]
async fn somebody_who_is_away_is_stood_in_for_and_takes_it_back() {
    let house = House::sample();
    let who = house.somebody("section information security manager");
    let page = format!("/people/{}", who.person);
    let wrong = who
        .post(
            &format!("{page}/absences"),
            &[("from", "2026-12-05"), ("until", "2026-12-01")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let away = [("from", "2026-11-23"), ("until", "令和8年12月1日"), ("stand_in", "")];
    assert_eq!(
        who.post(&format!("{page}/absences"), &away).await.status,
        StatusCode::SEE_OTHER
    );
    let kept = house.hall.absences_of(&who.person).unwrap();
    assert_eq!(kept.len(), 1);
    let version = kept[0].version.to_string();
    let cancel = [("absence", kept[0].key.as_str()), ("version", version.as_str())];
    who.post(&format!("{page}/absences/cancel"), &cancel).await;
    assert!(house.hall.absences_of(&who.person).unwrap().is_empty());
    // The same days again.
    assert_eq!(
        who.post(&format!("{page}/absences"), &away).await.status,
        StatusCode::SEE_OTHER
    );
    let other = house.somebody("staff without a role");
    assert_eq!(
        other.post(&format!("{page}/absences"), &away).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_ledger_is_browsed_checked_and_its_proofs_taken() {
    let house = House::sample();
    house.hall.sign_checkpoint().unwrap();
    let who = house.somebody("auditor");
    let list = who.get("/ledger").await;
    assert_eq!(list.status, StatusCode::OK);
    let checked = who.post("/ledger/verify", &[]).await;
    assert!(checked.text().contains("すべて一致しました"), "{}", checked.text());
    let entry = who.get("/ledger/0").await;
    assert!(entry.text().contains("/ledger/0/proof"));
    let proof = who.get("/ledger/0/proof").await;
    assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1\n"), "{}", proof.text());
    assert_eq!(who.get("/ledger/99999999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_text_is_written_revised_and_compared_and_a_race_is_told() {
    let house = House::sample();
    let who = house.somebody("general information security manager");
    let page = "/documents/D-002";
    let write = |text: &'static str, seen: &'static str| [("text", text), ("seen", seen), ("reason", "試し")];
    let first = who
        .post(&format!("{page}/text"), &write("第1条 目的\r\n第2条 用語\r\n", ""))
        .await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
    who.post(&format!("{page}/text"), &write("第1条 趣旨\n第2条 用語\n", "1"))
        .await;
    let raced = who.post(&format!("{page}/text"), &write("別の案", "1")).await;
    assert_eq!(raced.status, StatusCode::CONFLICT);
    assert_eq!(raced.hidden("seen"), "2");
    let compared = who.get(&format!("{page}/compare?from=1&to=2")).await.text();
    assert!(compared.contains("<del class=\"gone\">第1条 目的</del>"), "{compared}");
    assert!(compared.contains("<ins class=\"new\">第1条 趣旨</ins>"));
    let other = house.somebody("staff without a role");
    assert_eq!(other.get(&format!("{page}/text")).await.status, StatusCode::FORBIDDEN);
}

/// The form of `city.toml`.
fn revision<'f>(seen: &'f str, word: &'f str, text: &'f str) -> [(&'f str, &'f str); 5] {
    let file = ("name", "city.toml");
    [file, ("seen", seen), ("text", text), ("reason", "試し"), ("do", word)]
}

#[tokio::test]
async fn a_change_of_the_settings_shows_what_becomes_of_the_standing_before_it_is_made() {
    let house = House::sample();
    let who = house.somebody("general information security manager");
    let form = who.get("/admin/files?name=city.toml").await;
    let files = house.hall.own_files().unwrap();
    let settings = files.iter().find(|file| file.name == "city.toml").unwrap();
    let changed = settings
        .text
        .replace("audit_interval_days = 400", "audit_interval_days = 1");
    let seen = form.hidden("seen");
    let wrong = settings.text.replace("audit_interval_days", "no_such_days");
    let before = house.hall.snapshot().unwrap().summary.count(Standing::Broken);
    let shown = who.post("/admin/files", &revision(&seen, "preview", &changed)).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    assert!(shown.text().contains("この変更による状況の変化"));
    assert!(!shown.text().contains("状況は変わりません。"));
    assert_eq!(house.hall.snapshot().unwrap().summary.count(Standing::Broken), before);
    let faulty = who.post("/admin/files", &revision(&seen, "save", &wrong)).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.text().contains("city.toml 1"), "{}", faulty.text());
    let saved = who.post("/admin/files", &revision(&seen, "save", &changed)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert!(house.hall.snapshot().unwrap().summary.count(Standing::Broken) > before);
    let other = house.somebody("staff without a role");
    let refused = other.post("/admin/files", &revision(&seen, "save", &changed)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn requests_are_turned_page_by_page_and_narrowed_by_kind_state_and_words() {
    let house = House::sample();
    let who = house.somebody("staff without a role");
    let drafts = (1..=60).map(|count| format!("件名{count:02}"));
    for title in drafts {
        let kept = [
            ("kind", "exception"),
            ("title", title.as_str()),
            ("duty", DUTY),
            ("do", "save"),
        ];
        let kept = who.post("/requests/new", &kept).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
    }
    let listed = who.get("/requests?show=mine").await;
    let first = listed.text();
    assert!(first.contains("1–50件目(60件中)") && first.contains("件名60") && !first.contains("件名10"));
    let second = who.get(&listed.next_page()).await.text();
    assert!(second.contains("51–60件目(60件中)") && second.contains("件名10") && second.contains("rel=\"prev\""));

    let found = who
        .get("/requests?show=all&state=draft&kind=exception&q=件名07")
        .await
        .text();
    assert!(found.contains("件名07") && !found.contains("件名08"), "{found}");
    for none in [
        "state=approved",
        "kind=adoption",
        "q=%22%20OR%20*%00",
        "state=%27",
        "cursor=9999-00",
    ] {
        let page = who.get(&format!("/requests?show=mine&{none}")).await;
        assert_eq!(page.status, StatusCode::OK, "{none}");
        assert_eq!(none.starts_with("state=%27"), page.text().contains("件名60"), "{none}");
    }
    // Drafts are their applicant's alone.
    let chief = house.somebody("chief information security officer");
    assert!(!chief.get("/requests?show=all").await.text().contains("件名60"));
}

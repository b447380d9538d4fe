//! People: recoveries, transfers.

use axum::http::StatusCode;

use crate::house::{House, Somebody};

/// The sample's administrator, and a second one.
async fn administrators(house: &House) -> (Somebody<'_>, Somebody<'_>) {
    house.hall.found_sample().unwrap();
    let first = house.somebody("general information security manager");
    let second = house.somebody("chief information security officer");
    let made = first
        .post(&format!("/people/{}/administrator", second.person), &[("is", "yes")])
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    (first, second)
}

/// The address of the link that a page shows this once.
fn link(page: &str) -> String {
    let (_, rest) = page.split_once("http://localhost:8080/invitation/").unwrap();
    format!("/invitation/{}", rest.split('<').next().unwrap())
}

#[tokio::test]
async fn who_lost_every_factor_is_recovered_by_two_administrators_and_a_link() {
    let house = House::sample();
    let (first, second) = administrators(&house).await;
    let person = house.somebody("auditor");
    let page = format!("/people/{}", person.person);
    let (ask, decide) = (format!("{page}/recovery"), format!("{page}/recovery/decision"));

    let unexplained = first.post(&ask, &[("reason", " ")]).await;
    assert_eq!(unexplained.status, StatusCode::UNPROCESSABLE_ENTITY);
    let asked = first.post(&ask, &[("reason", "窓口で職員証を確かめた")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let alone = first.post(&decide, &[("do", "approve"), ("version", "1")]).await;
    assert_eq!(alone.status, StatusCode::BAD_REQUEST, "one administrator is not two");
    let own = person.post(&decide, &[("do", "approve"), ("version", "1")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);

    assert!(person.get("/work").await.text().contains("回復が始まっています"));
    assert!(second.get("/work").await.text().contains(&format!("{page}#recovery")));
    assert!(!first.get("/work").await.text().contains(&format!("{page}#recovery")));

    let agreed = second.post(&decide, &[("do", "approve"), ("version", "1")]).await;
    assert_eq!(agreed.status, StatusCode::OK);
    let link = link(&agreed.text());
    assert_eq!(
        person.get("/work").await.status,
        StatusCode::OK,
        "nothing ends before the link is used"
    );

    let nobody = house.nobody();
    assert!(nobody.get(&link).await.text().contains("登録し直します"));
    let used = nobody.press(&link).await;
    assert_eq!(
        (used.status, used.location.as_str()),
        (StatusCode::SEE_OTHER, "/account")
    );
    assert!(
        person.get("/work").await.location.starts_with("/sign-in"),
        "their sessions ended"
    );
    assert_eq!(nobody.press(&link).await.status, StatusCode::GONE);
    let kinds = kinds(&house);
    for kind in [
        "recovery.ask",
        "recovery.approve",
        "recovery.use",
        "sign-in.sessions-revoked",
    ] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}");
    }
}

#[tokio::test]
async fn a_recovery_that_was_declined_makes_no_link_and_nobody_begins_their_own() {
    let house = House::sample();
    let (first, second) = administrators(&house).await;
    let person = house.somebody("auditor");
    let page = format!("/people/{}", person.person);
    first
        .post(&format!("{page}/recovery"), &[("reason", "電話を受けた")])
        .await;
    let declined = second
        .post(
            &format!("{page}/recovery/decision"),
            &[("do", "decline"), ("version", "1")],
        )
        .await;
    assert_eq!(declined.status, StatusCode::SEE_OTHER);
    let late = second
        .post(
            &format!("{page}/recovery/decision"),
            &[("do", "approve"), ("version", "2")],
        )
        .await;
    assert_eq!(late.status, StatusCode::BAD_REQUEST);
    let own = first
        .post(&format!("/people/{}/recovery", first.person), &[("reason", "自分")])
        .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let stranger = person
        .post(&format!("/people/{}/recovery", first.person), &[("reason", "x")])
        .await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
}

/// The kinds of everything that the ledger holds.
fn kinds(house: &House) -> Vec<String> {
    let leaves = house.hall.store().leaves(0, 100_000).unwrap();
    let kinds = leaves.iter().map(|leaf| store::log::parsed(&leaf.bytes).unwrap().kind);
    kinds.collect()
}

#[tokio::test]
async fn transfers_are_looked_at_by_row_confirmed_and_cancelled_on_their_pages() {
    let house = House::sample();
    let (administrator, _) = administrators(&house).await;
    let mover = house.somebody("section information security manager");
    let (transfers, day) = ("/people/transfers", [("on", "令和9年4月1日")]);
    assert_eq!(mover.get(transfers).await.status, StatusCode::FORBIDDEN);
    assert_eq!(administrator.get("/people/transfers/template").await.bytes[..2], *b"PK");

    let undated = administrator.upload_with(transfers, &[], ("異動.csv", b"x")).await;
    assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = format!("職員番号,新所属\n{},どこにもない課\nP9999,\n", mover.person);
    let wrong = administrator
        .upload_with(transfers, &day, ("異動.csv", wrong.as_bytes()))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("B2"), "{}", wrong.text());

    let sheet = format!("職員番号,区分\n{},退職・転出\n", mover.person);
    let looked_at = administrator
        .upload_with(transfers, &day, ("異動.csv", sheet.as_bytes()))
        .await;
    assert_eq!(looked_at.status, StatusCode::OK);
    let page = looked_at.text();
    assert!(
        page.contains("離任日を令和9年3月31日とする") && page.contains("利用者IDを停止"),
        "{page}"
    );
    let ticket = looked_at.hidden("ticket");
    let confirmed = administrator
        .post(
            "/people/transfers/confirm",
            &[("ticket", &ticket), ("reason", "4月1日付け")],
        )
        .await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER);
    let page = administrator.get(&confirmed.location).await;
    assert!(page.text().contains("その日を待っています"));
    assert!(administrator.get(transfers).await.text().contains(&confirmed.location));

    let version = page.hidden("version");
    let cancel = format!("{}/cancel", confirmed.location);
    let unexplained = administrator.post(&cancel, &[("version", &version)]).await;
    assert_eq!(unexplained.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stale = administrator
        .post(&cancel, &[("version", "1"), ("reason", "誤り")])
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let cancelled = administrator
        .post(&cancel, &[("version", &version), ("reason", "誤り")])
        .await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER);
    let row = administrator
        .get(&format!("/registers/person/{}", mover.person))
        .await
        .text();
    assert!(!row.contains("令和9年3月31日"), "{row}");
}

#[tokio::test]
async fn personnel_acknowledge_what_binds_them_and_those_who_answer_for_them_see_who_has_not() {
    let house = House::sample();
    let hall = &house.hall;
    let manager = house.somebody("general information security manager");
    // Somebody whose acknowledgements of the policy of this year are gone.
    let late = house.somebody("staff without a role").person;
    let mut rows = Vec::new();
    let scan = &mut |entry: store::Entry| {
        if entry.document["document"] == "D-001" && entry.document["person"] == *late {
            rows.push((entry.key, entry.version.to_string()));
        }
        Ok(())
    };
    hall.store().scan("acknowledgement", scan).unwrap();
    for (key, version) in rows {
        let retire = format!("/registers/acknowledgement/{key}/retire");
        let retired = manager
            .post(&retire, &[("version", &version), ("reason", "誤り")])
            .await;
        assert_eq!(retired.status, StatusCode::SEE_OTHER);
    }
    let directory = hall.directory();
    let person = house.person(&late);
    let (page, name) = ("/documents/D-001", &directory.people[&late].name);

    assert!(person.get("/work").await.text().contains("確認するもの"));
    assert!(
        manager.get(page).await.text().contains(name),
        "the manager sees who has not"
    );
    let of_others = directory.people[&manager.person].name.clone();
    assert!(
        !person.get(page).await.text().contains("まだ確認していない"),
        "{of_others}"
    );
    let acknowledged = person
        .post(&format!("{page}/acknowledgement"), &[("from", "work")])
        .await;
    assert_eq!(
        (acknowledged.status, &*acknowledged.location),
        (StatusCode::SEE_OTHER, "/work")
    );
    assert!(
        !person
            .get("/work")
            .await
            .text()
            .contains("/documents/D-001/acknowledgement")
    );
    assert!(!manager.get(page).await.text().contains(name));
    let again = person.post(&format!("{page}/acknowledgement"), &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "once");
    let withdrawn = person.post("/documents/D-000/acknowledgement", &[]).await;
    assert_eq!(withdrawn.status, StatusCode::NOT_FOUND);
}

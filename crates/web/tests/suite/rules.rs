//! What a city says of itself and how it is administered, through its pages.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::house::House;

#[tokio::test]
async fn the_administration_is_offered_to_those_who_may_do_something_there() {
    let house = House::sample();
    let link = "href=\"/admin\"";
    let manager = house.somebody("general information security manager");
    assert!(manager.get("/work").await.text().contains(link));
    for role in [
        "staff without a role",
        "section information security manager",
        "auditor",
    ] {
        assert!(!house.somebody(role).get("/work").await.text().contains(link), "{role}");
    }
}

#[tokio::test]
async fn what_was_typed_is_there_after_a_new_proof() {
    let house = House::sample();
    let manager = house.somebody("general information security manager");
    let form = manager.get("/admin/files?name=city.toml").await;
    let version = form.hidden("seen");
    let files = house.hall.own_files().unwrap();
    let settings = files.into_iter().find(|file| file.name == "city.toml").unwrap();
    let changed = format!("{}\n# 見直しは年一回\n", settings.text);
    let sent = [
        ("name", "city.toml"),
        ("seen", &version),
        ("text", &changed),
        ("reason", "注記"),
        ("do", "save"),
    ];
    house.clock.advance(SignedDuration::from_mins(45));
    let asked = manager.post("/admin/files", &sent).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let next = asked
        .location
        .strip_prefix("/sign-in/again?next=")
        .unwrap()
        .replace("%2F", "/");
    assert!(next.starts_with("/again/"), "{}", asked.location);

    let again = house.person(&manager.person);
    let page = again.get(&next).await;
    assert!(page.text().contains("見直しは年一回") && page.hidden("reason") == "注記");
    let other = house.somebody("auditor");
    assert_eq!(
        other.get(&next).await.status,
        StatusCode::BAD_REQUEST,
        "it is nobody else's"
    );
    assert_eq!(again.post("/admin/files", &sent).await.status, StatusCode::SEE_OTHER);
    assert!(
        again
            .get("/admin/files?name=city.toml")
            .await
            .text()
            .contains("見直しは年一回")
    );
}

#[tokio::test]
async fn an_empty_register_is_kept_once_somebody_says_so() {
    let house = House::sample();
    let manager = house.somebody("general information security manager");
    let page = "/registers/drill";
    let mut rows = Vec::new();
    let scan = &mut |entry: store::Entry| {
        rows.push((entry.key, entry.version));
        Ok(())
    };
    house.hall.store().scan("drill", scan).unwrap();
    for (key, version) in rows {
        let retire = format!("{page}/{key}/retire");
        let version = version.to_string();
        assert_eq!(
            manager.post(&retire, &[("version", &version)]).await.status,
            StatusCode::SEE_OTHER
        );
    }
    assert!(manager.get(page).await.text().contains("付けていないことに戻す"));
    let said = manager.post(&format!("{page}/kept"), &[("is", "no")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(!house.hall.is_kept("drill").unwrap());
    assert!(
        manager
            .get(page)
            .await
            .text()
            .contains("該当するものがない台帳として付ける")
    );
    let staff = house.somebody("staff without a role");
    let denied = staff.post(&format!("{page}/kept"), &[("is", "yes")]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    manager.post(&format!("{page}/kept"), &[("is", "yes")]).await;
    assert!(house.hall.is_kept("drill").unwrap());
}

#[tokio::test]
async fn a_row_is_retired_with_its_reason() {
    let house = House::sample();
    let manager = house.somebody("general information security manager");
    let mut key = None;
    let scan = &mut |entry: store::Entry| {
        key.get_or_insert(entry.key);
        Ok(())
    };
    house.hall.store().scan("terminal", scan).unwrap();
    let page = format!("/registers/terminal/{}", key.unwrap());
    let question = manager.get(&format!("{page}/retire")).await;
    let version = question.hidden("version");
    let retired = manager
        .post(
            &format!("{page}/retire"),
            &[("version", &version), ("reason", "故障による廃棄")],
        )
        .await;
    assert_eq!(retired.status, StatusCode::SEE_OTHER);
    assert!(
        manager
            .get(&format!("{page}/history"))
            .await
            .text()
            .contains("故障による廃棄")
    );
}

#[tokio::test]
async fn a_file_of_rules_is_corrected_by_line_looked_at_saved_and_taken_back_to_a_former_version() {
    let house = House::sample();
    let manager = house.somebody("general information security manager");
    let (page, name) = ("/admin/rules/edit", "rules/requests/exception.toml");
    let begun = manager.get(&format!("{page}?name={name}")).await;
    assert!(
        begun.text().contains("kind = ") && begun.hidden("seen") == "0",
        "{}",
        begun.text()
    );
    let route = |days: u16| {
        format!(
            "kind = \"exception\"\r\n[[route]]\r\nid = \"exception\"\r\ndecide_within_days = {days}\r\n[[route.step]]\r\n\
             any = [{{ role = \"ciso\", of = \"city\" }}]\r\n"
        )
    };
    let form = |text: &str, seen: &str, act: &str| {
        let pairs = [
            ("name", name),
            ("seen", seen),
            ("text", text),
            ("reason", "簡素にする"),
            ("do", act),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |pairs: [(String, String); 5]| {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
        manager.post(page, &pairs).await
    };
    let wrong = post(form(&route(10).replace("ciso", "king"), "0", "save")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("<td class=\"number\">6</td>"), "{}", wrong.text());
    let shown = post(form(&route(10), "0", "preview")).await;
    assert!(shown.text().contains("10日以内"), "{}", shown.text());
    assert!(house.hall.rule_files().unwrap().is_empty());
    for (days, seen) in [(10, "0"), (20, "1")] {
        let saved = post(form(&route(days), seen, "save")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    }
    assert_eq!(post(form(&route(5), "1", "save")).await.status, StatusCode::CONFLICT);
    let former = manager.get(&format!("{page}?name={name}&version=1")).await;
    assert!(former.text().contains("decide_within_days = 10") && former.hidden("seen") == "2");
    assert!(manager.get("/admin/rules").await.text().contains(name));
    let staff = house.somebody("staff without a role");
    let pairs = form(&route(1), "2", "save");
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(staff.post(page, &pairs).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        manager.get(&format!("{page}?name=rules/other")).await.status,
        StatusCode::NOT_FOUND
    );
}

//! The pages of the registers over a living hall: what people do there, and what they may not.

use axum::http::StatusCode;
use register::list::EMPTY;

use crate::house::{House, Somebody};

const MANAGER: &str = "general information security manager";
const STAFF: &str = "staff without a role";

/// A terminal as a form sends it.
fn terminal(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("code", code),
        ("kind", "notebook"),
        ("zone", "Z-LG"),
        ("section", "S11"),
        ("status", "in_use"),
    ]
}

async fn add(somebody: &Somebody<'_>, code: &str) {
    let reply = somebody.post("/registers/terminal/new", &terminal(code)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}

/// Some key of the sample's register, by way of the list.
fn keys(house: &House, register: &str) -> Vec<String> {
    let page = house.hall.store().list(&store::Query::of(register)).unwrap();
    page.rows.into_iter().map(|row| row.key).collect()
}

#[tokio::test]
async fn a_list_is_searched_narrowed_sorted_and_turned_page_by_page() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    let first = somebody.get("/registers/terminal?limit=20").await;
    assert_eq!(first.status, StatusCode::OK);
    let page = first.text();
    assert!(page.contains("1–20件目"), "{page}");
    let second = somebody.get(&first.next_page()).await.text();
    assert!(second.contains("21–40件目") && second.contains("rel=\"prev\""));
    let key = &keys(&house, "terminal")[0];
    let found = somebody
        .get(&format!("/registers/terminal?search={key}&sort=-code"))
        .await
        .text();
    assert!(found.contains(&format!("/registers/terminal/{key}\"")) && found.contains("aria-sort=\"descending\""));
    let empty = somebody
        .get("/registers/terminal?search=%E3%81%AA%E3%81%84%E8%A8%80%E8%91%89")
        .await
        .text();
    assert!(empty.contains("当てはまる行はありません"));
    let users = format!("/registers/terminal?filter%5Buser%5D={EMPTY}&_column=code&_column=os&lang=en");
    let shared = somebody.get(&users).await;
    assert_eq!(shared.status, StatusCode::OK);
    assert!(shared.text().contains(">OS<"));
    let wrong = somebody.get("/registers/terminal?from%5Bconfirmed_on%5D=someday").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("href=\"#from[confirmed_on]\""));
    assert_eq!(somebody.get("/registers/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_faults_of_a_form_come_at_once_and_what_was_typed_stays() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    let mut typed = terminal("T-9001");
    typed.extend([
        ("factors", "二つ"),
        ("patched_on", "R8.13.1"),
        ("os", "Plan 9"),
        ("zone", "どこか"),
    ]);
    typed.retain(|pair| *pair != ("zone", "Z-LG"));
    let refused = somebody.post("/registers/terminal/new", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    for field in ["factors", "patched_on", "zone"] {
        assert!(page.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(page.contains(&format!("id=\"{field}-fault\"")), "{field}");
    }
    assert!(page.contains("value=\"Plan 9\"") && page.contains("value=\"二つ\""));
    let corrected = somebody.post("/registers/terminal/new", &terminal("T-9001")).await;
    assert_eq!(
        (corrected.status, corrected.location.as_str()),
        (StatusCode::SEE_OTHER, "/registers/terminal/T-9001")
    );
    let detail = somebody.get("/registers/terminal/T-9001").await.text();
    assert!(detail.contains("第1版") && detail.contains("この行への指摘"));
    let again = somebody.post("/registers/terminal/new", &terminal("T-9001")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("既に使われている"));
}

#[tokio::test]
async fn a_row_that_a_field_refers_to_is_looked_up_without_a_script() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    let mut typed = terminal("T-9002");
    typed.extend([("user", "P01"), ("_look_up", "user")]);
    let found = somebody.post("/registers/terminal/new", &typed).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.text().contains("name=\"_choose\" value=\"user=P01"));
    let key = &keys(&house, "person")[0];
    let choice = format!("user={key}");
    typed.retain(|(name, _)| *name != "_look_up");
    typed.push(("_choose", &choice));
    let chosen = somebody.post("/registers/terminal/new", &typed).await.text();
    assert!(chosen.contains(&format!("name=\"user\" value=\"{key}\"")));
    assert!(house.hall.store().entry("terminal", "T-9002").unwrap().is_none());
}

#[tokio::test]
async fn whoever_loses_a_race_sees_both_changes_and_goes_on() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    add(&somebody, "T-9003").await;
    let with = |os: &'static str, factors: &'static str, version: &'static str| {
        let mut sent = terminal("T-9003");
        sent.extend([("os", os), ("factors", factors), ("_version", version)]);
        sent
    };
    let edit = "/registers/terminal/T-9003/edit";
    assert_eq!(somebody.get(edit).await.hidden("_version"), "1");
    assert_eq!(
        somebody.post(edit, &with("A", "", "1")).await.status,
        StatusCode::SEE_OTHER
    );
    let lost = somebody.post(edit, &with("", "2", "1")).await;
    assert_eq!(lost.status, StatusCode::CONFLICT);
    assert_eq!(lost.hidden("_version"), "2");
    let page = lost.text();
    assert!(page.contains("先にほかの人が変更していました"));
    assert!(page.contains("name=\"os\" value=\"A\"") && page.contains("name=\"factors\" value=\"2\""));
    assert_eq!(
        somebody.post(edit, &with("A", "2", "2")).await.status,
        StatusCode::SEE_OTHER
    );
    let history = somebody.get("/registers/terminal/T-9003/history").await.text();
    assert!(history.contains("第3版") && history.contains("認証の要素数"));
}

#[tokio::test]
async fn a_row_is_retired_after_a_question_and_taken_into_use_again() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    add(&somebody, "T-9004").await;
    let asked = somebody.get("/registers/terminal/T-9004/retire").await;
    assert!(asked.text().contains("廃止しますか"));
    let version = asked.hidden("version");
    let done = somebody
        .post("/registers/terminal/T-9004/retire", &[("version", &version)])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(
        house
            .hall
            .store()
            .entry("terminal", "T-9004")
            .unwrap()
            .unwrap()
            .retired_at
            .is_some()
    );
    let detail = somebody.get("/registers/terminal/T-9004").await.text();
    assert!(detail.contains("この行は廃止されています") && !detail.contains("T-9004/edit"));
    assert!(
        somebody
            .get("/registers/terminal?_state=retired")
            .await
            .text()
            .contains("T-9004")
    );
    let version = somebody
        .get("/registers/terminal/T-9004/restore")
        .await
        .hidden("version");
    let done = somebody
        .post("/registers/terminal/T-9004/restore", &[("version", &version)])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    // What others refer to stays in use.
    let version = somebody.get("/registers/section/S11/retire").await.hidden("version");
    let kept = somebody
        .post("/registers/section/S11/retire", &[("version", &version)])
        .await;
    assert_eq!(kept.status, StatusCode::BAD_REQUEST);
    assert!(kept.text().contains("参照されている"));
}

#[tokio::test]
async fn a_file_is_looked_at_before_it_is_taken_in() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    let export = somebody.get("/registers/terminal/export?_format=csv").await;
    let whole = export.text();
    let lines: Vec<&str> = whole.split("\r\n").collect();
    let old = lines[1].split(',').next().unwrap();
    let changed = lines[1].replacen(",使用中,", ",修理中,", 1);
    let created = changed.replacen(old, "T-9005", 1);
    let file = [lines[0], &changed, &created, lines[2]].join("\r\n");
    let preview = somebody
        .upload("/registers/terminal/import", "端末.csv", file.as_bytes())
        .await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text());
    let page = preview.text();
    assert!(page.contains("2件を取り込む") && page.contains("修理中"), "{page}");
    assert!(house.hall.store().entry("terminal", "T-9005").unwrap().is_none());
    let ticket = preview.hidden("ticket");
    let confirm = "/registers/terminal/import/confirm";
    let size = house.hall.store().head().unwrap().edge.size();
    let taken = somebody
        .post(confirm, &[("ticket", &ticket), ("reason", "棚卸し")])
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    assert_eq!(house.hall.store().head().unwrap().edge.size(), size + 2);
    let entry = house.hall.store().entry("terminal", "T-9005").unwrap().unwrap();
    assert_eq!(entry.document["status"], "repair");
    let history = house.hall.store().versions("terminal", old).unwrap();
    assert_eq!(history[0].reason.as_ref().unwrap(), "棚卸し");
    // A ticket works once.
    assert_eq!(
        somebody.post(confirm, &[("ticket", &ticket)]).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_file_whose_rows_changed_since_the_preview_is_not_taken_in() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    add(&somebody, "T-9006").await;
    let listed = somebody
        .get("/registers/terminal/export?_format=csv&search=T-9006")
        .await
        .text();
    let file = listed.replace("ノート", "タブレット");
    let ticket = somebody
        .upload("/registers/terminal/import", "a.csv", file.as_bytes())
        .await
        .hidden("ticket");
    let mut sent = terminal("T-9006");
    sent.extend([("os", "A"), ("_version", "1")]);
    assert_eq!(
        somebody.post("/registers/terminal/T-9006/edit", &sent).await.status,
        StatusCode::SEE_OTHER
    );
    let late = somebody
        .post("/registers/terminal/import/confirm", &[("ticket", &ticket)])
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(
        house
            .hall
            .store()
            .entry("terminal", "T-9006")
            .unwrap()
            .unwrap()
            .document["os"],
        "A"
    );
}

#[tokio::test]
async fn a_file_without_a_column_leaves_its_values_as_they_are() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    let key = &keys(&house, "terminal")[0];
    let before = house.hall.store().entry("terminal", key).unwrap().unwrap().document;
    let (zone, section) = (before["zone"].as_str().unwrap(), before["section"].as_str().unwrap());
    let file = format!("管理番号,種類,領域,所属,状態\n{key},ノート,{zone},{section},修理中\n");
    let import = "/registers/terminal/import";
    let ticket = somebody.upload(import, "a.csv", file.as_bytes()).await.hidden("ticket");
    let taken = somebody
        .post(&format!("{import}/confirm"), &[("ticket", &ticket)])
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    let mut expected = before;
    expected["status"] = "repair".into();
    assert_eq!(
        house.hall.store().entry("terminal", key).unwrap().unwrap().document,
        expected
    );
}

#[tokio::test]
async fn every_fault_of_a_file_is_told_with_its_cell() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    let export = somebody.get("/registers/terminal/export?_format=csv").await.text();
    let mut lines: Vec<&str> = export.split("\r\n").take(2).collect();
    let wrong = lines[1].replacen("使用中", "どこか", 1);
    lines[1] = &wrong;
    let refused = somebody
        .upload("/registers/terminal/import", "a.csv", lines.join("\r\n").as_bytes())
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(
        page.contains("何も取り込んでいません") && page.contains("状態"),
        "{page}"
    );
    let nothing = somebody.upload("/registers/terminal/import", "", b"").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_export_comes_back_as_no_change() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    for (format, name) in [("xlsx", "a.xlsx"), ("csv", "a.csv")] {
        for register in ["terminal", "section", "sns_account"] {
            let export = somebody
                .get(&format!("/registers/{register}/export?_format={format}"))
                .await;
            assert_eq!(export.status, StatusCode::OK);
            let preview = somebody
                .upload(&format!("/registers/{register}/import"), name, &export.bytes)
                .await;
            assert_eq!(
                preview.status,
                StatusCode::OK,
                "{register} {format}: {}",
                preview.text()
            );
            assert!(
                preview.text().contains("取り込む変更はありません"),
                "{register} {format}"
            );
        }
    }
    let narrowed = somebody
        .get("/registers/terminal/export?_format=csv&filter%5Bstatus%5D=lost")
        .await
        .text();
    assert!(narrowed.lines().skip(1).all(|line| line.contains("紛失")));
}

#[tokio::test]
async fn one_field_of_several_rows_is_set_in_one_act() {
    let house = House::sample();
    let somebody = house.somebody(MANAGER);
    for code in ["T-9007", "T-9008"] {
        add(&somebody, code).await;
    }
    let chosen = "/registers/terminal/bulk?key=T-9007&key=T-9008";
    assert!(somebody.get(chosen).await.text().contains("変える項目"));
    assert!(
        somebody
            .get(&format!("{chosen}&field=status"))
            .await
            .text()
            .contains("name=\"status\"")
    );
    let keys = [("_key", "T-9007"), ("_key", "T-9008"), ("_field", "factors")];
    let wrong = [&keys[..], &[("factors", "9")]].concat();
    let refused = somebody.post("/registers/terminal/bulk", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [&keys[..], &[("factors", "2")]].concat();
    let looked = somebody.post("/registers/terminal/bulk", &right).await;
    assert!(looked.text().contains("2件を変える"), "{}", looked.text());
    assert!(looked.text().contains("name=\"_seen\" value=\"1:T-9007\""));
    let confirm = [
        ("_field", "factors"),
        ("factors", "2"),
        ("_seen", "1:T-9007"),
        ("_seen", "1:T-9008"),
    ];
    let done = somebody.post("/registers/terminal/bulk/confirm", &confirm).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    for code in ["T-9007", "T-9008"] {
        assert_eq!(
            house.hall.store().entry("terminal", code).unwrap().unwrap().document["factors"],
            2
        );
    }
    let late = somebody
        .post(
            "/registers/terminal/bulk/confirm",
            &[("_field", "factors"), ("factors", "3"), ("_seen", "1:T-9007")],
        )
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_a_visitor_may_not_do_is_neither_offered_nor_done() {
    let house = House::sample();
    let staff = house.somebody(STAFF);
    let directory = house.hall.directory();
    let own = &directory.people[&staff.person].section;
    let rows = house
        .hall
        .store()
        .list(&store::Query {
            limit: 1_000,
            ..store::Query::of("terminal")
        })
        .unwrap()
        .rows;
    let foreign = rows.iter().find(|row| row.document["section"] != own.as_str()).unwrap();
    let page = staff.get("/registers/terminal?limit=200").await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    assert!(!page.contains("/registers/terminal/new") && !page.contains("/registers/terminal/import"));
    for row in rows.iter().filter(|row| row.document["section"] != own.as_str()) {
        assert!(
            !page.contains(&format!("/registers/terminal/{}\"", row.key)),
            "{}",
            row.key
        );
    }
    let there = format!("/registers/terminal/{}", foreign.key);
    assert_eq!(staff.get(&there).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        staff.get(&format!("{there}/history")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(staff.get(&format!("{there}/edit")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        staff.get("/registers/terminal/export").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        staff.get("/registers/terminal/import").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        staff.post("/registers/terminal/new", &terminal("T-9009")).await.status,
        StatusCode::FORBIDDEN
    );
    let index = staff.get("/registers").await.text();
    assert!(index.contains("/registers/incident/new") && !index.contains("/registers/terminal/new"));
}

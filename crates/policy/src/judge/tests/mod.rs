//! Standings of a small city: terminals, people and their courses, exceptions and attestations.

mod engine;
mod incremental;

use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};
use model::lang::Text;

use super::{Judge, Standing, Verdict};
use crate::criterion::City;
use crate::facts::{Facts, FieldKind, FieldSchema, Record, RegisterSchema, Schema, Value};
use crate::standard::{CompiledStandard, SourceFile, Standard};

const DUTIES: &str = r#"
[[duty]]
id = "t.factors"
concept = "t"
title = { ja = "二要素", en = "two factors" }
owes = "system_manager"
severity = "high"
evidence_days = 400
each = { register = "terminal", where = "in_use", holds = "factors >= 2" }
remedy = { ja = "直す", en = "mend" }

[[duty]]
id = "t.supported"
concept = "t"
title = { ja = "期限内", en = "supported" }
owes = "system_manager"
severity = "high"
evidence_days = 0
each = { register = "terminal", holds = "supported_until >= today" }
remedy = { ja = "直す", en = "mend" }

[[duty]]
id = "t.some"
concept = "t"
title = { ja = "一台はある", en = "at least one" }
owes = "system_manager"
severity = "high"
evidence_days = 0
some = { register = "terminal", where = "factors == 3" }
remedy = { ja = "直す", en = "mend" }

[[duty]]
id = "p.course"
concept = "p"
title = { ja = "毎年度の研修", en = "a course every fiscal year" }
owes = "personnel"
severity = "medium"
evidence_days = 0
within = { register = "attendance", date = "done_on", fiscal_year = true, per = "person", among = "left_on == null", from = "joined_on", grace_days = 60 }
remedy = { ja = "受ける", en = "attend" }

[[duty]]
id = "a.audit"
concept = "a"
title = { ja = "監査", en = "audit" }
owes = "audit_manager"
severity = "medium"
evidence_days = 0
within = { register = "attendance", date = "done_on", days = "audit_interval_days" }
remedy = { ja = "行う", en = "do it" }

[[duty]]
id = "a.beta"
concept = "a"
title = { ja = "βの条件", en = "a condition of model beta" }
owes = "ciso"
severity = "medium"
evidence_days = 0
applies = "city.model == 'beta'"
engine = { fact = "watch.edr" }
remedy = { ja = "行う", en = "do it" }

[[duty]]
id = "a.attested"
concept = "a"
title = { ja = "証明", en = "an attestation" }
owes = "ciso"
severity = "low"
evidence_days = 0
attested = { role = "ciso", days = 365 }
remedy = { ja = "証明する", en = "attest" }
"#;

fn schema() -> Arc<Schema> {
    let register = |slug: &str, dated_by: Option<&str>, fields: Vec<(&str, FieldKind)>| RegisterSchema {
        slug: slug.to_owned(),
        label: Text::same(slug),
        dated_by: dated_by.map(str::to_owned),
        fields: fields
            .into_iter()
            .map(|(name, kind)| FieldSchema {
                name: name.to_owned(),
                label: Text::same(name),
                kind,
            })
            .collect(),
    };
    let words = |words: &[&str]| FieldKind::Choice(words.iter().map(|w| ((*w).to_owned(), Text::same(*w))).collect());
    let person = || FieldKind::Reference("person".to_owned());
    let terminal = vec![
        ("in_use", FieldKind::Bool),
        ("factors", FieldKind::Int),
        ("supported_until", FieldKind::Date),
        ("confirmed_on", FieldKind::Date),
    ];
    let exception = vec![
        ("duty", FieldKind::Text),
        ("register", FieldKind::Text),
        ("subject", FieldKind::Text),
        ("applied_by", person()),
        ("approved_by", person()),
        ("approved_on", FieldKind::Date),
        ("expires_on", FieldKind::Date),
        ("status", words(&["applied", "approved"])),
    ];
    let attestation = vec![
        ("duty", FieldKind::Text),
        ("role", words(&["ciso", "auditor"])),
        ("person", person()),
        ("attested_on", FieldKind::Date),
        ("expires_on", FieldKind::Date),
    ];
    let assignment = vec![
        ("role", words(&["ciso", "auditor"])),
        ("person", person()),
        ("appointed_on", FieldKind::Date),
        ("ends_on", FieldKind::Date),
    ];
    let registers = vec![
        register("terminal", Some("confirmed_on"), terminal),
        register(
            "person",
            None,
            vec![("joined_on", FieldKind::Date), ("left_on", FieldKind::Date)],
        ),
        register(
            "attendance",
            None,
            vec![("person", person()), ("done_on", FieldKind::Date)],
        ),
        register("exception", None, exception),
        register("attestation", None, attestation),
        register("role_assignment", None, assignment),
    ];
    Arc::new(Schema { registers })
}

static STANDARD: LazyLock<Arc<CompiledStandard>> = LazyLock::new(|| {
    let source = SourceFile {
        name: "test.toml".to_owned(),
        text: DUTIES.to_owned(),
    };
    let parameters = crate::standard::shipped_parameters().unwrap();
    let standard = Standard::read(vec![source], Vec::new(), parameters).unwrap();
    Arc::new(standard.compile(&schema()).unwrap())
});

/// `terminal T1 in_use=yes factors=2`: a row in words.
fn record(line: &str) -> (usize, Record) {
    let schema = schema();
    let mut words = line.split_whitespace();
    let position = schema.position(words.next().unwrap()).unwrap();
    let register = &schema.registers[position];
    let key = words.next().unwrap();
    let mut values = vec![Value::Missing; register.fields.len()];
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        let field = register.position(name).unwrap();
        values[field] = match &register.fields[field].kind {
            FieldKind::Bool => Value::Bool(value == "yes"),
            FieldKind::Int => Value::Int(value.parse().unwrap()),
            FieldKind::Date => Value::Date(value.parse().unwrap()),
            FieldKind::Reference(_) => Value::Key(value.into()),
            _ => Value::Text(value.into()),
        };
    }
    let record = Record {
        key: key.into(),
        title: key.into(),
        values,
        row: 2,
    };
    (position, record)
}

fn judge_at(lines: &[&str], today: Date, city: City) -> Judge {
    let mut records: Vec<(usize, Vec<Record>)> = Vec::new();
    for (position, record) in lines.iter().map(|line| record(line)) {
        match records.iter_mut().find(|(known, _)| *known == position) {
            Some((_, rows)) => rows.push(record),
            None => records.push((position, vec![record])),
        }
    }
    let (facts, dangling) = Facts::new(schema(), records);
    assert_eq!(dangling, []);
    Judge::new(Arc::clone(&STANDARD), facts, city, today)
}

fn judge(lines: &[&str]) -> Judge {
    judge_at(lines, date(2026, 11, 23), City::default())
}

fn verdict<'j>(judge: &'j Judge, duty: &str) -> Verdict<'j> {
    let position = judge.duties().position(|known| known.id == duty).unwrap();
    judge.verdict(position).unwrap()
}

fn standing(lines: &[&str], duty: &str) -> Standing {
    verdict(&judge(lines), duty).standing
}

const FRESH: &str = "terminal T1 in_use=yes factors=2 supported_until=2027-03-31 confirmed_on=2026-10-01";

#[test]
fn fresh_evidence_keeps_and_old_or_missing_evidence_proves_nothing() {
    assert_eq!(standing(&[FRESH], "t.factors"), Standing::Kept);
    let old = "terminal T1 in_use=yes factors=2 confirmed_on=2025-10-01";
    assert_eq!(standing(&[old], "t.factors"), Standing::Unproven);
    let undated = "terminal T1 in_use=yes factors=2";
    assert_eq!(standing(&[undated], "t.factors"), Standing::Unproven);
    let from_the_future = "terminal T1 in_use=yes factors=2 confirmed_on=2027-01-01";
    assert_eq!(standing(&[from_the_future], "t.factors"), Standing::Unproven);
}

#[test]
fn a_breach_needs_no_fresh_date_and_is_placed_at_its_cell() {
    let judge = judge(&["terminal T1 in_use=yes factors=1", FRESH.replace("T1", "T2").as_str()]);
    let verdict = verdict(&judge, "t.factors");
    assert_eq!((verdict.standing, verdict.kept), (Standing::Broken, 1));
    let place = verdict.findings[0].place.as_ref().unwrap();
    assert_eq!(
        (place.key.as_deref(), place.field.as_deref()),
        (Some("T1"), Some("factors"))
    );
    assert_eq!(verdict.findings[0].reason.ja, "「factors」が1");
}

#[test]
fn a_missing_value_is_unproven_and_an_absent_register_too() {
    let judge = judge(&["terminal T1 in_use=yes confirmed_on=2026-10-01"]);
    let verdict = verdict(&judge, "t.factors");
    assert_eq!(verdict.standing, Standing::Unproven);
    assert_eq!(verdict.findings[0].reason.ja, "「factors」が空欄のため、判断できない");
    assert_eq!(standing(&["person P1"], "t.factors"), Standing::Unproven);
    assert_eq!(standing(&["person P1"], "t.some"), Standing::Unproven);
}

#[test]
fn nothing_in_scope_is_not_applicable_never_kept() {
    let unused = "terminal T1 in_use=no factors=1 supported_until=2027-03-31";
    assert_eq!(standing(&[unused], "t.factors"), Standing::NotApplicable);
    assert_eq!(standing(&[unused], "t.some"), Standing::Broken);
    assert_eq!(standing(&["terminal T1 factors=3"], "t.some"), Standing::Kept);
    assert_eq!(standing(&[unused], "a.beta"), Standing::NotApplicable);
}

#[test]
fn what_expired_has_been_broken_since_the_day_after() {
    let judge = judge(&["terminal T1 supported_until=2026-06-30"]);
    assert_eq!(verdict(&judge, "t.supported").findings[0].since, Some(date(2026, 7, 1)));
    assert_eq!(verdict(&judge_factors(), "t.factors").findings[0].since, None);
}

fn judge_factors() -> Judge {
    judge(&["terminal T1 in_use=yes factors=1"])
}

const EXCEPTION: &str = "exception EX1 duty=t.factors register=terminal subject=T1 applied_by=P1 approved_by=P2 \
                         approved_on=2026-01-01 expires_on=2026-12-31 status=approved";

fn excepted(exception: &str, today: Date) -> (Standing, String) {
    let lines = ["person P1", "person P2", "terminal T1 in_use=yes factors=1", exception];
    let judge = judge_at(&lines, today, City::default());
    let verdict = verdict(&judge, "t.factors");
    (verdict.standing, verdict.findings[0].reason.ja.to_string())
}

#[test]
fn an_approved_exception_holds_until_its_day() {
    assert_eq!(excepted(EXCEPTION, date(2026, 12, 31)).0, Standing::Excepted);
    let (standing, reason) = excepted(EXCEPTION, date(2027, 1, 1));
    assert_eq!(standing, Standing::Broken);
    assert!(reason.contains("例外措置EX1は令和8年12月31日に切れた"), "{reason}");
    assert_eq!(excepted(EXCEPTION, date(2025, 12, 31)).0, Standing::Broken);
}

#[test]
fn an_exception_that_nobody_else_approved_holds_nothing() {
    let today = date(2026, 11, 23);
    for (from, to) in [
        ("approved_by=P2", "approved_by=P1"),
        ("approved_by=P2", ""),
        ("status=approved", "status=applied"),
        ("expires_on=2026-12-31", ""),
        ("subject=T1", "subject=T2"),
        ("register=terminal", "register=medium"),
    ] {
        assert_eq!(
            excepted(&EXCEPTION.replace(from, to), today).0,
            Standing::Broken,
            "{from} → {to}"
        );
    }
    let for_the_whole_duty = EXCEPTION.replace("register=terminal subject=T1", "");
    assert_eq!(excepted(&for_the_whole_duty, today).0, Standing::Excepted);
}

#[test]
fn an_act_of_the_last_fiscal_year_keeps_until_this_one_ends() {
    let at = |done: &str, today: Date| {
        let attendance = format!("attendance A1 person=P1 done_on={done}");
        let judge = judge_at(&["person P1 joined_on=2020-04-01", &attendance], today, City::default());
        verdict(&judge, "p.course").standing
    };
    assert_eq!(at("2025-04-01", date(2027, 3, 31)), Standing::Kept);
    assert_eq!(at("2025-04-01", date(2027, 4, 1)), Standing::Broken);
    assert_eq!(at("2027-01-01", date(2026, 11, 23)), Standing::Broken);
}

#[test]
fn a_newcomer_has_time_and_a_leaver_owes_nothing() {
    let lines = [
        "attendance A0",
        "person P1 joined_on=2026-11-01",
        "person P2 left_on=2026-01-01",
    ];
    assert_eq!(standing(&lines, "p.course"), Standing::Kept);
    let late = judge_at(&lines, date(2027, 1, 1), City::default());
    let verdict = verdict(&late, "p.course");
    assert_eq!(verdict.standing, Standing::Broken);
    assert_eq!(verdict.findings[0].since, Some(date(2027, 1, 1)));
    assert_eq!(verdict.findings[0].reason.en, "never done, was due by 2026-12-31");
}

#[test]
fn an_interval_that_the_city_has_not_set_is_unproven() {
    let lines = ["attendance A1 done_on=2026-10-01"];
    assert_eq!(standing(&lines, "a.audit"), Standing::Unproven);
    let with = |days: i64| City {
        parameters: [("audit_interval_days".to_owned(), days)].into(),
        ..City::default()
    };
    let judged = |days| verdict(&judge_at(&lines, date(2026, 11, 23), with(days)), "a.audit").standing;
    assert_eq!((judged(60), judged(30)), (Standing::Kept, Standing::Broken));
}

#[test]
fn only_the_holder_of_the_role_attests() {
    let attested = |attestation: &str, assignment: &str| {
        let lines = ["person P1", "person P2", attestation, assignment];
        standing(&lines, "a.attested")
    };
    let good = "attestation AT1 duty=a.attested role=ciso person=P1 attested_on=2026-04-01 expires_on=2027-03-31";
    let ciso = "role_assignment R1 role=ciso person=P1 appointed_on=2025-04-01";
    assert_eq!(attested(good, ciso), Standing::Kept);
    for (from, to) in [
        ("role=ciso", "role=auditor"),
        ("person=P1", "person=P2"),
        ("attested_on=2026-04-01", "attested_on=2026-12-01"),
        ("attested_on=2026-04-01", "attested_on=2025-11-01"),
        ("expires_on=2027-03-31", "expires_on=2026-10-31"),
        ("duty=a.attested", "duty=a.other"),
    ] {
        assert_eq!(
            attested(&good.replace(from, to), ciso),
            Standing::Unproven,
            "{from} → {to}"
        );
    }
    assert_eq!(
        attested(good, &format!("{ciso} ends_on=2026-03-31")),
        Standing::Unproven
    );
}

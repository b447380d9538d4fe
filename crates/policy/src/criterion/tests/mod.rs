//! Names, kinds and values of the criterion language.

mod oracle;

use std::sync::Arc;

use jiff::civil::date;
use model::lang::Text;

use super::{City, Moment, Truth, compile};
use crate::facts::{Facts, FieldKind, FieldSchema, Record, RegisterSchema, RowId, Schema, Value};

fn field(name: &str, kind: FieldKind) -> FieldSchema {
    FieldSchema {
        name: name.to_owned(),
        label: Text::same(name),
        kind,
    }
}

fn register(slug: &str, fields: Vec<FieldSchema>) -> RegisterSchema {
    RegisterSchema {
        slug: slug.to_owned(),
        label: Text::same(slug),
        dated_by: None,
        fields,
    }
}

fn schema() -> Arc<Schema> {
    let tiers = ["mynumber", "lgwan"].map(|word| (word.to_owned(), Text::same(word)));
    Arc::new(Schema {
        registers: vec![
            register("zone", vec![field("tier", FieldKind::Choice(tiers.to_vec()))]),
            register(
                "terminal",
                vec![
                    field("zone", FieldKind::Reference("zone".to_owned())),
                    field("factors", FieldKind::Int),
                    field("locked", FieldKind::Bool),
                    field("patched_on", FieldKind::Date),
                    field("os", FieldKind::Text),
                ],
            ),
        ],
    })
}

/// One zone, and three terminals: complete, empty, and one in no zone.
fn facts() -> Facts {
    let record = |key: &str, values: Vec<Value>| Record {
        key: key.into(),
        title: key.into(),
        values,
        row: 1,
    };
    let full = vec![
        Value::Key("Z1".into()),
        Value::Int(2),
        Value::Bool(true),
        Value::Date(date(2026, 11, 1)),
        Value::Text("窓11".into()),
    ];
    let empty = vec![
        Value::Missing,
        Value::Missing,
        Value::Missing,
        Value::Missing,
        Value::Missing,
    ];
    let (facts, dangling) = Facts::new(
        schema(),
        vec![
            (0, vec![record("Z1", vec![Value::Text("mynumber".into())])]),
            (1, vec![record("T1", full), record("T2", empty)]),
        ],
    );
    assert_eq!(dangling, []);
    facts
}

fn city() -> City {
    City {
        model: "alpha".to_owned(),
        parameters: [("patch_days".to_owned(), 90)].into(),
    }
}

fn ask(register: usize, index: usize, source: &str) -> Truth {
    let schema = schema();
    let slug = schema.registers[register].slug.clone();
    let parameters = ["patch_days".to_owned(), "unset_days".to_owned()];
    let criterion =
        compile(source, Some(&slug), &schema, &parameters).unwrap_or_else(|problems| panic!("{source}: {problems:?}"));
    let city = city();
    let moment = Moment {
        today: date(2026, 11, 23),
        city: &city,
    };
    criterion.holds(&facts(), &moment, RowId { register, index })
}

fn complaint(source: &str) -> (String, String) {
    let problems = compile(source, Some("terminal"), &schema(), &["patch_days".to_owned()]).unwrap_err();
    let problem = &problems[0];
    let at = problem
        .span
        .of(source)
        .unwrap_or_else(|| panic!("{source}: span {:?}", problem.span));
    (problem.message.en.to_string(), at.to_owned())
}

#[test]
fn a_full_row_answers() {
    for source in [
        "factors >= 2",
        "zone.tier == 'mynumber'",
        "zone.tier in ['mynumber', 'lgwan']",
        "locked && factors * 2 == 4 && -factors < 0",
        "patched_on + days(30) >= today",
        "today - patched_on <= days(city.patch_days)",
        "fiscal_year_of(patched_on) == fiscal_year",
        "has_text(os) && os.startsWith('窓') && os.contains('1') && os.endsWith('1') && os.matches('^窓[0-9]+$')",
        "os.size() == 3 && size(os) == 3",
        "zone.tier == 'lgwan' ? factors >= 3 : factors >= 2",
        "city.model == 'alpha'",
        "has(zone.tier)",
        "patched_on > date('2026-10-31')",
    ] {
        assert_eq!(ask(1, 0, source), Truth::True, "{source}");
    }
}

#[test]
fn an_empty_cell_is_missing_and_and_or_absorb_it() {
    for (source, truth) in [
        ("factors >= 2", Truth::Missing),
        ("factors == null", Truth::True),
        ("factors == 2", Truth::False),
        ("factors != 2", Truth::True),
        ("zone.tier == 'mynumber'", Truth::False),
        ("zone == null", Truth::True),
        ("locked", Truth::Missing),
        ("locked == true", Truth::False),
        ("!locked", Truth::Missing),
        ("factors >= 2 && false", Truth::False),
        ("factors >= 2 || true", Truth::True),
        ("factors >= 2 && true", Truth::Missing),
        ("has_text(os)", Truth::False),
        ("os.contains('x')", Truth::Missing),
        ("in_effect(patched_on, patched_on)", Truth::Missing),
        ("today - patched_on < days(city.unset_days)", Truth::Missing),
    ] {
        assert_eq!(ask(1, 1, source), truth, "{source}");
    }
}

#[test]
fn other_rows_that_refer_here_can_be_asked() {
    for (source, truth) in [
        ("referring.terminal.zone.exists(t, t.factors == 2)", Truth::True),
        ("referring.terminal.zone.all(t, t.factors > 2)", Truth::False),
        ("referring.terminal.zone.size() == 1", Truth::True),
        ("referring.terminal.zone.filter(t, t.locked).size() == 1", Truth::True),
        ("referring.terminal.zone.map(t, t.factors) == [2]", Truth::True),
        (
            "referring.terminal.zone.exists_one(t, t.zone.tier == tier)",
            Truth::True,
        ),
        ("2 in referring.terminal.zone.map(t, t.locked, t.factors)", Truth::True),
    ] {
        assert_eq!(ask(0, 0, source), truth, "{source}");
    }
}

#[test]
fn a_wrong_name_or_kind_is_named_at_its_place() {
    for (source, message, at) in [
        ("factor >= 2", "unknown field `factor`", "factor"),
        ("zone.level == 'x'", "unknown field `level`", "zone.level"),
        ("zone.tier == 'mynumbr'", "unknown choice `mynumbr`", "'mynumbr'"),
        ("zone.tier in ['lgwan', 'wan']", "unknown choice `wan`", "'wan'"),
        ("factors >= '2'", "int does not go with text", "'2'"),
        ("factors", "a criterion must be true or false, this is int", "factors"),
        ("city.size > 1", "unknown city setting `size`", "city.size"),
        (
            "referring.medium.zone.size() > 0",
            "unknown register `medium`",
            "referring.medium.zone",
        ),
        ("shout(os)", "unknown function `shout`", "shout(os)"),
        ("days(os) > days(1)", "function `days` does not take (text)", "days(os)"),
        ("os.matches('(')", "this is not a regular expression", "'('"),
        ("date('soon') > today", "write a date like", "'soon'"),
        ("{'a': 1}.size() == 1", "this form cannot be used", "{'a': 1}"),
        ("'日本' == os && factor == 1", "unknown field `factor`", "factor"),
    ] {
        let (found, place) = complaint(source);
        assert!(found.contains(message), "{source}: {found}");
        assert!(
            place.starts_with(at.chars().next().unwrap()) || at.contains(&place),
            "{source}: at `{place}`"
        );
    }
}

#[test]
fn what_does_not_parse_says_where() {
    for source in ["factors >=", "(factors", "factors >= 2 &&& true", "", "'unclosed"] {
        let (message, _) = complaint(source);
        assert!(message.contains("does not parse"), "{source}: {message}");
    }
}

#[test]
fn endless_nesting_is_refused() {
    for hostile in [
        format!("{}true{}", "(".repeat(4000), ")".repeat(4000)),
        format!("{}locked", "!".repeat(3000)),
        format!("{}1 > 0", "-".repeat(3000)),
        "locked && ".repeat(2000) + "locked",
        "locked ? true : ".repeat(200) + "locked",
        "[".repeat(3000),
        format!("zone{}", ".zone".repeat(3000)),
    ] {
        assert!(compile(&hostile, Some("terminal"), &schema(), &[]).is_err());
    }
    for fine in [
        "locked && ".repeat(300) + "locked",
        "factors > 1 || ".repeat(200) + "locked",
    ] {
        assert!(compile(&fine, Some("terminal"), &schema(), &[]).is_ok());
    }
    let loops =
        "referring.terminal.zone.exists(a, referring.terminal.zone.exists(b, referring.terminal.zone.exists(c, true)))";
    let problems = compile(loops, Some("zone"), &schema(), &[]).unwrap_err();
    assert!(problems[0].message.en.contains("nested too deeply"));
}

//! The `cel` crate's own interpreter answers the same on expressions that both understand.

use std::collections::HashMap;

use cel::{Context, Program, Value as CelValue};
use jiff::civil::date;
use proptest::prelude::*;

use super::super::{Criterion, Moment, Truth, compile};
use super::{city, schema};
use crate::facts::{Facts, Record, RowId, Value};

/// Expressions over two integers and two booleans, each of which may be missing.
fn expression() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        Just("factors".to_owned()),
        Just("os.size()".to_owned()),
        (-3_i64..4).prop_map(|n| n.to_string()),
    ];
    let number = number.prop_recursive(2, 8, 2, |inner| {
        (
            inner.clone(),
            prop_oneof![Just("+"), Just("-"), Just("*"), Just("/"), Just("%")],
            inner,
        )
            .prop_map(|(a, o, b)| format!("({a} {o} {b})"))
    });
    let leaf = prop_oneof![
        Just("locked".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        (
            number.clone(),
            prop_oneof![Just("<"), Just("<="), Just(">"), Just(">=")],
            number.clone()
        )
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
        Just("(os == 'abc')".to_owned()),
        Just("os.startsWith('a')".to_owned()),
        Just("([1, 2].exists(n, n == factors))".to_owned()),
        Just("([1, 2, 3].all(n, n >= factors))".to_owned()),
        Just("([1, 2, 3].filter(n, n > 1).size() == 2)".to_owned()),
        Just("([1, 2].map(n, n * 2) == [2, 4])".to_owned()),
        Just("(2 in [1, 2])".to_owned()),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!{a}")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

fn ours(criterion: &Criterion, factors: Option<i64>, locked: Option<bool>, os: Option<&str>) -> Truth {
    let values = vec![
        Value::Missing,
        factors.map_or(Value::Missing, Value::Int),
        locked.map_or(Value::Missing, Value::Bool),
        Value::Missing,
        os.map_or(Value::Missing, |os| Value::Text(os.into())),
    ];
    let record = Record {
        key: "T".into(),
        title: "T".into(),
        values,
        row: 1,
    };
    let (facts, _) = Facts::new(schema(), vec![(1, vec![record])]);
    let city = city();
    let moment = Moment {
        today: date(2026, 11, 23),
        city: &city,
    };
    criterion.holds(&facts, &moment, RowId { register: 1, index: 0 })
}

/// A missing value is an undeclared variable to the interpreter: an error, which `&&` and `||` absorb.
fn theirs(source: &str, factors: Option<i64>, locked: Option<bool>, os: Option<&str>) -> Truth {
    let program = Program::compile(source).unwrap();
    let mut context = Context::default();
    let mut variables: HashMap<&str, CelValue> = HashMap::new();
    variables.extend(factors.map(|value| ("factors", value.into())));
    variables.extend(locked.map(|value| ("locked", value.into())));
    variables.extend(os.map(|value| ("os", value.to_owned().into())));
    for (name, value) in variables {
        context.add_variable_from_value(name, value);
    }
    match program.execute(&context) {
        Ok(CelValue::Bool(true)) => Truth::True,
        Ok(CelValue::Bool(false)) => Truth::False,
        _ => Truth::Missing,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_interpreter_of_the_cel_crate_agrees(
        source in expression(),
        factors in proptest::option::of(-3_i64..4),
        locked in proptest::option::of(any::<bool>()),
        os in proptest::option::of(prop_oneof![Just("abc"), Just("x"), Just("")]),
    ) {
        // `==` with a missing side is false here, an error there: see the module's table.
        prop_assume!(os.is_some() || !source.contains("os =="));
        prop_assume!(factors.is_some() || !source.contains("== factors"));
        let criterion = compile(&source, Some("terminal"), &schema(), &[]).unwrap();
        prop_assert_eq!(ours(&criterion, factors, locked, os), theirs(&source, factors, locked, os), "{}", source);
    }
}

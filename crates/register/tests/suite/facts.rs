//! Entries as criteria see them.

use policy::facts::{FieldKind, Value};
use register::Entry;

use crate::gadget::{gadgets, words};

#[test]
fn a_record_follows_its_schema() {
    let kind = gadgets();
    let schema = kind.fact_schema();
    let mut document = kind.sample.clone();
    document["tier"] = "番号系".into();
    let entry = Entry {
        key: "G-1".to_owned(),
        title: "部品".to_owned(),
        document,
        row: 7,
        table: 0,
    };
    let record = kind.record(&entry, words().schemes());
    assert_eq!(record.values.len(), schema.fields.len());
    assert_eq!((&*record.key, &*record.title, record.row), ("G-1", "部品", 7));
    let value = |name: &str| &record.values[schema.position(name).unwrap()];
    assert_eq!(value("code"), &Value::Text("G-1".into()));
    assert_eq!(value("tier"), &Value::Text("mynumber".into()));
    assert_eq!(value("status"), &Value::Text("in_use".into()));
    assert_eq!(value("office"), &Value::Key("100".into()));
    assert_eq!(value("offices"), &Value::Keys(vec!["100".into(), "200".into()]));
    assert_eq!(value("acquired_on"), &Value::Date(jiff::civil::date(2026, 4, 1)));
    assert_eq!(value("encrypted"), &Value::Bool(false));
    assert_eq!(value("factors"), &Value::Int(2));
    assert_eq!(value("confirmed_on"), &Value::Missing);
    let tier = &schema.fields[schema.position("tier").unwrap()];
    let FieldKind::Choice(codes) = &tier.kind else {
        panic!("{tier:?}")
    };
    assert_eq!(codes[0].0, "mynumber");
    assert_eq!(schema.dated_by.as_deref(), Some("confirmed_on"));
}

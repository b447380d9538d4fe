//! Any bytes as a spreadsheet: a fault, or a table whose every cell can be found again.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use register::table::{self, Table};
use register::{Kind, Words, import};

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let schema = r#"{
        "x-register": "gadget", "title": "部品", "type": "object",
        "properties": {
            "code": { "title": "管理番号", "type": "string", "maxLength": 40 },
            "parent": { "title": "上位", "type": "string", "x-ref": "gadget" },
            "parts": { "title": "部分", "type": "array", "items": { "type": "string" }, "x-ref": "gadget" },
            "tier": { "title": "層", "type": "string", "x-scheme": "tier" },
            "size": { "title": "大きさ", "oneOf": [{ "const": "large", "title": "大" }] },
            "spare": { "title": "予備", "type": "boolean" },
            "count": { "title": "数", "type": "integer" },
            "confirmed_on": { "title": "確認日", "type": "string", "format": "date" }
        },
        "required": ["code"],
        "examples": [{ "code": "1" }]
    }"#;
    vec![Kind::from_schema(schema).expect("the schema is fit")]
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(sheets) = table::read("gadget.csv", bytes.to_vec()) else {
        return;
    };
    let tables: Vec<Table> = sheets.into_iter().map(|sheet| Table::new(&KINDS[0], sheet)).collect();
    for table in &tables {
        for row in table.sheet().rows() {
            for column in 0..row.cells.len() {
                let place = table.sheet().place(row.number, Some(column));
                if let (Some(source), Some(span)) = (table.sheet().source(), place.span) {
                    assert!(span.of(source).is_some());
                }
            }
        }
    }
    if let Ok(imported) = import(&KINDS, &tables, Words::default()) {
        for entry in imported.entries.values().flatten() {
            assert!(KINDS[0].check(&entry.document).is_empty());
        }
    }
});

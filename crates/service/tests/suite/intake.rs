//! A file is taken into the registers of a folder as it is into those of a database.

use register::Change;

use crate::city::City;

const FILE: &str = "zone.csv";

#[test]
fn a_file_without_a_column_leaves_its_values_as_they_are() {
    let city = City::sample();
    let folder = city.folder().unwrap();
    let rows = "番号,名称,層,管理者\nZ-LG,LGWAN接続系,LGWAN系,P0057\nZ-NEW,新しい領域,LGWAN系,P0057\n";
    let intakes = folder.intake(FILE, rows.as_bytes().to_vec()).unwrap();
    let intake = &intakes[0];
    assert_eq!(
        (intake.plan.created.as_slice(), intake.plan.unchanged.as_slice()),
        (["Z-NEW".to_owned()].as_slice(), ["Z-LG".to_owned()].as_slice())
    );
    let description = |key: &str| {
        let entry = intake.merged.iter().find(|entry| entry.key == key).unwrap();
        entry.document["description"].clone()
    };
    assert!(description("Z-LG").as_str().unwrap().contains("職員の業務端末"));
    assert!(description("Z-NEW").is_null());
}

#[test]
fn a_column_that_is_there_and_empty_empties_the_field() {
    let city = City::sample();
    let folder = city.folder().unwrap();
    let rows = "番号,名称,層,管理者,説明\nZ-LG,LGWAN接続系,LGWAN系,P0057,\n";
    let intakes = folder.intake(FILE, rows.as_bytes().to_vec()).unwrap();
    let changed: Vec<&Change> = intakes[0].plan.changed.iter().collect();
    assert_eq!(changed[0].differences[0].field, "description");
    assert!(changed[0].differences[0].new.is_null());
}

//! A folder and the hall that was founded on it stand alike.
use policy::judge::Standing;

use super::House;
use crate::city::City;

#[test]
fn a_city_in_the_database_stands_as_its_folder_does() {
    let judge = City::sample().judge();
    let house = House::sample().restarted();
    let snapshot = house.hall.snapshot().unwrap();
    let verdicts = judge.verdicts();
    assert_eq!(verdicts.len(), snapshot.duties.len());
    for (verdict, state) in verdicts.iter().zip(&snapshot.duties) {
        assert_eq!(verdict.standing, state.standing, "{}", verdict.duty.id);
        assert_eq!(verdict.findings.len(), state.findings.len(), "{}", verdict.duty.id);
    }
    assert!(snapshot.summary.count(Standing::Broken) > 0);
    assert_eq!(house.hall.today(), jiff::civil::date(2026, 11, 23));
}

#[test]
fn a_city_is_loaded_once() {
    let house = House::sample();
    let city = house.hall.city().unwrap();
    assert_eq!(city.settings.code, "999999");
    assert!(house.hall.store().head().unwrap().edge.size() > 6_000);
}

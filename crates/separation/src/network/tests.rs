use std::net::IpAddr;

use super::{Network, Place, Tier};

const CITY: &str = r#"
[[zone]]
name = "mynumber"
tier = "mynumber"
label = "マイナンバー利用事務系"
register = "Z-MN"
prefixes = ["10.10.0.0/16", "fd00:10::/32"]

[[zone]]
name = "lgwan"
tier = "lgwan"
prefixes = ["10.20.0.0/16"]

[[zone]]
name = "outside"
tier = "outside"
rest = true

[[link]]
name = "wire"

[[device]]
name = "core"
configurations = ["configs/core.txt"]
interfaces = { lan1 = "mynumber", lan2 = "wire" }

[[gateway]]
name = "sanitiser"
kind = "sanitise"
hosts = ["10.20.9.5"]

[[permitted]]
id = "PP-01"
from = "lgwan"
to = "mynumber"
source = ["10.20.20.11"]
destination = ["10.10.20.11"]
protocol = "tcp"
ports = ["443"]
reason = "申請データの連携"
approver = "最高情報セキュリティ責任者"
expires = "2027-03-31"
"#;

#[test]
fn a_city_is_read_whole() {
    let network = Network::read(CITY).unwrap();
    assert_eq!(network.zones.len(), 3);
    assert_eq!(network.zones[0].tier, Tier::MyNumber);
    let joined: Vec<_> = network.devices[0].interfaces.iter().map(|joined| joined.to).collect();
    assert!(matches!(joined.as_slice(), [Place::Zone(_), Place::Link(_)]));
    assert_eq!(network.permitted[0].expires.unwrap().to_string(), "2027-03-31");
    assert!(network.permitted[0].span.unwrap().of(CITY).unwrap().contains("PP-01"));
}

#[test]
fn the_rest_is_what_no_other_zone_holds() {
    let network = Network::read(CITY).unwrap();
    let rest = &network.zones[2].addresses;
    let holds = |address: &str| rest.contains(address.parse::<IpAddr>().unwrap());
    assert!(holds("192.0.2.1") && holds("2001:db8::1"));
    assert!(!holds("10.10.255.255") && !holds("fd00:10::1") && !holds("10.20.0.0"));
}

#[test]
fn every_problem_is_told_at_its_place() {
    for (old, new, at, says) in [
        ("10.20.0.0/16", "10.10.128.0/17", "10.10.128.0/17", "overlaps"),
        ("10.20.0.0/16", "10.20.0.1/16", "10.20.0.1/16", "prefix length"),
        ("rest = true", "", "outside", "either"),
        ("lan2 = \"wire\"", "lan2 = \"wier\"", "wier", "no zone or link"),
        ("name = \"wire\"", "name = \"lgwan\"", "lgwan", "are called"),
        ("configs/core.txt", "../core.txt", "../core.txt", "inside the folder"),
        ("from = \"lgwan\"", "from = \"lgwam\"", "lgwam", "no zone"),
        ("\"tcp\"", "\"icmp\"", "icmp", "no ports"),
        ("2027-03-31", "2027-13-31", "2027-13-31", "not a date"),
        ("tier = \"lgwan\"", "tier = \"lgwam\"", "lgwam", "unknown variant"),
        (
            "name = \"core\"",
            "name = \"core\"\ncolour = 1",
            "colour",
            "unknown field",
        ),
    ] {
        let city = CITY.replace(old, new);
        assert_ne!(city, CITY, "{old}");
        let problems = Network::read(&city).unwrap_err();
        let told = problems
            .iter()
            .any(|problem| problem.message.en.contains(says) && problem.span.unwrap().of(&city).unwrap().contains(at));
        assert!(told, "{new}: {problems:?}");
    }
}

//! A city comes as an archive that somebody uploads: what is right in it is loaded, what is hostile changes nothing.

use std::io::{Cursor, Write as _};

use service::hall::Refusal;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::{Seen, Visitor};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::House;
use crate::city::sample;

fn first_administrator(house: &House) -> Visitor {
    let origin = Origin {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        agent: "test".to_owned(),
    };
    let link = house.hall.first_link().unwrap().unwrap();
    let session = house.hall.use_link(&link.text(), Some("admin"), &origin).unwrap();
    match house.hall.seen(Some(&session.text())).unwrap() {
        Seen::Visitor(visitor) | Seen::Enrolling(visitor) => *visitor,
        other => panic!("{other:?}"),
    }
}

/// The sample city as an archive, with other files beside its own.
fn packed(others: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    };
    for name in ["city.toml", "policy.txt"] {
        add(name, &std::fs::read(sample().join(name)).unwrap());
    }
    for entry in std::fs::read_dir(sample().join("registers")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        add(&format!("registers/{name}"), &std::fs::read(&path).unwrap());
    }
    // Names in other encodings are written as ASCII of the same length, then put in place.
    let mark = |at: usize| {
        let width = others[at].0.len();
        format!("{at:~<width$}")
    };
    let marks: Vec<String> = (0..others.len()).map(mark).collect();
    for (mark, (_, bytes)) in marks.iter().zip(others) {
        add(mark, bytes);
    }
    let mut archive = writer.finish().unwrap().into_inner();
    for (mark, (name, _)) in marks.iter().zip(others) {
        for at in 0..archive.len() - mark.len() {
            if archive[at..].starts_with(mark.as_bytes()) {
                archive[at..at + name.len()].copy_from_slice(name);
            }
        }
    }
    archive
}

#[test]
fn a_city_is_looked_at_then_loaded_and_only_once() {
    let house = House::empty();
    let who = first_administrator(&house);
    // 台帳メモ, as Windows in Japanese writes it; it is no register and is left aside.
    let memo = b"\x91\xe4\x92\xa0\x83\x81\x83\x82.txt".as_slice();
    let readied = house.hall.ready_city(&who, &packed(&[(memo, b"x")])).unwrap();
    assert_eq!(readied.code, "999999");
    assert!(house.hall.city().is_none(), "looking loads nothing");
    house.hall.found_readied(&who, &readied.token).unwrap();
    assert!(house.hall.city().is_some());
    let again = house.hall.found_readied(&who, &readied.token);
    assert!(matches!(again, Err(Refusal::Denied(_))), "{again:?}");
}

#[test]
fn names_that_lead_out_of_the_folder_lead_nowhere() {
    let house = House::empty();
    let who = first_administrator(&house);
    let outside = house.dir.path().join("outside.csv");
    let absolute = outside.to_str().unwrap().as_bytes();
    let archive = packed(&[
        (b"../outside.csv", b"x"),
        (b"registers/../../outside.csv", b"x"),
        (b"registers\\..\\..\\outside.csv", b"x"),
        (b"standard/../city.toml", b"name = 'x'"),
        (absolute, b"x"),
    ]);
    let readied = house.hall.ready_city(&who, &archive).unwrap();
    assert_eq!(readied.code, "999999");
    assert!(!outside.exists() && !house.dir.path().parent().unwrap().join("outside.csv").exists());
}

#[test]
fn what_is_no_archive_of_a_city_is_told_and_changes_nothing() {
    let house = House::empty();
    let who = first_administrator(&house);
    let whole = packed(&[]);
    let broken = [
        Vec::new(),
        b"PK\x03\x04".to_vec(),
        b"not a zip".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        packed(&[(b"registers/nonsense.csv", b"\xff\xfe\x00a,b\n")]),
    ];
    for archive in broken {
        let refused = house.hall.ready_city(&who, &archive).unwrap_err();
        assert!(matches!(refused, Refusal::Problems(_)), "{refused:?}");
    }
    assert!(house.hall.city().is_none());
}

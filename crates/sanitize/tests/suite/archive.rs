//! Archives: what readers could disagree about is refused, every file in one goes its own way.

use std::io::{Cursor, Write as _};

use sanitize::class::Class;
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::{Treated, treat};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::package::{document, parts};

/// A container made by hand, so that it can be wrong: each entry is a name, a name in its local header, content.
struct Entry<'a> {
    name: &'a [u8],
    local_name: &'a [u8],
    content: &'a [u8],
    flags: u16,
}

fn entry<'a>(name: &'a str, content: &'a [u8]) -> Entry<'a> {
    Entry {
        name: name.as_bytes(),
        local_name: name.as_bytes(),
        content,
        flags: 1 << 11,
    }
}

fn container(entries: &[Entry<'_>]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let mut crc = flate2::Crc::new();
        crc.update(entry.content);
        let size = u32::try_from(entry.content.len()).expect("a small file");
        let fields = |name: &[u8]| {
            let mut fields = Vec::new();
            for field in [20, entry.flags, 0, 0, 0x21] {
                fields.extend_from_slice(&u16::to_le_bytes(field));
            }
            for field in [crc.sum(), size, size] {
                fields.extend_from_slice(&field.to_le_bytes());
            }
            fields.extend_from_slice(&u16::try_from(name.len()).expect("a name").to_le_bytes());
            fields.extend_from_slice(&[0, 0]);
            fields
        };
        let at = u32::try_from(bytes.len()).expect("a small file");
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend(fields(entry.name));
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(entry.name);
        bytes.extend_from_slice(b"PK\x03\x04");
        bytes.extend(fields(entry.local_name));
        bytes.extend_from_slice(entry.local_name);
        bytes.extend_from_slice(entry.content);
    }
    let (count, size, at) = (entries.len(), directory.len(), bytes.len());
    bytes.extend(directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        bytes.extend_from_slice(&u16::try_from(count).expect("few").to_le_bytes());
    }
    for figure in [size, at] {
        bytes.extend_from_slice(&u32::try_from(figure).expect("a small file").to_le_bytes());
    }
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

fn treated(bytes: &[u8]) -> Treated {
    treat("a.zip", bytes, &Profile::default(), &[])
}

fn refused(bytes: &[u8]) -> Reason {
    treated(bytes).outcome.expect_err("a refusal").reason
}

fn malformed(bytes: &[u8]) -> bool {
    matches!(refused(bytes), Reason::Malformed { .. })
}

#[test]
fn files_in_it_are_rebuilt_each_by_itself() {
    let document = document().part("docProps/core.xml", "<x/>").zip();
    let treated = treated(&container(&[
        entry("会議/資料.docx", &document),
        entry("一覧.csv", "a,b\r\n".as_bytes()),
        entry("会議/", b""),
    ]));
    let rebuilt = treated.outcome.expect("an archive");
    let names: Vec<_> = parts(&rebuilt.bytes).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["会議/資料.docx", "一覧.csv"]);
    let places: Vec<_> = treated
        .items
        .iter()
        .map(|item| (item.class, item.place.as_str()))
        .collect();
    assert_eq!(places, [(Class::Metadata, "会議/資料.docx › docprops/core.xml")]);
}

#[test]
fn names_of_japanese_systems_are_read() {
    let (name, _, _) = encoding_rs::SHIFT_JIS.encode("見積書 表.csv");
    let shift_jis = Entry {
        name: &name,
        local_name: &name,
        content: b"a\r\n",
        flags: 0,
    };
    let rebuilt = treated(&container(&[shift_jis])).outcome.expect("an archive");
    assert_eq!(parts(&rebuilt.bytes)[0].0, "見積書 表.csv");
}

#[test]
fn what_readers_could_take_in_two_ways_is_refused() {
    let sound = container(&[entry("a.txt", b"one\r\n"), entry("b.txt", b"two\r\n")]);
    assert!(treated(&sound).outcome.is_ok());
    assert!(
        malformed(&container(&[entry("a.txt", b"one"), entry("a.txt", b"two")])),
        "a name comes twice"
    );
    assert!(
        malformed(&container(&[Entry {
            local_name: b"b.exe",
            ..entry("a.txt", b"one")
        }])),
        "the local header has another name"
    );
    let mut method = sound.clone();
    method[8] = 8;
    assert!(malformed(&method), "the local header has another method");
    let mut content = sound.clone();
    content[36] ^= 1;
    assert!(malformed(&content), "the checksum differs");
    assert!(malformed(&[&sound[..], b"tail"].concat()), "something follows");
    assert!(malformed(&sound[..sound.len() - 30]), "it is cut short");
    let prefixed = [b"MZ behind a program".as_slice(), &sound].concat();
    assert!(matches!(
        refused(&prefixed),
        Reason::Ambiguous { .. } | Reason::NameDisagrees { .. }
    ));
}

#[test]
fn a_picture_with_an_archive_behind_it_is_two_files_at_once() {
    let both = [
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF;".as_slice(),
        &container(&[entry("a.txt", b"one")]),
    ]
    .concat();
    // Its offsets count from its own beginning, as those of an archive that was appended do.
    let treated = treat("a.gif", &both, &Profile::default(), &[]);
    assert!(treated.outcome.is_err());
}

#[test]
fn names_that_lead_out_are_dropped() {
    let names = [
        "../a.txt",
        "/a.txt",
        "C:/a.txt",
        "a/../../b.txt",
        "con.txt",
        "a\u{202E}txt.csv",
        "a/ ./b.txt",
    ];
    for name in names {
        let treated = treated(&container(&[entry(name, b"one"), entry("kept.txt", b"two")]));
        let rebuilt = treated.outcome.expect("an archive");
        assert_eq!(parts(&rebuilt.bytes).len(), 1, "{name}");
        assert!(
            treated.items.iter().any(|item| item.class == Class::UnsafeName),
            "{name}"
        );
    }
}

#[test]
fn a_file_that_does_not_cross_stops_the_archive_or_leaves_a_note() {
    let bytes = container(&[entry("a.exe", b"MZ\x90\0 a program"), entry("b.txt", b"two")]);
    assert!(matches!(refused(&bytes), Reason::Within { .. }));
    let profile = Profile::read("class.refused_entry = 'drop'").expect("a profile");
    let rebuilt = treat("a.zip", &bytes, &profile, &[]).outcome.expect("an archive");
    let parts = parts(&rebuilt.bytes);
    assert_eq!(
        parts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["a.exe.受け入れませんでした.txt", "b.txt"]
    );
    assert!(String::from_utf8_lossy(&parts[0].1).contains("プログラム"));
}

#[test]
fn limits_count_across_archives_in_archives() {
    let inner = container(&[entry("a.txt", &[b'a'; 900])]);
    let middle = container(&[entry("inner.zip", &inner)]);
    let outer = container(&[entry("middle.zip", &middle)]);
    assert!(treated(&outer).outcome.is_ok());
    for limits in ["depth = 2", "decoded_bytes = 2500", "entries = 2", "bytes = 1000"] {
        let profile = Profile::read(&format!("limits.{limits}")).expect("a profile");
        let refusal = treat("a.zip", &outer, &profile, &[]).outcome.expect_err(limits);
        let mut reason = refusal.reason;
        while let Reason::Within { refusal } = reason {
            reason = refusal.reason;
        }
        assert!(matches!(reason, Reason::TooMuch { .. }), "{limits}: {reason:?}");
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.start_file("a.txt", packed).expect("an entry");
    writer.write_all(&vec![b'0'; 8 << 20]).expect("its content");
    let bytes = writer.finish().expect("a container").into_inner();
    assert!(matches!(refused(&bytes), Reason::TooMuch { .. }));
}

#[test]
fn an_encrypted_file_needs_its_password() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, options) in [
        (
            "aes.txt",
            SimpleFileOptions::default().with_aes_encryption(zip::AesMode::Aes256, "合言葉"),
        ),
        (
            "also.txt",
            SimpleFileOptions::default().with_aes_encryption(zip::AesMode::Aes128, "合言葉"),
        ),
    ] {
        writer.start_file(name, options).expect("an entry");
        writer.write_all(b"one\r\n").expect("its content");
    }
    let bytes = writer.finish().expect("a container").into_inner();
    assert_eq!(refused(&bytes), Reason::Encrypted);
    let wrong = treat("a.zip", &bytes, &Profile::default(), &["違う".to_owned()]);
    assert_eq!(wrong.outcome.expect_err("a refusal").reason, Reason::Encrypted);
    let passwords = ["違う".to_owned(), "合言葉".to_owned()];
    let rebuilt = treat("a.zip", &bytes, &Profile::default(), &passwords)
        .outcome
        .expect("an archive");
    assert_eq!(parts(&rebuilt.bytes)[1], ("also.txt".to_owned(), b"one\r\n".to_vec()));
}

//! The structure of what came out, read without the code that wrote it.

fn be32(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

fn be16(bytes: &[u8], at: usize) -> usize {
    u16::from_be_bytes(bytes[at..at + 2].try_into().expect("two bytes")) as usize
}

/// The markers of a JPEG, of which nothing follows the end.
pub(super) fn jpeg(bytes: &[u8]) -> Vec<u8> {
    assert_eq!(bytes[..2], [0xFF, 0xD8]);
    let (mut at, mut markers) = (2, Vec::new());
    loop {
        assert_eq!(bytes[at], 0xFF);
        let marker = bytes[at + 1];
        if marker == 0xD9 {
            assert_eq!(at + 2, bytes.len());
            return markers;
        }
        markers.push(marker);
        at += 2 + be16(bytes, at + 2);
        if marker == 0xDA {
            while bytes[at] != 0xFF || matches!(bytes[at + 1], 0 | 0xD0..=0xD7) {
                at += 1;
            }
        }
    }
}

/// The chunks of a PNG, runs of data as one, of which nothing follows the end.
pub(super) fn png(bytes: &[u8]) -> Vec<String> {
    let (mut at, mut chunks) = (8, Vec::new());
    while at < bytes.len() {
        let name = String::from_utf8(bytes[at + 4..at + 8].to_vec()).expect("letters");
        at += 12 + be32(bytes, at);
        if chunks.last() != Some(&name) {
            chunks.push(name);
        }
    }
    assert_eq!(at, bytes.len());
    chunks
}

/// The blocks of a GIF, of which nothing follows the end.
pub(super) fn gif(bytes: &[u8]) -> Vec<String> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let (mut at, mut blocks) = (13 + table(bytes[10]), Vec::new());
    loop {
        match bytes[at] {
            0x3B => {
                assert_eq!(at + 1, bytes.len());
                return blocks;
            }
            0x21 if bytes[at + 1] == 0xF9 => {
                blocks.push("control".to_owned());
                at += 2;
            }
            0x21 => {
                assert_eq!(bytes[at + 1], 0xFF);
                blocks.push(String::from_utf8(bytes[at + 3..at + 14].to_vec()).expect("letters"));
                at += 2;
            }
            0x2C => {
                blocks.push("image".to_owned());
                at += 11 + table(bytes[at + 9]);
            }
            other => panic!("block {other:02X}"),
        }
        while bytes[at] != 0 {
            at += 1 + usize::from(bytes[at]);
        }
        at += 1;
    }
}

/// The tags of every directory of a TIFF.
pub(super) fn tiff(bytes: &[u8]) -> Vec<Vec<usize>> {
    assert_eq!(&bytes[..4], b"MM\0*");
    let (mut at, mut directories) = (be32(bytes, 4), Vec::new());
    while at != 0 {
        let count = be16(bytes, at);
        directories.push((0..count).map(|entry| be16(bytes, at + 2 + entry * 12)).collect());
        at = be32(bytes, at + 2 + count * 12);
    }
    directories
}

//! Reads the subset of CBOR (RFC 8949) that authenticators write: CTAP2 canonical form (CTAP 2.1, section 8).
//!
//! Integers, byte and text strings, arrays, maps, booleans and null, all of definite length; anything else ends the
//! reading. Nothing is allocated for a length before its bytes are there.

/// The deepest nesting: CTAP2 allows four levels, an attestation statement stands inside one more.
const DEEPEST: usize = 6;

/// The most members of one map or array.
const MOST: u64 = 64;

/// A value that borrows from what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'b> {
    Integer(i64),
    Bytes(&'b [u8]),
    Text(&'b str),
    Array(Vec<Value<'b>>),
    Map(Vec<(Value<'b>, Value<'b>)>),
    /// true, false, null
    Simple(u8),
}

/// Reads one value and tells what comes after it; `None` where it is not of the subset.
pub(super) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    value(bytes, 0)
}

impl<'b> Value<'b> {
    /// The member of a map with this text as its key.
    pub(super) fn named(&self, name: &str) -> Option<&Value<'b>> {
        self.member(&Value::Text(name))
    }

    /// The member of a map with this number as its key.
    pub(super) fn numbered(&self, number: i64) -> Option<&Value<'b>> {
        self.member(&Value::Integer(number))
    }

    fn member(&self, key: &Value<'_>) -> Option<&Value<'b>> {
        let Value::Map(members) = self else { return None };
        members.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    pub(super) const fn bytes(&self) -> Option<&'b [u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(super) const fn text(&self) -> Option<&'b str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) const fn integer(&self) -> Option<i64> {
        match self {
            Value::Integer(integer) => Some(*integer),
            _ => None,
        }
    }
}

fn value(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    if depth > DEEPEST {
        return None;
    }
    let (major, argument, rest) = head(bytes)?;
    match major {
        0 => Some((Value::Integer(i64::try_from(argument).ok()?), rest)),
        1 => Some((Value::Integer(-1 - i64::try_from(argument).ok()?), rest)),
        2 => string(argument, rest).map(|(bytes, rest)| (Value::Bytes(bytes), rest)),
        3 => {
            let (bytes, rest) = string(argument, rest)?;
            Some((Value::Text(str::from_utf8(bytes).ok()?), rest))
        }
        4 => array(argument, rest, depth),
        5 => map(argument, rest, depth),
        7 if (20..=22).contains(&argument) => Some((Value::Simple(u8::try_from(argument).ok()?), rest)),
        _ => None,
    }
}

/// The major type, the argument in its shortest form, and what follows (RFC 8949, section 3).
fn head(bytes: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (major, low) = (first >> 5, first & 0x1f);
    let (argument, least, rest) = match low {
        0..=23 => (u64::from(low), 0, rest),
        24 => rest
            .split_first_chunk::<1>()
            .map(|(b, rest)| (u64::from(b[0]), 24, rest))?,
        25 => rest
            .split_first_chunk()
            .map(|(b, rest)| (u16::from_be_bytes(*b).into(), 1 << 8, rest))?,
        26 => rest
            .split_first_chunk()
            .map(|(b, rest)| (u32::from_be_bytes(*b).into(), 1 << 16, rest))?,
        27 => rest
            .split_first_chunk()
            .map(|(b, rest)| (u64::from_be_bytes(*b), 1 << 32, rest))?,
        _ => return None,
    };
    (argument >= least).then_some((major, argument, rest))
}

fn string(length: u64, rest: &[u8]) -> Option<(&[u8], &[u8])> {
    rest.split_at_checked(usize::try_from(length).ok()?)
}

fn array(length: u64, mut rest: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let mut members = Vec::new();
    for _ in 0..bounded(length)? {
        let (member, after) = value(rest, depth + 1)?;
        members.push(member);
        rest = after;
    }
    Some((Value::Array(members), rest))
}

fn map(length: u64, mut rest: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let mut members: Vec<(Value<'_>, Value<'_>)> = Vec::new();
    for _ in 0..bounded(length)? {
        let (key, after) = value(rest, depth + 1)?;
        let (member, after) = value(after, depth + 1)?;
        if members.iter().any(|(known, _)| *known == key) {
            return None;
        }
        members.push((key, member));
        rest = after;
    }
    Some((Value::Map(members), rest))
}

fn bounded(length: u64) -> Option<u64> {
    (length <= MOST).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_rfc_8949_are_read() {
        for (bytes, expected) in [
            (&[0x17][..], Value::Integer(23)),
            (&[0x18, 0x64], Value::Integer(100)),
            (&[0x1a, 0, 0x0f, 0x42, 0x40], Value::Integer(1_000_000)),
            (&[0x39, 0x03, 0xe7], Value::Integer(-1000)),
            (&[0x44, 1, 2, 3, 4], Value::Bytes(&[1, 2, 3, 4])),
            (&[0x63, 0xe6, 0xb0, 0xb4], Value::Text("水")),
            (&[0xf5], Value::Simple(21)),
            (
                &[0x82, 1, 0x81, 2],
                Value::Array(vec![Value::Integer(1), Value::Array(vec![Value::Integer(2)])]),
            ),
            (
                &[0xa1, 0x61, 0x61, 1],
                Value::Map(vec![(Value::Text("a"), Value::Integer(1))]),
            ),
        ] {
            assert_eq!(read(bytes), Some((expected, &[][..])), "{bytes:02x?}");
        }
        let map = read(&[0xa2, 0x61, 0x61, 1, 0x20, 2]).unwrap().0;
        assert_eq!(map.named("a").and_then(Value::integer), Some(1));
        assert_eq!(map.numbered(-1).and_then(Value::integer), Some(2));
        assert_eq!(read(&[0x01, 0xff]).unwrap().1, [0xff]);
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        for bytes in [
            &[][..],
            &[0x18, 0x17],                   // not the shortest form
            &[0x9f, 0xff],                   // indefinite length
            &[0xa2, 1, 1, 1, 2],             // a key twice
            &[0x44, 1, 2, 3],                // cut
            &[0x61, 0xff],                   // not UTF-8
            &[0xc0, 0x01],                   // a tag
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], // a float
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9a, 0xff, 0xff, 0xff, 0xff],
            &[0x81; 20],
        ] {
            assert_eq!(read(bytes), None, "{bytes:02x?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }
    }
}

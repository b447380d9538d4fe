//! Byte strings one after another, each with its length: how an entry keeps the terms it is found by.

use crate::failure::{Failure, Result};

/// Appends one byte string: its length as LEB128, then its bytes.
pub(crate) fn push(into: &mut Vec<u8>, part: &[u8]) {
    let mut length = part.len();
    while length >= 0x80 {
        into.push(u8::try_from(length & 0x7F).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    into.push(u8::try_from(length).unwrap_or(0));
    into.extend_from_slice(part);
}

/// The byte strings of a packed value, in order.
#[derive(Debug, Clone)]
pub(crate) struct Parts<'p>(&'p [u8]);

impl<'p> Parts<'p> {
    pub(crate) const fn new(packed: &'p [u8]) -> Self {
        Self(packed)
    }

    /// The next one; `None` at the end.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where a length leads past the end.
    pub(crate) fn next(&mut self) -> Result<Option<&'p [u8]>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let mut length = 0_usize;
        for shift in (0..28).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or_else(cut)?;
            self.0 = rest;
            length |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                let (part, rest) = self.0.split_at_checked(length).ok_or_else(cut)?;
                self.0 = rest;
                return Ok(Some(part));
            }
        }
        Err(cut())
    }

    /// The next one, which must be there.
    pub(crate) fn expect_next(&mut self) -> Result<&'p [u8]> {
        self.next()?.ok_or_else(cut)
    }

    /// The next one as text.
    pub(crate) fn text(&mut self) -> Result<&'p str> {
        std::str::from_utf8(self.expect_next()?).map_err(|_| cut())
    }
}

fn cut() -> Failure {
    Failure::Damaged("packed values are cut short".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_parts_come_out_as_they_went_in() {
        let parts: [Vec<u8>; 4] = [vec![], vec![1], vec![2; 127], vec![3; 70_000]];
        let mut packed = Vec::new();
        for part in &parts {
            push(&mut packed, part);
        }
        let mut read = Parts::new(&packed);
        for part in &parts {
            assert_eq!(read.next().unwrap(), Some(part.as_slice()));
        }
        assert_eq!(read.next().unwrap(), None);
        assert!(Parts::new(&[5, 1]).next().is_err());
    }
}

//! Conditions on TCP flags: `(syn & !ack) | rst`.

use crate::dialect::statement::number;
use crate::packet::flag;
use crate::ranges::Ranges;

/// Conditions with more brackets and negations are not followed.
const DEEPEST: usize = 64;

/// The values of the byte of flags that meet a condition; `None` where it cannot be read.
pub(super) fn flags(text: &str) -> Option<Ranges<u8>> {
    let mut reader = Reader { rest: text, depth: 0 };
    let found = reader.any()?;
    reader.rest.trim().is_empty().then_some(found)
}

/// Answers to flows and packets that end them: `(ack | rst)`.
pub(super) fn established() -> Ranges<u8> {
    with(flag::ACK).union(&with(flag::RST))
}

/// Packets that begin a flow: `(syn & !ack)`.
pub(super) fn initial() -> Ranges<u8> {
    with(flag::SYN).minus(&with(flag::ACK))
}

fn with(bit: u8) -> Ranges<u8> {
    Ranges::of(
        (0..=u8::MAX)
            .filter(|flags| flags & bit == bit)
            .map(|flags| (flags, flags)),
    )
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn sign(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(sign) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn any(&mut self) -> Option<Ranges<u8>> {
        let mut found = self.all()?;
        while self.sign("|") || self.sign(",") {
            found = found.union(&self.all()?);
        }
        Some(found)
    }

    fn all(&mut self) -> Option<Ranges<u8>> {
        let mut found = self.one()?;
        while self.sign("&") || self.sign("+") {
            found = found.intersect(&self.one()?);
        }
        Some(found)
    }

    fn one(&mut self) -> Option<Ranges<u8>> {
        let not = self.sign("!");
        let open = !not && self.sign("(");
        self.depth += usize::from(not || open);
        if self.depth > DEEPEST {
            return None;
        }
        if not {
            return self.one().map(|found| found.complement());
        }
        if open {
            let found = self.any()?;
            return self.sign(")").then_some(found);
        }
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        self.rest = after;
        let bit = match &*word.to_ascii_lowercase() {
            "fin" => flag::FIN,
            "syn" => flag::SYN,
            "rst" => flag::RST,
            "push" => flag::PSH,
            "ack" => flag::ACK,
            "urgent" => flag::URG,
            word => match word.strip_prefix("0x") {
                Some(digits) => u8::from_str_radix(digits, 16).ok()?,
                None => number(word)?,
            },
        };
        Some(with(bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_they_are_written() {
        assert_eq!(flags("(syn & !ack)"), Some(initial()));
        assert_eq!(flags("ack | rst"), Some(established()));
        assert_eq!(flags("0x2"), Some(with(flag::SYN)));
        assert!(flags("!(syn|ack) & fin").unwrap().contains(flag::FIN));
        for wrong in ["", "syn &", "(syn", "syn)", "sin", "!"] {
            assert_eq!(flags(wrong), None, "{wrong}");
        }
    }
}

//! The path of a tile or bundle, one text for each.

use std::fmt;
use std::str::FromStr;

use super::{HIGHEST_LEVEL, Kind, Resource};
use crate::tree::TILE_WIDTH;

/// A path that no tile or bundle has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile or an entry bundle")]
pub struct NotAPath;

/// ```
/// use ledger::tile::{Kind, Resource};
///
/// let tile = Resource { kind: Kind::Hashes(0), index: 1_234_067, width: 256 };
/// assert_eq!(tile.to_string(), "tile/0/x001/x234/067");
/// assert_eq!("tile/entries/000.p/3".parse(), Ok(Resource { kind: Kind::Entries, index: 0, width: 3 }));
/// ```
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Hashes(level) => write!(f, "tile/{level}/")?,
            Kind::Entries => f.write_str("tile/entries/")?,
        }
        let mut elements = Vec::new();
        let mut rest = self.index;
        loop {
            elements.push(rest % 1000);
            rest /= 1000;
            if rest == 0 {
                break;
            }
        }
        for element in elements.iter().skip(1).rev() {
            write!(f, "x{element:03}/")?;
        }
        write!(f, "{:03}", elements.first().copied().unwrap_or(0))?;
        if self.is_full() {
            Ok(())
        } else {
            write!(f, ".p/{}", self.width)
        }
    }
}

impl FromStr for Resource {
    type Err = NotAPath;

    fn from_str(path: &str) -> Result<Self, NotAPath> {
        let (kind, rest) = path
            .strip_prefix("tile/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or(NotAPath)?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(level.parse().map_err(|_| NotAPath)?),
        };
        let (elements, width) = match rest.split_once(".p/") {
            Some((elements, width)) => (elements, width.parse().map_err(|_| NotAPath)?),
            None => (rest, 256),
        };
        let index = elements.split('/').try_fold(0u64, |index, element| {
            let digits = element.strip_prefix('x').unwrap_or(element);
            let number: u64 = digits.parse().ok()?;
            index.checked_mul(1000)?.checked_add(number)
        });
        let resource = Self {
            kind,
            index: index.ok_or(NotAPath)?,
            width,
        };
        let fits = (1..=TILE_WIDTH).contains(&u64::from(width)) && kind.level() <= HIGHEST_LEVEL;
        // One resource has one path: whatever else was read from it, leading zeros or signs, is refused here.
        if fits && resource.to_string() == path {
            Ok(resource)
        } else {
            Err(NotAPath)
        }
    }
}

//! The questions about the network take long where there are many rules, so they are asked while readers go on reading: of the registers as
//! they are, and put in only if nothing changed meanwhile that they depend on. Until then the city stands as it did.

use std::sync::Arc;

use jiff::civil::Date;
use store::Store;

use super::live::documents;
use super::loading;
use crate::city::City;
use crate::network::{CityNetwork, Known, NetworkSources, Registers};

/// What is to be asked of the network.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) city: Arc<City>,
    pub(crate) network: Option<Arc<NetworkSources>>,
    pub(crate) today: Date,
}

impl Question {
    /// What the devices let through, measured by the registers as they are now. A network that does not fit what it is joined with any
    /// more stops nobody: it is shown as what is not proved.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) fn ask(&self, store: &dyn Store) -> Result<Known, store::Failure> {
        let Some(sources) = &self.network else {
            return Ok(Known::Undescribed);
        };
        let settings = &self.city.settings;
        let kept = loading::kept(store)?;
        let registers = Registers::of_documents(|slug| {
            let rows = kept.contains(slug).then(|| documents(store, slug));
            rows.transpose()
        })?;
        let read = CityNetwork::read(Arc::clone(sources), &registers, &settings.schemes);
        Ok(Known::of(Some(read), &settings.city.model, self.today))
    }
}

/// How often the network had to be asked, and up to which of these times the answer is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Turns {
    wanted: u64,
    answered: u64,
}

impl Turns {
    /// Something changed that the answer depends on.
    pub(crate) const fn want(&mut self) {
        self.wanted = self.wanted.saturating_add(1);
    }

    /// The turn to be asked for, if the answer of the last one is not in.
    pub(crate) const fn open(self) -> Option<u64> {
        if self.wanted == self.answered {
            None
        } else {
            Some(self.wanted)
        }
    }

    /// Whether the answer of a turn is still what is wanted; then it is in.
    pub(crate) const fn settle(&mut self, turn: u64) -> bool {
        let is_wanted = self.wanted == turn;
        if is_wanted {
            self.answered = turn;
        }
        is_wanted
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[test]
    fn an_answer_that_was_overtaken_is_asked_for_again() {
        let mut turns = Turns::default();
        assert_eq!(turns.open(), None);
        turns.want();
        let asked = turns.open();
        turns.want();
        assert_eq!((asked, turns.settle(1)), (Some(1), false));
        assert_eq!((turns.open(), turns.settle(2)), (Some(2), true));
        assert_eq!(turns.open(), None);
    }
}

//! What was found in a file and done about it.

use serde::{Deserialize, Serialize};

use crate::class::{Action, Class};

/// How many different things are told one by one; what comes after is counted under the place `…`.
const TOLD: usize = 1_000;

/// Things of one class at one place that were treated alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What kind of thing.
    pub class: Class,
    /// Where: a part of the file, a file in an archive; empty for the file itself.
    pub place: String,
    /// How many.
    pub count: u64,
    /// What was done.
    pub action: Action,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Items(Vec<Item>);

impl Items {
    pub(crate) fn add(&mut self, class: Class, place: &str, action: Action) {
        let same = |item: &&mut Item| item.class == class && item.action == action && item.place == place;
        // What is found comes in runs of one place: the last ones are looked at first.
        if let Some(item) = self.0.iter_mut().rev().find(same) {
            item.count += 1;
            return;
        }
        if self.0.len() >= TOLD && place != "…" {
            return self.add(class, "…", action);
        }
        self.0.push(Item {
            class,
            place: place.to_owned(),
            count: 1,
            action,
        });
    }

    pub(crate) fn into_inner(self) -> Vec<Item> {
        self.0
    }
}

//! The treatment of one file with all that is in it: what may still be spent, where we are, what was found.

use crate::Rebuilt;
use crate::class::{Action, Class};
use crate::format::{self, Output, Source};
use crate::limits::{Budget, within};
use crate::profile::Profile;
use crate::receipt::{Item, Items};
use crate::refusal::{Reason, Refusal};

/// The treatment of one file.
#[derive(Debug)]
pub struct Job<'p> {
    profile: &'p Profile,
    passwords: &'p [String],
    pub(crate) budget: Budget,
    items: Items,
    /// Where we are: names of nested files, then of a part.
    place: Vec<String>,
    depth: u32,
}

impl<'p> Job<'p> {
    pub(crate) fn new(profile: &'p Profile, passwords: &'p [String]) -> Self {
        Self {
            profile,
            passwords,
            budget: Budget::new(profile.limits),
            items: Items::default(),
            place: Vec::new(),
            depth: 0,
        }
    }

    pub(crate) fn into_items(self) -> Vec<Item> {
        self.items.into_inner()
    }

    /// Passwords to try.
    pub(crate) fn passwords(&self) -> &'p [String] {
        self.passwords
    }

    /// Recognises a file and rebuilds it.
    pub(crate) fn treat(&mut self, source: &Source<'_>) -> Result<Rebuilt, Refusal> {
        let output = self.rebuild(source).map_err(|reason| self.refusal(reason))?;
        Ok(Rebuilt {
            name: format::renamed(source.name, output.format),
            format: output.format.id,
            bytes: output.bytes,
        })
    }

    fn rebuild(&mut self, source: &Source<'_>) -> Result<Output, Reason> {
        let limits = self.budget.limits();
        within(
            source.bytes.len() as u64,
            limits.bytes,
            "ファイルの大きさ",
            "bytes of a file",
        )?;
        within(
            u64::from(self.depth),
            u64::from(limits.depth),
            "ファイルの入れ子の深さ",
            "files inside files",
        )?;
        let format = format::identify(source)?;
        if self.profile.refused_formats.iter().any(|word| word == format.id) {
            return Err(Reason::Unsupported {
                format: format.words.clone(),
                instead: model::lang::Text::fixed("別の形式で送るよう依頼する", "ask for another format"),
            });
        }
        (format.rebuild)(self, source)
    }

    /// Treats a file that lies in the one being treated.
    pub(crate) fn nested(&mut self, name: &str, bytes: &[u8]) -> Result<Rebuilt, Refusal> {
        self.depth += 1;
        let treated = self.at(name, |job| job.treat(&Source::new(name, bytes)));
        self.depth -= 1;
        treated
    }

    /// Does something in a part of the file: what is found there is told with its name.
    pub(crate) fn at<T>(&mut self, part: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(part.to_owned());
        let done = act(self);
        self.place.pop();
        done
    }

    /// Tells that a thing was found, and what is done with it.
    ///
    /// # Errors
    /// The profile refuses files that hold such a thing.
    pub(crate) fn found(&mut self, class: Class) -> Result<Action, Reason> {
        let action = self.profile.action(class);
        self.items.add(class, &self.place.join(" › "), action);
        match action {
            Action::Refuse => Err(Reason::NotAllowed { class }),
            Action::Drop | Action::Rebuild => Ok(action),
        }
    }

    /// What the profile does with things of a class.
    pub(crate) fn allowed(&self, class: Class) -> Action {
        self.profile.action(class)
    }

    /// As [`Self::found`], for something that is called by a name of its own at this place.
    pub(crate) fn found_at(&mut self, class: Class, part: &str) -> Result<Action, Reason> {
        self.at(part, |job| job.found(class))
    }

    fn refusal(&self, reason: Reason) -> Refusal {
        Refusal {
            reason,
            place: self.place.join(" › "),
        }
    }
}

//! What a city wants done with what files hold: data, by direction and grade.

use std::collections::BTreeMap;

use model::lang::Text;
use serde::{Deserialize, Serialize};

use crate::class::{Action, Class};
use crate::isolation::Floor;
use crate::limits::Limits;

/// What is done with each class of thing, and the limits. The default is strict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// What is done with a class, where that is not the default.
    pub class: BTreeMap<Class, Action>,
    /// Formats that do not cross, by their identifiers, though they could be rebuilt.
    pub refused_formats: Vec<String>,
    /// Limits of one file.
    pub limits: Limits,
    /// The walls that must stand around the worker.
    pub walls: Floor,
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.en)]
pub struct Unusable(pub Text);

impl Profile {
    /// Reads a profile from TOML.
    ///
    /// # Errors
    /// A word that is none, or an action that a class does not allow: what runs by itself cannot be carried over.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        let profile: Self = toml::from_str(text).map_err(|error| {
            let what = error.message();
            Unusable(Text::new(
                format!("プロファイルを読めない: {what}"),
                format!("the profile cannot be read: {what}"),
            ))
        })?;
        for (class, action) in &profile.class {
            if !class.choices().contains(action) {
                let (class, action) = (class.words(), action.words());
                return Err(Unusable(Text::new(
                    format!("「{}」には「{}」を選べない", class.ja, action.ja),
                    format!("a {} cannot be {}", class.en, action.en),
                )));
            }
        }
        if let Some(word) = profile
            .refused_formats
            .iter()
            .find(|word| crate::format::named(word).is_none())
        {
            return Err(Unusable(Text::new(
                format!("形式「{word}」はない"),
                format!("there is no format `{word}`"),
            )));
        }
        Ok(profile)
    }

    /// What is done with things of a class.
    #[must_use]
    pub fn action(&self, class: Class) -> Action {
        self.class.get(&class).copied().unwrap_or(class.default_action())
    }
}

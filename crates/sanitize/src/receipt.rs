//! What was found in a file and done about it; and the receipt that tells it all.

use model::lang::Text;
use serde::{Deserialize, Serialize, Serializer};

use crate::class::{Action, Class};
use crate::isolation::Isolation;
use crate::refusal::Refusal;
use crate::{ENGINE, Treated, format};

/// How many different things are told one by one; what comes after is counted under the place `…`.
const TOLD: usize = 1_000;

/// What came in, what was found and done, what went out. One line of JSON for each file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The file that came in.
    pub input: Seen,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What was found, by class and place.
    pub items: Vec<Item>,
    /// How files of this format are treated, in one sentence; where the format was recognised.
    pub method: Option<Text>,
    /// The walls around the worker; none where no worker came so far.
    pub isolation: Option<Isolation>,
    /// Which engine: [`ENGINE`].
    pub engine: &'static str,
    /// How long it took, as its sender waited, in milliseconds.
    pub elapsed_ms: u64,
}

/// A file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// What it is called.
    pub name: String,
    /// The identifier of its format, where that was recognised.
    #[serde(rename = "type")]
    pub format: Option<&'static str>,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256 in hexadecimal; none of a file that is too long to be read whole.
    pub sha256: Option<String>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It was built anew.
    Rebuilt {
        /// The new file.
        output: Seen,
    },
    /// It does not cross.
    Refused {
        /// Why; in JSON with the words for people.
        #[serde(serialize_with = "told")]
        reason: Refusal,
    },
}

impl Receipt {
    /// The receipt of what was treated: `name` and length `bytes` are the input's, hashes are what the caller found out.
    #[must_use]
    pub fn new(name: &str, bytes: u64, hashes: &Hashes, treated: &Treated) -> Self {
        let outcome = match &treated.outcome {
            Ok(rebuilt) => Outcome::Rebuilt {
                output: Seen {
                    name: rebuilt.name.clone(),
                    format: Some(rebuilt.format),
                    bytes: rebuilt.bytes.len() as u64,
                    sha256: hashes.output.clone(),
                },
            },
            Err(refusal) => Outcome::Refused {
                reason: refusal.clone(),
            },
        };
        Self {
            input: Seen {
                name: name.to_owned(),
                format: treated.format,
                bytes,
                sha256: hashes.input.clone(),
            },
            outcome,
            items: treated.items.clone(),
            method: treated
                .format
                .and_then(format::named)
                .map(|format| format.method.clone()),
            isolation: None,
            engine: ENGINE,
            elapsed_ms: 0,
        }
    }
}

/// SHA-256 of both files in hexadecimal, as far as there are files and they were read whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hashes {
    /// Of the file that came in.
    pub input: Option<String>,
    /// Of the file that goes out.
    pub output: Option<String>,
}

/// A refusal as programs and people read it.
fn told<S: Serializer>(refusal: &Refusal, to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Told<'a> {
        code: &'static str,
        ja: &'a str,
        en: &'a str,
        place: &'a str,
    }
    let words = refusal.reason.words();
    Told {
        code: refusal.reason.code(),
        ja: &words.ja,
        en: &words.en,
        place: &refusal.place,
    }
    .serialize(to)
}

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

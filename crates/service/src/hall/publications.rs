//! What everybody may read: the texts that an approval made public.

use jiff::civil::Date;
use serde_json::Value;

use super::{Hall, Refusal, collection};

/// A text that is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The key of the document.
    pub document: String,
    /// What it is called.
    pub title: String,
    /// The text, as it was when it was approved.
    pub text: String,
    /// Since when.
    pub published_on: Option<Date>,
    /// Whether the document is the basic policy.
    pub is_policy: bool,
    /// The version of the publication: another one, another text.
    pub version: u64,
}

impl Hall {
    /// Everything that is public, by the key of its document. A document that was retired meanwhile is public no more, nor is one
    /// that became a procedure.
    ///
    /// # Errors
    /// What the database says.
    pub fn publications(&self) -> Result<Vec<Publication>, Refusal> {
        let mut kept = Vec::new();
        self.store.scan(collection::PUBLICATION, &mut |entry| {
            if entry.retired_at.is_none() {
                kept.push(entry);
            }
            Ok(())
        })?;
        let mut publications = Vec::new();
        for entry in kept {
            let Some(document) = self.store.entry("document", &entry.key)? else {
                continue;
            };
            let kind = document
                .document
                .get("kind")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if document.retired_at.is_some() || kind == "procedure" {
                continue;
            }
            let text = |field: &str| entry.document.get(field).and_then(Value::as_str).unwrap_or_default();
            publications.push(Publication {
                title: text("title").to_owned(),
                text: text("text").to_owned(),
                published_on: text("published_on").parse().ok(),
                is_policy: kind == "basic_policy",
                version: entry.version,
                document: entry.key,
            });
        }
        publications.sort_by(|a, b| a.document.cmp(&b.document));
        Ok(publications)
    }
}

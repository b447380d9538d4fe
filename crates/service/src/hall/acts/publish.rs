//! What becomes public, and what becomes the policy. Both follow an approval; nothing else publishes or adopts.

use model::lang::Text;
use serde_json::{Value, json};
use store::{Expected, Put};

use super::found::plain;
use crate::city::City;
use crate::hall::live::documents;
use crate::hall::{Hall, Refusal, collection, sources};

impl Hall {
    /// The publication of a document in its latest text.
    ///
    /// # Errors
    /// [`Refusal::Rules`]: a procedure, a document without a text.
    pub(super) fn publication(&self, document: &str) -> Result<Put, Refusal> {
        let entry = self.store.entry("document", document)?.ok_or(Refusal::NotFound)?;
        let field = |name: &str| entry.document.get(name).and_then(Value::as_str).unwrap_or_default();
        // 実施手順は公開しない: it would tell attackers how the city defends itself.
        if field("kind") == "procedure" {
            return Err(Refusal::rule(
                "実施手順は公開できない",
                "a procedure is never published",
            ));
        }
        let text = self.store.entry(collection::TEXT, document)?.ok_or_else(no_text)?;
        let published = json!({
            "document": document,
            "title": entry.title,
            "version": text.version,
            "text": text.document.get("text").cloned().unwrap_or_default(),
            "published_on": self.today().to_string(),
        });
        let mut put = plain(collection::PUBLICATION, document, published);
        put.expected = Expected::Any;
        put.title = entry.title;
        Ok(put)
    }

    /// The text as the policy in force, once it reads as a policy together with everything else of the city.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where there is no such text; [`Refusal::Problems`] where it does not read as a policy.
    pub(super) fn adopted(&self, text: &str) -> Result<Put, Refusal> {
        let entry = self.store.entry(collection::TEXT, text)?.ok_or_else(no_text)?;
        let body = entry.document.get("text").and_then(Value::as_str).ok_or_else(no_text)?;
        let policy = json!({ "file": "policy.txt", "text": body });
        let mut own = documents(&*self.store, collection::CITY)?;
        own.retain(|(key, _)| key != sources::POLICY);
        own.push((sources::POLICY.to_owned(), policy.clone()));
        let sources = sources::sources(&own).ok_or(Refusal::NoCity)?;
        City::read(&sources).map_err(Refusal::Problems)?;
        Ok(plain(collection::CITY, sources::POLICY, policy))
    }
}

fn no_text() -> Refusal {
    Refusal::Rules(vec![Text::fixed(
        "この文書の本文が登録されていない。先に本文を登録してください",
        "this document has no text; enter one first",
    )])
}

//! The text of a document of register `document`: one record a document, a version each time that it is written.

use access::authority::{Document, Grade, Resource};
use serde_json::{Value, json};
use store::{Act, Expected, Receipt};

use super::plain;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

/// The most bytes of a text: several times the longest policy that we know.
const LONGEST: usize = 2 << 20;

/// The register of documents.
const DOCUMENT: &str = "document";

impl Hall {
    /// Writes the text of a document. `seen` is the version of the text that the visitor changed; `None` for the first one.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Rules`] where it is empty or too long; [`Refusal::Store`] where somebody else was first.
    pub fn write_text(
        &self,
        visitor: &Visitor,
        document: &str,
        seen: Option<u64>,
        text: &str,
        reason: Option<&str>,
    ) -> Result<Receipt, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(DOCUMENT).ok_or(Refusal::NotFound)?;
        let entry = self.store.entry(DOCUMENT, document)?.ok_or(Refusal::NotFound)?;
        self.permit_on_document(visitor, Verb::Update, &entry.document)?;
        if text.trim().is_empty() {
            return Err(Refusal::rule("本文を入力してください", "enter the text"));
        }
        if text.len() > LONGEST {
            return Err(Refusal::rule(
                "本文が長すぎます(2MBまで)",
                "the text is too long (2 MB at most)",
            ));
        }
        let mut put = plain(
            collection::TEXT,
            document,
            json!({ "document": document, "text": unix(text) }),
        );
        put.expected = seen.map_or(Expected::New, Expected::Version);
        put.title.clone_from(&entry.title);
        put.text = format!("{}\n{text}", entry.title);
        let mut act = Act::new("document.text").by(&visitor.person);
        act.clauses = super::entry::clauses(&city, kind);
        if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
            act = act.note("reason", reason);
        }
        self.commit(act.with(put))
    }

    /// Whether a visitor may do something to the text of a document, whose row this is.
    ///
    /// # Errors
    /// [`Refusal::Denied`] with the rule that decided.
    pub fn permit_on_document(&self, visitor: &Visitor, act: Verb, row: &Value) -> Result<(), Refusal> {
        let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default();
        let (kind, publicity, section) = (text("kind"), text("publicity"), text("section"));
        let directory = self.directory();
        let organ = directory.sections.get(section).map(|unit| unit.organ.as_str());
        let document = Document {
            kind,
            publicity,
            grade: grade(kind, publicity),
            section,
            organ: organ.unwrap_or_default(),
        };
        self.permit(visitor, act, &Resource::Document(document))
    }

    /// The text of a document and its version; `None` where it has none.
    ///
    /// # Errors
    /// What the database says.
    pub fn text(&self, document: &str) -> Result<Option<(String, u64)>, Refusal> {
        let entry = self.store.entry(collection::TEXT, document)?;
        Ok(entry.map(|entry| (text_of(&entry.document).to_owned(), entry.version)))
    }
}

/// The register of documents grades nothing: a procedure (実施手順) tells how the city defends itself, and what is for some is not for all.
fn grade(kind: &str, publicity: &str) -> Grade {
    match (kind, publicity) {
        ("procedure", _) | (_, "restricted") => Grade::C3C,
        (_, "public") => Grade::C1,
        _ => Grade::C2,
    }
}

/// The text in a document of collection `hall.text`.
#[must_use]
pub fn text_of(document: &Value) -> &str {
    document.get("text").and_then(Value::as_str).unwrap_or_default()
}

/// Browsers send lines that end with CR LF (HTML, form submission); differences are lines.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

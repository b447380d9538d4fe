//! `/documents/{key}/acknowledgement`: somebody says that they read a document and keep it; how far others did.

use axum::extract::{Path, State as Of};
use axum::response::Response;
use model::lang::Text;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::notice::{self, Notice};
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::view::name;

/// People who have not acknowledged a document that are named at once.
const NAMED: usize = 300;

/// How far a document was acknowledged, to a visitor.
#[derive(Debug, Clone, Default)]
pub(super) struct AcknowledgementView {
    pub(super) done: usize,
    pub(super) of: usize,
    /// Whether the visitor themselves has yet to.
    pub(super) is_mine: bool,
    /// Who has not, by section; `None` where the visitor may not know.
    pub(super) missing: Option<Vec<(String, Vec<String>)>>,
    pub(super) total_missing: usize,
}

impl AcknowledgementView {
    /// `None` for a document that nobody has to acknowledge.
    pub(super) fn of(hall: &Hall, visitor: &Visitor, key: &str) -> Result<Option<Self>, Refusal> {
        let Some(found) = hall.acknowledged(visitor, key)? else {
            return Ok(None);
        };
        let directory = hall.directory();
        let total_missing = found.missing.as_ref().map_or(0, Vec::len);
        let missing = found.missing.map(|people| {
            let mut sections: Vec<(String, Vec<String>)> = Vec::new();
            for person in people.into_iter().take(NAMED) {
                let (section, name) = (name::section_of(&directory, &person), name::person(&directory, &person));
                match sections.last_mut() {
                    Some((known, names)) if *known == section => names.push(name),
                    _ => sections.push((section, vec![name])),
                }
            }
            sections
        });
        Ok(Some(Self {
            done: found.done,
            of: found.of,
            is_mine: hall.has_to_acknowledge(visitor, key)?,
            missing,
            total_missing,
        }))
    }

    /// 412人中398人
    pub(super) fn counted(&self) -> Text {
        let (done, of) = (self.done, self.of);
        Text::new(format!("{of}人のうち{done}人"), format!("{done} of {of}"))
    }

    /// まだ確認していない14人
    pub(super) fn missing_words(&self) -> Text {
        let missing = self.total_missing;
        Text::new(
            format!("まだ確認していない{missing}人"),
            format!("{missing} who have not yet"),
        )
    }
}

pub(super) async fn acknowledge(
    Of(site): Of<Site>,
    Who(visitor): Who,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = if sent.value("from") == "work" {
        "/work".to_owned()
    } else {
        href::document(&key)
    };
    blocking(&site, move |hall| hall.acknowledge(&visitor, &key)).await?;
    Ok(notice::see(&back, Notice::Added))
}

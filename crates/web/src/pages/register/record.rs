//! Who did what to a row, in words.

use jiff::Timestamp;
use model::lang::Text;
use service::hall::directory::Directory;
use store::Version;

use crate::href;
use crate::view::{act, name};

/// One version, as far as it is not the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordView {
    /// Counts from 1.
    pub(super) version: u64,
    /// What was done.
    pub(super) act: Text,
    /// Who did it.
    pub(super) by: Text,
    /// When.
    pub(super) at: Timestamp,
    /// Why, in their words.
    pub(super) reason: Option<String>,
    /// Its entry in the ledger.
    pub(super) leaf: u64,
}

impl RecordView {
    pub(super) fn new(version: &Version, directory: &Directory) -> Self {
        let reason = version.reason.as_ref().and_then(|reason| reason.as_str());
        Self {
            version: version.version,
            act: act::title(&version.kind),
            by: person(version.actor.as_deref(), directory),
            at: version.at,
            reason: reason.map(str::to_owned),
            leaf: version.leaf,
        }
    }

    /// 第3版
    pub(super) fn number(&self) -> Text {
        let version = self.version;
        Text::new(format!("第{version}版"), format!("version {version}"))
    }

    /// 証跡 第48213号
    pub(super) fn leaf_words(&self) -> Text {
        let leaf = self.leaf;
        Text::new(format!("証跡 第{leaf}号"), format!("ledger entry {leaf}"))
    }

    pub(super) fn leaf_href(&self) -> String {
        href::leaf(self.leaf)
    }
}

/// The name of whoever acted.
fn person(key: Option<&str>, directory: &Directory) -> Text {
    match key {
        Some(key) => Text::same(name::person(directory, key)),
        None => Text::fixed("三門(自動)", "Sanmon itself"),
    }
}

/// The sample city and what its rows are called, for pages with sample content.
pub(super) fn sample_words(site: &crate::site::Site) -> Option<(std::sync::Arc<service::city::City>, register::Words)> {
    let city = std::sync::Arc::clone(&site.edition().ok()?.snapshot.city);
    let mut words = register::Words::new(city.settings.schemes.clone());
    for kind in &city.kinds {
        words.declare(&kind.slug, &kind.label);
    }
    words.put("zone", "Z-MN", "住民情報系");
    words.put("section", "S11", "情報政策課");
    for number in 100..260 {
        words.put("person", &format!("P0{number}"), &format!("見本 {number}"));
    }
    Some((city, words))
}

/// The sample row of a register.
pub(super) fn sample_entry(kind: &register::Kind) -> store::Entry {
    store::Entry {
        register: kind.slug.clone(),
        key: kind.key_of(&kind.sample).to_owned(),
        version: 3,
        title: kind.title_of(&kind.sample).to_owned(),
        reading: String::new(),
        document: kind.sample.clone(),
        retired_at: None,
        leaf: 48_213,
    }
}

/// A version of somebody of the sample city.
pub(super) fn sample_record(at: Timestamp) -> RecordView {
    RecordView {
        version: 3,
        act: act::title("entry.update"),
        by: Text::same("見本 花子"),
        at,
        reason: Some("棚卸しの結果を反映".to_owned()),
        leaf: 48_213,
    }
}

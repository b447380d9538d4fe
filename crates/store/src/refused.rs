//! Why an act was not done.

use model::lang::Text;
use thiserror::Error;

use crate::failure::Failure;

/// An act that changed nothing.
///
/// [`Refused::text`] is for users; the error's own words are for logs and name no key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// Somebody else was first: the record is at another version than the caller has seen.
    #[error("change {change} expects another version than {current:?}")]
    Conflict {
        /// The position in [`Act::changes`](crate::Act::changes).
        change: usize,
        /// The register.
        register: String,
        /// The key.
        key: String,
        /// The version that is there now; `None` where there is no such record.
        current: Option<u64>,
    },
    /// Another record of the register has the value.
    #[error("change {change} repeats a unique value of field {name}")]
    Duplicate {
        /// The position in [`Act::changes`](crate::Act::changes).
        change: usize,
        /// The register.
        register: String,
        /// The field that must differ.
        name: String,
        /// The key of the record that has the value.
        holder: String,
    },
    /// The record is retired already, or in use already.
    #[error("change {change} leaves the record as retired or as in use as it is")]
    Unchanged {
        /// The position in [`Act::changes`](crate::Act::changes).
        change: usize,
        /// The register.
        register: String,
        /// The key.
        key: String,
    },
    /// The body cannot be erased: there is no such ledger entry, or it holds the current version of a record in use.
    #[error("the body of ledger entry {leaf} cannot be erased")]
    NotErasable {
        /// The position in [`Act::changes`](crate::Act::changes).
        change: usize,
        /// The index of the ledger entry.
        leaf: u64,
    },
    /// What no caller of ours sends: a document that is no object, an empty key, text too long to be indexed.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The database is open for reading only.
    #[error("read-only: {}", .0.en)]
    ReadOnly(Text),
    /// The sequencer has stopped.
    #[error("the sequencer has stopped")]
    Stopped,
    /// The database failed. Nothing was changed, unless the connection broke during the commit and could not be made
    /// again to see: then nobody knows, and whoever tries again may meet a conflict with their own act.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Refused {
    /// What a user is told.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Conflict {
                key,
                current: Some(version),
                ..
            } => Text::new(
                format!(
                    "「{key}」は、開いたあとに別の人が更新した(現在は第{version}版)。新しい内容を確かめてからやり直してください"
                ),
                format!(
                    "`{key}` was changed by somebody else since you opened it (now version {version}); look at it and try again"
                ),
            ),
            Self::Conflict { key, current: None, .. } => {
                Text::new(format!("「{key}」は登録されていない"), format!("there is no `{key}`"))
            }
            Self::Duplicate { holder, .. } => Text::new(
                format!("同じ値が「{holder}」で既に使われている"),
                format!("`{holder}` has this value already"),
            ),
            Self::Unchanged { key, .. } => Text::new(
                format!("「{key}」は既にその状態になっている"),
                format!("`{key}` is in this state already"),
            ),
            Self::NotErasable { leaf, .. } => Text::new(
                format!("証跡{leaf}番の内容は消去できない。使用中の記録の最新版は、先に更新するか廃止してください"),
                format!(
                    "the body of ledger entry {leaf} cannot be erased; change or retire the record first if it is in use"
                ),
            ),
            Self::Malformed(_) => Text::fixed(
                "内容が長すぎるか、形が正しくないので保存できない",
                "this is too long or not of the right shape to be stored",
            ),
            Self::ReadOnly(why) => why.clone(),
            Self::Stopped => Text::fixed(
                "システムが停止しようとしている。少し待ってからもう一度行ってください",
                "the system is shutting down; try again in a moment",
            ),
            Self::Failed(failure) => failure.text(),
        }
    }
}

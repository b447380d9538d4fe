//! The kinds of notices, one file each.

use model::lang::Text;

use super::{Look, Wanted};
use crate::hall::Refusal;

/// One kind of notice.
pub struct Kind {
    /// Its word; part of the keys, so that it stays.
    pub word: &'static str,
    /// What people call it.
    pub label: Text,
    /// What there is to tell now. What was told already may be among it.
    pub find: fn(&Look<'_>) -> Result<Vec<Wanted>, Refusal>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $($(#[$doc])* pub mod $name;)*

        /// All of them, in the order in which they are looked for.
        pub const ALL: &[&Kind] = &[$(&$name::KIND),*];
    };
}

kinds! {
    /// 決裁待ち: a request waits for the person's decision.
    waiting
    /// 差戻し: their request came back.
    returned
    /// 決裁の結果: their request was decided.
    decided
    /// 決裁の期限: nobody has decided yet.
    due
    /// 指摘: a row that they answer for is newly broken.
    finding
    /// 期限: an exception or an attestation ends within 30 days.
    expiring
    /// 人事異動: a transfer was confirmed.
    transfer
    /// 回復: somebody who lost every factor gets in again.
    recovery
    /// 副署: a witness does not cosign.
    witness
    /// バックアップ: none was made, or it is not sound.
    backup
    /// メール: letters do not go out.
    mail
}

/// The kind of this word.
#[must_use]
pub fn of(word: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.word == word)
}

/// For what somebody else raises.
#[expect(clippy::unnecessary_wraps, reason = "it stands where others ask the database")]
const fn nothing(_: &Look<'_>) -> Result<Vec<Wanted>, Refusal> {
    Ok(Vec::new())
}

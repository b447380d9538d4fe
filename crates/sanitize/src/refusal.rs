//! Why a file does not cross, and what its sender can do.

use model::lang::Text;
use serde::{Deserialize, Serialize};

use crate::class::Class;

/// Why a file does not cross.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Reason {
    /// No bytes at all.
    Empty,
    /// No format takes the bytes for its own.
    Unrecognised,
    /// The bytes are of one format, and nothing is known that rebuilds it honestly.
    Unsupported {
        /// The format, in words.
        format: Text,
        /// What to send in its place.
        instead: Text,
    },
    /// The bytes are of one format, the name says another.
    NameDisagrees {
        /// What the bytes are.
        found: Text,
    },
    /// The bytes are of two formats at once.
    Ambiguous {
        /// The formats.
        formats: Vec<Text>,
    },
    /// It is encrypted, and no password that was given opens it.
    Encrypted,
    /// It breaks the rules of its format, so that readers could see different things.
    Malformed {
        /// Which rule.
        what: Text,
    },
    /// A limit was reached.
    TooMuch {
        /// Which limit.
        what: Text,
    },
    /// The profile refuses files that hold this.
    NotAllowed {
        /// The kind of thing.
        class: Class,
    },
    /// A file in it does not cross, and the profile refuses the whole for that.
    Within {
        /// Why that file does not cross.
        refusal: Box<Refusal>,
    },
    /// The worker took longer than it may.
    TimedOut,
    /// The worker ended without an answer, or with nonsense.
    WorkerDied,
    /// The walls around the worker are lower than the profile demands.
    WallsTooLow {
        /// The names of those that are missing.
        missing: Vec<String>,
    },
}

/// Why a file does not cross, and where in it that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// Where: a part of the file, a file in an archive; empty for the file itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

impl Refusal {
    /// The refusal in words, with what to do about it.
    #[must_use]
    pub fn words(&self) -> Text {
        let reason = self.reason.words();
        if self.place.is_empty() {
            return reason;
        }
        Text::new(
            format!("{}: {}", self.place, reason.ja),
            format!("{}: {}", self.place, reason.en),
        )
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            place: String::new(),
        }
    }
}

/// A rule of a format that is broken.
#[must_use]
pub fn malformed(ja: impl Into<String>, en: impl Into<String>) -> Reason {
    Reason::Malformed {
        what: Text::new(ja, en),
    }
}

impl Reason {
    /// The stable word of the reason, as it stands in receipts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Unrecognised => "unrecognised",
            Self::Unsupported { .. } => "unsupported",
            Self::NameDisagrees { .. } => "name_disagrees",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Encrypted => "encrypted",
            Self::Malformed { .. } => "malformed",
            Self::TooMuch { .. } => "too_much",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Within { .. } => "within",
            Self::TimedOut => "timed_out",
            Self::WorkerDied => "worker_died",
            Self::WallsTooLow { .. } => "walls_too_low",
        }
    }

    /// The reason in words, with what to do about it.
    #[must_use]
    pub fn words(&self) -> Text {
        match self {
            Self::Empty => Text::fixed(
                "ファイルが空である。送り直しを依頼する",
                "the file is empty; ask for it again",
            ),
            Self::Unrecognised => Text::fixed(
                "形式を判別できない。壊れていないかを確かめ、対応する形式で送り直すよう依頼する",
                "the format is not recognised; ask for a format that is accepted, and whether the file is whole",
            ),
            Self::Unsupported { format, instead } => Text::new(
                format!("{}は作り直せないため受け入れない。{}", format.ja, instead.ja),
                format!("{} cannot be rebuilt and is not accepted; {}", format.en, instead.en),
            ),
            Self::NameDisagrees { found } => Text::new(
                format!(
                    "中身は{}で、拡張子と一致しない。送信者に確かめ、正しい拡張子で送り直すよう依頼する",
                    found.ja
                ),
                format!(
                    "the content is {}, which its extension does not say; ask the sender, and for the right extension",
                    found.en
                ),
            ),
            Self::Ambiguous { formats } => {
                let join =
                    |pick: fn(&Text) -> &str, between| formats.iter().map(pick).collect::<Vec<_>>().join(between);
                Text::new(
                    format!(
                        "同時に複数の形式({})として読めるため受け入れない",
                        join(|text| &text.ja, "、")
                    ),
                    format!("it reads as several formats at once ({})", join(|text| &text.en, ", ")),
                )
            }
            Self::Encrypted => Text::fixed(
                "暗号化されている。パスワードを指定してやり直す",
                "it is encrypted; try again with its password",
            ),
            Self::Malformed { what } => Text::new(
                format!(
                    "形式の決まりに反している({})。元のソフトで保存し直して送るよう依頼する",
                    what.ja
                ),
                format!(
                    "it breaks the rules of its format ({}); ask for it to be saved anew by its program",
                    what.en
                ),
            ),
            Self::TooMuch { what } => Text::new(
                format!("上限を超えている({})。分けて送るよう依頼する", what.ja),
                format!("it is over a limit ({}); ask for it in parts", what.en),
            ),
            Self::NotAllowed { class } => {
                let class = class.words();
                Text::new(
                    format!(
                        "{}を含むファイルは受け入れない設定である。取り除いて送り直すよう依頼する",
                        class.ja
                    ),
                    format!("files with a {} are not accepted; ask for it without", class.en),
                )
            }
            Self::Within { refusal } => {
                let inner = refusal.words();
                Text::new(
                    format!("受け入れられないファイルを含む({})", inner.ja),
                    format!("it holds a file that is not accepted ({})", inner.en),
                )
            }
            Self::TimedOut => Text::fixed(
                "制限時間内に作り直せなかった。小さく分けて送るよう依頼する",
                "it could not be rebuilt in time; ask for it in smaller parts",
            ),
            Self::WorkerDied => Text::fixed(
                "作り直す処理が途中で止まった。壊れているか、攻撃のおそれがある。送信者に確かめる",
                "the worker ended before its time: the file is damaged or hostile; ask the sender",
            ),
            Self::WallsTooLow { missing } => {
                let missing = missing.join(", ");
                Text::new(
                    format!(
                        "無害化の処理を隔離できない環境のため受け入れない(足りないもの: {missing})。管理者に連絡する"
                    ),
                    format!(
                        "the worker cannot be walled off here, so nothing is accepted (missing: {missing}); tell the administrator"
                    ),
                )
            }
        }
    }
}

//! The five standings (状況).

use model::lang::Text;
use serde::Serialize;

/// How a duty, or a clause, stands. Ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 該当なし: it does not apply here, with a reason.
    NotApplicable,
    /// 守られている: shown by evidence that is young enough.
    Kept,
    /// 例外中: not kept, with an approved exception until a date.
    Excepted,
    /// 未証明: nobody has shown it.
    Unproven,
    /// 破れている: evidence shows that it is not kept.
    Broken,
}

impl Standing {
    /// Worst first, as people read them.
    pub const ALL: [Self; 5] = [
        Self::Broken,
        Self::Unproven,
        Self::Excepted,
        Self::Kept,
        Self::NotApplicable,
    ];

    /// The word for people.
    #[must_use]
    pub const fn label(self) -> Text {
        match self {
            Self::Kept => Text::fixed("守られている", "kept"),
            Self::Broken => Text::fixed("破れている", "broken"),
            Self::Unproven => Text::fixed("未証明", "unproven"),
            Self::Excepted => Text::fixed("例外中", "excepted"),
            Self::NotApplicable => Text::fixed("該当なし", "not applicable"),
        }
    }

    /// The mark that goes with the word.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Kept => "○",
            Self::Broken => "×",
            Self::Unproven => "?",
            Self::Excepted => "◇",
            Self::NotApplicable => "―",
        }
    }
}

/// How many duties have each standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// 守られている
    pub kept: usize,
    /// 破れている
    pub broken: usize,
    /// 未証明
    pub unproven: usize,
    /// 例外中
    pub excepted: usize,
    /// 該当なし
    pub not_applicable: usize,
}

impl Summary {
    /// How many duties have `standing`.
    #[must_use]
    pub const fn count(&self, standing: Standing) -> usize {
        match standing {
            Standing::Kept => self.kept,
            Standing::Broken => self.broken,
            Standing::Unproven => self.unproven,
            Standing::Excepted => self.excepted,
            Standing::NotApplicable => self.not_applicable,
        }
    }
}

impl FromIterator<Standing> for Summary {
    fn from_iter<I: IntoIterator<Item = Standing>>(standings: I) -> Self {
        let mut summary = Self::default();
        for standing in standings {
            let count = match standing {
                Standing::Kept => &mut summary.kept,
                Standing::Broken => &mut summary.broken,
                Standing::Unproven => &mut summary.unproven,
                Standing::Excepted => &mut summary.excepted,
                Standing::NotApplicable => &mut summary.not_applicable,
            };
            *count = count.saturating_add(1);
        }
        summary
    }
}

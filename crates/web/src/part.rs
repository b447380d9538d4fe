//! Pieces that pages share and that need more than a template.

use model::lang::Text;
use store::Total;

/// Something to be put right in a form; `part/faults.html` lists all of them above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id of the field; empty for the form as a whole.
    pub field: String,
    /// What is wrong.
    pub words: Text,
}

/// Which part of a long list is shown; its template is `part/pages.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// 51–100件目(412件中)
    pub words: Text,
    /// The address of the part before.
    pub previous: Option<String>,
    /// The address of the part behind.
    pub next: Option<String>,
}

impl Pages {
    /// The part of `shown` rows from position `from` of `total`; `address` makes the address of the part at a position.
    #[must_use]
    pub fn new(from: usize, shown: usize, total: usize, size: usize, address: impl Fn(usize) -> String) -> Self {
        let end = from.saturating_add(shown);
        let words = if total == 0 {
            Text::fixed("0件", "none")
        } else if shown == total {
            Text::new(format!("{total}件"), format!("{total} in all"))
        } else {
            let first = from.saturating_add(1);
            Text::new(
                format!("{first}–{end}件目({total}件中)"),
                format!("{first}–{end} of {total}"),
            )
        };
        Self {
            words,
            previous: (from > 0).then(|| address(from.saturating_sub(size))),
            next: (end < total).then(|| address(end)),
        }
    }

    /// `shown` rows from position `from` of a list that the store counted; `total` is `None` where the visitor may not know.
    #[must_use]
    pub fn along(
        (from, shown): (usize, usize),
        total: Option<Total>,
        previous: Option<String>,
        next: Option<String>,
    ) -> Self {
        let (first, end) = (from.saturating_add(1), from.saturating_add(shown));
        let total = total.map(counted).map(|Text { ja, en }| (ja, en));
        let is_all = from == 0 && next.is_none();
        let words = match total {
            _ if shown == 0 => Text::fixed("0件", "none"),
            None => Text::new(format!("{shown}件"), shown.to_string()),
            Some((ja, en)) if is_all => Text::new(ja, format!("{en} in all")),
            Some((ja, en)) => Text::new(format!("{first}–{end}件目({ja}中)"), format!("{first}–{end} of {en}")),
        };
        Self { words, previous, next }
    }

    /// Whether there is more than what is shown.
    #[must_use]
    pub const fn is_part(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}

/// 412件, 約412件, 412件以上
#[must_use]
pub fn counted(total: Total) -> Text {
    match total {
        Total::Exactly(total) => Text::new(format!("{total}件"), total.to_string()),
        Total::About(total) => Text::new(format!("約{total}件"), format!("about {total}")),
        Total::AtLeast(total) => Text::new(format!("{total}件以上"), format!("{total} or more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_list_lead_to_each_other() {
        let address = |from| format!("?from={from}");
        let middle = Pages::new(50, 50, 120, 50, address);
        assert_eq!(middle.words.ja, "51–100件目(120件中)");
        assert_eq!(middle.previous.as_deref(), Some("?from=0"));
        assert_eq!(middle.next.as_deref(), Some("?from=100"));
        assert!(!Pages::new(0, 3, 3, 50, address).is_part());
        assert_eq!(Pages::new(0, 0, 0, 50, address).words.en, "none");
        let counted = |total, next: Option<&str>| Pages::along((0, 50), total, None, next.map(str::to_owned)).words.en;
        assert_eq!(
            counted(Some(Total::AtLeast(20_000)), Some("?")),
            "1–50 of 20000 or more"
        );
        assert_eq!(counted(Some(Total::Exactly(50)), None), "50 in all");
        assert_eq!(counted(None, Some("?")), "50");
    }
}

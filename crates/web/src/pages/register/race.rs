//! Two people changed one row at the same time: what the other one did, what the visitor wanted, and a document that has both.

use model::lang::{Lang, Text};
use register::{Kind, Words};
use serde_json::{Map, Value};

use super::record::RecordView;
use super::value::ValueView;

/// What a page shows of a lost race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Race {
    /// Who was first, and when.
    pub(super) by: Option<RecordView>,
    /// Every field in which the two differ, or which the other one changed.
    pub(super) fields: Vec<Contested>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contested {
    pub(super) label: Text,
    /// What is stored now.
    pub(super) theirs: ValueView,
    /// What the visitor sent.
    pub(super) yours: ValueView,
    /// Both changed it: what the form holds is the visitor's.
    pub(super) by_both: bool,
}

/// The three documents of a race.
#[derive(Debug, Clone, Copy)]
pub(super) struct Three<'d> {
    /// What both of them saw.
    pub(super) base: &'d Value,
    /// What is stored now.
    pub(super) theirs: &'d Value,
    /// What the visitor sent.
    pub(super) yours: &'d Value,
}

impl Three<'_> {
    /// What the visitor sent, but for the fields that only the other one changed.
    pub(super) fn merged(self, kind: &Kind) -> Value {
        let mut core = Map::new();
        let mut added = Map::new();
        for field in &kind.fields {
            let of = |document| field.of(document).unwrap_or(&Value::Null);
            let value = if of(self.yours) == of(self.base) {
                of(self.theirs)
            } else {
                of(self.yours)
            };
            let part = if field.local { &mut added } else { &mut core };
            part.insert(field.name.clone(), value.clone());
        }
        if !added.is_empty() {
            core.insert(register::LOCAL.to_owned(), Value::Object(added));
        }
        Value::Object(core)
    }

    pub(super) fn contested(self, kind: &Kind, words: &Words, lang: Lang) -> Vec<Contested> {
        let fields = kind.fields.iter().filter_map(|field| {
            let of = |document| field.of(document).unwrap_or(&Value::Null);
            let (theirs, yours) = (of(self.theirs) != of(self.base), of(self.yours) != of(self.base));
            let differ = of(self.theirs) != of(self.yours);
            (theirs || differ).then(|| Contested {
                label: field.label.clone(),
                theirs: ValueView::of(field, self.theirs, words, lang),
                yours: ValueView::of(field, self.yours, words, lang),
                by_both: theirs && yours && differ,
            })
        });
        fields.collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_each_of_two_changed_alone_is_kept_and_the_visitor_wins_the_rest() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
        let site = crate::sample::site(&folder, jiff::civil::date(2026, 11, 23)).unwrap();
        let (city, words) = super::super::record::sample_words(&site).unwrap();
        let kind = city.kind("terminal").unwrap();
        let with = |os: &str, factors: i64, encrypted: bool| {
            let mut document = kind.sample.clone();
            document["os"] = json!(os);
            document["factors"] = json!(factors);
            document["encrypted"] = json!(encrypted);
            document
        };
        let (base, theirs, yours) = (with("A", 1, false), with("B", 2, false), with("A", 3, true));
        let three = Three {
            base: &base,
            theirs: &theirs,
            yours: &yours,
        };
        let merged = three.merged(kind);
        assert_eq!(
            (&merged["os"], &merged["factors"], &merged["encrypted"]),
            (&json!("B"), &json!(3), &json!(true))
        );
        assert_eq!(kind.check(&merged), Vec::new());
        let contested = three.contested(kind, &words, Lang::Ja);
        let told: Vec<(&str, bool)> = contested.iter().map(|c| (c.label.ja.as_ref(), c.by_both)).collect();
        assert_eq!(told, [("OS", false), ("認証の要素数", true), ("ディスク暗号化", false)]);
    }
}

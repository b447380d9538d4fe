//! The address of a list as it is asked for: links change one thing of it and keep the rest.

use store::Cursor;

use crate::href;

/// Parameters that say which part of a list is shown; every other link begins at its first part.
const PLACE: [&str; 2] = ["cursor", "_at"];

/// The parameters of a list, those without a value left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    slug: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    pub(super) fn new(slug: &str, pairs: Vec<(String, String)>) -> Self {
        let asked = pairs
            .into_iter()
            .filter(|(name, value)| !value.trim().is_empty() && name != "lang");
        Self {
            slug: slug.to_owned(),
            pairs: asked.collect(),
        }
    }

    /// Everything asked for.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The first value under a name; empty where there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        let mut pairs = self.pairs.iter();
        pairs
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// All values under a name.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.pairs.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The list from its beginning, with `name` set so; without it where the value is empty.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self.kept().filter(|(known, _)| *known != name).collect();
        if !value.is_empty() {
            pairs.push((name, value));
        }
        format!("{}{}", href::register(&self.slug), query(&pairs))
    }

    /// The list from its beginning, without one of its conditions.
    pub(super) fn without(&self, name: &str, value: &str) -> String {
        let pairs: Vec<(&str, &str)> = self.kept().filter(|pair| *pair != (name, value)).collect();
        format!("{}{}", href::register(&self.slug), query(&pairs))
    }

    /// The part of the list behind a row.
    pub(super) fn behind(&self, cursor: &Cursor, at: usize) -> String {
        let (cursor, at) = (cursor.to_string(), at.to_string());
        let mut pairs: Vec<(&str, &str)> = self.kept().collect();
        pairs.extend([("cursor", cursor.as_str()), ("_at", at.as_str())]);
        format!("{}{}", href::register(&self.slug), query(&pairs))
    }

    /// The part of the list from a position.
    pub(super) fn from(&self, at: usize) -> String {
        let at = if at == 0 { String::new() } else { at.to_string() };
        self.with("_at", &at)
    }

    /// The same rows as a file.
    pub(super) fn export(&self, format: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self.kept().filter(|(name, _)| *name != "_column").collect();
        pairs.push(("_format", format));
        format!("{}{}", href::of_register(&self.slug, "export"), query(&pairs))
    }

    fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter().filter(|(name, _)| !PLACE.contains(&name.as_str()));
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", href::segment(name), href::segment(value)))
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Address::new(
            "terminal",
            vec![
                pair("search", "窓口"),
                pair("sort", ""),
                pair("filter[kind]", "notebook"),
                pair("_at", "50"),
            ],
        )
    }

    #[test]
    fn a_link_changes_one_thing_and_begins_anew() {
        let address = address();
        let kept = "/registers/terminal?search=%E7%AA%93%E5%8F%A3";
        assert_eq!(
            address.with("sort", "-code"),
            format!("{kept}&filter%5Bkind%5D=notebook&sort=-code")
        );
        assert_eq!(address.without("filter[kind]", "notebook"), kept);
        assert_eq!(
            Address::new("terminal", Vec::new()).with("sort", ""),
            "/registers/terminal"
        );
    }
}

//! What a page holds besides its text: scripts, menus, the head and foot of the site.

use html5ever::tokenizer::Tag;

/// Elements whose content is never part of the text.
const DROPPED: &[&str] = &[
    "head", "script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "template", "nav", "aside", "svg",
    "math", "object", "canvas", "audio", "video", "select", "button", "textarea", "rt", "rp", "del",
];

/// Roles and class words of site furniture.
const FURNITURE: &[&str] = &[
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "breadcrumb",
    "topicpath",
    "pankuzu",
];

/// Whether an element is no part of the text; `inside` an article or the main part of the page less is left out.
pub(super) fn is_left_out(tag: &Tag, inside: bool) -> bool {
    let name: &str = &tag.name;
    if DROPPED.contains(&name) || attribute(tag, "hidden").is_some() {
        return true;
    }
    // The header of an article may hold its title; that of the site does not.
    if matches!(name, "header" | "footer") && !inside {
        return true;
    }
    if matches!(name, "html" | "body" | "main" | "article") {
        return false;
    }
    let style = attribute(tag, "style").unwrap_or_default().replace(' ', "");
    let marks = ["role", "class", "id"]
        .into_iter()
        .filter_map(|key| attribute(tag, key));
    style.contains("display:none")
        || marks
            .flat_map(|mark| {
                mark.split_ascii_whitespace()
                    .map(str::to_ascii_lowercase)
                    .collect::<Vec<_>>()
            })
            .any(|mark| FURNITURE.contains(&mark.as_str()))
}

/// The value of an attribute.
pub(super) fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(&found.value)
}

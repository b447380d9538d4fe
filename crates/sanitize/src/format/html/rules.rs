//! Which elements, attributes and links stay.

use crate::class::Class;

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays, with what is in it.
    Stay,
    /// It stays, and nothing can be in it.
    Void,
    /// A link.
    Link,
    /// A picture.
    Picture,
    /// It goes, and what is in it stays. Counted where a class is told.
    Unwrap(Option<Class>),
    /// It goes, and nothing can be in it.
    DropVoid(Class),
    /// It goes with all that is in it.
    Drop(Class),
    /// As `Drop`; what is in it is text to a browser, not elements.
    DropText(Class),
    /// The title of the page.
    Title,
    /// A word about the page.
    Meta,
}

/// What becomes of an element by its name.
pub(super) fn fate(name: &str) -> Fate {
    match name {
        "abbr" | "address" | "article" | "aside" | "b" | "big" | "blockquote" | "caption" | "center" | "cite"
        | "code" | "colgroup" | "dd" | "del" | "details" | "dfn" | "div" | "dl" | "dt" | "em" | "figcaption"
        | "figure" | "font" | "footer" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "i" | "ins" | "kbd"
        | "li" | "main" | "mark" | "nav" | "ol" | "p" | "pre" | "q" | "rp" | "rt" | "ruby" | "s" | "samp"
        | "section" | "small" | "span" | "strike" | "strong" | "sub" | "summary" | "sup" | "table" | "tbody" | "td"
        | "tfoot" | "th" | "thead" | "tr" | "tt" | "u" | "ul" | "var" => Fate::Stay,
        "br" | "col" | "hr" | "wbr" => Fate::Void,
        "a" => Fate::Link,
        "img" | "image" => Fate::Picture,
        "html" | "head" | "body" => Fate::Unwrap(None),
        "form" => Fate::Unwrap(Some(Class::ActiveAction)),
        "title" => Fate::Title,
        "meta" => Fate::Meta,
        "link" | "base" => Fate::DropVoid(Class::ExternalTarget),
        "input" | "keygen" => Fate::DropVoid(Class::Control),
        "button" | "select" | "datalist" => Fate::Drop(Class::Control),
        "textarea" => Fate::DropText(Class::Control),
        "script" => Fate::DropText(Class::Script),
        "style" | "xmp" | "noembed" => Fate::DropText(Class::UnknownElement),
        "iframe" | "noframes" => Fate::DropText(Class::ForeignContent),
        "frame" => Fate::DropVoid(Class::ForeignContent),
        "embed" => Fate::DropVoid(Class::EmbeddedObject),
        "object" | "applet" => Fate::Drop(Class::EmbeddedObject),
        "audio" | "video" => Fate::Drop(Class::Media),
        "bgsound" => Fate::DropVoid(Class::Media),
        "svg" | "math" | "canvas" | "template" | "noscript" | "map" => Fate::Drop(Class::UnknownElement),
        "area" | "param" | "source" | "track" => Fate::DropVoid(Class::UnknownElement),
        _ => Fate::Unwrap(Some(Class::UnknownElement)),
    }
}

/// Open elements that a start tag closes, since their end tags may be left out (section 13.1.2.4).
pub(super) fn closed_by(name: &str) -> &'static [&'static str] {
    match name {
        "li" => &["li", "p"],
        "dt" | "dd" => &["dt", "dd", "p"],
        "td" | "th" => &["td", "th", "p"],
        "tr" => &["td", "th", "tr", "p"],
        "tbody" | "thead" | "tfoot" => &["td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup", "p"],
        "rt" | "rp" => &["rt", "rp"],
        "address" | "article" | "aside" | "blockquote" | "center" | "details" | "div" | "dl" | "figure" | "footer"
        | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hr" | "main" | "nav" | "ol" | "p" | "pre"
        | "section" | "table" | "ul" => &["p"],
        _ => &[],
    }
}

/// Does an attribute stay, with this value?
pub(super) fn attribute(name: &str, value: &str) -> bool {
    let digits = |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match name {
        "colspan" | "rowspan" | "span" | "start" | "border" | "cellpadding" | "cellspacing" => digits(value),
        "width" | "height" => digits(value.strip_suffix('%').unwrap_or(value)),
        "align" | "valign" => matches!(
            value.to_ascii_lowercase().as_str(),
            "left" | "right" | "center" | "justify" | "top" | "middle" | "bottom" | "baseline"
        ),
        "type" => matches!(value, "1" | "a" | "A" | "i" | "I" | "disc" | "circle" | "square"),
        "lang" => value.len() <= 20 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
        "color" | "bgcolor" => {
            let word = value.strip_prefix('#').unwrap_or(value);
            (1..=20).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }
        "alt" | "title" => true,
        _ => false,
    }
}

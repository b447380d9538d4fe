//! Which elements, attributes and values stay.

use crate::class::Class;

/// Elements that stay.
const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "image",
    "a",
    "switch",
    "filter",
    "feBlend",
    "feColorMatrix",
    "feComposite",
    "feFlood",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feOffset",
    "feDropShadow",
];

/// Attributes with a value of numbers, names and signs.
const ATTRIBUTES: &[&str] = &[
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "fr",
    "dx",
    "dy",
    "width",
    "height",
    "viewBox",
    "preserveAspectRatio",
    "d",
    "points",
    "transform",
    "pathLength",
    "rotate",
    "textLength",
    "lengthAdjust",
    "startOffset",
    "method",
    "spacing",
    "offset",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "patternUnits",
    "patternContentUnits",
    "patternTransform",
    "clipPathUnits",
    "maskUnits",
    "maskContentUnits",
    "markerWidth",
    "markerHeight",
    "markerUnits",
    "refX",
    "refY",
    "orient",
    "filterUnits",
    "primitiveUnits",
    "in",
    "in2",
    "result",
    "stdDeviation",
    "mode",
    "operator",
    "k1",
    "k2",
    "k3",
    "k4",
    "values",
    "type",
    "version",
    "systemLanguage",
];

/// Properties, as attributes or in `style`.
const PROPERTIES: &[&str] = &[
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "color",
    "display",
    "visibility",
    "overflow",
    "clip-path",
    "clip-rule",
    "mask",
    "filter",
    "marker",
    "marker-start",
    "marker-mid",
    "marker-end",
    "stop-color",
    "stop-opacity",
    "flood-color",
    "flood-opacity",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "font-variant",
    "font-stretch",
    "text-anchor",
    "text-decoration",
    "letter-spacing",
    "word-spacing",
    "writing-mode",
    "dominant-baseline",
    "alignment-baseline",
    "baseline-shift",
    "direction",
    "unicode-bidi",
    "color-interpolation",
    "color-interpolation-filters",
    "shape-rendering",
    "text-rendering",
    "image-rendering",
    "paint-order",
    "vector-effect",
    "mix-blend-mode",
    "isolation",
    "enable-background",
    "white-space",
    "text-orientation",
    "glyph-orientation-vertical",
    "line-height",
];

/// The name of an element that stays.
pub(super) fn element(name: &str) -> Option<&'static str> {
    ELEMENTS.iter().find(|known| **known == name).copied()
}

/// What an element that goes is.
pub(super) fn class(name: &str) -> Class {
    match name {
        "script" | "handler" | "listener" => Class::Script,
        "foreignObject" | "iframe" => Class::ForeignContent,
        "animate" | "animateMotion" | "animateTransform" | "set" | "discard" => Class::ActiveAction,
        "audio" | "video" => Class::Media,
        "font" | "font-face" => Class::EmbeddedFont,
        "feImage" => Class::RemotePicture,
        "metadata" => Class::Metadata,
        _ => Class::UnknownElement,
    }
}

/// The value of an attribute as it goes out; nothing if it does not stay.
pub(super) fn attribute(name: &str, value: &str) -> Option<String> {
    if name == "style" {
        let declarations = value.split(';').filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            let (name, value) = (name.trim(), value.trim());
            (PROPERTIES.contains(&name) && safe(value)).then(|| format!("{name}:{value}"))
        });
        return Some(declarations.collect::<Vec<_>>().join(";")).filter(|style| !style.is_empty());
    }
    if name == "id" {
        return identifier(value).then(|| value.to_owned());
    }
    let known = ATTRIBUTES.contains(&name) || PROPERTIES.contains(&name);
    (known && safe(value)).then(|| value.to_owned())
}

/// Is a name one that can be referred to without more ado?
pub(super) fn identifier(name: &str) -> bool {
    let plain = |character: char| character.is_alphanumeric() || "-_.:".contains(character);
    (1..=200).contains(&name.len()) && name.chars().all(plain)
}

/// A value that calls nothing: `url(…)` only for a part of the same drawing, no escapes, no comments.
fn safe(value: &str) -> bool {
    let plain = |character: char| {
        character.is_alphanumeric() || character.is_whitespace() || ".,%()-+#'\"!:_/".contains(character)
    };
    if !value.chars().all(plain) || value.contains("//") || value.contains("/*") {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    if ["javascript", "expression", "import", "image("]
        .iter()
        .any(|word| lower.contains(word))
        || lower.contains("image-set")
    {
        return false;
    }
    lower.split("url").skip(1).all(|rest| {
        let inner = rest
            .trim_start()
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'));
        inner.is_some_and(|(target, _)| {
            let target = target.trim().trim_matches(['"', '\'']);
            target.strip_prefix('#').is_some_and(identifier)
        })
    })
}

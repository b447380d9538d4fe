//! Values and elements.

use model::lang::Text;
use serde_json::Value as Json;

use super::{only, refused, text};
use crate::dialect::linux::tree::{Among, Element, Leads, Value, Verdict};

/// A list of elements, or one.
pub(super) fn elements(json: &Json) -> Result<Vec<Element>, Text> {
    match json {
        Json::Array(items) => items.iter().map(element).collect(),
        one => Ok(vec![element(one)?]),
    }
}

/// What a condition compares with.
pub(super) fn among(json: &Json) -> Result<Among, Text> {
    if let Some(name) = json.as_str().and_then(|word| word.strip_prefix('@')) {
        return Ok(Among::Named(name.to_owned()));
    }
    let inner = only(json)
        .filter(|(kind, _)| *kind == "set")
        .map_or(json, |(_, inner)| inner);
    elements(inner).map(Among::These)
}

/// A key, or the pair of a map.
fn element(json: &Json) -> Result<Element, Text> {
    if let Some([key, leads]) = json.as_array().map(Vec::as_slice) {
        return Ok(Element {
            key: self::key(key)?,
            leads: Some(self::leads(leads)?),
        });
    }
    Ok(Element {
        key: key(json)?,
        leads: None,
    })
}

fn key(json: &Json) -> Result<Vec<Value>, Text> {
    match only(json) {
        Some(("elem", inner)) => key(inner.get("val").unwrap_or(&Json::Null)),
        Some(("concat", Json::Array(parts))) => parts.iter().map(value).collect(),
        _ => Ok(vec![value(json)?]),
    }
}

fn leads(json: &Json) -> Result<Leads, Text> {
    match verdict(json) {
        Some(verdict) => Ok(Leads::Verdict(verdict)),
        None => key(json).map(Leads::Values),
    }
}

/// The verdict that an object is.
pub(super) fn verdict(json: &Json) -> Option<Verdict> {
    let (kind, body) = only(json)?;
    let target = || text(body, "target").ok().map(str::to_owned);
    match kind {
        "accept" => Some(Verdict::Accept),
        "drop" => Some(Verdict::Drop),
        "return" => Some(Verdict::Return),
        "continue" => Some(Verdict::Continue),
        "jump" => Some(Verdict::Jump(target()?)),
        "goto" => Some(Verdict::Goto(target()?)),
        _ => None,
    }
}

/// One value.
pub(super) fn value(json: &Json) -> Result<Value, Text> {
    let word = |json: &Json| match json {
        Json::String(word) => Some(word.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let refused = || refused("値", "a value");
    match json {
        Json::String(word) if word == "*" => Ok(Value::Any),
        Json::String(_) | Json::Number(_) => word(json).map(Value::Word).ok_or_else(refused),
        _ => match only(json) {
            Some(("prefix", body)) => {
                let length = body
                    .get("len")
                    .and_then(Json::as_u64)
                    .and_then(|length| u8::try_from(length).ok());
                Ok(Value::Prefix(
                    text(body, "addr")?.to_owned(),
                    length.ok_or_else(refused)?,
                ))
            }
            Some(("range", Json::Array(ends))) => match ends.as_slice() {
                [first, last] => Ok(Value::Range(
                    word(first).ok_or_else(refused)?,
                    word(last).ok_or_else(refused)?,
                )),
                _ => Err(refused()),
            },
            _ => Err(refused()),
        },
    }
}

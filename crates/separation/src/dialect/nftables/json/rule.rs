//! Rules.

use model::lang::Text;
use serde_json::Value as Json;

use super::value::{among, elements, value, verdict};
use super::{only, refused, text};
use crate::dialect::linux::tree::{Among, Element, Field, Nat, Rule, Statement, To, Value, Verdict};
use crate::dialect::nftables::parse::field::{About, known};
use crate::dialect::nftables::parse::rule::flag_named;

/// One rule.
pub(super) fn rule(line: u32, body: &Json) -> Result<Rule, Text> {
    let expressions = body.get("expr").and_then(Json::as_array);
    let expressions = expressions.ok_or_else(|| refused("「expr」", "`expr`"))?;
    let mut statements = Vec::with_capacity(expressions.len());
    for expression in expressions {
        statement(expression, &mut statements)?;
    }
    Ok(Rule {
        line,
        last_line: line,
        statements,
    })
}

/// The sets that a rule fills.
pub(super) fn changed_sets(body: &Json) -> Vec<&str> {
    let expressions = body.get("expr").and_then(Json::as_array).into_iter().flatten();
    let sets = expressions.filter_map(|expression| {
        expression
            .get("set")
            .and_then(|set| set.get("set"))
            .and_then(Json::as_str)
    });
    sets.map(|name| name.trim_start_matches('@')).collect()
}

fn statement(expression: &Json, statements: &mut Vec<Statement>) -> Result<(), Text> {
    if let Some(verdict) = verdict(expression) {
        statements.push(Statement::Verdict(verdict));
        return Ok(());
    }
    let (kind, body) = only(expression).ok_or_else(|| refused("条件か動作", "a condition or an action"))?;
    let made = match kind {
        "match" => condition(body)?,
        "vmap" => verdict_map(body)?,
        "reject" => Statement::Verdict(Verdict::Drop),
        "counter" | "comment" | "flow" | "set" | "ct helper" | "ct timeout" | "ct expectation" => Statement::Aside,
        "mangle" => marks(body)?,
        "log" => Statement::Log,
        "limit" | "quota" | "ct count" => Statement::Unknown(Text::fixed("流量の制限", "a limit of rate or amount")),
        "queue" => {
            statements.push(Statement::Unknown(Text::fixed(
                "queue に渡した先のプログラムの判断",
                "what the program behind `queue` decides",
            )));
            Statement::Verdict(Verdict::Accept)
        }
        "masquerade" => Statement::Nat(Nat::Masquerade(body.get("port").map(value).transpose()?)),
        "redirect" => Statement::Nat(Nat::Redirect),
        "snat" => Statement::Nat(Nat::Source(target(body)?)),
        "dnat" => Statement::Nat(Nat::Destination(target(body)?)),
        _ => return Err(refused("条件か動作", "a condition or an action")),
    };
    statements.push(made);
    Ok(())
}

/// `meta mark set 1`; what a packet says of itself is not changed.
fn marks(body: &Json) -> Result<Statement, Text> {
    let key = body.get("key").and_then(only).map(|(kind, _)| kind);
    match key {
        Some("meta" | "ct") => Ok(Statement::Aside),
        _ => Err(refused("印", "a mark")),
    }
}

fn condition(body: &Json) -> Result<Statement, Text> {
    let (left, right) = (
        body.get("left").unwrap_or(&Json::Null),
        body.get("right").unwrap_or(&Json::Null),
    );
    let operator = text(body, "op")?;
    let negated = operator == "!=";
    if let Some(mask) = masked_flags(left) {
        let (mask, value) = (flags(mask)?, flags(right)?);
        return match operator {
            "==" | "!=" => Ok(flags_match(negated, mask, value)),
            _ => Err(refused("比べ方", "a comparison")),
        };
    }
    let fields = match fields(left)? {
        Ok(fields) => fields,
        Err(unknown) => return Ok(Statement::Unknown(unknown)),
    };
    if fields == [Field::TcpFlags] {
        return tcp_flags(operator, right);
    }
    let among = match operator {
        "==" | "!=" | "in" => among(right)?,
        bound => bounded(bound, right)?,
    };
    Ok(Statement::Match { fields, negated, among })
}

fn flags_match(negated: bool, mask: u8, value: u8) -> Statement {
    Statement::Match {
        fields: vec![Field::TcpFlags],
        negated,
        among: Among::Flags { mask, value },
    }
}

/// The mask of `tcp flags & mask`.
fn masked_flags(left: &Json) -> Option<&Json> {
    match left.get("&")?.as_array()?.as_slice() {
        [field, mask] if matches!(fields(field), Ok(Ok(fields)) if fields == [Field::TcpFlags]) => Some(mask),
        _ => None,
    }
}

fn tcp_flags(operator: &str, right: &Json) -> Result<Statement, Text> {
    if let Some(sets) = right.get("set").and_then(Json::as_array) {
        let these = sets.iter().map(|one| {
            Ok(Element {
                key: vec![Value::Word(flags(one)?.to_string())],
                leads: None,
            })
        });
        return Ok(Statement::Match {
            fields: vec![Field::TcpFlags],
            negated: operator == "!=",
            among: Among::These(these.collect::<Result<_, Text>>()?),
        });
    }
    match operator {
        "==" => Ok(flags_match(false, u8::MAX, flags(right)?)),
        // One of the bits is set.
        "in" => Ok(flags_match(true, flags(right)?, 0)),
        _ => Err(refused("TCPフラグのマスク", "a mask of TCP flags")),
    }
}

fn flags(json: &Json) -> Result<u8, Text> {
    let refused = || refused("TCPフラグ", "a TCP flag");
    match json {
        Json::String(word) => flag_named(word).ok_or_else(refused),
        Json::Number(number) => number
            .as_u64()
            .and_then(|number| u8::try_from(number).ok())
            .ok_or_else(refused),
        Json::Array(all) => all.iter().try_fold(0, |sum, one| Ok(sum | flags(one)?)),
        _ => match only(json) {
            Some(("|", all)) => flags(all),
            _ => Err(refused()),
        },
    }
}

/// `Ok(Err(…))` where one of them is something that no packet shows.
fn fields(json: &Json) -> Result<Result<Vec<Field>, Text>, Text> {
    if let Some(parts) = json.get("concat").and_then(Json::as_array) {
        let mut all = Vec::new();
        for part in parts {
            match fields(part)? {
                Ok(fields) => all.extend(fields),
                Err(unknown) => return Ok(Err(unknown)),
            }
        }
        return Ok(Ok(all));
    }
    let refused = || refused("条件", "a condition");
    let (kind, body) = only(json).ok_or_else(refused)?;
    let about = match kind {
        "payload" => known(text(body, "protocol")?, text(body, "field")?),
        "meta" => known("meta", text(body, "key")?),
        "ct" if body.get("dir").is_some() => known("ct", "direction"),
        "ct" => known("ct", text(body, "key")?),
        "fib" | "socket" | "rt" | "ipsec" | "exthdr" | "&" | "|" | "^" => known("exthdr", kind),
        _ => None,
    };
    match about.ok_or_else(refused)? {
        About::Field(field) => Ok(Ok(vec![field])),
        About::Unknown(unknown) => Ok(Err(unknown)),
    }
}

fn verdict_map(body: &Json) -> Result<Statement, Text> {
    let refused = || refused("対応表の見出し", "the key of a map");
    let fields = fields(body.get("key").unwrap_or(&Json::Null))?.map_err(|_| refused())?;
    let data = body.get("data").unwrap_or(&Json::Null);
    Ok(Statement::VerdictMap {
        fields,
        map: mapped(data)?,
    })
}

/// A map in place or by name. In place it is a list of pairs.
fn mapped(data: &Json) -> Result<Among, Text> {
    match data.get("set") {
        Some(pairs) => elements(pairs).map(Among::These),
        None => among(data),
    }
}

/// `< 1024`, as what it holds.
fn bounded(operator: &str, right: &Json) -> Result<Among, Text> {
    let number = right.as_u64().and_then(|number| u16::try_from(number).ok());
    let number = number.ok_or_else(|| refused("数", "a number"))?;
    let bounds = match operator {
        "<" => number.checked_sub(1).map(|last| (0, last)),
        "<=" => Some((0, number)),
        ">" => number.checked_add(1).map(|first| (first, u16::MAX)),
        ">=" => Some((number, u16::MAX)),
        _ => None,
    };
    let (first, last) = bounds.ok_or_else(|| refused("比べ方", "a comparison"))?;
    Ok(Among::These(vec![Element {
        key: vec![Value::Range(first.to_string(), last.to_string())],
        leads: None,
    }]))
}

fn target(body: &Json) -> Result<To, Text> {
    if let Some((_, map)) = body.get("addr").and_then(only).filter(|(kind, _)| *kind == "map") {
        let fields = fields(map.get("key").unwrap_or(&Json::Null))?;
        let fields = fields.map_err(|_| refused("対応表の見出し", "the key of a map"))?;
        return Ok(To::Mapped(fields, mapped(map.get("data").unwrap_or(&Json::Null))?));
    }
    let part = |name: &str| body.get(name).map(value).transpose();
    Ok(To::Fixed(part("addr")?, part("port")?))
}

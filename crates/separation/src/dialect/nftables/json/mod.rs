//! JSON of nftables (`nft -j list ruleset`) → [`Ruleset`].
//!
//! Such a file is often one line. It is shown as one line for each object, and that is the line that a finding names.

mod rule;
mod value;

use model::lang::Text;
use serde_json::{Map, Value as Json};

use crate::dialect::linux::tree::{Base, Chain, Ruleset, Set, Table, Unread};
use crate::source::{Hidden, REDACTED, Redacted};

/// Whether a text is the JSON of a ruleset.
pub(super) fn looks_like(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('{')
        && start
            .get(..200.min(start.len()))
            .unwrap_or(start)
            .contains("\"nftables\"")
}

/// Reads a whole file.
pub(super) fn read(text: &str) -> Ruleset {
    let mut reader = Reader::default();
    match objects(text) {
        Some(objects) => {
            for (line, object) in (2..).zip(&objects) {
                if let Err(why) = reader.object(line, object) {
                    let within = reader.within(object);
                    reader.ruleset.unread.push(Unread { line, why, within });
                }
            }
        }
        None => reader.ruleset.unread.push(Unread {
            line: 1,
            why: Text::fixed("JSONとして読めない", "cannot be read as JSON"),
            within: None,
        }),
    }
    reader.ruleset
}

/// The file, one object a line, without comments and prefixes of log entries.
pub(super) fn redact(text: &str) -> Redacted {
    let Some(objects) = objects(text) else {
        return Redacted {
            text: REDACTED.to_owned(),
            hidden: Vec::new(),
        };
    };
    let mut redacted = Redacted {
        text: "{\"nftables\": [\n".to_owned(),
        hidden: Vec::new(),
    };
    let last = objects.len();
    for (index, mut object) in objects.into_iter().enumerate() {
        let line = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(2);
        hide(&mut object, line, &mut redacted.hidden);
        redacted.text.push_str(&object.to_string());
        redacted.text.push_str(if index + 1 < last { ",\n" } else { "\n" });
    }
    redacted.text.push_str("]}\n");
    redacted
}

fn objects(text: &str) -> Option<Vec<Json>> {
    let mut whole: Map<String, Json> = serde_json::from_str(text).ok()?;
    match whole.remove("nftables")? {
        Json::Array(objects) => Some(objects),
        _ => None,
    }
}

/// Free text is all that a ruleset has of secrets.
fn hide(json: &mut Json, line: u32, hidden: &mut Vec<Hidden>) {
    match json {
        Json::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match value {
                    Json::String(word) if name == "comment" || name == "prefix" => hidden.push(Hidden {
                        line,
                        word: std::mem::replace(word, REDACTED.to_owned()),
                    }),
                    other => hide(other, line, hidden),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| hide(item, line, hidden)),
        _ => {}
    }
}

#[derive(Default)]
struct Reader {
    ruleset: Ruleset,
}

impl Reader {
    fn object(&mut self, line: u32, object: &Json) -> Result<(), Text> {
        let (kind, body) = only(object).ok_or_else(|| refused("オブジェクト", "an object"))?;
        match kind {
            "metainfo" => Ok(()),
            // A file of commands rather than a listing.
            "add" | "create" => self.object(line, body),
            "flush" | "delete" | "destroy" if self.ruleset.tables.is_empty() => Ok(()),
            "table" => {
                let dormant = body
                    .get("flags")
                    .is_some_and(|flags| flags.to_string().contains("dormant"));
                let at = self.table(text(body, "family")?, text(body, "name")?);
                if let Some(table) = self.ruleset.tables.get_mut(at) {
                    table.dormant = dormant;
                }
                Ok(())
            }
            "chain" => self.chain(line, body),
            "set" | "map" => self.set(body),
            "rule" => self.rule(line, body),
            "element" => self.added(body),
            "counter" | "quota" | "limit" | "secmark" | "synproxy" | "flowtable" | "ct helper" | "ct timeout"
            | "ct expectation" => Ok(()),
            _ => Err(refused("nftables のオブジェクト", "an object of nftables")),
        }
    }

    fn table(&mut self, family: &str, name: &str) -> usize {
        let tables = &mut self.ruleset.tables;
        let known = tables
            .iter()
            .position(|table| table.family == family && table.name == name);
        known.unwrap_or_else(|| {
            tables.push(Table {
                family: family.to_owned(),
                name: name.to_owned(),
                dormant: false,
                sets: Vec::new(),
                chains: Vec::new(),
            });
            tables.len() - 1
        })
    }

    fn of(&mut self, body: &Json) -> Result<&mut Table, Text> {
        let at = self.table(text(body, "family")?, text(body, "table")?);
        self.ruleset.tables.get_mut(at).ok_or_else(|| refused("表", "a table"))
    }

    fn chain(&mut self, line: u32, body: &Json) -> Result<(), Text> {
        let name = text(body, "name")?.to_owned();
        let base = match (body.get("type"), body.get("hook")) {
            (Some(Json::String(kind)), Some(Json::String(hook))) => Some(Base {
                kind: kind.clone(),
                hook: hook.clone(),
                priority: priority(body.get("prio"))?,
            }),
            (None, None) => None,
            _ => return Err(refused("連鎖の位置", "the place of a chain")),
        };
        let drops = match body.get("policy").and_then(Json::as_str) {
            Some("drop") => true,
            Some("accept") | None => false,
            Some(_) => return Err(refused("accept か drop", "accept or drop")),
        };
        self.of(body)?.chains.push(Chain {
            name,
            base,
            drops,
            rules: Vec::new(),
            line,
        });
        Ok(())
    }

    fn set(&mut self, body: &Json) -> Result<(), Text> {
        let mut set = Set {
            name: text(body, "name")?.to_owned(),
            changes: body.get("flags").is_some_and(|flags| {
                let flags = flags.to_string();
                flags.contains("dynamic") || flags.contains("timeout")
            }),
            ..Set::default()
        };
        if let Some(elements) = body.get("elem") {
            set.elements = value::elements(elements)?;
        }
        self.of(body)?.sets.push(set);
        Ok(())
    }

    fn added(&mut self, body: &Json) -> Result<(), Text> {
        let name = text(body, "name")?;
        let elements = value::elements(body.get("elem").unwrap_or(&Json::Null))?;
        let set = self.of(body)?.sets.iter_mut().find(|set| set.name == name);
        set.ok_or_else(|| refused("集合の名", "the name of a set"))?
            .elements
            .extend(elements);
        Ok(())
    }

    fn rule(&mut self, line: u32, body: &Json) -> Result<(), Text> {
        let rule = rule::rule(line, body)?;
        let changed = rule::changed_sets(body);
        let name = text(body, "chain")?;
        let table = self.of(body)?;
        for set in table.sets.iter_mut().filter(|set| changed.contains(&&*set.name)) {
            set.changes = true;
        }
        let chain = table.chains.iter_mut().find(|chain| chain.name == name);
        chain
            .ok_or_else(|| refused("連鎖の名", "the name of a chain"))?
            .rules
            .push(rule);
        Ok(())
    }

    /// The chain that an object that was not understood stands in.
    fn within(&self, object: &Json) -> Option<(usize, String)> {
        let (kind, body) = only(object)?;
        let body = if kind == "add" { only(body)?.1 } else { body };
        let (family, table) = (text(body, "family").ok()?, text(body, "table").ok()?);
        let at = self
            .ruleset
            .tables
            .iter()
            .position(|known| known.family == family && known.name == table)?;
        Some((at, text(body, "chain").ok()?.to_owned()))
    }
}

fn priority(json: Option<&Json>) -> Result<i32, Text> {
    let refused = || refused("優先順位", "a priority");
    match json {
        None => Ok(0),
        Some(Json::Number(number)) => number
            .as_i64()
            .and_then(|number| i32::try_from(number).ok())
            .ok_or_else(refused),
        Some(Json::String(word)) => super::parse::table::priority_of(word).ok_or_else(refused),
        Some(_) => Err(refused()),
    }
}

/// The one field of an object that has only one.
fn only(json: &Json) -> Option<(&str, &Json)> {
    let fields = json.as_object()?;
    let mut fields = fields.iter();
    let (name, value) = fields.next()?;
    fields.next().is_none().then_some((name, value))
}

fn text<'j>(json: &'j Json, name: &str) -> Result<&'j str, Text> {
    json.get(name)
        .and_then(Json::as_str)
        .ok_or_else(|| refused(&format!("「{name}」"), &format!("`{name}`")))
}

fn refused(ja: &str, en: &str) -> Text {
    Text::new(
        format!("{ja}があるはずのところに別のものがある"),
        format!("{en} was expected"),
    )
}

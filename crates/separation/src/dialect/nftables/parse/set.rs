//! Named sets and maps, and lists of elements.

use std::net::IpAddr;

use super::{Kind, Parser, Refused};
use crate::dialect::linux::tree::{Element, Leads, Set, Value, Verdict};
use crate::dialect::names;

impl<'s> Parser<'s> {
    /// `{ type …; flags …; elements = { … } }` of a set or map.
    pub(super) fn set(&mut self, table: usize, name: &str) -> Result<(), Refused> {
        self.expect("{")?;
        let mut set = Set {
            name: name.to_owned(),
            ..Set::default()
        };
        let mut types = Vec::new();
        loop {
            self.skip_ends();
            if self.take_sign("}") {
                break;
            }
            if self.kind().is_none() {
                return Err(self.unexpected("「}」", "`}`"));
            }
            let line = self.line();
            if let Err(why) = self.part_of_set(&mut set, &mut types) {
                // What it holds is not known any more.
                set.changes = true;
                self.give_up(line, why);
            }
        }
        if let Some(table) = self.ruleset.tables.get_mut(table) {
            table.sets.retain(|known| known.name != set.name);
            table.sets.push(set);
        }
        Ok(())
    }

    fn part_of_set(&mut self, set: &mut Set, types: &mut Vec<&'s str>) -> Result<(), Refused> {
        match self.kind() {
            Some(Kind::Word("elements")) => {
                self.take();
                self.expect("=")?;
                set.elements = self.elements()?;
                let fits = |element: &Element| {
                    let keys = element.key.iter().zip(types.iter());
                    (!set.decides || is_verdict(element)) && keys.into_iter().all(|(value, kind)| is_of(value, kind))
                };
                if !set.elements.iter().all(fits) {
                    return Err(self.unexpected("この集合の要素", "an element of this set"));
                }
            }
            Some(Kind::Word("flags")) => {
                self.take();
                while let Some(Kind::Word(word)) = self.kind() {
                    if !["constant", "interval", "dynamic", "timeout"].contains(&word) {
                        return Err(self.unexpected("集合の性質", "a flag of a set"));
                    }
                    self.take();
                    set.changes |= ["dynamic", "timeout"].contains(&word);
                    self.take_sign(",");
                }
            }
            Some(Kind::Word("comment")) => {
                self.take();
                self.pass();
            }
            Some(Kind::Word("type" | "typeof")) => {
                self.take();
                let mut leads = false;
                while !self.is_end() {
                    match self.take() {
                        Some(Kind::Word(":")) => leads = true,
                        Some(Kind::Word("verdict")) => set.decides |= leads,
                        Some(Kind::Word(kind)) if kind != "." && !leads => types.push(kind),
                        _ => {}
                    }
                }
            }
            Some(Kind::Word("size" | "timeout" | "gc-interval" | "auto-merge" | "policy" | "counter")) => {
                while !self.is_end() {
                    self.take();
                }
            }
            _ => return Err(self.unexpected("集合の中身", "a part of a set")),
        }
        Ok(())
    }

    /// `add set [FAMILY] TABLE NAME { … }`
    pub(super) fn added_set(&mut self) -> Result<(), Refused> {
        self.take();
        let table = self.table_named()?;
        let name = self.name()?;
        self.set(table, name)
    }

    /// `add element [FAMILY] TABLE NAME { … }`
    pub(super) fn added_elements(&mut self) -> Result<(), Refused> {
        self.take();
        let table = self.table_named()?;
        let name = self.name()?;
        let elements = self.elements()?;
        let sets = self.ruleset.tables.get_mut(table).map(|table| &mut table.sets);
        let set = sets.and_then(|sets| sets.iter_mut().find(|set| set.name == name));
        match set {
            Some(set) => {
                set.elements.extend(elements);
                Ok(())
            }
            None => Err(self.unexpected("集合の名", "the name of a set")),
        }
    }

    /// `{ a, b : c }`
    pub(super) fn elements(&mut self) -> Result<Vec<Element>, Refused> {
        self.expect("{")?;
        let mut elements = Vec::new();
        loop {
            self.skip_ends();
            if self.take_sign("}") {
                return Ok(elements);
            }
            elements.extend(self.element()?);
            self.skip_ends();
            if !self.take_sign(",") {
                self.expect("}")?;
                return Ok(elements);
            }
        }
    }

    /// Elements in braces, or one value.
    pub(super) fn elements_or_one(&mut self) -> Result<Vec<Element>, Refused> {
        if self.kind() == Some(Kind::Sign("{")) {
            self.elements()
        } else {
            self.element()
        }
    }

    /// One element; several where it names something that was defined.
    fn element(&mut self) -> Result<Vec<Element>, Refused> {
        if let Some(Kind::Word(word)) = self.kind()
            && let Some(name) = word.strip_prefix('$')
            && let Some(elements) = self.defined.get(name).cloned()
        {
            self.take();
            return Ok(elements);
        }
        let key = self.concatenation()?;
        self.element_options()?;
        let leads = if self.take_word_if(":") {
            Some(self.leads()?)
        } else {
            None
        };
        Ok(vec![Element { key, leads }])
    }

    /// Values joined by ` . `.
    pub(super) fn concatenation(&mut self) -> Result<Vec<Value>, Refused> {
        let mut parts = vec![self.value()?];
        while self.take_word_if(".") {
            parts.push(self.value()?);
        }
        Ok(parts)
    }

    /// `timeout 1h expires 10m counter packets 1 bytes 2 comment "…"`
    fn element_options(&mut self) -> Result<(), Refused> {
        loop {
            match self.kind() {
                Some(Kind::Word("timeout" | "expires" | "packets" | "bytes")) => {
                    self.take();
                    self.name()?;
                }
                Some(Kind::Word("counter")) => drop(self.take()),
                Some(Kind::Word("comment")) => {
                    self.take();
                    self.pass();
                }
                _ => return Ok(()),
            }
        }
    }

    fn leads(&mut self) -> Result<Leads, Refused> {
        if let Some(verdict) = self.verdict()? {
            return Ok(Leads::Verdict(verdict));
        }
        Ok(Leads::Values(self.concatenation()?))
    }

    /// A verdict, if one stands here.
    pub(super) fn verdict(&mut self) -> Result<Option<Verdict>, Refused> {
        let Some(Kind::Word(word)) = self.kind() else {
            return Ok(None);
        };
        let verdict = match word {
            "accept" => Verdict::Accept,
            "drop" => Verdict::Drop,
            "return" => Verdict::Return,
            "continue" => Verdict::Continue,
            "jump" | "goto" => {
                self.take();
                let to = self.name()?.to_owned();
                return Ok(Some(if word == "jump" {
                    Verdict::Jump(to)
                } else {
                    Verdict::Goto(to)
                }));
            }
            _ => return Ok(None),
        };
        self.take();
        Ok(Some(verdict))
    }
}

const fn is_verdict(element: &Element) -> bool {
    matches!(element.leads, Some(Leads::Verdict(_)))
}

/// Whether a value can be one of a type of nftables; of types that no rule here asks for, anything can.
fn is_of(value: &Value, kind: &str) -> bool {
    let word = |word: &str| match kind {
        "ipv4_addr" | "ipv6_addr" => word.parse::<IpAddr>().is_ok(),
        "inet_proto" => names::protocol(word).is_some(),
        "inet_service" => names::port(word).is_some(),
        _ => true,
    };
    match value {
        Value::Any => true,
        Value::Word(one) | Value::Prefix(one, _) => word(one),
        Value::Range(first, last) => word(first) && word(last),
    }
}

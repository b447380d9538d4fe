//! Tables and chains.

use super::{Kind, Parser, Refused};
use crate::dialect::linux::tree::{Base, Chain, Table};

const FAMILIES: [&str; 6] = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];

/// Objects of a table that rules refer to and that decide nothing about who passes. Limits and quotas do: the rule that refers to
/// one depends on something unknown.
const OBJECTS: [&str; 7] = [
    "counter",
    "quota",
    "limit",
    "secmark",
    "synproxy",
    "flowtable",
    "tunnel",
];

impl<'s> Parser<'s> {
    /// `table [FAMILY] NAME [{ … }]`
    pub(super) fn table(&mut self) -> Result<(), Refused> {
        self.take();
        let table = self.table_named()?;
        if self.is_end() {
            return Ok(());
        }
        self.expect("{")?;
        loop {
            self.skip_ends();
            let line = self.line();
            if self.take_sign("}") {
                return Ok(());
            }
            if self.kind().is_none() {
                return Err(self.unexpected("「}」", "`}`"));
            }
            if let Err(why) = self.member(table) {
                self.give_up(line, why);
            }
        }
    }

    /// The table of a family and a name, made if there is none yet.
    pub(super) fn table_named(&mut self) -> Result<usize, Refused> {
        let mut family = "ip";
        if let Some(Kind::Word(word)) = self.kind()
            && FAMILIES.contains(&word)
        {
            family = word;
            self.take();
        }
        let name = self.name()?;
        let tables = &mut self.ruleset.tables;
        let known = tables
            .iter()
            .position(|table| table.family == family && table.name == name);
        Ok(known.unwrap_or_else(|| {
            tables.push(Table {
                family: family.to_owned(),
                name: name.to_owned(),
                dormant: false,
                sets: Vec::new(),
                chains: Vec::new(),
            });
            tables.len() - 1
        }))
    }

    fn member(&mut self, table: usize) -> Result<(), Refused> {
        match self.kind() {
            Some(Kind::Word("chain")) => {
                self.take();
                let name = self.name()?;
                let chain = self.chain_named(table, name);
                self.expect("{")?;
                self.body(table, chain)
            }
            Some(Kind::Word("set" | "map")) => {
                self.take();
                let name = self.name()?;
                self.set(table, name)
            }
            Some(Kind::Word("flags")) => {
                self.take();
                while !self.is_end() {
                    let dormant = self.take() == Some(Kind::Word("dormant"));
                    if let Some(table) = self.ruleset.tables.get_mut(table) {
                        table.dormant |= dormant;
                    }
                }
                Ok(())
            }
            Some(Kind::Word("comment")) => {
                self.take();
                self.pass();
                Ok(())
            }
            Some(Kind::Word(word)) if OBJECTS.contains(&word) => {
                self.take();
                self.name()?;
                self.skip_block()
            }
            // ct helper, ct timeout, ct expectation
            Some(Kind::Word("ct")) => {
                self.take();
                self.take();
                self.name()?;
                self.skip_block()
            }
            _ => Err(self.unexpected("表の中身", "a part of a table")),
        }
    }

    /// The chain of a name, made if there is none yet.
    pub(super) fn chain_named(&mut self, table: usize, name: &str) -> usize {
        let line = self.line();
        let Some(table) = self.ruleset.tables.get_mut(table) else {
            return 0;
        };
        let known = table.chains.iter().position(|chain| chain.name == name);
        known.unwrap_or_else(|| {
            table.chains.push(Chain {
                name: name.to_owned(),
                base: None,
                drops: false,
                rules: Vec::new(),
                line,
            });
            table.chains.len() - 1
        })
    }

    /// What is between the braces of a chain.
    fn body(&mut self, table: usize, chain: usize) -> Result<(), Refused> {
        let name = self
            .chain_at(table, chain)
            .map(|chain| chain.name.clone())
            .unwrap_or_default();
        self.within = Some((table, name));
        let ended = loop {
            self.skip_ends();
            let line = self.line();
            if self.take_sign("}") {
                break Ok(());
            }
            let done = match self.kind() {
                None => break Err(self.unexpected("「}」", "`}`")),
                Some(Kind::Word("type")) => self.base(table, chain),
                Some(Kind::Word("policy")) => self.policy(table, chain),
                Some(Kind::Word("comment")) => {
                    self.take();
                    self.pass();
                    Ok(())
                }
                Some(_) => self.rule().map(|rule| {
                    if let Some(chain) = self.chain_at(table, chain) {
                        chain.rules.push(rule);
                    }
                }),
            };
            if let Err(why) = done {
                self.give_up(line, why);
            }
        };
        self.within = None;
        ended
    }

    pub(super) fn chain_at(&mut self, table: usize, chain: usize) -> Option<&mut Chain> {
        self.ruleset.tables.get_mut(table)?.chains.get_mut(chain)
    }

    /// `type filter hook forward [device X] priority filter + 10;`
    fn base(&mut self, table: usize, chain: usize) -> Result<(), Refused> {
        self.take();
        let kind = self.name()?.to_owned();
        if !self.take_word_if("hook") {
            return Err(self.unexpected("「hook」", "`hook`"));
        }
        let hook = self.name()?.to_owned();
        if self.take_word_if("device") {
            self.name()?;
        } else if self.take_word_if("devices") {
            self.expect("=")?;
            self.elements_or_one()?;
        }
        if !self.take_word_if("priority") {
            return Err(self.unexpected("「priority」", "`priority`"));
        }
        let mut words = String::new();
        while let Some(Kind::Word(word)) = self.kind() {
            words.push_str(word);
            self.take();
        }
        let priority = priority_of(&words).ok_or_else(|| self.unexpected("優先順位", "a priority"))?;
        if let Some(chain) = self.chain_at(table, chain) {
            chain.base = Some(Base { kind, hook, priority });
        }
        Ok(())
    }

    fn policy(&mut self, table: usize, chain: usize) -> Result<(), Refused> {
        self.take();
        let drops = match self.name()? {
            "drop" => true,
            "accept" => false,
            _ => return Err(self.unexpected("accept か drop", "accept or drop")),
        };
        if let Some(chain) = self.chain_at(table, chain) {
            chain.drops = drops;
        }
        Ok(())
    }

    /// `add chain [FAMILY] TABLE NAME [{ … }]`
    pub(super) fn added_chain(&mut self) -> Result<(), Refused> {
        self.take();
        let table = self.table_named()?;
        let name = self.name()?;
        let chain = self.chain_named(table, name);
        if self.take_sign("{") {
            self.body(table, chain)
        } else {
            Ok(())
        }
    }

    /// `add rule [FAMILY] TABLE CHAIN …`, `insert rule …`
    pub(super) fn added_rule(&mut self, first: bool) -> Result<(), Refused> {
        if !self.take_word_if("rule") {
            return Err(self.unexpected("「rule」", "`rule`"));
        }
        let table = self.table_named()?;
        let name = self.name()?;
        let chain = self.chain_named(table, name);
        self.within = Some((table, name.to_owned()));
        // Where among the rules it goes is told by a handle that a text does not show.
        let rule = match self.kind() {
            Some(Kind::Word("position" | "handle" | "index")) => Err(self.unexpected("条件", "a condition")),
            _ => self.rule(),
        };
        let rule = match rule {
            Ok(rule) => rule,
            Err(why) => {
                let line = self.line();
                self.give_up(line, why);
                self.within = None;
                return Ok(());
            }
        };
        self.within = None;
        if let Some(chain) = self.chain_at(table, chain) {
            let at = if first { 0 } else { chain.rules.len() };
            chain.rules.insert(at, rule);
        }
        Ok(())
    }
}

/// A number, a name of nftables, or a name with a difference (`filter+10`).
pub(in crate::dialect::nftables) fn priority_of(words: &str) -> Option<i32> {
    if let Ok(number) = words.parse() {
        return Some(number);
    }
    let (name, difference) = match words.find(['+', '-']) {
        Some(at) => (words.get(..at)?, words.get(at..)?.trim_start_matches('+').parse().ok()?),
        None => (words, 0),
    };
    let base: i32 = match name {
        "raw" => -300,
        "mangle" => -150,
        "dstnat" => -100,
        "filter" => 0,
        "security" => 50,
        "srcnat" | "out" => 100,
        _ => return None,
    };
    base.checked_add(difference)
}

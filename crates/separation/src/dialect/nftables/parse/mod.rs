//! Text of nftables → [`Ruleset`].
//!
//! What is understood may be shown; comments and what was not understood stay hidden.

pub(super) mod field;
pub(super) mod rule;
mod set;
pub(super) mod table;
pub(super) mod value;

use std::collections::BTreeMap;

use model::lang::Text;

use super::lex::{Kind, Token, tokens};
use crate::dialect::linux::tree::{Element, Ruleset, Unread};
use crate::source::Source;

/// Reads a whole file.
pub(super) fn parse(source: &Source) -> Ruleset {
    let mut parser = Parser {
        source,
        tokens: tokens(source.text()),
        at: 0,
        defined: BTreeMap::new(),
        ruleset: Ruleset::default(),
        within: None,
    };
    // Signs hang on words: `drop;`, `tcp}`. A word is shown only as a whole.
    for token in &parser.tokens {
        if matches!(token.kind, Kind::End | Kind::Sign(_)) {
            source.keep(token.span);
        }
    }
    parser.file();
    parser.ruleset
}

/// Why a part was not understood.
pub(super) type Refused = Text;

struct Parser<'s> {
    source: &'s Source,
    tokens: Vec<Token<'s>>,
    at: usize,
    /// What `define` gave names to.
    defined: BTreeMap<&'s str, Vec<Element>>,
    ruleset: Ruleset,
    /// The table and chain whose body is being read.
    within: Option<(usize, String)>,
}

impl<'s> Parser<'s> {
    fn kind(&self) -> Option<Kind<'s>> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn line(&self) -> u32 {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        token.map_or(1, |token| token.line)
    }

    /// Goes past a token, which may be shown.
    fn take(&mut self) -> Option<Kind<'s>> {
        let token = self.tokens.get(self.at)?;
        self.source.keep(token.span);
        self.at += 1;
        Some(token.kind)
    }

    /// Goes past a token, which stays hidden.
    fn pass(&mut self) {
        self.at += 1;
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is = self.kind() == Some(Kind::Sign(sign));
        if is {
            self.take();
        }
        is
    }

    fn take_word_if(&mut self, word: &str) -> bool {
        let is = self.kind() == Some(Kind::Word(word));
        if is {
            self.take();
        }
        is
    }

    /// A word or a quoted name.
    fn name(&mut self) -> Result<&'s str, Refused> {
        match self.kind() {
            Some(Kind::Word(name) | Kind::Quoted(name)) => {
                self.take();
                Ok(name)
            }
            _ => Err(self.unexpected("名前", "a name")),
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), Refused> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("「{sign}」"), &format!("`{sign}`")))
        }
    }

    fn unexpected(&self, ja: &str, en: &str) -> Refused {
        // A word that is not understood may be anything: it is not repeated.
        Text::new(
            format!("{}行目: {ja}があるはずのところに別のものがある", self.line()),
            format!("line {}: {en} was expected", self.line()),
        )
    }

    fn is_end(&self) -> bool {
        matches!(self.kind(), None | Some(Kind::End | Kind::Sign("}")))
    }

    fn skip_ends(&mut self) {
        while self.kind() == Some(Kind::End) {
            self.at += 1;
        }
    }

    /// Goes to the end of the statement, blocks included, and notes that it was not understood.
    fn give_up(&mut self, line: u32, why: Refused) {
        let mut depth = 0_usize;
        while let Some(kind) = self.kind() {
            match kind {
                Kind::Sign("{") => depth += 1,
                Kind::Sign("}") if depth == 0 => break,
                Kind::Sign("}") => depth -= 1,
                Kind::End if depth == 0 => break,
                _ => {}
            }
            self.pass();
        }
        let within = self.within.clone();
        self.ruleset.unread.push(Unread { line, why, within });
    }

    /// Goes past a block of something that decides nothing about who passes; what is in it stays hidden.
    fn skip_block(&mut self) -> Result<(), Refused> {
        self.expect("{")?;
        let mut depth = 1_usize;
        while depth > 0 {
            match self.kind() {
                None => return Err(self.unexpected("「}」", "`}`")),
                Some(Kind::Sign("{")) => depth += 1,
                Some(Kind::Sign("}")) => depth -= 1,
                Some(_) => {}
            }
            self.pass();
        }
        Ok(())
    }

    fn file(&mut self) {
        loop {
            self.skip_ends();
            if self.kind().is_none() {
                return;
            }
            let line = self.line();
            if let Err(why) = self.command() {
                self.give_up(line, why);
                // A closing brace that nothing opened.
                if self.kind() == Some(Kind::Sign("}")) {
                    self.pass();
                }
            }
        }
    }

    fn command(&mut self) -> Result<(), Refused> {
        let adds = self.take_word_if("add") || self.take_word_if("create");
        match self.kind() {
            Some(Kind::Word("table")) => self.table(),
            Some(Kind::Word("chain")) if adds => self.added_chain(),
            Some(Kind::Word("rule")) if adds => self.added_rule(false),
            Some(Kind::Word("insert")) if !adds => {
                self.take();
                self.added_rule(true)
            }
            Some(Kind::Word("set" | "map")) if adds => self.added_set(),
            Some(Kind::Word("element")) if adds => self.added_elements(),
            Some(Kind::Word("define" | "redefine")) if !adds => self.define(),
            Some(Kind::Word("flush" | "delete" | "destroy")) if !adds => self.forgotten(),
            _ => Err(self.unexpected("nftables の命令", "a command of nftables")),
        }
    }

    /// `flush ruleset`, `delete table inet x`: a file often begins with it, to stand alone. After something was set up it is not
    /// understood.
    fn forgotten(&mut self) -> Result<(), Refused> {
        let empty = self
            .ruleset
            .tables
            .iter()
            .all(|table| table.chains.is_empty() && table.sets.is_empty());
        if !empty {
            return Err(Text::fixed(
                "設定のあとに消す命令がある(nft list ruleset の出力を使う)",
                "something set up is deleted again (use the output of `nft list ruleset`)",
            ));
        }
        while !self.is_end() {
            self.take();
        }
        Ok(())
    }

    fn define(&mut self) -> Result<(), Refused> {
        self.take();
        let name = self.name()?;
        self.expect("=")?;
        let elements = self.elements_or_one()?;
        self.defined.insert(name, elements);
        Ok(())
    }
}

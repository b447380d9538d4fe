//! Rules: a statement after the other.

use model::lang::Text;

use super::field::About;
use super::{Kind, Parser, Refused};
use crate::dialect::linux::tree::{Among, Element, Field, Nat, Rule, Statement, To, Value, Verdict};
use crate::packet::flag;

impl<'s> Parser<'s> {
    /// A rule up to its end.
    pub(super) fn rule(&mut self) -> Result<Rule, Refused> {
        let line = self.line();
        let mut last_line = line;
        let mut statements = Vec::new();
        while !self.is_end() {
            last_line = self.line();
            self.statement(&mut statements)?;
        }
        Ok(Rule {
            line,
            last_line,
            statements,
        })
    }

    fn statement(&mut self, statements: &mut Vec<Statement>) -> Result<(), Refused> {
        if let Some(verdict) = self.verdict()? {
            statements.push(Statement::Verdict(verdict));
            return Ok(());
        }
        let Some(Kind::Word(word)) = self.kind() else {
            return Err(self.unexpected("条件か動作", "a condition or an action"));
        };
        let statement = match word {
            "reject" => self.reject()?,
            "counter" => self.counter()?,
            "log" => self.log()?,
            "limit" | "quota" => self.limited()?,
            "comment" => {
                self.take();
                self.pass();
                Statement::Aside
            }
            "snat" | "dnat" | "masquerade" | "redirect" => self.nat(word)?,
            "flow" => self.named_aside()?,
            "add" | "update" | "delete" => self.changes_a_set()?,
            "queue" => {
                while !self.is_end() {
                    self.take();
                }
                statements.push(Statement::Unknown(Text::fixed(
                    "queue に渡した先のプログラムの判断",
                    "what the program behind `queue` decides",
                )));
                Statement::Verdict(Verdict::Accept)
            }
            _ => self.condition()?,
        };
        statements.push(statement);
        Ok(())
    }

    fn reject(&mut self) -> Result<Statement, Refused> {
        self.take();
        if self.take_word_if("with") {
            self.name()?;
            while matches!(self.kind(), Some(Kind::Word(word)) if word != "comment") {
                self.take();
            }
        }
        Ok(Statement::Verdict(Verdict::Drop))
    }

    fn counter(&mut self) -> Result<Statement, Refused> {
        self.take();
        if self.take_word_if("name") {
            self.name()?;
        } else if self.take_word_if("packets") {
            self.name()?;
            self.take_word_if("bytes");
            self.name()?;
        }
        Ok(Statement::Aside)
    }

    fn log(&mut self) -> Result<Statement, Refused> {
        self.take();
        loop {
            match self.kind() {
                Some(Kind::Word("prefix")) => {
                    self.take();
                    // Free text.
                    self.pass();
                }
                Some(Kind::Word("level" | "group" | "snaplen" | "queue-threshold")) => {
                    self.take();
                    self.name()?;
                }
                Some(Kind::Word("flags")) => {
                    self.take();
                    while matches!(
                        self.kind(),
                        Some(Kind::Word(
                            "all" | "tcp" | "ip" | "skuid" | "ether" | "sequence" | "options"
                        ))
                    ) {
                        self.take();
                        self.take_sign(",");
                    }
                }
                _ => return Ok(Statement::Log),
            }
        }
    }

    /// `limit rate [over] 10/second [burst 5 packets]`, `quota [over] 10 mbytes`, or one by name.
    fn limited(&mut self) -> Result<Statement, Refused> {
        self.take();
        while let Some(Kind::Word(word)) = self.kind() {
            let number = word.starts_with(|c: char| c.is_ascii_digit());
            let part = [
                "rate", "over", "until", "burst", "packets", "bytes", "kbytes", "mbytes", "gbytes", "used", "name",
            ];
            if !number && !part.contains(&word) && !word.starts_with("bytes/") && !word.ends_with("/second") {
                break;
            }
            self.take();
            if word == "name" {
                self.name()?;
            }
        }
        if let Some(Kind::Quoted(_)) = self.kind() {
            self.take();
        }
        Ok(Statement::Unknown(Text::fixed(
            "流量の制限",
            "a limit of rate or amount",
        )))
    }

    /// `flow add @f`, `flow offload @f`
    fn named_aside(&mut self) -> Result<Statement, Refused> {
        self.take();
        self.name()?;
        match self.kind() {
            Some(Kind::Named(_) | Kind::Word(_)) => {
                self.take();
                Ok(Statement::Aside)
            }
            _ => Err(self.unexpected("名前", "a name")),
        }
    }

    /// `add @set { ip saddr }`: the set is not what the file says.
    fn changes_a_set(&mut self) -> Result<Statement, Refused> {
        self.take();
        let Some(Kind::Named(name)) = self.kind() else {
            return Err(self.unexpected("集合の名", "the name of a set"));
        };
        self.take();
        self.skip_block()?;
        let table = self.within.as_ref().map(|(table, _)| *table);
        let sets = table
            .and_then(|table| self.ruleset.tables.get_mut(table))
            .map(|table| &mut table.sets);
        if let Some(set) = sets.and_then(|sets| sets.iter_mut().find(|set| set.name == name)) {
            set.changes = true;
        }
        Ok(Statement::Aside)
    }

    fn nat(&mut self, word: &str) -> Result<Statement, Refused> {
        self.take();
        if let Some(Kind::Word("ip" | "ip6")) = self.kind() {
            self.take();
        }
        let to = self.take_word_if("to");
        let nat = match word {
            "masquerade" => {
                let ports = match self.kind() {
                    Some(Kind::Word(word)) if to => {
                        self.take();
                        Some(
                            super::value::value(word.trim_start_matches(':'))
                                .ok_or_else(|| self.unexpected("ポート", "a port"))?,
                        )
                    }
                    _ => None,
                };
                Nat::Masquerade(ports)
            }
            "redirect" => {
                while matches!(self.kind(), Some(Kind::Word(word)) if to && word.starts_with(':')) {
                    self.take();
                }
                Nat::Redirect
            }
            "snat" => Nat::Source(self.target()?),
            _ => Nat::Destination(self.target()?),
        };
        while let Some(Kind::Word("random" | "fully-random" | "persistent")) = self.kind() {
            self.take();
            self.take_sign(",");
        }
        Ok(Statement::Nat(nat))
    }

    /// `10.0.0.1`, `10.0.0.1-10.0.0.9:80`, `[fd00::1]:80`, `:8080`, `ip daddr map { … }`
    fn target(&mut self) -> Result<To, Refused> {
        let Some(Kind::Word(word)) = self.kind() else {
            return Err(self.unexpected("変換先", "a target"));
        };
        let looks_like_address =
            word.starts_with(|c: char| c.is_ascii_hexdigit() || "[:".contains(c)) && word.contains(['.', ':']);
        if !looks_like_address {
            let fields = self.fields()?;
            let mapped = self.take_word_if("map");
            let fields = fields.ok_or_else(|| self.unexpected("変換先", "a target"))?;
            return if mapped {
                Ok(To::Mapped(fields, self.among()?))
            } else {
                Err(self.unexpected("「map」", "`map`"))
            };
        }
        self.take();
        target(word).ok_or_else(|| self.unexpected("変換先", "a target"))
    }

    /// Fields joined by ` . `; `Ok(None)` where one is unknown.
    fn fields(&mut self) -> Result<Option<Vec<Field>>, Refused> {
        let mut fields = Some(Vec::new());
        loop {
            match (self.about()?, fields.as_mut()) {
                (About::Field(field), Some(fields)) => fields.push(field),
                (About::Unknown(_), _) => fields = None,
                (About::Field(_), None) => {}
            }
            if !self.take_word_if(".") {
                return Ok(fields);
            }
        }
    }

    fn condition(&mut self) -> Result<Statement, Refused> {
        let mut fields = Vec::new();
        let mut unknown = None;
        loop {
            match self.about()? {
                About::Field(field) => fields.push(field),
                About::Unknown(what) => unknown = Some(what),
            }
            if !self.take_word_if(".") {
                break;
            }
        }
        if self.take_word_if("set") {
            return self.sets_a_mark(unknown.is_some());
        }
        if unknown.is_none() && fields == [Field::TcpFlags] {
            return self.tcp_flags();
        }
        if self.take_word_if("vmap") {
            let map = self.among()?;
            // Which way it goes cannot be known: that is more than a condition.
            return match unknown {
                None => Ok(Statement::VerdictMap { fields, map }),
                Some(_) => Err(self.unexpected("条件", "a condition")),
            };
        }
        if let Some(what) = unknown {
            self.skip_comparison()?;
            return Ok(Statement::Unknown(what));
        }
        let negated = self.take_sign("!=");
        if !negated {
            self.take_sign("==");
        }
        if matches!(self.kind(), Some(Kind::Sign("<" | ">" | "<=" | ">="))) {
            let among = self.bounded()?;
            return Ok(Statement::Match { fields, negated, among });
        }
        let mut among = self.among()?;
        // A list without braces: `ct state established,related`.
        while let Among::These(elements) = &mut among
            && self.take_sign(",")
        {
            let key = self.concatenation()?;
            elements.push(Element { key, leads: None });
        }
        Ok(Statement::Match { fields, negated, among })
    }

    /// `meta mark set 1`: a mark decides nothing here; who asks for it later depends on something unknown.
    fn sets_a_mark(&mut self, other: bool) -> Result<Statement, Refused> {
        if !other {
            return Err(self.unexpected("条件", "a condition"));
        }
        self.value_or_expression()?;
        Ok(Statement::Aside)
    }

    fn skip_comparison(&mut self) -> Result<(), Refused> {
        while matches!(
            self.kind(),
            Some(Kind::Sign("&" | "|" | "^" | "==" | "!=" | "<" | ">" | "<=" | ">="))
        ) {
            self.take();
            if matches!(self.kind(), Some(Kind::Word(_)))
                && !matches!(self.kind(), Some(Kind::Word("exists" | "missing")))
            {
                self.take();
                continue;
            }
        }
        let before = self
            .at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map(|token| token.kind);
        let compared = matches!(before, Some(Kind::Word(_)))
            && self
                .at
                .checked_sub(2)
                .and_then(|at| self.tokens.get(at))
                .is_some_and(|token| matches!(token.kind, Kind::Sign(_)));
        if compared { Ok(()) } else { self.value_or_expression() }
    }

    fn value_or_expression(&mut self) -> Result<(), Refused> {
        self.among()?;
        while self.take_sign(",") {
            self.value()?;
        }
        Ok(())
    }

    /// `< 1024`, as what it holds.
    fn bounded(&mut self) -> Result<Among, Refused> {
        let Some(Kind::Sign(sign)) = self.take() else {
            return Err(self.unexpected("比べ方", "a comparison"));
        };
        let number: u16 = self.name()?.parse().map_err(|_| self.unexpected("数", "a number"))?;
        let (first, last) = match sign {
            "<" => (0, number.checked_sub(1)),
            "<=" => (0, Some(number)),
            ">" => (number.saturating_add(1), Some(u16::MAX).filter(|_| number < u16::MAX)),
            _ => (number, Some(u16::MAX)),
        };
        let last = last.ok_or_else(|| self.unexpected("数", "a number"))?;
        let key = vec![Value::Range(first.to_string(), last.to_string())];
        Ok(Among::These(vec![Element { key, leads: None }]))
    }

    /// A set in braces, by name, or one value.
    fn among(&mut self) -> Result<Among, Refused> {
        if let Some(Kind::Named(name)) = self.kind() {
            self.take();
            return Ok(Among::Named(name.to_owned()));
        }
        self.elements_or_one().map(Among::These)
    }

    /// `tcp flags syn`, `tcp flags & (fin|syn|rst|ack) == syn`, `tcp flags syn / fin,syn,rst,ack`, `tcp flags { syn, syn | ack }`
    fn tcp_flags(&mut self) -> Result<Statement, Refused> {
        let of = |negated: bool, mask: u8, value: u8| Statement::Match {
            fields: vec![Field::TcpFlags],
            negated,
            among: Among::Flags { mask, value },
        };
        if self.take_sign("&") {
            let mask = self.flags()?;
            let negated = self.take_sign("!=");
            if !negated {
                self.expect("==")?;
            }
            let value = self.flags()?;
            return Ok(of(negated, mask, value));
        }
        if self.kind() == Some(Kind::Sign("{")) {
            self.take();
            let mut elements = Vec::new();
            while !self.take_sign("}") {
                let value = self.flags()?;
                elements.push(Element {
                    key: vec![Value::Word(value.to_string())],
                    leads: None,
                });
                self.take_sign(",");
            }
            return Ok(Statement::Match {
                fields: vec![Field::TcpFlags],
                negated: false,
                among: Among::These(elements),
            });
        }
        let negated = self.take_sign("!=");
        let exact = self.take_sign("==");
        let value = self.flags()?;
        if self.take_word_if("/") {
            let mask = self.flags()?;
            return Ok(of(negated, mask, value));
        }
        match (negated, exact) {
            (false, true) => Ok(of(false, u8::MAX, value)),
            // One of the bits is set.
            (false, false) => Ok(of(true, value, 0)),
            (true, _) => Err(self.unexpected("TCPフラグのマスク", "a mask of TCP flags")),
        }
    }

    /// `syn`, `syn,ack`, `(fin|syn)`, `syn | ack`, `0x0`
    fn flags(&mut self) -> Result<u8, Refused> {
        let open = self.take_sign("(");
        let mut flags = 0;
        loop {
            let word = self.name()?;
            flags |= flag_named(word).ok_or_else(|| self.unexpected("TCPフラグ", "a TCP flag"))?;
            if !(self.take_sign("|")
                || (self.kind() == Some(Kind::Sign(",")) && !self.inside_set() && self.take_sign(",")))
            {
                break;
            }
        }
        if open {
            self.expect(")")?;
        }
        Ok(flags)
    }

    /// Whether a comma parts elements rather than flags: a brace opened before, on the same statement, and is not closed.
    fn inside_set(&self) -> bool {
        let before = self.tokens.get(..self.at).unwrap_or_default().iter().rev();
        for token in before {
            match token.kind {
                Kind::Sign("{") => return true,
                Kind::Sign("}") | Kind::End => return false,
                Kind::Word("flags") => return false,
                _ => {}
            }
        }
        false
    }
}

/// A flag by name, or a number.
pub(in crate::dialect::nftables) fn flag_named(word: &str) -> Option<u8> {
    Some(match word {
        "fin" => flag::FIN,
        "syn" => flag::SYN,
        "rst" => flag::RST,
        "psh" => flag::PSH,
        "ack" => flag::ACK,
        "urg" => flag::URG,
        "ecn" => 0x40,
        "cwr" => 0x80,
        word => match word.strip_prefix("0x") {
            Some(hex) => u8::from_str_radix(hex, 16).ok()?,
            None => word.parse().ok()?,
        },
    })
}

/// The target of a translation as one word.
fn target(word: &str) -> Option<To> {
    let value = super::value::value;
    if let Some(rest) = word.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let port = port.strip_prefix(':').and_then(value);
        return Some(To::Fixed(value(address), port));
    }
    if let Some(port) = word.strip_prefix(':').filter(|port| !port.starts_with(':')) {
        return Some(To::Fixed(None, value(port)));
    }
    // More than one colon: an address of IPv6 without a port.
    if word.matches(':').count() == 1 {
        let (address, port) = word.split_once(':')?;
        return Some(To::Fixed(value(address), value(port)));
    }
    Some(To::Fixed(value(word), None))
}

//! Rules: an option after the other.

use model::lang::Text;

use super::beside::{is_aside, is_module, pass_options};
use crate::dialect::linux::tree::{Among, Element, Field, Nat, Rule, Statement, To, Value, Verdict};
use crate::dialect::names;
use crate::packet::{Family, flag, protocol};
use crate::source::Words;

/// What module `conntrack` knows of a flow beside its state.
const OF_FLOWS: [&str; 13] = [
    "--ctproto",
    "--ctorigsrc",
    "--ctorigdst",
    "--ctreplsrc",
    "--ctrepldst",
    "--ctorigsrcport",
    "--ctorigdstport",
    "--ctreplsrcport",
    "--ctrepldstport",
    "--ctstatus",
    "--ctexpire",
    "--ctdir",
    "--ctzone",
];

/// A rule after `-A CHAIN`.
pub(super) fn rule(words: &mut Words<'_>, family: Family) -> Result<Rule, Text> {
    let line = words.number();
    let mut reader = Reader {
        words,
        family,
        protocol: None,
        statements: Vec::new(),
    };
    while !reader.words.is_done() {
        reader.option()?;
    }
    Ok(Rule {
        line,
        last_line: line,
        statements: reader.statements,
    })
}

struct Reader<'w, 's> {
    words: &'w mut Words<'s>,
    family: Family,
    /// What `-p` said: the ports that follow are of it.
    protocol: Option<u8>,
    statements: Vec<Statement>,
}

fn refused(ja: &str, en: &str) -> Text {
    Text::new(format!("{ja}として読めない"), format!("cannot be read as {en}"))
}

/// `-j`, `--dport`: a word that can be shown, since no secret is written so.
fn is_option(word: &str) -> bool {
    let name = word.trim_start_matches('-');
    let short = name.len() == 1 && word.len() == 2;
    (short || word.starts_with("--"))
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

impl Reader<'_, '_> {
    fn option(&mut self) -> Result<(), Text> {
        let negated = self.words.take_if("!");
        // What is no option may be anything, and stays hidden.
        let option = self.words.peek().filter(|word| is_option(word)).unwrap_or_default();
        if option.is_empty() {
            return Err(refused("条件か動作", "a condition or a target"));
        }
        self.words.take();
        let (source, destination) = match self.family {
            Family::V4 => (Field::Source4, Field::Destination4),
            Family::V6 => (Field::Source6, Field::Destination6),
        };
        match option {
            "-s" | "--source" => self.addresses(source, negated),
            "-d" | "--destination" => self.addresses(destination, negated),
            "--src-range" => self.range(source, negated),
            "--dst-range" => self.range(destination, negated),
            "-i" | "--in-interface" => self.interface(Field::Ingress, negated),
            "-o" | "--out-interface" => self.interface(Field::Egress, negated),
            "-p" | "--protocol" => self.protocol(negated),
            "--dport" | "--destination-port" | "--dports" | "--destination-ports" => {
                self.ports(Field::DestinationPort(self.protocol), negated)
            }
            "--sport" | "--source-port" | "--sports" | "--source-ports" => {
                self.ports(Field::SourcePort(self.protocol), negated)
            }
            "--tcp-flags" => self.tcp_flags(negated),
            "--syn" => {
                let mask = flag::FIN | flag::SYN | flag::RST | flag::ACK;
                self.flags(negated, mask, flag::SYN);
                Ok(())
            }
            "--icmp-type" | "--icmpv6-type" => self.icmp(negated),
            "--state" | "--ctstate" => self.state(negated),
            "-f" | "--fragment" => {
                self.unknown("fragment");
                Ok(())
            }
            _ if OF_FLOWS.contains(&option) => {
                self.value()?;
                self.unknown(option.trim_start_matches('-'));
                Ok(())
            }
            "-m" | "--match" if !negated => self.module(),
            "-j" | "--jump" if !negated => self.target(false),
            "-g" | "--goto" if !negated => self.target(true),
            "-c" | "--set-counters" if !negated => {
                self.words.take();
                self.words.take();
                Ok(())
            }
            _ => Err(refused("条件か動作", "a condition or a target")),
        }
    }

    fn narrow(&mut self, field: Field, negated: bool, values: impl IntoIterator<Item = Value>) {
        let elements = values.into_iter().map(|value| Element {
            key: vec![value],
            leads: None,
        });
        self.statements.push(Statement::Match {
            fields: vec![field],
            negated,
            among: Among::These(elements.collect()),
        });
    }

    fn unknown(&mut self, what: &str) {
        let on = Text::new(format!("「{what}」の条件"), format!("the condition `{what}`"));
        self.statements.push(Statement::Unknown(on));
    }

    fn value(&mut self) -> Result<&str, Text> {
        self.words.take().ok_or_else(|| refused("値", "a value"))
    }

    /// `10.0.0.0/8,192.0.2.1`; a mask of dotted numbers too.
    fn addresses(&mut self, field: Field, negated: bool) -> Result<(), Text> {
        let written = self.value()?;
        let values: Option<Vec<Value>> = written.split(',').map(address).collect();
        let values = values.ok_or_else(|| refused("アドレス", "an address"))?;
        self.narrow(field, negated, values);
        Ok(())
    }

    fn range(&mut self, field: Field, negated: bool) -> Result<(), Text> {
        let (first, last) = self
            .value()?
            .split_once('-')
            .ok_or_else(|| refused("範囲", "a range"))?;
        let range = Value::Range(first.to_owned(), last.to_owned());
        self.narrow(field, negated, [range]);
        Ok(())
    }

    /// `eth+` is every interface whose name begins so.
    fn interface(&mut self, field: Field, negated: bool) -> Result<(), Text> {
        let name = self.value()?;
        let name = name
            .strip_suffix('+')
            .map_or_else(|| name.to_owned(), |start| format!("{start}*"));
        self.narrow(field, negated, [Value::Word(name)]);
        Ok(())
    }

    fn protocol(&mut self, negated: bool) -> Result<(), Text> {
        let word = self.value()?;
        if word == "all" || word == "0" {
            return Ok(());
        }
        let number = names::protocol(word).ok_or_else(|| refused("プロトコル", "a protocol"))?;
        self.protocol = Some(number).filter(|_| !negated);
        self.narrow(Field::Protocol, negated, [Value::Word(number.to_string())]);
        Ok(())
    }

    /// `80`, `80:443`, `:1023`, `1024:`, and lists of them.
    fn ports(&mut self, field: Field, negated: bool) -> Result<(), Text> {
        if !self
            .protocol
            .is_some_and(|number| protocol::WITH_PORTS.contains(&number))
        {
            return Err(refused("ポートのあるプロトコル", "a protocol with ports"));
        }
        let written = self.value()?;
        let ports: Option<Vec<Value>> = written.split(',').map(port).collect();
        let ports = ports.ok_or_else(|| refused("ポート", "a port"))?;
        self.narrow(field, negated, ports);
        Ok(())
    }

    fn flags(&mut self, negated: bool, mask: u8, value: u8) {
        self.statements.push(Statement::Match {
            fields: vec![Field::TcpFlags],
            negated,
            among: Among::Flags { mask, value },
        });
    }

    /// `--tcp-flags FIN,SYN,RST,ACK SYN`
    fn tcp_flags(&mut self, negated: bool) -> Result<(), Text> {
        let mask = flags(self.value()?)?;
        let value = flags(self.value()?)?;
        self.flags(negated, mask, value);
        Ok(())
    }

    /// `8`, `3/4`, `echo-request`, `any`
    fn icmp(&mut self, negated: bool) -> Result<(), Text> {
        let family = self.family;
        let written = self.value()?;
        let (kind, code) = written
            .split_once('/')
            .map_or((written, None), |(kind, code)| (kind, Some(code)));
        let (kind_field, code_field) = match family {
            Family::V4 => (Field::IcmpType, Field::IcmpCode),
            Family::V6 => (Field::Icmp6Type, Field::Icmp6Code),
        };
        if kind == "any" || kind == "255" {
            return Ok(());
        }
        let kind = Value::Word(
            names::icmp_type(family, kind)
                .ok_or_else(|| refused("ICMPの種別", "a type of ICMP"))?
                .to_string(),
        );
        let Some(code) = code else {
            self.narrow(kind_field, negated, [kind]);
            return Ok(());
        };
        let code = Value::Word(
            code.parse::<u8>()
                .map_err(|_| refused("ICMPの種別", "a type of ICMP"))?
                .to_string(),
        );
        self.statements.push(Statement::Match {
            fields: vec![kind_field, code_field],
            negated,
            among: Among::These(vec![Element {
                key: vec![kind, code],
                leads: None,
            }]),
        });
        Ok(())
    }

    fn state(&mut self, negated: bool) -> Result<(), Text> {
        let written = self.value()?.to_ascii_lowercase();
        let words: Vec<&str> = written.split(',').collect();
        // DNAT and SNAT are what became of a flow.
        if words.iter().any(|word| ["dnat", "snat"].contains(word)) {
            self.unknown("ctstate");
            return Ok(());
        }
        self.narrow(
            Field::State,
            negated,
            words.into_iter().map(|word| Value::Word(word.to_owned())),
        );
        Ok(())
    }

    fn module(&mut self) -> Result<(), Text> {
        let name = self.value()?.to_owned();
        match &*name {
            // Their options say it all.
            "tcp" | "udp" | "udplite" | "sctp" | "dccp" | "icmp" | "icmp6" | "icmpv6" | "state" | "conntrack"
            | "multiport" | "iprange" => Ok(()),
            "comment" => {
                if self.words.take_if("--comment") {
                    self.words.pass();
                }
                Ok(())
            }
            beside if is_module(beside) => {
                pass_options(self.words, beside)?;
                self.unknown(beside);
                Ok(())
            }
            _ => Err(refused("条件", "a condition")),
        }
    }

    fn target(&mut self, goto: bool) -> Result<(), Text> {
        let name = self.value()?.to_owned();
        let verdict = |verdict| Ok(Statement::Verdict(verdict));
        let statement = match &*name {
            _ if goto => verdict(Verdict::Goto(name.clone())),
            "ACCEPT" => verdict(Verdict::Accept),
            "DROP" => verdict(Verdict::Drop),
            "REJECT" => {
                pass_options(self.words, &name)?;
                verdict(Verdict::Drop)
            }
            "RETURN" => verdict(Verdict::Return),
            "LOG" | "NFLOG" | "ULOG" => {
                pass_options(self.words, &name)?;
                Ok(Statement::Log)
            }
            "QUEUE" | "NFQUEUE" => {
                pass_options(self.words, &name)?;
                self.unknown("NFQUEUE");
                verdict(Verdict::Accept)
            }
            "DNAT" => self.nat("--to-destination", false),
            "SNAT" => self.nat("--to-source", true),
            "MASQUERADE" => self.masquerade(),
            "REDIRECT" => {
                pass_options(self.words, &name)?;
                Ok(Statement::Nat(Nat::Redirect))
            }
            aside if is_aside(aside) => {
                pass_options(self.words, &name)?;
                Ok(Statement::Aside)
            }
            "CT" | "NOTRACK" | "TPROXY" | "NETMAP" | "TEE" | "SET" | "TRACE" | "IDLETIMER" | "SYNPROXY"
            | "CLUSTERIP" | "HMARK" | "LED" => Err(refused("動作", "a target")),
            chain => verdict(Verdict::Jump(chain.to_owned())),
        };
        self.statements.push(statement?);
        Ok(())
    }

    /// `--to-destination 10.0.0.5-10.0.0.9:80-90`, `[fd00::5]:80`
    fn nat(&mut self, option: &str, source: bool) -> Result<Statement, Text> {
        let not_read = || refused("変換先", "a target of translation");
        if !self.words.take_if(option) {
            return Err(not_read());
        }
        let written = self.value()?.to_owned();
        while ["--random", "--persistent", "--random-fully"]
            .iter()
            .any(|option| self.words.take_if(option))
        {}
        let (address, ports) = match written.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, rest)) => (address.to_owned(), rest.strip_prefix(':').map(str::to_owned)),
            None if self.family == Family::V4 => match written.split_once(':') {
                Some((address, ports)) => (address.to_owned(), Some(ports.to_owned())),
                None => (written, None),
            },
            None => (written, None),
        };
        let between = |text: &str| match text.split_once('-') {
            Some((first, last)) => Value::Range(first.to_owned(), last.to_owned()),
            None => Value::Word(text.to_owned()),
        };
        let address = Some(&*address).filter(|address| !address.is_empty()).map(between);
        // `80-90/8000` moves ports by base: not read.
        let ports = match ports {
            Some(ports) if ports.contains('/') => return Err(not_read()),
            ports => ports.as_deref().map(between),
        };
        let to = To::Fixed(address, ports);
        Ok(Statement::Nat(if source {
            Nat::Source(to)
        } else {
            Nat::Destination(to)
        }))
    }

    fn masquerade(&mut self) -> Result<Statement, Text> {
        let mut ports = None;
        while let Some(option) = self.words.peek() {
            match option {
                "--to-ports" => {
                    self.words.take();
                    let written = self.value()?;
                    ports = Some(match written.split_once('-') {
                        Some((first, last)) => Value::Range(first.to_owned(), last.to_owned()),
                        None => Value::Word(written.to_owned()),
                    });
                }
                "--random" | "--random-fully" => drop(self.words.take()),
                _ => break,
            }
        }
        Ok(Statement::Nat(Nat::Masquerade(ports)))
    }
}

fn address(written: &str) -> Option<Value> {
    let Some((network, mask)) = written.split_once('/') else {
        return Some(Value::Word(written.to_owned()));
    };
    let length = match mask.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(mask)) => {
            let bits = mask.to_bits();
            // A mask with holes is no network.
            (bits.leading_ones() + bits.trailing_zeros().min(32) >= 32).then_some(bits.leading_ones())?
        }
        Ok(std::net::IpAddr::V6(mask)) => {
            let bits = mask.to_bits();
            (bits.leading_ones() + bits.trailing_zeros().min(128) >= 128).then_some(bits.leading_ones())?
        }
        Err(_) => mask.parse().ok()?,
    };
    Some(Value::Prefix(network.to_owned(), u8::try_from(length).ok()?))
}

fn port(written: &str) -> Option<Value> {
    let number = |word: &str| names::port(word).map(|port| port.to_string());
    Some(match written.split_once(':') {
        Some((first, last)) => Value::Range(
            if first.is_empty() {
                "0".to_owned()
            } else {
                number(first)?
            },
            if last.is_empty() {
                u16::MAX.to_string()
            } else {
                number(last)?
            },
        ),
        None => Value::Word(number(written)?),
    })
}

fn flags(written: &str) -> Result<u8, Text> {
    written.split(',').try_fold(0, |flags, word| {
        Ok(flags
            | match word {
                "FIN" => flag::FIN,
                "SYN" => flag::SYN,
                "RST" => flag::RST,
                "PSH" => flag::PSH,
                "ACK" => flag::ACK,
                "URG" => flag::URG,
                "ALL" => 0x3f,
                "NONE" => 0,
                _ => return Err(refused("TCPフラグ", "a TCP flag")),
            })
    })
}

//! A policy file is read.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Peer, Policy, Quorum, Witness};
use crate::key::{Algorithm, KeyFault, VerifierKey};

/// What is wrong with a policy file, and on which line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct PolicyFault {
    /// The line, counted from 1; the last one where something is missing.
    pub line: usize,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Control characters, or no newline at the end of a line.
    #[error("a control character, or no newline at the end")]
    Characters,
    /// Not one of the lines that a policy has.
    #[error("not a `log`, `witness`, `group` or `quorum` line in its form")]
    Form,
    /// The key cannot be used.
    #[error("{0}")]
    Key(#[from] KeyFault),
    /// A log has a witness's kind of key, or the other way round.
    #[error("this kind of key cannot serve here")]
    Use,
    /// A key or a name stands there twice, or a member of one group is named by another.
    #[error("`{0}` is used twice")]
    Twice(String),
    /// A name that no line above defines.
    #[error("`{0}` is not defined above")]
    Unknown(String),
    /// A group asks for none or for more members than it has.
    #[error("a group needs from 1 to all of its members")]
    Threshold,
    /// More lines than are read.
    #[error("more than 1000 logs, witnesses and groups")]
    TooMany,
    /// There is not exactly one quorum line.
    #[error("a policy has exactly one `quorum` line")]
    Quorum,
}

impl Reason {
    /// The message in Japanese.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::Characters => "制御文字があるか、行末に改行がない".to_owned(),
            Self::Form => "「log」「witness」「group」「quorum」のいずれの行の形式でもない".to_owned(),
            Self::Key(fault) => fault.ja().to_owned(),
            Self::Use => "この種類の鍵はここでは使用できない".to_owned(),
            Self::Twice(name) => format!("「{name}」が重複している"),
            Self::Unknown(name) => format!("「{name}」がこの行より前で定義されていない"),
            Self::Threshold => "必要数は1から構成員の数までとする".to_owned(),
            Self::TooMany => "発行元、立会人及びグループの数が1,000を超えている".to_owned(),
            Self::Quorum => "「quorum」の行は一つだけ必要である".to_owned(),
        }
    }
}

/// Definitions that are read; the specification recommends at least 32 of each kind.
const MOST: usize = 1_000;

impl FromStr for Policy {
    type Err = PolicyFault;

    fn from_str(text: &str) -> Result<Self, PolicyFault> {
        Self::parse(text.as_bytes())
    }
}

impl Policy {
    /// Reads a policy file. Names may be any bytes; addresses that are not UTF-8 are shown with replacement characters.
    ///
    /// # Errors
    /// The first line that is not as it must be.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyFault> {
        let mut reader = Reader::default();
        let mut line = 0;
        let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n');
        for content in lines {
            line += 1;
            let unfit = |byte: &u8| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f;
            let read = if content.iter().any(unfit) {
                Err(Reason::Characters)
            } else {
                reader.line(content)
            };
            read.map_err(|reason| PolicyFault { line, reason })?;
        }
        if !bytes.ends_with(b"\n") {
            return Err(PolicyFault {
                line,
                reason: Reason::Characters,
            });
        }
        let quorum = reader.quorum.ok_or(PolicyFault {
            line,
            reason: Reason::Quorum,
        })?;
        Ok(Self {
            logs: reader.logs,
            witnesses: reader.witnesses,
            quorum,
        })
    }
}

#[derive(Default)]
struct Reader<'a> {
    logs: Vec<Peer>,
    witnesses: Vec<Witness>,
    /// What a name stands for; `None` once a group has taken it as a member.
    names: BTreeMap<&'a [u8], Option<Quorum>>,
    quorum: Option<Option<Quorum>>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a [u8]) -> Result<(), Reason> {
        let mut words = line
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|word| !word.is_empty());
        let words: Vec<&'a [u8]> = match words.next() {
            None => return Ok(()),
            Some(first) if first.starts_with(b"#") => return Ok(()),
            Some(first) => std::iter::once(first).chain(words).collect(),
        };
        if self.logs.len().saturating_add(self.names.len()) >= MOST {
            return Err(Reason::TooMany);
        }
        match *words.as_slice() {
            [b"log", key] => self.log(key, None),
            [b"log", key, url] => self.log(key, Some(url)),
            [b"witness", name, key] => self.witness(name, key, None),
            [b"witness", name, key, url] => self.witness(name, key, Some(url)),
            [b"group", name, needed, ref members @ ..] if !members.is_empty() => self.group(name, needed, members),
            [b"quorum", name] => self.set_quorum(name),
            _ => Err(Reason::Form),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&[u8]>) -> Result<(), Reason> {
        let peer = peer(key, url)?;
        if self.logs.iter().any(|log| log.key.public() == peer.key.public()) {
            return Err(Reason::Twice(peer.key.name().to_owned()));
        }
        self.logs.push(peer);
        Ok(())
    }

    fn witness(&mut self, name: &'a [u8], key: &[u8], url: Option<&[u8]>) -> Result<(), Reason> {
        let peer = peer(key, url)?;
        if peer.key.algorithm() == Algorithm::Ed25519 {
            return Err(Reason::Use);
        }
        if self
            .witnesses
            .iter()
            .any(|witness| witness.peer.key.public() == peer.key.public())
        {
            return Err(Reason::Twice(peer.key.name().to_owned()));
        }
        self.define(name, Quorum::Witness(self.witnesses.len()))?;
        self.witnesses.push(Witness {
            name: shown(name),
            peer,
        });
        Ok(())
    }

    fn group(&mut self, name: &'a [u8], needed: &[u8], members: &[&[u8]]) -> Result<(), Reason> {
        let needed = match needed {
            b"all" => members.len(),
            b"any" => 1,
            number => number_of(number).ok_or(Reason::Form)?,
        };
        if needed == 0 || needed > members.len() {
            return Err(Reason::Threshold);
        }
        let members = members
            .iter()
            .map(|member| self.take(member))
            .collect::<Result<_, _>>()?;
        self.define(name, Quorum::Group { needed, members })
    }

    fn set_quorum(&mut self, name: &[u8]) -> Result<(), Reason> {
        let quorum = match name {
            b"none" => None,
            _ => Some(self.take(name)?),
        };
        if self.quorum.replace(quorum).is_some() {
            Err(Reason::Quorum)
        } else {
            Ok(())
        }
    }

    fn define(&mut self, name: &'a [u8], means: Quorum) -> Result<(), Reason> {
        if name == b"none" || self.names.insert(name, Some(means)).is_some() {
            return Err(Reason::Twice(shown(name)));
        }
        Ok(())
    }

    /// Takes what a name stands for: each name serves once.
    fn take(&mut self, name: &[u8]) -> Result<Quorum, Reason> {
        let means = self.names.get_mut(name).ok_or_else(|| Reason::Unknown(shown(name)))?;
        means.take().ok_or_else(|| Reason::Twice(shown(name)))
    }
}

fn peer(key: &[u8], url: Option<&[u8]>) -> Result<Peer, Reason> {
    let key = str::from_utf8(key).map_err(|_| KeyFault::Form)?;
    Ok(Peer {
        key: key.parse::<VerifierKey>()?,
        url: url.map(shown),
    })
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn number_of(digits: &[u8]) -> Option<usize> {
    let digits = str::from_utf8(digits).ok()?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

//! A ruleset as nftables means it: what text and JSON are both read into.

use model::lang::Text;

/// A whole ruleset.
#[derive(Debug, Default)]
pub(in crate::dialect) struct Ruleset {
    pub(in crate::dialect) tables: Vec<Table>,
    pub(in crate::dialect) unread: Vec<Unread>,
}

/// Something that was not understood.
#[derive(Debug)]
pub(in crate::dialect) struct Unread {
    pub(in crate::dialect) line: u32,
    pub(in crate::dialect) why: Text,
    /// The chain it stands in, as table and chain.
    pub(in crate::dialect) within: Option<(usize, String)>,
}

/// One table.
#[derive(Debug)]
pub(in crate::dialect) struct Table {
    /// `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`.
    pub(in crate::dialect) family: String,
    pub(in crate::dialect) name: String,
    /// A dormant table does nothing.
    pub(in crate::dialect) dormant: bool,
    pub(in crate::dialect) sets: Vec<Set>,
    pub(in crate::dialect) chains: Vec<Chain>,
}

/// A named set or map.
#[derive(Debug, Clone, Default)]
pub(in crate::dialect) struct Set {
    pub(in crate::dialect) name: String,
    pub(in crate::dialect) elements: Vec<Element>,
    /// Filled by rules or by somebody else while the device runs.
    pub(in crate::dialect) changes: bool,
    /// A map to verdicts.
    pub(in crate::dialect) decides: bool,
}

/// An element of a set; of a map, with what it leads to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dialect) struct Element {
    /// The parts of its key, one unless it is a concatenation.
    pub(in crate::dialect) key: Vec<Value>,
    pub(in crate::dialect) leads: Option<Leads>,
}

/// What an element of a map leads to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dialect) enum Leads {
    Verdict(Verdict),
    /// An address, a port, or both.
    Values(Vec<Value>),
}

/// One chain.
#[derive(Debug)]
pub(in crate::dialect) struct Chain {
    pub(in crate::dialect) name: String,
    pub(in crate::dialect) base: Option<Base>,
    /// Whether a packet that no rule decides is dropped.
    pub(in crate::dialect) drops: bool,
    pub(in crate::dialect) rules: Vec<Rule>,
    pub(in crate::dialect) line: u32,
}

/// Where a chain is called from by the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect) struct Base {
    /// `filter`, `nat`, `route`.
    pub(in crate::dialect) kind: String,
    /// `prerouting`, `input`, `forward`, `output`, `postrouting`, `ingress`, `egress`.
    pub(in crate::dialect) hook: String,
    /// The smaller the earlier.
    pub(in crate::dialect) priority: i32,
}

/// One rule.
#[derive(Debug)]
pub(in crate::dialect) struct Rule {
    pub(in crate::dialect) line: u32,
    pub(in crate::dialect) last_line: u32,
    pub(in crate::dialect) statements: Vec<Statement>,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dialect) enum Statement {
    /// Only packets whose fields are (or, negated, are not) among these go on.
    Match {
        fields: Vec<Field>,
        negated: bool,
        among: Among,
    },
    /// What happens depends on the fields.
    VerdictMap { fields: Vec<Field>, map: Among },
    /// The end.
    Verdict(Verdict),
    /// A translation of addresses.
    Nat(Nat),
    /// A condition that no packet shows.
    Unknown(Text),
    /// It changes nothing about who passes: a counter, a log.
    Aside,
    /// It makes a log entry.
    Log,
}

/// Values in a rule.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dialect) enum Among {
    /// Written out.
    These(Vec<Element>),
    /// A named set or map.
    Named(String),
    /// `flags AND mask = value` of TCP.
    Flags { mask: u8, value: u8 },
}

/// What a rule ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect) enum Verdict {
    Accept,
    Drop,
    Jump(String),
    Goto(String),
    Return,
    /// To the next rule.
    Continue,
}

/// A field of a packet or of its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialect) enum Field {
    Ingress,
    Egress,
    Source4,
    Destination4,
    Source6,
    Destination6,
    /// `meta nfproto`, `meta protocol`.
    Family,
    /// `meta l4proto`, `ip protocol`, `ip6 nexthdr`.
    Protocol,
    /// Source port of a protocol; of any with ports if `None`.
    SourcePort(Option<u8>),
    DestinationPort(Option<u8>),
    TcpFlags,
    IcmpType,
    IcmpCode,
    Icmp6Type,
    Icmp6Code,
    State,
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect) enum Value {
    /// A word: a name, a number, an address.
    Word(String),
    /// From one to another.
    Range(String, String),
    /// A network.
    Prefix(String, u8),
    /// Everything (`*` in a map).
    Any,
}

/// A translation.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dialect) enum Nat {
    Source(To),
    Destination(To),
    /// To the address of the interface that the packet leaves by.
    Masquerade(Option<Value>),
    /// To the device itself.
    Redirect,
}

/// What a translation makes of it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dialect) enum To {
    /// An address, a port, or both.
    Fixed(Option<Value>, Option<Value>),
    /// What a map says.
    Mapped(Vec<Field>, Among),
}

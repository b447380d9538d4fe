//! A ruleset as nftables means it: what text and JSON are both read into.

use model::lang::Text;

/// A whole ruleset.
#[derive(Debug, Default)]
pub(super) struct Ruleset {
    pub(super) tables: Vec<Table>,
    pub(super) unread: Vec<Unread>,
}

/// Something that was not understood.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) line: u32,
    pub(super) why: Text,
    /// The chain it stands in, as table and chain.
    pub(super) within: Option<(usize, String)>,
}

/// One table.
#[derive(Debug)]
pub(super) struct Table {
    /// `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`.
    pub(super) family: String,
    pub(super) name: String,
    /// A dormant table does nothing.
    pub(super) dormant: bool,
    pub(super) sets: Vec<Set>,
    pub(super) chains: Vec<Chain>,
}

/// A named set or map.
#[derive(Debug, Clone, Default)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) elements: Vec<Element>,
    /// Filled by rules or by somebody else while the device runs.
    pub(super) changes: bool,
}

/// An element of a set; of a map, with what it leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    /// The parts of its key, one unless it is a concatenation.
    pub(super) key: Vec<Value>,
    pub(super) leads: Option<Leads>,
}

/// What an element of a map leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Leads {
    Verdict(Verdict),
    /// An address, a port, or both.
    Values(Vec<Value>),
}

/// One chain.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) name: String,
    pub(super) base: Option<Base>,
    /// Whether a packet that no rule decides is dropped.
    pub(super) drops: bool,
    pub(super) rules: Vec<Rule>,
    pub(super) line: u32,
}

/// Where a chain is called from by the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    /// `filter`, `nat`, `route`.
    pub(super) kind: String,
    /// `prerouting`, `input`, `forward`, `output`, `postrouting`, `ingress`, `egress`.
    pub(super) hook: String,
    /// The smaller the earlier.
    pub(super) priority: i32,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) line: u32,
    pub(super) last_line: u32,
    pub(super) statements: Vec<Statement>,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statement {
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
pub(super) enum Among {
    /// Written out.
    These(Vec<Element>),
    /// A named set or map.
    Named(String),
    /// `flags AND mask = value` of TCP.
    Flags { mask: u8, value: u8 },
}

/// What a rule ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
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
pub(super) enum Field {
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
pub(super) enum Value {
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
pub(super) enum Nat {
    Source(To),
    Destination(To),
    /// To the address of the interface that the packet leaves by.
    Masquerade(Option<Value>),
    /// To the device itself.
    Redirect,
}

/// What a translation makes of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum To {
    /// An address, a port, or both.
    Fixed(Option<Value>, Option<Value>),
    /// What a map says.
    Mapped(Vec<Field>, Among),
}

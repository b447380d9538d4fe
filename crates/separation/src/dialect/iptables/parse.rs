//! Tables and chains.

use model::lang::Text;

use crate::dialect::linux::tree::{Base, Chain, Ruleset, Table, Unread};
use crate::packet::Family;
use crate::source::{Source, Words};

/// Tables of the kernel.
pub(super) const TABLES: [&str; 5] = ["raw", "mangle", "nat", "filter", "security"];

/// Reads a file of one family.
pub(super) fn parse(source: &Source, family: Family) -> Ruleset {
    let mut reader = Reader {
        family,
        ruleset: Ruleset::default(),
        open: false,
    };
    for mut words in source.lines() {
        let line = words.number();
        if let Err((why, within)) = reader.line(&mut words) {
            let table = reader.ruleset.tables.len().checked_sub(1);
            reader.ruleset.unread.push(Unread {
                line,
                why,
                within: table.zip(within),
            });
        }
    }
    if reader.open {
        reader.ruleset.unread.push(Unread {
            line: u32::try_from(source.lines().count()).unwrap_or(u32::MAX),
            why: Text::fixed(
                "COMMIT がない(途中で切れている)",
                "no COMMIT: the file ends in the middle",
            ),
            within: None,
        });
    }
    reader.ruleset
}

struct Reader {
    family: Family,
    ruleset: Ruleset,
    /// Whether a table waits for its `COMMIT`.
    open: bool,
}

/// Why a line was not understood, and in which chain of the last table it stands.
type Refused = (Text, Option<String>);

impl Reader {
    fn line(&mut self, words: &mut Words<'_>) -> Result<(), Refused> {
        let Some(first) = words.peek() else { return Ok(()) };
        if first.starts_with('#') {
            return Ok(());
        }
        if let Some(name) = first.strip_prefix('*') {
            words.take();
            return self.table(name);
        }
        if first == "COMMIT" && self.open {
            words.take();
            self.open = false;
            return Ok(());
        }
        if let Some(name) = first.strip_prefix(':')
            && self.open
        {
            words.take();
            return self.chain(name, words);
        }
        // Counters: `[12:3456] -A …`
        if first.starts_with('[') && first.ends_with(']') {
            words.take();
        }
        if self.open && words.take_if("-A") {
            return self.rule(words);
        }
        Err((
            Text::fixed("iptables-save の行ではない", "no line of iptables-save"),
            None,
        ))
    }

    fn table(&mut self, name: &str) -> Result<(), Refused> {
        if !TABLES.contains(&name) || self.open {
            return Err((
                Text::fixed("表の始まりとして読めない", "cannot be read as the begin of a table"),
                None,
            ));
        }
        let family = if self.family == Family::V4 { "ip" } else { "ip6" };
        self.open = true;
        self.ruleset.tables.push(Table {
            family: family.to_owned(),
            name: name.to_owned(),
            dormant: false,
            sets: Vec::new(),
            chains: Vec::new(),
        });
        Ok(())
    }

    /// `:FORWARD DROP [0:0]`
    fn chain(&mut self, name: &str, words: &mut Words<'_>) -> Result<(), Refused> {
        let line = words.number();
        let policy = words.take();
        words.take_rest();
        let Some(table) = self.ruleset.tables.last_mut() else {
            return Ok(());
        };
        let base = base(&table.name, name);
        let drops = match (policy, &base) {
            (Some("DROP"), Some(_)) => true,
            (Some("ACCEPT"), Some(_)) | (Some("-"), None) => false,
            _ => {
                return Err((
                    Text::fixed("連鎖の始まりとして読めない", "cannot be read as a chain"),
                    None,
                ));
            }
        };
        table.chains.push(Chain {
            name: name.to_owned(),
            base,
            drops,
            rules: Vec::new(),
            line,
        });
        Ok(())
    }

    fn rule(&mut self, words: &mut Words<'_>) -> Result<(), Refused> {
        let family = self.family;
        let name = words.take().unwrap_or_default().to_owned();
        let table = self.ruleset.tables.last_mut();
        let chain = table.and_then(|table| table.chains.iter_mut().find(|chain| chain.name == name));
        let Some(chain) = chain else {
            return Err((Text::fixed("連鎖の名がない", "no chain of this name"), None));
        };
        match super::rule::rule(words, family) {
            Ok(rule) => {
                chain.rules.push(rule);
                Ok(())
            }
            Err(why) => Err((why, Some(name))),
        }
    }
}

fn base(table: &str, chain: &str) -> Option<Base> {
    let hook = match chain {
        "PREROUTING" => "prerouting",
        "INPUT" => "input",
        "FORWARD" => "forward",
        "OUTPUT" => "output",
        "POSTROUTING" => "postrouting",
        _ => return None,
    };
    let priority = match (table, hook) {
        ("raw", _) => -300,
        ("mangle", _) => -150,
        ("nat", "prerouting" | "output") => -100,
        ("nat", _) => 100,
        ("security", _) => 50,
        _ => 0,
    };
    Some(Base {
        kind: if table == "nat" { "nat" } else { "filter" }.to_owned(),
        hook: hook.to_owned(),
        priority,
    })
}

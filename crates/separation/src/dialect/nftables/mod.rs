//! nftables of Linux, as `nft list ruleset` prints it and as files are written, in text or JSON.

mod json;
mod lex;

mod parse;
#[cfg(test)]
mod tests;

use model::lang::Text;

use super::{Dialect, linux};
use crate::device::Device;
use crate::source::{Redacted, Source};

/// The dialect.
pub(super) struct Nftables;

impl Dialect for Nftables {
    fn name(&self) -> &'static str {
        "nftables"
    }

    fn label(&self) -> Text {
        Text::same("nftables")
    }

    fn likeness(&self, text: &str) -> u8 {
        if json::looks_like(text) {
            return 95;
        }
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .take(400);
        let table = |line: &str| {
            let line = line.strip_prefix("add ").unwrap_or(line);
            ["ip", "ip6", "inet", "bridge", "arp", "netdev"].iter().any(|family| {
                line.strip_prefix("table ")
                    .and_then(|rest| rest.strip_prefix(family))
                    .is_some_and(|rest| rest.starts_with(' '))
            })
        };
        if text.starts_with("#!") && text.lines().next().is_some_and(|line| line.contains("nft")) {
            return 95;
        }
        if lines.any(|line| table(line) || line == "flush ruleset") {
            90
        } else {
            0
        }
    }

    fn read(&self, files: &[Source]) -> Device {
        linux::read_device(files, |source| {
            let text = source.text();
            if json::looks_like(text) {
                json::read(text)
            } else {
                parse::parse(source)
            }
        })
    }

    fn redact(&self, file: Source) -> Redacted {
        if json::looks_like(file.text()) {
            return json::redact(file.text());
        }
        let files = [file];
        self.read(&files);
        files.first().map(Source::redacted).unwrap_or_default()
    }

    fn sample(&self) -> &'static str {
        include_str!("sample.nft")
    }
}

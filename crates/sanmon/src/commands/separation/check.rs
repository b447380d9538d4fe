//! `sanmon separation check DIR`: is every separation kept?

use std::io;

use model::date::era;
use model::diagnostic::Severity;
use model::lang::{Lang, Text};
use policy::judge::FileLine;
use separation::network::ZoneId;
use separation::question::{Finding, Weakness};
use serde_json::{Value, json};
use service::network::{Checked, GapPlace, Open, OpenPlace, words};
use service::report::Places;

use super::asked::Asked;
use super::rule;
use crate::cli::ReportFormat;
use crate::cli::separation::NetworkOf;
use crate::commands::{Desk, Outcome};
use crate::show::problem::{Shown, Snippet, problem};

pub(super) fn run(of: &NetworkOf, format: ReportFormat, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let answer = Answer {
        checked: asked.network.check(&asked.model, asked.today),
        asked: &asked,
        desk,
    };
    match format {
        ReportFormat::Text => desk.print(&answer.text())?,
        ReportFormat::Json => desk.json(&answer.json())?,
        ReportFormat::Sarif => desk.json(&answer.sarif())?,
    }
    let fine = answer.checked.is_kept() && answer.checked.findings.is_empty();
    Ok(if fine { Outcome::Fine } else { Outcome::Broken })
}

struct Answer<'a> {
    asked: &'a Asked,
    checked: Checked,
    desk: Desk,
}

impl Answer<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        for warning in &self.asked.network.warnings {
            out.push_str(&problem(warning, self.desk.lang, self.desk.paint));
            out.push('\n');
        }
        for finding in &self.checked.findings {
            out.push_str(&self.finding(finding));
            out.push('\n');
        }
        for open in &self.checked.open {
            out.push_str(&self.open(open));
            out.push('\n');
        }
        for weakness in &self.checked.weaknesses {
            out.push_str(&self.weak(weakness));
            out.push('\n');
        }
        out.push_str(&self.closing());
        out
    }

    fn finding(&self, finding: &Finding) -> String {
        let network = &self.asked.network;
        let lang = self.desk.lang;
        let shown = Shown {
            code: Some(finding.kind.word().to_owned()),
            severity: if finding.kind.breaks() {
                miette::Severity::Error
            } else {
                miette::Severity::Warning
            },
            message: format!(
                "{}: {}",
                network.subject(finding).get(lang),
                network.reason(finding).get(lang)
            ),
            help: Some(finding.fix.get(lang).to_owned()),
            label: None,
            snippet: finding.rule.and_then(|at| rule::snippet(network, at.node, at.line)),
        };
        shown.render(self.desk.paint)
    }

    fn open(&self, open: &Open) -> String {
        let network = &self.asked.network;
        let lang = self.desk.lang;
        let snippet = match &open.at {
            Some(OpenPlace::Line(node, line)) => rule::snippet(network, *node, *line),
            Some(OpenPlace::Gap(GapPlace::Network(span))) => {
                let FileLine { file, .. } = network.described(*span);
                Some(Snippet::new(&file, &network.sources.text, *span))
            }
            Some(OpenPlace::Gap(GapPlace::Row(place))) => self.asked.folder.as_ref().and_then(|folder| {
                let file = folder.place(place).file;
                Some(Snippet::new(&file, folder.source(&file)?, folder.span(place)?))
            }),
            None => None,
        };
        let shown = Shown {
            code: Some("unproven".to_owned()),
            severity: miette::Severity::Warning,
            message: format!("{}: {}", network.pairs(&open.between).get(lang), open.reason.get(lang)),
            help: open.help.as_ref().map(|help| help.get(lang).to_owned()),
            label: None,
            snippet,
        };
        shown.render(self.desk.paint)
    }

    fn weakness(&self, weakness: &Weakness) -> Value {
        let lang = self.desk.lang;
        let mut value = rule::json(&self.asked.network, weakness.node, weakness.line);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("kind".to_owned(), weakness.kind.word().into());
            fields.insert("message".to_owned(), weakness.message.get(lang).into());
            fields.insert("fix".to_owned(), weakness.fix.get(lang).into());
        }
        value
    }

    fn weak(&self, weakness: &Weakness) -> String {
        let lang = self.desk.lang;
        let shown = Shown {
            code: Some(weakness.kind.word().to_owned()),
            severity: miette::Severity::Advice,
            message: weakness.message.get(lang).to_owned(),
            help: Some(weakness.fix.get(lang).to_owned()),
            label: None,
            snippet: rule::snippet(&self.asked.network, weakness.node, weakness.line),
        };
        shown.render(self.desk.paint)
    }

    /// How many pairs of zones are proved, and what not.
    fn closing(&self) -> String {
        let (lang, checked) = (self.desk.lang, &self.checked);
        let demanded = checked.demands.len();
        let breaking = checked.findings.iter().filter(|finding| finding.kind.breaks()).count();
        let (proved, open) = (checked.proved.len(), checked.open.len());
        let unused = checked.findings.len().saturating_sub(breaking);
        let day = match lang {
            Lang::Ja => format!("{}現在", era(self.asked.today)),
            Lang::En => format!("as of {}", self.asked.today),
        };
        let counts = Text::new(
            format!(
                "領域の組 {demanded}、証明 {proved}、指摘 {breaking}、使われない特定通信 {unused}、未証明の理由 {open}"
            ),
            format!(
                "{demanded} pairs of zones, {proved} proved, {breaking} findings, {unused} unused paths, {open} reasons unproven"
            ),
        );
        format!("{day}  {}\n", counts.get(lang))
    }

    fn json(&self) -> Value {
        let network = &self.asked.network;
        let lang = self.desk.lang;
        let findings = self.checked.findings.iter().map(|finding| {
            json!({
                "kind": finding.kind.word(),
                "from": self.zone(finding.from),
                "to": self.zone(finding.to),
                "service": finding.service,
                // Larger than what a number of JSON holds exactly.
                "count": finding.packets.to_string(),
                "rule": finding.rule.map(|at| rule::json(network, at.node, at.line)),
                "witness": finding.witness.as_ref().map(rule::packet),
                "path": finding.path,
                "fix": finding.fix.get(lang),
            })
        });
        let findings: Vec<Value> = findings.collect();
        let proved = self.checked.proved.iter();
        let proved: Vec<Value> = proved
            .map(|(from, to)| json!({ "from": self.zone(*from), "to": self.zone(*to) }))
            .collect();
        let unproven = self.checked.open.iter().flat_map(|open| {
            let (file, line) = self.place(open);
            open.between.iter().map(move |(from, to)| {
                json!({
                    "from": self.zone(*from),
                    "to": self.zone(*to),
                    "reason": open.reason.get(lang),
                    "file": file,
                    "line": line,
                })
            })
        });
        let unproven: Vec<Value> = unproven.collect();
        let weaknesses = self.checked.weaknesses.iter();
        let weaknesses: Vec<Value> = weaknesses.map(|weakness| self.weakness(weakness)).collect();
        json!({
            "at": self.asked.today,
            "model": self.asked.model,
            "findings": findings,
            "proved": proved,
            "unproven": unproven,
            "weaknesses": weaknesses,
            "warnings": self.warnings(),
            "evidence": { "engine": "separation", "version": env!("CARGO_PKG_VERSION"), "inputs": network.sources.inputs() },
        })
    }

    /// What somebody should look at in `network.toml`.
    fn warnings(&self) -> Vec<&str> {
        let warnings = self.asked.network.warnings.iter();
        let warnings = warnings.filter(|warning| warning.diagnostic.severity != Severity::Error);
        warnings
            .map(|warning| warning.diagnostic.message.get(self.desk.lang))
            .collect()
    }

    fn zone(&self, zone: ZoneId) -> &str {
        self.asked
            .network
            .fabric
            .network
            .zone(zone)
            .map_or("", |zone| &zone.name)
    }

    /// File and line of what cannot be said.
    fn place(&self, open: &Open) -> (Option<String>, Option<u32>) {
        let network = &self.asked.network;
        match &open.at {
            None => (None, None),
            Some(OpenPlace::Line(node, line)) => {
                let at = network.line(*node, *line);
                at.map_or((None, None), |at| (Some(at.file), Some(at.line)))
            }
            Some(OpenPlace::Gap(GapPlace::Network(span))) => {
                let at = network.described(*span);
                (Some(at.file), Some(at.line))
            }
            Some(OpenPlace::Gap(GapPlace::Row(place))) => {
                let found = self.asked.folder.as_ref().map(|folder| folder.place(place));
                found.map_or((None, None), |found| (Some(found.file), found.line))
            }
        }
    }

    fn sarif(&self) -> Value {
        let (network, lang) = (&self.asked.network, self.desk.lang);
        let mut kinds: Vec<_> = self.checked.findings.iter().map(|finding| finding.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut rules: Vec<Value> = kinds
            .iter()
            .map(|kind| json!({ "id": kind.word(), "shortDescription": { "text": words::kind(*kind).get(lang) } }))
            .collect();
        rules.push(
            json!({ "id": "unproven", "shortDescription": { "text": Text::fixed("未証明", "unproven").get(lang) } }),
        );
        let found = self.checked.findings.iter().map(|finding| {
            let level = if finding.kind.breaks() { "error" } else { "note" };
            let text = format!(
                "{}: {} {}",
                network.subject(finding).get(lang),
                network.reason(finding).get(lang),
                finding.fix.get(lang)
            );
            let at = finding.rule.and_then(|at| network.line(at.node, at.line));
            let at = at.map(|at| (at.file, Some(at.line), at.column));
            result(finding.kind.word(), ("fail", level), &text, at)
        });
        let open = self.checked.open.iter().map(|open| {
            let text = format!("{}: {}", network.pairs(&open.between).get(lang), open.reason.get(lang));
            let (file, line) = self.place(open);
            result("unproven", ("open", "none"), &text, file.map(|file| (file, line, 1)))
        });
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "sanmon separation", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "results": found.chain(open).collect::<Vec<Value>>(),
            }],
        })
    }
}

fn result(rule: &str, (kind, level): (&str, &str), text: &str, at: Option<(String, Option<u32>, u32)>) -> Value {
    let mut result = json!({ "ruleId": rule, "kind": kind, "level": level, "message": { "text": text } });
    if let (Some((file, line, column)), Some(object)) = (at, result.as_object_mut()) {
        let mut physical = json!({ "artifactLocation": { "uri": file } });
        if let (Some(line), Some(fields)) = (line, physical.as_object_mut()) {
            fields.insert("region".to_owned(), json!({ "startLine": line, "startColumn": column }));
        }
        object.insert("locations".to_owned(), json!([{ "physicalLocation": physical }]));
    }
    result
}

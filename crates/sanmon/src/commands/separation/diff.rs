//! `sanmon separation diff DIR NEW` or `--with FILE:DEVICE`: what a change lets pass, and what it stops.

use std::fs;
use std::io;
use std::path::Path;

use model::lang::Text;
use separation::dialect;
use separation::question::{Change, Options, diff};
use separation::source::{Source, decode};
use serde_json::{Value, json};
use service::network::{CityNetwork, words};

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::NetworkOf;
use crate::commands::place::unreadable;
use crate::commands::{Desk, Outcome};
use crate::show::problem::Shown;

pub(super) fn run(
    of: &NetworkOf,
    new: Option<&Path>,
    with: Option<&str>,
    format: Format,
    desk: Desk,
) -> io::Result<Outcome> {
    let old = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let changed = match (new, with) {
        (Some(dir), _) => {
            let after = NetworkOf {
                dir: dir.to_path_buf(),
                at: of.at,
                model: of.model.clone(),
            };
            match Asked::read(&after) {
                Ok(asked) => asked.network,
                Err(problems) => return desk.refuse(&problems),
            }
        }
        (None, Some(with)) => match replaced(&old, with) {
            Ok(Ok(network)) => network,
            Ok(Err(problems)) => return desk.refuse(&problems),
            Err(why) => return desk.stop(&why),
        },
        (None, None) => return desk.stop(&Text::fixed("変更後を言う", "say what changes")),
    };
    let zones = |network: &CityNetwork| -> Vec<(String, _)> {
        let zones = network.fabric.network.zones.iter();
        zones.map(|zone| (zone.name.clone(), zone.addresses.clone())).collect()
    };
    if zones(&old.network) != zones(&changed) {
        return desk.stop(&Text::fixed(
            "領域が前と後で違うので、比べられない",
            "the zones before and after are not the same, so they cannot be compared",
        ));
    }
    let answer = diff(&old.network.fabric, &changed.fabric, Options::on(old.today));
    let telling = Telling {
        old: &old.network,
        new: &changed,
        desk,
    };
    if format == Format::Json {
        let of = |appears: bool| {
            let changes = answer.changes.iter().filter(|change| change.appears == appears);
            changes.map(|change| telling.json(change)).collect::<Vec<Value>>()
        };
        let unproven = answer.unproven.iter();
        let unproven: Vec<&str> = unproven.map(|zone| telling.zone(Some(*zone)).1).collect();
        desk.json(&json!({ "appears": of(true), "stops": of(false), "unproven": unproven }))?;
    } else {
        let mut out = String::new();
        for change in &answer.changes {
            out.push_str(&telling.text(change));
            out.push('\n');
        }
        for zone in &answer.unproven {
            let zone = old.network.zone_label(*zone);
            let told = Text::new(
                format!("「{zone}」からの通信は、これで全てかどうか分からない(組合せが多い)\n"),
                format!("of flows from `{zone}` nobody can say that these are all changes\n"),
            );
            out.push_str(told.get(desk.lang));
        }
        if answer.changes.is_empty() && answer.unproven.is_empty() {
            out.push_str(Text::fixed("通るものは変わらない\n", "what passes does not change\n").get(desk.lang));
        }
        desk.print(&out)?;
    }
    let same = answer.changes.is_empty() && answer.unproven.is_empty();
    Ok(if same { Outcome::Fine } else { Outcome::Broken })
}

/// The city with a file in the place of a device's configuration: of several, the one of the same file name, else the first.
fn replaced(old: &Asked, with: &str) -> Result<Result<CityNetwork, Vec<service::problem::Problem>>, Text> {
    let (file, device) = with
        .rsplit_once(':')
        .ok_or_else(|| Text::fixed("FILE:DEVICE の形で言う", "say it as FILE:DEVICE"))?;
    let node = old.device(device)?;
    let path = Path::new(file);
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let placed = old.network.fabric.placed(node);
    let names = placed
        .map(|placed| placed.configurations.as_slice())
        .unwrap_or_default();
    let same_name = |name: &&String| Path::new(name.as_str()).file_name() == path.file_name();
    let name = names.iter().find(same_name).or_else(|| names.first());
    let mut sources = (*old.network.sources).clone();
    let known = sources
        .configurations
        .iter_mut()
        .find(|known| Some(&known.name) == name);
    if let Some(known) = known
        && let Some(language) = dialect::named(&known.dialect)
    {
        known.text = language.redact(Source::new(decode(&bytes))).text;
    }
    Ok(old.with(sources))
}

struct Telling<'a> {
    old: &'a CityNetwork,
    new: &'a CityNetwork,
    desk: Desk,
}

impl Telling<'_> {
    /// The network in which the packets of a change pass.
    const fn network(&self, change: &Change) -> &CityNetwork {
        if change.appears { self.new } else { self.old }
    }

    /// Label and name of a zone.
    fn zone(&self, zone: Option<separation::network::ZoneId>) -> (&str, &str) {
        let zone = zone.and_then(|zone| self.new.fabric.network.zone(zone));
        zone.map_or(("?", "?"), |zone| (&zone.label, &zone.name))
    }

    fn text(&self, change: &Change) -> String {
        let network = self.network(change);
        let count = words::grouped(&change.packets.to_string());
        let (from, to) = (self.zone(Some(change.from)).0, self.zone(change.to).0);
        let head = format!("{from} → {to} {}", change.service);
        let packet = change.witness;
        let spoofed = if change.own {
            Text::default()
        } else {
            Text::fixed("(送信元を偽ったもの)", " (with a source that is not the zone's)")
        };
        let message = if change.appears {
            Text::new(
                format!("通るようになる: {head}{}。例 {packet}({count}通り)", spoofed.ja),
                format!(
                    "passes after the change: {head}{}, such as {packet} ({count} packets)",
                    spoofed.en
                ),
            )
        } else {
            Text::new(
                format!("通らなくなる: {head}{}。例 {packet}({count}通り)", spoofed.ja),
                format!(
                    "passes no more: {head}{}, such as {packet} ({count} packets)",
                    spoofed.en
                ),
            )
        };
        let shown = Shown {
            code: None,
            severity: if change.appears {
                miette::Severity::Error
            } else {
                miette::Severity::Warning
            },
            message: message.get(self.desk.lang).to_owned(),
            help: None,
            label: None,
            snippet: change.rule.and_then(|at| rule::snippet(network, at.node, at.line)),
        };
        shown.render(self.desk.paint)
    }

    fn json(&self, change: &Change) -> Value {
        let network = self.network(change);
        json!({
            "from": self.zone(Some(change.from)).1,
            "to": change.to.map(|to| self.zone(Some(to)).1),
            "service": change.service,
            "count": change.packets.to_string(),
            "own_source": change.own,
            "rule": change.rule.map(|at| rule::json(network, at.node, at.line)),
            "witness": rule::packet(&change.witness),
        })
    }
}

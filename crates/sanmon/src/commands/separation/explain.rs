//! `sanmon separation explain DIR …`: the way of one packet, hop by hop, with the line that decides at each.

use std::fmt::Write as _;
use std::io;

use model::lang::{Lang, Text};
use separation::device::{Action, InterfaceId};
use separation::network::ZoneId;
use separation::packet::{Family, Packet, State, flag, number, protocol};
use separation::trace::{Branch, End, Hop, Step, walk};
use serde_json::{Value, json};

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::Explain;
use crate::commands::{Desk, Outcome};

/// The port that a host begins a flow from, where nobody says which: the first that IANA leaves to hosts.
const FIRST_FREE_PORT: u16 = 49_152;

pub(super) fn run(arguments: &Explain, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(&arguments.network) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let (from, packet) = match question(arguments, &asked) {
        Ok(question) => question,
        Err(why) => return desk.stop(&why),
    };
    let walk = walk(&asked.network.fabric, from, packet, &|first, _| first);
    let telling = Telling {
        asked: &asked,
        lang: desk.lang,
    };
    if arguments.format == Format::Json {
        let branches: Vec<Value> = walk.branches.iter().map(|branch| telling.json(branch)).collect();
        desk.json(&json!({ "packet": rule::packet(&packet), "complete": walk.complete, "branches": branches }))?;
    } else {
        let mut out = format!("{packet}\n");
        if walk.branches.is_empty() {
            let nowhere = Text::fixed("この領域につながる機器がない\n", "no device stands on this zone\n");
            out.push_str(nowhere.get(desk.lang));
        }
        for branch in &walk.branches {
            out.push('\n');
            out.push_str(&telling.text(branch));
        }
        if !walk.complete {
            let more = Text::fixed(
                "\n途中で分かれる道が多く、全ては示していない\n",
                "\nthere are more ways than are shown\n",
            );
            out.push_str(more.get(desk.lang));
        }
        desk.print(&out)?;
    }
    let arrives = |branch: &Branch| matches!(branch.end, End::Arrives(_) | End::Unknown);
    let may_arrive = !walk.complete || walk.branches.iter().any(arrives);
    Ok(if may_arrive { Outcome::Broken } else { Outcome::Fine })
}

/// The zone that sends, and the packet.
fn question(arguments: &Explain, asked: &Asked) -> Result<(ZoneId, Packet), Text> {
    let network = &asked.network.fabric.network;
    let (family, source) = number(arguments.source);
    let (other, destination) = number(arguments.destination);
    if family != other {
        return Err(Text::fixed(
            "送信元と宛先は、どちらもIPv4か、どちらもIPv6にする",
            "source and destination are both IPv4 or both IPv6",
        ));
    }
    let from = match &arguments.from {
        Some(name) => network.zone_named(name).ok_or_else(|| {
            let known: Vec<&str> = network.zones.iter().map(|zone| zone.name.as_str()).collect();
            Text::new(
                format!("領域「{name}」はない(あるもの: {})", known.join("、")),
                format!("there is no zone `{name}` (known: {})", known.join(", ")),
            )
        })?,
        None => {
            let mut zones = network.zones();
            let found = zones.find(|(_, zone)| zone.addresses.contains(arguments.source));
            found.map(|(id, _)| id).ok_or_else(|| {
                Text::fixed(
                    "送信元のアドレスはどの領域にもない。送り出す領域を --from で言う",
                    "no zone has the source; say with --from which zone sends it",
                )
            })?
        }
    };
    let protocol = protocol_of(&arguments.protocol, family)?;
    let is_icmp = protocol == family.icmp();
    let echo = if family == Family::V4 { 8 } else { 128 };
    let has_ports = protocol::WITH_PORTS.contains(&protocol);
    if !has_ports && !is_icmp && (arguments.port.is_some() || arguments.source_port.is_some()) {
        return Err(Text::fixed(
            "このプロトコルにポートはない",
            "this protocol has no ports",
        ));
    }
    if has_ports && arguments.port.is_none() {
        return Err(Text::fixed(
            "宛先のポートを --port で言う",
            "say the destination port with --port",
        ));
    }
    let (source_port, destination_port) = match (has_ports, is_icmp) {
        (true, _) => (
            arguments.source_port.unwrap_or(FIRST_FREE_PORT),
            arguments.port.unwrap_or_default(),
        ),
        (false, true) => (
            arguments.source_port.unwrap_or(echo),
            arguments.port.unwrap_or_default(),
        ),
        (false, false) => (0, 0),
    };
    if is_icmp && (source_port > 255 || destination_port > 255) {
        return Err(Text::fixed(
            "ICMPのタイプとコードは255まで",
            "type and code of ICMP are 255 at most",
        ));
    }
    let packet = Packet {
        family,
        source,
        destination,
        protocol,
        source_port,
        destination_port,
        state: State::New,
        flags: if protocol == protocol::TCP { flag::SYN } else { 0 },
    };
    Ok((from, packet))
}

fn protocol_of(word: &str, family: Family) -> Result<u8, Text> {
    match word.to_ascii_lowercase().as_str() {
        "tcp" => Ok(protocol::TCP),
        "udp" => Ok(protocol::UDP),
        "icmp" => Ok(family.icmp()),
        other => other.parse().map_err(|_| {
            Text::new(
                format!("プロトコル「{word}」は分からない(tcp、udp、icmp か番号)"),
                format!("unknown protocol `{word}` (tcp, udp, icmp or a number)"),
            )
        }),
    }
}

struct Telling<'a> {
    asked: &'a Asked,
    lang: Lang,
}

impl Telling<'_> {
    fn text(&self, branch: &Branch) -> String {
        let mut out = String::new();
        for hop in &branch.hops {
            let (device, ingress, egress) = self.names(hop);
            let egress = egress.unwrap_or("?");
            let _ = writeln!(out, "{device}  {ingress} → {egress}");
            for step in &hop.steps {
                let _ = writeln!(out, "   {}", self.step(hop, step).get(self.lang));
            }
        }
        for supposed in &branch.supposes {
            let supposes = Text::new(format!("前提: {}", supposed.ja), format!("supposing: {}", supposed.en));
            let _ = writeln!(out, "   {}", supposes.get(self.lang));
        }
        let _ = writeln!(out, "=> {}", self.end(branch.end).get(self.lang));
        out
    }

    fn names(&self, hop: &Hop) -> (&str, &str, Option<&str>) {
        let fabric = &self.asked.network.fabric;
        let device = fabric.placed(hop.node).map_or("", |placed| placed.name.as_str());
        let interface = |id: InterfaceId| {
            let interface = fabric.node(hop.node)?.device.interfaces.get(usize::from(id.0))?;
            Some(interface.name.as_str())
        };
        (
            device,
            interface(hop.ingress).unwrap_or(""),
            hop.egress.and_then(interface),
        )
    }

    fn step(&self, hop: &Hop, step: &Step) -> Text {
        let at = |line| rule::text(&self.asked.network, hop.node, line);
        match step {
            Step::Rule { rule, action, line, .. } => {
                let (ja, en) = match action {
                    Action::Permit => ("通す", "permit"),
                    _ => ("止める", "deny"),
                };
                let (ja_rest, en_rest) = match rule {
                    Some(_) => ("", ""),
                    None => ("(どの行にも合わないとき)", " (where no rule matches)"),
                };
                Text::new(
                    format!("{ja}{ja_rest}  {}", at(*line)),
                    format!("{en}{en_rest}  {}", at(*line)),
                )
            }
            Step::Translated { line, packet } => Text::new(
                format!("変換して {packet}  {}", at(*line)),
                format!("translated into {packet}  {}", at(*line)),
            ),
            Step::Routed { line: Some(line) } => {
                Text::new(format!("経路  {}", at(*line)), format!("route  {}", at(*line)))
            }
            Step::Routed { line: None } => {
                Text::fixed("経路  機器のつながる網", "route  a network that the device is on")
            }
        }
    }

    fn end(&self, end: End) -> Text {
        match end {
            End::Arrives(zone) => {
                let zone = self.asked.network.zone_label(zone);
                Text::new(format!("「{zone}」に届く"), format!("arrives in `{zone}`"))
            }
            End::Denied => Text::fixed("止められる", "kept out"),
            End::NoRoute => Text::fixed("経路がない", "no route"),
            End::ForDevice => Text::fixed("機器そのものが受け取る", "for the device itself"),
            End::Unknown => Text::fixed(
                "ネットワークの記述にない先へ出る",
                "leaves to where nobody says what is there",
            ),
            End::Loop => Text::fixed("同じところを回る", "goes round in a circle"),
        }
    }

    fn json(&self, branch: &Branch) -> Value {
        let hops = branch.hops.iter().map(|hop| {
            let (device, ingress, egress) = self.names(hop);
            let steps: Vec<Value> = hop.steps.iter().map(|step| self.step_json(hop, step)).collect();
            json!({
                "device": device,
                "in": ingress,
                "out": egress,
                "came": rule::packet(&hop.came),
                "left": rule::packet(&hop.left),
                "steps": steps,
            })
        });
        let hops: Vec<Value> = hops.collect();
        let supposes: Vec<&str> = branch.supposes.iter().map(|text| text.get(self.lang)).collect();
        let (end, zone) = match branch.end {
            End::Arrives(zone) => ("arrives", self.asked.network.fabric.network.zone(zone)),
            End::Denied => ("denied", None),
            End::NoRoute => ("no_route", None),
            End::ForDevice => ("for_device", None),
            End::Unknown => ("unknown", None),
            End::Loop => ("loop", None),
        };
        json!({ "hops": hops, "end": end, "zone": zone.map(|zone| &zone.name), "supposes": supposes })
    }

    fn step_json(&self, hop: &Hop, step: &Step) -> Value {
        let at = |line| rule::json(&self.asked.network, hop.node, line);
        match step {
            Step::Rule { action, line, .. } => {
                let word = if *action == Action::Permit { "permit" } else { "deny" };
                json!({ "step": word, "rule": at(*line) })
            }
            Step::Translated { line, packet } => {
                json!({ "step": "translate", "rule": at(*line), "packet": rule::packet(packet) })
            }
            Step::Routed { line } => json!({ "step": "route", "rule": line.map(at) }),
        }
    }
}

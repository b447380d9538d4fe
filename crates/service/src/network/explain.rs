//! Why one packet passes or does not: what somebody asks becomes a packet, and what the walk of it says becomes words.

use std::net::IpAddr;

use model::lang::Text;
use policy::judge::FileLine;
use separation::device::{Action, InterfaceId, Line};
use separation::network::ZoneId;
use separation::packet::{Family, Packet, State, flag, number, protocol};
use separation::trace::{End, Hop, Step};

use super::CityNetwork;

/// The port that a host begins a flow from, where nobody says which: the first that IANA leaves to hosts.
const FIRST_FREE_PORT: u16 = 49_152;

/// A packet that somebody asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacketAsked<'a> {
    /// The zone that sends it, by its name in `network.toml`; by default the one that has its source.
    pub from: Option<&'a str>,
    /// Its source.
    pub source: IpAddr,
    /// Its destination.
    pub destination: IpAddr,
    /// `tcp`, `udp`, `icmp`, or a number.
    pub protocol: &'a str,
    /// The destination port; of ICMP the code.
    pub port: Option<u16>,
    /// The source port; of ICMP the type.
    pub source_port: Option<u16>,
}

/// What of a question does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The zone that sends.
    From,
    /// The destination.
    Destination,
    /// The protocol.
    Protocol,
    /// The destination port.
    Port,
}

impl Part {
    /// The name of its field in forms and of its option at the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Destination => "destination",
            Self::Protocol => "protocol",
            Self::Port => "port",
        }
    }
}

/// What happened at a device, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// 通す
    pub words: Text,
    /// Where it is written.
    pub at: Option<Line>,
}

impl CityNetwork {
    /// The zone that sends, and the packet.
    ///
    /// # Errors
    /// What of the question does not fit, and why.
    pub fn packet(&self, asked: &PacketAsked<'_>) -> Result<(ZoneId, Packet), (Part, Text)> {
        let (family, source) = number(asked.source);
        let (other, destination) = number(asked.destination);
        if family != other {
            let (ja, en) = (
                "送信元と宛先は、どちらもIPv4か、どちらもIPv6にする",
                "source and destination are both IPv4 or both IPv6",
            );
            return Err((Part::Destination, Text::fixed(ja, en)));
        }
        let from = self.sender(asked)?;
        let protocol = protocol_of(asked.protocol, family).map_err(|why| (Part::Protocol, why))?;
        let (source_port, destination_port) = ports(asked, family, protocol).map_err(|why| (Part::Port, why))?;
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

    fn sender(&self, asked: &PacketAsked<'_>) -> Result<ZoneId, (Part, Text)> {
        let network = &self.fabric.network;
        let Some(name) = asked.from else {
            let mut zones = network.zones();
            let found = zones.find(|(_, zone)| zone.addresses.contains(asked.source));
            return found.map(|(id, _)| id).ok_or_else(|| {
                let (ja, en) = (
                    "送信元のアドレスはどの領域にもない。送り出す領域を選ぶ",
                    "no zone has the source; say which zone sends it",
                );
                (Part::From, Text::fixed(ja, en))
            });
        };
        network.zone_named(name).ok_or_else(|| {
            let known: Vec<&str> = network.zones.iter().map(|zone| zone.name.as_str()).collect();
            let text = Text::new(
                format!("領域「{name}」はない(あるもの: {})", known.join("、")),
                format!("there is no zone `{name}` (known: {})", known.join(", ")),
            );
            (Part::From, text)
        })
    }

    /// The names of a hop: the device, the interface that the packet came in by, and the one that it goes out by, once that is known.
    #[must_use]
    pub fn hop(&self, hop: &Hop) -> (&str, &str, Option<&str>) {
        let device = self.fabric.placed(hop.node).map_or("", |placed| placed.name.as_str());
        let interface = |id: InterfaceId| {
            let interface = self.fabric.node(hop.node)?.device.interfaces.get(usize::from(id.0))?;
            Some(interface.name.as_str())
        };
        (
            device,
            interface(hop.ingress).unwrap_or(""),
            hop.egress.and_then(interface),
        )
    }

    /// How a way ends, in words.
    #[must_use]
    pub fn end(&self, end: End) -> Text {
        match end {
            End::Arrives(zone) => {
                let zone = self.zone_label(zone);
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

    /// A line of a device as text: `network/configs/core.txt:12: ip filter …`.
    #[must_use]
    pub fn line_text(&self, node: separation::fabric::NodeId, line: Line) -> String {
        let found = self.line(node, line);
        found.map_or_else(
            || line.number.to_string(),
            |FileLine { file, line, text, .. }| format!("{file}:{line}: {text}"),
        )
    }
}

/// What happened at a step, in words.
#[must_use]
pub fn step(step: &Step) -> Told {
    match step {
        Step::Rule { rule, action, line, .. } => {
            let words = match (action, rule) {
                (Action::Permit, Some(_)) => Text::fixed("通す", "permit"),
                (Action::Permit, None) => Text::fixed("通す(どの行にも合わないとき)", "permit (where no rule matches)"),
                (_, Some(_)) => Text::fixed("止める", "deny"),
                (_, None) => Text::fixed("止める(どの行にも合わないとき)", "deny (where no rule matches)"),
            };
            Told { words, at: Some(*line) }
        }
        Step::Translated { line, packet } => Told {
            words: Text::new(format!("変換して {packet}"), format!("translated into {packet}")),
            at: Some(*line),
        },
        Step::Routed { line: Some(line) } => Told {
            words: Text::fixed("経路", "route"),
            at: Some(*line),
        },
        Step::Routed { line: None } => Told {
            words: Text::fixed("経路  機器のつながる網", "route  a network that the device is on"),
            at: None,
        },
    }
}

fn ports(asked: &PacketAsked<'_>, family: Family, protocol: u8) -> Result<(u16, u16), Text> {
    let echo = if family == Family::V4 { 8 } else { 128 };
    let (source, destination) = (asked.source_port, asked.port);
    if protocol::WITH_PORTS.contains(&protocol) {
        let missing = || Text::fixed("宛先のポートを入力する", "say the destination port");
        return Ok((source.unwrap_or(FIRST_FREE_PORT), destination.ok_or_else(missing)?));
    }
    if protocol == family.icmp() {
        let (kind, code) = (source.unwrap_or(echo), destination.unwrap_or_default());
        if kind > 255 || code > 255 {
            return Err(Text::fixed(
                "ICMPのタイプとコードは255まで",
                "type and code of ICMP are 255 at most",
            ));
        }
        return Ok((kind, code));
    }
    if source.is_some() || destination.is_some() {
        return Err(Text::fixed(
            "このプロトコルにポートはない",
            "this protocol has no ports",
        ));
    }
    Ok((0, 0))
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

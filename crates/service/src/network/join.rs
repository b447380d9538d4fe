//! What the network says, held against what the registers say.
//!
//! Zones are joined by the number that `network.toml` gives them (`register`). One number may have several zones there: 庁外 of the
//! register is the LGWAN, the security cloud and the Internet of the network. A permitted path leads to the one of them that has its
//! addresses.
//!
//! Where the city keeps a register of permitted paths, it alone says what is permitted. A path of the same number in `network.toml` must
//! agree with it, and gives what the register has no words for: the addresses of a host that it knows by name, the number of a protocol
//! that it calls その他.

use model::lang::Text;
use model::scheme::{SchemeKind, Schemes};
use separation::device::{Addresses, Service};
use separation::network::written;
use separation::network::{Network, PermittedPath, Tier, Zone, ZoneId};

use super::registers::{Registers, Row};
use super::{Gap, GapPlace};
use ::registers as kept;
use kept::permitted_path::{Protocol, Status};

/// Gives the network the permitted paths of the register, and says where the two do not agree.
pub(super) fn join(network: &mut Network, registers: &Registers, schemes: &Schemes) -> Vec<Gap> {
    let mut gaps = registers.unreadable.clone();
    if let Some(zones) = &registers.zones {
        self::zones(network, zones, schemes, &mut gaps);
    }
    if let Some(segments) = &registers.segments {
        segments.iter().for_each(|row| gaps.extend(segment(network, row)));
    }
    if let Some(rows) = &registers.permitted {
        let described = std::mem::take(&mut network.permitted);
        for row in rows.iter().filter(|row| matches!(row.read.status, Status::Active)) {
            let own = described.iter().find(|path| path.id == row.key);
            match permitted(network, row, own) {
                Ok((path, gap)) => {
                    network.permitted.push(path);
                    gaps.extend(gap);
                }
                Err(gap) => gaps.push(gap),
            }
        }
        let active = |path: &&PermittedPath| {
            let row = rows.iter().find(|row| row.key == path.id);
            row.is_some_and(|row| matches!(row.read.status, Status::Active))
        };
        gaps.extend(described.iter().filter(|path| !active(path)).map(unregistered));
    }
    gaps
}

fn zones(network: &Network, rows: &[Row<kept::Zone>], schemes: &Schemes, gaps: &mut Vec<Gap>) {
    for zone in &network.zones {
        let Some(number) = &zone.register else { continue };
        match rows.iter().find(|row| row.key == *number) {
            None => gaps.push(Gap {
                between: None,
                message: Text::new(
                    format!("領域「{}」の番号「{number}」は、台帳「領域」にない", zone.name),
                    format!(
                        "zone `{}` is `{number}`, which the register of zones does not have",
                        zone.name
                    ),
                ),
                help: Text::fixed(
                    "network.toml の register か、台帳「領域」の番号を直す",
                    "correct `register` of network.toml, or the number in the register",
                ),
                at: GapPlace::Network(zone.span),
            }),
            Some(row) => {
                let code = schemes.code(SchemeKind::Tier, &row.read.tier);
                if code != Some(national(zone.tier)) {
                    gaps.push(another_tier(zone, row));
                }
            }
        }
    }
    for row in rows {
        if of_number(network, &row.key).is_empty() {
            gaps.push(Gap {
                between: None,
                message: Text::new(
                    format!("台帳の領域「{} ({})」が、network.toml にない", row.read.name, row.key),
                    format!(
                        "zone `{} ({})` of the register is not in network.toml",
                        row.read.name, row.key
                    ),
                ),
                help: Text::new(
                    format!("network.toml の [[zone]] に register = \"{}\" を書く", row.key),
                    format!("write register = \"{}\" at a [[zone]] of network.toml", row.key),
                ),
                at: row.at("code"),
            });
        }
    }
}

/// The register's word for a tier: what lies outside the three is その他.
const fn national(tier: Tier) -> &'static str {
    match tier {
        Tier::MyNumber => "mynumber",
        Tier::Lgwan => "lgwan",
        Tier::Internet => "internet",
        Tier::SecurityCloud | Tier::LgwanNetwork | Tier::Outside | Tier::Other => "other",
    }
}

fn another_tier(zone: &Zone, row: &Row<kept::Zone>) -> Gap {
    let (name, own, written) = (&zone.name, zone.tier.word(), &row.read.tier);
    Gap {
        between: None,
        message: Text::new(
            format!("領域「{name}」は network.toml で {own}、台帳では「{written}」"),
            format!("zone `{name}` is {own} in network.toml and `{written}` in the register"),
        ),
        help: Text::fixed(
            "network.toml の tier か、台帳「領域」の「層」を直す",
            "correct `tier` of network.toml, or the tier in the register",
        ),
        at: row.at("tier"),
    }
}

/// The zones of the network that have this number of the register.
fn of_number(network: &Network, number: &str) -> Vec<ZoneId> {
    let zones = network.zones();
    zones
        .filter(|(_, zone)| zone.register.as_deref() == Some(number))
        .map(|(id, _)| id)
        .collect()
}

fn addresses_of(network: &Network, zones: &[ZoneId]) -> Addresses {
    let zones = zones.iter().filter_map(|zone| network.zone(*zone));
    zones.fold(Addresses::none(), |all, zone| all.union(&zone.addresses))
}

fn segment(network: &Network, row: &Row<kept::Segment>) -> Option<Gap> {
    let gap = |message, help| {
        Some(Gap {
            between: None,
            message,
            help,
            at: row.at("prefix"),
        })
    };
    let correct = Text::fixed(
        "台帳「ネットワークセグメント」の「アドレス範囲」か、network.toml の prefixes を直す",
        "correct the prefix in the register, or `prefixes` of network.toml",
    );
    let prefix = match addresses(&row.read.prefix) {
        Ok(prefix) => prefix,
        Err(message) => return gap(message, correct),
    };
    let zone = row.read.zone.code();
    let zones = of_number(network, zone);
    // A zone that the network does not have is told once, not for each of its segments.
    if zones.is_empty() || prefix.minus(&addresses_of(network, &zones)).is_empty() {
        return None;
    }
    let (key, written) = (&row.key, &row.read.prefix);
    gap(
        Text::new(
            format!("セグメント「{key}」({written})は、network.toml の領域「{zone}」のアドレスにない"),
            format!("segment `{key}` ({written}) is not among the addresses of zone `{zone}` in network.toml"),
        ),
        correct,
    )
}

/// A permitted path of the register as the engine knows it, and what keeps its zones from being proved although it is one.
fn permitted(
    network: &Network,
    row: &Row<kept::PermittedPath>,
    own: Option<&PermittedPath>,
) -> Result<(PermittedPath, Option<Gap>), Gap> {
    let read = &row.read;
    let (from, to) = (
        of_number(network, read.from_zone.code()),
        of_number(network, read.to_zone.code()),
    );
    let between = (!from.is_empty() && !to.is_empty()).then(|| (from.clone(), to.clone()));
    let gap = |field: &str, message: Text, help: Text| Gap {
        between: between.clone(),
        message,
        help,
        at: row.at(field),
    };
    let known = |field: &str, zones: &[ZoneId], number: &str| {
        if zones.is_empty() {
            let (ja, en) = (
                format!("特定通信「{}」の領域「{number}」が、network.toml にない", row.key),
                format!("zone `{number}` of permitted path `{}` is not in network.toml", row.key),
            );
            let help = Text::fixed("network.toml に領域を書く", "write the zone into network.toml");
            return Err(gap(field, Text::new(ja, en), help));
        }
        Ok(())
    };
    known("from_zone", &from, read.from_zone.code())?;
    known("to_zone", &to, read.to_zone.code())?;

    let host = |field: &str, written: &str, own: Option<&Addresses>| match (addresses(written), own) {
        (Ok(addresses), _) => Ok(addresses),
        (Err(_), Some(own)) if !own.is_empty() => Ok(own.clone()),
        (Err(message), _) => Err(gap(field, message, by_name(&row.key))),
    };
    let source = host("source", &read.source, own.map(|own| &own.source))?;
    let destination = host("destination", &read.destination, own.map(|own| &own.destination))?;
    let services = services(read, own.map(|own| own.services.as_slice()))
        .map_err(|(field, message)| gap(field, message, by_name(&row.key)))?;
    let from = one_of(network, &from, &source).map_err(|message| gap("source", message, narrow()))?;
    let to = one_of(network, &to, &destination).map_err(|message| gap("destination", message, narrow()))?;
    if from == to {
        let message = Text::new(
            format!("特定通信「{}」の送信元と宛先が、同じ領域にある", row.key),
            format!("both ends of permitted path `{}` are in one zone", row.key),
        );
        return Err(gap("to_zone", message, narrow()));
    }
    let path = PermittedPath {
        id: row.key.clone(),
        from,
        to,
        source,
        destination,
        services,
        mac: read.mac.clone(),
        reason: read.reason.clone().unwrap_or_default(),
        approver: read
            .approved_by
            .as_ref()
            .map_or_else(String::new, |person| person.code().to_owned()),
        expires: read.expires_on,
        span: own.and_then(|own| own.span),
    };
    let disagreement = own.and_then(|own| disagreement(&path, own)).map(|fields| {
        let message = Text::new(
            format!("特定通信「{}」の{}が、network.toml と台帳で違う", path.id, fields.ja),
            format!(
                "{} of permitted path `{}` differ between network.toml and the register",
                fields.en, path.id
            ),
        );
        let help = Text::fixed(
            "台帳が正しければ network.toml の [[permitted]] を消し、違えば台帳を直す",
            "drop the [[permitted]] of network.toml if the register is right, else correct the register",
        );
        gap("code", message, help)
    });
    Ok((path, disagreement))
}

fn by_name(id: &str) -> Text {
    Text::new(
        format!("アドレスとプロトコル番号を台帳に書くか、network.toml に [[permitted]] id = \"{id}\" として書く"),
        format!("write addresses and a protocol number, here or in network.toml as [[permitted]] id = \"{id}\""),
    )
}

const fn narrow() -> Text {
    Text::fixed(
        "台帳の領域とアドレスを確かめ、領域ごとに一行ずつ書く",
        "check zones and addresses of the row; write one row for each zone",
    )
}

/// The one of these zones that has all the addresses.
fn one_of(network: &Network, zones: &[ZoneId], addresses: &Addresses) -> Result<ZoneId, Text> {
    let has = |zone: &&ZoneId| {
        let zone = network.zone(**zone);
        zone.is_some_and(|zone| addresses.minus(&zone.addresses).is_empty())
    };
    zones.iter().find(has).copied().ok_or_else(|| {
        if addresses.minus(&addresses_of(network, zones)).is_empty() {
            Text::fixed(
                "このアドレスは、network.toml のいくつもの領域にまたがる",
                "these addresses lie in several zones of network.toml",
            )
        } else {
            Text::fixed(
                "このアドレスは、network.toml のその領域にない",
                "these addresses are not in that zone of network.toml",
            )
        }
    })
}

/// The addresses of a cell: one, or several with white space, commas or lines between them.
fn addresses(written: &str) -> Result<Addresses, Text> {
    let mut all = Addresses::none();
    for one in parts(written) {
        all = all.union(&written::addresses(one)?);
    }
    if all.is_empty() {
        return written::addresses(written);
    }
    Ok(all)
}

fn parts(written: &str) -> impl Iterator<Item = &str> {
    let parts = written.split(|c: char| c.is_whitespace() || ",、,;".contains(c));
    parts.filter(|part| !part.is_empty())
}

/// What a row carries; where it cannot say it, what `network.toml` says.
fn services(read: &kept::PermittedPath, own: Option<&[Service]>) -> Result<Vec<Service>, (&'static str, Text)> {
    let ports: Vec<&str> = read
        .port
        .as_deref()
        .map(|port| parts(port).collect())
        .unwrap_or_default();
    let word = match read.protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Icmp => "icmp",
        Protocol::Other => {
            return own.map(<[Service]>::to_vec).ok_or_else(|| {
                let message = Text::fixed(
                    "プロトコルが「その他」で、番号が分からない",
                    "the protocol is `other`, and its number is not known",
                );
                ("protocol", message)
            });
        }
    };
    written::services(word, &ports).map_err(|message| ("port", message))
}

/// In what a path of the register and one of `network.toml` differ.
fn disagreement(registered: &PermittedPath, own: &PermittedPath) -> Option<Text> {
    let card = |mac: &Option<String>| mac.as_ref().map(|mac| mac.to_ascii_lowercase().replace('-', ":"));
    let differ = [
        (registered.from != own.from, "送信元の領域", "the zone of the source"),
        (registered.to != own.to, "宛先の領域", "the zone of the destination"),
        (registered.source != own.source, "送信元", "the source"),
        (registered.destination != own.destination, "宛先", "the destination"),
        (
            registered.services != own.services,
            "プロトコルとポート",
            "protocol and ports",
        ),
        (
            own.mac.is_some() && card(&registered.mac) != card(&own.mac),
            "MACアドレス",
            "the MAC address",
        ),
        (
            own.expires.is_some() && registered.expires != own.expires,
            "期限",
            "the last day",
        ),
    ];
    let (ja, en): (Vec<&str>, Vec<&str>) = differ
        .iter()
        .filter(|(differs, ..)| *differs)
        .map(|(_, ja, en)| (*ja, *en))
        .unzip();
    (!ja.is_empty()).then(|| Text::new(ja.join("、"), en.join(", ")))
}

fn unregistered(path: &PermittedPath) -> Gap {
    Gap {
        between: Some((vec![path.from], vec![path.to])),
        message: Text::new(
            format!(
                "特定通信「{}」は network.toml にあるが、台帳「特定通信」に有効なものとしてない",
                path.id
            ),
            format!(
                "permitted path `{}` of network.toml is not in force in the register",
                path.id
            ),
        ),
        help: Text::fixed(
            "承認を受けて台帳に登録するか、network.toml から消す",
            "have it approved and registered, or drop it from network.toml",
        ),
        at: path
            .span
            .map_or(GapPlace::Network(model::diagnostic::Span::new(0, 0)), GapPlace::Network),
    }
}

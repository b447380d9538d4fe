//! `network.toml` → [`Network`], with every problem at its place.

use std::collections::BTreeMap;
use std::ops::Range;

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use serde::Deserialize;
use toml::Spanned;

use super::written::{addresses, services};
use super::{Gateway, GatewayKind, Joined, Link, LinkId, Network, PermittedPath, Place, Placed, Tier, Zone, ZoneId};
use crate::device::Addresses;
use crate::dialect;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "zone")]
    zones: Vec<ZoneRow>,
    #[serde(default, rename = "link")]
    links: Vec<LinkRow>,
    #[serde(default, rename = "device")]
    devices: Vec<DeviceRow>,
    #[serde(default, rename = "gateway")]
    gateways: Vec<GatewayRow>,
    #[serde(default, rename = "permitted")]
    permitted: Vec<PermittedRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneRow {
    name: Spanned<String>,
    tier: Tier,
    label: Option<String>,
    register: Option<String>,
    #[serde(default)]
    prefixes: Vec<Spanned<String>>,
    #[serde(default)]
    rest: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRow {
    name: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceRow {
    name: Spanned<String>,
    label: Option<String>,
    configurations: Vec<Spanned<String>>,
    dialect: Option<Spanned<String>>,
    interfaces: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GatewayRow {
    name: Spanned<String>,
    kind: GatewayKind,
    hosts: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermittedRow {
    id: Spanned<String>,
    from: Spanned<String>,
    to: Spanned<String>,
    source: Vec<Spanned<String>>,
    destination: Vec<Spanned<String>>,
    protocol: Spanned<String>,
    #[serde(default)]
    ports: Vec<String>,
    mac: Option<String>,
    reason: String,
    approver: String,
    expires: Option<Spanned<String>>,
}

impl Network {
    /// Reads `network.toml`.
    ///
    /// # Errors
    /// Every name that leads nowhere or is given twice, every address that cannot be read or that two zones share, with their places.
    pub fn read(source: &str) -> Result<Self, Vec<Diagnostic>> {
        let file: File = toml::from_str(source).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = Text::new(format!("network.toml を読めない: {}", error.message()), error.message());
            vec![problem(span, message)]
        })?;
        let mut reader = Reader::default();
        reader.zones(file.zones);
        reader.links(file.links);
        reader.devices(file.devices);
        reader.gateways(file.gateways);
        reader.permitted(file.permitted);
        if reader.problems.is_empty() {
            Ok(reader.network)
        } else {
            Err(reader.problems)
        }
    }
}

fn problem(span: Range<usize>, message: Text) -> Diagnostic {
    Diagnostic::error("network", message).at(Span::new(span.start, span.end))
}

fn place(span: &Range<usize>) -> Span {
    Span::new(span.start, span.end)
}

#[derive(Default)]
struct Reader {
    network: Network,
    problems: Vec<Diagnostic>,
    places: BTreeMap<String, Place>,
}

impl Reader {
    fn refuse(&mut self, span: Range<usize>, ja: impl Into<String>, en: impl Into<String>) {
        self.problems.push(problem(span, Text::new(ja, en)));
    }

    fn zones(&mut self, rows: Vec<ZoneRow>) {
        let mut rest = Vec::new();
        let mut taken = Addresses::none();
        for (id, row) in (0..).map(ZoneId).zip(rows) {
            let span = row.name.span();
            let name = row.name.into_inner();
            self.name(&name, span.clone(), Place::Zone(id));
            if row.rest != row.prefixes.is_empty() {
                self.refuse(
                    span.clone(),
                    format!("領域「{name}」には prefixes か rest = true の一方を書く"),
                    format!("zone `{name}` has either `prefixes` or `rest = true`"),
                );
            }
            if row.rest {
                rest.push((id, span.clone()));
            }
            let held = self.prefixes(&row.prefixes, &taken, &name);
            taken = taken.union(&held);
            self.network.zones.push(Zone {
                label: row.label.unwrap_or_else(|| name.clone()),
                name,
                tier: row.tier,
                register: row.register,
                addresses: held,
                span: place(&span),
            });
        }
        if let Some((_, span)) = rest.get(1) {
            self.refuse(
                span.clone(),
                "rest = true を書ける領域は一つだけ",
                "only one zone has `rest = true`",
            );
        }
        if let Some((id, _)) = rest.first()
            && let Some(zone) = self.network.zones.get_mut(usize::from(id.0))
        {
            zone.addresses = taken.complement();
        }
    }

    fn prefixes(&mut self, written: &[Spanned<String>], taken: &Addresses, zone: &str) -> Addresses {
        let mut held = Addresses::none();
        for prefix in written {
            let found = self.addresses(prefix);
            if !found.intersect(&taken.union(&held)).is_empty() {
                let prefix_text = prefix.get_ref();
                self.refuse(
                    prefix.span(),
                    format!("「{prefix_text}」は、すでに書いた範囲と重なる(領域「{zone}」)。一つのアドレスは一つの領域に置く"),
                    format!("`{prefix_text}` of zone `{zone}` overlaps a range above; an address lives in one zone"),
                );
            }
            held = held.union(&found);
        }
        held
    }

    fn links(&mut self, rows: Vec<LinkRow>) {
        for (id, row) in (0..).map(LinkId).zip(rows) {
            let span = row.name.span();
            let name = row.name.into_inner();
            self.name(&name, span.clone(), Place::Link(id));
            self.network.links.push(Link {
                name,
                span: place(&span),
            });
        }
    }

    fn name(&mut self, name: &str, span: Range<usize>, at: Place) {
        if self.places.insert(name.to_owned(), at).is_some() {
            self.refuse(
                span,
                format!("「{name}」という名の領域かリンクが二つある"),
                format!("two zones or links are called `{name}`"),
            );
        }
    }

    fn devices(&mut self, rows: Vec<DeviceRow>) {
        for row in rows {
            let span = row.name.span();
            let name = row.name.into_inner();
            if self.network.devices.iter().any(|device| device.name == name) {
                self.refuse(
                    span.clone(),
                    format!("「{name}」という名の機器が二つある"),
                    format!("two devices are called `{name}`"),
                );
            }
            if row.configurations.is_empty() || row.interfaces.is_empty() {
                self.refuse(
                    span.clone(),
                    format!("機器「{name}」には configurations と interfaces を書く"),
                    format!("device `{name}` needs `configurations` and `interfaces`"),
                );
            }
            for file in &row.configurations {
                self.stays_inside(file);
            }
            if let Some(word) = row.dialect.as_ref()
                && dialect::named(word.get_ref()).is_none()
            {
                let known: Vec<_> = dialect::DIALECTS.iter().map(|dialect| dialect.name()).collect();
                self.refuse(
                    word.span(),
                    format!(
                        "設定の書式「{}」はない(使えるもの: {})",
                        word.get_ref(),
                        known.join("、")
                    ),
                    format!("unknown dialect `{}` (known: {})", word.get_ref(), known.join(", ")),
                );
            }
            let interfaces = row.interfaces.into_iter();
            let interfaces = interfaces.filter_map(|(name, to)| self.joined(name, &to)).collect();
            self.network.devices.push(Placed {
                label: row.label.unwrap_or_else(|| name.clone()),
                name,
                configurations: row.configurations.into_iter().map(Spanned::into_inner).collect(),
                dialect: row.dialect.map(Spanned::into_inner),
                interfaces,
                span: place(&span),
            });
        }
    }

    /// Refuses a file outside the folder of `network.toml`.
    fn stays_inside(&mut self, file: &Spanned<String>) {
        let written = file.get_ref();
        let leaves = written.contains('\\') || written.split('/').any(|part| part.is_empty() || part == "..");
        if leaves || written.contains(':') {
            self.refuse(
                file.span(),
                format!("「{written}」は network.toml のあるフォルダの中のファイルを指さない"),
                format!("`{written}` does not name a file inside the folder of network.toml"),
            );
        }
    }

    fn joined(&mut self, interface: Spanned<String>, to: &Spanned<String>) -> Option<Joined> {
        let Some(place_of) = self.places.get(to.get_ref()).copied() else {
            self.refuse(
                to.span(),
                format!("「{}」という名の領域もリンクもない", to.get_ref()),
                format!("no zone or link is called `{}`", to.get_ref()),
            );
            return None;
        };
        Some(Joined {
            to: place_of,
            span: place(&interface.span()),
            interface: interface.into_inner(),
        })
    }

    fn gateways(&mut self, rows: Vec<GatewayRow>) {
        for row in rows {
            let hosts = self.all_addresses(&row.hosts);
            self.network.gateways.push(Gateway {
                span: place(&row.name.span()),
                name: row.name.into_inner(),
                kind: row.kind,
                hosts,
            });
        }
    }

    fn permitted(&mut self, rows: Vec<PermittedRow>) {
        for row in rows {
            let (from, to) = (self.zone(&row.from), self.zone(&row.to));
            let (source, destination) = (self.all_addresses(&row.source), self.all_addresses(&row.destination));
            let carried = services(row.protocol.get_ref(), &row.ports).unwrap_or_else(|message| {
                self.problems.push(problem(row.protocol.span(), message));
                Vec::new()
            });
            let expires = row.expires.as_ref().and_then(|written| {
                let date = model::date::parse(written.get_ref());
                if date.is_none() {
                    self.refuse(
                        written.span(),
                        "期限の日付を書く(例 2027-03-31)",
                        "not a date (write 2027-03-31)",
                    );
                }
                date
            });
            let id = row.id.get_ref();
            if self.network.permitted.iter().any(|path| path.id == *id) {
                let (ja, en) = (
                    format!("特定通信「{id}」が二つある"),
                    format!("two permitted paths are `{id}`"),
                );
                self.refuse(row.id.span(), ja, en);
            }
            let (Some(from), Some(to)) = (from, to) else { continue };
            self.network.permitted.push(PermittedPath {
                span: Some(place(&row.id.span())),
                id: row.id.into_inner(),
                from,
                to,
                source,
                destination,
                services: carried,
                mac: row.mac,
                reason: row.reason,
                approver: row.approver,
                expires,
            });
        }
    }

    fn zone(&mut self, name: &Spanned<String>) -> Option<ZoneId> {
        let found = self.network.zone_named(name.get_ref());
        if found.is_none() {
            self.refuse(
                name.span(),
                format!("「{}」という名の領域はない", name.get_ref()),
                format!("no zone is called `{}`", name.get_ref()),
            );
        }
        found
    }

    fn all_addresses(&mut self, written: &[Spanned<String>]) -> Addresses {
        written
            .iter()
            .fold(Addresses::none(), |all, one| all.union(&self.addresses(one)))
    }

    fn addresses(&mut self, written: &Spanned<String>) -> Addresses {
        addresses(written.get_ref()).unwrap_or_else(|message| {
            self.problems.push(problem(written.span(), message));
            Addresses::none()
        })
    }
}

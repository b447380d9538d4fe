//! What the city says of its network: zones and who lives in them, where the devices stand, what may pass.
//!
//! The configurations say what *does* pass; this says what it is measured by. It is `network/network.toml`, joined with the registers of
//! zones and of permitted paths:
//!
//! ```toml
//! [[zone]]
//! name = "mynumber"                    # how the rest of the file calls it
//! tier = "mynumber"                    # mynumber | lgwan | internet | security_cloud | lgwan_network | outside | other
//! label = "マイナンバー利用事務系"
//! register = "Z-MN"                    # its number in the register of zones
//! prefixes = ["10.10.0.0/16", "fd00:10::/32"]
//!
//! [[zone]]
//! name = "outside"
//! tier = "outside"
//! rest = true                          # every address that no other zone holds
//!
//! [[link]]                             # a wire between devices on which nobody else lives
//! name = "core-edge"
//!
//! [[device]]
//! name = "core"
//! configurations = ["configs/core.txt"]
//! dialect = "yamaha"                   # found out by itself if it is not given
//! interfaces = { lan1 = "mynumber", lan2 = "core-edge" }   # each leads to a zone or a link
//!
//! [[gateway]]                          # a host that stands between two zones and passes only what it has cleaned
//! name = "sanitiser"
//! kind = "sanitise"                    # sanitise | mail | screen | update
//! hosts = ["10.20.9.5"]
//!
//! [[permitted]]                        # 特定通信
//! id = "PP-01"
//! from = "lgwan"
//! to = "mynumber"
//! source = ["10.20.20.11"]
//! destination = ["10.10.20.11"]
//! protocol = "tcp"                     # tcp | udp | icmp | a protocol number
//! ports = ["443"]
//! reason = "…"
//! approver = "…"
//! expires = "2027-03-31"
//! ```

mod demand;
mod read;
#[cfg(test)]
mod tests;
pub mod written;

use jiff::civil::Date;
use model::diagnostic::Span;

pub use self::demand::{Crossing, Demand, demands};
use crate::device::{Addresses, Service};

/// An index into [`Network::zones`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneId(pub u16);

/// An index into [`Network::links`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u16);

/// What the city says of its network.
///
/// INVARIANT: no two zones share an address; every name leads somewhere; every device has at least one interface.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Parts of the network, in the order of the file.
    pub zones: Vec<Zone>,
    /// Wires between devices.
    pub links: Vec<Link>,
    /// Routers and firewalls.
    pub devices: Vec<Placed>,
    /// Hosts that pass only what they have cleaned.
    pub gateways: Vec<Gateway>,
    /// What may pass between zones.
    pub permitted: Vec<PermittedPath>,
}

/// A part of the network whose hosts are treated alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// How the file calls it.
    pub name: String,
    /// How people call it.
    pub label: String,
    /// What it is, in the words of the national guideline.
    pub tier: Tier,
    /// Its number in the register of zones.
    pub register: Option<String>,
    /// Who lives in it.
    pub addresses: Addresses,
    /// Where its name is written.
    pub span: Span,
}

/// What a zone is, in the words of the national guideline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// マイナンバー利用事務系
    #[serde(rename = "mynumber")]
    MyNumber,
    /// LGWAN接続系
    Lgwan,
    /// インターネット接続系
    Internet,
    /// 自治体情報セキュリティクラウド: the prefecture's, through which the Internet is reached
    SecurityCloud,
    /// LGWANそのもの: the network of all municipalities and its services
    LgwanNetwork,
    /// インターネット: nobody's
    Outside,
    /// その他: management, guests, building equipment
    Other,
}

impl Tier {
    /// Its word in `network.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MyNumber => "mynumber",
            Self::Lgwan => "lgwan",
            Self::Internet => "internet",
            Self::SecurityCloud => "security_cloud",
            Self::LgwanNetwork => "lgwan_network",
            Self::Outside => "outside",
            Self::Other => "other",
        }
    }
}

/// A wire between devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// How the file calls it.
    pub name: String,
    /// Where its name is written.
    pub span: Span,
}

/// A router or a firewall, and where its interfaces lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// How the file calls it.
    pub name: String,
    /// How people call it.
    pub label: String,
    /// Its configuration files, relative to `network.toml`, in the order in which they are read.
    pub configurations: Vec<String>,
    /// Their language, if the city says it: the name of a [`crate::dialect::Dialect`].
    pub dialect: Option<String>,
    /// Where its interfaces lead. One that is not named leads nowhere that the city knows of.
    pub interfaces: Vec<Joined>,
    /// Where its name is written.
    pub span: Span,
}

/// An interface of a device, by the name in its configuration, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Its name.
    pub interface: String,
    /// Where it leads.
    pub to: Place,
    /// Where that is written.
    pub span: Span,
}

/// Where an interface leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Into a zone, on its wire or through routers of the zone's own.
    Zone(ZoneId),
    /// To other devices.
    Link(LinkId),
}

/// A host between two zones that passes only what it has cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// How the file calls it.
    pub name: String,
    /// What it cleans.
    pub kind: GatewayKind,
    /// Its addresses, in whichever zones they are.
    pub hosts: Addresses,
    /// Where its name is written.
    pub span: Span,
}

/// What a gateway cleans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    /// ファイルの無害化
    Sanitise,
    /// メールの無害化
    Mail,
    /// 画面転送
    Screen,
    /// 更新プログラムなどの中継
    Update,
}

/// 特定通信: what may pass from one zone to another. Answers of its flows may come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermittedPath {
    /// Its number in the register.
    pub id: String,
    /// Where its flows begin.
    pub from: ZoneId,
    /// Where they go.
    pub to: ZoneId,
    /// Which hosts begin them.
    pub source: Addresses,
    /// Which hosts they go to.
    pub destination: Addresses,
    /// Protocols and ports.
    pub services: Vec<Service>,
    /// The card's address of the host that begins them, where the policy asks for it.
    pub mac: Option<String>,
    /// Why it is needed.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// The last day of the approval.
    pub expires: Option<Date>,
    /// Where its number is written; `None` for one that comes from a register.
    pub span: Option<Span>,
}

impl Network {
    /// The zone of a number.
    #[must_use]
    pub fn zone(&self, id: ZoneId) -> Option<&Zone> {
        self.zones.get(usize::from(id.0))
    }

    /// The zone of a name.
    #[must_use]
    pub fn zone_named(&self, name: &str) -> Option<ZoneId> {
        let at = self.zones.iter().position(|zone| zone.name == name)?;
        u16::try_from(at).ok().map(ZoneId)
    }

    /// Every zone with its number.
    pub fn zones(&self) -> impl Iterator<Item = (ZoneId, &Zone)> {
        (0..).map(ZoneId).zip(&self.zones)
    }

    /// Hosts of the gateways of these kinds.
    #[must_use]
    pub fn gateway_hosts(&self, kinds: &[GatewayKind]) -> Addresses {
        self.gateways
            .iter()
            .filter(|gateway| kinds.contains(&gateway.kind))
            .fold(Addresses::none(), |hosts, gateway| hosts.union(&gateway.hosts))
    }
}

//! The network as its page shows it: pairs of zones and how they stand, findings, permitted paths, weak places.

use jiff::civil::Date;
use model::lang::Text;
use policy::judge::{Evidence, FileLine, Standing};
use separation::device::Line;
use separation::fabric::NodeId;
use separation::network::{Crossing, Demand, PermittedPath, ZoneId};
use separation::packet::{Packet, protocol};
use separation::picture::{self, Standing as Stands};
use separation::question::{Checked as Answer, Finding, Kind, Weakness, WeaknessKind};
use service::network::{Asked, GapPlace, Open, OpenPlace, words};

use crate::href;

/// The register of permitted paths.
const PATHS: &str = "permitted_path";

/// The network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkView {
    /// α
    pub model: &'static str,
    /// For which day it was asked.
    pub today: Date,
    /// 領域の組69のうち、守られている64…
    pub summary: Text,
    /// Pairs of zones that are broken or unproven, worst first.
    pub open: Vec<PairView>,
    /// Those that are proved.
    pub kept: Vec<PairView>,
    /// Why pairs are unproven.
    pub unproven: Vec<OpenView>,
    /// The permitted paths.
    pub paths: Vec<PathView>,
    /// What is weak in itself.
    pub weak: Vec<WeakView>,
    /// Lines that decide nothing.
    pub idle: Vec<WeakView>,
    /// What the answers were made of.
    pub evidence: Evidence,
    /// Name and label of each zone.
    pub zones: Vec<(String, String)>,
}

/// A pair of zones of which something is demanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairView {
    /// LGWAN接続系
    pub from: String,
    /// マイナンバー利用事務系
    pub to: String,
    /// What may pass.
    pub demanded: Text,
    /// How it stands.
    pub standing: Standing,
    /// What passes and must not, and permitted paths that nothing carries.
    pub findings: Vec<FoundView>,
    /// Why it is unproven.
    pub why: Vec<Text>,
    /// The id of its heading.
    pub id: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundView {
    /// What kind it is.
    pub kind: Text,
    /// Whether it breaks the separation.
    pub breaks: bool,
    /// tcp/445
    pub service: String,
    /// The line that decides.
    pub line: Option<LineView>,
    /// The devices on the way, where no filter stands in it.
    pub unfiltered: Option<String>,
    /// One of the packets.
    pub witness: Option<String>,
    /// The way of that packet.
    pub way: Option<String>,
    /// How many packets.
    pub packets: String,
    /// The permitted path that it is about, and its row.
    pub path: Option<(String, String)>,
    /// What it depends on.
    pub supposes: Vec<Text>,
    /// What to do.
    pub fix: Text,
}

/// A line of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineView {
    /// LGWAN接続ルータ
    pub device: String,
    /// The file and the line in it.
    pub place: Text,
    /// The line without its secrets.
    pub text: String,
}

/// Why pairs of zones are unproven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenView {
    /// Which pairs.
    pub between: Text,
    /// Why.
    pub reason: Text,
    /// What to do.
    pub help: Option<Text>,
    /// The line that it hangs on.
    pub line: Option<LineView>,
    /// The row of a register that it hangs on, and what one calls it.
    pub row: Option<(String, String)>,
}

/// A permitted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathView {
    /// Its number, and its row.
    pub name: (String, String),
    /// LGWAN接続系 → マイナンバー利用事務系
    pub pair: String,
    /// Why it is needed.
    pub reason: String,
    /// The last day of its approval.
    pub expires: Option<Date>,
    /// What passes of it.
    pub standing: Standing,
    /// The same in words.
    pub state: Text,
}

/// Something weak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakView {
    /// What was found.
    pub message: Text,
    /// Where.
    pub line: Option<LineView>,
    /// What to do.
    pub fix: Text,
}

impl NetworkView {
    /// The view of a network that was asked.
    #[must_use]
    pub fn new(asked: &Asked) -> Self {
        let answer = asked.checked.answer();
        let scribe = Scribe { asked, answer };
        let (kept, mut open): (Vec<PairView>, Vec<PairView>) = scribe
            .pairs()
            .partition(|pair| pair.standing == Standing::Kept && pair.findings.is_empty());
        open.sort_by_key(|pair| std::cmp::Reverse(pair.standing));
        let network = &asked.network.fabric.network;
        let (idle, weak): (Vec<&Weakness>, Vec<&Weakness>) =
            asked.weaknesses().iter().partition(|weakness| is_idle(weakness.kind));
        let weak_views = |weak: Vec<&Weakness>| weak.into_iter().map(|weakness| scribe.weak(weakness)).collect();
        Self {
            model: model(&asked.model),
            today: asked.today,
            summary: scribe.summary(),
            open,
            kept,
            unproven: asked.checked.open.iter().map(|open| scribe.open(open)).collect(),
            paths: network.permitted.iter().map(|path| scribe.path(path)).collect(),
            weak: weak_views(weak),
            idle: weak_views(idle),
            evidence: asked.evidence(),
            zones: zones(asked),
        }
    }

    /// 守られている64組を見る
    #[must_use]
    pub fn rest(&self) -> Text {
        let count = self.kept.len();
        Text::new(
            format!("守られている{count}組を見る"),
            format!("{count} pairs that are kept"),
        )
    }

    /// Whether anything is weak.
    #[must_use]
    pub const fn has_weak(&self) -> bool {
        !self.weak.is_empty() || !self.idle.is_empty()
    }

    /// 何も決めていない行25件を見る
    #[must_use]
    pub fn idle_words(&self) -> Option<Text> {
        let count = self.idle.len();
        (count > 0).then(|| {
            Text::new(
                format!("何も決めていない行、なくても変わらない行{count}件を見る"),
                format!("{count} lines that decide nothing, or that could be taken away"),
            )
        })
    }
}

impl PairView {
    /// LGWAN接続系 → マイナンバー利用事務系
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} → {}", self.from, self.to)
    }

    /// 指摘2件
    #[must_use]
    pub fn count(&self) -> Option<Text> {
        let count = self.findings.iter().filter(|found| found.breaks).count();
        let noun = if count == 1 { "finding" } else { "findings" };
        (count > 0).then(|| Text::new(format!("指摘{count}件"), format!("{count} {noun}")))
    }
}

impl LineView {
    /// A line of a file, with the name of its device where that is known.
    #[must_use]
    pub fn of(found: FileLine, device: &str) -> Self {
        let FileLine { file, line, text, .. } = found;
        Self {
            device: device.to_owned(),
            place: Text::new(format!("{file} {line}行目"), format!("{file}, line {line}")),
            text,
        }
    }
}

impl FoundView {
    /// The class that colours it.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        if self.breaks { "is-broken" } else { "is-unproven" }
    }
}

/// Name and label of each zone.
#[must_use]
pub fn zones(asked: &Asked) -> Vec<(String, String)> {
    let zones = asked.network.fabric.network.zones.iter();
    zones.map(|zone| (zone.name.clone(), zone.label.clone())).collect()
}

/// A line of a device, as it may be shown.
#[must_use]
pub fn line(asked: &Asked, node: NodeId, line: Line) -> Option<LineView> {
    let device = asked.network.fabric.placed(node)?;
    let found = asked.network.line(node, line)?;
    Some(LineView::of(found, &device.label))
}

fn model(code: &str) -> &'static str {
    match code {
        "alpha" => "α",
        "alpha_prime" => "α′",
        "beta" => "β",
        "beta_prime" => "β′",
        _ => "?",
    }
}

const fn is_idle(kind: WeaknessKind) -> bool {
    matches!(kind, WeaknessKind::UnreachableRule | WeaknessKind::RedundantRule)
}

/// The row of a permitted path.
fn row(path: &str) -> (String, String) {
    (path.to_owned(), href::entry(PATHS, path))
}

struct Scribe<'a> {
    asked: &'a Asked,
    answer: Answer,
}

impl Scribe<'_> {
    fn summary(&self) -> Text {
        let count = picture::count(&self.asked.checked.demands, &self.answer);
        let picture::Count {
            demanded,
            kept,
            broken,
            unproven,
        } = count;
        Text::new(
            format!("領域の組{demanded}のうち、守られている{kept}、破れている{broken}、未証明{unproven}"),
            format!("Of {demanded} pairs of zones: {kept} kept, {broken} broken, {unproven} unproven"),
        )
    }

    fn pairs(&self) -> impl Iterator<Item = PairView> {
        self.asked.checked.demands.iter().map(|demand| self.pair(demand))
    }

    fn pair(&self, demand: &Demand) -> PairView {
        let pair = (demand.from, demand.to);
        let checked = &self.asked.checked;
        let findings = checked
            .findings
            .iter()
            .filter(|finding| (finding.from, finding.to) == pair);
        let why = checked.open.iter().filter(|open| open.between.contains(&pair));
        let standing = match picture::standing(&checked.demands, &self.answer, pair) {
            Stands::Broken => Standing::Broken,
            Stands::Kept => Standing::Kept,
            Stands::Unproven | Stands::Free => Standing::Unproven,
        };
        PairView {
            from: self.zone(demand.from),
            to: self.zone(demand.to),
            demanded: crossing(demand.crossing),
            standing,
            findings: findings.map(|finding| self.found(finding)).collect(),
            why: why.map(|open| open.reason.clone()).collect(),
            id: format!("pair-{}-{}", demand.from.0, demand.to.0),
        }
    }

    fn zone(&self, zone: ZoneId) -> String {
        self.asked.network.zone_label(zone).to_owned()
    }

    fn found(&self, finding: &Finding) -> FoundView {
        let network = &self.asked.network;
        let devices = finding
            .way
            .iter()
            .filter_map(|through| network.fabric.placed(through.node));
        let devices: Vec<&str> = devices.map(|placed| placed.label.as_str()).collect();
        let bare = finding.rule.is_none() && finding.witness.is_some();
        let zone = network.fabric.network.zone(finding.from);
        FoundView {
            kind: words::kind(finding.kind),
            breaks: finding.kind.breaks(),
            service: finding.service.clone(),
            line: finding.rule.and_then(|rule| line(self.asked, rule.node, rule.line)),
            unfiltered: bare.then(|| devices.join(" → ")),
            witness: finding.witness.map(|witness| witness.to_string()),
            way: finding
                .witness
                .zip(zone)
                .map(|(witness, zone)| way(&witness, &zone.name)),
            packets: words::grouped(&finding.packets.to_string()),
            path: finding.path.as_deref().map(row),
            supposes: finding.supposes.clone(),
            fix: finding.fix.clone(),
        }
    }

    fn open(&self, open: &Open) -> OpenView {
        let (line, row) = match &open.at {
            None => (None, None),
            Some(OpenPlace::Line(node, at)) => (line(self.asked, *node, *at), None),
            Some(OpenPlace::Gap(GapPlace::Network(span))) => {
                (Some(LineView::of(self.asked.network.described(*span), "")), None)
            }
            Some(OpenPlace::Gap(GapPlace::Row(place))) => {
                let name = place.key.clone().unwrap_or_else(|| place.register.clone());
                (None, Some((name, href::place(place))))
            }
        };
        OpenView {
            between: self.asked.network.pairs(&open.between),
            reason: open.reason.clone(),
            help: open.help.clone(),
            line,
            row,
        }
    }

    fn path(&self, path: &PermittedPath) -> PathView {
        let of_path = self
            .asked
            .checked
            .findings
            .iter()
            .filter(|finding| finding.path.as_ref() == Some(&path.id));
        let pair = (path.from, path.to);
        let is_open = self.asked.checked.open.iter().any(|open| open.between.contains(&pair));
        let (standing, state) = state(of_path.map(|finding| finding.kind), is_open);
        PathView {
            name: row(&path.id),
            pair: self.asked.network.pair(pair),
            reason: path.reason.clone(),
            expires: path.expires,
            standing,
            state,
        }
    }

    fn weak(&self, weakness: &Weakness) -> WeakView {
        WeakView {
            message: weakness.message.clone(),
            line: line(self.asked, weakness.node, weakness.line),
            fix: weakness.fix.clone(),
        }
    }
}

/// The worst that was found of a permitted path.
fn state(kinds: impl Iterator<Item = Kind>, is_open: bool) -> (Standing, Text) {
    match kinds.min() {
        Some(Kind::Unused) => (
            Standing::Unproven,
            Text::fixed("使われていない(通す行がない)", "unused: no line carries it"),
        ),
        Some(kind) => (Standing::Broken, words::kind(kind)),
        None if is_open => (
            Standing::Unproven,
            Text::fixed(
                "領域の組が未証明で、分からない",
                "not known: its pair of zones is unproven",
            ),
        ),
        None => (Standing::Kept, Text::fixed("承認のとおりに通る", "passes as approved")),
    }
}

const fn crossing(crossing: Crossing) -> Text {
    match crossing {
        Crossing::Permitted => Text::fixed("特定通信だけが通る", "permitted paths only"),
        Crossing::Sanitised => Text::fixed(
            "無害化などの中継を経る特定通信だけが通る",
            "permitted paths through a gateway only",
        ),
        Crossing::Breakout => Text::fixed(
            "名指しした外部サービスへの特定通信だけが通る",
            "permitted paths to named services outside only",
        ),
        Crossing::None => Text::fixed("何も通らない", "nothing"),
    }
}

/// The address where the way of a packet is shown.
fn way(packet: &Packet, from: &str) -> String {
    let (source, destination) = (
        packet.family.address(packet.source).to_string(),
        packet.family.address(packet.destination).to_string(),
    );
    let word = match packet.protocol {
        protocol::TCP => "tcp".to_owned(),
        protocol::UDP => "udp".to_owned(),
        protocol::ICMP | protocol::ICMP_V6 => "icmp".to_owned(),
        other => other.to_string(),
    };
    let (source_port, port) = (packet.source_port.to_string(), packet.destination_port.to_string());
    let mut asked = vec![
        ("source", source.as_str()),
        ("destination", destination.as_str()),
        ("protocol", word.as_str()),
        ("from", from),
    ];
    let is_icmp = matches!(packet.protocol, protocol::ICMP | protocol::ICMP_V6);
    if is_icmp || protocol::WITH_PORTS.contains(&packet.protocol) {
        asked.extend([("port", port.as_str()), ("source_port", source_port.as_str())]);
    }
    href::explain(&asked)
}

//! Answers.

use model::lang::Text;
use num_bigint::BigUint;

use crate::device::{ChainId, Line};
use crate::engine::{Through, Verdict};
use crate::fabric::NodeId;
use crate::network::ZoneId;
use crate::packet::Packet;

/// Packets that pass and must not, or a permitted path that is not as it was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: Kind,
    /// The zone that they come from.
    pub from: ZoneId,
    /// The zone that they arrive in.
    pub to: ZoneId,
    /// Protocols and destination ports: `tcp/443`.
    pub service: String,
    /// How many packets. Two packets differ if a filter could tell them apart, TCP flags included.
    pub packets: BigUint,
    /// The last rule that lets them pass; `None` where no filter stands in the way.
    pub rule: Option<RuleAt>,
    /// The devices on the way of the witness.
    pub way: Vec<Through>,
    /// One of the packets, as it is sent; `None` where a path is the subject that nothing carries.
    pub witness: Option<Packet>,
    /// The permitted path that it is about: the number in the register.
    pub path: Option<String>,
    /// Readings of manuals that it depends on.
    pub supposes: Vec<Text>,
    /// What to do.
    pub fix: Text,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It crosses without a permitted path.
    Crossing,
    /// It reaches the Internet other than through the security cloud.
    SecondExit,
    /// It crosses with a source address that is not of the zone.
    Spoofable,
    /// The rule that carries a permitted path lets more pass.
    Wider,
    /// A permitted path would cover it, but its approval has ended.
    Expired,
    /// A permitted path covers it, but the model allows none there, or not without a gateway.
    NotAllowed,
    /// A permitted path of which nothing passes.
    Unused,
}

impl Kind {
    /// A stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Crossing => "crossing",
            Self::SecondExit => "second_exit",
            Self::Spoofable => "spoofable_source",
            Self::Wider => "wider_than_approved",
            Self::Expired => "expired_path",
            Self::NotAllowed => "path_not_allowed",
            Self::Unused => "unused_path",
        }
    }

    /// Whether a separation with such a finding is broken. A path that nothing carries breaks none.
    #[must_use]
    pub const fn breaks(self) -> bool {
        !matches!(self, Self::Unused)
    }
}

/// A rule and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleAt {
    /// The device.
    pub node: NodeId,
    /// The chain.
    pub chain: ChainId,
    /// Index of the rule; `None` for what holds when none matches.
    pub rule: Option<u32>,
    /// Where it is written.
    pub line: Line,
}

impl From<Verdict> for RuleAt {
    fn from(verdict: Verdict) -> Self {
        Self {
            node: verdict.node,
            chain: verdict.chain,
            rule: verdict.rule,
            line: verdict.line,
        }
    }
}

/// A pair of zones of which nobody can say that it is separated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The zone that packets come from.
    pub from: ZoneId,
    /// The zone that they may arrive in.
    pub to: ZoneId,
    /// Why.
    pub reason: Text,
    /// The line that it hangs on, if it is one.
    pub at: Option<(NodeId, Line)>,
}

pub(super) fn fix(kind: Kind, path: Option<&str>) -> Text {
    let path = path.unwrap_or("-");
    match kind {
        Kind::Crossing => Text::fixed(
            "この行を取り除くか、特定通信として決裁を受けて登録してください。",
            "remove this line, or have it approved and registered as a permitted path",
        ),
        Kind::SecondExit => Text::fixed(
            "インターネットへは自治体情報セキュリティクラウドだけを通るように、経路とこの行を改めてください。",
            "change the route and this line so that the Internet is reached through the security cloud only",
        ),
        Kind::Spoofable => Text::fixed(
            "この領域につながるインタフェースで、領域のアドレスでない送信元を遮断してください。",
            "on the interface of this zone, deny sources that are not addresses of the zone",
        ),
        Kind::Wider => Text::new(
            format!("この行を、特定通信「{path}」の送信元・宛先・ポートに絞ってください。"),
            format!("narrow this line to the source, destination and ports of permitted path `{path}`"),
        ),
        Kind::Expired => Text::new(
            format!("特定通信「{path}」の期限が過ぎています。更新の決裁を受けるか、この行を取り除いてください。"),
            format!("the approval of permitted path `{path}` has ended: renew it, or remove this line"),
        ),
        Kind::NotAllowed => Text::new(
            format!(
                "特定通信「{path}」は、団体のモデルではここに置けません。無害化などの中継を経るように改めるか、取り除いてください。"
            ),
            format!("the model allows permitted path `{path}` not here: lead it through a gateway, or remove it"),
        ),
        Kind::Unused => Text::new(
            format!(
                "特定通信「{path}」を通す行がありません。要らなければ登録を廃止し、要るなら機器の設定を確かめてください。"
            ),
            format!("no line carries permitted path `{path}`: retire it, or look at the configuration"),
        ),
    }
}

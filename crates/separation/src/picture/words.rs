//! The words on the picture.

use model::lang::Text;

use super::passage::Count;
use super::plan::GroupKind;
use crate::network::Tier;
use crate::question::Kind;

pub(super) const TITLE: Text = Text::fixed("領域の分割と、通るもの", "zones, and what passes between them");
pub(super) const DEVICES: Text = Text::fixed("間に立つ機器", "devices in between");
pub(super) const PASSAGES: Text = Text::fixed(
    "通るもの(矢印の元から始まる通信)",
    "what passes (flows begin where the arrow begins)",
);
pub(super) const NOTHING: Text = Text::fixed("領域の間を通るものはない", "nothing passes between the zones");
pub(super) const UNKNOWN: Text = Text::fixed("通るかどうかが分からない", "whether anything passes is not known");
pub(super) const FROM: Text = Text::fixed("始まる領域", "from");
pub(super) const TO: Text = Text::fixed("行き先の領域", "to");
pub(super) const STANDING: Text = Text::fixed("状況", "standing");
pub(super) const SERVICES: Text = Text::fixed("プロトコルとポート", "services");
pub(super) const WAY: Text = Text::fixed("通る機器", "way");
pub(super) const WHY: Text = Text::fixed("理由と、決めた行", "why, and the line that decides");

pub(super) const fn group(kind: GroupKind) -> Text {
    match kind {
        GroupKind::Tiers => Text::fixed("三層", "the three tiers"),
        GroupKind::Beyond => Text::fixed("市の外", "beyond the city"),
        GroupKind::Others => Text::fixed("そのほかの領域", "other zones"),
    }
}

/// The class of a tier in style sheets.
pub(super) const fn class(tier: Tier) -> &'static str {
    match tier {
        Tier::MyNumber => "net-mynumber",
        Tier::Lgwan => "net-lgwan",
        Tier::Internet => "net-internet",
        Tier::SecurityCloud | Tier::LgwanNetwork | Tier::Outside | Tier::Other => "net-other",
    }
}

/// What is wrong, in few words.
pub(super) const fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Crossing => Text::fixed("特定通信にない通信", "no permitted path"),
        Kind::SecondExit => Text::fixed("集約した出口を通らない", "past the security cloud"),
        Kind::Spoofable => Text::fixed("送信元を偽れる", "the source may be borrowed"),
        Kind::Wider => Text::fixed("承認より広い", "wider than approved"),
        Kind::Expired => Text::fixed("期限が過ぎている", "approval has ended"),
        Kind::NotAllowed => Text::fixed("モデルが許さない特定通信", "a path that the model does not allow"),
        Kind::Unused => Text::fixed("使われない特定通信", "an unused path"),
    }
}

pub(super) fn place(device: &str, file: &str, line: u32) -> Text {
    Text::new(
        format!("{device} {file} {line}行"),
        format!("{device} {file} line {line}"),
    )
}

/// What the picture shows, in one sentence.
pub(super) fn summary(count: Count) -> Text {
    let Count {
        demanded,
        kept,
        broken,
        unproven,
    } = count;
    Text::new(
        format!("分割を求められる {demanded} 組のうち、守られている {kept}、破れている {broken}、未証明 {unproven}"),
        format!(
            "of {demanded} pairs of zones of which separation is demanded: {kept} kept, {broken} broken, {unproven} unproven"
        ),
    )
}

/// Pairs that have no arrow because nothing passes.
pub(super) fn silent(count: usize) -> Text {
    Text::new(
        format!("矢印のない {count} 組は、何も通らないことが証明されている"),
        format!("of the {count} pairs without an arrow it is proved that nothing passes"),
    )
}

pub(super) fn more(count: usize) -> Text {
    Text::new(
        format!("ほかの {count} 組は表にある"),
        format!("{count} more pairs are in the table"),
    )
}

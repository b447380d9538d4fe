//! Where everything stands: columns of zones, bars of devices across the columns that they reach, one lane for each passage.

use std::collections::BTreeMap;

use super::passage::Passage;
use super::text::{width, wrapped};
use crate::fabric::{Fabric, NodeId};
use crate::network::{LinkId, Network, Place, Tier, ZoneId};

/// Sizes, in units of the picture.
pub(super) const LABEL: f64 = 14.0;
pub(super) const SMALL: f64 = 11.5;
pub(super) const MARGIN: f64 = 24.0;
/// Room for the numbers of the lanes.
pub(super) const GUTTER: f64 = 64.0;
pub(super) const LANE: f64 = 66.0;
const TITLE: f64 = 72.0;
const GROUP: f64 = 26.0;
const LINE: f64 = 19.0;
const DEVICE: f64 = 46.0;
const HEADING: f64 = 34.0;
const LEGEND: f64 = 48.0;
/// Names of zones are broken into lines of so many full-width characters.
const WRAP: f64 = 9.0;
const NARROWEST: f64 = 104.0;
const LEAST_WIDTH: f64 = 880.0;
/// More lanes than these make no picture: the rest is in the table.
const MOST_LANES: usize = 40;

/// A box on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rectangle {
    pub(super) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(super) fn middle(self) -> f64 {
        self.x + self.width / 2.0
    }
}

/// A zone: its heading, and the band below it down to the last lane.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) tier: Tier,
    pub(super) heading: Rectangle,
    pub(super) lines: Vec<String>,
    pub(super) register: Option<String>,
}

/// Columns that belong together.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) kind: GroupKind,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Which zones belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GroupKind {
    Tiers,
    Beyond,
    Others,
}

/// A device, across the columns that it reaches.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) node: NodeId,
    pub(super) area: Rectangle,
    /// Where it reaches a zone.
    pub(super) stops: Vec<f64>,
    /// Where it reaches a wire to other devices.
    pub(super) joints: Vec<f64>,
}

/// A wire between devices, down through the bars.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) x: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// A passage, from column to column.
#[derive(Debug)]
pub(super) struct Lane {
    /// Its index in the passages.
    pub(super) passage: usize,
    pub(super) from: f64,
    pub(super) to: f64,
    /// The top of its strip, which is [`LANE`] high.
    pub(super) y: f64,
}

/// The whole picture.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) groups_y: f64,
    pub(super) devices_y: f64,
    pub(super) lanes_y: f64,
    pub(super) legend_y: f64,
    pub(super) groups: Vec<Group>,
    pub(super) columns: Vec<Column>,
    pub(super) bars: Vec<Bar>,
    pub(super) wires: Vec<Wire>,
    pub(super) lanes: Vec<Lane>,
}

/// The order of columns: the three tiers, what is beyond the city, the rest.
const fn rank(tier: Tier) -> (GroupKind, u8) {
    match tier {
        Tier::MyNumber => (GroupKind::Tiers, 0),
        Tier::Lgwan => (GroupKind::Tiers, 1),
        Tier::Internet => (GroupKind::Tiers, 2),
        Tier::SecurityCloud => (GroupKind::Beyond, 0),
        Tier::Outside => (GroupKind::Beyond, 1),
        Tier::LgwanNetwork => (GroupKind::Beyond, 2),
        Tier::Other => (GroupKind::Others, 0),
    }
}

pub(super) fn plan(fabric: &Fabric, passages: &[Passage]) -> Plan {
    let network = &fabric.network;
    let mut plan = Plan {
        groups_y: TITLE,
        ..Plan::default()
    };
    let order = order(network);
    let reached: Vec<Reached> = reached(fabric, &order);
    let wires = gaps(&reached);
    columns(network, &order, &wires, &mut plan);
    let xs: Vec<f64> = plan.columns.iter().map(|column| column.heading.middle()).collect();
    let joints = joints(&plan, &wires);
    plan.devices_y = plan.columns.first().map_or(TITLE, |column| column.heading.bottom()) + HEADING;
    bars(&reached, &xs, &joints, &mut plan);
    plan.lanes_y = plan.bars.last().map_or(plan.devices_y, |bar| bar.area.bottom()) + HEADING;
    let x_of = |zone: ZoneId| {
        order
            .iter()
            .position(|(id, _)| *id == zone)
            .and_then(|at| xs.get(at))
            .copied()
    };
    for (at, passage) in passages.iter().enumerate().take(MOST_LANES) {
        if let (Some(from), Some(to)) = (x_of(passage.from), x_of(passage.to)) {
            plan.lanes.push(Lane {
                passage: at,
                from,
                to,
                y: plan.lanes_y + LANE * units(plan.lanes.len()),
            });
        }
    }
    plan.legend_y = plan.lanes_y + LANE * units(plan.lanes.len().max(1)) + 8.0;
    plan.height = plan.legend_y + LEGEND + MARGIN;
    plan
}

/// A number of things as a number of units.
#[expect(clippy::cast_precision_loss, reason = "pictures have far fewer parts than 2^52")]
pub(super) fn units(count: usize) -> f64 {
    count as f64
}

fn order(network: &Network) -> Vec<(ZoneId, Tier)> {
    let mut order: Vec<(ZoneId, Tier)> = network.zones().map(|(id, zone)| (id, zone.tier)).collect();
    order.sort_by_key(|(id, tier)| (rank(*tier), *id));
    order
}

/// The columns that a device reaches, and the wires.
struct Reached {
    node: NodeId,
    columns: Vec<usize>,
    links: Vec<LinkId>,
}

/// Devices, the leftmost first.
fn reached(fabric: &Fabric, order: &[(ZoneId, Tier)]) -> Vec<Reached> {
    let mut all: Vec<Reached> = fabric
        .nodes()
        .map(|(node, at)| {
            let (mut columns, mut links) = (Vec::new(), Vec::new());
            for place in at.places.iter().flatten() {
                match place {
                    Place::Zone(zone) => columns.extend(order.iter().position(|(id, _)| id == zone)),
                    Place::Link(link) => links.push(*link),
                }
            }
            columns.sort_unstable();
            columns.dedup();
            links.sort_unstable();
            links.dedup();
            Reached { node, columns, links }
        })
        .collect();
    all.sort_by_key(|one| (one.columns.first().copied().unwrap_or(usize::MAX), one.node));
    all
}

/// After which column each wire goes down: between the columns of its devices that are nearest to each other.
fn gaps(reached: &[Reached]) -> BTreeMap<LinkId, usize> {
    let mut gaps = BTreeMap::new();
    let links = reached.iter().flat_map(|one| one.links.iter().copied());
    for link in links.collect::<std::collections::BTreeSet<_>>() {
        let on: Vec<&Reached> = reached.iter().filter(|one| one.links.contains(&link)).collect();
        let mut pairs = Vec::new();
        for (at, one) in on.iter().enumerate() {
            for other in on.iter().skip(at.saturating_add(1)) {
                for a in &one.columns {
                    pairs.extend(other.columns.iter().map(|b| (a.abs_diff(*b), *a.min(b))));
                }
            }
        }
        let alone = || on.iter().flat_map(|one| &one.columns).min().copied();
        let nearest = pairs.into_iter().min().map(|(_, left)| left);
        gaps.insert(link, nearest.or_else(alone).unwrap_or(0));
    }
    gaps
}

const GAP: f64 = 20.0;
const BETWEEN_WIRES: f64 = 14.0;

/// How wide the gap after a column is: wires go down in it.
fn gap_after(column: usize, wires: &BTreeMap<LinkId, usize>) -> f64 {
    let here = wires.values().filter(|gap| **gap == column).count();
    GAP + BETWEEN_WIRES * units(here)
}

fn columns(network: &Network, order: &[(ZoneId, Tier)], wires: &BTreeMap<LinkId, usize>, plan: &mut Plan) {
    let mut x = GUTTER;
    let y = TITLE + GROUP;
    let mut tallest = 0usize;
    for (at, (id, tier)) in order.iter().enumerate() {
        let Some(zone) = network.zone(*id) else { continue };
        let lines = wrapped(&zone.label, WRAP);
        let widest = lines.iter().map(|line| width(line)).fold(0.0, f64::max) * LABEL;
        let register = zone.register.clone();
        let below = register.as_deref().map_or(0.0, width) * SMALL;
        tallest = tallest.max(lines.len());
        let heading = Rectangle {
            x,
            y,
            width: (widest.max(below) + 24.0).max(NARROWEST),
            height: 0.0,
        };
        let group = rank(*tier).0;
        match plan.groups.last_mut() {
            Some(last) if last.kind == group => last.to = heading.right(),
            _ => {
                plan.groups.push(Group {
                    kind: group,
                    from: heading.x,
                    to: heading.right(),
                });
            }
        }
        x = heading.right() + gap_after(at, wires);
        plan.columns.push(Column {
            tier: *tier,
            heading,
            lines,
            register,
        });
    }
    let height = LINE * units(tallest) + LINE + 18.0;
    for column in &mut plan.columns {
        column.heading.height = height;
    }
    let right = plan.columns.last().map_or(x, |column| column.heading.right());
    plan.width = (right + MARGIN).max(LEAST_WIDTH);
}

/// Where each wire goes down.
fn joints(plan: &Plan, wires: &BTreeMap<LinkId, usize>) -> BTreeMap<LinkId, f64> {
    let mut joints = BTreeMap::new();
    for (link, gap) in wires {
        let before = wires.range(..link).filter(|(_, other)| *other == gap).count();
        let right = plan.columns.get(*gap).map_or(GUTTER, |column| column.heading.right());
        joints.insert(*link, right + GAP / 2.0 + BETWEEN_WIRES * (units(before) + 0.5));
    }
    joints
}

fn bars(reached: &[Reached], xs: &[f64], joints: &BTreeMap<LinkId, f64>, plan: &mut Plan) {
    for (at, one) in reached.iter().enumerate() {
        let stops: Vec<f64> = one
            .columns
            .iter()
            .filter_map(|column| xs.get(*column))
            .copied()
            .collect();
        let on: Vec<f64> = one.links.iter().filter_map(|link| joints.get(link)).copied().collect();
        let all = || stops.iter().chain(&on).copied();
        let left = all().fold(f64::INFINITY, f64::min).min(plan.width);
        let right = all().fold(left, f64::max);
        plan.bars.push(Bar {
            node: one.node,
            area: Rectangle {
                x: left - 16.0,
                y: plan.devices_y + DEVICE * units(at),
                width: right - left + 32.0,
                height: DEVICE,
            },
            stops,
            joints: on,
        });
    }
    for (link, x) in joints {
        let on = reached
            .iter()
            .zip(&plan.bars)
            .filter(|(one, _)| one.links.contains(link));
        let ys: Vec<f64> = on.map(|(_, bar)| bar.rail()).collect();
        plan.wires.push(Wire {
            x: *x,
            from: ys.iter().copied().fold(f64::INFINITY, f64::min),
            to: ys.iter().copied().fold(0.0, f64::max),
        });
    }
}

impl Bar {
    /// The height at which its rail is drawn; its name stands above.
    pub(super) fn rail(&self) -> f64 {
        self.area.y + 32.0
    }
}

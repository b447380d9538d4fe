//! The rules of a network, looked through once for all slices.

use hashbrown::HashSet;

use super::Space;
use super::lower::{Between, packets_of};
use crate::device::{Action, Chain, ChainId, Device, InterfaceId, Interfaces, Match, Stage};
use crate::diagram::{FIELDS, Field, Sides};
use crate::fabric::{Fabric, NodeId};
use crate::ranges::{Bound, Ranges};

/// A network whose rules are ready to be made into sets.
#[derive(Debug)]
pub struct Prepared<'f> {
    pub(super) fabric: &'f Fabric,
    nodes: Vec<Node>,
    v4: Outlines<u32>,
    v6: Outlines<u128>,
}

/// What can be said of a device without looking at packets.
#[derive(Debug)]
struct Node {
    /// Whether it asks for TCP flags anywhere.
    asks_flags: bool,
    named: HashSet<InterfaceId>,
    /// Stands for all interfaces that no rule names: they are treated alike.
    unnamed: InterfaceId,
}

/// The rules of one family: those that no packet of the family meets are left out.
#[derive(Debug)]
pub struct Outlines<B> {
    intervals: Vec<(B, B)>,
    /// By node and chain.
    chains: Vec<Vec<Vec<Outline<B>>>>,
}

/// One service of a rule.
#[derive(Debug)]
pub(super) struct Outline<B> {
    pub(super) rule: u32,
    /// Whether the rule is about any interfaces.
    pub(super) anywhere: bool,
    /// The smallest and the largest source.
    pub(super) source: (B, B),
    /// The smallest and the largest destination.
    pub(super) destination: (B, B),
    /// Where the intervals of its fields are, by [`Field::ALL`].
    fields: [(u32, u32); FIELDS],
}

impl<'f> Prepared<'f> {
    /// Looks through a network.
    #[must_use]
    pub fn new(fabric: &'f Fabric) -> Self {
        Self {
            fabric,
            nodes: fabric.nodes.iter().map(|node| Node::of(&node.device)).collect(),
            v4: Outlines::of(fabric),
            v6: Outlines::of(fabric),
        }
    }

    /// The network.
    #[must_use]
    pub const fn fabric(&self) -> &'f Fabric {
        self.fabric
    }

    pub(super) const fn v4(&self) -> &Outlines<u32> {
        &self.v4
    }

    pub(super) const fn v6(&self) -> &Outlines<u128> {
        &self.v6
    }

    /// Whether a device may treat two packets of one flow otherwise for their flags.
    pub(super) fn asks_flags(&self, node: NodeId) -> bool {
        self.nodes.get(usize::from(node.0)).is_none_or(|node| node.asks_flags)
    }

    /// Interfaces that the rules of a device cannot tell from these.
    pub(super) fn alike(&self, node: NodeId, between: Between) -> Between {
        let Some(node) = self.nodes.get(usize::from(node.0)) else {
            return between;
        };
        let alike = |interface| {
            if node.named.contains(&interface) {
                interface
            } else {
                node.unnamed
            }
        };
        Between {
            ingress: alike(between.ingress),
            egress: between.egress.map(alike),
        }
    }
}

impl Node {
    fn of(device: &Device) -> Self {
        let mut asks_flags = false;
        let mut named = HashSet::new();
        each_condition(device, |condition| {
            asks_flags |= condition.services.iter().any(|service| !service.flags.is_all());
            for interfaces in [&condition.ingress, &condition.egress] {
                match interfaces {
                    Interfaces::Any => {}
                    Interfaces::These(these) | Interfaces::AllBut(these) => named.extend(these),
                }
            }
        });
        let unnamed = (0..=u16::MAX).map(InterfaceId).find(|id| !named.contains(id));
        Self {
            asks_flags,
            unnamed: unnamed.unwrap_or(InterfaceId(0)),
            named,
        }
    }
}

/// Every condition that decides what becomes of a packet.
fn each_condition(device: &Device, mut look: impl FnMut(&Match)) {
    let rules = device.chains.iter().flat_map(|chain| &chain.rules);
    rules.for_each(|rule| look(&rule.condition));
    let ways = device.routes.iter().flat_map(|route| &route.ways);
    let policy = device.policy_routes.iter();
    policy.clone().for_each(|route| look(&route.condition));
    let ways = ways.chain(policy.flat_map(|route| &route.ways));
    ways.filter_map(|way| way.condition.as_ref()).for_each(&mut look);
    for stage in device.pipelines.iter().flat_map(|pipeline| &pipeline.stages) {
        if let Stage::Translate(translations) = stage {
            translations.iter().for_each(|translation| look(&translation.condition));
        }
    }
}

impl<B: Space> Outlines<B> {
    fn of(fabric: &Fabric) -> Self {
        let mut outlines = Self {
            intervals: vec![(B::MIN, B::MAX)],
            chains: Vec::new(),
        };
        for node in &fabric.nodes {
            let chains = node.device.chains.iter().map(|chain| outlines.chain(chain)).collect();
            outlines.chains.push(chains);
        }
        outlines
    }

    fn chain(&mut self, chain: &Chain) -> Vec<Outline<B>> {
        let mut found = Vec::new();
        for (rule, number) in chain.rules.iter().zip(0..) {
            let condition = &rule.condition;
            let (source, destination) = (hull(B::of(&condition.source)), hull(B::of(&condition.destination)));
            let (Some(source), Some(destination)) = (source, destination) else {
                continue;
            };
            for product in packets_of::<B>(condition) {
                found.push(Outline {
                    rule: number,
                    anywhere: condition.ingress == Interfaces::Any && condition.egress == Interfaces::Any,
                    source,
                    destination,
                    fields: Field::ALL.map(|field| self.field(product.values(field))),
                });
            }
        }
        found
    }

    fn field(&mut self, values: Option<&Ranges<B>>) -> (u32, u32) {
        let Some(values) = values.filter(|values| !values.is_all()) else {
            return (0, 1);
        };
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let from = place(self.intervals.len());
        self.intervals.extend(values.iter());
        (from, place(self.intervals.len()))
    }

    /// The rules of a chain, in their order.
    pub(super) fn rules(&self, node: NodeId, chain: ChainId) -> &[Outline<B>] {
        let chains = self.chains.get(usize::from(node.0));
        chains
            .and_then(|chains| chains.get(chain.0 as usize))
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn sides(&self, outline: &Outline<B>) -> Sides<'_, B> {
        outline
            .fields
            .map(|(from, to)| self.intervals.get(from as usize..to as usize).unwrap_or_default())
    }
}

fn hull<B: Bound>(ranges: &Ranges<B>) -> Option<(B, B)> {
    let intervals = ranges.intervals();
    Some((intervals.first()?.0, intervals.last()?.1))
}

/// Whether a rule that nobody can decide may lead elsewhere: what follows it may hold or not.
pub(super) fn is_open(chain: &Chain) -> bool {
    let leads = |action| matches!(action, Action::Jump(_) | Action::Goto(_) | Action::Return);
    let open = |rule: &crate::device::Rule| !rule.condition.unknown.is_empty() && leads(rule.action);
    chain.rules.iter().any(open)
}

//! What arrives where it must not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use hashbrown::HashMap;
use jiff::civil::Date;
use model::lang::Text;
use num_bigint::BigUint;
use rustc_hash::FxBuildHasher;

use super::check::too_much;
use super::cover::{Covered, Path, Standing, paths};
use super::finding::{Finding, Kind, RuleAt, fix};
use super::service::{service, service_of};
use super::slices::Asked;
use crate::device::Addresses;
use crate::diagram::{BudgetSpent, Id, Order, Surveyed, Wishes};
use crate::engine::{Ended, Prepared, Space, Work};
use crate::fabric::Fabric;
use crate::network::{Demand, Tier, ZoneId};
use crate::packet::Packet;
use crate::trace::End;

/// What slices with the same sources and destinations say.
#[derive(Default)]
pub(super) struct Part {
    pub(super) findings: Vec<Finding>,
    pub(super) used: Vec<usize>,
    /// Reasons that hold for all zones that the packets from a zone might have arrived in.
    pub(super) unproven: Vec<(ZoneId, Text)>,
}

/// Packets of one rule.
struct Told {
    rule: Option<RuleAt>,
    packets: BigUint,
    witness: Packet,
    service: String,
}

struct Examining<'a, B: Space> {
    work: Work<'a, B>,
    fabric: &'a Fabric,
    asked: &'a Asked,
    today: Date,
    /// What was told of a set on its way to a zone.
    told: HashMap<(Id, ZoneId), Rc<[Told]>, FxBuildHasher>,
    part: Part,
}

/// One arrival of packets that are not wanted there.
struct Unwanted<'d, 'e, B> {
    demand: &'d Demand,
    ended: &'e Ended<B>,
    own: bool,
}

/// Follows the packets of slices to their ends, and tells of those that no permitted path covers.
pub(super) fn arrivals<B: Space>(
    prepared: &Prepared<'_>,
    demands: &[Demand],
    asked: &Asked,
    today: Date,
    order: Order,
    budget: u64,
) -> Result<Part, BudgetSpent> {
    let mut examining = Examining {
        work: Work::<B>::new(prepared, order, budget),
        fabric: prepared.fabric(),
        asked,
        today,
        told: HashMap::default(),
        part: Part::default(),
    };
    for (slice, own) in asked.slices() {
        let from = slice.from;
        let reach = examining.work.reach(&slice)?;
        if !reach.complete {
            examining.part.unproven.push((from, too_much()));
        }
        for ended in &reach.ends {
            match ended.end {
                End::Arrives(to) => {
                    if let Some(demand) = demands.iter().find(|demand| (demand.from, demand.to) == (from, to)) {
                        examining.arrival(&Unwanted { demand, ended, own })?;
                    }
                }
                End::Unknown => {
                    let reason = unknown_end(examining.fabric, ended);
                    examining.part.unproven.push((from, reason));
                }
                _ => {}
            }
        }
    }
    Ok(examining.part)
}

/// Sets with more rules than this have the service of the witness told, not that of all packets.
const DESCRIBED: usize = 32;

impl<B: Space> Examining<'_, B> {
    fn arrival(&mut self, unwanted: &Unwanted<'_, '_, B>) -> Result<(), BudgetSpent> {
        let (demand, ended) = (unwanted.demand, unwanted.ended);
        let network = &self.fabric.network;
        let mut left = ended.sent;
        let mut carriers: HashMap<RuleAt, String, FxBuildHasher> = HashMap::default();
        let paths = paths(network, demand.from, demand.to, demand.crossing, self.today);
        let mut covered: Vec<(&Path<'_>, Covered)> = Vec::new();
        let sources = B::of(&self.asked.sources);
        for path in paths
            .iter()
            .filter(|path| !B::of(&path.path.source).intersect(sources).is_empty())
        {
            let by_path = path.covered(&mut self.work, ended)?;
            if by_path.registered == Id::NONE {
                continue;
            }
            self.part.used.push(path.index);
            for trail in self.work.arena.terminals(by_path.registered) {
                for verdict in self.work.blame.trail(trail) {
                    carriers
                        .entry(RuleAt::from(verdict))
                        .or_insert_with(|| path.path.id.clone());
                }
            }
            if path.standing == Standing::Good {
                left = self.work.arena.remove(left, by_path.allowed)?;
            }
            covered.push((path, by_path));
        }
        for (path, by_path) in covered {
            let set = self.work.arena.keep(left, by_path.registered)?;
            left = self.work.arena.remove(left, by_path.registered)?;
            let kind = match path.standing {
                Standing::Expired => Kind::Expired,
                Standing::Good | Standing::NotAllowed => Kind::NotAllowed,
            };
            self.find(unwanted, set, |_| (kind, Some(path.path.id.clone())))?;
        }
        let outside = network.zone(demand.to).is_some_and(|zone| zone.tier == Tier::Outside);
        let plain = match demand.fact {
            _ if !unwanted.own => Kind::Spoofable,
            "internet_single_exit" if outside => Kind::SecondExit,
            _ => Kind::Crossing,
        };
        self.find(unwanted, left, |rule| {
            let carried = rule.and_then(|rule| carriers.get(&rule));
            match carried {
                Some(path) if unwanted.own => (Kind::Wider, Some(path.clone())),
                _ => (plain, None),
            }
        })
    }

    fn find(
        &mut self,
        unwanted: &Unwanted<'_, '_, B>,
        set: Id,
        kind: impl Fn(Option<RuleAt>) -> (Kind, Option<String>),
    ) -> Result<(), BudgetSpent> {
        if set == Id::NONE {
            return Ok(());
        }
        let (demand, ended) = (unwanted.demand, unwanted.ended);
        let key = (set, demand.to);
        let told = match self.told.get(&key) {
            Some(told) => Rc::clone(told),
            None => self.tell(set, demand.to)?,
        };
        self.told.insert(key, Rc::clone(&told));
        for told in told.iter() {
            let (kind, path) = kind(told.rule);
            self.part.findings.push(Finding {
                kind,
                from: demand.from,
                to: demand.to,
                service: told.service.clone(),
                packets: told.packets.clone(),
                rule: told.rule,
                way: ended.way.clone(),
                witness: Some(told.witness),
                fix: fix(kind, path.as_deref()),
                path,
                supposes: ended.supposes.clone(),
            });
        }
        Ok(())
    }

    /// The packets of a set by the last rule, not by the trail: it is one line to change, however packets came to it.
    fn tell(&mut self, set: Id, to: ZoneId) -> Result<Rc<[Told]>, BudgetSpent> {
        let work = &mut self.work;
        let mut rules: Vec<Option<RuleAt>> = Vec::new();
        let mut numbered: HashMap<_, u32, FxBuildHasher> = HashMap::default();
        let mut numbers: HashMap<u32, u32, FxBuildHasher> = HashMap::default();
        for trail in work.arena.terminals(set) {
            let rule = work.blame.last(trail).map(RuleAt::from);
            let next = u32::try_from(rules.len()).map_err(|_| BudgetSpent)?;
            let number = *numbered.entry(rule).or_insert(next);
            if number == next {
                rules.push(rule);
            }
            numbers.insert(trail, number);
        }
        // Where each trail ends with a rule of its own, the numbers of trails will do.
        let distinct = rules.len() == numbers.len();
        let by_rule = if distinct {
            set
        } else {
            work.arena.map(set, |trail| numbers.get(&trail).copied())?
        };
        let surveyed = work
            .arena
            .survey(by_rule, &wishes::<B>(self.fabric, self.asked.owner, to));
        let few = surveyed.len() <= DESCRIBED;
        let mut told = Vec::with_capacity(surveyed.len());
        for Surveyed {
            terminal,
            packets,
            witness,
            ..
        } in surveyed
        {
            let witness = B::packet(&witness);
            let service = if few {
                let own = work.arena.map(by_rule, |other| (other == terminal).then_some(0))?;
                service(&work.arena, own)
            } else {
                service_of(&witness)
            };
            let number = if distinct {
                numbers.get(&terminal)
            } else {
                Some(&terminal)
            };
            told.push(Told {
                rule: number.and_then(|number| rules.get(*number as usize).copied().flatten()),
                packets,
                witness,
                service,
            });
        }
        Ok(told.into())
    }
}

/// Hosts of the zone that has the sources and of the one that they arrive in, so that a witness is a packet that somebody may really send.
fn wishes<B: Space>(fabric: &Fabric, owner: Option<ZoneId>, to: ZoneId) -> Wishes {
    let hosts = |id: ZoneId| {
        let Some(zone) = fabric.network.zone(id) else {
            return Vec::new();
        };
        let examples = match zone.tier {
            Tier::Outside => zone.addresses.intersect(&examples()),
            _ => Addresses::none(),
        };
        let first = |(first, last): (B, B)| (first.into().saturating_add(1).min(last.into()), last.into());
        let ranges = B::of(&examples).iter().chain(B::of(&zone.addresses).iter());
        ranges.take(4).map(first).collect()
    };
    Wishes::default().hosts(owner.map_or_else(Vec::new, hosts), hosts(to))
}

/// Addresses for examples (RFC 5737, RFC 3849): of the Internet, those that are nobody's.
fn examples() -> Addresses {
    let networks: [(IpAddr, u8); 4] = [
        (Ipv4Addr::new(192, 0, 2, 0).into(), 24),
        (Ipv4Addr::new(198, 51, 100, 0).into(), 24),
        (Ipv4Addr::new(203, 0, 113, 0).into(), 24),
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0).into(), 32),
    ];
    let networks = networks
        .into_iter()
        .map(|(network, length)| Addresses::network(network, length));
    networks.fold(Addresses::none(), |all, network| all.union(&network))
}

fn unknown_end<B>(fabric: &Fabric, ended: &Ended<B>) -> Text {
    let last = ended.way.last();
    let device = last
        .and_then(|hop| fabric.placed(hop.node))
        .map_or("", |placed| &placed.name);
    let interface = last
        .and_then(|hop| fabric.node(hop.node)?.device.interfaces.get(usize::from(hop.egress?.0)))
        .map_or("", |interface| &interface.name);
    Text::new(
        format!("機器「{device}」のインタフェース「{interface}」の先が、ネットワークの記述にありません。"),
        format!("nothing says where interface `{interface}` of `{device}` leads"),
    )
}

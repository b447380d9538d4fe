//! A packet against conditions and chains.

use model::lang::Text;

use super::Step;
use crate::device::{Action, Chain, ChainId, Device, InterfaceId, Line, Match, Unknown};
use crate::packet::{Family, Packet};

/// Deeper than any chain calls another; beyond it chains call each other in a circle.
const DEEPEST: usize = 64;

/// Where a packet came in and, once known, goes out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    pub(super) ingress: InterfaceId,
    pub(super) egress: Option<InterfaceId>,
}

/// Whether a packet meets a condition, what cannot be known taken as met.
pub(super) fn meets(condition: &Match, packet: &Packet, between: Between) -> bool {
    let addresses = |set: &crate::device::Addresses, number: u128| match packet.family {
        Family::V4 => u32::try_from(number).is_ok_and(|number| set.v4.contains(number)),
        Family::V6 => set.v6.contains(number),
    };
    let egress = match between.egress {
        Some(egress) => condition.egress.contains(egress),
        None => condition.egress == crate::device::Interfaces::Any,
    };
    condition.ingress.contains(between.ingress)
        && egress
        && condition.states.contains(packet.state)
        && addresses(&condition.source, packet.source)
        && addresses(&condition.destination, packet.destination)
        && condition.services.iter().any(|service| {
            service.protocols.contains(packet.protocol)
                && service.source_ports.contains(packet.source_port)
                && service.destination_ports.contains(packet.destination_port)
                && service.flags.contains(packet.flags)
        })
}

/// That what no packet shows turns out so.
pub(super) fn supposition(unknown: &Unknown, met: bool) -> Text {
    let (ja, en) = if met {
        ("に当たる", "matches")
    } else {
        ("に当たらない", "does not match")
    };
    Text::new(format!("{}{ja}", unknown.on.ja), format!("{} {en}", unknown.on.en))
}

/// What a chain says of a packet: a decision for each way in which what is unknown may turn out.
pub(super) struct Verdict {
    pub(super) step: Step,
    pub(super) permits: bool,
    pub(super) supposes: Vec<Text>,
}

/// Asks a chain; `None` when there are more ways than `most`.
pub(super) fn ask(
    device: &Device,
    chain: ChainId,
    packet: &Packet,
    between: Between,
    most: usize,
) -> Option<Vec<Verdict>> {
    let mut asking = Asking {
        device,
        packet,
        between,
        most,
        verdicts: Vec::new(),
    };
    let start = Cursor { chain, rule: 0 };
    asking.go(vec![start], Vec::new())?;
    Some(asking.verdicts)
}

#[derive(Clone, Copy)]
struct Cursor {
    chain: ChainId,
    rule: usize,
}

struct Asking<'d> {
    device: &'d Device,
    packet: &'d Packet,
    between: Between,
    most: usize,
    verdicts: Vec<Verdict>,
}

impl Asking<'_> {
    /// Goes on at the last cursor of `stack`; those before it are who called.
    fn go(&mut self, mut stack: Vec<Cursor>, mut supposes: Vec<Text>) -> Option<()> {
        while let Some(at) = stack.last_mut() {
            let cursor = *at;
            at.rule = at.rule.saturating_add(1);
            let Some(chain) = self.device.chain(cursor.chain) else {
                return self.decide(cursor, None, Action::Deny, Line { file: 0, number: 0 }, supposes);
            };
            let Some(rule) = chain.rules.get(cursor.rule) else {
                match Self::end(chain, &mut stack, false) {
                    Some(action) => return self.decide(cursor, None, action, chain.line, supposes),
                    None => continue,
                }
            };
            if !meets(&rule.condition, self.packet, self.between) {
                continue;
            }
            if let Some(unknown) = rule.condition.unknown.first() {
                let mut otherwise = supposes.clone();
                otherwise.push(supposition(unknown, false));
                self.go(stack.clone(), otherwise)?;
                supposes.push(supposition(unknown, true));
            }
            match rule.action {
                action @ (Action::Permit | Action::Deny) => {
                    return self.decide(cursor, Some(cursor.rule), action, rule.line, supposes);
                }
                Action::Return => {
                    if let Some(action) = Self::end(chain, &mut stack, true) {
                        return self.decide(cursor, None, action, chain.line, supposes);
                    }
                }
                Action::Jump(chain) | Action::Goto(chain) if stack.len() < DEEPEST => {
                    if matches!(rule.action, Action::Goto(_))
                        && let Some(caller) = stack.last_mut()
                    {
                        caller.rule = usize::MAX;
                    }
                    stack.push(Cursor { chain, rule: 0 });
                }
                Action::Jump(_) | Action::Goto(_) => {
                    return self.decide(cursor, Some(cursor.rule), Action::Deny, rule.line, supposes);
                }
            }
        }
        Some(())
    }

    /// What holds when a chain ends without a decision; `None` to go on where it was called from.
    fn end(chain: &Chain, stack: &mut Vec<Cursor>, returns: bool) -> Option<Action> {
        if stack.len() > 1 && (returns || chain.otherwise == Action::Return) {
            stack.pop();
            return None;
        }
        Some(if chain.otherwise == Action::Permit {
            Action::Permit
        } else {
            Action::Deny
        })
    }

    fn decide(
        &mut self,
        cursor: Cursor,
        rule: Option<usize>,
        action: Action,
        line: Line,
        supposes: Vec<Text>,
    ) -> Option<()> {
        if self.verdicts.len() >= self.most {
            return None;
        }
        self.verdicts.push(Verdict {
            permits: action == Action::Permit,
            step: Step::Rule {
                chain: cursor.chain,
                rule: rule.and_then(|rule| u32::try_from(rule).ok()),
                action,
                line,
            },
            supposes,
        });
        Some(())
    }
}

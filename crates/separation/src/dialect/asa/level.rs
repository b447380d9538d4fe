//! What passes where no list is bound: from interfaces that are trusted more to those that are trusted less.

use crate::device::{Action, InterfaceId, Interfaces, Line, Match, Rule};
use crate::dialect::draft::unknown;

/// Interfaces and how much they are trusted.
pub(super) struct Levels {
    pub(super) id: InterfaceId,
    pub(super) level: Option<u8>,
    pub(super) line: Line,
    pub(super) all: Vec<(InterfaceId, Option<u8>)>,
    pub(super) same_level: bool,
    pub(super) same_interface: bool,
}

impl Levels {
    /// What passes of `which` where no list is bound.
    pub(super) fn permits(&self, which: &Match) -> Vec<Rule> {
        let to = |these: Vec<InterfaceId>, unsure: bool| {
            if these.is_empty() {
                return None;
            }
            let mut condition = Match {
                egress: Interfaces::These(these),
                ..which.clone()
            };
            if unsure {
                condition
                    .unknown
                    .push(unknown("セキュリティレベル", "the security level of an interface"));
            }
            Some(Rule::implied("security-level", condition, Action::Permit, self.line))
        };
        let (mut sure, mut unsure) = (Vec::new(), Vec::new());
        for (other, level) in &self.all {
            match (self.level, level) {
                _ if *other == self.id => sure.extend(self.same_interface.then_some(*other)),
                (Some(own), Some(level)) if own > *level || own == *level && self.same_level => sure.push(*other),
                (Some(_), Some(_)) => {}
                _ => unsure.push(*other),
            }
        }
        to(sure, false).into_iter().chain(to(unsure, true)).collect()
    }

    /// What passes by no list: to an interface that is trusted the same, and back out where it came in.
    pub(super) fn denies(&self) -> Vec<Rule> {
        let is_shut = |(other, level): &&(InterfaceId, Option<u8>)| {
            if *other == self.id {
                !self.same_interface
            } else {
                !self.same_level && self.level.is_some() && self.level == *level
            }
        };
        let shut: Vec<InterfaceId> = self.all.iter().filter(is_shut).map(|(other, _)| *other).collect();
        if shut.is_empty() {
            return Vec::new();
        }
        let condition = Match {
            egress: Interfaces::These(shut),
            ..Match::everything()
        };
        vec![Rule {
            action: Action::Deny,
            ..Rule::implied("security-level", condition, Action::Permit, self.line)
        }]
    }
}

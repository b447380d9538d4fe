//! Security rules as they meet packets whose destination was changed.

use super::super::draft::unknown;
use super::nat;
use crate::device::{Addresses, Interfaces, Match, Rule};

/// A rule as it meets packets whose destination was changed: it sees the destination that they came with.
pub(super) fn around(rule: Rule, translations: &[nat::Rule]) -> Vec<Rule> {
    let mut rules = vec![rule];
    for change in translations {
        let Some((to, port)) = &change.destination else {
            continue;
        };
        let mut next = Vec::new();
        for rule in rules {
            next.extend(split(rule, change, to, *port));
        }
        rules = next;
    }
    rules
}

fn split(rule: Rule, change: &nat::Rule, to: &Addresses, port: Option<u16>) -> Vec<Rule> {
    let ingress = rule.condition.ingress.intersect(&change.condition.ingress);
    let was = unknown("宛先が変換されたかどうか", "whether the destination was changed");
    if ingress.is_empty() || rule.condition.unknown.contains(&was) {
        return vec![rule];
    }
    let with = |condition: Match| Rule {
        condition,
        ..rule.clone()
    };
    let mut rules = Vec::new();
    let shared = rule.condition.destination.intersect(to);
    if shared.is_empty() {
        rules.push(rule.clone());
    } else {
        let mut others = rule.condition.clone();
        others.destination = others.destination.minus(to);
        let mut elsewhere = rule.condition.clone();
        elsewhere.destination = shared.clone();
        if let Interfaces::These(ids) = &ingress {
            elsewhere.ingress = elsewhere.ingress.intersect(&Interfaces::AllBut(ids.clone()));
        }
        let mut here = rule.condition.clone();
        (here.ingress, here.destination) = (ingress.clone(), shared);
        here.unknown.push(was.clone());
        rules.extend(
            [others, elsewhere, here]
                .into_iter()
                .filter(|one| !one.is_empty())
                .map(with),
        );
    }
    let meets = !rule.condition.and(&change.condition).is_empty();
    if meets {
        let mut image = rule.condition.clone();
        image.ingress = ingress;
        image.destination = to.clone();
        if let Some(port) = port {
            image.services = nat::on_port(port);
        }
        image.unknown.push(was);
        if !image.is_empty() {
            rules.push(with(image));
        }
    }
    rules
}

//! Interfaces that rules name.

use crate::device::{Device, Line};
use crate::dialect::linux;
use crate::dialect::linux::tree::{Among, Element, Field, Ruleset, Statement, Table, Value};

/// Sets up every interface that some rule names. A rule about `eth*` is about those that later rules name, too.
pub(super) fn set_up(ruleset: &Ruleset, file: u16, device: &mut Device) {
    for table in ruleset.tables.iter().filter(|table| !table.dormant) {
        for rule in table.chains.iter().flat_map(|chain| &chain.rules) {
            let line = Line {
                file,
                number: rule.line,
            };
            for statement in &rule.statements {
                of(table, statement, &mut |name| _ = linux::interface(device, name, line));
            }
        }
    }
}

fn of(table: &Table, statement: &Statement, named: &mut dyn FnMut(&str)) {
    let (fields, among) = match statement {
        Statement::Match { fields, among, .. } => (fields, among),
        Statement::VerdictMap { fields, map } => (fields, map),
        _ => return,
    };
    let elements: &[Element] = match among {
        Among::These(elements) => elements,
        Among::Named(name) => {
            let set = table.sets.iter().find(|set| set.name == *name);
            set.map_or(&[], |set| &set.elements)
        }
        Among::Flags { .. } => return,
    };
    let places = fields.iter().enumerate();
    for (place, _) in places.filter(|(_, field)| matches!(field, Field::Ingress | Field::Egress)) {
        for value in elements.iter().filter_map(|element| element.key.get(place)) {
            if let Value::Word(name) = value
                && !name.is_empty()
                && !name.ends_with('*')
            {
                named(name);
            }
        }
    }
}

//! What a term of a filter does.

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::statement::{no_address, prefix, unknown_word};
use crate::device::route::Next;
use crate::device::{Action, Affects};

/// What becomes of packets that match.
pub(super) struct Then {
    pub(super) action: Action,
    /// The next term is asked, whatever this one counts.
    pub(super) goes_on: bool,
    /// Where it goes, whatever the table says.
    pub(super) way: Option<Next>,
    pub(super) logs: bool,
}

impl Default for Then {
    fn default() -> Self {
        Self {
            action: Action::Permit,
            goes_on: false,
            way: None,
            logs: false,
        }
    }
}

/// What `then` may say and that changes nothing that passes. A limit only drops more.
const THEN_BESIDE: &str = "count sample policer three-color-policer hierarchical-policer forwarding-class loss-priority dscp \
    traffic-class traffic-class-count port-mirror port-mirror-instance service-accounting prefix-action color virtual-channel exclude-accounting \
    service-accounting-deferred";

/// `then { count a; accept; }`
pub(super) fn then(reading: &mut Reading<'_, '_>, part: &Node, affects: Affects) -> Then {
    let mut then = Then::default();
    for act in part.children() {
        match &*act.word {
            "accept" => then.action = Action::Permit,
            "discard" | "reject" => then.action = Action::Deny,
            "next" => {
                reading.take(act);
                match act.child("term") {
                    Some(term) => {
                        reading.take(term);
                        then.goes_on = true;
                    }
                    None => reading.unread(act, unknown_word(), affects),
                }
            }
            "log" | "syslog" => then.logs = true,
            "routing-instance" => {
                reading.take(act);
                if let Some(table) = reading.one(act, affects) {
                    reading.take(table);
                    then.way = Some(Next::Table(super::route::table(&table.word)));
                }
            }
            "next-ip" | "next-ip6" => {
                reading.take(act);
                let gateway = reading
                    .one(act, affects)
                    .and_then(|value| Some((prefix(&value.word)?.0, value)));
                match gateway {
                    Some((gateway, value)) => {
                        reading.take(value);
                        then.way = Some(Next::Gateway(gateway));
                    }
                    None => reading.unread(act, no_address(), affects),
                }
            }
            word if is_in(THEN_BESIDE, word) => {}
            _ => {
                reading.unread(
                    act,
                    Text::fixed("この動作は読めない", "this action is not read"),
                    affects,
                );
                continue;
            }
        }
        reading.is(act, "accept discard reject log syslog");
        reading.is(act, THEN_BESIDE);
        // More actions on the same line.
        let value = is_in(THEN_BESIDE, &act.word) || is_in("reject routing-instance next-ip next-ip6", &act.word);
        let more = if value { None } else { Some(act) };
        for act in more
            .into_iter()
            .flat_map(Node::children)
            .filter(|more| more.word != "term")
        {
            reading.unread(act, unknown_word(), affects);
        }
    }
    let decides = |word: &str| part.child(word).is_some();
    if decides("accept") && (decides("discard") || decides("reject")) {
        reading.unread(
            part,
            Text::fixed("許可と拒否が両方ある", "it accepts and discards"),
            affects,
        );
    }
    then
}

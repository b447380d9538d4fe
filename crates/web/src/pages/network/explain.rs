//! `/network/explain`: the way of one packet, device by device, with the line that decides at each.

use std::net::IpAddr;

use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use model::lang::{Lang, Text};
use separation::device::Action;
use separation::trace::{Branch, End, Hop, Step, walk};
use serde::Deserialize;
use service::hall::Refusal;
use service::network::explain::{self, PacketAsked};
use service::network::{Asked, Known};

use super::known;
use super::show::TITLE;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::view::network::{self, LineView};
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/network-explain.html")]
struct Explained {
    frame: Frame,
    question: Question,
    faults: Vec<Fault>,
    answer: Option<Answer>,
}

impl Page for Explained {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The form, as it was filled in; its template is `part/network-question.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) asked: Sent,
    /// Name and label of each zone.
    pub(super) zones: Vec<(String, String)>,
}

/// What the form sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    pub(super) from: String,
    pub(super) source: String,
    pub(super) destination: String,
    pub(super) protocol: String,
    pub(super) port: String,
    pub(super) source_port: String,
}

/// Where the packet may go.
struct Answer {
    packet: String,
    from: String,
    ways: Vec<Way>,
    is_whole: bool,
}

/// One way.
struct Way {
    hops: Vec<HopView>,
    supposes: Vec<Text>,
    end: Text,
    class: &'static str,
}

/// A device on it.
struct HopView {
    device: String,
    interfaces: String,
    steps: Vec<StepView>,
}

/// What happens there.
struct StepView {
    words: Text,
    stops: bool,
    line: Option<LineView>,
}

impl Question {
    /// Nothing is asked yet.
    pub(super) fn empty(zones: &[(String, String)]) -> Self {
        Self {
            asked: Sent::default(),
            zones: zones.to_vec(),
        }
    }

    pub(super) fn is_from(&self, name: &str) -> bool {
        self.asked.from == name
    }
}

impl Explained {
    fn new(frame: Frame, asked: &Asked, sent: Sent) -> Self {
        let (answer, faults) = if sent == Sent::default() {
            (None, Vec::new())
        } else {
            match answer(asked, &sent) {
                Ok(answer) => (Some(answer), Vec::new()),
                Err(faults) => (None, faults),
            }
        };
        Self {
            frame: frame.crumb(TITLE, href::NETWORK),
            question: Question {
                asked: sent,
                zones: network::zones(asked),
            },
            faults,
            answer,
        }
    }

    const fn status(&self) -> StatusCode {
        if self.faults.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

impl Answer {
    /// 届きます / 届きません
    fn arrives(&self) -> Text {
        let may = !self.is_whole || self.ways.iter().any(|way| way.class == "is-broken");
        if may {
            Text::fixed("このパケットは届きえます。", "This packet may arrive.")
        } else {
            Text::fixed("このパケットはどこにも届きません。", "This packet arrives nowhere.")
        }
    }
}

fn answer(asked: &Asked, sent: &Sent) -> Result<Answer, Vec<Fault>> {
    let mut faults = Vec::new();
    let source = address("source", &sent.source, &mut faults);
    let destination = address("destination", &sent.destination, &mut faults);
    let port = number("port", &sent.port, &mut faults);
    let source_port = number("source_port", &sent.source_port, &mut faults);
    let (Some(source), Some(destination), true) = (source, destination, faults.is_empty()) else {
        return Err(faults);
    };
    let question = PacketAsked {
        from: Some(sent.from.as_str()).filter(|name| !name.is_empty()),
        source,
        destination,
        protocol: if sent.protocol.is_empty() { "tcp" } else { sent.protocol.trim() },
        port,
        source_port,
    };
    let network = &asked.network;
    let (from, packet) = network.packet(&question).map_err(|(part, words)| {
        vec![Fault {
            field: part.word().to_owned(),
            words,
        }]
    })?;
    let walk = walk(&network.fabric, from, packet, &|first, _| first);
    Ok(Answer {
        packet: packet.to_string(),
        from: network.zone_label(from).to_owned(),
        ways: walk.branches.iter().map(|branch| way(asked, branch)).collect(),
        is_whole: walk.complete,
    })
}

fn address(field: &str, written: &str, faults: &mut Vec<Fault>) -> Option<IpAddr> {
    let read = written.trim().parse().ok();
    if read.is_none() {
        faults.push(Fault {
            field: field.to_owned(),
            words: match field {
                "source" => Text::fixed("送信元のアドレスを入力してください", "enter the address of the source"),
                _ => Text::fixed("宛先のアドレスを入力してください", "enter the address of the destination"),
            },
        });
    }
    read
}

fn number(field: &str, written: &str, faults: &mut Vec<Fault>) -> Option<u16> {
    let written = written.trim();
    let read = written.parse().ok();
    if read.is_none() && !written.is_empty() {
        faults.push(Fault {
            field: field.to_owned(),
            words: Text::fixed("ポートは0から65535の数です", "a port is a number from 0 to 65535"),
        });
    }
    read
}

fn way(asked: &Asked, branch: &Branch) -> Way {
    Way {
        hops: branch.hops.iter().map(|hop| hop_view(asked, hop)).collect(),
        supposes: branch.supposes.clone(),
        end: asked.network.end(branch.end),
        class: match branch.end {
            End::Arrives(_) | End::Unknown => "is-broken",
            End::Denied | End::NoRoute | End::ForDevice | End::Loop => "is-kept",
        },
    }
}

fn hop_view(asked: &Asked, hop: &Hop) -> HopView {
    let (_, ingress, egress) = asked.network.hop(hop);
    let placed = asked.network.fabric.placed(hop.node);
    HopView {
        device: placed.map_or_else(String::new, |placed| placed.label.clone()),
        interfaces: format!("{ingress} → {}", egress.unwrap_or("?")),
        steps: hop.steps.iter().map(|step| step_view(asked, hop, step)).collect(),
    }
}

fn step_view(asked: &Asked, hop: &Hop, step: &Step) -> StepView {
    let told = explain::step(step);
    StepView {
        words: told.words,
        stops: matches!(step, Step::Rule { action, .. } if *action != Action::Permit),
        line: told.at.and_then(|line| network::line(asked, hop.node, line)),
    }
}

/// What the page is called.
const WAY: Text = Text::fixed("パケットの通り道", "The way of a packet");

pub(super) async fn explain(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(sent): Query<Sent>,
) -> Result<Response, Failure> {
    let frame = visit.frame(WAY, Section::Network);
    let page = blocking(&site, move |hall| match known(hall, &visitor)? {
        Known::Asked(asked) => Ok(Explained::new(frame, &asked, sent)),
        Known::Undescribed | Known::Unusable(_) => Err(Refusal::NotFound),
    })
    .await?;
    Ok(page.show_as(page.status()))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    let Known::Asked(asked) = &edition.snapshot.network else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static(href::EXPLAIN), lang);
    let sent = |source: &str, destination: &str, port: &str| Sent {
        source: source.to_owned(),
        destination: destination.to_owned(),
        protocol: "tcp".to_owned(),
        port: port.to_owned(),
        ..Sent::default()
    };
    // One that passes where it must not, one that is kept out, one that is no packet.
    let questions = [
        ("network-explain", sent("10.20.10.33", "10.10.30.5", "445")),
        ("network-explain-denied", sent("10.30.20.1", "10.10.30.5", "445")),
        ("network-explain-faults", sent("10.20.10", "10.10.30.5", "")),
    ];
    let pages = questions.into_iter().map(|(name, sent)| {
        let page = Explained::new(visit.frame(WAY, Section::Network), asked, sent);
        Sample::of(name, &page)
    });
    pages.collect()
}

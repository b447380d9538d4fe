//! `/registers`: all registers, under the clauses that they are kept for.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use policy::concept::lies_below;
use policy::judge::Standing;
use policy::text::Clause;
use register::Kind;
use service::city::City;
use service::hall::reach::Reach;
use service::hall::rights::Verb;
use service::hall::{Refusal, collection};
use service::standing::Snapshot;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/register-index.html")]
struct IndexPage {
    frame: Frame,
    groups: Vec<Group>,
}

impl Page for IndexPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The registers of one clause.
struct Group {
    /// `g-6.3`
    id: String,
    /// The clause; none for registers that serve no clause of this policy.
    clause: Option<(String, String)>,
    registers: Vec<RegisterView>,
}

/// One register.
struct RegisterView {
    label: Text,
    href: String,
    /// How many rows are in use; none where the visitor does not see all of it.
    count: Option<u64>,
    /// The city keeps it, be it empty.
    is_kept: bool,
    /// Findings that show in it.
    broken: usize,
    create: Option<String>,
}

/// What the visitor sees of a register.
#[derive(Clone, Copy, Default)]
struct Seen {
    whole: bool,
    create: bool,
}

impl IndexPage {
    fn new(
        visit: &Visit,
        snapshot: &Snapshot,
        counts: &BTreeMap<String, u64>,
        kept: &BTreeSet<String>,
        seen: impl Fn(&Kind) -> Option<Seen>,
    ) -> Self {
        let broken = broken(snapshot);
        let city = &snapshot.city;
        let mut by_clause: BTreeMap<usize, Vec<RegisterView>> = BTreeMap::new();
        let clauses: Vec<&Clause> = city.document.walk().collect();
        for kind in &city.kinds {
            let Some(seen) = seen(kind) else { continue };
            let count = counts.get(&kind.slug).copied().unwrap_or_default();
            let view = RegisterView {
                label: kind.label.clone(),
                href: href::register(&kind.slug),
                count: seen.whole.then_some(count),
                is_kept: count > 0 || kept.contains(&kind.slug),
                broken: broken.get(kind.slug.as_str()).copied().unwrap_or_default(),
                create: seen.create.then(|| href::of_register(&kind.slug, "new")),
            };
            let place = serves(&clauses, kind).unwrap_or(clauses.len());
            by_clause.entry(place).or_default().push(view);
        }
        let groups = by_clause.into_iter().map(|(place, registers)| {
            let clause = clauses.get(place);
            Group {
                id: clause.map_or_else(|| "g-other".to_owned(), |clause| format!("g-{}", clause.id)),
                clause: clause.map(|clause| (name(city, clause), href::clause(&clause.id))),
                registers,
            }
        });
        Self {
            frame: visit.frame(Section::Registers.label(), Section::Registers),
            groups: groups.collect(),
        }
    }
}

impl RegisterView {
    /// How many rows it has, or what it means that there are none.
    fn state(&self) -> Text {
        match self.count {
            None => Text::fixed("見る権限のある行だけ", "the rows that you may see"),
            Some(0) if self.is_kept => Text::fixed("0件(該当なしと確認)", "none (kept, and empty)"),
            Some(0) => Text::fixed("まだ使われていない", "not kept yet"),
            Some(count) => Text::new(format!("{count}件"), format!("{count} rows")),
        }
    }

    fn findings(&self) -> Option<Text> {
        let broken = self.broken;
        (broken > 0).then(|| Text::new(format!("指摘{broken}件"), format!("{broken} findings")))
    }
}

/// The position of the clause that a register is kept for: that of its first concept that the policy has; where the policy
/// says it in general, the nearest clause above.
fn serves(clauses: &[&Clause], kind: &Kind) -> Option<usize> {
    let concept = |clause: &Clause| clause.concept.clone().unwrap_or_default();
    kind.concepts.iter().find_map(|wanted| {
        let exact = clauses.iter().position(|clause| concept(clause) == *wanted);
        let above = || {
            let near = clauses.iter().enumerate().filter(|(_, clause)| {
                let concept = concept(clause);
                !concept.is_empty() && lies_below(wanted, &concept)
            });
            near.max_by_key(|(place, clause)| (concept(clause).len(), std::cmp::Reverse(*place)))
                .map(|(place, _)| place)
        };
        exact.or_else(above)
    })
}

/// 6(2) 情報資産の分類と管理, with the clause above where it has no heading of its own.
fn name(city: &City, clause: &Clause) -> String {
    let own = format!("{} {}", clause.label, clause.heading);
    let mut above = city.document.walk().filter(|above| {
        let rest = clause.id.strip_prefix(above.id.as_str());
        rest.is_some_and(|rest| rest.starts_with('.')) && !above.id.contains('.')
    });
    match above.next() {
        Some(above) if !clause.label.is_empty() => format!("{} {}", above.label, own.trim()),
        _ => own.trim().to_owned(),
    }
}

/// How many findings show in each register.
fn broken(snapshot: &Snapshot) -> BTreeMap<&str, usize> {
    let mut broken = BTreeMap::new();
    for state in &snapshot.duties {
        let open = state
            .findings
            .iter()
            .filter(|finding| finding.standing == Standing::Broken);
        for place in open.filter_map(|finding| finding.place.as_ref()) {
            let count: &mut usize = broken.entry(place.register.as_str()).or_default();
            *count = count.saturating_add(1);
        }
    }
    broken
}

async fn show(State(site): State<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let page = blocking(&site, move |hall| {
        let snapshot = hall.snapshot().ok_or(Refusal::NoCity)?;
        let counts = hall.store().registers()?;
        let counts = counts.into_iter().map(|(register, live, _)| (register, live)).collect();
        let kept = hall.store().entry(collection::CITY, collection::KEPT)?;
        let kept = kept.and_then(|entry| serde_json::from_value(entry.document.get("registers")?.clone()).ok());
        Ok(IndexPage::new(
            &visit,
            &snapshot,
            &counts,
            &kept.unwrap_or_default(),
            |kind| {
                let create = hall.may_somewhere(&visitor, Verb::Create, kind);
                match hall.reach(&visitor, kind) {
                    Reach::Whole => Some(Seen { whole: true, create }),
                    Reach::Sections(..) => Some(Seen { whole: false, create }),
                    Reach::Rows => {
                        let reads = create || hall.may_somewhere(&visitor, Verb::Read, kind);
                        reads.then_some(Seen { whole: false, create })
                    }
                }
            },
        ))
    });
    Ok(page.await?.show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route(href::REGISTERS, get(show))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else { return Vec::new() };
    let visit = sample::visit(site, Uri::from_static(href::REGISTERS), lang);
    let counts = BTreeMap::from([("terminal".to_owned(), 412), ("person".to_owned(), 612)]);
    let kept = BTreeSet::from(["incident".to_owned()]);
    let page = IndexPage::new(&visit, &edition.snapshot, &counts, &kept, |kind| {
        match kind.slug.as_str() {
            "audit" => None,
            "medium" => Some(Seen::default()),
            _ => Some(Seen {
                whole: true,
                create: true,
            }),
        }
    });
    vec![Sample::of("register-index", &page)]
}

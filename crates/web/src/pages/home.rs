//! `/`: the policy, each clause with its standing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use model::lang::{Lang, Text};
use policy::judge::Standing;
use serde::Deserialize;
use service::hall::{Hall, Refusal};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters::{self, Spoken};
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::{Edition, Site};
use crate::view::{Change, ClauseView, DutyView, FindingView, PolicyView, Run};
use crate::visit::Visit;

/// How many findings stand under a clause before its own page is offered.
const FIRST: usize = 3;

/// How many documents made for the roles of a visitor are kept with an edition.
const KEPT: usize = 64;

/// Which clauses are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// The whole policy.
    #[default]
    All,
    /// Clauses that are broken.
    Broken,
    /// Clauses whose duties the visitor owes.
    Mine,
}

impl Show {
    const ALL: [Self; 3] = [Self::All, Self::Broken, Self::Mine];

    const fn href(self) -> &'static str {
        match self {
            Self::All => "/",
            Self::Broken => "/?show=broken",
            Self::Mine => "/?show=mine",
        }
    }

    const fn label(self) -> Text {
        match self {
            Self::All => Text::fixed("すべて", "All"),
            Self::Broken => Text::fixed("破れている", "Broken"),
            Self::Mine => Text::fixed("わたしの分", "Mine"),
        }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "page/home.html")]
struct Home<'p> {
    frame: Frame,
    edition: &'p Edition,
    chosen: Show,
    /// When the visitor was here before.
    since: Option<Timestamp>,
    changes: Vec<(&'p ClauseView, Change)>,
    document: Arc<str>,
    proof: Option<Proof>,
}

/// How far the ledger is signed, and by whom besides us.
#[derive(Debug, Clone)]
struct Proof {
    size: u64,
    signed_at: Option<Timestamp>,
    /// The witness that signed last.
    witness: Option<(String, u64, Timestamp)>,
}

impl Proof {
    /// 署名済み 第1,234号まで
    fn signed(&self) -> Text {
        let size = self.size;
        Text::new(
            format!("署名済み 第{size}号まで"),
            format!("signed up to ledger entry {size}"),
        )
    }

    /// 副署 第1,234号まで(県の立会人)
    fn witnessed(&self) -> Option<Text> {
        let (name, size, _) = self.witness.as_ref()?;
        Some(Text::new(
            format!("副署 第{size}号まで({name})"),
            format!("cosigned up to ledger entry {size} ({name})"),
        ))
    }
}

impl Page for Home<'_> {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl<'p> Home<'p> {
    fn new(visit: &Visit, edition: &'p Edition, chosen: Show, proof: Option<Proof>) -> Self {
        let since = visit.viewer.as_ref().and_then(|viewer| viewer.last_visit);
        let changes = since.map(|since| edition.policy.changes(&edition.history, since));
        Self {
            frame: visit.frame(Text::same(&edition.policy.title), Section::Policy),
            document: edition
                .home
                .document(&edition.policy, chosen, visit.lang, visit.roles()),
            chosen,
            since,
            changes: changes.unwrap_or_default(),
            proof,
            edition,
        }
    }

    /// Up to where the ledger is taken into account.
    fn ledger(&self) -> Option<Text> {
        let size = self.edition.policy.ledger;
        (size > 0).then(|| {
            Text::new(
                format!("証跡 第{size}号までを反映"),
                format!("acts up to ledger entry {size}"),
            )
        })
    }
}

/// 指摘2件→5件
fn findings(change: &Change) -> Text {
    let (before, after) = change.broken;
    Text::new(
        format!("指摘{before}件→{after}件"),
        format!("findings {before} → {after}"),
    )
}

/// The contents and the clauses, which are the same for every visitor of an edition who chose the same.
#[derive(Template)]
#[template(path = "part/document.html")]
struct Document<'p> {
    policy: &'p PolicyView,
    clauses: Vec<Shown<'p>>,
}

/// A clause as the chosen view shows it.
struct Shown<'p> {
    clause: &'p ClauseView,
    /// Stands here only because a clause below it is shown.
    is_context: bool,
    /// Its duties stand open.
    is_opened: bool,
    /// Those that somebody should look at, worst first.
    duties: Vec<Arc<DutyView>>,
    /// How many of its duties are kept or do not apply.
    quiet: usize,
}

impl Shown<'_> {
    /// The worst findings, each with its duty.
    fn first_findings(&self) -> Vec<(&DutyView, &FindingView)> {
        let duties = self.duties.iter().filter(|duty| duty.standing == Standing::Broken);
        let found = duties.flat_map(|duty| {
            let broken = duty.findings.iter();
            let broken = broken.filter(|found| found.standing == Standing::Broken);
            broken.map(move |found| (duty.as_ref(), found))
        });
        found.take(FIRST).collect()
    }

    fn summary(&self) -> Text {
        let count = self.duties.len();
        Text::new(
            format!("対応の要る遵守事項{count}件を見る"),
            format!("{count} duties that need attention"),
        )
    }

    /// What the page of the clause has beyond this.
    fn more(&self) -> Text {
        let all: usize = self.duties.iter().map(|duty| duty.broken()).sum();
        let (ja, en) = match all.saturating_sub(FIRST) {
            0 => Default::default(),
            rest => (format!("ほかの指摘{rest}件、"), format!("{rest} more findings, ")),
        };
        let quiet = self.quiet;
        Text::new(
            format!("{ja}守られているもの{quiet}件、証明と経過を見る"),
            format!("{en}{quiet} that are kept, evidence and history"),
        )
    }

    /// Said of duties that need nothing.
    fn quiet_words(&self) -> Text {
        let quiet = self.quiet;
        Text::new(
            format!("負っている遵守事項{quiet}件は、守られているか、該当しません。"),
            format!("The {quiet} duties that you owe are kept or do not apply."),
        )
    }
}

impl<'p> Document<'p> {
    fn new(policy: &'p PolicyView, show: Show, roles: &[String]) -> Self {
        let mut shown: Vec<Shown<'p>> = Vec::new();
        let wanted: BTreeSet<&str> = policy
            .clauses
            .iter()
            .filter(|clause| is_wanted(policy, clause, show, roles))
            .map(|clause| clause.id.as_str())
            .collect();
        for clause in &policy.clauses {
            let is_wanted = wanted.contains(clause.id.as_str());
            let inside = format!("{}.", clause.id);
            if is_wanted || wanted.iter().any(|id| id.starts_with(&inside)) {
                let mut own = if is_wanted {
                    policy.duties(&clause.duties)
                } else {
                    Vec::new()
                };
                own.retain(|duty| show != Show::Mine || owes(duty, roles));
                let (duties, quiet): (Vec<_>, Vec<_>) = own.into_iter().partition(|duty| duty.needs_attention());
                shown.push(Shown {
                    clause,
                    is_context: !is_wanted,
                    is_opened: show != Show::All,
                    duties,
                    quiet: quiet.len(),
                });
            }
        }
        Self { policy, clauses: shown }
    }

    /// Where a link to a clause leads: to its place here, or to its own page where it is not shown.
    fn link(&self, id: &str) -> String {
        if self.clauses.iter().any(|shown| shown.clause.id == id) {
            format!("#{}", href::anchor(id))
        } else {
            href::clause(id)
        }
    }

    fn html(&self, lang: Lang) -> Arc<str> {
        let html = self.render_with_values(&Spoken(lang));
        html.unwrap_or_else(|error| {
            tracing::error!(%error, "the policy was not rendered");
            String::new()
        })
        .into()
    }
}

fn is_wanted(policy: &PolicyView, clause: &ClauseView, show: Show, roles: &[String]) -> bool {
    let own = policy.duties(&clause.duties);
    match show {
        Show::All => true,
        Show::Broken => own.iter().any(|duty| duty.standing == Standing::Broken),
        Show::Mine => own.iter().any(|duty| owes(duty, roles)),
    }
}

/// Everybody owes what 職員等 owe.
fn owes(duty: &DutyView, roles: &[String]) -> bool {
    duty.owes == "personnel" || roles.contains(&duty.owes)
}

/// Whether it is read in Japanese, and the roles of who reads it.
type Reader = (bool, Vec<String>);

/// The documents of an edition, made once and then only copied.
pub struct Rendered {
    /// By what is shown and in which language.
    ready: BTreeMap<(Show, bool), Arc<str>>,
    /// By language and roles, as visitors ask for them.
    mine: Mutex<BTreeMap<Reader, Arc<str>>>,
}

impl Rendered {
    pub(crate) fn new(policy: &PolicyView) -> Self {
        let mut ready = BTreeMap::new();
        for show in [Show::All, Show::Broken] {
            let document = Document::new(policy, show, &[]);
            for lang in [Lang::Ja, Lang::En] {
                ready.insert((show, lang == Lang::Ja), document.html(lang));
            }
        }
        Self {
            ready,
            mine: Mutex::new(BTreeMap::new()),
        }
    }

    fn document(&self, policy: &PolicyView, show: Show, lang: Lang, roles: &[String]) -> Arc<str> {
        if let Some(ready) = self.ready.get(&(show, lang == Lang::Ja)) {
            return Arc::clone(ready);
        }
        let key = (lang == Lang::Ja, roles.to_vec());
        let mut mine = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = mine.get(&key) {
            return Arc::clone(known);
        }
        let made = Document::new(policy, show, roles).html(lang);
        if mine.len() < KEPT {
            mine.insert(key, Arc::clone(&made));
        }
        made
    }
}

#[derive(Debug, Default, Deserialize)]
struct Choice {
    #[serde(default)]
    show: Show,
}

fn proof(hall: &Hall) -> Result<Option<Proof>, Refusal> {
    let Some(signed) = hall.notary().signed() else {
        return Ok(None);
    };
    let newest = hall.witnessed()?.into_iter().next();
    Ok(Some(Proof {
        size: signed.size,
        signed_at: hall.notary().signed_at(),
        witness: newest.map(|witnessed| (witnessed.name, witnessed.size, witnessed.at)),
    }))
}

async fn home(State(site): State<Site>, visit: Visit, Query(choice): Query<Choice>) -> Result<Response, Failure> {
    let edition = site.edition()?;
    let proof = match site.hall() {
        Ok(_) => blocking(&site, proof).await?,
        Err(_) => None,
    };
    Ok(Home::new(&visit, &edition, choice.show, proof).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/", get(home))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    let page = |name, show: Show| {
        let visit = sample::visit(site, Uri::from_static(show.href()), lang);
        let proof = Proof {
            size: 48_213,
            signed_at: Some(site.clock().now()),
            witness: Some(("pref.mihon.example/witness".to_owned(), 48_210, site.clock().now())),
        };
        Sample::of(name, &Home::new(&visit, &edition, show, Some(proof)))
    };
    vec![
        page("home", Show::All),
        page("home-broken", Show::Broken),
        page("home-mine", Show::Mine),
    ]
}

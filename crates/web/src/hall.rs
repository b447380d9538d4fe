//! The pages over a living city: who a request comes from, and the edition that pages read, made anew when the city changed.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use access::session::cookie::Name;
use access::source::Told;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{COOKIE, USER_AGENT};
use axum::http::{Extensions, HeaderMap};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::{Hall, Refusal};

use crate::frame::{Section, Viewer};
use crate::rate::Limits;
use crate::site::{Edition, Site};
use crate::view::{History, Newest, Point, Records};

/// The service over a hall: pages with sign-in, the API, the assets.
pub fn serve(hall: Arc<Hall>) -> Router {
    serve_within(hall, Limits::shipped())
}

/// [`serve`] with other limits to how often one may ask.
pub fn serve_within(hall: Arc<Hall>, limits: Limits) -> Router {
    let site = Site::within(Arc::clone(&hall), limits);
    let refresher = Refresher {
        hall,
        site: site.clone(),
        busy: Arc::default(),
    };
    crate::app(site).layer(from_fn_with_state(refresher, arrive))
}

/// Keeps the site's edition in step with the hall.
#[derive(Clone)]
struct Refresher {
    hall: Arc<Hall>,
    site: Site,
    /// One thread makes an edition; the others go on with the one before.
    busy: Arc<Mutex<()>>,
}

impl Refresher {
    /// What a page says beside its own matter; a page without it is better than none.
    fn told<T: Default>(&self, asked: Result<T, Refusal>) -> T {
        asked.unwrap_or_else(|refusal| {
            tracing::error!(?refusal, "the frame of a page is not complete");
            T::default()
        })
    }

    /// Makes a new edition if the city stands otherwise than the site shows.
    fn refresh(&self) {
        let Some(snapshot) = self.hall.snapshot() else { return };
        let shown = self.site.edition();
        if shown.is_ok_and(|edition| Arc::ptr_eq(&edition.snapshot, &snapshot)) {
            return;
        }
        // The first edition is worth waiting for.
        let _made = match (self.busy.try_lock(), self.site.edition()) {
            (Ok(guard), _) => guard,
            (Err(_), Ok(_)) => return,
            (Err(_), Err(_)) => self.busy.lock().unwrap_or_else(PoisonError::into_inner),
        };
        match self.hall.publications() {
            Ok(publications) if publications == *self.site.publications() => {}
            Ok(publications) => self.site.publish_all(publications),
            // What was public stays so; the next edition tries again.
            Err(refusal) => tracing::error!(?refusal, "what is public was not read"),
        }
        let history = self.hall.standing_history().unwrap_or_default();
        let mut told = History::default();
        for (clause, stood) in &history {
            for stood in stood {
                let point = Point {
                    at: stood.at,
                    standing: stood.standing,
                    broken: stood.broken,
                };
                told.add(clause, point);
            }
        }
        let records = Rows(&self.hall);
        let now = self.hall.clock().now();
        self.site.put(Edition::new(snapshot, told, &records, now));
    }

    /// The sections that the header offers: the administration only to those who may do something there, the network only to those who
    /// may see it.
    fn sections(&self, visitor: &Visitor) -> Vec<Section> {
        let all = Section::ALL.iter().copied();
        let offered = |section: &Section| match section {
            Section::Admin => self.hall.administers(visitor),
            Section::Network => self.hall.permit_on_network(visitor).is_ok(),
            _ => true,
        };
        all.filter(offered).collect()
    }

    fn viewer(&self, visitor: &Visitor) -> Viewer {
        let directory = self.hall.directory();
        let section = directory.sections.get(&visitor.section);
        let mut roles: Vec<String> = visitor.roles.iter().map(|held| held.role.clone()).collect();
        roles.sort();
        roles.dedup();
        Viewer {
            name: visitor.name.clone(),
            section: section.map(|section| section.name.clone()).unwrap_or_default(),
            sections: self.sections(visitor),
            roles,
            waiting: self.hall.desk().count(&visitor.person),
            notices: self.told(self.hall.unread_notices(&visitor.person)),
            last_visit: self.told(self.hall.last_visit(visitor)),
            csrf: visitor.csrf().masked(self.hall.random()),
        }
    }
}

/// The newest rows of the registers in the database.
struct Rows<'h>(&'h Hall);

impl Records for Rows<'_> {
    fn newest(&self, register: &str) -> Option<Newest> {
        let dated_by = self.0.city()?.kind(register)?.dated_by.clone();
        let query = store::Query {
            sort: dated_by.clone().map_or(store::Sort::Key, store::Sort::Field),
            descending: true,
            limit: 1,
            ..store::Query::of(register)
        };
        let entry = self.0.store().list(&query).ok()?.rows.into_iter().next()?;
        let on = dated_by.and_then(|field| entry.document.get(&field)?.as_str()?.parse().ok());
        Some(Newest {
            on,
            leaf: Some(entry.leaf),
        })
    }
}

/// Knows who a request comes from before anything else is done with it.
async fn arrive(State(refresher): State<Refresher>, mut request: Request, next: Next) -> Response {
    let session = cookie(&refresher.hall, request.headers(), Name::Session);
    let seen = tokio::task::spawn_blocking(move || {
        refresher.refresh();
        let seen = refresher.hall.seen(session.as_deref());
        seen.map(|seen| {
            let viewer = match &seen {
                Seen::Visitor(visitor) => Some(Arc::new(refresher.viewer(visitor))),
                Seen::Nobody | Seen::Enrolling(_) | Seen::TooWeak(_) => None,
            };
            (Arc::new(seen), viewer)
        })
    });
    match seen.await {
        Ok(Ok((seen, viewer))) => {
            if let Some(viewer) = viewer {
                request.extensions_mut().insert(viewer);
            }
            request.extensions_mut().insert(seen);
        }
        Ok(Err(refusal)) => tracing::error!(?refusal, "a session was not read"),
        Err(error) => tracing::error!(%error, "a session was not read"),
    }
    next.run(request).await
}

/// The address that a request came from, as [`origin`] tells it. Without a connection, as in a test of the router, it is ours.
#[must_use]
pub fn address(hall: &Hall, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let connected = extensions.get::<ConnectInfo<SocketAddr>>();
    let connected = connected.map_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), |ConnectInfo(from)| *from);
    origin(hall, connected, headers).address
}

/// Where a request came from: who is connected, or for whom a proxy speaks that the operator named.
#[must_use]
pub fn origin(hall: &Hall, connected: SocketAddr, headers: &HeaderMap) -> Origin {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let (forwarded, forwarded_for) = (lines(headers, "forwarded"), lines(headers, "x-forwarded-for"));
    let told = Told {
        forwarded: &forwarded.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        forwarded_for: &forwarded_for.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
    };
    Origin {
        address: hall.entrance().proxies.source(connected.ip(), told),
        device: cookie(hall, headers, Name::Device).unwrap_or_default(),
        agent: agent.unwrap_or_default().to_owned(),
    }
}

/// The lines of a header. What is no text in one names nobody, and stays in its place.
fn lines<'h>(headers: &'h HeaderMap, name: &str) -> Vec<Cow<'h, str>> {
    let lines = headers.get_all(name).iter();
    lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect()
}

/// A cookie of ours.
#[must_use]
pub fn cookie(hall: &Hall, headers: &HeaderMap, name: Name) -> Option<String> {
    let sent = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let sent = sent.collect::<Vec<_>>().join("; ");
    hall.entrance().cookies.read(name, &sent).map(str::to_owned)
}

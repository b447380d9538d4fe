//! What the pages are made from. Handlers take `State<Site>`; this is the one place that knows where it comes from.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use model::clock::Clock;
use model::lang::Text;
use policy::text::Document;
use service::hall::Hall;
use service::hall::publications::Publication;
use service::standing::Snapshot;

use crate::failure::Failure;
use crate::pages::home::Rendered;
use crate::rate::{Limits, Rates};
use crate::view::{History, PolicyView, Records};

/// The service as the pages know it. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    edition: RwLock<Option<Arc<Edition>>>,
    published: RwLock<Option<Arc<PolicyView>>>,
    publications: RwLock<Arc<Vec<Publication>>>,
    clock: Arc<dyn Clock>,
    hall: Option<Arc<Hall>>,
    rates: Rates,
}

/// A city with its standing at a moment, and what pages show of it, made once.
pub struct Edition {
    /// What was judged.
    pub snapshot: Arc<Snapshot>,
    /// The standings over time.
    pub history: History,
    /// The policy as pages show it.
    pub policy: PolicyView,
    /// When the view was made.
    pub at: Timestamp,
    /// The home page's document, ready in both languages.
    pub home: Rendered,
}

impl Edition {
    /// Makes everything that pages read from a snapshot.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, history: History, records: &dyn Records, at: Timestamp) -> Self {
        let policy = PolicyView::new(&snapshot, &history, records, at);
        Self {
            home: Rendered::new(&policy),
            snapshot,
            history,
            policy,
            at,
        }
    }
}

impl Site {
    /// A service without a city: its pages lead to the first one.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            edition: RwLock::new(None),
            published: RwLock::new(None),
            publications: RwLock::default(),
            clock,
            hall: None,
            rates: Rates::new(Limits::shipped()),
        }))
    }

    /// The pages of a living city.
    #[must_use]
    pub fn over(hall: Arc<Hall>) -> Self {
        Self::within(hall, Limits::shipped())
    }

    /// The pages of a living city, with limits of their own.
    #[must_use]
    pub fn within(hall: Arc<Hall>, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            edition: RwLock::new(None),
            published: RwLock::new(None),
            publications: RwLock::default(),
            clock: hall.shared_clock(),
            hall: Some(hall),
            rates: Rates::new(limits),
        }))
    }

    /// The living city behind the pages.
    ///
    /// # Errors
    /// [`Failure::NoCity`] where the pages show a folder.
    pub fn hall(&self) -> Result<&Arc<Hall>, Failure> {
        self.0.hall.as_ref().ok_or(Failure::NoCity)
    }

    /// Shows this edition from now on.
    pub fn put(&self, edition: Edition) {
        let mut current = self.0.edition.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::new(edition));
    }

    /// Shows this text to the public from now on; `None` where nothing is published.
    pub fn publish(&self, document: Option<&Document>) {
        let view = document.map(|document| Arc::new(PolicyView::text(document, self.0.clock.today())));
        *self.0.published.write().unwrap_or_else(PoisonError::into_inner) = view;
    }

    /// Shows these texts to the public from now on, the policy among them.
    pub fn publish_all(&self, publications: Vec<Publication>) {
        let policy = publications.iter().find(|publication| publication.is_policy);
        let document = policy.map(|policy| policy::text::parse(&policy.text));
        self.publish(document.as_ref());
        *self.0.publications.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(publications);
    }

    /// Every text that is public.
    #[must_use]
    pub fn publications(&self) -> Arc<Vec<Publication>> {
        let publications = self.0.publications.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&publications)
    }

    /// The city as it stands.
    ///
    /// # Errors
    /// [`Failure::NoCity`] before the first one is loaded.
    pub fn edition(&self) -> Result<Arc<Edition>, Failure> {
        let current = self.0.edition.read().unwrap_or_else(PoisonError::into_inner);
        current.clone().ok_or(Failure::NoCity)
    }

    /// The published policy.
    #[must_use]
    pub fn published(&self) -> Option<Arc<PolicyView>> {
        self.0.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The name of the city.
    #[must_use]
    pub fn city(&self) -> Text {
        let current = self.0.edition.read().unwrap_or_else(PoisonError::into_inner);
        let name = current
            .as_ref()
            .map(|edition| edition.snapshot.city.settings.name.clone());
        name.unwrap_or_default()
    }

    /// How often one may ask.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// The clock of the service.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }
}

//! The hall: a city as a living service. It ties the store, the judge, the rights of people and the approvals together.
//!
//! Everything that changes goes through an act: one file a verb in [`acts`]. An act asks whether the visitor may do it,
//! checks what they sent, hands it to the sequencer, and lets the living city follow the ledger. What other nodes do
//! arrives the same way.
//!
//! * `asking`: the network is asked while others read.
//! * `belonging`: what a row belongs to, which is what rights depend on.
//! * [`collection`]: what is kept beside the registers.
//! * [`sources`]: the city's own files as documents.
//! * `decided`: what the access rules answered before.
//! * [`desk`], [`requests`]: what waits for whom, and lists of requests.
//! * [`directory`]: people, sections, roles on a day.
//! * [`entrance`]: who comes in, and who they are.
//! * [`notary`]: who signs the ledger, and what outsiders get.
//! * [`in_force`]: the rules of sign-in, access and requests, with the city's over those shipped.
//! * [`notices`]: what people are told, here and by mail.
//! * [`history`]: how the clauses stood over time.
//! * [`reach`], [`rows`]: which rows a visitor may read, and lists of them.

pub mod acts;
mod asking;
mod belonging;
pub mod collection;
mod decided;
pub mod desk;
pub mod directory;
pub mod entrance;
pub mod history;
pub mod in_force;
mod live;
mod loading;
pub mod notary;
pub mod notices;
pub mod operation;
pub mod publications;
mod put;
pub mod reach;
pub mod refusal;
pub mod requests;
mod retention;
pub mod rights;
pub mod rows;
pub mod sources;
mod visits;

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

use access::authority::Authority;
use approval::kind::Kinds;
use jiff::civil::Date;
use model::clock::Clock;
use model::lang::Text;
use model::random::Random;
use register::Words;
use store::{Act, Receipt, Sequencer, Store};

use self::desk::Desk;
use self::directory::Directory;
use self::entrance::Entrance;
use self::in_force::InForce;
pub use self::live::Unloadable;
use self::live::{Left, Live};
use self::notary::Notary;
pub use self::refusal::Refusal;
use crate::city::City;
use crate::standing::Snapshot;

/// A city as a living service. Shared by all threads.
pub struct Hall {
    store: Arc<dyn Store>,
    sequencer: Sequencer,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    live: RwLock<Option<Live>>,
    /// Held by whoever brings `live` up to date where that takes long.
    aside: Mutex<()>,
    entrance: Entrance,
    shipped: InForce,
    in_force: RwLock<Arc<InForce>>,
    notary: Notary,
    outbox: OnceLock<notices::Outbox>,
}

/// What a hall is made of.
pub struct Parts {
    /// Laid out and up to date.
    pub store: Arc<dyn Store>,
    /// The one writer on that store.
    pub sequencer: Sequencer,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Keys, salts, references.
    pub random: Arc<dyn Random>,
    /// Where people come in.
    pub entrance: Entrance,
    /// What can be requested.
    pub request_kinds: Kinds,
    /// Who signs the ledger.
    pub notary: Notary,
    /// Who may do what.
    pub authority: Authority,
}

impl Hall {
    /// Opens the hall on a store, and judges the city that it holds. Where the ledger is not the one that was signed, it is open for
    /// reading only.
    ///
    /// # Errors
    /// The database fails, or holds a city that cannot be read.
    pub fn open(parts: Parts) -> Result<Self, Unloadable> {
        match parts.notary.admit(&*parts.store, parts.clock.now()) {
            Ok(None) => {}
            Ok(Some(why)) => {
                tracing::error!(why = %why.en, "the hall is open for reading only");
                parts.sequencer.refuse_writes(why);
            }
            Err(refusal) => return Err(Unloadable::Unsigned(refusal.text())),
        }
        let live = Live::load(&*parts.store, parts.clock.today())?;
        let shipped = InForce::shipped(parts.entrance.rules.clone(), parts.request_kinds, parts.authority);
        let in_force = shipped.of(&*parts.store)?;
        Ok(Self {
            store: parts.store,
            sequencer: parts.sequencer,
            clock: parts.clock,
            random: parts.random,
            live: RwLock::new(live),
            aside: Mutex::new(()),
            entrance: parts.entrance,
            shipped,
            in_force: RwLock::new(Arc::new(in_force)),
            notary: parts.notary,
            outbox: OnceLock::new(),
        })
    }

    /// Where everything is read from.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The time, for who outlives a borrow.
    #[must_use]
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Keys, salts, references.
    #[must_use]
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// The city; `None` before the first one is loaded.
    #[must_use]
    pub fn city(&self) -> Option<Arc<City>> {
        self.live().as_ref().map(|live| Arc::clone(&live.city))
    }

    /// Where people come in.
    #[must_use]
    pub fn entrance(&self) -> &Entrance {
        &self.entrance
    }

    /// The rules that are in force: those shipped, with the city's over them.
    #[must_use]
    pub fn in_force(&self) -> Arc<InForce> {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What can be requested.
    #[must_use]
    pub fn request_kinds(&self) -> Arc<Kinds> {
        Arc::clone(&self.in_force().kinds)
    }

    /// How the city stands.
    #[must_use]
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.live().as_ref().map(|live| Arc::clone(&live.snapshot))
    }

    /// Who works here.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        let live = self.live();
        live.as_ref()
            .map_or_else(Arc::default, |live| Arc::clone(&live.directory))
    }

    /// What waits for whom.
    #[must_use]
    pub fn desk(&self) -> Arc<Desk> {
        let live = self.live();
        live.as_ref().map_or_else(Arc::default, |live| Arc::clone(&live.desk))
    }

    /// The day that the city is judged for.
    #[must_use]
    pub fn today(&self) -> Date {
        let as_of = self.city().and_then(|city| city.settings.as_of);
        as_of.unwrap_or_else(|| self.clock.today())
    }

    /// What `look` finds in the words of the city: its scheme, and what every row is called.
    ///
    /// # Errors
    /// [`Refusal::NoCity`]
    pub fn with_words<T>(&self, look: impl FnOnce(&Words) -> T) -> Result<T, Refusal> {
        self.live()
            .as_ref()
            .map(|live| look(&live.words))
            .ok_or(Refusal::NoCity)
    }

    /// Takes into account what was committed since, here or on another node.
    ///
    /// # Errors
    /// The database fails, or the city was changed to what cannot be read.
    pub fn follow(&self) -> Result<(), Unloadable> {
        let _aside = match self.take_in()? {
            Left::Nothing => return Ok(()),
            // Somebody else found out, and is at it.
            Left::Ask { is_new: false, .. } => match self.aside.try_lock() {
                Ok(guard) => guard,
                Err(TryLockError::Poisoned(guard)) => guard.into_inner(),
                Err(TryLockError::WouldBlock) => return Ok(()),
            },
            Left::Reload | Left::Ask { .. } => self.aside.lock().unwrap_or_else(PoisonError::into_inner),
        };
        loop {
            match self.take_in()? {
                Left::Nothing => return Ok(()),
                Left::Ask { question, turn, .. } => {
                    let known = question.ask(&*self.store)?;
                    if let Some(live) = self.live_mut().as_mut() {
                        live.answer(&question, turn, known);
                    }
                }
                Left::Reload => {
                    let Some(fresh) = Live::load(&*self.store, self.clock.today())? else {
                        return Ok(());
                    };
                    // Its rules lie beside the city's other files, all of which are read anew when one of them changes.
                    let rules = Arc::new(self.shipped.of(&*self.store)?);
                    *self.live_mut() = Some(fresh);
                    *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = rules;
                }
            }
        }
    }

    /// Lets the city follow its ledger as far as that goes quickly.
    fn take_in(&self) -> Result<Left, Unloadable> {
        match self.live_mut().as_mut() {
            Some(live) => live.follow(&*self.store, self.clock.today()),
            None => Ok(Left::Reload),
        }
    }

    /// Refuses every act from now on, saying why.
    pub fn refuse_writes(&self, why: Text) {
        self.sequencer.refuse_writes(why);
    }

    /// Does an act that was found right, and lets the city follow.
    fn commit(&self, act: Act) -> Result<Receipt, Refusal> {
        let receipt = self.sequencer.submit(act)?;
        // The act is done, whatever becomes of the view of it; the next one that follows tries again.
        if let Err(error) = self.follow() {
            tracing::error!(?error, "the city does not follow its ledger");
        }
        Ok(receipt)
    }

    fn live(&self) -> RwLockReadGuard<'_, Option<Live>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn live_mut(&self) -> RwLockWriteGuard<'_, Option<Live>> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }
}

//! `sanmon serve`: everything that runs while the service runs.

mod cosign;
mod elsewhere;
pub(crate) mod http;
mod jobs;
mod log;
mod logging;
mod mail;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::authority::Authority;
use access::seal::KeyRing;
use approval::kind::Kinds;
use model::clock::{Clock, SystemClock};
use model::lang::Text;
use model::random::{Random, SystemRandom};
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::Entrance;
use service::hall::{Hall, Parts};
use service::problem::Problem;
use service::sources::Sources;
use store::Sequencer;

use crate::configuration::Configuration;
use crate::data_folder::DataFolder;
use crate::installation::{self, machine};

/// What the service starts with.
pub(crate) struct Start {
    pub(crate) configuration: Configuration,
    /// The folder of a city, loaded where the database holds none.
    pub(crate) city: Option<PathBuf>,
    /// The city is the sample: whoever can reach the service may sign in as any of its people.
    pub(crate) sample: bool,
}

/// Why the service did not start, or stopped.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Something of this machine.
    Machine(String),
    /// Something that people are told in their language.
    Told(Text),
    /// Standard output is gone.
    Output(io::Error),
    /// The folder of the city cannot be used.
    City(Vec<Problem>),
    /// The database cannot be used.
    Store(store::Failure),
    /// The hall refused.
    Refused(service::hall::Refusal),
}

/// Tells the terminal what people need to know.
pub(crate) type Tell<'t> = &'t mut dyn FnMut(Said);

/// Something to tell.
pub(crate) enum Said {
    /// So many records of all are loaded.
    Loading(usize, usize),
    /// The link of the first administrator.
    FirstLink(String),
    /// The service listens.
    Ready(String),
}

/// Runs until it is asked to stop.
///
/// # Errors
/// See [`Stopped`].
pub(crate) fn run(start: Start, tell: Tell<'_>) -> Result<(), Stopped> {
    logging::begin(&start.configuration.log).map_err(Stopped::Machine)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(machine("the runtime"))?;
    let listener = http::bind(&start.configuration.server).map_err(machine("the address to listen on"))?;
    let folder = DataFolder::open(&start.configuration.store.folder).map_err(machine("the data folder"))?;
    let hall = Arc::new(hall(&start, &folder)?);
    if hall.city().is_none()
        && let Some(city) = &start.city
    {
        found(&hall, city, tell)?;
    }
    if start.sample {
        hall.found_sample()?;
    }
    let server = start.configuration.server.clone();
    if !start.sample
        && let Some(link) = hall.first_link()?
    {
        tell(Said::FirstLink(format!("{}/first/{}", server.url, link.text())));
    }
    let post = mail::Post::of(&start.configuration.mail, &server.url)?;
    if post.is_some() {
        hall.open_outbox(mail::outbox(&start.configuration.mail));
    }
    let jobs = jobs::Jobs::start(jobs::Within {
        hall: Arc::clone(&hall),
        configuration: start.configuration.clone(),
        blobs: folder.path("blobs"),
        post,
    });
    let jobs = jobs.map_err(machine("the jobs"))?;
    let signals = {
        let _within = runtime.enter();
        http::Signals::await_them().map_err(machine("the signals"))?
    };
    tell(Said::Ready(server.url.clone()));
    runtime.spawn(cosign::run(
        Arc::clone(&hall),
        start.configuration.ledger.witnesses.clone(),
    ));
    let mut router = web::hall::serve(Arc::clone(&hall));
    if start.configuration.ledger.public {
        router = router.merge(log::routes(Arc::clone(&hall)));
    }
    let served = runtime.block_on(http::serve(listener, &server, signals, router));
    jobs.stop();
    // Nothing that was done stays unsigned.
    hall.sign_checkpoint()?;
    served.map_err(machine("the server"))
}

fn hall(start: &Start, folder: &DataFolder) -> Result<Hall, Stopped> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let key = folder.key("seal", &*random).map_err(machine("keys/seal"))?;
    let ring = KeyRing::from_bytes(&key).map_err(|error| Stopped::Machine(error.to_string()))?;
    let seed = folder.key("ledger", &*random).map_err(machine("keys/ledger"))?;
    let notary = installation::notary(&start.configuration, folder, &seed)?;
    let mut entrance = Entrance::at(&start.configuration.server.url, "三門", ring)
        .map_err(|error| Stopped::Machine(error.to_string()))?;
    entrance.is_sample = start.sample;
    entrance.elsewhere = elsewhere::elsewhere(&start.configuration)?;
    entrance.proxies = start.configuration.server.proxies();
    let store = installation::database(&start.configuration, folder)?;
    store.migrate().map_err(Stopped::Store)?;
    let sequencer =
        Sequencer::start(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&random)).map_err(Stopped::Store)?;
    Hall::open(Parts {
        store,
        sequencer,
        clock,
        random,
        entrance,
        notary,
        request_kinds: Kinds::shipped().map_err(|problems| Stopped::Machine(format!("{problems:?}")))?,
        authority: Authority::shipped().map_err(|problems| Stopped::Machine(format!("{problems:?}")))?,
    })
    .map_err(|error| match error {
        service::hall::Unloadable::Store(failure) => Stopped::Store(failure),
        service::hall::Unloadable::City(problems) => Stopped::City(problems),
        service::hall::Unloadable::Unsigned(why) => Stopped::Machine(why.ja.into_owned()),
    })
}

fn found(hall: &Hall, city: &Path, tell: Tell<'_>) -> Result<(), Stopped> {
    let sources = Sources::of_folder(city, None).map_err(Stopped::City)?;
    let folder = Folder::read(city, None, &mut |_| {}).map_err(Stopped::City)?;
    let founding = Founding {
        sources: &sources,
        folder: &folder,
    };
    Ok(hall.found(None, &founding, &mut |done, all| tell(Said::Loading(done, all)))?)
}

impl From<service::hall::Refusal> for Stopped {
    fn from(refusal: service::hall::Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Failure> for Stopped {
    fn from(failure: store::Failure) -> Self {
        Self::Store(failure)
    }
}

impl From<Text> for Stopped {
    fn from(why: Text) -> Self {
        Self::Told(why)
    }
}

/// What is printed goes to a terminal or a pipe, and only it fails without saying where.
impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

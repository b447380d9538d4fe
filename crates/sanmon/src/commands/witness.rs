//! `sanmon witness serve`: this installation watches the ledgers of others (C2SP tlog-witness).
//!
//! ```text
//! keys/witness         the seed of its keys
//! seen/<hash>          what was cosigned last for the ledger whose name has this SHA-256
//! ```

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use access::seal::KeyRing;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ledger::key::{Algorithm, KeyFault, SigningKey, VerifierKey};
use ledger::witness::{Answer, Memory, Seen, Witness, origin_hash};
use model::clock::{Clock as _, SystemClock};
use model::lang::Text;
use model::random::SystemRandom;

use super::{Desk, Outcome};
use crate::cli::WitnessServe;
use crate::configuration::Server;
use crate::data_folder::DataFolder;
use crate::installation::{machine, read_checkpoint};
use crate::output;
use crate::serve::{Stopped, http};

pub(super) fn serve(arguments: &WitnessServe, desk: Desk) -> Result<Outcome, Stopped> {
    let folder = DataFolder::open(&arguments.data).map_err(machine("the data folder"))?;
    let seed = folder.key("witness", &SystemRandom).map_err(machine("keys/witness"))?;
    let keys = keys(&arguments.name, &seed).map_err(|fault| Text::new(fault.ja(), fault.to_string()))?;
    for key in &keys {
        desk.say(&Text::same(key.verifier().to_string()))?;
    }
    let mut witness = Witness::new(keys);
    for key in &arguments.log {
        let log: VerifierKey = key.parse().map_err(|fault: KeyFault| {
            Text::new(
                format!("「{key}」は検証鍵でない: {}", fault.ja()),
                format!("`{key}` is no verifier key: {fault}"),
            )
        })?;
        witness.watch(log);
    }
    let state = Arc::new(Watch {
        witness,
        memory: Mutex::new(Files(folder.path("seen"))),
    });
    let server = Server {
        listen: arguments.listen,
        ..Server::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(machine("the runtime"))?;
    let served = async {
        let listener = http::bind(&server)?;
        http::serve(listener, &server, http::Signals::await_them()?, routes(state)).await
    };
    runtime.block_on(served).map_err(machine("the server"))?;
    Ok(Outcome::Fine)
}

/// Two keys from one seed, each derived for its own purpose.
fn keys(name: &str, seed: &[u8; 32]) -> Result<Vec<SigningKey>, KeyFault> {
    let kinds = [
        (Algorithm::Cosignature, "witness-ed25519"),
        (Algorithm::MlDsa44, "witness-ml-dsa-44"),
    ];
    let keys = kinds.into_iter().map(|(algorithm, purpose)| {
        let ring = KeyRing::from_bytes(seed).ok();
        let derived = ring.map(|ring| ring.derived(purpose)).unwrap_or_default();
        let seed = derived.first().map_or([0; 32], |key| **key);
        SigningKey::from_seed(name, algorithm, &seed)
    });
    keys.collect()
}

struct Watch {
    witness: Witness,
    memory: Mutex<Files>,
}

fn routes(state: Arc<Watch>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add))
        .route("/{log}/checkpoint", get(latest))
        .with_state(state)
}

async fn add(State(watch): State<Arc<Watch>>, body: Bytes) -> Response {
    let answered = tokio::task::spawn_blocking(move || {
        let mut memory = watch.memory.lock().unwrap_or_else(PoisonError::into_inner);
        watch.witness.add_checkpoint(&body, &mut *memory, SystemClock.now())
    });
    answer(answered.await)
}

async fn latest(State(watch): State<Arc<Watch>>, Path(log): Path<String>) -> Response {
    let answered = tokio::task::spawn_blocking(move || {
        let mut memory = watch.memory.lock().unwrap_or_else(PoisonError::into_inner);
        watch.witness.latest(&log, &mut *memory)
    });
    answer(answered.await)
}

/// Where the memory fails, nothing was cosigned.
fn answer(answered: Result<io::Result<Answer>, tokio::task::JoinError>) -> Response {
    let Ok(Ok(answer)) = answered else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, answer.content_type)], answer.body).into_response()
}

/// A file a ledger. The folder belongs to this process, and one request writes at a time.
struct Files(PathBuf);

impl Files {
    fn path(&self, origin: &str) -> PathBuf {
        self.0.join(origin_hash(origin))
    }
}

impl Memory for Files {
    type Error = io::Error;

    fn latest(&mut self, origin: &str) -> io::Result<Option<Seen>> {
        let note = match fs::read_to_string(self.path(origin)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let checkpoint = read_checkpoint(&note).filter(|checkpoint| checkpoint.origin() == origin);
        let checkpoint = checkpoint.ok_or(io::ErrorKind::InvalidData)?;
        Ok(Some(Seen {
            size: checkpoint.size(),
            root: checkpoint.root(),
            note,
        }))
    }

    fn replace(&mut self, origin: &str, old: Option<&Seen>, new: &Seen) -> io::Result<bool> {
        if self.latest(origin)?.as_ref() != old {
            return Ok(false);
        }
        output::write(&self.path(origin), new.note.as_bytes())?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use ledger::Hash;
    use ledger::checkpoint::Checkpoint;
    use ledger::witness::Request;

    use super::*;

    #[test]
    fn what_was_cosigned_is_remembered_after_a_restart_and_never_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let log = SigningKey::from_seed("log.example", Algorithm::Ed25519, &[7; 32]).unwrap();
        let mut witness = Witness::new(keys("witness.example", &[8; 32]).unwrap());
        witness.watch(log.verifier().clone());
        let offer = |root: Hash| {
            let checkpoint = Checkpoint::new("log.example", 1, root).unwrap();
            let note = checkpoint.sign([&log], Timestamp::UNIX_EPOCH);
            let request = Request {
                old: 0,
                proof: Vec::new(),
                checkpoint: note.to_string(),
            };
            let mut memory = Files(dir.path().join("seen"));
            let answered = witness.add_checkpoint(request.to_string().as_bytes(), &mut memory, Timestamp::UNIX_EPOCH);
            answered.unwrap().status
        };
        assert_eq!(offer(Hash::leaf(b"one")), 200);
        assert_eq!(offer(Hash::leaf(b"two")), 409);
        let mut memory = Files(dir.path().join("seen"));
        let seen = memory.latest("log.example").unwrap().unwrap();
        assert_eq!(seen.root, Hash::leaf(b"one"));
        assert!(!memory.replace("log.example", None, &seen).unwrap());
    }
}

//! Our checkpoints are offered to the witnesses of the configuration (C2SP tlog-witness), and what they sign is kept.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::checkpoint::Checkpoint;
use ledger::key::VerifierKey;
use ledger::note::Note;
use ledger::witness::submit::{self, Outcome};
use model::lang::Text;
use rustls::{ClientConfig, RootCertStore};
use service::hall::Hall;
use service::hall::notices::{Link, kinds};
use store::log::Tree;

use crate::configuration::Witness;
use crate::installation::read_checkpoint;

/// The longest answer that is read: a few signatures.
const LONGEST: usize = 64 << 10;

const EVERY: Duration = Duration::from_secs(5);

/// After so long without a cosignature somebody looks into it.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// A witness as we know it.
struct Peer {
    address: String,
    key: VerifierKey,
    /// The size that it cosigned last.
    size: u64,
    /// Since when it does not.
    failing: Option<Timestamp>,
}

/// Offers every new checkpoint to every witness, until the runtime ends.
pub(super) async fn run(hall: Arc<Hall>, witnesses: Vec<Witness>) {
    let mut peers: Vec<Peer> = witnesses.into_iter().filter_map(peer).collect();
    if peers.is_empty() {
        return;
    }
    let Some(client) = client() else {
        tracing::error!("no HTTP client for the witnesses");
        return;
    };
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        let Some(note) = hall.notary().checkpoint() else {
            continue;
        };
        let Some(checkpoint) = read_checkpoint(&note) else {
            continue;
        };
        for peer in peers.iter_mut().filter(|peer| peer.size < checkpoint.size()) {
            match offer(&hall, &client, peer, &checkpoint, &note).await {
                Ok(()) => peer.failing = None,
                Err(why) => {
                    tracing::warn!(witness = peer.key.name(), %why, "a witness did not cosign");
                    missed(&hall, peer).await;
                }
            }
        }
    }
}

/// Tells those who run the installation, once a day, of a witness that has not cosigned for an hour.
async fn missed(hall: &Arc<Hall>, peer: &mut Peer) {
    let now = hall.clock().now();
    let since = *peer.failing.get_or_insert(now);
    if now.duration_since(since) < PATIENCE {
        return;
    }
    let (hall, name) = (Arc::clone(hall), peer.key.name().to_owned());
    let told = tokio::task::spawn_blocking(move || {
        let key = format!("{name}/{}", hall.clock().today());
        let title = Text::new(
            format!("立会人「{name}」が、一時間以上、証跡に副署していません"),
            format!("the witness `{name}` has not cosigned the ledger for an hour"),
        );
        hall.tell_administrators(&kinds::witness::KIND, &key, title, Link::Ledger)
    });
    match told.await {
        Ok(Ok(_)) => {}
        Ok(Err(refusal)) => tracing::error!(?refusal, "nobody was told of a witness"),
        Err(error) => tracing::error!(%error, "nobody was told of a witness"),
    }
}

fn peer(witness: Witness) -> Option<Peer> {
    match witness.vkey.parse() {
        Ok(key) => Some(Peer {
            address: format!("{}/add-checkpoint", witness.url.trim_end_matches('/')),
            key,
            size: 0,
            failing: None,
        }),
        Err(fault) => {
            tracing::error!(url = witness.url, %fault, "the key of a witness cannot be used");
            None
        }
    }
}

/// Asks once, and once more where the witness remembers another size than we thought.
async fn offer(
    hall: &Arc<Hall>,
    client: &reqwest::Client,
    peer: &mut Peer,
    checkpoint: &Checkpoint,
    note: &str,
) -> Result<(), String> {
    for _ in 0..2 {
        match ask(hall, client, peer, checkpoint, note).await? {
            Outcome::Cosigned(signatures) => {
                let size = checkpoint.size();
                let added = hall.notary().add_cosignatures(size, signatures);
                added.map_err(|error| error.to_string())?;
                peer.size = size;
                let (noted, name) = (Arc::clone(hall), peer.key.name().to_owned());
                let noted = tokio::task::spawn_blocking(move || noted.note_witness(&name, size));
                if !matches!(noted.await, Ok(Ok(()))) {
                    tracing::warn!(witness = peer.key.name(), "a cosignature was not noted");
                }
                tracing::info!(witness = peer.key.name(), size, "cosigned");
                return Ok(());
            }
            Outcome::Remembers(size) => peer.size = size,
            Outcome::Ahead(size) => return ahead(hall, size),
            Outcome::Refused(status) => return Err(format!("status {status}")),
            Outcome::Worthless(fault) => return Err(fault.to_string()),
        }
    }
    Err("it remembers a size that changes".to_owned())
}

/// Another node of ours may have been faster; but a witness that remembers more than the database has saw another ledger.
fn ahead(hall: &Hall, size: u64) -> Result<(), String> {
    let ours = hall.store().head().map_err(|failure| failure.to_string())?.edge.size();
    if size > ours {
        Err(format!(
            "it cosigned {size} entries, and the database has {ours}: was the database rolled back?"
        ))
    } else {
        Ok(())
    }
}

async fn ask(
    hall: &Arc<Hall>,
    client: &reqwest::Client,
    peer: &Peer,
    checkpoint: &Checkpoint,
    note: &str,
) -> Result<Outcome, String> {
    let note = Note::parse(note.as_bytes()).map_err(|fault| fault.to_string())?;
    let (from, offered, checkpoint) = (Arc::clone(hall), note.clone(), checkpoint.clone());
    let (size, old) = (checkpoint.size(), peer.size);
    let request = tokio::task::spawn_blocking(move || {
        let request = submit::request(Tree(from.store()), old, &checkpoint, &offered);
        request
            .map(|request| request.to_string())
            .map_err(|_| "there is no proof".to_owned())
    });
    let request = request.await.map_err(|error| error.to_string())??;
    let sent = client.post(&peer.address).body(request).send().await;
    let mut response = sent.map_err(|error| error.without_url().to_string())?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| error.without_url().to_string())?
    {
        if body.len() + chunk.len() > LONGEST {
            return Err("its answer is too long".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(submit::outcome(
        status,
        &body,
        size,
        &note,
        std::slice::from_ref(&peer.key),
    ))
}

/// No redirects, a time for everything, and the authorities that the operating system trusts.
fn client() -> Option<reqwest::Client> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider);
    let tls = tls.with_safe_default_protocol_versions().ok()?;
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(15))
        .use_preconfigured_tls(tls.with_root_certificates(roots).with_no_client_auth())
        .build()
        .ok()
}

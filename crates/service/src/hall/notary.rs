//! The notary: signs how far the ledger has come, and keeps what it signed outside the database.

use std::io;
use std::sync::{Mutex, PoisonError};

use access::seal::KeyRing;
use jiff::Timestamp;
use ledger::checkpoint::Checkpoint;
use ledger::disclosure::Disclosure;
use ledger::key::{Algorithm, SigningKey, VerifierKey};
use ledger::note::{Note, Signature};
use ledger::policy::Policy;
use ledger::proof_file::ProofFile;
use ledger::tree::prove;
use model::lang::Text;
use store::Store;
use store::log::Tree;
use store::start::Signed;

use super::{Hall, Refusal};

/// Where the last signed checkpoint is kept: not in the database, so that it tells a database that was rolled back.
pub trait Anchor: Send + Sync {
    /// The checkpoint that was saved last; `None` where none ever was.
    ///
    /// # Errors
    /// It cannot be read.
    fn load(&self) -> io::Result<Option<String>>;

    /// Saves a checkpoint in the place of the one before, on the disk when this returns.
    ///
    /// # Errors
    /// It cannot be written.
    fn save(&self, checkpoint: &str) -> io::Result<()>;
}

/// Signs checkpoints.
pub struct Notary {
    origin: String,
    keys: Vec<SigningKey>,
    policy: Policy,
    anchor: Box<dyn Anchor>,
    signed: Mutex<Option<(Signed, String)>>,
    /// When this node signed last.
    signed_at: Mutex<Option<Timestamp>>,
}

/// Why there is no notary.
#[derive(Debug, thiserror::Error)]
pub enum NoNotary {
    /// The origin or the key is not fit.
    #[error("the name of the ledger will not do: {0}")]
    Key(#[from] ledger::key::KeyFault),
    /// The checkpoint cannot be read.
    #[error("the saved checkpoint cannot be read: {0}")]
    Anchor(#[from] io::Error),
    /// The checkpoint is not ours.
    #[error("the saved checkpoint was not signed with this key: {0}")]
    Foreign(#[from] ledger::policy::Refusal),
}

impl Notary {
    /// A notary for the ledger `origin`; its keys follow from one secret of the installation.
    ///
    /// # Errors
    /// See [`NoNotary`].
    pub fn new(origin: &str, seed: &[u8; 32], anchor: Box<dyn Anchor>) -> Result<Self, NoNotary> {
        // Two keys from one seed: each is derived for its own purpose, since no two keys may share a seed.
        let derived = |purpose: &str| {
            let ring = KeyRing::from_bytes(seed).ok();
            let keys = ring.map(|ring| ring.derived(purpose)).unwrap_or_default();
            keys.first().map_or([0; 32], |key| **key)
        };
        let log = SigningKey::from_seed(origin, Algorithm::Ed25519, &derived("ledger-ed25519"))?;
        let cosigner = SigningKey::from_seed(origin, Algorithm::MlDsa44, &derived("ledger-ml-dsa-44"))?;
        let policy = Policy::of_log(log.verifier().clone());
        let signed = match anchor.load()? {
            None => None,
            Some(note) => {
                let accepted = policy.open(note.as_bytes())?;
                let signed = Signed {
                    size: accepted.checkpoint.size(),
                    root: accepted.checkpoint.root(),
                };
                Some((signed, note))
            }
        };
        Ok(Self {
            origin: origin.to_owned(),
            keys: vec![log, cosigner],
            policy,
            anchor,
            signed: Mutex::new(signed),
            signed_at: Mutex::new(None),
        })
    }

    /// Why the database must not be written, if it must not: it is not the one that was signed, grown or as it was.
    ///
    /// # Errors
    /// The database fails, or the first checkpoint of all cannot be saved.
    pub fn admit(&self, store: &dyn Store, at: Timestamp) -> Result<Option<Text>, Refusal> {
        let refused = store.start_check(self.signed())?;
        if refused.is_none() && self.signed().is_none() {
            // An empty ledger is signed before the first act, so that no act is ever unsigned without a trace.
            self.sign(store, at)?;
        }
        Ok(refused)
    }

    /// Signs how far the ledger has come, if it has grown and what was signed before is its beginning.
    ///
    /// Returns whether there is a new checkpoint.
    ///
    /// # Errors
    /// The ledger is not the one that was signed before; the database or the anchor fails.
    pub fn sign(&self, store: &dyn Store, at: Timestamp) -> Result<bool, Refusal> {
        let edge = store.head()?.edge;
        let before = self.signed();
        if before.is_some_and(|before| before.size == edge.size()) {
            return Ok(false);
        }
        if let Some(before) = before {
            let root = prove::root(Tree(store), before.size).map_err(unprovable)?;
            if root != before.root {
                return Err(Refusal::Rules(vec![Text::fixed(
                    "証跡が、署名した内容と一致しない。署名を止めた",
                    "the ledger is not the one that was signed; nothing is signed any more",
                )]));
            }
        }
        let checkpoint = Checkpoint::new(&self.origin, edge.size(), edge.root())
            .map_err(|_| store::Failure::Damaged("the checkpoint cannot be written".to_owned()))?;
        let note = checkpoint.sign(&self.keys, at).to_string();
        let signed = Signed {
            size: edge.size(),
            root: edge.root(),
        };
        // The file and the memory change under one lock: cosignatures never replace a newer checkpoint.
        let mut latest = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let saved = self.anchor.save(&note);
        saved.map_err(|error| store::Failure::File(error.to_string()))?;
        *latest = Some((signed, note));
        *self.signed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
        Ok(true)
    }

    /// What was signed last.
    #[must_use]
    pub fn signed(&self) -> Option<Signed> {
        self.latest().map(|(signed, _)| signed)
    }

    /// When this node signed last; `None` where it has not since it started.
    #[must_use]
    pub fn signed_at(&self) -> Option<Timestamp> {
        *self.signed_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The checkpoint that was signed last, as outsiders get it.
    #[must_use]
    pub fn checkpoint(&self) -> Option<String> {
        self.latest().map(|(_, note)| note)
    }

    /// The public keys, first that which every verifier knows.
    pub fn keys(&self) -> impl Iterator<Item = &VerifierKey> {
        self.keys.iter().map(SigningKey::verifier)
    }

    /// Whom a verifier trusts: this ledger.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The proof that a ledger entry is in the ledger, up to the last checkpoint.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where no checkpoint has come as far yet.
    pub fn proof(&self, store: &dyn Store, index: u64) -> Result<ProofFile, Refusal> {
        let (signed, checkpoint) = self.latest().ok_or_else(not_yet)?;
        if index >= signed.size {
            return Err(not_yet());
        }
        let path = prove::inclusion(Tree(store), index, signed.size).map_err(unprovable)?;
        Ok(ProofFile {
            extra: None,
            index,
            path,
            checkpoint,
        })
    }

    /// A ledger entry with its proof and some fields of its body, to be shown to outsiders.
    ///
    /// # Errors
    /// As [`Notary::proof`]; [`Refusal::Rules`] where the body was erased.
    pub fn disclose(
        &self,
        store: &dyn Store,
        index: u64,
        is_shown: impl Fn(&str) -> bool,
    ) -> Result<Disclosure, Refusal> {
        let proof = self.proof(store, index)?;
        let leaf = store.leaf(index)?.ok_or(Refusal::NotFound)?;
        let erased = || Refusal::rule("内容は消去されている", "its contents were erased");
        let body = store.body(index)?.ok_or_else(erased)?;
        let fields = body.fields.iter().enumerate();
        let places: Vec<usize> = fields
            .filter(|(_, (name, _))| is_shown(name))
            .map(|(at, _)| at)
            .collect();
        let damaged = || store::Failure::Damaged("a body cannot be disclosed".to_owned());
        let opening = body.open(&places).map_err(|_| damaged())?;
        Ok(Disclosure::new(&leaf.bytes, opening, &proof).map_err(|_| damaged())?)
    }

    /// Adds what witnesses signed below the checkpoint of `size` entries. Nothing happens where a newer one was signed meanwhile.
    ///
    /// The caller has checked the signatures ([`submit::outcome`](ledger::witness::submit::outcome) does).
    ///
    /// # Errors
    /// It cannot be saved.
    pub fn add_cosignatures(&self, size: u64, signatures: Vec<Signature>) -> io::Result<()> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, note)) = signed.as_mut().filter(|(signed, _)| signed.size == size) else {
            return Ok(());
        };
        let mut cosigned = Note::parse(note.as_bytes()).map_err(io::Error::other)?;
        cosigned.add(signatures);
        let cosigned = cosigned.to_string();
        if cosigned != *note {
            self.anchor.save(&cosigned)?;
            *note = cosigned;
        }
        Ok(())
    }

    fn latest(&self) -> Option<(Signed, String)> {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Hall {
    /// As [`Notary::proof`].
    ///
    /// # Errors
    /// As there.
    pub fn proof(&self, index: u64) -> Result<ProofFile, Refusal> {
        self.notary.proof(&*self.store, index)
    }

    /// As [`Notary::disclose`].
    ///
    /// # Errors
    /// As there.
    pub fn disclose(&self, index: u64, is_shown: impl Fn(&str) -> bool) -> Result<Disclosure, Refusal> {
        self.notary.disclose(&*self.store, index, is_shown)
    }

    /// Who signs the ledger.
    #[must_use]
    pub const fn notary(&self) -> &Notary {
        &self.notary
    }

    /// Signs how far the ledger has come.
    ///
    /// # Errors
    /// As [`Notary::sign`].
    pub fn sign_checkpoint(&self) -> Result<bool, Refusal> {
        self.notary.sign(&*self.store, self.clock.now())
    }
}

fn not_yet() -> Refusal {
    Refusal::rule(
        "まだ署名されていない。数秒待ってから、もう一度開いてください",
        "it is not signed yet; wait a few seconds and open it again",
    )
}

fn unprovable<E: std::fmt::Debug>(fault: E) -> Refusal {
    store::Failure::Damaged(format!("the tree cannot be proved: {fault:?}")).into()
}

//! What the authenticator says (WebAuthn, section 6.1).

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::key::PublicKey;
use super::{Refused, Site, cbor};

const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// The longest id of a credential (WebAuthn, section 4, "Credential ID").
const LONGEST_ID: usize = 1023;

pub(super) struct AuthenticatorData<'b> {
    rp_id_hash: &'b [u8; 32],
    flags: u8,
    pub(super) sign_count: u32,
    pub(super) attested: Option<Attested<'b>>,
}

/// The new credential.
pub(super) struct Attested<'b> {
    pub(super) aaguid: &'b [u8; 16],
    pub(super) id: &'b [u8],
    pub(super) key: PublicKey,
}

impl<'b> AuthenticatorData<'b> {
    pub(super) fn read(bytes: &'b [u8]) -> Result<Self, Refused> {
        Self::parts(bytes).ok_or(Refused::Malformed)?
    }

    /// Whether it was made for this site by somebody whom the authenticator verified.
    pub(super) fn verify(&self, site: &Site) -> Result<(), Refused> {
        let ours: bool = Sha256::digest(&site.id).as_slice().ct_eq(self.rp_id_hash).into();
        if !ours {
            return Err(Refused::Foreign);
        }
        let both = USER_PRESENT | USER_VERIFIED;
        if self.flags & both == both {
            Ok(())
        } else {
            Err(Refused::Unverified)
        }
    }

    pub(super) const fn is_synced(&self) -> bool {
        self.flags & BACKED_UP != 0
    }

    fn parts(bytes: &'b [u8]) -> Option<Result<Self, Refused>> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (flags, rest) = rest.split_first()?;
        let (sign_count, mut rest) = rest.split_first_chunk::<4>()?;
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (read, after) = Attested::read(rest)?;
            let Some(read) = read else {
                return Some(Err(Refused::Signature));
            };
            attested = Some(read);
            rest = after;
        }
        if flags & EXTENSIONS != 0 {
            rest = cbor::read(rest)?.1;
        }
        let sound = rest.is_empty() && (flags & BACKED_UP == 0 || flags & BACKUP_ELIGIBLE != 0);
        sound.then_some(Ok(Self {
            rp_id_hash,
            flags: *flags,
            sign_count: u32::from_be_bytes(*sign_count),
            attested,
        }))
    }
}

impl<'b> Attested<'b> {
    /// The new credential, `None` inside where its key is of no algorithm of ours, and what follows it.
    fn read(bytes: &'b [u8]) -> Option<(Option<Self>, &'b [u8])> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = (1..=LONGEST_ID)
            .contains(&length)
            .then(|| rest.split_at_checked(length))??;
        let (cose, rest) = cbor::read(rest)?;
        let key = PublicKey::read(&cose);
        Some((key.map(|key| Self { aaguid, id, key }), rest))
    }
}

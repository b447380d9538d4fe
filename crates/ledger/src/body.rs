//! What a ledger entry commits to: named values, each of which can be shown or kept back.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

pub use crate::json::NotCanonical;
use crate::tree::Edge;
use crate::{Hash, json};

/// The body behind a ledger entry: an ordered list of fields, and the secret that their salts come from.
///
/// The entry holds [`Body::root`] only. Without its salt a field cannot be guessed from its hash, even where it has few
/// possible values; and all salts come from the secret. To erase a body (消去) is therefore to delete its fields and its
/// secret: the entry, the tree and every proof stay valid, and what was said can no longer be learnt or tested.
#[derive(Clone)]
pub struct Body {
    /// 32 random bytes, of this body alone.
    pub secret: [u8; 32],
    /// Names and values, in the order of their leaves.
    pub fields: Vec<(String, Value)>,
}

impl Body {
    /// What the entry commits to: the RFC 6962 root over the hashes of the fields.
    ///
    /// # Errors
    /// A value has no canonical form.
    pub fn root(&self) -> Result<Hash, NotCanonical> {
        Ok(self.leaves()?.into_iter().collect::<Edge>().root())
    }

    /// The hash of each field.
    pub(crate) fn leaves(&self) -> Result<Vec<Hash>, NotCanonical> {
        let salts = Salts::new(&self.secret);
        let fields = self.fields.iter().enumerate();
        fields
            .map(|(index, (name, value))| field_hash(&salts.of(index), name, value))
            .collect()
    }

    /// The salt of the field at `index`.
    #[must_use]
    pub fn salt(&self, index: usize) -> [u8; 16] {
        Salts::new(&self.secret).of(index)
    }
}

/// The secret and the values never show, not even in a log.
impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body")
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

/// The hash of a field: SHA-256(0x00 ‖ salt ‖ JCS(\[name, value\])).
///
/// # Errors
/// The value has no canonical form.
pub fn field_hash(salt: &[u8; 16], name: &str, value: &Value) -> Result<Hash, NotCanonical> {
    let mut bytes = Vec::with_capacity(128);
    bytes.extend(salt);
    bytes.push(b'[');
    json::write_text(&mut bytes, name);
    bytes.push(b',');
    json::write(&mut bytes, value)?;
    bytes.push(b']');
    Ok(Hash::leaf(&bytes))
}

/// The salts of a body: HMAC-SHA256(secret, index in decimal), the first 16 bytes.
struct Salts(Hmac<Sha256>);

impl Salts {
    fn new(secret: &[u8; 32]) -> Self {
        // A key of HMAC-SHA256 is a block of 64 bytes: a shorter one is padded with zeros (RFC 2104).
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(secret) {
            *to = *from;
        }
        Self(Hmac::new(&block.into()))
    }

    fn of(&self, index: usize) -> [u8; 16] {
        let mut mac = self.0.clone();
        mac.update(index.to_string().as_bytes());
        let mut salt = [0; 16];
        for (to, from) in salt.iter_mut().zip(mac.finalize().into_bytes()) {
            *to = from;
        }
        salt
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body() -> Body {
        Body {
            secret: [7; 32],
            fields: vec![
                ("register".to_owned(), json!("asset")),
                ("version".to_owned(), json!(3)),
                ("reason".to_owned(), json!("機器の更新")),
            ],
        }
    }

    #[test]
    fn another_value_name_order_or_secret_is_another_commitment() {
        let root = body().root().unwrap();
        let mut others = vec![body(), body(), body(), body(), body()];
        others[0].secret = [8; 32];
        others[1].fields.swap(0, 1);
        others[2].fields[1].1 = json!("3");
        others[3].fields[1].0 = "versions".to_owned();
        others[4].fields.pop();
        for other in others {
            assert_ne!(other.root().unwrap(), root);
        }
    }

    // Computed with Python's hmac and hashlib, so that the construction is pinned by something that is not this code.
    #[test]
    fn the_commitment_is_the_published_construction() {
        let salt = 0x630f_f507_fc0e_2793_bf2e_4bb8_88d9_b9fc_u128;
        assert_eq!(body().salt(0), salt.to_be_bytes());
        assert_eq!(
            body().root().unwrap().to_string(),
            "D2loL+qWxwho32uqKrkLR9gGD4Qp1IfuKPhBX3YDhUY="
        );
    }

    #[test]
    fn a_body_without_fields_commits_to_the_empty_tree() {
        let empty = Body {
            secret: [0; 32],
            fields: Vec::new(),
        };
        assert_eq!(empty.root(), Ok(Hash::EMPTY));
    }

    #[test]
    fn a_body_that_is_logged_shows_nothing_of_what_it_holds() {
        assert_eq!(format!("{:?}", body()), "Body { fields: 3, .. }");
    }
}

//! Known devices: a browser that has signed in to an account before keeps a signed mark (OWASP "device cookies").
//!
//! The mark gives no right. It only spares its holder the waits that strangers cause (see [`crate::throttle`]).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::random::{self, Random};
use subtle::ConstantTimeEq as _;

use crate::opaque::hex;
use crate::seal::hmac;

/// How many people's marks one browser keeps: a shared terminal has several.
const MARKS: usize = 4;

const NONCE: usize = 16;
const TAG: usize = 16;

/// A device that is known to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device([u8; NONCE]);

/// Makes and recognises marks. The keys come from [`KeyRing::derived`](crate::seal::KeyRing::derived)`("device")`,
/// newest first.
#[derive(Clone, Copy)]
pub struct Devices<'k> {
    keys: &'k [[u8; 32]],
}

impl Device {
    /// Tells devices apart.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.0)
    }
}

impl<'k> Devices<'k> {
    /// Marks signed by the first of these keys; all of them count.
    #[must_use]
    pub const fn new(keys: &'k [[u8; 32]]) -> Self {
        Self { keys }
    }

    /// The device, where the cookie holds a mark for this person.
    #[must_use]
    pub fn recognise(self, person: &str, cookie: &str) -> Option<Device> {
        marks(cookie).find_map(|mark| self.read(person, mark))
    }

    /// The cookie with a mark for this person: the one that is there, or a new one before those of others.
    #[must_use]
    pub fn remember(self, person: &str, cookie: &str, random: &dyn Random) -> String {
        let Some(key) = self.keys.first() else {
            return String::new();
        };
        let nonce = self
            .recognise(person, cookie)
            .map_or_else(|| random::bytes(random), |device| device.0);
        let own = URL_SAFE_NO_PAD.encode([&nonce[..], &tag(key, person, nonce)].concat());
        let others = marks(cookie).filter(|mark| self.read(person, mark).is_none());
        let all = std::iter::once(own.as_str()).chain(others).take(MARKS);
        all.collect::<Vec<_>>().join(".")
    }

    fn read(self, person: &str, mark: &str) -> Option<Device> {
        let bytes = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let (nonce, sent) = bytes.split_first_chunk::<NONCE>()?;
        let mut tags = self.keys.iter().map(|key| tag(key, person, *nonce));
        tags.any(|tag| tag.ct_eq(sent).into()).then_some(Device(*nonce))
    }
}

fn marks(cookie: &str) -> impl Iterator<Item = &str> {
    cookie
        .split('.')
        .take(MARKS)
        .filter(|mark| !mark.is_empty() && mark.len() <= 64)
}

fn tag(key: &[u8; 32], person: &str, nonce: [u8; NONCE]) -> [u8; TAG] {
    let mac = hmac(key, &[b"device", &nonce, person.as_bytes()]);
    std::array::from_fn(|at| mac.get(at).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    #[test]
    fn a_device_is_known_to_the_person_who_signed_in_on_it() {
        let random = SeededRandom::new(2);
        let keys = [[1; 32]];
        let devices = Devices::new(&keys);
        let cookie = devices.remember("P1", "", &random);
        let cookie = devices.remember("P2", &cookie, &random);
        let (one, two) = (devices.recognise("P1", &cookie), devices.recognise("P2", &cookie));
        assert!(one.is_some() && two.is_some() && one != two);
        assert_eq!(devices.recognise("P3", &cookie), None);
        assert_eq!(devices.recognise("P1", &devices.remember("P1", &cookie, &random)), one);
        assert_eq!(Devices::new(&[[2; 32]]).recognise("P1", &cookie), None);
        assert_eq!(Devices::new(&[[2; 32], [1; 32]]).recognise("P1", &cookie), one);
    }

    #[test]
    fn a_cookie_keeps_the_latest_few() {
        let random = SeededRandom::new(2);
        let keys = [[1; 32]];
        let devices = Devices::new(&keys);
        let cookie = (0..9).fold(String::from("junk.%%."), |cookie, at| {
            devices.remember(&format!("P{at}"), &cookie, &random)
        });
        assert_eq!(cookie.split('.').count(), MARKS);
        assert!(devices.recognise("P8", &cookie).is_some() && devices.recognise("P1", &cookie).is_none());
    }
}

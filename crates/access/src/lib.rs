//! Identity, sign-in and authorisation.
//!
//! Pure logic over records that the caller loads and stores. Nothing here opens a database or reads a clock; only [`oidc`]
//! and [`ldap`] speak the network, and are asynchronous for it.

pub mod account;
pub mod authority;
pub mod device;
pub mod elsewhere;
pub mod enrolment;
pub mod ldap;
pub mod link;
pub mod oidc;
pub mod opaque;
pub mod passkey;
pub mod password;
mod reading;
pub mod recovery;
pub mod rule;
pub mod seal;
pub mod session;
pub mod signin;
pub mod throttle;
mod tls;
pub mod token;
pub mod totp;
pub mod transfer;

//! Identity, sign-in and authorisation.

//! The ledger: a Merkle log that outsiders verify.

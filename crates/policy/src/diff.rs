//! Clause-wise difference of two policies.

//! Approvals: routes, steps, deputies, expiry.

//! Developers' tasks, run as `cargo dev TASK`.
//!
//! * [`generate`]: the files under `docs/generated/`, written or proved current.
//! * [`sample`]: the sample city 見本市, written or proved current.
//! * [`licences`]: the licence of every dependency against the allow-list.
//! * [`advisories`]: every locked dependency against the RustSec advisory database.
//!
//! [`output`] is the one place that writes files and [`process`] the one that starts programs; `clippy.toml` holds everyone to that.

pub mod advisories;
pub mod generate;
pub mod licences;
pub mod output;
pub mod process;
pub mod sample;
pub mod workspace;

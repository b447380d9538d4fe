//! A process of its own for each file, behind walls: it can open no file and no connection, start nothing, and is ended when it
//! takes too long or too much.
//!
//! ```text
//! Pool (parent)                                  serve (child, one file)
//!   starts some in advance ─────────────────────►  walls go up: nothing was read yet
//!   holds them against the floor ◄── greeting ───  says which stand
//!   job: name, profile, passwords, bytes ───────►  treats
//!   bounds, checks ◄───────────────── answer ────  outcome, findings, bytes; ends
//! ```
//!
//! The parent takes nothing on faith that it can find out: it asks the kernel about the walls, computes both hashes and the name, and
//! recognises the output again by its structure. Whatever goes wrong is a refusal; there is no way on which the original goes out.
//!
//! * [`walls`]: what a worker takes away from itself. * [`system_calls`]: the list that is left.
//! * [`serve()`]: the worker. * [`wire`]: what the two say to each other.
//! * [`pool`]: workers that wait, and who gives them files. * [`conversation`]: one worker as its parent sees it.
//!
//! Needs Linux 5.3. Why it is so: `docs/design/0007-walls-around-a-worker.md`.

mod conversation;
mod pool;
mod serve;
mod system_calls;
mod walls;
mod wire;

pub use self::pool::{Done, Pool, Program};
pub use self::serve::{Behind, serve, serve_with};
pub use self::walls::Ceiling;
pub use self::wire::Job;

//! Approvals (決裁): what people ask for, who decides it, and how it was decided. Data in, decisions out; no database, no clock.
//!
//! One machine serves every kind of request (申請):
//!
//! ```text
//!  draft ──submit──► waiting (step 1 … step n) ──last step approved──► approved
//!    ▲                  │        │        │
//!    └── edit           │        │        └── rejected · expired
//!  returned ◄──return───┘        └── withdrawn (by the applicant, also from draft and returned)
//! ```
//!
//! * A [`Kind`](kind::Kind) says what is asked for: its fields, what follows an approval, and its routes. A kind is one TOML file
//!   in `crates/approval/kinds/` and one line in [`kind::SHIPPED`]; a city adds files of its own ([`kind::Kinds::with`]).
//! * A [`Route`](route::Route) is a list of steps; a step is decided by any or by all of the people who hold certain roles over
//!   the applicant's section, the subject's section or the subject's system. It is chosen by kind and grade and then frozen in
//!   the request, so that a changed route changes no request that is under way.
//! * A [`Directory`](directory::Directory) tells who holds which role on a day, who is away and who stands in; the caller has it.
//! * A [`Request`](request::Request) is a document. [`Request::apply`](request::Request::apply) is the only way to change it, and
//!   everything that it does is in the request's log.
//! * [`panel`] tells who may decide a step; [`due`] whom to remind; [`record`] makes the record that is printed.
//!
//! What always holds, whatever happens in whatever order (`tests/properties.rs`):
//! nobody decides their own request, neither in a second role nor for somebody who is away; no step is skipped; nobody counts
//! twice in a step; a deputy decides only while the other is away; a returned request begins its steps anew; an ended request
//! never changes; the log tells everything.

pub mod directory;
pub mod due;
pub mod kind;
pub mod panel;
pub mod record;
pub mod request;
pub mod route;

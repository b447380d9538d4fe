//! `sanmon separation …`: one file a question, each asked of the network of a city folder.

mod asked;
mod check;
mod diff;
mod explain;
mod matrix;
mod picture;
mod policy_test;
mod prove;
mod redact;
mod render;
mod rule;
mod unreachable;

use std::io;

use super::{Desk, Outcome};
use crate::cli::Separation;

pub(super) fn run(arguments: &Separation, desk: Desk) -> io::Result<Outcome> {
    match arguments {
        Separation::Check { network, format } => check::run(network, *format, desk),
        Separation::Explain(explain) => explain::run(explain, desk),
        Separation::Diff {
            network,
            new,
            with,
            format,
        } => diff::run(network, new.as_deref(), with.as_deref(), *format, desk),
        Separation::Unreachable { network, format } => unreachable::run(network, *format, desk),
        Separation::Matrix { network, format } => matrix::run(network, *format, desk),
        Separation::Picture { network, out } => picture::run(network, out, desk),
        Separation::PolicyTest { network, file, format } => policy_test::run(network, file, *format, desk),
        Separation::Render {
            network,
            device,
            dialect,
        } => render::run(network, device, *dialect, desk),
        Separation::Prove {
            network,
            device,
            packets,
            format,
        } => prove::run(network, device, *packets, *format, desk),
        Separation::Redact { files, dialect } => redact::run(files, dialect.as_deref(), desk),
    }
}

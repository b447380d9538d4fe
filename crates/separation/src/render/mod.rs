//! Configurations made from what the city says of its network: what a gateway must hold so that only what is permitted passes.
//!
//! The [`Plan`] of a device says which packets it is to let through; each language writes the same plan in its own words. Reading what
//! was written gives the plan's packets again, no more and no fewer: the tests ask that of every language.

pub mod ios;
pub mod nftables;
mod packets;
mod plan;
#[cfg(test)]
mod tests;
pub mod yamaha;

pub use self::plan::{Allowed, Behind, LeftOut, Plan, plan};

/// Why a path is left out, as a comment says it.
fn reason(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Expired => "期限が切れている",
        LeftOut::Forbidden => "この組の領域のあいだは何も通せない",
        LeftOut::Unsanitised => "どちらの端も無害化などの中継ではない",
        LeftOut::OutOfZone => "端のアドレスが領域の外にある",
    }
}

/// A text that cannot begin a line of its own.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

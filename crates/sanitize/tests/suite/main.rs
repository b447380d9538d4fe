//! The engine asked from outside, with files that the tests make.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod drawing;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod html;
#[cfg(test)]
mod office;
#[cfg(test)]
mod package;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod rtf;
#[cfg(test)]
mod text;

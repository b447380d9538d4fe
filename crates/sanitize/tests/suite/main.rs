//! The engine asked from outside, with files that the tests make.

mod office;
mod package;

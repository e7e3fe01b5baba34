//! The process around factotum: TOML, command line, logs. A site with code of its own is a [`Program`].

mod program;

pub use program::{Plain, Program};

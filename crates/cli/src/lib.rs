//! The process around factotum: TOML, command line, logs.

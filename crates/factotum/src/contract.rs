//! The wire contracts: one folder each, none of which knows another.

#[cfg(feature = "conjure")]
pub mod conjure;

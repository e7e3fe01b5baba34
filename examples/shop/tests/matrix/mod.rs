//! The matrix of permissions: its cases, the people and rows that they name, and what an answer says.

pub(crate) mod cases;
pub(crate) mod digest;
pub(crate) mod people;
pub(crate) mod plan;
pub(crate) mod sql;

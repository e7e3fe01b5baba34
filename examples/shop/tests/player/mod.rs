//! Plays a recorded conversation against a router without a socket, and gathers every difference.

pub(crate) mod browser;
pub(crate) mod compare;
pub(crate) mod conversation;
pub(crate) mod database;

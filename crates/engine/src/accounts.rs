//! Where people come from: passwords, signed sessions, and Django's tables of users.

pub mod django;
pub mod password;
pub mod random;
pub mod signing;

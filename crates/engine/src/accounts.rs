//! Where people come from: passwords, signed sessions, and random letters for both.

pub mod password;
pub mod random;
pub mod signing;

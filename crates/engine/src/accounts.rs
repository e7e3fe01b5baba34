//! Where people come from: passwords, signed sessions, roles, and the tables of users of Django and litestar-admin.

pub mod admin_users;
pub mod django;
pub mod families;
pub mod password;
pub mod random;
pub mod resets;
pub mod roles;
pub mod signing;

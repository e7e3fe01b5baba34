//! How the shop is administered: one set of admins for each contract, since contracts show models differently.

pub mod conjure;
pub mod django_admin;
pub mod litestar;

//! factotum: an admin backend for any SQL database, inside your own axum app.

pub mod http;

//! factotum: an admin backend for any SQL database, inside your own axum app.
//!
//! A [`Site`] says what is administered; a contract says in which wire dialect; [`router`] makes an axum router of
//! the two, to be nested wherever the host likes.

pub mod contract;
pub mod http;
pub mod transfer;

pub use factotum_engine::{
    Context, Error, Field, FieldErrors, Model, ModelKey, Origin, Principal, Raw, Record, Resource, Result, Row, Site,
    Value, Verb,
};
pub use factotum_engine::{
    accounts, admin, audit, context, error, feed, files, form, model, ops, permit, principal, problem, query, search,
    settings, site, store, value,
};
pub use http::edge::Edge;
pub use http::router::{router, router_at};

//! factotum: an admin backend for any SQL database, inside your own axum app.

pub mod http;

pub use factotum_engine::{
    Context, Error, Field, FieldErrors, Model, ModelKey, Origin, Principal, Raw, Record, Resource, Result, Row, Site,
    Value, Verb,
};
pub use factotum_engine::{
    accounts, admin, audit, context, error, files, form, model, ops, permit, principal, problem, query, site, store,
    value,
};

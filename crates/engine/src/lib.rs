//! factotum-engine: what an admin can be asked, decided once for every door. It knows no HTTP.
//!
//! From the ground up: [`value`] and [`model`] say what exists, [`store`] how a database is asked, [`query`] what is
//! asked; the hall ([`error`], [`principal`], [`permit`], [`context`], [`site`], [`admin`], [`problem`]) says who may;
//! [`accounts`] where people come from; [`form`] and [`audit`] what may be written and what was; [`ops`] are the things
//! one can ask.

pub mod accounts;
pub mod admin;
pub mod audit;
pub mod context;
pub mod error;
pub mod feed;
pub mod files;
pub mod form;
pub mod model;
pub mod ops;
pub mod permit;
pub mod principal;
pub mod problem;
pub mod query;
pub mod search;
pub mod settings;
pub mod site;
pub mod store;
pub mod value;

pub use context::{Context, Origin};
pub use error::{Error, FieldErrors, Result};
pub use model::{Field, Model, ModelKey, Record, Row};
pub use principal::{Principal, Verb};
pub use site::{Resource, Site};
pub use value::{Raw, Value};

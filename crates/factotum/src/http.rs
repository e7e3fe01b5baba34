//! HTTP as plain data, and what every contract shares of it. Nothing here knows a contract by name.

pub mod address;
pub mod assets;
pub mod body;
#[cfg(any(feature = "s3", feature = "http-items"))]
pub(crate) mod client;
pub mod contract;
pub mod cookie;
pub mod csrf;
pub mod edge;
pub mod endpoint;
pub mod fault;
pub mod flow;
pub mod gateway;
pub mod head;
pub mod indent;
pub mod json;
pub mod jws;
pub mod limit;
pub mod mail;
pub mod manual;
pub mod markup;
pub mod openapi;
pub mod pages;
mod pattern;
pub mod python;
pub mod reply;
pub mod router;
#[cfg(feature = "s3")]
pub mod s3;
pub mod schema;
pub mod session;
pub mod spool;
pub mod token;

use std::sync::Arc;

use bytes::Bytes;
use factotum_engine::{Context, Origin, Principal, Result, Site};
use tokio::sync::Mutex;

pub use body::{Body, Form};
pub use contract::Contract;
pub use endpoint::{Endpoint, Gate, Route};
pub use fault::{BadBody, BadToken, Fault};
pub use flow::{Flow, Outlet};
pub use head::Head;
pub use manual::{Manual, Param, Refusal, Shape};
pub use reply::Reply;
pub use spool::{Enclosed, Spooled};

/// A request that was understood and let in: what a handler gets.
#[derive(Debug)]
pub struct Call<C> {
    /// The contract with its settings.
    pub contract: Arc<C>,
    /// The site.
    pub site: Site,
    /// The request without its body.
    pub head: Arc<Head>,
    /// Who asks; anonymous people are principals too.
    pub who: Arc<Principal>,
    /// Where the request came from, for records.
    pub origin: Origin,
    /// The body as it came; [`Call::content`] reads it. Empty where the endpoint takes it as it arrives.
    pub body: Bytes,
    /// The body on its way, where the endpoint takes it as it arrives; [`Call::spool`] reads it.
    pub arriving: Option<Arc<Mutex<body::Incoming>>>,
}

impl<C> Call<C> {
    /// The part of the path that stands for `{name}`, decoded; empty if the endpoint has none.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.head.param(name)
    }

    /// A context for reading.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn read(&self) -> Result<Context> {
        self.site.read(self.who.clone(), self.origin.clone()).await
    }

    /// A context for writing: one transaction.
    ///
    /// # Errors
    /// When the database is away or locked for too long.
    pub async fn write(&self) -> Result<Context> {
        self.site.write(self.who.clone(), self.origin.clone()).await
    }

    /// A context for writing one form, which may share its commit with others; not if it comes with files, for which
    /// others would wait.
    ///
    /// # Errors
    /// When the database is away or locked for too long.
    pub async fn write_form(&self) -> Result<Context> {
        let media = self.head.header("content-type").unwrap_or_default().trim_start();
        let has_files = media.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
        if has_files {
            return self.write().await;
        }
        self.site.write_briefly(self.who.clone(), self.origin.clone()).await
    }

    /// The body, read by its declared type.
    ///
    /// # Errors
    /// [`Fault::BadBody`] if it is not what it claims, [`Fault::WrongMedia`] if it claims something that is not read.
    pub async fn content(&self) -> Result<Body, Fault> {
        body::read(&self.head, &self.body).await
    }

    /// The body as a form with one file that may be large, for an endpoint that takes it as it arrives. The file is the
    /// first of this name.
    ///
    /// # Errors
    /// [`Fault::BadBody`] if it is not the form it claims to be, [`Fault::TooLarge`].
    pub async fn spool(&self, file: &str) -> Result<Spooled, Fault> {
        match &self.arriving {
            Some(arriving) => spool::spool(&self.head, &mut *arriving.lock().await, file).await,
            None => Ok(Spooled::default()),
        }
    }
}

//! Endpoint: one line of a contract. Where, what, who may knock, and the code that answers.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use factotum_engine::Verb;
use futures_util::future::BoxFuture;
use http::{Method, StatusCode};

use crate::http::{Call, Fault, Param, Reply, Shape};

type Run<C> = dyn Fn(Call<C>) -> BoxFuture<'static, Result<Reply, Fault>> + Send + Sync;

/// Who may knock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Everybody; nobody is even asked for a name.
    Anyone,
    /// People with an account for the admin.
    Staff,
    /// People who may do this with the model that the path names.
    May(Verb),
    /// People who hold this permission.
    Holding(&'static str),
}

/// One line of a contract.
pub struct Endpoint<C> {
    /// Its name, unique in the contract.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path: literal segments, `{name}` for one segment of any characters but `/`, `{!name}` for one that has no point
    /// either, `.{name}` behind any of these for a suffix of small letters and digits, and at its end `{*name}` for
    /// whatever else there is.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// Who may knock.
    pub gate: Gate,
    /// Under which tag the document lists it; that of its model or first segment if not said.
    pub tag: Option<&'static str>,
    /// What stands in its path and may stand in its query string, for the document.
    pub params: Vec<Param>,
    /// What may be sent to it, by media type, for the document.
    pub bodies: Vec<(&'static str, Shape)>,
    /// What it answers when all is well, for the document.
    pub replies: Vec<(StatusCode, Shape)>,
    /// Whether it takes its body as it arrives, to keep what is large on the disk: [`Call::spool`].
    pub spools: bool,
    /// Whether it is only another spelling of something else: its path is not taken away from other endpoints.
    pub helps_out: bool,
    /// Whether people sign in here, so that attempts are counted.
    pub signs_in: bool,
    run: Arc<Run<C>>,
}

impl<C> fmt::Debug for Endpoint<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {} {} ({:?})", self.id, self.method, self.path, self.gate)
    }
}

impl<C> Endpoint<C> {
    fn new<F, A>(id: &'static str, method: Method, path: &'static str, run: F) -> Endpoint<C>
    where
        F: Fn(Call<C>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Reply, Fault>> + Send + 'static,
    {
        let run = move |call| -> BoxFuture<'static, Result<Reply, Fault>> { Box::pin(run(call)) };
        let (params, bodies, replies) = (Vec::new(), Vec::new(), Vec::new());
        Endpoint {
            id,
            method,
            path,
            about: "",
            gate: Gate::Staff,
            tag: None,
            params,
            bodies,
            replies,
            spools: false,
            helps_out: false,
            signs_in: false,
            run: Arc::new(run),
        }
    }

    /// Says what it does.
    #[must_use]
    pub fn about(mut self, about: &'static str) -> Endpoint<C> {
        self.about = about;
        self
    }

    /// Says who may knock; staff if not said.
    #[must_use]
    pub fn gate(mut self, gate: Gate) -> Endpoint<C> {
        self.gate = gate;
        self
    }

    /// Says that it takes its body as it arrives.
    #[must_use]
    pub fn spooling(mut self) -> Endpoint<C> {
        self.spools = true;
        self
    }

    /// Says under which tag the document lists it.
    #[must_use]
    pub fn tagged(mut self, tag: &'static str) -> Endpoint<C> {
        self.tag = Some(tag);
        self
    }

    /// Says that it is only another spelling: other methods of its path belong to the endpoint that fits next.
    #[must_use]
    pub fn helping_out(mut self) -> Endpoint<C> {
        self.helps_out = true;
        self
    }

    /// Says that people sign in here: limits of attempts to sign in are about its path.
    #[must_use]
    pub fn signing_in(mut self) -> Endpoint<C> {
        self.signs_in = true;
        self
    }

    /// Says what a part of its path or of its query string means.
    #[must_use]
    pub fn asks(mut self, name: &'static str, about: &'static str, shape: Shape) -> Endpoint<C> {
        self.params.push(Param { name, about, shape });
        self
    }

    /// Says what may be sent to it as this media type.
    #[must_use]
    pub fn takes(mut self, media: &'static str, shape: Shape) -> Endpoint<C> {
        self.bodies.push((media, shape));
        self
    }

    /// Says what it answers when all is well.
    #[must_use]
    pub fn gives(mut self, status: StatusCode, shape: Shape) -> Endpoint<C> {
        self.replies.push((status, shape));
        self
    }

    /// Whether it is an endpoint of each model, and not of the site as a whole.
    #[must_use]
    pub fn is_of_model(&self) -> bool {
        let params = self.params.iter().map(|param| &param.shape);
        let bodies = self.bodies.iter().map(|(_, shape)| shape);
        let mut shapes = params.chain(bodies).chain(self.replies.iter().map(|(_, shape)| shape));
        matches!(self.gate, Gate::May(_)) || shapes.any(|shape| matches!(shape, Shape::OfModel(_)))
    }

    pub(crate) fn answer(&self, call: Call<C>) -> BoxFuture<'static, Result<Reply, Fault>> {
        (self.run)(call)
    }
}

macro_rules! method {
    ($name:ident, $method:expr, $about:literal) => {
        #[doc = $about]
        pub fn $name<C, F, A>(id: &'static str, path: &'static str, run: F) -> Endpoint<C>
        where
            F: Fn(Call<C>) -> A + Send + Sync + 'static,
            A: Future<Output = Result<Reply, Fault>> + Send + 'static,
        {
            Endpoint::new(id, $method, path, run)
        }
    };
}

method!(get, Method::GET, "An endpoint for GET.");
method!(post, Method::POST, "An endpoint for POST.");
method!(put, Method::PUT, "An endpoint for PUT.");
method!(patch, Method::PATCH, "An endpoint for PATCH.");
method!(delete, Method::DELETE, "An endpoint for DELETE.");

/// All endpoints of one path.
#[derive(Debug)]
pub struct Route<C> {
    /// The path, as its endpoints spell it.
    pub path: &'static str,
    /// The endpoints, in the order of the table.
    pub endpoints: Vec<Endpoint<C>>,
}

impl<C> Route<C> {
    /// The endpoint for a method; HEAD is asked of the endpoint for GET.
    #[must_use]
    pub fn endpoint(&self, method: &Method) -> Option<&Endpoint<C>> {
        let asked = if method == Method::HEAD { &Method::GET } else { method };
        self.endpoints.iter().find(|endpoint| endpoint.method == *asked)
    }

    /// The methods that the table names, in its order.
    #[must_use]
    pub fn methods(&self) -> Vec<Method> {
        self.endpoints.iter().map(|endpoint| endpoint.method.clone()).collect()
    }

    /// Whether all of its endpoints are only other spellings.
    #[must_use]
    pub fn helps_out(&self) -> bool {
        self.endpoints.iter().all(|endpoint| endpoint.helps_out)
    }

    /// Whether people sign in on this path.
    #[must_use]
    pub fn signs_in(&self) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.signs_in)
    }

    /// Whether the path is open to everybody.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.endpoints.iter().all(|endpoint| endpoint.gate == Gate::Anyone)
    }
}

//! What a wire contract is: a table of endpoints, a way to know the caller, a way to say no.

use std::sync::Arc;

use factotum_engine::{Principal, Resource, Site};
use futures_util::future::BoxFuture;
use http::{Method, StatusCode};

use crate::http::body::Incoming;
use crate::http::limit::Standing;
use crate::http::{Call, Endpoint, Fault, Gate, Head, Manual, Refusal, Reply, Route};

/// The usual headers of every answer: nothing is kept, guessed or shown in a frame.
pub const GUARDS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("cache-control", "no-store"),
];

/// A request on its way in: what is known of it before it is let in.
#[derive(Debug)]
pub struct Visit<'v, C> {
    /// The site.
    pub site: &'v Site,
    /// The request without its body.
    pub head: &'v Head,
    /// The path that it asked for.
    pub route: &'v Route<C>,
    /// What answers it; `None` when the path has no such method (OPTIONS among them).
    pub endpoint: Option<&'v Endpoint<C>>,
}

/// A wire contract. The router asks its methods in the order in which they stand here.
pub trait Contract: Sized + Send + Sync + 'static {
    /// The contract's name, for the log.
    fn title(&self) -> &'static str;

    /// The table. Literal segments go before parameters, whatever the order.
    fn endpoints(&self) -> Vec<Endpoint<Self>>;

    /// Whether a slash at the end of a path counts for nothing. Otherwise a path that lacks only its last slash is sent
    /// there.
    fn trims(&self) -> bool {
        false
    }

    /// Whether an answer can be given that the client accepts; asked before anything about the caller.
    ///
    /// # Errors
    /// What is to be said otherwise.
    fn negotiate(&self, _head: &Head) -> Result<(), Fault> {
        Ok(())
    }

    /// Who asks. Checks against forged requests belong here, since they need to know how somebody was recognised.
    fn identify<'a>(
        &'a self,
        visit: &'a Visit<'a, Self>,
        body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>>;

    /// Whether the caller may knock here. It is asked before the method is looked at: a contract that says "no such
    /// method" first lets a visit without endpoint pass.
    ///
    /// # Errors
    /// [`Fault::NotSignedIn`] or [`Fault::NotAdmitted`].
    fn admit(&self, visit: &Visit<'_, Self>, who: &Principal) -> Result<(), Fault>;

    /// The methods of a path, in the order in which they are listed; what is not among them is refused.
    fn methods(&self, route: &Route<Self>) -> Vec<Method> {
        let mut methods = route.methods();
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods.push(Method::OPTIONS);
        methods
    }

    /// The answer to OPTIONS, where it is among the methods.
    fn options(&self, _call: &Call<Self>, _route: &Route<Self>) -> Reply {
        Reply::empty(StatusCode::NO_CONTENT)
    }

    /// Notes a refusal, for a log of its own: who asked is `None` where nobody was asked for a name.
    fn witness(&self, _head: &Head, _who: Option<&Principal>, _fault: &Fault) {}

    /// The model that a path names, if it names one; asked only where limits are counted by model.
    fn model<'s>(&self, _site: &'s Site, _head: &Head) -> Option<&'s Resource> {
        None
    }

    /// How an answer, a refusal too, tells where somebody stands by the limits that counted the request.
    fn limited(&self, reply: Reply, standing: &Standing) -> Reply {
        standing.on(reply)
    }

    /// How a fault is told.
    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply;

    /// What its document says beside the table.
    fn manual(&self) -> Manual {
        Manual::new(self.title())
    }

    /// How an endpoint may say no, for the document.
    fn refusals(&self, _endpoint: &Endpoint<Self>) -> Vec<Refusal> {
        Vec::new()
    }

    /// Whether an endpoint is of any use, for a model where it is one of a model; what is not is left out of the
    /// document.
    fn offers(&self, _endpoint: &Endpoint<Self>, _resource: Option<&Resource>) -> bool {
        true
    }

    /// The headers that every answer gets unless it has its own.
    fn guards(&self) -> &'static [(&'static str, &'static str)] {
        &GUARDS
    }

    /// What every answer gets on its way out; the route is `None` where no path was found.
    fn finish(&self, _head: &Head, _route: Option<&Route<Self>>, reply: Reply) -> Reply {
        reply
    }
}

/// The usual gate: by what the endpoint says, with `may` for the model that the path names.
///
/// # Errors
/// [`Fault::NotSignedIn`] or [`Fault::NotAdmitted`].
pub fn staff_only(gate: Gate, who: &Principal) -> Result<(), Fault> {
    match gate {
        Gate::Anyone => Ok(()),
        _ if who.is_anonymous() => Err(Fault::NotSignedIn),
        Gate::Staff | Gate::May(_) if who.active && who.staff => Ok(()),
        Gate::Holding(permission) if who.staff && who.has(permission) => Ok(()),
        Gate::Staff | Gate::May(_) | Gate::Holding(_) => Err(Fault::NotAdmitted),
    }
}

//! The litestar contract: an admin with bearer tokens, as litestar-admin speaks it. Which endpoints there are, and the
//! order of its questions.

mod auth;
mod bulk;
mod catalogue;
mod dashboard;
mod error;
mod identity;
mod ledger;
mod records;
mod registry;
mod request;
mod response;
mod settings;
mod token;
mod validation;
mod view;

use std::sync::Arc;

use factotum_engine::{Principal, Site};
use futures_util::future::BoxFuture;
use http::{Method, StatusCode};

use crate::http::Shape::Fixed;
use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit};
use crate::http::endpoint::{delete, get, post};
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Reply, Route};

pub use catalogue::Shelf;
pub use dashboard::Widget;
pub use ledger::LitestarLog;
pub use settings::{Auth, Litestar, Location};
pub use token::Tokens;
pub use view::{View, columns};

/// A request that was let in by this contract.
pub(crate) type Call = door::Call<Litestar>;

const OK: StatusCode = StatusCode::OK;
const DELETE: Gate = Gate::Holding("models:delete");
const READ: Gate = Gate::Holding("models:read");

impl Contract for Litestar {
    fn title(&self) -> &'static str {
        "litestar"
    }

    fn endpoints(&self) -> Vec<Endpoint<Litestar>> {
        let mut table = sign_in();
        table.extend(models());
        table
    }

    fn trims(&self) -> bool {
        true
    }

    fn identify<'a>(
        &'a self,
        visit: &'a Visit<'a, Litestar>,
        _body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(identity::identify(self, visit))
    }

    fn admit(&self, visit: &Visit<'_, Litestar>, who: &Principal) -> Result<(), Fault> {
        identity::admit(self, visit, who)
    }

    fn methods(&self, route: &Route<Litestar>) -> Vec<Method> {
        identity::methods(route.methods())
    }

    fn options(&self, _call: &Call, route: &Route<Litestar>) -> Reply {
        let methods = self.methods(route);
        let allowed: Vec<&str> = methods.iter().map(Method::as_str).collect();
        Reply::no_content().with(http::header::ALLOW, &allowed.join(", "))
    }

    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(self, site, head, fault)
    }
}

fn any() -> door::Shape {
    Fixed(serde_json::json!({}))
}

/// Sign-in, tokens, and who one is.
fn sign_in() -> Vec<Endpoint<Litestar>> {
    vec![
        post("login", "/api/auth/login", auth::login).about("Sign in.").gate(Gate::Anyone).gives(OK, any()),
        post("logout", "/api/auth/logout", auth::logout).about("Sign out.").gate(Gate::Anyone).gives(OK, any()),
        post("refresh", "/api/auth/refresh", auth::refresh)
            .about("A new access token.")
            .gate(Gate::Anyone)
            .gives(OK, any()),
        get("me", "/api/auth/me", auth::me).about("Who is signed in.").gives(OK, any()),
        post("change_password", "/api/auth/change-password", auth::change_password)
            .about("Give oneself another password.")
            .gives(OK, any()),
    ]
}

/// The models, their rows and their forms.
fn models() -> Vec<Endpoint<Litestar>> {
    vec![
        get("list_models", "/api/models", registry::list).about("All models.").gate(READ).gives(OK, any()),
        get("list_records", "/api/models/{model}", records::list).about("A page of rows.").gate(READ).gives(OK, any()),
        post("bulk_delete", "/api/models/{model}/bulk/delete", bulk::delete)
            .about("Delete several rows.")
            .gate(DELETE)
            .gives(OK, any()),
        delete("delete_record", "/api/models/{model}/{record}", records::delete)
            .about("Delete a row.")
            .gate(DELETE)
            .gives(OK, any()),
        get("get_record", "/api/models/{model}/{record}", records::get).about("One row.").gate(READ).gives(OK, any()),
    ]
}

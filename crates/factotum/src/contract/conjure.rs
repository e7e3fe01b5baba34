//! The Conjure contract: which endpoints there are, and the settings of a site that speaks it.

mod actions;
mod auth;
mod bulk;
mod error;
mod identity;
mod ledger;
mod negotiate;
mod payload;
mod records;
mod request;
mod response;
mod schema;
mod settings;
mod widgets;

use std::sync::Arc;

use factotum_engine::{Principal, Site, Verb};
use futures_util::future::BoxFuture;
use http::header::{ALLOW, VARY};
use http::{Method, StatusCode};
use serde_json::json;

use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit};
use crate::http::endpoint::{delete, get, patch, post};
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Reply, Route};

pub use ledger::{AuditAdmin, ConjureLog, audit_key, audit_model};
pub use schema::dump;
pub use settings::{Auth, Conjure, Language, Payload, Widget};

/// A request that was let in by this contract.
pub(crate) type Call = door::Call<Conjure>;

impl Contract for Conjure {
    fn title(&self) -> &'static str {
        "conjure"
    }

    fn endpoints(&self) -> Vec<Endpoint<Conjure>> {
        let [view, add, change, remove] = [Verb::View, Verb::Add, Verb::Change, Verb::Delete].map(Gate::May);
        vec![
            post("login", "/auth/login/", auth::login).about("Sign in.").gate(Gate::Anyone),
            post("refresh", "/auth/refresh/", auth::refresh).about("A new access token.").gate(Gate::Anyone),
            post("logout", "/auth/logout/", auth::logout).about("Sign out."),
            get("me", "/auth/me/", auth::me).about("Who is signed in."),
            get("config", "/config/", auth::config).about("Brand and kind of sign-in.").gate(Gate::Anyone),
            get("schema_list", "/schema/", schema::list).about("All models."),
            get("schema_detail", "/schema/{key}/", schema::detail).about("One model."),
            get("widget", "/widgets/{name}/", widgets::show).about("A widget's data."),
            get("autocomplete", "/r/{key}/autocomplete/", records::autocomplete).about("Rows to point at.").gate(view),
            post("bulk", "/r/{key}/bulk/", bulk::run).about("Write several rows."),
            post("action", "/r/{key}/action/{name}/", actions::run).about("Run an action.").gate(change),
            get("related", "/r/{key}/{pk}/related/", records::related)
                .about("What a delete would take along.")
                .gate(view),
            get("retrieve", "/r/{key}/{pk}/", records::retrieve).about("One row.").gate(view),
            patch("update", "/r/{key}/{pk}/", records::update).about("Change a row.").gate(change),
            delete("destroy", "/r/{key}/{pk}/", records::destroy).about("Delete a row.").gate(remove),
            get("list", "/r/{key}/", records::list).about("A page of rows.").gate(view),
            post("create", "/r/{key}/", records::create).about("Make a row.").gate(add),
        ]
    }

    fn negotiate(&self, head: &Head) -> Result<(), Fault> {
        negotiate::negotiate(head)
    }

    fn identify<'a>(
        &'a self,
        visit: &'a Visit<'a, Conjure>,
        body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(identity::identify(self, visit, body))
    }

    fn admit(&self, visit: &Visit<'_, Conjure>, who: &Principal) -> Result<(), Fault> {
        identity::admit(visit, who)
    }

    fn options(&self, _call: &Call, route: &Route<Conjure>) -> Reply {
        let first = route.endpoints.first();
        let document = json!({
            "name": first.map_or("", |endpoint| view_name(endpoint.id)),
            "description": first.map_or("", |endpoint| endpoint.about),
            "renders": ["application/json", "text/html"],
            "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        });
        error::reply(StatusCode::OK, &document)
    }

    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(self, site, head, fault)
    }

    fn finish(&self, head: &Head, route: Option<&Route<Conjure>>, reply: Reply) -> Reply {
        let Some(route) = route else { return negotiate::indent(head, reply) };
        let methods = self.methods(route);
        let allow: Vec<&str> = methods.iter().map(Method::as_str).collect();
        let vary = if route.is_open() { "Accept" } else { "Accept, Cookie" };
        negotiate::indent(head, reply).with(ALLOW, &allow.join(", ")).with(VARY, vary)
    }
}

/// The name under which OPTIONS presents an endpoint's path.
fn view_name(id: &str) -> &'static str {
    match id {
        "login" => "Login",
        "refresh" => "Refresh",
        "logout" => "Logout",
        "me" => "Me",
        "config" => "Config",
        "schema_list" => "Schema List",
        "schema_detail" => "Schema Detail",
        "widget" => "Widget",
        _ => "Admin Model",
    }
}

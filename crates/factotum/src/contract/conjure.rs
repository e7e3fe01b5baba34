//! The Conjure contract: which endpoints there are, and the settings of a site that speaks it.

mod actions;
mod auth;
mod bulk;
mod error;
mod identity;
mod ledger;
mod negotiate;
mod openapi;
mod payload;
mod records;
mod request;
mod response;
mod schema;
mod settings;
mod shapes;
mod widgets;

use std::sync::Arc;

use factotum_engine::{ModelKey, Principal, Resource, Site, Verb};
use futures_util::future::BoxFuture;
use http::header::{ALLOW, VARY};
use http::{Method, StatusCode};
use serde_json::json;

use crate::http::Shape::{Fixed, Nothing, OfModel};
use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit};
use crate::http::endpoint::{delete, get, patch, post};
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Manual, Refusal, Reply, Route};

pub use error::words;
pub use ledger::{AuditAdmin, ConjureLog, audit_key, audit_model};
pub use schema::dump;
pub use settings::{Auth, Conjure, Language, Payload, Widget};

/// A request that was let in by this contract.
pub(crate) type Call = door::Call<Conjure>;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
const OK: StatusCode = StatusCode::OK;
const NO_CONTENT: StatusCode = StatusCode::NO_CONTENT;

impl Contract for Conjure {
    fn title(&self) -> &'static str {
        "conjure"
    }

    fn endpoints(&self) -> Vec<Endpoint<Conjure>> {
        let mut table = self.sign_in();
        table.extend(self.site_wide());
        table.extend(of_models());
        table.extend(of_rows());
        table
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

    fn model<'s>(&self, site: &'s Site, head: &Head) -> Option<&'s Resource> {
        ModelKey::parse(head.param("key")).and_then(|key| site.find(&key).ok())
    }

    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(self, site, head, fault)
    }

    fn manual(&self) -> Manual {
        openapi::manual(self)
    }

    fn refusals(&self, endpoint: &Endpoint<Conjure>) -> Vec<Refusal> {
        openapi::refusals(self, endpoint)
    }

    fn offers(&self, endpoint: &Endpoint<Conjure>, resource: Option<&Resource>) -> bool {
        openapi::offers(self, endpoint, resource)
    }

    fn finish(&self, head: &Head, route: Option<&Route<Conjure>>, reply: Reply) -> Reply {
        let Some(route) = route else { return negotiate::indent(head, reply) };
        let methods = self.methods(route);
        let allow: Vec<&str> = methods.iter().map(Method::as_str).collect();
        let vary = if route.is_open() { "Accept" } else { "Accept, Cookie" };
        negotiate::indent(head, reply).with(ALLOW, &allow.join(", ")).with(VARY, vary)
    }
}

impl Conjure {
    fn sign_in(&self) -> Vec<Endpoint<Conjure>> {
        let [login, refresh] = [shapes::credentials(), shapes::refresh()].map(Fixed);
        vec![
            post("login", "/auth/login/", auth::login)
                .about("Sign in.")
                .gate(Gate::Anyone)
                .signing_in()
                .takes(JSON, login.clone())
                .takes(FORM, login)
                .gives(OK, Fixed(shapes::signed_in(self))),
            post("refresh", "/auth/refresh/", auth::refresh)
                .about("A new access token.")
                .gate(Gate::Anyone)
                .takes(JSON, refresh.clone())
                .takes(FORM, refresh)
                .gives(OK, Fixed(shapes::refreshed())),
            post("logout", "/auth/logout/", auth::logout).about("Sign out.").gives(NO_CONTENT, Nothing),
            get("me", "/auth/me/", auth::me).about("Who is signed in.").gives(OK, Fixed(shapes::person(self))),
        ]
    }

    fn site_wide(&self) -> Vec<Endpoint<Conjure>> {
        vec![
            get("config", "/config/", auth::config)
                .about("Brand and kind of sign-in.")
                .gate(Gate::Anyone)
                .gives(OK, Fixed(shapes::config())),
            get("openapi", "/openapi.json", crate::http::openapi::serve())
                .about("This document.")
                .gives(OK, Fixed(shapes::any_object())),
            get("schema_list", "/schema/", schema::list).about("All models.").gives(OK, Fixed(shapes::models())),
            get("schema_detail", "/schema/{key}/", schema::detail)
                .about("One model.")
                .asks("key", "The model's name, in any case.", Fixed(shapes::text()))
                .gives(OK, Fixed(shapes::model_schema())),
            get("widget", "/widgets/{name}/", widgets::show)
                .about("A widget's data.")
                .asks("name", "The widget's name.", Fixed(shapes::widget_name(self)))
                .gives(OK, Fixed(shapes::widget())),
        ]
    }
}

fn of_models() -> Vec<Endpoint<Conjure>> {
    let [view, add, change] = [Verb::View, Verb::Add, Verb::Change].map(Gate::May);
    vec![
        get("autocomplete", "/r/{key}/autocomplete/", records::autocomplete)
            .about("Rows to point at.")
            .gate(view)
            .asks("q", "What somebody typed; empty for all rows.", Fixed(shapes::text()))
            .asks("page", "The page's number, counted from 1.", Fixed(shapes::number()))
            .gives(OK, OfModel(shapes::found)),
        post("bulk", "/r/{key}/bulk/", bulk::run)
            .about("Write several rows.")
            .takes(JSON, OfModel(shapes::bulk))
            .gives(OK, OfModel(shapes::bulk_done)),
        post("action", "/r/{key}/action/{name}/", actions::run)
            .about("Run an action.")
            .gate(change)
            .asks("name", "The action's name.", OfModel(shapes::action_name))
            .takes(JSON, OfModel(shapes::selection))
            .gives(OK, Fixed(shapes::acted())),
        get("list", "/r/{key}/", records::list)
            .about("A page of rows.")
            .gate(view)
            .asks("page", "The page's number, counted from 1, or `last`.", Fixed(shapes::page_number()))
            .asks("page_size", "How many rows are on a page.", Fixed(shapes::number()))
            .asks("ordering", "Names of fields, divided by commas; `-` in front reverses.", Fixed(shapes::text()))
            .asks("search", "A phrase that one of the search fields must contain.", Fixed(shapes::text()))
            .asks("filters", "Tests that every row must pass, each a parameter.", OfModel(shapes::filters))
            .gives(OK, OfModel(shapes::page)),
        post("create", "/r/{key}/", records::create)
            .about("Make a row.")
            .gate(add)
            .takes(JSON, OfModel(shapes::create))
            .takes(FORM, OfModel(shapes::create))
            .takes(MULTIPART, OfModel(shapes::create_form))
            .gives(StatusCode::CREATED, OfModel(shapes::row)),
    ]
}

fn of_rows() -> Vec<Endpoint<Conjure>> {
    let [view, change, remove] = [Verb::View, Verb::Change, Verb::Delete].map(Gate::May);
    let pk = |endpoint: Endpoint<Conjure>| endpoint.asks("pk", "The row's key.", OfModel(shapes::key));
    vec![
        pk(get("related", "/r/{key}/{pk}/related/", records::related))
            .about("What a delete would take along.")
            .gate(view)
            .gives(OK, Fixed(shapes::related())),
        pk(get("retrieve", "/r/{key}/{pk}/", records::retrieve))
            .about("One row.")
            .gate(view)
            .gives(OK, OfModel(shapes::row)),
        pk(patch("update", "/r/{key}/{pk}/", records::update))
            .about("Change a row.")
            .gate(change)
            .takes(JSON, OfModel(shapes::update))
            .takes(FORM, OfModel(shapes::update))
            .takes(MULTIPART, OfModel(shapes::update_form))
            .gives(OK, OfModel(shapes::row)),
        pk(delete("destroy", "/r/{key}/{pk}/", records::destroy))
            .about("Delete a row.")
            .gate(remove)
            .gives(NO_CONTENT, Nothing),
    ]
}

/// The name under which OPTIONS presents an endpoint's path.
fn view_name(id: &str) -> &'static str {
    match id {
        "login" => "Login",
        "refresh" => "Refresh",
        "logout" => "Logout",
        "me" => "Me",
        "config" => "Config",
        "openapi" => "OpenAPI",
        "schema_list" => "Schema List",
        "schema_detail" => "Schema Detail",
        "widget" => "Widget",
        _ => "Admin Model",
    }
}

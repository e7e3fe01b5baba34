//! The contract of Django's admin as a JSON REST API: which endpoints there are, and the order of its questions.

mod actions;
mod auth;
mod autocomplete;
mod blank;
mod bulk;
mod changelist;
mod delete;
mod descriptor;
mod detail;
mod drill;
mod error;
mod file;
mod filters;
mod form_spec;
mod forms;
pub mod frontend;
#[cfg(test)]
mod golden;
mod history;
mod identity;
mod inlines;
mod openapi;
mod panels;
mod password;
mod payload;
mod redact;
mod registry;
mod request;
mod response;
mod schema;
mod search;
mod settings;
mod shapes;
mod shelf;
mod shown;
mod views;
mod widget;
mod write;

use std::sync::Arc;

use factotum_engine::{Principal, Resource, Site};
use futures_util::future::BoxFuture;
use http::header::VARY;
use http::{Method, StatusCode};

use crate::http::Shape::{Fixed, Nothing, OfModel};
use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit, staff_only};
use crate::http::endpoint::{delete, get, patch, post};
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Manual, Refusal, Reply, Route};

pub use forms::Forms;
pub use settings::{DjangoAdmin, Group};
pub use shelf::Shelf;

/// A request that was let in by this contract.
pub(crate) type Call = door::Call<DjangoAdmin>;

impl Contract for DjangoAdmin {
    fn title(&self) -> &'static str {
        "django-admin"
    }

    fn endpoints(&self) -> Vec<Endpoint<DjangoAdmin>> {
        let mut table = site_wide();
        table.extend(of_models());
        table.extend(of_rows());
        table.extend(other_spellings());
        table
    }

    fn identify<'a>(
        &'a self,
        visit: &'a Visit<'a, DjangoAdmin>,
        body: &'a mut Incoming,
    ) -> BoxFuture<'a, Result<Arc<Principal>, Fault>> {
        Box::pin(identity::identify(self, visit, body))
    }

    fn admit(&self, visit: &Visit<'_, DjangoAdmin>, who: &Principal) -> Result<(), Fault> {
        staff_only(visit.endpoint.map_or(Gate::Staff, |endpoint| endpoint.gate), who)
    }

    fn methods(&self, route: &Route<DjangoAdmin>) -> Vec<Method> {
        route.methods()
    }

    fn witness(&self, head: &Head, who: Option<&Principal>, fault: &Fault) {
        identity::witness(head, who, fault);
    }

    fn model<'s>(&self, site: &'s Site, head: &Head) -> Option<&'s Resource> {
        request::named(site, head)
    }

    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(site, head, fault)
    }

    fn manual(&self) -> Manual {
        openapi::manual()
    }

    fn refusals(&self, endpoint: &Endpoint<DjangoAdmin>) -> Vec<Refusal> {
        openapi::refusals(endpoint)
    }

    fn offers(&self, endpoint: &Endpoint<DjangoAdmin>, resource: Option<&Resource>) -> bool {
        openapi::offers(endpoint, resource)
    }

    fn finish(&self, _head: &Head, route: Option<&Route<DjangoAdmin>>, reply: Reply) -> Reply {
        let looked = route.is_some() && reply.status != StatusCode::METHOD_NOT_ALLOWED;
        if looked { reply.with(VARY, "Cookie") } else { reply }
    }
}

const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data";
const OK: StatusCode = StatusCode::OK;

fn site_wide() -> Vec<Endpoint<DjangoAdmin>> {
    vec![
        get("registry", "/api/v1/registry/", registry::show)
            .about("The models that somebody may see.")
            .gives(OK, Fixed(shapes::registry())),
        get("schema", "/api/v1/schema/", schema::show)
            .about("The envelope of this interface, without any model.")
            .gives(OK, Fixed(shapes::any_object())),
        get("openapi", "/api/v1/openapi.json", crate::http::openapi::serve())
            .about("This document.")
            .gives(OK, Fixed(shapes::any_object())),
        get("recent_actions", "/api/v1/recent-actions/", history::recent)
            .about("What somebody did last.")
            .asks("limit", "The most entries: 10 if not said, 100 at most.", Fixed(shapes::number()))
            .gives(OK, Fixed(shapes::recent())),
        post("login", "/api/v1/login/", auth::login)
            .about("Sign in.")
            .gate(Gate::Anyone)
            .signing_in()
            .takes(JSON, Fixed(shapes::credentials()))
            .gives(OK, Fixed(shapes::signed_in())),
        post("logout", "/api/v1/logout/", auth::logout)
            .about("Sign out.")
            .gate(Gate::Anyone)
            .gives(OK, Fixed(shapes::logged_out())),
    ]
}

fn of_models() -> Vec<Endpoint<DjangoAdmin>> {
    let page = |endpoint: Endpoint<DjangoAdmin>| {
        endpoint.asks("page", "The page's number, counted from 1.", Fixed(shapes::number())).asks(
            "page_size",
            "How many rows are on a page.",
            Fixed(shapes::number()),
        )
    };
    vec![
        page(get("autocomplete", "/api/v1/{app}/{model}/autocomplete/", autocomplete::find))
            .about("Rows to point at.")
            .asks("q", "What somebody typed; empty for all rows.", Fixed(shapes::text()))
            .gives(OK, OfModel(|_, _| shapes::autocompleted())),
        post("action", "/api/v1/{app}/{model}/actions/{name}/", actions::run)
            .about("Run an action.")
            .asks("name", "The action's name.", Fixed(shapes::text()))
            .takes(JSON, OfModel(|_, _| shapes::selection()))
            .gives(OK, Fixed(shapes::acted())),
        patch("bulk", "/api/v1/{app}/{model}/bulk/", bulk::run)
            .about("Change several rows.")
            .takes(JSON, OfModel(|_, _| shapes::bulk()))
            .gives(OK, Fixed(shapes::bulk_done())),
        get("add_spec", "/api/v1/{app}/{model}/add/form-spec/", form_spec::add)
            .about("How the add form is drawn.")
            .gives(OK, OfModel(shapes::spec)),
        get("add_form", "/api/v1/{app}/{model}/add/", detail::add_form)
            .about("The form for a new row; parameters that name its fields fill them in.")
            .gives(OK, OfModel(shapes::add_form)),
        page(get("list", "/api/v1/{app}/{model}/", changelist::list))
            .about("A page of rows; parameters that name filters narrow it.")
            .asks("q", "Words that the search fields must contain.", Fixed(shapes::text()))
            .asks("ordering", "Columns, divided by commas; `-` in front reverses.", Fixed(shapes::text()))
            .asks("all", "Everything on one page, as far as the model allows.", Fixed(shapes::text()))
            .gives(OK, OfModel(shapes::list)),
        post("create", "/api/v1/{app}/{model}/", write::create)
            .about("Make a row.")
            .takes(JSON, OfModel(shapes::create))
            .takes(MULTIPART, OfModel(shapes::create_form))
            .gives(StatusCode::CREATED, Fixed(shapes::created())),
    ]
}

fn of_rows() -> Vec<Endpoint<DjangoAdmin>> {
    let pk = |endpoint: Endpoint<DjangoAdmin>| endpoint.asks("pk", "The row's key.", OfModel(shapes::key));
    vec![
        pk(get("panel", "/api/v1/{app}/{model}/{pk}/panel/{name}/", panels::show))
            .about("What a panel shows of a row.")
            .asks("name", "The panel's name.", Fixed(shapes::text()))
            .gives(OK, Fixed(shapes::panel())),
        pk(get("change_spec", "/api/v1/{app}/{model}/{pk}/form-spec/", form_spec::change))
            .about("How a row's form is drawn.")
            .gives(OK, OfModel(shapes::spec)),
        pk(post("change_page", "/api/v1/{app}/{model}/{pk}/change/", form_spec::submit))
            .about("Post the HTML admin's own form; there is none here.")
            .gives(OK, Fixed(shapes::any_object())),
        pk(get("history", "/api/v1/{app}/{model}/{pk}/history/", history::of_row))
            .about("What was done to a row.")
            .asks("page", "The page's number, counted from 1.", Fixed(shapes::number()))
            .asks("page_size", "How many entries are on a page.", Fixed(shapes::number()))
            .gives(OK, Fixed(shapes::history())),
        pk(get("delete_preview", "/api/v1/{app}/{model}/{pk}/delete-preview/", delete::preview))
            .about("What a delete would take along.")
            .gives(OK, Fixed(shapes::preview())),
        pk(post("password", "/api/v1/{app}/{model}/{pk}/password/", password::set))
            .about("Give somebody a password.")
            .takes(JSON, Fixed(shapes::password()))
            .gives(OK, Fixed(shapes::password_set())),
        pk(get("detail", "/api/v1/{app}/{model}/{pk}/", detail::show))
            .about("One row with its form.")
            .gives(OK, OfModel(shapes::detail)),
        pk(patch("update", "/api/v1/{app}/{model}/{pk}/", write::update))
            .about("Change a row.")
            .takes(JSON, OfModel(shapes::update))
            .takes(MULTIPART, OfModel(shapes::create_form))
            .gives(OK, OfModel(shapes::detail)),
        pk(delete("delete", "/api/v1/{app}/{model}/{pk}/", delete::run))
            .about("Delete a row.")
            .gives(StatusCode::NO_CONTENT, Nothing),
    ]
}

/// What older documents promise; a row may have such a key all the same.
fn other_spellings() -> Vec<Endpoint<DjangoAdmin>> {
    vec![
        post("bulk_update", "/api/v1/{app}/{model}/bulk-update/", bulk::run)
            .about("Change several rows.")
            .takes(JSON, OfModel(|_, _| shapes::bulk()))
            .gives(OK, Fixed(shapes::bulk_done()))
            .helping_out(),
        post("delete_preview_of", "/api/v1/{app}/{model}/delete-preview/", delete::preview_of)
            .about("What deleting several rows would take along.")
            .takes(JSON, OfModel(|_, _| shapes::selection()))
            .gives(OK, Fixed(shapes::preview_of()))
            .helping_out(),
    ]
}

//! The contract of Django's admin as a JSON REST API: which endpoints there are, and the order of its questions.

mod actions;
mod auth;
mod autocomplete;
mod bulk;
mod changelist;
mod delete;
mod detail;
mod error;
mod filters;
mod form_spec;
mod history;
mod identity;
mod panels;
mod password;
mod registry;
mod request;
mod response;
mod schema;
mod sensitive;
mod settings;
mod write;

use std::sync::Arc;

use factotum_engine::{Principal, Site};
use futures_util::future::BoxFuture;
use http::header::VARY;
use http::{Method, StatusCode};

use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit, staff_only};
use crate::http::endpoint::{delete, get, patch, post};
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Reply, Route};

pub use settings::{DjangoAdmin, Group};

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

    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(site, head, fault)
    }

    fn finish(&self, _head: &Head, route: Option<&Route<DjangoAdmin>>, reply: Reply) -> Reply {
        let looked = route.is_some() && reply.status != StatusCode::METHOD_NOT_ALLOWED;
        if looked { reply.with(VARY, "Cookie") } else { reply }
    }
}

fn site_wide() -> Vec<Endpoint<DjangoAdmin>> {
    vec![
        get("registry", "/api/v1/registry/", registry::show).about("The models that somebody may see."),
        get("schema", "/api/v1/schema/", schema::show).about("This interface as an OpenAPI document."),
        get("recent_actions", "/api/v1/recent-actions/", history::recent).about("What somebody did last."),
        post("login", "/api/v1/login/", auth::login).about("Sign in.").gate(Gate::Anyone),
        post("logout", "/api/v1/logout/", auth::logout).about("Sign out.").gate(Gate::Anyone),
    ]
}

fn of_models() -> Vec<Endpoint<DjangoAdmin>> {
    vec![
        get("autocomplete", "/api/v1/{app}/{model}/autocomplete/", autocomplete::find).about("Rows to point at."),
        post("action", "/api/v1/{app}/{model}/actions/{name}/", actions::run).about("Run an action."),
        patch("bulk", "/api/v1/{app}/{model}/bulk/", bulk::run).about("Change several rows."),
        get("add_spec", "/api/v1/{app}/{model}/add/form-spec/", form_spec::add).about("How the add form is drawn."),
        get("add_form", "/api/v1/{app}/{model}/add/", detail::add_form).about("The form for a new row."),
        get("list", "/api/v1/{app}/{model}/", changelist::list).about("A page of rows."),
        post("create", "/api/v1/{app}/{model}/", write::create).about("Make a row."),
    ]
}

fn of_rows() -> Vec<Endpoint<DjangoAdmin>> {
    vec![
        get("panel", "/api/v1/{app}/{model}/{pk}/panel/{name}/", panels::show).about("What a panel shows of a row."),
        get("change_spec", "/api/v1/{app}/{model}/{pk}/form-spec/", form_spec::change)
            .about("How a row's form is drawn."),
        post("change_page", "/api/v1/{app}/{model}/{pk}/change/", form_spec::submit)
            .about("Post the HTML admin's own form."),
        get("history", "/api/v1/{app}/{model}/{pk}/history/", history::of_row).about("What was done to a row."),
        get("delete_preview", "/api/v1/{app}/{model}/{pk}/delete-preview/", delete::preview)
            .about("What a delete would take along."),
        post("password", "/api/v1/{app}/{model}/{pk}/password/", password::set).about("Give somebody a password."),
        get("detail", "/api/v1/{app}/{model}/{pk}/", detail::show).about("One row with its form."),
        patch("update", "/api/v1/{app}/{model}/{pk}/", write::update).about("Change a row."),
        delete("delete", "/api/v1/{app}/{model}/{pk}/", delete::run).about("Delete a row."),
    ]
}

/// What older documents promise; a row may have such a key all the same.
fn other_spellings() -> Vec<Endpoint<DjangoAdmin>> {
    vec![
        post("bulk_update", "/api/v1/{app}/{model}/bulk-update/", bulk::run)
            .about("Change several rows.")
            .helping_out(),
        post("delete_preview_of", "/api/v1/{app}/{model}/delete-preview/", delete::preview_of)
            .about("What deleting several rows would take along.")
            .helping_out(),
    ]
}

//! The litestar contract: an admin with bearer tokens, as litestar-admin speaks it. Which endpoints there are, and the
//! order of its questions.

mod auth;
mod bulk;
mod catalogue;
mod config;
mod dashboard;
mod error;
mod export;
mod files;
pub mod frontend;
mod identity;
mod import;
mod ledger;
mod oauth;
mod openapi;
mod payload;
mod records;
mod registry;
mod relations;
mod request;
mod reset;
mod response;
mod rich_text;
mod schema;
mod settings;
mod shapes;
mod site_settings;
mod token;
mod users;
mod validation;
mod view;
mod views;

use std::sync::Arc;

use factotum_engine::{Principal, Resource, Site};
use futures_util::future::BoxFuture;
use http::{Method, StatusCode};

use crate::http::Shape::{Fixed, Nothing};
use crate::http::body::Incoming;
use crate::http::contract::{Contract, Visit};
use crate::http::endpoint::{delete, get, patch, post, put};
use crate::http::{self as door, Endpoint, Fault, Gate, Head, Manual, Refusal, Reply, Route};

pub use catalogue::Shelf;
pub use dashboard::Widget;
pub use files::{EXTENSIONS, Thumbnails, Uploads};
pub use ledger::LitestarLog;
pub use oauth::OAuth;
pub use reset::Reset;
pub use settings::{Auth, Litestar, Location, Theme};
pub use token::{Kind, Place, Said, Tokens};
pub use view::{View, columns};
pub use views::{
    ActionView, Column, Content, CustomView, EmbedView, Embedded, Executed, FormField, Frame, Heading, InMemoryItems,
    Item, Items, ItemsAsked, ItemsPage, JsonFileItems, LinkView, PageView, Views,
};
#[cfg(feature = "http-items")]
pub use views::{HttpApi, HttpApiItems};

/// A request that was let in by this contract.
pub(crate) type Call = door::Call<Litestar>;

const OK: StatusCode = StatusCode::OK;
const DELETE: Gate = Gate::Holding("models:delete");
const DASHBOARD: Gate = Gate::Holding("dashboard:view");
const WRITE: Gate = Gate::Holding("models:write");
const EXPORT: Gate = Gate::Holding("models:export");
const READ: Gate = Gate::Holding("models:read");

impl Contract for Litestar {
    fn title(&self) -> &'static str {
        "litestar"
    }

    fn endpoints(&self) -> Vec<Endpoint<Litestar>> {
        let mut table = sign_in();
        table.extend(site());
        table.extend(models());
        table.extend(bulk());
        table.extend(files_of_rows());
        table.extend(relationships());
        table.extend(dashboard());
        table.extend(custom_views());
        table.extend(other_views());
        table.extend(users::endpoints());
        table.extend(site_settings::endpoints());
        table.extend(files::endpoints());
        table.extend(elsewhere());
        table.into_iter().map(openapi::dressed).collect()
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

    fn model<'s>(&self, site: &'s Site, head: &Head) -> Option<&'s Resource> {
        self.shelf.of(site, self).find(head.param("model"))?.resource(site).ok()
    }

    fn refuse(&self, site: &Site, head: &Head, fault: &Fault) -> Reply {
        error::refuse(self, site, head, fault)
    }

    fn manual(&self) -> Manual {
        openapi::manual(self)
    }

    fn refusals(&self, endpoint: &Endpoint<Litestar>) -> Vec<Refusal> {
        openapi::refusals(endpoint)
    }
}

fn any() -> door::Shape {
    Fixed(serde_json::json!({}))
}

/// Sign-in, tokens, and who one is.
fn sign_in() -> Vec<Endpoint<Litestar>> {
    vec![
        post("login", "/api/auth/login", auth::login)
            .about("Sign in.")
            .gate(Gate::Anyone)
            .signing_in()
            .gives(OK, any()),
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

/// Sign-in by other sites, and passwords that were forgotten.
fn elsewhere() -> Vec<Endpoint<Litestar>> {
    vec![
        get("oauth_login", "/auth/oauth/{provider}/login", oauth::login)
            .about("Go to a provider to sign in.")
            .gate(Gate::Anyone)
            .gives(StatusCode::FOUND, Nothing),
        get("oauth_callback", "/auth/oauth/{provider}/callback", oauth::callback)
            .about("Come back from a provider.")
            .gate(Gate::Anyone)
            .signing_in()
            .gives(StatusCode::FOUND, Nothing),
        get("oauth_signed_in", "/auth/oauth/signed-in", oauth::page)
            .about("The page that leaves the token where the front end looks for it.")
            .gate(Gate::Anyone)
            .gives(OK, Nothing),
        get("oauth_signed_in_script", "/auth/oauth/signed-in.js", oauth::script)
            .about("Its script.")
            .gate(Gate::Anyone)
            .gives(OK, Nothing),
        post("forgot_password", "/api/users/forgot-password", reset::forgot)
            .about("Ask for a mail with which to choose another password.")
            .gate(Gate::Anyone)
            .signing_in()
            .gives(OK, any()),
        post("reset_password", "/api/users/reset-password", reset::reset)
            .about("Choose another password.")
            .gate(Gate::Anyone)
            .signing_in()
            .gives(OK, any()),
    ]
}

/// What is told before anybody signs in.
fn site() -> Vec<Endpoint<Litestar>> {
    vec![
        get("config", "/api/config", config::show)
            .about("What a sign-in page asks first.")
            .gate(Gate::Anyone)
            .gives(OK, any()),
    ]
}

/// The models, their rows and their forms. What stands for a row never hides the words that come before it.
fn models() -> Vec<Endpoint<Litestar>> {
    vec![
        get("list_models", "/api/models", registry::list).about("All models.").gate(READ).gives(OK, any()),
        get("model_schema", "/api/models/{model}/schema", schema::show)
            .about("The form of a model, as a JSON schema.")
            .gate(READ)
            .gives(OK, any()),
        get("list_records", "/api/models/{model}", records::list).about("A page of rows.").gate(READ).gives(OK, any()),
        post("create_record", "/api/models/{model}", records::create)
            .about("Make a row.")
            .gate(WRITE)
            .gives(StatusCode::CREATED, any()),
        get("get_record", "/api/models/{model}/{record}", records::get).about("One row.").gate(READ).gives(OK, any()),
        put("replace_record", "/api/models/{model}/{record}", records::replace)
            .about("Change a row as its form shows it.")
            .gate(WRITE)
            .gives(OK, any()),
        patch("update_record", "/api/models/{model}/{record}", records::update)
            .about("Change some columns of a row.")
            .gate(WRITE)
            .gives(OK, any()),
        delete("delete_record", "/api/models/{model}/{record}", records::delete)
            .about("Delete a row.")
            .gate(DELETE)
            .gives(OK, any()),
    ]
}

/// Several rows at once.
fn bulk() -> Vec<Endpoint<Litestar>> {
    vec![
        post("bulk_delete", "/api/models/{model}/bulk/delete", bulk::delete)
            .about("Delete several rows.")
            .gate(DELETE)
            .gives(OK, any()),
        post("bulk_action", "/api/models/{model}/bulk/{action}", bulk::act)
            .about("Run an action of the model.")
            .gate(WRITE)
            .gives(OK, any()),
    ]
}

/// Rows as files.
fn files_of_rows() -> Vec<Endpoint<Litestar>> {
    vec![
        get("export", "/api/models/{model}/export", export::all)
            .about("All rows as a file.")
            .gate(EXPORT)
            .gives(OK, any()),
        post("bulk_export", "/api/models/{model}/bulk/export", export::chosen)
            .about("Chosen rows as a file.")
            .gate(EXPORT)
            .gives(OK, any()),
        post("import_preview", "/api/models/{model}/import/preview", import::preview)
            .about("What a CSV file holds.")
            .gate(WRITE)
            .spooling()
            .gives(OK, any()),
        post("import_validate", "/api/models/{model}/import/validate", import::validate)
            .about("What would be refused of a CSV file.")
            .gate(WRITE)
            .spooling()
            .gives(OK, any()),
        post("import_execute", "/api/models/{model}/import/execute", import::execute)
            .about("Make rows of a CSV file.")
            .gate(WRITE)
            .spooling()
            .gives(OK, any()),
    ]
}

/// Rows to point at.
fn relationships() -> Vec<Endpoint<Litestar>> {
    vec![
        get("search_relationship", "/api/models/{model}/relationships/{field}/search", relations::search)
            .about("Rows to point at, by what somebody types.")
            .gate(READ)
            .gives(OK, any()),
        get("relationship_options", "/api/models/{model}/relationships/{field}/options", relations::options)
            .about("Rows to point at, by their keys.")
            .gate(READ)
            .gives(OK, any()),
    ]
}

/// What the first page shows.
fn dashboard() -> Vec<Endpoint<Litestar>> {
    vec![
        get("stats", "/api/dashboard/stats", dashboard::stats)
            .about("How many rows there are.")
            .gate(DASHBOARD)
            .gives(OK, any()),
        get("activity", "/api/dashboard/activity", dashboard::activity)
            .about("What was done last.")
            .gate(DASHBOARD)
            .gives(OK, any()),
        get("widgets", "/api/dashboard/widgets", dashboard::widgets)
            .about("The widgets.")
            .gate(DASHBOARD)
            .gives(OK, any()),
    ]
}

/// Tables of what is no table of the database. The word `schema` goes before items.
fn custom_views() -> Vec<Endpoint<Litestar>> {
    vec![
        get("list_custom_views", "/api/views/custom", views::custom::list)
            .about("All custom views.")
            .gate(READ)
            .gives(OK, any()),
        get("custom_view_schema", "/api/views/custom/{view}/schema", views::custom::schema)
            .about("The columns of a custom view.")
            .gate(READ)
            .gives(OK, any()),
        get("list_items", "/api/views/custom/{view}", views::custom::items)
            .about("A page of items.")
            .gate(READ)
            .gives(OK, any()),
        post("create_item", "/api/views/custom/{view}", views::custom::create)
            .about("Make an item.")
            .gate(WRITE)
            .gives(StatusCode::CREATED, any()),
        get("get_item", "/api/views/custom/{view}/{item}", views::custom::get)
            .about("One item.")
            .gate(READ)
            .gives(OK, any()),
        put("update_item", "/api/views/custom/{view}/{item}", views::custom::update)
            .about("Change an item.")
            .gate(WRITE)
            .gives(OK, any()),
        delete("delete_item", "/api/views/custom/{view}/{item}", views::custom::delete)
            .about("Delete an item.")
            .gate(DELETE)
            .gives(OK, any()),
    ]
}

/// Things to do, pages, embedded pages and links.
fn other_views() -> Vec<Endpoint<Litestar>> {
    vec![
        get("list_actions", "/api/views/actions", views::action::list)
            .about("All actions.")
            .gate(READ)
            .gives(OK, any()),
        get("get_action", "/api/views/actions/{view}", views::action::show)
            .about("The form of an action.")
            .gate(READ)
            .gives(OK, any()),
        post("execute_action", "/api/views/actions/{view}/execute", views::action::execute)
            .about("Do it.")
            .gate(WRITE)
            .gives(OK, any()),
        get("list_pages", "/api/views/pages", views::page::list).about("All pages.").gate(READ).gives(OK, any()),
        get("get_page", "/api/views/pages/{view}", views::page::show).about("A page.").gate(READ).gives(OK, any()),
        get("page_content", "/api/views/pages/{view}/content", views::page::content)
            .about("What stands on a page now.")
            .gate(READ)
            .gives(OK, any()),
        get("list_embeds", "/api/views/embeds", views::embed::list)
            .about("All embedded pages.")
            .gate(READ)
            .gives(OK, any()),
        get("embed_config", "/api/views/embeds/{view}/config", views::embed::config)
            .about("How it is embedded.")
            .gate(READ)
            .gives(OK, any()),
        get("embed_props", "/api/views/embeds/{view}/props", views::embed::props)
            .about("What an embedded component is given.")
            .gate(READ)
            .gives(OK, any()),
        get("list_links", "/api/views/links", views::link::list).about("All links.").gate(READ).gives(OK, any()),
    ]
}

//! New rows and changed ones.

use factotum_engine::accounts::password::policy::Person;
use factotum_engine::form::layout::Layout;
use factotum_engine::form::new_password::{self, FIRST, SECOND};
use factotum_engine::model::Row;
use factotum_engine::{Error, FieldErrors, Raw, Record, Resource, Value, Verb, ops};
use http::StatusCode;
use http::header::{ETAG, IF_MATCH};
use serde_json::{Value as Json, json};

use super::payload::{self, Desk, PASSWORD_FIELDS, Sent};
use super::{Call, detail, error, redact, request, response};
use crate::http::{Fault, Reply};

/// `POST <app>/<model>/`
pub(super) async fn create(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    detail::permit_add(&call, resource)?;
    let sent = payload::read(&call).await?;
    let layout = Layout::of(resource, &call.who, None, redact::WORDS);
    let people = ops::has_password(&call.site, resource);
    let beside: &[&str] = if people { &PASSWORD_FIELDS } else { &[] };
    let password = if people { new_password(&sent) } else { Ok(None) };
    let (mut payload, children) =
        Desk { who: &call.who, resource, layout: &layout, change: false, beside }.payload(sent)?;
    if let Ok(Some(password)) = &password {
        // Made before the transaction begins: it takes long on purpose.
        let stored = call.site.accounts().encode(Some(password)).await?;
        payload.given.push(("password".to_owned(), Value::Text(stored)));
    }
    let mut cx = call.write_form().await?;
    let made = ops::create(&mut cx, &resource.model.key, payload).await;
    let record = with_flaws(made, password.err())?;
    children?;
    cx.commit().await?;
    Ok(error::reply(StatusCode::CREATED, &made_reply(&call, resource, &record)))
}

fn made_reply(call: &Call, resource: &Resource, record: &Record) -> Json {
    let (key, model) = (record.row.key(), &resource.model.key);
    let path = &call.head.path;
    let mount = path.rfind("api/v1/").map_or("/", |at| &path[..at]);
    let redirect = format!("{mount}{}/{}/{key}/", model.app, model.lower_name());
    json!({ "pk": response::document(key), "label": record.label, "redirect": redirect })
}

/// The password that was sent for a new user; without one nobody can sign in as them yet.
fn new_password(sent: &Sent) -> Result<Option<String>, Error> {
    let raw = |name: &str| payload::raw_of(sent, name);
    let text = |name: &str| match raw(name) {
        Some(Raw::Text(text) | Raw::Json(Json::String(text))) => text,
        _ => String::new(),
    };
    let unusable = text("usable_password") == "false";
    if unusable || (raw(FIRST).is_none() && raw(SECOND).is_none()) {
        return Ok(None);
    }
    let [username, first_name, last_name, email] = ["username", "first_name", "last_name", "email"].map(text);
    let person = Person { username: &username, first_name: &first_name, last_name: &last_name, email: &email };
    new_password::judge(raw(FIRST).as_ref(), raw(SECOND).as_ref(), &person).map(Some)
}

/// What came of a form, with the flaws of a password that was sent beside it.
fn with_flaws(made: Result<Record, Error>, password: Option<Error>) -> Result<Record, Error> {
    match (made, password) {
        (made, None) => made,
        (Err(Error::Invalid(form)), Some(Error::Invalid(password))) => {
            let mut errors = FieldErrors { whole: form.whole, children: form.children, ..FieldErrors::default() };
            errors.fields.extend(form.fields.into_iter().chain(password.fields));
            Err(Error::Invalid(errors))
        }
        (Ok(_) | Err(Error::Invalid(_)), Some(refused)) => Err(refused),
        (Err(other), Some(_)) => Err(other),
    }
}

/// `PATCH <app>/<model>/<pk>/`
pub(super) async fn update(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let sent = payload::read(&call).await;
    let mut cx = call.write_form().await?;
    let row = ops::open(&mut cx, &resource.model.key, &request::key(&call), Verb::Change).await?;
    let layout = Layout::of(resource, &call.who, Some(&row), redact::WORDS);
    let (payload, children) =
        Desk { who: &call.who, resource, layout: &layout, change: true, beside: &[] }.payload(sent?)?;
    expect(&call, &row)?;
    let saved = ops::change(&mut cx, row, payload).await?;
    children?;
    let whole = ops::around(&mut cx, resource, saved.record).await?;
    cx.commit().await?;
    let body = detail::body(&call, resource, &whole, saved.offsets);
    Ok(versioned(Reply::json(StatusCode::OK, body), &saved.version))
}

/// A reply that tells a row's version.
pub(super) fn versioned(reply: Reply, version: &str) -> Reply {
    reply.with(ETAG, &format!("\"{version}\""))
}

/// Whether a tag, weak or strong, may have been made of a row's version.
fn is_ours(tag: &str) -> bool {
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    let version = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    version.is_some_and(Row::is_version)
}

/// Refuses a row that is not in the version that the request expects, if it expects one. Tags that were never ours
/// expect nothing: the original, which has no versions, passes over the header (12-update, `if-match-is-ignored`).
pub(super) fn expect(call: &Call, row: &Row) -> Result<(), Error> {
    let Some(expected) = call.head.header(IF_MATCH.as_str()) else { return Ok(()) };
    let tags: Vec<&str> = expected.split(',').map(str::trim).collect();
    if tags.contains(&"*") || !tags.iter().any(|tag| is_ours(tag)) {
        return Ok(());
    }
    // A weak tag is never the same as a strong one.
    let strong = |tag: &&str| Some(tag.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    let versions: Vec<String> = tags.iter().filter_map(strong).collect();
    ops::expect(row, &versions.iter().map(String::as_str).collect::<Vec<_>>())
}

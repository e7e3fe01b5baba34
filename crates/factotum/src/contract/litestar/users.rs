//! People as something that is looked after: listed, made, changed, switched on and off, removed.

mod grants;
mod password;

use factotum_engine::error::FieldErrors;
use factotum_engine::model::FlawKind;
use factotum_engine::principal::{NewPerson, People, Person, PersonChange, Sought};
use factotum_engine::store::Dialect;
use factotum_engine::{Context, Error, Value};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::request::{Asked, Sent, Type, defaulted, nullable, required};
use super::response::{Print, document};
use super::settings::Litestar;
use super::validation::refuse_all;
use super::{Call, any, auth, error};
use crate::http::endpoint::{delete, get, post, put};
use crate::http::{Endpoint, Fault, Gate, Reply};

/// People on a page, when nobody says, and at most.
const USUAL: i64 = 20;
const MOST: i64 = 100;
/// The most characters of an address and of a name.
const LONGEST: usize = 255;

/// The endpoints. One's own password comes before those of others.
pub(super) fn endpoints() -> Vec<Endpoint<Litestar>> {
    let ok = StatusCode::OK;
    let edit = Gate::Holding("users:edit");
    vec![
        get("list_users", "/api/users", list)
            .about("A page of people.")
            .gate(Gate::Holding("users:read"))
            .gives(ok, any()),
        post("create_user", "/api/users", create)
            .about("Make an account.")
            .gate(Gate::Holding("users:create"))
            .gives(StatusCode::CREATED, any()),
        get("get_user", "/api/users/{user}", show)
            .about("One account.")
            .gate(Gate::Holding("users:read"))
            .gives(ok, any()),
        put("update_user", "/api/users/{user}", update).about("Change an account.").gate(edit).gives(ok, any()),
        delete("delete_user", "/api/users/{user}", remove)
            .about("Remove an account.")
            .gate(Gate::Holding("users:delete"))
            .gives(StatusCode::NO_CONTENT, crate::http::Shape::Nothing),
        post("activate_user", "/api/users/{user}/activate", activate)
            .about("Switch an account on.")
            .gate(edit)
            .gives(ok, any()),
        post("deactivate_user", "/api/users/{user}/deactivate", deactivate)
            .about("Switch an account off; its sessions and tokens end at once.")
            .gate(edit)
            .gives(ok, any()),
        post("change_user_password", "/api/users/{user}/change-password", password::change)
            .about("Give somebody another password.")
            .gate(edit)
            .gives(ok, any()),
        post("change_own_password", "/api/users/me/change-password", password::change_own)
            .about("Give oneself another password.")
            .gives(ok, any()),
    ]
}

/// Whoever looks after the accounts.
///
/// # Errors
/// That these accounts are looked after elsewhere.
fn looked_after(call: &Call) -> Result<&dyn People, Fault> {
    let words = "User management is not supported by this authentication backend";
    call.site.accounts().people().ok_or_else(|| error::said(StatusCode::FORBIDDEN, words))
}

/// Whom the address names.
///
/// # Errors
/// That there is nobody.
async fn named(call: &Call, people: &dyn People, cx: &mut Context) -> Result<Person, Fault> {
    let id = call.param("user");
    let found = match call.site.accounts().read_id(id) {
        Some(id) => people.find(cx, &id).await?,
        None => None,
    };
    found.ok_or_else(|| error::not_found(&format!("User '{id}' not found")))
}

fn is_oneself(call: &Call, person: &Person) -> bool {
    call.who.id == person.id
}

/// `GET users`
async fn list(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let page = asked.int("page", 1).max(1);
    let size = asked.int("page_size", USUAL).clamp(1, MOST);
    let filled = |name: &str| asked.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let sought = Sought {
        email: filled("email"),
        active: asked.text("active").map(|text| text.eq_ignore_ascii_case("true")),
        role: filled("role"),
        order: filled("sort_by").unwrap_or_default(),
        descending: asked.text("sort_order") != Some("asc"),
        offset: (page - 1).saturating_mul(size).unsigned_abs(),
        limit: size.unsigned_abs(),
    };
    asked.finish()?;
    let (found, total) = looked_after(&call)?.page(&mut call.read().await?, &sought).await?;
    let items: Vec<Json> = found.iter().map(|person| of_person(&call, person)).collect();
    let pages = total.div_ceil(sought.limit).max(1);
    let document = json!({ "items": items, "total": total, "page": page, "page_size": size, "total_pages": pages });
    Ok(error::reply(StatusCode::OK, &document))
}

/// `GET users/{user}`
async fn show(call: Call) -> Result<Reply, Fault> {
    let person = named(&call, looked_after(&call)?, &mut call.read().await?).await?;
    Ok(error::reply(StatusCode::OK, &of_person(&call, &person)))
}

/// `POST users`
async fn create(call: Call) -> Result<Reply, Fault> {
    let fields = [
        required("email", Type::Text),
        required("password", Type::Text),
        nullable("name", Type::Text),
        defaulted("roles", Type::Texts),
        defaulted("permissions", Type::Texts),
        defaulted("is_active", Type::Truth),
        defaulted("is_superuser", Type::Truth),
    ];
    let sent = Sent::read(&call, &fields)?;
    let people = looked_after(&call)?;
    let change = changes(&sent)?;
    let new = NewPerson {
        email: change.email.unwrap_or_default(),
        encoded: String::new(),
        name: change.name,
        roles: change.roles.unwrap_or_default(),
        permissions: change.permissions.unwrap_or_default(),
        active: change.active.unwrap_or(true),
        superuser: change.superuser.unwrap_or(false),
    };
    grants::may_hold(&call.who, &new.roles, &new.permissions, new.superuser)?;
    grants::can_hold(&people.extent(), None, &new.roles, &new.permissions)?;
    auth::judge(sent.text("password"))?;
    let (email, encoded) = (new.email.clone(), call.site.accounts().encode(Some(sent.text("password"))).await?);
    let mut cx = call.write().await?;
    let person = people.add(&mut cx, NewPerson { encoded, ..new }).await.map_err(|error| taken(error, &email))?;
    cx.commit().await?;
    Ok(error::reply(StatusCode::CREATED, &of_person(&call, &person)))
}

/// `PUT users/{user}`: what is null or absent stays.
async fn update(call: Call) -> Result<Reply, Fault> {
    let fields = [
        nullable("email", Type::Text),
        nullable("name", Type::Text),
        nullable("roles", Type::Texts),
        nullable("permissions", Type::Texts),
        nullable("is_active", Type::Truth),
        nullable("is_superuser", Type::Truth),
    ];
    let sent = Sent::read(&call, &fields)?;
    let people = looked_after(&call)?;
    let mut cx = call.write().await?;
    let before = named(&call, people, &mut cx).await?;
    let change = changes(&sent)?;
    let after = change.applied(&before);
    grants::may_change(&call.who, &before)?;
    grants::may_hold(&call.who, &after.roles, &after.permissions, after.superuser)?;
    grants::can_hold(&people.extent(), Some(&before), &after.roles, &after.permissions)?;
    if is_oneself(&call, &before) {
        stays_in(&after)?;
    }
    let person = people.change(&mut cx, &before, &change).await.map_err(|error| taken(error, &after.email))?;
    cx.commit().await?;
    if before.active && !person.active {
        end_tokens(&call, &person).await?;
    }
    Ok(error::reply(StatusCode::OK, &of_person(&call, &person)))
}

/// That nobody locks themselves out.
fn stays_in(after: &Person) -> Result<(), Fault> {
    let refuse = |words: &str| Err(error::said(StatusCode::BAD_REQUEST, words));
    if !after.active {
        return refuse("Cannot deactivate your own account");
    }
    if !grants::held(&after.roles, &after.permissions, after.superuser).contains("users:edit") {
        return refuse("Cannot take the permission 'users:edit' from your own account");
    }
    Ok(())
}

/// `DELETE users/{user}`
async fn remove(call: Call) -> Result<Reply, Fault> {
    let people = looked_after(&call)?;
    if !people.extent().removes {
        let words = "Accounts of Django's tables are not removed here: deactivate them";
        return Err(error::said(StatusCode::FORBIDDEN, words));
    }
    let mut cx = call.write().await?;
    let person = named(&call, people, &mut cx).await?;
    if is_oneself(&call, &person) {
        return Err(error::said(StatusCode::BAD_REQUEST, "Cannot delete your own account"));
    }
    grants::may_change(&call.who, &person)?;
    people.remove(&mut cx, &person).await?;
    cx.commit().await?;
    end_tokens(&call, &person).await?;
    Ok(Reply::no_content())
}

/// `POST users/{user}/activate`
async fn activate(call: Call) -> Result<Reply, Fault> {
    let changed = switch(&call, true).await?;
    Ok(switched(true, if changed { "User activated successfully" } else { "User was already active" }))
}

/// `POST users/{user}/deactivate`
async fn deactivate(call: Call) -> Result<Reply, Fault> {
    let changed = switch(&call, false).await?;
    Ok(switched(false, if changed { "User deactivated successfully" } else { "User was already inactive" }))
}

async fn switch(call: &Call, on: bool) -> Result<bool, Fault> {
    let people = looked_after(call)?;
    let mut cx = call.write().await?;
    let person = named(call, people, &mut cx).await?;
    if !on && is_oneself(call, &person) {
        return Err(error::said(StatusCode::BAD_REQUEST, "Cannot deactivate your own account"));
    }
    grants::may_change(&call.who, &person)?;
    let changed = people.switch(&mut cx, &person, on).await?;
    cx.commit().await?;
    if changed && !on {
        end_tokens(call, &person).await?;
    }
    Ok(changed)
}

fn switched(on: bool, words: &str) -> Reply {
    error::reply(StatusCode::OK, &json!({ "success": true, "message": words, "is_active": on }))
}

/// Ends the refresh tokens of somebody. Sessions and access tokens are judged by the account at every request.
async fn end_tokens(call: &Call, person: &Person) -> Result<(), Fault> {
    if let Some(families) = &call.contract.rotation {
        families.end_all(&person.id.to_string()).await?;
    }
    Ok(())
}

/// What a body says of somebody.
///
/// # Errors
/// Texts that cannot be stored.
fn changes(sent: &Sent) -> Result<PersonChange, Fault> {
    let text = |name: &str| sent.told(name).and_then(Json::as_str).map(str::to_owned);
    let truth = |name: &str| sent.told(name).and_then(Json::as_bool);
    let change = PersonChange {
        email: text("email"),
        name: text("name"),
        roles: sent.texts("roles"),
        permissions: sent.texts("permissions"),
        active: truth("is_active"),
        superuser: truth("is_superuser"),
    };
    let mut flaws = Vec::new();
    let mut say = |field: &str, words: &str| flaws.push((field.to_owned(), format!("{field} {words}")));
    if change.email.as_deref().is_some_and(|email| email.trim().is_empty()) {
        say("email", "is required");
    }
    for (field, text) in [("email", &change.email), ("name", &change.name)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
            say(field, &format!("exceeds max length of {LONGEST} characters"));
        }
    }
    let one = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
    let lists = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
    let all = [
        ("email", one(&change.email)),
        ("name", one(&change.name)),
        ("roles", lists(&change.roles)),
        ("permissions", lists(&change.permissions)),
    ];
    for (field, _) in all.iter().filter(|(_, texts)| texts.iter().any(|text| text.contains('\0'))) {
        say(field, "must not contain null characters");
    }
    if flaws.is_empty() { Ok(change) } else { Err(Fault::Said(Box::new(refuse_all(&flaws)))) }
}

/// An address that somebody has, in this contract's words.
fn taken(error: Error, email: &str) -> Fault {
    let is_taken = |errors: &FieldErrors| {
        errors.fields.get("email").is_some_and(|flaws| flaws.iter().any(|flaw| flaw.kind == FlawKind::Taken))
    };
    match &error {
        Error::Invalid(errors) if is_taken(errors) => {
            error::said(StatusCode::BAD_REQUEST, &format!("User with email '{email}' already exists"))
        }
        _ => error.into(),
    }
}

/// Somebody as JSON.
fn of_person(call: &Call, person: &Person) -> Json {
    let print = moments(call);
    let moment = |moment: Option<jiff::Timestamp>| moment.map(|moment| document(&Value::DateTime(moment), print));
    let id = match &person.id {
        Value::Int(number) => json!(number),
        other => json!(other.to_string()),
    };
    json!({
        "id": id,
        "email": person.email,
        "name": person.name,
        "roles": person.roles,
        "permissions": person.permissions,
        "is_active": person.active,
        "is_superuser": person.superuser,
        "created_at": moment(person.created_at),
        "updated_at": moment(person.updated_at),
        "last_login": moment(person.last_login),
    })
}

/// How moments of this contract's own tables are printed: with an offset where the database keeps one.
pub(super) fn moments(call: &Call) -> Print {
    let keeps_zone = call.site.store().dialect() == Dialect::Postgres;
    if call.contract.naive_datetimes || !keeps_zone { Print::Plain } else { Print::WithOffset }
}

//! Settings that people change while the site runs, by category. What is sensitive is never told.

use std::sync::Arc;

use factotum_engine::Value;
use factotum_engine::settings::{LONGEST_CATEGORY, LONGEST_KEY, NewSetting, Setting, SettingsStore};
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::request::{Asked, Sent, Type, defaulted, nullable, required};
use super::response::document;
use super::settings::Litestar;
use super::validation::refuse_all;
use super::{Call, any, error, users};
use crate::http::endpoint::{delete, get, post, put};
use crate::http::{Endpoint, Fault, Gate, Reply, Shape};

/// The categories that every site has.
const CATEGORIES: [&str; 6] = [USUAL, "auth", "display", "notifications", "security", "advanced"];
/// The category of a setting of which none is said.
const USUAL: &str = "general";
const MANAGE: Gate = Gate::Holding("settings:manage");

/// The endpoints. The words `categories` and `bulk` are no keys.
pub(super) fn endpoints() -> Vec<Endpoint<Litestar>> {
    let ok = StatusCode::OK;
    vec![
        get("list_settings", "/api/settings", list).about("All settings.").gate(MANAGE).gives(ok, any()),
        post("create_setting", "/api/settings", create)
            .about("Set a setting.")
            .gate(MANAGE)
            .gives(StatusCode::CREATED, any()),
        get("setting_categories", "/api/settings/categories", categories)
            .about("The categories.")
            .gate(MANAGE)
            .gives(ok, any()),
        put("set_settings", "/api/settings/bulk", bulk).about("Set several settings.").gate(MANAGE).gives(ok, any()),
        get("get_setting", "/api/settings/{key}", show).about("One setting.").gate(MANAGE).gives(ok, any()),
        put("update_setting", "/api/settings/{key}", update)
            .about("Set a setting that is there.")
            .gate(MANAGE)
            .gives(ok, any()),
        delete("delete_setting", "/api/settings/{key}", remove)
            .about("Remove a setting.")
            .gate(MANAGE)
            .gives(StatusCode::NO_CONTENT, Shape::Nothing),
    ]
}

/// Where settings are kept.
///
/// # Errors
/// That there is no such place.
fn store(call: &Call) -> Result<Arc<dyn SettingsStore>, Fault> {
    call.contract.settings_store.clone().ok_or(Fault::NoSuchPath)
}

fn missing(call: &Call) -> Fault {
    error::not_found(&format!("Setting '{}' not found", call.param("key")))
}

/// `GET settings`
async fn list(call: Call) -> Result<Reply, Fault> {
    let asked = Asked::of(&call.head);
    let category = asked.text("category");
    let (store, mut cx) = (store(&call)?, call.read().await?);
    let found = store.all(&mut cx, category).await?;
    let categories = store.categories(&mut cx).await?;
    Ok(listed(&call, &found, &categories))
}

/// `GET settings/categories`
async fn categories(call: Call) -> Result<Reply, Fault> {
    let used = store(&call)?.categories(&mut call.read().await?).await?;
    let mut all: Vec<&str> = CATEGORIES.into_iter().chain(used.iter().map(String::as_str)).collect();
    all.sort_unstable();
    all.dedup();
    Ok(error::reply(StatusCode::OK, &json!({ "predefined": CATEGORIES, "used": used, "all": all })))
}

/// `GET settings/{key}`
async fn show(call: Call) -> Result<Reply, Fault> {
    let key = [call.param("key").to_owned()];
    let found = store(&call)?.find(&mut call.read().await?, &key).await?.pop();
    Ok(error::reply(StatusCode::OK, &of_setting(&call, &found.ok_or_else(|| missing(&call))?)))
}

/// `POST settings`: one that is there is set anew.
async fn create(call: Call) -> Result<Reply, Fault> {
    let fields = [
        required("key", Type::Text),
        required("value", Type::Any),
        nullable("description", Type::Text),
        defaulted("category", Type::Text),
        defaulted("is_sensitive", Type::Truth),
    ];
    let sent = Sent::read(&call, &fields)?;
    let new = NewSetting { sensitive: sent.truth("is_sensitive"), ..new(sent.text("key"), &sent) };
    set_one(&call, StatusCode::CREATED, new).await
}

/// `PUT settings/{key}`
async fn update(call: Call) -> Result<Reply, Fault> {
    let sent = Sent::read(&call, &[required("value", Type::Any), nullable("description", Type::Text)])?;
    let key = [call.param("key").to_owned()];
    let found = store(&call)?.find(&mut call.read().await?, &key).await?.pop();
    let known = found.ok_or_else(|| missing(&call))?;
    set_one(&call, StatusCode::OK, NewSetting { category: known.category, ..new(&key[0], &sent) }).await
}

async fn set_one(call: &Call, status: StatusCode, new: NewSetting) -> Result<Reply, Fault> {
    judge(std::slice::from_ref(&new))?;
    let (store, mut cx) = (store(call)?, call.write().await?);
    let set = store.set(&mut cx, vec![new]).await?;
    cx.commit().await?;
    Ok(error::reply(status, &set.first().map_or(Json::Null, |setting| of_setting(call, setting))))
}

/// `PUT settings/bulk`
async fn bulk(call: Call) -> Result<Reply, Fault> {
    let mut sent = Sent::read(&call, &[required("settings", Type::Object), defaulted("category", Type::Text)])?;
    let category = category(&sent);
    let one = |(key, value): (String, Json)| {
        let category = category.clone();
        NewSetting { key, value, description: None, category, sensitive: false }
    };
    let all: Vec<NewSetting> = sent.take_object("settings").into_iter().map(one).collect();
    judge(&all)?;
    let (store, mut cx) = (store(&call)?, call.write().await?);
    let set = store.set(&mut cx, all).await?;
    let categories = store.categories(&mut cx).await?;
    cx.commit().await?;
    Ok(listed(&call, &set, &categories))
}

/// `DELETE settings/{key}`
async fn remove(call: Call) -> Result<Reply, Fault> {
    let (store, mut cx) = (store(&call)?, call.write().await?);
    if !store.remove(&mut cx, call.param("key")).await? {
        return Err(missing(&call));
    }
    cx.commit().await?;
    Ok(Reply::no_content())
}

fn category(sent: &Sent) -> String {
    sent.told("category").and_then(Json::as_str).unwrap_or(USUAL).to_owned()
}

fn new(key: &str, sent: &Sent) -> NewSetting {
    NewSetting {
        key: key.to_owned(),
        value: sent.told("value").cloned().unwrap_or_default(),
        description: sent.told("description").and_then(Json::as_str).map(str::to_owned),
        category: category(sent),
        sensitive: false,
    }
}

/// That settings can be stored.
///
/// # Errors
/// What is wrong with their texts.
fn judge(settings: &[NewSetting]) -> Result<(), Fault> {
    let mut flaws = Vec::new();
    for setting in settings {
        let texts = [
            ("key", setting.key.as_str(), LONGEST_KEY),
            ("category", setting.category.as_str(), LONGEST_CATEGORY),
            ("description", setting.description.as_deref().unwrap_or_default(), usize::MAX),
        ];
        for (field, text, most) in texts {
            if text.chars().count() > most {
                flaws.push((field.to_owned(), format!("{field} exceeds max length of {most} characters")));
            }
            if text.contains('\0') {
                flaws.push((field.to_owned(), format!("{field} must not contain null characters")));
            }
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Fault::Said(Box::new(refuse_all(&flaws)))) }
}

fn listed(call: &Call, settings: &[Setting], categories: &[String]) -> Reply {
    let items: Vec<Json> = settings.iter().map(|setting| of_setting(call, setting)).collect();
    let document = json!({ "items": items, "total": settings.len(), "categories": categories });
    error::reply(StatusCode::OK, &document)
}

fn of_setting(call: &Call, setting: &Setting) -> Json {
    let print = users::moments(call);
    let moment = |moment: Option<jiff::Timestamp>| moment.map(|moment| document(&Value::DateTime(moment), print));
    json!({
        "key": setting.key,
        "value": setting.told(),
        "description": setting.description,
        "category": setting.category,
        "is_sensitive": setting.sensitive,
        "created_at": moment(setting.created_at),
        "updated_at": moment(setting.updated_at),
    })
}

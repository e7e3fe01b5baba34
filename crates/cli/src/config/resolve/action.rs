//! A `[[model.action]]`: sets fields of the selected rows, adds to numbers, and says what it did.

use factotum::admin::{Action, Outcome, Selection};
use factotum::model::Model;
use factotum::ops::Set;
use factotum::query::Filter;
use factotum::{Context, Result, Verb};
use serde_json::{Map, Value as Json};

use super::{Workshop, field, rows};
use crate::complaint::suggestion;
use crate::config::model::ActionWritten;
use crate::config::node::Table;
use crate::config::reader::Said;

/// What an action does when it runs.
#[derive(Debug, Clone)]
struct Deed {
    /// Which of the selected rows it is for.
    only: Filter,
    changes: Vec<(String, Set)>,
    message: Option<String>,
    reply: Option<Json>,
}

/// The action that is written.
pub(super) fn action(written: &ActionWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Action> {
    let name = written.name.as_ref()?;
    let mut changes = changes(written.set.as_ref(), model, Set::To, shop);
    changes.extend(self::changes(written.add.as_ref(), model, Set::Plus, shop));
    let deed = Deed {
        only: written.only.as_ref().map_or(Filter::All, |table| rows::filter(table, model, shop)),
        changes,
        message: written.message.clone(),
        reply: written.reply.as_ref().map(|table| {
            table.iter().map(|(key, entry)| (key.clone(), entry.node.json())).collect::<Map<_, _>>().into()
        }),
    };
    let title = written.description.clone().unwrap_or_default();
    let mut action = Action::batch(&name.text, &title, move |cx, rows| {
        let deed = deed.clone();
        Box::pin(async move { run(cx, rows, &deed).await })
    });
    if written.destructive {
        action = action.destructive();
    }
    if let Some(permissions) = &written.permissions {
        action.verbs = permissions.iter().filter_map(|said| verb(said, shop)).collect();
        action.permissions =
            permissions.iter().filter(|said| said.text.contains('.')).map(|said| said.text.clone()).collect();
    }
    Some(action)
}

/// A verb of the four; a permission such as `shop.publish_product` is none.
fn verb(said: &Said, shop: &mut Workshop<'_>) -> Option<Verb> {
    if said.text.contains('.') {
        return None;
    }
    let verb = Verb::ALL.into_iter().find(|verb| verb.name() == said.text);
    if verb.is_none() {
        let near = suggestion(&said.text, Verb::ALL.map(Verb::name));
        let words = format!("unknown permission '{}'{near} (or \"app.codename\")", said.text);
        shop.complain("C014", &said.place, words);
    }
    verb
}

fn changes(
    table: Option<&Table>,
    model: &Model,
    how: impl Fn(factotum::Value) -> Set,
    shop: &mut Workshop<'_>,
) -> Vec<(String, Set)> {
    let mut changes = Vec::new();
    for (name, entry) in table.into_iter().flatten() {
        let Some(known) = model.field(name).filter(|field| field.is_column()) else {
            let near = suggestion(name, model.columns().map(|field| field.name.as_str()));
            shop.complain("C011", &entry.key, format!("{} has no column '{name}'{near}", model.key));
            continue;
        };
        if let Some(value) = field::value(known, &entry.node, shop) {
            changes.push((name.clone(), how(value)));
        }
    }
    changes
}

async fn run(cx: &mut Context, rows: Selection, deed: &Deed) -> Result<Outcome> {
    let rows = rows.filter(deed.only.clone());
    let changes: Vec<(&str, Set)> = deed.changes.iter().map(|(name, set)| (name.as_str(), set.clone())).collect();
    let count = if changes.is_empty() { rows.count(cx).await? } else { rows.update(cx, &changes).await? };
    if let Some(reply) = &deed.reply {
        return Ok(Outcome::Data(filled(reply, count, &cx.who().username)));
    }
    let message = deed.message.as_ref().map(|text| text.replace(COUNT, &count.to_string()));
    Ok(message.map_or(Outcome::Done, Outcome::Message))
}

const COUNT: &str = "{{ count }}";
const USER: &str = "{{ user }}";

/// A reply with the number of rows and the user's name put in; a text that is nothing but the count becomes a number.
fn filled(reply: &Json, count: u64, user: &str) -> Json {
    match reply {
        Json::String(text) if text == COUNT => count.into(),
        Json::String(text) => text.replace(COUNT, &count.to_string()).replace(USER, user).into(),
        Json::Array(items) => items.iter().map(|item| filled(item, count, user)).collect(),
        Json::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), filled(value, count, user))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

//! A `[[model.action]]`: sets fields of the selected rows, adds to numbers, and says what it did.

use factotum::admin::{Action, Level, Message, Outcome, Selection};
use factotum::model::Model;
use factotum::ops::Set;
use factotum::query::Filter;
use factotum::{Context, Result, Verb};
use serde_json::{Map, Value as Json};

use super::template::percent_encoded;
use super::{Workshop, field, rows};
use crate::complaint::{nearest, suggestion};
use crate::config::node::Table;
use crate::config::parts::{ActionWritten, MessageWritten};
use crate::config::reader::Said;

const LEVELS: [(&str, Level); 5] = [
    ("debug", Level::Debug),
    ("info", Level::Info),
    ("success", Level::Success),
    ("warning", Level::Warning),
    ("error", Level::Error),
];

/// What an action does when it runs.
#[derive(Debug, Clone)]
struct Deed {
    /// Which of the selected rows it is for.
    only: Filter,
    changes: Vec<(String, Set)>,
    message: Option<String>,
    messages: Vec<Message>,
    redirect: Option<String>,
    reply: Option<Json>,
}

/// The action that is written.
pub(super) fn action(written: &ActionWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Action> {
    let name = written.name.as_ref()?;
    let deed = deed(written, model, shop);
    let title = written.description.clone().unwrap_or_default();
    let mut action = Action::batch(&name.text, &title, move |cx, rows| {
        let deed = deed.clone();
        Box::pin(async move { run(cx, rows, &deed).await })
    });
    if written.destructive {
        action = action.destructive();
    }
    if is_of_one(written.target.as_ref(), shop) {
        action = action.of_one();
    }
    if let Some(any) = &written.any_permission {
        let words: Vec<&str> = any.iter().filter(|said| is_word(said, shop)).map(|said| said.text.as_str()).collect();
        action = action.for_any(&words);
    }
    if let Some(permissions) = &written.permissions {
        let (verbs, others) = permissions_of(permissions, model, shop);
        (action.verbs, action.permissions) = (verbs, others);
    }
    Some(action)
}

fn deed(written: &ActionWritten, model: &Model, shop: &mut Workshop<'_>) -> Deed {
    let mut changes = changes(written.set.as_ref(), model, Set::To, shop);
    changes.extend(self::changes(written.add.as_ref(), model, Set::Plus, shop));
    Deed {
        only: written.only.as_ref().map_or(Filter::All, |table| rows::filter(table, model, shop)),
        changes,
        message: written.message.clone(),
        messages: written.messages.iter().map(|said| message(said, shop)).collect(),
        redirect: written.redirect.clone(),
        reply: written.reply.as_ref().map(|table| {
            table.iter().map(|(key, entry)| (key.clone(), entry.node.json())).collect::<Map<_, _>>().into()
        }),
    }
}

fn message(written: &MessageWritten, shop: &mut Workshop<'_>) -> Message {
    let level = written.level.as_ref().map_or(Level::Info, |said| {
        let known = LEVELS.iter().find(|(name, _)| *name == said.text);
        known.map(|(_, level)| *level).unwrap_or_else(|| {
            let near = suggestion(&said.text, LEVELS.map(|(name, _)| name));
            shop.complain("C014", &said.place, format!("unknown level '{}'{near}", said.text));
            Level::Info
        })
    });
    Message::new(level, written.text.as_str())
}

fn is_of_one(target: Option<&Said>, shop: &mut Workshop<'_>) -> bool {
    match target.map(|said| (said.text.as_str(), said)) {
        None | Some(("batch", _)) => false,
        Some(("one", _)) => true,
        Some((other, said)) => {
            shop.complain("C014", &said.place, format!("'target' must be \"one\" or \"batch\", not '{other}'"));
            false
        }
    }
}

/// The four verbs, and permissions: `"shop.publish_product"`, or `"publish"` for the same of this model.
fn permissions_of(said: &[Said], model: &Model, shop: &mut Workshop<'_>) -> (Vec<Verb>, Vec<String>) {
    let (mut verbs, mut others) = (Vec::new(), Vec::new());
    for said in said {
        if said.text.contains('.') {
            others.push(said.text.clone());
        } else if let Some(verb) = Verb::ALL.into_iter().find(|verb| verb.name() == said.text) {
            verbs.push(verb);
        } else if is_word(said, shop) {
            others.push(model.key.permission(&said.text));
        }
    }
    (verbs, others)
}

/// Whether a word may stand for a permission of the model. One that is nearly a verb is a mistake.
fn is_word(said: &Said, shop: &mut Workshop<'_>) -> bool {
    let verbs = Verb::ALL.map(Verb::name);
    let plain = !said.text.is_empty() && said.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let near = nearest(&said.text, verbs).filter(|_| !verbs.contains(&said.text.as_str()));
    if plain && near.is_none() {
        return true;
    }
    let near = near.map_or_else(String::new, |name| format!(", did you mean '{name}'?"));
    let words = format!("unknown permission '{}'{near} (or \"app.codename\")", said.text);
    shop.complain("C014", &said.place, words);
    false
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

/// What can stand in an action's texts.
struct Told {
    /// How many rows it was for.
    count: u64,
    /// How many of the selected rows it was not for.
    rest: u64,
    /// Their keys; empty unless something asks for them.
    ids: Vec<String>,
    user: String,
}

async fn run(cx: &mut Context, selected: Selection, deed: &Deed) -> Result<Outcome> {
    let rows = selected.filter(deed.only.clone());
    let ids = if deed.says(IDS) { keys(cx, &rows).await? } else { Vec::new() };
    let all = if deed.says(REST) { selected.count(cx).await? } else { 0 };
    let changes: Vec<(&str, Set)> = deed.changes.iter().map(|(name, set)| (name.as_str(), set.clone())).collect();
    let count = if changes.is_empty() { rows.count(cx).await? } else { rows.update(cx, &changes).await? };
    let told = Told { count, rest: all.saturating_sub(count), ids, user: cx.who().username.clone() };
    Ok(deed.outcome(&told))
}

async fn keys(cx: &mut Context, rows: &Selection) -> Result<Vec<String>> {
    Ok(rows.rows(cx).await?.iter().map(|row| row.key().to_string()).collect())
}

impl Deed {
    /// Whether one of the texts asks for something that costs a question.
    fn says(&self, what: &str) -> bool {
        let messages = self.messages.iter().map(|message| &message.text);
        let texts = messages.chain(&self.message).chain(&self.redirect);
        texts.into_iter().any(|text| text.contains(what))
            || self.reply.as_ref().is_some_and(|reply| mentions(reply, what))
    }

    fn outcome(&self, told: &Told) -> Outcome {
        if let Some(reply) = &self.reply {
            return Outcome::Data(filled(reply, told));
        }
        let message = |message: &Message| Message::new(message.level, told.fill(&message.text));
        let mut messages: Vec<Message> = self.messages.iter().map(message).collect();
        if let Some(to) = &self.redirect {
            messages.extend(self.message.iter().map(|text| Message::new(Level::Info, told.fill(text))));
            return Outcome::Redirect { to: told.fill_address(to), messages };
        }
        match &self.message {
            Some(text) => Outcome::Message(told.fill(text)),
            None if messages.is_empty() => Outcome::Done,
            None => Outcome::Said(messages),
        }
    }
}

const COUNT: &str = "{{ count }}";
const REST: &str = "{{ rest }}";
const IDS: &str = "{{ ids }}";
const USER: &str = "{{ user }}";

impl Told {
    fn fill(&self, text: &str) -> String {
        self.fill_with(text, &self.ids.join(","), &self.user)
    }

    /// The same in an address, where keys and names are escaped.
    fn fill_address(&self, text: &str) -> String {
        let ids: Vec<String> = self.ids.iter().map(|id| percent_encoded(id)).collect();
        self.fill_with(text, &ids.join(","), &percent_encoded(&self.user))
    }

    /// One pass, so that what is put in is never read as a place to put something.
    fn fill_with(&self, text: &str, ids: &str, user: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("{{ ") {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let place = [COUNT, REST, IDS, USER].into_iter().find(|place| rest.starts_with(place));
            match place {
                Some(COUNT) => out.push_str(&self.count.to_string()),
                Some(REST) => out.push_str(&self.rest.to_string()),
                Some(IDS) => out.push_str(ids),
                Some(_) => out.push_str(user),
                None => out.push_str("{{ "),
            }
            rest = &rest[place.map_or(3, str::len)..];
        }
        out + rest
    }
}

fn mentions(reply: &Json, what: &str) -> bool {
    match reply {
        Json::String(text) => text.contains(what),
        Json::Array(items) => items.iter().any(|item| mentions(item, what)),
        Json::Object(map) => map.values().any(|value| mentions(value, what)),
        _ => false,
    }
}

/// A reply with numbers and names put in; a text that is nothing but the count becomes a number.
fn filled(reply: &Json, told: &Told) -> Json {
    match reply {
        Json::String(text) if text == COUNT => told.count.into(),
        Json::String(text) => told.fill(text).into(),
        Json::Array(items) => items.iter().map(|item| filled(item, told)).collect(),
        Json::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), filled(value, told))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

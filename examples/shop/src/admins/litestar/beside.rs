//! What the shop shows beside its tables: notes that live in memory, an action, pages, a link, embedded pages.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use factotum::Context;
use factotum::contract::litestar::{
    ActionView, Column, CustomView, EmbedView, Embedded, Executed, FormField, Frame, Heading, Item, Items, ItemsAsked,
    ItemsPage, LinkView, PageView, Views,
};
use factotum::error::{Error, Missing, Result};
use factotum::model::Flaw;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};

/// All views without a model.
pub(super) fn all() -> Views {
    Views {
        custom: vec![notes()],
        actions: vec![reindex()],
        pages: vec![help(), status()],
        embeds: vec![map(), chart()],
        links: vec![LinkView {
            heading: headed("Docs", "external-link", None),
            ..LinkView::new("Docs", "https://docs.example/")
        }],
    }
}

fn headed(name: &str, icon: &str, category: Option<&str>) -> Heading {
    Heading { icon: Some(icon.to_owned()), category: category.map(str::to_owned), ..Heading::new(name) }
}

fn object(json: Json) -> Item {
    if let Json::Object(members) = json { members } else { Item::new() }
}

/// Notes, by their numbers.
struct Notes(Mutex<BTreeMap<String, Item>>);

impl Notes {
    fn three() -> Notes {
        let note = |n: u32| {
            let id = n.to_string();
            let note = json!({
                "id": id, "title": format!("Note {n}"), "done": n.is_multiple_of(2), "due": format!("2024-0{n}-01")
            });
            (id, object(note))
        };
        Notes(Mutex::new((1..=3).map(note).collect()))
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Item>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn page(&self, asked: &ItemsAsked) -> ItemsPage {
        let text = |note: &Item, name: &str| note.get(name).map(Json::to_string).unwrap_or_default().to_lowercase();
        let sought = asked.search.as_deref().unwrap_or_default().to_lowercase();
        let found = |note: &&Item| text(note, "title").contains(&sought);
        let mut notes: Vec<Item> = self.open().values().filter(found).cloned().collect();
        if let Some(by) = &asked.sort_by {
            notes.sort_by_key(|note| text(note, by));
        }
        if asked.descending && asked.sort_by.is_some() {
            notes.reverse();
        }
        asked.page_of(notes)
    }
}

impl Items for Notes {
    fn list<'a>(&'a self, _: &'a mut Context, asked: &'a ItemsAsked) -> BoxFuture<'a, Result<ItemsPage>> {
        Box::pin(async { Ok(self.page(asked)) })
    }

    fn get<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<Option<Item>>> {
        Box::pin(async { Ok(self.open().get(id).cloned()) })
    }

    fn create<'a>(&'a self, _: &'a mut Context, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(async {
            let mut notes = self.open();
            let last = notes.keys().filter_map(|id| id.parse::<u64>().ok()).max().unwrap_or(0);
            let id = (last + 1).to_string();
            let mut note = object(json!({ "id": id, "title": "", "done": false, "due": null }));
            note.extend(sent);
            notes.insert(id, note.clone());
            Ok(note)
        })
    }

    fn update<'a>(&'a self, _: &'a mut Context, id: &'a str, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(async move {
            let mut notes = self.open();
            let note = notes.get_mut(id).ok_or(Error::NotFound(Missing::Row))?;
            note.extend(sent);
            Ok(note.clone())
        })
    }

    fn delete<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(self.open().remove(id).is_some()) })
    }
}

fn notes() -> CustomView {
    let of = |kind: &str, name: &str| Column { kind: Some(kind.to_owned()), ..Column::new(name) };
    let columns = vec![
        Column::new("id"),
        Column { sortable: true, searchable: true, ..Column::new("title") },
        of("boolean", "done"),
        Column { label: Some("Due on".to_owned()), format: Some("YYYY-MM-DD".to_owned()), ..of("date", "due") },
        Column { hidden: true, ..Column::new("secret") },
    ];
    let heading = headed("Notes", "sticky-note", Some("Tools"));
    CustomView { heading, ..CustomView::new("Notes", columns, Notes::three()) }.writable()
}

fn reindex() -> ActionView {
    let scopes = [("all", "All"), ("new", "New")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let scope = FormField { required: true, options: scopes.to_vec(), ..FormField::new("scope", "Scope", "select") };
    let dry_run = FormField {
        default: json!(false),
        help_text: "Change nothing.".to_owned(),
        ..FormField::new("dry_run", "Dry run", "checkbox")
    };
    ActionView {
        heading: headed("Reindex", "refresh", Some("Tools")),
        form_fields: vec![scope, dry_run],
        confirmation_message: "Rebuild the index?".to_owned(),
        dangerous: true,
        ..ActionView::new("Reindex", |_, sent| Box::pin(rebuilt(sent)))
    }
}

async fn rebuilt(sent: Item) -> Result<Executed> {
    let scope = sent.get("scope").and_then(Json::as_str).unwrap_or_default();
    if scope == "bad" {
        return Err(Error::flaw("scope", Flaw::custom("index is locked")));
    }
    let data = object(json!({ "documents": 200 }));
    Ok(Executed { data, refresh: true, ..Executed::done(&format!("Reindexed {scope}")) })
}

fn help() -> PageView {
    PageView { heading: headed("Help", "book", Some("Tools")), ..PageView::markdown("Help", "# Help\n\nAsk **root**.") }
}

fn status() -> PageView {
    let made = || json!({ "title": "Status", "content": "# All good\n\n- up", "uptime": 99.9 });
    PageView {
        heading: headed("Status", "heart", None),
        layout: "full-width".to_owned(),
        refresh_interval: 30,
        ..PageView::dynamic("Status", move |_| Box::pin(async move { Ok(made()) }))
    }
}

fn map() -> EmbedView {
    EmbedView {
        heading: headed("Map", "map", None),
        height: "600px".to_owned(),
        ..EmbedView::new("Map", Embedded::Frame(Frame::new("https://map.example/embed")))
    }
}

fn chart() -> EmbedView {
    let component = Embedded::Component { name: "SalesChart".to_owned(), props: object(json!({ "days": 30 })) };
    EmbedView {
        heading: headed("Chart", "chart", None),
        layout: "card".to_owned(),
        ..EmbedView::new("Chart", component)
    }
}

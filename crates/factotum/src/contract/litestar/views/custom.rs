//! Tables of what is no table of the database: their items come from code.

use std::fmt;
use std::sync::Arc;

use factotum_engine::{Context, Result};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::items::{Items, ItemsAsked, ItemsPage};
use super::{Heading, ICON, Kind, find, seen};
use crate::contract::litestar::request::{self, Asked};
use crate::contract::litestar::schema::title;
use crate::contract::litestar::{Call, error};
use crate::http::{Fault, Reply};

const KIND: Kind = Kind { name: "Custom view", is: "a custom view" };

/// Items on a page, when nobody says, and at most.
const USUAL: i64 = 25;
const MOST: i64 = 100;

/// A table whose items come from code.
#[derive(Clone)]
pub struct CustomView {
    /// Its name and place.
    pub heading: Heading,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The column that tells items apart.
    pub pk_field: String,
    /// Whether items can be made.
    pub can_create: bool,
    /// Whether items can be changed.
    pub can_edit: bool,
    /// Whether items can be deleted.
    pub can_delete: bool,
    /// Whether an item has a page of its own.
    pub can_view_details: bool,
    /// Where the items come from.
    pub items: Arc<dyn Items>,
}

/// A column of a table whose items come from code.
///
/// ```
/// use factotum::contract::litestar::Column;
/// let size = Column { kind: Some("integer".into()), sortable: true, ..Column::new("size") };
/// assert_eq!(size.label, None);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Its name in items.
    pub name: String,
    /// Its heading; made of the name if it is not said.
    pub label: Option<String>,
    /// What it holds: `string`, `integer`, `float`, `boolean`, `json`, `datetime`, `date`, `time`, `email`, `url`,
    /// `uuid`; a string if it is not said.
    pub kind: Option<String>,
    /// Whether it can be sorted by.
    pub sortable: bool,
    /// Whether a search looks at it.
    pub searchable: bool,
    /// Whether it can be filtered by.
    pub filterable: bool,
    /// Whether it is left out of lists.
    pub hidden: bool,
    /// How it is drawn.
    pub format: Option<String>,
    /// The values that it can have.
    pub values: Vec<String>,
}

impl Column {
    /// A column of texts.
    #[must_use]
    pub fn new(name: &str) -> Column {
        Column { name: name.to_owned(), ..Column::default() }
    }

    fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or("string")
    }

    fn told(&self) -> Json {
        let label = self.label.clone().unwrap_or_else(|| title(&self.name));
        json!({
            "name": self.name,
            "label": label,
            "type": self.kind(),
            "sortable": self.sortable,
            "searchable": self.searchable,
            "filterable": self.filterable,
            "visible": !self.hidden,
            "format": self.format,
        })
    }

    fn schema(&self) -> Json {
        let (kind, format) = match self.kind() {
            "integer" => ("integer", None),
            "float" => ("number", None),
            "boolean" => ("boolean", None),
            "json" => ("object", None),
            "datetime" => ("string", Some("date-time")),
            "url" => ("string", Some("uri")),
            kind @ ("date" | "time" | "email" | "uuid") => ("string", Some(kind)),
            _ => ("string", None),
        };
        let mut schema = json!({ "type": kind });
        if let Some(format) = format {
            schema["format"] = json!(format);
        }
        if !self.values.is_empty() {
            schema["enum"] = json!(self.values);
        }
        schema
    }
}

impl CustomView {
    /// A table that can only be looked at.
    #[must_use]
    pub fn new(name: &str, columns: Vec<Column>, items: impl Items) -> CustomView {
        CustomView {
            heading: Heading::new(name),
            columns,
            pk_field: "id".to_owned(),
            can_create: false,
            can_edit: false,
            can_delete: false,
            can_view_details: true,
            items: Arc::new(items),
        }
    }

    /// The same, whose items can be made, changed and deleted.
    #[must_use]
    pub fn writable(self) -> CustomView {
        CustomView { can_create: true, can_edit: true, can_delete: true, ..self }
    }

    fn flags(&self) -> [(String, Json); 5] {
        let flags = [
            ("pk_field", json!(self.pk_field)),
            ("can_create", json!(self.can_create)),
            ("can_edit", json!(self.can_edit)),
            ("can_delete", json!(self.can_delete)),
            ("can_view_details", json!(self.can_view_details)),
        ];
        flags.map(|(name, value)| (name.to_owned(), value))
    }

    fn told(&self) -> Json {
        let mut told = self.heading.told(ICON);
        told.extend(self.flags());
        Json::Object(told)
    }
}

impl fmt::Debug for CustomView {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CustomView { heading, columns, .. } = self;
        out.debug_struct("CustomView").field("heading", heading).field("columns", columns).finish_non_exhaustive()
    }
}

fn named(call: &Call) -> Result<&CustomView, Fault> {
    find(call, &call.contract.site_views.custom, |view| &view.heading, &KIND)
}

fn missing(call: &Call) -> Fault {
    error::not_found(&format!("Item '{}' not found in '{}'", call.param("item"), call.param("view")))
}

fn refused(call: &Call, word: &str) -> Fault {
    error::said(StatusCode::FORBIDDEN, &format!("{word} not allowed for view '{}'", call.param("view")))
}

/// A context in which items are written.
async fn writing(call: &Call, view: &CustomView) -> Result<Context> {
    if view.items.are_elsewhere() { call.read().await } else { call.write().await }
}

/// `GET views/custom`
pub(crate) async fn list(call: Call) -> Result<Reply, Fault> {
    let views = seen(&call, &call.contract.site_views.custom, |view: &CustomView| &view.heading);
    Ok(error::reply(StatusCode::OK, &views.map(CustomView::told).collect()))
}

/// `GET views/custom/{view}`
pub(crate) async fn items(call: Call) -> Result<Reply, Fault> {
    let asked = asked(&call)?;
    let view = named(&call)?;
    let ItemsPage { items, total } = view.items.list(&mut call.read().await?, &asked).await?;
    let document = json!({
        "items": items,
        "total": total,
        "page": asked.page,
        "page_size": asked.page_size,
        "has_next": asked.page.saturating_mul(asked.page_size) < total,
        "has_prev": asked.page > 1,
    });
    Ok(error::reply(StatusCode::OK, &document))
}

/// Reads what is asked of a list: by page, or by how many items come before it.
fn asked(call: &Call) -> Result<ItemsAsked, Fault> {
    let mut asked = Asked::of(&call.head);
    let [page, page_size, offset, limit] = ["page", "page_size", "offset", "limit"].map(|name| asked.int_or_none(name));
    let order = asked.one_of("sort_order", &["asc", "desc"]);
    let text = |name| asked.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let (sort_by, search) = (text("sort_by"), text("search"));
    let filters = asked.text("filters").and_then(|text| serde_json::from_str(text).ok()).filter(Json::is_object);
    asked.finish()?;
    let said = |number: Option<i64>| number.filter(|number| *number != 0);
    let size = said(limit).or(said(page_size)).unwrap_or(USUAL).clamp(1, MOST);
    let page = match offset {
        Some(offset) => (offset / size).saturating_add(1),
        None => said(page).unwrap_or(1),
    };
    let (page, page_size) = (page.max(1).unsigned_abs(), size.unsigned_abs());
    Ok(ItemsAsked { page, page_size, sort_by, descending: order == "desc", search, filters })
}

/// `GET views/custom/{view}/schema`
pub(crate) async fn schema(call: Call) -> Result<Reply, Fault> {
    let view = named(&call)?;
    let properties: Map<String, Json> =
        view.columns.iter().map(|column| (column.name.clone(), column.schema())).collect();
    let visible = view.columns.iter().filter(|column| !column.hidden);
    let mut document = Map::new();
    document.insert("schema".to_owned(), json!({ "type": "object", "properties": properties }));
    document.insert("columns".to_owned(), visible.map(Column::told).collect());
    document.extend(view.flags());
    Ok(error::reply(StatusCode::OK, &Json::Object(document)))
}

/// `GET views/custom/{view}/{item}`
pub(crate) async fn get(call: Call) -> Result<Reply, Fault> {
    let view = named(&call)?;
    let item = view.items.get(&mut call.read().await?, call.param("item")).await?;
    let item = item.ok_or_else(|| missing(&call))?;
    Ok(error::reply(StatusCode::OK, &Json::Object(item)))
}

/// `POST views/custom/{view}`
pub(crate) async fn create(call: Call) -> Result<Reply, Fault> {
    let sent = request::members(&call)?;
    let view = named(&call)?;
    if !view.can_create {
        return Err(refused(&call, "Create"));
    }
    let mut cx = writing(&call, view).await?;
    let item = view.items.create(&mut cx, sent).await?;
    cx.commit().await?;
    Ok(error::reply(StatusCode::CREATED, &Json::Object(item)))
}

/// `PUT views/custom/{view}/{item}`
pub(crate) async fn update(call: Call) -> Result<Reply, Fault> {
    let sent = request::members(&call)?;
    let view = named(&call)?;
    if !view.can_edit {
        return Err(refused(&call, "Edit"));
    }
    let mut cx = writing(&call, view).await?;
    let id = call.param("item");
    if view.items.get(&mut cx, id).await?.is_none() {
        return Err(missing(&call));
    }
    let item = view.items.update(&mut cx, id, sent).await?;
    cx.commit().await?;
    Ok(error::reply(StatusCode::OK, &Json::Object(item)))
}

/// `DELETE views/custom/{view}/{item}`
pub(crate) async fn delete(call: Call) -> Result<Reply, Fault> {
    let view = named(&call)?;
    if !view.can_delete {
        return Err(refused(&call, "Delete"));
    }
    let mut cx = writing(&call, view).await?;
    let id = call.param("item");
    let there = view.items.get(&mut cx, id).await?.is_some();
    if !there || !view.items.delete(&mut cx, id).await? {
        return Err(missing(&call));
    }
    cx.commit().await?;
    let message = format!("Item '{id}' deleted successfully");
    Ok(error::reply(StatusCode::OK, &json!({ "success": true, "message": message })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_a_type_and_a_format() {
        let check = |kind: &str, expected: Json| {
            let column = Column { kind: Some(kind.to_owned()), ..Column::new("due_on") };
            assert_eq!(column.schema(), expected, "{kind}");
        };
        check("float", json!({ "type": "number" }));
        check("json", json!({ "type": "object" }));
        check("datetime", json!({ "type": "string", "format": "date-time" }));
        check("url", json!({ "type": "string", "format": "uri" }));
        check("text", json!({ "type": "string" }));
        assert_eq!(Column::new("due_on").told()["label"], "Due On");
        let column = Column { values: vec!["a".to_owned()], ..Column::new("x") };
        assert_eq!(column.schema(), json!({ "type": "string", "enum": ["a"] }));
    }
}

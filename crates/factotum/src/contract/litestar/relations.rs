//! Rows to point at: searched by what somebody types, or looked up by their keys.

use factotum_engine::model::{Field, FieldKind, Model, Order, Row};
use factotum_engine::query::{Filter, Op, Query, Search, SearchPlace, Term, Window, field};
use factotum_engine::{ModelKey, Raw, Site, Value, ops};
use http::StatusCode;

use super::catalogue::{Entry, of_column};
use super::request::Asked;
use super::response::{Print, value};
use super::{Call, error, records, registry};
use crate::http::json as text;
use crate::http::{Fault, Reply};

/// The columns by which rows are called, the best first.
const NAMES: [&str; 9] = ["name", "title", "label", "display_name", "full_name", "username", "email", "slug", "code"];

/// Rows on a page, when nobody says, and at most.
const USUAL: i64 = 20;
const MOST: i64 = 100;
/// The most keys that are looked up at once.
const MOST_KEYS: usize = 1000;

/// The field that holds a relation's value: the key it points to, however far; any other field is itself.
pub(super) fn end<'s>(site: &'s Site, field: &'s Field) -> &'s Field {
    let mut at = field;
    // A chain of keys is as long as there are models, unless it is a circle.
    for _ in site.schema().models() {
        let FieldKind::One { to, to_field, .. } = &at.kind else { break };
        let Some(target) = site.schema().model(to) else { break };
        at = to_field.as_deref().and_then(|name| target.field(name)).unwrap_or_else(|| target.key_field());
    }
    at
}

/// The column by which rows of a model are called; their key if there is no better one.
pub(super) fn display<'s>(site: &'s Site, key: &ModelKey) -> Option<&'s Field> {
    let model = site.schema().model(key)?;
    let hides = |field: &Field| field.secret || site.resource(key).is_ok_and(|resource| resource.hides(&field.name));
    let named = NAMES.iter().filter_map(|name| of_column(model, name)).map(|at| &model.fields[at]);
    Some(named.into_iter().find(|field| !hides(field)).unwrap_or_else(|| model.key_field()))
}

/// The relation that an address names: what is pointed at, and what is shown and searched of it.
struct Relation<'s> {
    target: &'s Model,
    display: &'s Field,
    /// Columns that are searched.
    searched: Vec<&'s Field>,
    /// Columns that are shown beside the name, each with its printed name.
    shown: Option<Vec<&'s Field>>,
    naive: bool,
}

impl<'s> Relation<'s> {
    fn named(call: &'s Call, entry: &Entry) -> Result<Relation<'s>, Fault> {
        let (site, asked) = (&call.site, call.param("field"));
        let model = &entry.resource(site)?.model;
        let near = find(model, asked).and_then(Field::target).or_else(|| from_far(site, model, asked));
        let found = near.and_then(|target| site.resource(target).ok());
        let resource = found.ok_or_else(|| {
            let words = format!("Relationship '{asked}' not found on model '{}'", call.param("model"));
            error::not_found(&words)
        })?;
        let target = resource.model.as_ref();
        let display = display(site, &target.key).unwrap_or_else(|| target.key_field());
        let columns = |names: &Vec<String>| -> Vec<&'s Field> {
            let fields = names.iter().filter_map(|name| of_column(target, name)).map(|at| &target.fields[at]);
            fields.filter(|field| !resource.hides(&field.name)).collect()
        };
        let searched = entry.view.relationship_search_fields.get(asked).map(columns);
        Ok(Relation {
            target,
            display,
            searched: searched.unwrap_or_else(|| vec![display, target.key_field()]),
            shown: entry.view.relationship_display_fields.get(asked).map(columns),
            naive: call.contract.naive_datetimes,
        })
    }

    /// What is read of a row.
    fn fields(&self) -> Vec<String> {
        let shown = self.shown.iter().flatten().copied();
        let mut fields = vec![self.display.name.clone()];
        fields.extend(shown.map(|field| field.name.clone()));
        fields
    }

    /// The rows that hold what somebody typed: in a text anywhere, in anything else as the whole.
    fn matching(&self, typed: &str) -> Filter {
        if typed.is_empty() {
            return Filter::All;
        }
        let (texts, others): (Vec<&Field>, Vec<&Field>) = self.searched.iter().partition(|field| field.is_text());
        let texts: Vec<(String, SearchPlace)> =
            texts.into_iter().map(|field| (field.name.clone(), SearchPlace::Anywhere)).collect();
        let mut any: Vec<Filter> = others.into_iter().filter_map(|field| is(field, typed)).collect();
        if !texts.is_empty() {
            any.push(Filter::Search(Search { fields: texts, terms: vec![typed.to_owned()] }));
        }
        if any.is_empty() { Filter::Nothing } else { Filter::Or(any) }
    }

    fn write(&self, out: &mut Vec<u8>, row: &Row) {
        out.extend_from_slice(b"{\"id\":");
        match row.key() {
            Value::Int(number) => text::int(out, *number),
            key => text::text(out, &key.to_string()),
        }
        out.extend_from_slice(b",\"label\":");
        text::text(out, &row.get(&self.display.name).to_string());
        out.extend_from_slice(b",\"data\":");
        match &self.shown {
            None => out.extend_from_slice(b"null"),
            Some(shown) => self.write_data(out, shown, row),
        }
        out.push(b'}');
    }

    fn write_data(&self, out: &mut Vec<u8>, shown: &[&Field], row: &Row) {
        out.push(b'{');
        for (at, field) in shown.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            text::text(out, &field.column);
            out.push(b':');
            let print = if self.naive { Print::Plain } else { Print::WithOffset };
            value(out, row.get(&field.name), print);
        }
        out.push(b'}');
    }

    fn reply(&self, rows: &[&Row], total: i64, more: bool) -> Reply {
        let mut out = Vec::with_capacity(64 * (rows.len() + 1));
        out.extend_from_slice(b"{\"items\":");
        text::list(&mut out, rows, |out, row| self.write(out, row));
        out.extend_from_slice(b",\"total\":");
        text::int(&mut out, total);
        out.extend_from_slice(b",\"has_more\":");
        text::truth(&mut out, more);
        out.push(b'}');
        Reply::json(StatusCode::OK, out)
    }
}

/// A relation by its own name, by its column, or by its name with `_id`, `_pk` or `_fk`.
fn find<'m>(model: &'m Model, asked: &str) -> Option<&'m Field> {
    let relation = |name: &str| model.field(name).filter(|field| field.target().is_some());
    let by_column = of_column(model, asked).map(|at| &model.fields[at]).filter(|field| field.target().is_some());
    relation(asked).or(by_column).or_else(|| bare(asked).and_then(relation))
}

fn bare(asked: &str) -> Option<&str> {
    ["_id", "_pk", "_fk"].iter().find_map(|end| asked.strip_suffix(end))
}

/// The model at the other end of a many-to-many relation, by the name that the relation has from here.
fn from_far<'s>(site: &'s Site, model: &Model, asked: &str) -> Option<&'s ModelKey> {
    let is_asked = |other: &Model, field: &Field| {
        let name = if field.related_name.is_empty() { other.key.lower_name() } else { field.related_name.clone() };
        field.target() == Some(&model.key) && (name == asked || bare(asked) == Some(&name))
    };
    let found = site.schema().models().find(|other| other.many().any(|field| is_asked(other, field)));
    found.map(|other| &other.key)
}

/// A column that is what somebody typed; `None` if it cannot be.
fn is(of: &Field, typed: &str) -> Option<Filter> {
    let fits = match &of.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => typed.parse::<i64>().is_ok(),
        FieldKind::Float | FieldKind::Decimal { .. } => typed.parse::<f64>().is_ok_and(f64::is_finite),
        FieldKind::Uuid => uuid::Uuid::try_parse(typed).is_ok(),
        FieldKind::Bool | FieldKind::Json | FieldKind::Bytes | FieldKind::File { .. } => false,
        FieldKind::One { .. } | FieldKind::Many { .. } | FieldKind::Duration => false,
        FieldKind::Date => typed.parse::<jiff::civil::Date>().is_ok(),
        FieldKind::Time => typed.parse::<jiff::civil::Time>().is_ok(),
        FieldKind::DateTime => typed.parse::<jiff::civil::DateTime>().is_ok(),
        FieldKind::Text { .. } => true,
    };
    fits.then(|| field(&of.name).test(Op::Is, Term::Raw(Raw::Text(typed.to_owned()))))
}

/// `GET models/{model}/relationships/{field}/search`
pub(super) async fn search(call: Call) -> Result<Reply, Fault> {
    let mut asked = Asked::of(&call.head);
    let limit = asked.int("limit", USUAL).clamp(1, MOST);
    let page = asked.int("page", 1).max(1);
    let typed = asked.text("q").unwrap_or_default();
    asked.finish()?;
    let entry = registry::named(&call)?;
    let relation = Relation::named(&call, entry)?;
    let offset = (page - 1).saturating_mul(limit);
    let query = Query {
        filter: relation.matching(typed),
        order: vec![Order { path: relation.display.name.clone(), descending: false }],
        nulls_least: true,
        window: Window { offset: offset.unsigned_abs(), limit: Some(limit.unsigned_abs()) },
        count: true,
        fields: Some(relation.fields()),
        labels: false,
        ..Query::all(relation.target.key.clone())
    };
    let page = ops::list(&mut call.read().await?, query).await?;
    let rows: Vec<&Row> = page.records.iter().map(|record| &record.row).collect();
    let total = i64::try_from(page.total.unwrap_or_default()).unwrap_or(i64::MAX);
    Ok(relation.reply(&rows, total, offset.saturating_add(limit) < total))
}

/// `GET models/{model}/relationships/{field}/options`
pub(super) async fn options(call: Call) -> Result<Reply, Fault> {
    let asked = Asked::of(&call.head);
    let ids = asked.text("ids").unwrap_or_default();
    let entry = registry::named(&call)?;
    let relation = Relation::named(&call, entry)?;
    let keys = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).take(MOST_KEYS);
    let keys: Vec<Value> = keys.filter_map(|id| records::read_key(&call, relation.target, id)).collect();
    if keys.is_empty() {
        return Ok(relation.reply(&[], 0, false));
    }
    let query = Query {
        filter: field("pk").test(Op::In, Term::Raws(keys.iter().map(|key| Raw::Text(key.to_string())).collect())),
        fields: Some(relation.fields()),
        labels: false,
        ..Query::all(relation.target.key.clone())
    };
    let page = ops::list(&mut call.read().await?, query).await?;
    let find = |key: &Value| page.records.iter().map(|record| &record.row).find(|row| row.key() == key);
    let rows: Vec<&Row> = keys.iter().filter_map(find).collect();
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Ok(relation.reply(&rows, total, false))
}

#[cfg(test)]
mod tests {
    use factotum_engine::model::OnDelete;

    use super::*;

    #[test]
    fn relations_have_several_names() {
        let model = Model::new("shop", "Product").with(Field::line("name", 9)).with(Field::one(
            "category",
            ModelKey::new("shop", "Category"),
            OnDelete::Protect,
        ));
        for name in ["category", "category_id", "category_pk", "category_fk"] {
            assert!(find(&model, name).is_some(), "{name}");
        }
        for name in ["name", "nope", "id", "category_"] {
            assert!(find(&model, name).is_none(), "{name}");
        }
    }
}

//! A restriction of rows: `{ status = "published" }`, with lists for any of several values, `not` and `any`.

use factotum::Raw;
use factotum::model::{FieldKind, Model};
use factotum::query::{Filter, Op, Term, Test, path};

use super::Workshop;
use crate::complaint::suggestion;
use crate::config::node::{Kind, Node, Table};

/// The filter that a table of fields and values means.
pub(super) fn filter(table: &Table, model: &Model, shop: &mut Workshop<'_>) -> Filter {
    let mut all = Filter::All;
    for (name, entry) in table {
        match (name.as_str(), &entry.node.kind) {
            ("not", Kind::Table(inner)) if model.field("not").is_none() => {
                all = all.and(Filter::Not(Box::new(filter(inner, model, shop))));
                continue;
            }
            ("any", Kind::List(items)) if model.field("any").is_none() => {
                all = all.and(any(items, model, shop));
                continue;
            }
            _ => {}
        }
        let (path, op) = match name.rsplit_once("__") {
            Some((path, "lt")) => (path, Some(Op::Lt)),
            Some((path, "lte")) => (path, Some(Op::Lte)),
            Some((path, "gt")) => (path, Some(Op::Gt)),
            Some((path, "gte")) => (path, Some(Op::Gte)),
            Some((path, "isnull")) => (path, Some(Op::IsNull)),
            _ => (name.as_str(), None),
        };
        let known = shop.schema.model(&model.key).is_some_and(|model| path::resolve(&shop.schema, model, path).is_ok());
        if !known {
            let near = suggestion(path, model.fields.iter().map(|field| field.name.as_str()));
            shop.complain("C011", &entry.key, format!("{} has no field '{path}'{near}", model.key));
            continue;
        }
        sensible(path, op, &entry.node, model, shop);
        all = all.and(test(path, op, &entry.node));
    }
    all
}

/// Complains of a truth that is none: a filter would take it for false.
fn sensible(path: &str, op: Option<Op>, node: &Node, model: &Model, shop: &mut Workshop<'_>) {
    let known = shop.schema.model(&model.key);
    let end = known.and_then(|model| path::resolve(&shop.schema, model, path).ok());
    if op == Some(Op::IsNull) || !end.is_some_and(|end| matches!(end.field().kind, FieldKind::Bool)) {
        return;
    }
    let nodes = if let Kind::List(items) = &node.kind { items.as_slice() } else { std::slice::from_ref(node) };
    for node in nodes {
        let is_truth = match &node.kind {
            Kind::Bool(_) | Kind::Int(0 | 1) => true,
            Kind::Text(text) => TRUTHS.contains(&text.to_lowercase().as_str()),
            _ => false,
        };
        if !is_truth {
            shop.complain("C016", &node.place, format!("'{path}' is true or false"));
        }
    }
}

/// The spellings of true and false that a text may have.
const TRUTHS: [&str; 6] = ["true", "false", "1", "0", "yes", "no"];

/// Any of several conditions.
fn any(items: &[Node], model: &Model, shop: &mut Workshop<'_>) -> Filter {
    let mut filters = Vec::with_capacity(items.len());
    for item in items {
        if let Kind::Table(table) = &item.kind {
            filters.push(filter(table, model, shop));
        } else {
            shop.complain("C004", &item.place, "'any' must be a list of conditions, each a table");
        }
    }
    Filter::Or(filters)
}

fn test(path: &str, op: Option<Op>, node: &Node) -> Filter {
    let (op, term) = match (&node.kind, op) {
        (Kind::List(items), None) => (Op::In, Term::Raws(items.iter().map(|item| Raw::Json(item.json())).collect())),
        (_, op) => (op.unwrap_or(Op::Is), Term::Raw(Raw::Json(node.json()))),
    };
    Filter::Test(Test { path: path.to_owned(), op, term })
}

//! A declared search becomes a question: rows that hold what is looked for or are like it, the best first.

use std::sync::Arc;

use super::tables::Tables;
use super::{BadQuery, Ground, Planned, ROOT, filter, output, outputs};
use crate::error::Result;
use crate::model::{Field, FieldKind, Model, Order};
use crate::principal::Principal;
use crate::query::path;
use crate::query::{Filter, Window};
use crate::search::{SearchIndex, Sought};
use crate::site::{Resource, Site};
use crate::store::document::Document;
use crate::store::serving::{Serving, Source};
use crate::store::statement::{Cell, Cond, Expr, Output, Select, Sort};

/// What is looked for, where, and what the database has for it.
pub(crate) struct Hunt<'h> {
    pub(crate) index: &'h SearchIndex,
    pub(crate) sought: &'h Sought,
    /// Which rows it is about: the others are not found, so they take no place among those that are.
    pub(crate) rows: &'h Filter,
    pub(crate) serving: Serving,
}

/// Plans a search: of the rows that somebody may know of, those that answer, with everything.
pub(crate) fn hunt(site: &Site, who: &Principal, resource: &Resource, hunt: &Hunt<'_>) -> Result<Planned, BadQuery> {
    let ground = Ground::new(site);
    let model = &resource.model;
    let mut tables = Tables::new(ROOT);
    let own = filter::cond(&ground, &mut tables, model, ROOT, &resource.admin.rows(who), false)?;
    let about = filter::cond(&ground, &mut tables, model, ROOT, hunt.rows, false)?;
    let mut reach = Reach { ground: &ground, tables: &mut tables, model, whole: false };
    let document = reach.document(hunt.index)?;
    let alike = reach.alike(hunt)?;
    let filter = own.and(about).and(Cond::Or(matches(hunt, resource, document.as_ref(), &alike)));
    let order = reach.order(hunt, document, alike)?;
    let shown = |field: &Field| !resource.hides(&field.name);
    let mut plan = outputs(&ground, tables, model, None, Some((&shown, &[])));
    (plan.select.filter, plan.select.order) = (filter, order);
    plan.filtering = plan.select.joins.len();
    plan.window = Window { offset: 0, limit: Some(hunt.index.limit) };
    Ok(plan)
}

/// The rows of a search as a database would index them, whoever asks.
pub(crate) fn source(site: &Site, index: &SearchIndex) -> Result<Source> {
    let ground = Ground::new(site);
    let model = &site.resource(&index.model)?.model;
    let mut tables = Tables::new(ROOT);
    let mut reach = Reach { ground: &ground, tables: &mut tables, model, whole: true };
    let document = reach.document(index)?;
    let parts = document.into_iter().flat_map(|document| document.parts);
    let key = output(ROOT, &model.key_field().column, Cell::Int);
    let texts = parts.map(|(expr, _)| Output { expr, cell: Cell::Text });
    let outputs = std::iter::once(key).chain(texts).collect();
    // What is only compared needs no joins: an index holds it of the table itself or not at all.
    let joins = reach.tables.joins.clone();
    let mut alike = Vec::new();
    for name in index.alike.iter().flat_map(|alike| &alike.fields) {
        alike.extend(reach.end(name)?.map(|(text, _)| text));
    }
    Ok(Source {
        index: index.table(),
        language: index.language.clone(),
        texts: index.fields.clone(),
        rows: Select { joins, outputs, ..Select::from(&model.table, ROOT) },
        alike,
        numbered: is_numbered(model),
    })
}

/// How a row may answer.
fn matches(hunt: &Hunt<'_>, resource: &Resource, document: Option<&Document>, alike: &[Expr]) -> Vec<Cond> {
    let whole = document.filter(|document| document.parts.len() == hunt.index.fields.len());
    // The index only narrows: whether a row is what is looked for is always said by its texts.
    let narrowed = whole.and_then(|_| indexed(hunt, &resource.model)).unwrap_or(Cond::True);
    let found = document.map(|document| narrowed.and(Cond::Found(Box::new(document.clone()), hunt.sought.clone())));
    let least = hunt.index.alike.as_ref().map_or(1.0, |alike| alike.least);
    let to = hunt.sought.text.to_lowercase();
    let alike = alike.iter().map(|text| Cond::Alike { of: text.clone(), to: to.clone(), least });
    found.into_iter().chain(alike).collect()
}

/// What narrows a search to rows that a full-text index knows, where one is there. It holds all texts, so it serves
/// nobody who may not see them all.
#[cfg(feature = "sqlite")]
fn indexed(hunt: &Hunt<'_>, model: &Model) -> Option<Cond> {
    use crate::store::fulltext::{Asked, Language, narrowed};

    if !hunt.serving.indexed || !is_numbered(model) {
        return None;
    }
    let language = Language::named(&hunt.index.language)?;
    let Some(asked) = Asked::of(language, hunt.sought) else { return Some(Cond::False) };
    let key = Expr::column(ROOT, &model.key_field().column);
    narrowed(language, &asked).map(|question| Cond::InIndex { key, index: hunt.index.table(), question })
}

#[cfg(not(feature = "sqlite"))]
fn indexed(_: &Hunt<'_>, _: &Model) -> Option<Cond> {
    None
}

/// Whether rows have whole numbers for keys, which is what a full-text index of SQLite finds.
fn is_numbered(model: &Model) -> bool {
    matches!(model.key_field().kind, FieldKind::Auto(_) | FieldKind::Int { .. })
}

/// What is reached from a model's rows.
struct Reach<'r, 'g> {
    ground: &'r Ground<'g>,
    tables: &'r mut Tables<'static>,
    model: &'r Arc<Model>,
    /// Whether hidden fields are reached, too.
    whole: bool,
}

impl Reach<'_, '_> {
    /// What a path leads to; nothing where a field on the way is hidden.
    fn end(&mut self, name: &str) -> Result<Option<(Expr, Field)>, BadQuery> {
        let path = path::resolve(self.ground.schema(), self.model, name)?;
        if !self.whole && self.ground.hides(&path) {
            return Ok(None);
        }
        let mut alias = ROOT.to_owned();
        for hop in &path.hops {
            let next = self.tables.follow(&alias, hop);
            alias = next.ok_or_else(|| BadQuery::UnknownPath { path: name.to_owned() })?;
        }
        Ok(Some((Expr::column(&alias, &path.field().column), path.field().clone())))
    }

    /// The texts that are searched as one.
    fn document(&mut self, index: &SearchIndex) -> Result<Option<Document>, BadQuery> {
        let mut parts = Vec::with_capacity(index.fields.len());
        for (name, class) in &index.fields {
            parts.extend(self.end(name)?.map(|(text, _)| (Expr::Text(Box::new(text)), *class)));
        }
        Ok((!parts.is_empty()).then(|| Document { language: index.language.clone(), parts }))
    }

    /// The texts that may be like what is looked for.
    fn alike(&mut self, hunt: &Hunt<'_>) -> Result<Vec<Expr>, BadQuery> {
        let length = hunt.sought.text.chars().count();
        let measured = hunt.index.alike.as_ref().filter(|alike| hunt.serving.measures && length >= alike.shortest);
        let mut texts = Vec::new();
        for name in measured.iter().flat_map(|alike| &alike.fields) {
            texts.extend(self.end(name)?.map(|(text, _)| Expr::Text(Box::new(text))));
        }
        Ok(texts)
    }

    /// The rank with its boost, the likeness, what the search says, and the key.
    fn order(&mut self, hunt: &Hunt<'_>, document: Option<Document>, alike: Vec<Expr>) -> Result<Vec<Sort>, BadQuery> {
        let index = hunt.index;
        let rank = document.map(|document| Expr::Rank(Box::new(document), hunt.sought.clone(), index.weights));
        let boost = match &index.boost {
            Some(boost) => self.end(&boost.field)?.map(|(number, _)| Expr::Times(Box::new(number), boost.factor)),
            None => None,
        };
        let relevance = rank.into_iter().chain(boost).reduce(|rank, boost| Expr::Add(Box::new(rank), Box::new(boost)));
        let likeness = (!alike.is_empty()).then(|| Expr::Likeness(alike, hunt.sought.text.to_lowercase()));
        let best = relevance.into_iter().chain(likeness);
        let mut sorts: Vec<Sort> = best.map(|expr| sort(expr, true)).collect();
        for Order { path, descending } in &index.order {
            let Some((expr, field)) = self.end(path)? else { continue };
            let text = matches!(field.kind, FieldKind::Text { .. });
            sorts.push(sort(if text { Expr::Bytewise(Box::new(expr)) } else { expr }, *descending));
        }
        sorts.push(sort(Expr::column(ROOT, &self.model.key_field().column), false));
        Ok(sorts)
    }
}

fn sort(expr: Expr, descending: bool) -> Sort {
    Sort { expr, descending, nulls_least: false }
}

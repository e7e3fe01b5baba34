//! The ends of paths: read beside each other in the question for the rows, or listed for all rows of a page at once.

use std::sync::Arc;

use super::filter;
use super::tables::Tables;
use super::{Asked, Ground, Planned, ROOT, order, output};
use crate::model::{Field, FieldKind, Model};
use crate::principal::Principal;
use crate::query::path::{self, Hop, Path};
use crate::query::{BadQuery, Filter, Links, Query, Window};
use crate::site::{Resource, Site};
use crate::store::statement::{Arg, Cond, Expr, Output, Select, Sort};
use crate::store::{Cell, Statement};
use crate::value::Value;

/// The alias of the first table of a question for what is linked.
const LINK: &str = "m";

/// Plans a query about a resource of whose rows the key is read, and then the ends of these paths.
pub(crate) fn plan_ends(
    site: &Site,
    who: &Principal,
    resource: &Resource,
    query: &Query,
    paths: &[String],
) -> Result<Planned, BadQuery> {
    let ground = Ground::new(site);
    let model = &resource.model;
    let mut tables = Tables::new(ROOT);
    let asked = Asked::of(&ground, &mut tables, who, resource, query)?;
    let ordering = tables.joins.len();
    let key = model.key_field();
    let mut outputs = vec![output(ROOT, &key.column, ground.cell(key))];
    for path in paths {
        let resolved = path::resolve(ground.schema(), model, path)?;
        ground.refuse_hidden(&resolved, path)?;
        outputs.push(end(&ground, &mut tables, &resolved, path)?);
    }
    let slots = (0..model.fields.len()).filter(|at| model.fields[*at].name == model.primary_key).collect();
    let plan = Planned {
        model: model.clone(),
        select: Select { joins: tables.joins, outputs, ..Select::from(&model.table, ROOT) },
        filtering: 0,
        ordering,
        slots,
        many: Vec::new(),
        labels: None,
        window: Window { offset: 0, limit: None },
        counts: false,
        walks: false,
    };
    Ok(plan.answering(&ground, asked, query))
}

/// The question for rows of a model that a filter lets through, whoever asks: of each its key and then the ends of these
/// paths, in the order of the keys and no more than `most`.
pub(crate) fn ends_unasked(
    site: &Site,
    model: &Arc<Model>,
    filter: &Filter,
    paths: &[String],
    most: Option<u64>,
) -> Result<Select, BadQuery> {
    let ground = Ground::new(site);
    let mut tables = Tables::new(ROOT);
    let filter = filter::cond(&ground, &mut tables, model, ROOT, filter, false)?;
    let key = model.key_field();
    let mut outputs = vec![output(ROOT, &key.column, ground.cell(key))];
    for asked in paths {
        let path = path::resolve(ground.schema(), model, asked)?;
        outputs.push(end(&ground, &mut tables, &path, asked)?);
    }
    let order = vec![Sort { expr: Expr::column(ROOT, &key.column), descending: false, nulls_least: false }];
    Ok(Select { joins: tables.joins, outputs, filter, order, limit: most, ..Select::from(&model.table, ROOT) })
}

/// What is at the end of a path that reaches at most one row.
fn end(ground: &Ground<'_>, tables: &mut Tables<'_>, path: &Path, asked: &str) -> Result<Output, BadQuery> {
    let unknown = || BadQuery::UnknownPath { path: asked.to_owned() };
    if !path.field().is_column() {
        return Err(unknown());
    }
    let (hops, column) = nearest(&path.hops, &path.field().column);
    let mut at = ROOT.to_owned();
    for hop in hops {
        at = tables.follow(&at, hop).ok_or_else(unknown)?;
    }
    Ok(output(&at, column, ground.cell(path.field())))
}

/// The last step is saved where it leads along a foreign key to the very column whose values that holds.
fn nearest<'p>(hops: &'p [Hop], column: &'p str) -> (&'p [Hop], &'p str) {
    match hops.split_last() {
        Some((Hop::One { column: near, to_column, .. }, before)) if to_column == column => (before, near),
        _ => (hops, column),
    }
}

/// The question for the pairs (key of a row, what is linked to it), of no rows yet.
pub(crate) struct Linked {
    select: Select,
    near: Expr,
    cell: Cell,
}

/// Where a list begins: a table whose column holds keys of the rows at hand.
struct Start<'p> {
    table: &'p str,
    near: &'p str,
    /// The model that the first step leads to, and its alias: the list is in its order.
    first: (Arc<Model>, String),
    /// The steps that are left.
    rest: &'p [Hop],
}

impl Linked {
    /// The question for a list, of what somebody may know of; of everything, if nobody asks.
    pub(crate) fn new(
        site: &Site,
        who: Option<&Principal>,
        model: &Arc<Model>,
        links: &Links,
    ) -> Result<Linked, BadQuery> {
        let ground = Ground::new(site);
        let unknown = || BadQuery::UnknownPath { path: links.path.clone() };
        let path = path::resolve(ground.schema(), model, &links.path)?;
        if who.is_some() {
            ground.refuse_hidden(&path, &links.path)?;
        }
        let (mut hops, mut field) = (path.hops.clone(), path.field());
        if matches!(field.kind, FieldKind::Many { .. }) {
            hops.push(path::hop_over(ground.schema(), &path.model, field).ok_or_else(unknown)?);
            field = hops.last().ok_or_else(unknown)?.to().key_field();
        }
        let mut tables = Tables::new(LINK);
        let start = Start::of(&mut tables, model, &hops);
        let order = order::sorts_at(&ground, &mut tables, (&start.first.0, &start.first.1), &links.order)?;
        let (before, column) = nearest(start.rest, &field.column);
        let at = before.iter().fold(start.first.1.clone(), |at, hop| tables.follow_each(&at, hop));
        let cell = ground.cell(model.key_field());
        let outputs = vec![output(LINK, start.near, cell), output(&at, column, ground.cell(field))];
        let filter = shown(&ground, &mut tables, who, &start, field, &links.rows)?;
        let near = Expr::column(LINK, start.near);
        let select = Select { joins: tables.joins, outputs, filter, order, ..Select::from(start.table, LINK) };
        Ok(Linked { select, near, cell })
    }

    /// The question for rows with these keys.
    pub(crate) fn of(self, keys: &[Value]) -> Statement {
        let keys = keys.iter().map(|key| Arg { value: key.clone(), cell: self.cell }).collect();
        let filter = Cond::In(self.near, keys).and(self.select.filter);
        Statement::Select(Select { filter, ..self.select })
    }
}

impl<'p> Start<'p> {
    /// The rows that point here, or those of a join table, know whom they belong to; otherwise the rows themselves are
    /// asked once more.
    fn of(tables: &mut Tables<'_>, model: &'p Arc<Model>, hops: &'p [Hop]) -> Start<'p> {
        let key = &model.key_field().column;
        match hops.split_first() {
            Some((Hop::Back { to, to_column, column, .. }, rest)) if column == key => {
                Start { table: &to.table, near: to_column, first: (to.clone(), LINK.to_owned()), rest }
            }
            Some((Hop::Many { table, near, far, to, .. }, rest)) => {
                let alias = tables.join(LINK, far, &to.table, &to.key_field().column);
                Start { table, near, first: (to.clone(), alias), rest }
            }
            Some((hop, rest)) => {
                let alias = tables.follow_each(LINK, hop);
                Start { table: &model.table, near: key, first: (hop.to().clone(), alias), rest }
            }
            None => Start { table: &model.table, near: key, first: (model.clone(), LINK.to_owned()), rest: hops },
        }
    }
}

/// Which pairs are listed: of rows that somebody may know of, all along the way, and at its end those that were asked
/// for. Tables are joined only as far as there is anything to ask.
fn shown(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    who: Option<&Principal>,
    start: &Start<'_>,
    field: &Field,
    rows: &Filter,
) -> Result<Cond, BadQuery> {
    let end = match &field.kind {
        FieldKind::One { to, to_field, .. } => ground.schema().model(to).map(|to| Hop::One {
            column: field.column.clone(),
            to: to.clone(),
            to_column: path::target_column(to, to_field.as_deref()),
        }),
        _ => None,
    };
    let hops: Vec<&Hop> = start.rest.iter().chain(&end).collect();
    let models = || std::iter::once(&start.first.0).chain(hops.iter().map(|hop| hop.to()));
    let known = |model: &Arc<Model>| match (who, ground.site.resource(&model.key)) {
        (Some(who), Ok(resource)) => resource.admin.rows(who),
        _ => Filter::All,
    };
    let mut rules: Vec<Filter> = models().map(known).collect();
    if let Some(last) = rules.pop() {
        rules.push(last.and(rows.clone()));
    }
    let asked = rules.iter().rposition(|rule| *rule != Filter::All).map_or(0, |last| last + 1);
    let (mut all, mut alias) = (Cond::True, start.first.1.clone());
    for (at, (model, rule)) in models().zip(&rules).enumerate().take(asked) {
        if at > 0 {
            alias = tables.follow_each(&alias, hops[at - 1]);
        }
        all = all.and(filter::cond(ground, tables, model, &alias, rule, false)?);
    }
    Ok(all)
}

//! Names become columns, raw terms become values: after this, every name exists and every value has its type.

mod around;
mod calendar;
mod ends;
mod filter;
mod label;
mod many;
mod order;
mod search;
mod tables;
mod term;
mod unasked;
mod walk;

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::path::{self, Path};
use super::{BadQuery, Filter, Query, Window};
use crate::model::{Field, FieldKind, Model, Schema};
use crate::principal::Principal;
use crate::site::{Resource, Site};
use crate::store::spelling::spelling;
use crate::store::statement::{Cell, Cond, Expr, Output, Select, Sort};
use crate::store::{Dialect, Statement};
use crate::value::Value;

use self::tables::Tables;

pub(crate) use self::around::{Tally, choices};
pub(crate) use self::calendar::Calendar;
pub(crate) use self::ends::{Linked, ends_unasked, plan_ends};
pub(crate) use self::label::Labels;
pub(crate) use self::many::Pairs;
pub(crate) use self::search::{Hunt, hunt, source};
pub(crate) use self::unasked::{plan_any, plan_names, plan_own, plan_written};

/// The alias of the first table.
pub(crate) const ROOT: &str = "t";

/// The greatest offset that databases know.
const FARTHEST: u64 = i64::MAX.unsigned_abs();

/// What a plan stands on.
pub(crate) struct Ground<'a> {
    site: &'a Site,
    dialect: Dialect,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(site: &'a Site) -> Ground<'a> {
        Ground { site, dialect: site.store().dialect() }
    }

    fn schema(&self) -> &'a Schema {
        self.site.schema()
    }

    fn zone(&self) -> &'a TimeZone {
        self.site.zone()
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How a field's column is spelled.
    pub(crate) fn cell(&self, field: &Field) -> Cell {
        spelling(field, self.schema(), self.dialect)
    }

    /// The field that a relation's values are values of: the key it points to, however far.
    fn key_behind(&self, field: &'a Field) -> &'a Field {
        let mut at = field;
        for _ in 0..16 {
            let next = match &at.kind {
                FieldKind::One { to, to_field, .. } => self
                    .schema()
                    .model(to)
                    .and_then(|to| to_field.as_deref().map_or(Some(to.key_field()), |name| to.field(name))),
                FieldKind::Many { to, .. } => self.schema().model(to).map(|to| to.key_field()),
                _ => None,
            };
            let Some(next) = next else { return at };
            at = next;
        }
        at
    }

    /// Whether a path goes through a field that its model's admin hides, or that is secret.
    fn hides(&self, path: &Path) -> bool {
        path.passed.iter().any(|(model, field)| {
            let field = &model.fields[*field];
            field.secret || self.site.resource(&model.key).is_ok_and(|resource| resource.hides(&field.name))
        })
    }

    /// Refuses what somebody asks of a hidden field: for them it does not exist.
    fn refuse_hidden(&self, path: &Path, asked: &str) -> Result<(), BadQuery> {
        if self.hides(path) { Err(BadQuery::UnknownPath { path: asked.to_owned() }) } else { Ok(()) }
    }
}

/// A column as an output.
fn output(alias: &str, column: &str, cell: Cell) -> Output {
    Output { expr: Expr::column(alias, column), cell }
}

/// A query with every name found: the selects that answer it, and how their rows are read.
#[derive(Debug)]
pub struct Planned {
    pub(crate) model: Arc<Model>,
    /// All rows, in order, without a window.
    select: Select,
    /// How many of the joins the filter needs.
    filtering: usize,
    /// How many of the joins the filter and the order need.
    ordering: usize,
    /// Which field each of the first outputs is.
    pub(crate) slots: Vec<usize>,
    /// The many-to-many fields asked for.
    pub(crate) many: Vec<usize>,
    pub(crate) labels: Option<Labels>,
    /// The part of the rows that was asked for.
    pub(crate) window: Window,
    /// Whether all rows are to be counted.
    pub(crate) counts: bool,
    /// Whether an index has the order, so that it may be walked through.
    walks: bool,
}

impl Planned {
    /// The question how many rows there are.
    #[must_use]
    pub fn count(&self) -> Statement {
        let from = &self.select;
        Statement::Count(Select {
            joins: from.joins[..self.filtering].to_vec(),
            filter: from.filter.clone(),
            ..Select::from(&from.table, &from.alias)
        })
    }

    /// The question for a part of the rows.
    #[must_use]
    pub fn page(self: &Planned, window: Window) -> Select {
        let mut select = self.select.clone();
        // Databases count to the greatest signed number; nothing lies behind it.
        (select.limit, select.offset) = (window.limit, window.offset.min(FARTHEST));
        let key = &self.model.key_field().column;
        // Rows in the order of their keys need no sorting: the first ones are joined and nothing is wasted.
        let sorted = select.order.first().is_some_and(|sort| sort.expr == Expr::column(ROOT, key));
        let saves_joins = select.joins.len() > self.ordering && !sorted;
        if window.limit.is_some() && (window.offset > 0 || saves_joins) {
            select.keys_first = Some(key.clone());
        }
        select
    }

    /// The question for the part that was asked for, found and joined in one: for an order that costs much to compute.
    pub(crate) fn whole_page(&self) -> Select {
        Select { keys_first: None, ..self.page(self.window) }
    }

    /// The questions for the pairs of the many-to-many fields asked for.
    pub(crate) fn pairs(&self, site: &Site) -> Vec<Pairs> {
        let ground = Ground::new(site);
        self.many.iter().filter_map(|&at| Pairs::new(&ground, &self.model, at)).collect()
    }

    /// Where a row as the database gives it has its key.
    pub(crate) fn key_place(&self) -> Option<usize> {
        self.slots.iter().position(|&at| self.model.fields[at].name == self.model.primary_key)
    }

    /// The same part, read from the other end: the rows come in reverse.
    #[must_use]
    pub fn page_from_end(&self, window: Window, total: u64) -> Select {
        let left = total.saturating_sub(window.offset);
        let limit = window.limit.map_or(left, |limit| limit.min(left));
        let mut select = self.page(Window { offset: left - limit, limit: Some(limit) });
        for sort in &mut select.order {
            sort.descending = !sort.descending;
        }
        select
    }
}

/// Plans a query about a resource: the rows that somebody may know of, and of these the ones asked for.
///
/// # Errors
/// What the query names that does not exist, is hidden, or cannot be asked so.
pub fn plan(site: &Site, who: &Principal, resource: &Resource, query: &Query) -> Result<Planned, BadQuery> {
    let ground = Ground::new(site);
    let model = &resource.model;
    let mut tables = Tables::new(ROOT);
    let asked = Asked::of(&ground, &mut tables, who, resource, query)?;
    let shown = |field: &Field| !resource.hides(&field.name);
    let labelled = query.labels.then_some((&shown as &Shown<'_>, query.paths.as_slice()));
    let plan = outputs(&ground, tables, model, query.fields.as_deref(), labelled);
    Ok(plan.answering(&ground, asked, query))
}

/// Which rows a query is about, in which order.
struct Asked {
    filter: Cond,
    order: Vec<Sort>,
    filtering: usize,
}

impl Asked {
    fn of(
        ground: &Ground<'_>,
        tables: &mut Tables<'_>,
        who: &Principal,
        resource: &Resource,
        query: &Query,
    ) -> Result<Asked, BadQuery> {
        let model = &resource.model;
        let mut filter = filter::cond(ground, tables, model, ROOT, &resource.admin.rows(who), false)?;
        filter = filter.and(filter::cond(ground, tables, model, ROOT, &query.filter, false)?);
        if let Some(search) = &query.search {
            let search = Filter::Search(search.clone());
            filter = filter.and(filter::cond(ground, tables, model, ROOT, &search, false)?);
        }
        let filtering = tables.joins.len();
        let mut order = if query.order.is_empty() {
            order::sorts(ground, tables, model, &resource.ordering(), false)?
        } else {
            order::sorts(ground, tables, model, &query.order, true)?
        };
        if query.nulls_least {
            order.iter_mut().for_each(|sort| sort.nulls_least = may_be_null(model, &sort.expr));
        }
        Ok(Asked { filter, order, filtering })
    }
}

impl Planned {
    /// The plan with the rows, the order and the window of a query.
    fn answering(mut self, ground: &Ground<'_>, asked: Asked, query: &Query) -> Planned {
        (self.select.filter, self.select.order, self.filtering) = (asked.filter, asked.order, asked.filtering);
        (self.window, self.counts) = (query.window, query.count);
        let whole = matches!(self.model.key_field().kind, FieldKind::Auto(_) | FieldKind::Int { .. });
        let filtered = whole && ground.dialect() == Dialect::Sqlite && self.select.filter != Cond::True;
        self.walks = filtered && walk::has_order(&self.model, &self.select.order);
        self
    }
}

/// Whether what is sorted by may be null: a column of the model that never is keeps the order of its index.
fn may_be_null(model: &Model, expr: &Expr) -> bool {
    let Expr::Column(at) = expr else { return true };
    at.table != ROOT || model.columns().any(|field| field.column == at.column && field.null)
}

/// Which relations of a row come with the names of the rows they point to.
type Shown<'a> = dyn Fn(&Field) -> bool + 'a;

/// Adds the outputs: the fields asked for, and what the labels need.
fn outputs(
    ground: &Ground<'_>,
    mut tables: Tables<'_>,
    model: &Arc<Model>,
    fields: Option<&[String]>,
    labelled: Option<(&Shown<'_>, &[String])>,
) -> Planned {
    let ordering = tables.joins.len();
    let asked =
        |field: &Field| field.name == model.primary_key || fields.is_none_or(|fields| fields.contains(&field.name));
    let mut wanted: Vec<bool> = model.fields.iter().map(asked).collect();
    let labels = labelled.map(|(named, paths)| {
        let shown = |at: &usize| wanted[*at] && named(&model.fields[*at]);
        let shown: Vec<usize> = (0..model.fields.len()).filter(shown).collect();
        Labels::new(ground, &mut tables, model, &shown, paths)
    });
    for needed in labels.iter().flat_map(Labels::needs) {
        wanted[needed] = true;
    }
    let (slots, many): (Vec<usize>, Vec<usize>) =
        (0..wanted.len()).filter(|at| wanted[*at]).partition(|at| model.fields[*at].is_column());
    let own = slots.iter().map(|at| &model.fields[*at]);
    let mut outputs: Vec<Output> = own.map(|field| output(ROOT, &field.column, ground.cell(field))).collect();
    outputs.extend(labels.iter().flat_map(|labels| labels.outputs.iter().cloned()));
    let select = Select { joins: tables.joins, outputs, ..Select::from(&model.table, ROOT) };
    let window = Window { offset: 0, limit: None };
    Planned {
        model: model.clone(),
        select,
        filtering: 0,
        ordering,
        slots,
        many,
        labels,
        window,
        counts: false,
        walks: false,
    }
}

/// The condition that a filter means, for rows of a model under an alias; with the empty alias, for an update or a
/// delete. What needs other tables becomes `key IN (SELECT …)`.
///
/// # Errors
/// What the filter names that does not exist, is hidden, or cannot be asked so.
pub fn condition(site: &Site, model: &Arc<Model>, filter: &Filter, alias: &str) -> Result<Cond, BadQuery> {
    let ground = Ground::new(site);
    let mut near = Tables::new(alias);
    let cond = filter::cond(&ground, &mut near, model, alias, filter, false)?;
    if near.joins.is_empty() {
        return Ok(cond);
    }
    let key = &model.key_field().column;
    let mut tables = Tables::new(ROOT);
    let cond = filter::cond(&ground, &mut tables, model, ROOT, filter, false)?;
    let outputs = vec![output(ROOT, key, Cell::Any)];
    let select = Select { joins: tables.joins, outputs, filter: cond, ..Select::from(&model.table, ROOT) };
    Ok(Cond::InSelect(Expr::column(alias, key), Box::new(select)))
}

/// The labels of a model's rows, and the select that finds what they need in other tables, for rows with these keys;
/// `None` if the rows themselves have all of it.
pub(crate) fn labels(site: &Site, resource: &Resource, keys: Vec<Value>) -> (Labels, Option<Select>) {
    let model = &resource.model;
    let shown: Vec<usize> = (0..model.fields.len()).filter(|at| !resource.hides(&model.fields[*at].name)).collect();
    labels_of(site, model, &shown, keys)
}

/// The same for the rows of any model, with the names of the rows that these fields point to.
pub(crate) fn labels_of(
    site: &Site,
    model: &Arc<Model>,
    pointing: &[usize],
    keys: Vec<Value>,
) -> (Labels, Option<Select>) {
    let ground = Ground::new(site);
    let mut tables = Tables::new(ROOT);
    let labels = Labels::new(&ground, &mut tables, model, pointing, &[]);
    if labels.outputs.is_empty() {
        return (labels, None);
    }
    let key = model.key_field();
    let cell = ground.cell(key);
    let mut outputs = vec![output(ROOT, &key.column, cell)];
    outputs.extend(labels.outputs.iter().cloned());
    let keys = keys.into_iter().map(|value| crate::store::statement::Arg { value, cell }).collect();
    let filter = Cond::In(Expr::column(ROOT, &key.column), keys);
    let select = Select { joins: tables.joins, outputs, filter, ..Select::from(&model.table, ROOT) };
    (labels, Some(select))
}

/// The value of a row's key as somebody sent it; `None` if no row can have it.
pub(crate) fn key(site: &Site, model: &Arc<Model>, raw: &crate::value::Raw) -> Option<Value> {
    term::key(&Ground::new(site), model.key_field(), raw)
}

/// A column of a resource's own table and its spelling.
pub(crate) fn column(site: &Site, resource: &Resource, name: &str) -> Result<(Expr, Cell), BadQuery> {
    let unknown = || BadQuery::UnknownPath { path: name.to_owned() };
    let ground = Ground::new(site);
    let path = path::resolve(site.schema(), &resource.model, name)?;
    ground.refuse_hidden(&path, name)?;
    if !path.hops.is_empty() || !path.field().is_column() {
        return Err(unknown());
    }
    Ok((Expr::column(ROOT, &path.field().column), ground.cell(path.field())))
}

//! Every row of a model, page by page: however many there are, in the memory of one page.

use std::sync::Arc;

use super::Which;
use super::act::selected;
use super::list::{number, whole};
use crate::context::Context;
use crate::error::Result;
use crate::model::{Field, Model, ModelKey, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::plan::{self, Planned};
use crate::query::{BadQuery, Filter, Op, Query, Term, Window, field};
use crate::site::Resource;
use crate::store::Statement;
use crate::value::Value;

/// So many rows are read in one trip: few enough to be still in the processor's cache when they are written.
const PAGE: u64 = 250;

/// Rows on their way out, in the order of their keys. Each page goes on behind the last key of the one before, so that
/// the last page costs what the first one did.
#[derive(Debug)]
pub struct Export {
    model: Arc<Model>,
    /// The positions of the fields, in the order in which they were asked for.
    fields: Vec<usize>,
    names: Vec<String>,
    filter: Filter,
    after: Option<Value>,
    done: bool,
}

/// Prepares an export of the rows that are meant, of those that who asks may know of: these fields in this order, or
/// every column where none is named. Hidden fields are not there for it. A snapshot ([`crate::Site::snapshot`]) is what
/// pages are to be read in, or rows that change meanwhile may come twice under two keys, or not at all.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown model, [`crate::Error::Forbidden`], [`crate::Error::BadQuery`] for a field
/// that is not there or hidden.
pub fn export(cx: &Context, model: &ModelKey, which: Which, fields: &[String]) -> Result<Export> {
    let site = cx.site();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let filter = resource.admin.rows(cx.who()).and(selected(site, resource, which)?);
    let fields = places(resource, fields)?;
    let names = fields.iter().map(|at| resource.model.fields[*at].name.clone()).collect();
    Ok(Export { model: resource.model.clone(), fields, names, filter, after: None, done: false })
}

/// The positions of the fields named, or of every column that may be shown.
fn places(resource: &Resource, names: &[String]) -> Result<Vec<usize>> {
    let model = &resource.model;
    if names.is_empty() {
        let shown = |at: &usize| model.fields[*at].is_column() && !resource.hides(&model.fields[*at].name);
        return Ok((0..model.fields.len()).filter(shown).collect());
    }
    let place = |name: &String| {
        let found = model.fields.iter().position(|field| field.name == *name).filter(|_| !resource.hides(name));
        found.ok_or_else(|| BadQuery::UnknownPath { path: name.clone() }.into())
    };
    names.iter().map(place).collect()
}

impl Export {
    /// The fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().map(|at| &self.model.fields[*at])
    }

    /// A row's values of these fields, in order.
    pub fn values<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = &'r Value> {
        self.fields.iter().map(|at| &row.values[*at])
    }

    /// How many rows there are in all: a question of its own, for those who want to say how far they are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count(&self, cx: &mut Context) -> Result<u64> {
        let plan = self.plan(cx, self.filter.clone())?;
        number(&cx.run_one(plan.count()).await?)
    }

    /// The question for the first of the rows that a filter lets through.
    fn plan(&self, cx: &Context, filter: Filter) -> Result<Planned, BadQuery> {
        let window = Window { offset: 0, limit: Some(PAGE) };
        let fields = Some(self.names.clone());
        let query = Query { filter, fields, window, labels: false, ..Query::all(self.model.key.clone()) };
        plan::plan_own(cx.site(), &self.model, &query)
    }

    /// The next rows; none when all have been given.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self, cx: &mut Context) -> Result<Vec<Row>> {
        if self.done {
            return Ok(Vec::new());
        }
        let site = cx.site().clone();
        let behind = match &self.after {
            Some(key) => field("pk").test(Op::Gt, Term::Value(key.clone())),
            None => Filter::All,
        };
        let plan = self.plan(cx, self.filter.clone().and(behind))?;
        let page = Statement::Select(plan.page(plan.window));
        let (_, (rows, _)) = whole(cx, &site, &plan, vec![page]).await?;
        self.done = (rows.len() as u64) < PAGE;
        self.after = rows.last().map(|row| row.key().clone());
        Ok(rows)
    }
}

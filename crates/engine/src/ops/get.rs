//! One row by its key, and rows for those who write.

use std::sync::Arc;

use crate::context::Context;
use crate::error::{Error, Missing, Result};
use crate::model::{Model, ModelKey, Record, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::plan::{self, Planned};
use crate::query::{Filter, Op, Query, Term, Window, field};
use crate::site::Resource;
use crate::store::Statement;
use crate::value::{Raw, Value};

use super::list::{self, EVERYTHING};

/// The row with this key, if who asks may know of it.
///
/// # Errors
/// [`Error::NotFound`] for an unknown model, a key that no row has or can have, and a row that is not to be seen;
/// [`Error::Forbidden`].
pub async fn get(cx: &mut Context, model: &ModelKey, key: &Raw) -> Result<Record> {
    let site = cx.site().clone();
    let resource = site.resource(model)?;
    permit::ask(cx, resource, Verb::View, None)?;
    let key = plan::key(&site, &resource.model, key).ok_or(Error::NotFound(Missing::Row))?;
    let filter = field("pk").test(Op::Is, Term::Value(key.clone()));
    let query = Query { filter, window: Window { offset: 0, limit: Some(1) }, ..Query::all(model.clone()) };
    let plan = plan::plan(&site, cx.who(), resource, &query)?;
    let keys = [key];
    let pairs = plan.pairs(&site);
    let fields: Vec<usize> = pairs.iter().map(|pairs| pairs.field).collect();
    let mut batch = vec![Statement::Select(plan.page(EVERYTHING))];
    batch.extend(pairs.into_iter().map(|pairs| pairs.of(&keys)));
    let mut answers = cx.run(batch).await?.into_iter();
    let (mut rows, beside) = plan.rows(answers.next().unwrap_or_default().rows);
    list::settle_keys(&mut rows, &keys, &fields, answers.collect());
    let record = list::records(resource, &plan, (rows, beside)).pop().ok_or(Error::NotFound(Missing::Row))?;
    permit::ask(cx, resource, Verb::View, Some(&record.row))?;
    Ok(record)
}

/// The rows of a resource that who asks may know of and a filter lets through, complete with many-to-many keys, in
/// the order of their keys. Asks for no verb: that is the caller's duty. With `lock` nobody changes them meanwhile.
///
/// # Errors
/// [`Error::BadQuery`], and what the database says.
pub async fn fetch(cx: &mut Context, resource: &Resource, filter: Filter, lock: bool) -> Result<Vec<Row>> {
    let filter = resource.admin.rows(cx.who()).and(filter);
    fetch_any(cx, &resource.model, &filter, lock).await
}

/// The rows of a model that a filter lets through, whoever asks: for what the engine does by itself.
///
/// # Errors
/// [`Error::BadQuery`], and what the database says.
pub async fn fetch_any(cx: &mut Context, model: &Arc<Model>, filter: &Filter, lock: bool) -> Result<Vec<Row>> {
    let site = cx.site().clone();
    let plan = plan::plan_any(&site, model, filter)?;
    let mut select = plan.page(EVERYTHING);
    select.lock = lock;
    let (_, (rows, _)) = list::whole(cx, &site, &plan, vec![Statement::Select(select)]).await?;
    Ok(rows)
}

impl Planned {
    /// Rows as the database gave them, parted into the fields of the model and what was read beside them.
    pub(super) fn rows(&self, raw: Vec<Vec<Value>>) -> (Vec<Row>, Vec<Vec<Value>>) {
        let in_place = self.slots.iter().copied().eq(0..self.slots.len());
        // Where each field stands in a raw row.
        let places: Vec<Option<usize>> =
            (0..self.model.fields.len()).map(|field| self.slots.iter().position(|slot| *slot == field)).collect();
        let row = |mut raw: Vec<Value>| {
            let beside = raw.split_off(self.slots.len().min(raw.len()));
            let values = if in_place {
                raw.resize(self.model.fields.len(), Value::Null);
                raw
            } else {
                let mut take = |place: usize| raw.get_mut(place).map(|value| std::mem::replace(value, Value::Null));
                places.iter().map(|place| place.and_then(&mut take).unwrap_or(Value::Null)).collect()
            };
            (Row { model: self.model.clone(), values }, beside)
        };
        raw.into_iter().map(row).unzip()
    }
}

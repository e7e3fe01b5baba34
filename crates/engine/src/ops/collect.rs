//! What goes with rows that go: Django's collector over the schema, asked for in batches of keys and never row by row.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;

use super::rows;
use crate::context::Context;
use crate::error::Result;
use crate::model::{FieldKind, Model, ModelKey, OnDelete, Reverse, Row};
use crate::value::Value;

/// Rows of one model, each once.
#[derive(Debug, Clone)]
pub struct Part {
    model: Arc<Model>,
    rows: Vec<Row>,
    seen: HashSet<String>,
}

impl Part {
    fn of(model: &Arc<Model>) -> Part {
        Part { model: model.clone(), rows: Vec::new(), seen: HashSet::new() }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The rows, as first met. Those of a many-to-many's own table have no key, only the two ends.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Adds the rows that are new, and tells where they are.
    fn add(&mut self, rows: Vec<Row>) -> Range<usize> {
        let start = self.rows.len();
        for row in rows {
            if identity(&row).is_none_or(|identity| self.seen.insert(identity)) {
                self.rows.push(row);
            }
        }
        start..self.rows.len()
    }

    fn leave_out(&mut self, others: &HashSet<String>) {
        self.seen.retain(|known| !others.contains(known));
        self.rows.retain(|row| identity(row).is_none_or(|identity| !others.contains(&identity)));
    }
}

/// Rows that stay and get another value: their foreign keys pointed to rows that go.
#[derive(Debug, Clone)]
pub(super) struct Cleared {
    pub(super) model: Arc<Model>,
    /// The foreign key's position.
    pub(super) field: usize,
    /// What it pointed to.
    pub(super) pointed: Vec<Value>,
    pub(super) to: Value,
}

/// Everything that a delete meets.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Rows that go, the asked ones first, then as first met.
    pub(super) going: IndexMap<ModelKey, Part>,
    /// The models of the rows below the asked ones, as first met.
    pub(super) met: Vec<ModelKey>,
    pub(super) cleared: Vec<Cleared>,
    /// Rows that refuse.
    pub(super) refusing: IndexMap<ModelKey, Part>,
    /// Rows that refuse unless they go as well.
    restricting: IndexMap<ModelKey, Part>,
}

/// Rows whose relations are being followed.
struct Frame {
    model: Arc<Model>,
    rows: Range<usize>,
    /// The next relation to follow.
    next: usize,
}

/// Follows every relation against its direction from the given rows: depth first by model, a batch of keys a question.
/// Rows below protected ones are not followed.
pub(super) async fn collect(cx: &mut Context, model: &Arc<Model>, rows: Vec<Row>) -> Result<Collected> {
    let site = cx.site().clone();
    let schema = site.schema();
    let mut found = Collected::default();
    if rows.is_empty() {
        return Ok(found);
    }
    let range = add(&mut found.going, model, rows);
    let mut stack = vec![Frame { model: model.clone(), rows: range, next: 0 }];
    while let Some(frame) = stack.last_mut() {
        let Some(relation) = schema.reverse(&frame.model.key).get(frame.next) else {
            stack.pop();
            continue;
        };
        frame.next += 1;
        let keys = keys_pointed_to(relation, &found.going[&frame.model.key].rows[frame.rows.clone()]);
        if let Some(deeper) = follow(cx, relation, keys, &mut found).await? {
            stack.push(deeper);
        }
    }
    spare_restricted(&mut found);
    Ok(found)
}

/// Does what a relation says with the rows that point to these keys; gives the rows to go on with.
async fn follow(
    cx: &mut Context,
    relation: &Reverse,
    keys: Vec<Value>,
    found: &mut Collected,
) -> Result<Option<Frame>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let model = &relation.model;
    match relation.on_delete {
        OnDelete::DoNothing => {}
        OnDelete::SetNull | OnDelete::SetDefault => found.cleared.push(cleared(cx, relation, keys)),
        OnDelete::Protect => drop(add(&mut found.refusing, model, rows::pointing(cx, relation, keys).await?)),
        OnDelete::Restrict => drop(add(&mut found.restricting, model, rows::pointing(cx, relation, keys).await?)),
        OnDelete::Cascade => {
            let range = add(&mut found.going, model, rows::pointing(cx, relation, keys).await?);
            if !range.is_empty() {
                if !found.met.contains(&model.key) {
                    found.met.push(model.key.clone());
                }
                return Ok(Some(Frame { model: model.clone(), rows: range, next: 0 }));
            }
        }
    }
    Ok(None)
}

fn add(parts: &mut IndexMap<ModelKey, Part>, model: &Arc<Model>, rows: Vec<Row>) -> Range<usize> {
    if rows.is_empty() && !parts.contains_key(&model.key) {
        return 0..0;
    }
    parts.entry(model.key.clone()).or_insert_with(|| Part::of(model)).add(rows)
}

fn cleared(cx: &Context, relation: &Reverse, pointed: Vec<Value>) -> Cleared {
    let default = || relation.field().initial_value(cx.now(), cx.site().zone());
    let to = if relation.on_delete == OnDelete::SetDefault { default() } else { None }.unwrap_or(Value::Null);
    Cleared { model: relation.model.clone(), field: relation.field, pointed, to }
}

/// Rows that restrict and go for another reason do not refuse; the others do.
fn spare_restricted(found: &mut Collected) {
    let restricting = std::mem::take(&mut found.restricting);
    for (key, mut part) in restricting {
        if let Some(going) = found.going.get(&key) {
            part.leave_out(&going.seen);
        }
        add(&mut found.refusing, &part.model.clone(), part.rows);
    }
}

/// The values that a relation may point to in these rows.
fn keys_pointed_to(relation: &Reverse, rows: &[Row]) -> Vec<Value> {
    let FieldKind::One { to_field, .. } = &relation.field().kind else { return Vec::new() };
    let value = |row: &Row| match to_field {
        Some(name) => row.get(name).clone(),
        None => row.key().clone(),
    };
    rows.iter().map(value).filter(|value| !value.is_null()).collect()
}

/// What tells a row from others of its model: its key; in a many-to-many's own table, which may have no key of its
/// own, the two ends. With one end only, rows are met once and need no telling apart.
fn identity(row: &Row) -> Option<String> {
    if !row.model.auto_made {
        return Some(format!("{:?}", row.key()));
    }
    let both_ends = row.model.columns().filter(|field| field.target().is_some()).count() > 1;
    both_ends.then(|| format!("{:?}", row.values))
}

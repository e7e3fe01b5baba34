//! The pairs of many-to-many relations: a new set is stored as the difference to the old one.

use super::rows::{self, CHUNK};
use crate::context::Context;
use crate::form::Clean;
use crate::model::{Field, FieldKind, Model, Through};
use crate::store::statement::{Arg, Cond, Delete, Expr, Insert, Statement};
use crate::store::{Cell, StoreError};
use crate::value::Value;

/// Stores the many-to-many sets that a form has cleared for the row of a key.
pub(super) async fn replace(cx: &mut Context, model: &Model, key: &Value, clean: &Clean) -> Result<(), StoreError> {
    let mut batch = Vec::new();
    for field in model.many() {
        if let Some(Value::Keys(wanted)) = clean.values.get(&field.name)
            && let Some(pairs) = Pairs::of(cx, model, field, key)
        {
            let had = clean.before.as_ref().filter(|_| !clean.is_copy()).map(|row| row.get(&field.name));
            let had = if let Some(Value::Keys(had)) = had { had.as_slice() } else { &[] };
            batch.extend(pairs.difference(had, wanted));
        }
    }
    if !batch.is_empty() {
        cx.run(batch).await?;
    }
    Ok(())
}

/// The pairs of one row in one join table.
struct Pairs<'a> {
    through: &'a Through,
    near: Arg,
    far: Cell,
}

impl<'a> Pairs<'a> {
    /// `None` for a join table with a model of its own, whose rows have more to say than two keys.
    fn of(cx: &Context, model: &Model, field: &'a Field, key: &Value) -> Option<Pairs<'a>> {
        let FieldKind::Many { through, .. } = &field.kind else { return None };
        let near = rows::arg(cx, model.key_field(), key.clone());
        through.model.is_none().then(|| Pairs { through, near, far: rows::cell(cx, field) })
    }

    fn difference(&self, had: &[Value], wanted: &[Value]) -> Vec<Statement> {
        let gone: Vec<Value> = had.iter().filter(|key| !wanted.contains(key)).cloned().collect();
        let mut batch: Vec<Statement> = gone.chunks(CHUNK).flat_map(|gone| self.removals(gone)).collect();
        let new = wanted.iter().enumerate().filter(|(at, key)| !had.contains(key) && !wanted[..*at].contains(key));
        batch.extend(new.flat_map(|(_, key)| self.additions(key)));
        batch
    }

    fn removals(&self, gone: &[Value]) -> Vec<Statement> {
        let Through { near, far, symmetrical, .. } = self.through;
        let gone: Vec<Arg> = gone.iter().map(|key| self.arg(key)).collect();
        let removal = |mine: &str, theirs: &str| {
            let mine = Cond::is(Expr::column("", mine), self.near.value.clone(), self.near.cell);
            let filter = mine.and(Cond::In(Expr::column("", theirs), gone.clone()));
            Statement::Delete(Delete { table: self.through.table.clone(), filter })
        };
        let mut removals = vec![removal(near, far)];
        if *symmetrical {
            removals.push(removal(far, near));
        }
        removals
    }

    fn additions(&self, key: &Value) -> Vec<Statement> {
        let Through { near, far, symmetrical, .. } = self.through;
        let addition = |mine: &str, theirs: &str| {
            let values = vec![(mine.to_owned(), self.near.clone()), (theirs.to_owned(), self.arg(key))];
            Statement::Insert(Insert {
                table: self.through.table.clone(),
                values,
                or_ignore: true,
                ..Insert::default()
            })
        };
        let mut additions = vec![addition(near, far)];
        if *symmetrical && *key != self.near.value {
            additions.push(addition(far, near));
        }
        additions
    }

    fn arg(&self, key: &Value) -> Arg {
        Arg { value: key.clone(), cell: self.far }
    }
}

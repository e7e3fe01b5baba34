//! The table that is fed: which of its fields are filled, how its rows are found again, and how they are written.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{Content, Feed, Part, Source, empty, fit, valued};
use crate::error::{Error, Missing, Result};
use crate::model::{Field, FieldKind, Model, Stamp};
use crate::query::{Filter, field};
use crate::search::SearchIndex;
use crate::site::Site;
use crate::store::statement::{Arg, Cond, Delete, Expr, Insert, Output, Select, Update};
use crate::store::{Cell, Statement, spelling};
use crate::value::Value;

/// The table that is fed. Its rows are values of the filled fields, in their order.
pub(super) struct Target {
    pub(super) model: Arc<Model>,
    /// The filled fields: where each is in the model, and the kind of its values.
    fed: Vec<(usize, FieldKind)>,
    /// The names of the filled fields.
    pub(super) names: Vec<String>,
    /// Which of the filled fields are the key.
    key: Vec<usize>,
    created: Vec<usize>,
    modified: Vec<usize>,
    cells: Vec<Cell>,
    zone: TimeZone,
}

/// A row of the table that is fed.
pub(super) struct Kept {
    pub(super) key: Value,
    pub(super) values: Vec<Value>,
}

/// The text of a key: values of one field are of one kind, so it tells them apart.
pub(super) type KeyText = Vec<String>;

impl Target {
    pub(super) fn of(site: &Site, index: &SearchIndex, feed: &Feed) -> Result<Target> {
        let model = site.schema().model(&index.model).ok_or(Error::NotFound(Missing::Model))?.clone();
        let place = |name: &str| model.fields.iter().position(|field| field.name == name);
        let unknown = |name: &str| Error::internal(format!("{} has no field '{name}'", model.key));
        let mut fed = Vec::new();
        for name in feed.fields() {
            let at = place(name).ok_or_else(|| unknown(name))?;
            fed.push((at, valued(site.schema(), &model.fields[at]).clone()));
        }
        let names: Vec<String> = fed.iter().map(|(at, _)| model.fields[*at].name.clone()).collect();
        let in_key = |name: &String| names.iter().position(|known| known == name).ok_or_else(|| unknown(name));
        let key = feed.key.iter().map(in_key).collect::<Result<_>>()?;
        let stamps = |said: &Option<String>, stamp: Stamp| match said {
            Some(name) => place(name).into_iter().collect(),
            None => (0..model.fields.len()).filter(|at| model.fields[*at].stamp == Some(stamp)).collect::<Vec<_>>(),
        };
        let (created, modified) = (stamps(&feed.created, Stamp::Created), stamps(&feed.modified, Stamp::Saved));
        let spelled = |field: &Field| spelling(field, site.schema(), site.store().dialect());
        let cells = model.fields.iter().map(spelled).collect();
        Ok(Target { fed, names, key, created, modified, cells, zone: site.zone().clone(), model: model.clone() })
    }

    /// The names of the fields of the key.
    pub(super) fn key_names(&self) -> Vec<String> {
        self.key.iter().map(|at| self.names[*at].clone()).collect()
    }

    /// The key of a row, and its text; `None` for a row without.
    pub(super) fn key_of(&self, values: &[Value]) -> Option<(Vec<Value>, KeyText)> {
        let key: Vec<Value> = self.key.iter().filter_map(|at| values.get(*at)).cloned().collect();
        let text = text_of(&key)?;
        Some((key, text))
    }

    /// What a field of the key becomes here; `None` for what no row can be found by.
    pub(super) fn key_value(&self, at: usize, value: Value) -> Option<Value> {
        let given = value.to_string();
        let fitted = fit(&self.fed[self.key[at]].1, value)?;
        (!fitted.is_null() && fitted.to_string() == given).then_some(fitted)
    }

    /// A row as a source fills it, with what it reads; `None` if it cannot be put here.
    pub(super) fn filled(&self, source: &Source, read: impl Fn(&str, &Content) -> Value) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(self.fed.len());
        for (place, ((at, kind), name)) in self.fed.iter().zip(&self.names).enumerate() {
            let field = &self.model.fields[*at];
            let Some(content) = source.content(name) else {
                values.push(empty(field, kind)?);
                continue;
            };
            let value = read(name, content);
            let value = match self.key.iter().position(|known| *known == place) {
                Some(in_key) => self.key_value(in_key, value)?,
                None => fit(kind, value)?,
            };
            values.push(if value.is_null() && !field.null { empty(field, kind)? } else { value });
        }
        Some(values)
    }

    /// The filled fields that another row would change, never the primary key.
    pub(super) fn changes(&self, kept: &[Value], new: &[Value]) -> Vec<usize> {
        let pairs = kept.iter().zip(new).enumerate();
        let other = pairs.filter(|(_, (kept, new))| !super::fit::is_same(kept, new)).map(|(at, _)| at);
        other.filter(|at| self.model.fields[self.fed[*at].0].name != self.model.primary_key).collect()
    }

    fn arg(&self, at: usize, value: Value) -> Arg {
        Arg { value, cell: self.cells[at] }
    }

    fn key_place(&self) -> usize {
        self.model.fields.iter().position(|field| field.name == self.model.primary_key).unwrap_or_default()
    }

    /// Makes a row different, and says when.
    pub(super) fn update(&self, kept: &Value, new: &[Value], changes: &[usize], now: Timestamp) -> Statement {
        let set = |at: usize, value: Value| (self.model.fields[at].column.clone(), Expr::Arg(self.arg(at, value)));
        let mut all: Vec<_> = changes.iter().map(|at| set(self.fed[*at].0, new[*at].clone())).collect();
        all.extend(self.modified.iter().map(|at| set(*at, self.model.fields[*at].moment(now, &self.zone))));
        let key = self.key_place();
        let filter = Cond::is(Expr::column("", &self.model.fields[key].column), kept.clone(), self.cells[key]);
        Statement::Update(Update { table: self.model.table.clone(), set: all, filter })
    }

    /// Makes a row. Where the database gives no numbers to rows, it has this one.
    pub(super) fn insert(&self, new: &[Value], number: Option<i64>, now: Timestamp) -> Statement {
        let mut values = Vec::new();
        for (at, field) in self.model.fields.iter().enumerate().filter(|(_, field)| field.is_column()) {
            let fed = self.fed.iter().position(|(fed, _)| *fed == at);
            let value = match fed {
                Some(fed) => Some(new[fed].clone()),
                None if self.created.contains(&at) || self.modified.contains(&at) => {
                    Some(field.moment(now, &self.zone))
                }
                None if field.name == self.model.primary_key => self.new_key(field, number, now),
                None => self.unfed(field, now),
            };
            values.extend(value.map(|value| (field.column.clone(), self.arg(at, value))));
        }
        Statement::Insert(Insert { table: self.model.table.clone(), values, ..Insert::default() })
    }

    fn new_key(&self, field: &Field, number: Option<i64>, now: Timestamp) -> Option<Value> {
        let initial = || field.initial_value(now, &self.zone);
        let random = || (field.kind == FieldKind::Uuid).then(|| Value::Uuid(Uuid::new_v4()));
        number.map(Value::Int).or_else(initial).or_else(random)
    }

    /// What a field begins with that the feed leaves alone; `None` leaves it to the database.
    fn unfed(&self, field: &Field, now: Timestamp) -> Option<Value> {
        if field.stamp.is_some() {
            return Some(field.moment(now, &self.zone));
        }
        field.initial_value(now, &self.zone).or_else(|| empty(field, &field.kind).filter(|value| !value.is_null()))
    }

    /// Removes the rows of these keys.
    pub(super) fn delete(&self, keys: &[Value]) -> Statement {
        let key = self.key_place();
        let keys = keys.iter().map(|value| self.arg(key, value.clone())).collect();
        let filter = Cond::In(Expr::column("", &self.model.fields[key].column), keys);
        Statement::Delete(Delete { table: self.model.table.clone(), filter })
    }

    /// The question for the greatest number of a row, where the database does not number them.
    pub(super) fn last_number(&self) -> Option<Statement> {
        let key = self.model.key_field();
        let is_fed = self.names.contains(&key.name);
        if is_fed || !matches!(key.kind, FieldKind::Int { .. }) || key.initial.is_some() {
            return None;
        }
        let greatest = Expr::Max(Box::new(Expr::column("t", &key.column)));
        let outputs = vec![Output { expr: greatest, cell: Cell::Int }];
        Some(Statement::Select(Select { outputs, ..Select::from(&self.model.table, "t") }))
    }
}

/// What a source has in the fields of the key.
pub(super) struct SourceKey {
    /// What is the same for all of its rows, by its place in the key.
    constants: Vec<(usize, Value)>,
    /// What differs, by its place in the key, with the paths that lead to it.
    pub(super) paths: Vec<(usize, String)>,
}

impl SourceKey {
    pub(super) fn of(target: &Target, source: &Source) -> SourceKey {
        let (mut constants, mut paths) = (Vec::new(), Vec::new());
        for (at, name) in target.key_names().iter().enumerate() {
            match source.content(name) {
                Some(Content::Constant(value)) => {
                    constants.extend(target.key_value(at, value.clone()).map(|value| (at, value)));
                }
                Some(Content::Part(Part::Path(path))) => paths.push((at, path.clone())),
                _ => {}
            }
        }
        SourceKey { constants, paths }
    }

    /// Whether a row with this key can be one of the source's.
    pub(super) fn is_of(&self, key: &[Value]) -> bool {
        self.constants.iter().all(|(at, value)| key.get(*at) == Some(value))
    }

    /// The key that a row of the source has, from the ends of its paths.
    pub(super) fn text(&self, target: &Target, ends: Vec<Value>) -> Option<KeyText> {
        let mut key = vec![Value::Null; self.constants.len() + self.paths.len()];
        for (at, value) in &self.constants {
            *key.get_mut(*at)? = value.clone();
        }
        for ((at, _), value) in self.paths.iter().zip(ends) {
            *key.get_mut(*at)? = target.key_value(*at, value)?;
        }
        text_of(&key)
    }

    /// The rows of the source that have one of these keys.
    pub(super) fn rows(&self, keys: &[Vec<Value>]) -> Filter {
        let names: Vec<String> = self.paths.iter().map(|(_, path)| path.clone()).collect();
        let own = |key: &Vec<Value>| self.paths.iter().map(|(at, _)| key[*at].clone()).collect();
        matching(&names, &keys.iter().map(own).collect::<Vec<_>>())
    }
}

/// The text of a key without nulls.
pub(super) fn text_of(key: &[Value]) -> Option<KeyText> {
    (!key.iter().any(Value::is_null)).then(|| key.iter().map(Value::to_string).collect())
}

/// The rows in which these fields have the values of one of these rows.
pub(super) fn matching(names: &[String], rows: &[Vec<Value>]) -> Filter {
    let Some(first) = rows.first() else { return Filter::Nothing };
    let differs = |at: &usize| rows.iter().any(|row| row[*at] != first[*at]);
    let differing: Vec<usize> = (0..names.len()).filter(differs).collect();
    let fixed = (0..names.len()).filter(|at| !differing.contains(at)).map(|at| field(&names[at]).is(first[at].clone()));
    let fixed = fixed.fold(Filter::All, Filter::and);
    match differing.as_slice() {
        [] => fixed,
        [one] => fixed.and(field(&names[*one]).is_in(rows.iter().map(|row| row[*one].clone()).collect())),
        several => {
            let tests = |row: &Vec<Value>| several.iter().map(|at| field(&names[*at]).is(row[*at].clone())).collect();
            fixed.and(Filter::Or(rows.iter().map(|row| Filter::And(tests(row))).collect()))
        }
    }
}

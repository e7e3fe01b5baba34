//! `category__name`: a path across relations, parsed and resolved against the schema.

use std::sync::Arc;

use crate::model::{Field, FieldKind, Model, Schema};
use crate::query::BadQuery;

/// One step of a path.
#[derive(Debug, Clone)]
pub enum Hop {
    /// Along a foreign key of the model at hand.
    One {
        /// The foreign key's column.
        column: String,
        /// The model arrived at.
        to: Arc<Model>,
        /// The column arrived at.
        to_column: String,
    },
    /// Against a foreign key of another model: several rows may be reached.
    Back {
        /// The model arrived at.
        to: Arc<Model>,
        /// Its foreign key's column.
        to_column: String,
        /// The column pointed to.
        column: String,
        /// Whether at most one row is reached (a one-to-one relation).
        single: bool,
    },
    /// Across a join table: several rows may be reached.
    Many {
        /// The key's column of the model at hand.
        column: String,
        /// The join table.
        table: String,
        /// Its column that points here.
        near: String,
        /// Its column that points there.
        far: String,
        /// The model arrived at.
        to: Arc<Model>,
    },
}

/// A path resolved: hops, and the field at the end.
#[derive(Debug, Clone)]
pub struct Path {
    /// The hops, in order.
    pub hops: Vec<Hop>,
    /// The model of the last field.
    pub model: Arc<Model>,
    /// The last field's position in that model.
    pub field: usize,
    /// Every field the path goes through, the last one included: its model, and its position there.
    pub passed: Vec<(Arc<Model>, usize)>,
}

impl Hop {
    /// The model arrived at.
    #[must_use]
    pub fn to(&self) -> &Arc<Model> {
        match self {
            Hop::One { to, .. } | Hop::Back { to, .. } | Hop::Many { to, .. } => to,
        }
    }

    /// Whether several rows may be reached.
    #[must_use]
    pub fn repeats(&self) -> bool {
        matches!(self, Hop::Many { .. } | Hop::Back { single: false, .. })
    }
}

impl Path {
    /// The last field.
    #[must_use]
    pub fn field(&self) -> &Field {
        &self.model.fields[self.field]
    }

    /// Whether one row may be reached several times.
    #[must_use]
    pub fn repeats(&self) -> bool {
        self.hops.iter().any(Hop::repeats)
    }
}

/// Resolves a path: relations by name (also from their far end, by the model's lower-case name or the relation's
/// related name), `pk` for the primary key, the field at the end.
///
/// # Errors
/// [`BadQuery::UnknownPath`] if a part names nothing.
pub fn resolve(schema: &Schema, model: &Arc<Model>, path: &str) -> Result<Path, BadQuery> {
    let unknown = || BadQuery::UnknownPath { path: path.to_owned() };
    let mut at = model.clone();
    let (mut hops, mut passed) = (Vec::new(), Vec::new());
    let mut parts = path.split("__").peekable();
    loop {
        let part = parts.next().ok_or_else(unknown)?;
        let last = parts.peek().is_none();
        let name = if part == "pk" { at.primary_key.as_str() } else { part };
        if last && let Some(field) = position(&at, name) {
            if at.fields[field].target().is_some_and(|to| schema.model(to).is_none()) {
                return Err(unknown());
            }
            passed.push((at.clone(), field));
            return Ok(Path { hops, model: at, field, passed });
        }
        let (hop, over) = hop(schema, &at, name).ok_or_else(unknown)?;
        passed.push(over);
        at = hop.to().clone();
        hops.push(hop);
        if last {
            let field = position(&at, &at.primary_key).ok_or_else(unknown)?;
            passed.push((at.clone(), field));
            return Ok(Path { hops, model: at, field, passed });
        }
    }
}

fn position(model: &Model, name: &str) -> Option<usize> {
    model.fields.iter().position(|field| field.name == name)
}

/// The hop that a name stands for, and the field that it goes over.
fn hop(schema: &Schema, model: &Arc<Model>, name: &str) -> Option<(Hop, (Arc<Model>, usize))> {
    let Some(at) = position(model, name) else { return hop_back(schema, model, name) };
    let over = (model.clone(), at);
    let field = &model.fields[at];
    match &field.kind {
        FieldKind::One { to, to_field, .. } => {
            let to = schema.model(to)?.clone();
            let to_column = target_column(&to, to_field.as_deref());
            Some((Hop::One { column: field.column.clone(), to, to_column }, over))
        }
        FieldKind::Many { .. } => Some((hop_over(schema, model, field)?, over)),
        _ => None,
    }
}

/// The hop across the join table of a many-to-many field.
#[must_use]
pub fn hop_over(schema: &Schema, model: &Model, field: &Field) -> Option<Hop> {
    let FieldKind::Many { to, through } = &field.kind else { return None };
    Some(Hop::Many {
        column: model.key_field().column.clone(),
        table: through.table.clone(),
        near: through.near.clone(),
        far: through.far.clone(),
        to: schema.model(to)?.clone(),
    })
}

fn hop_back(schema: &Schema, model: &Arc<Model>, name: &str) -> Option<(Hop, (Arc<Model>, usize))> {
    let reverse = schema.reverse(&model.key).iter().find(|reverse| reverse.name == name)?;
    let FieldKind::One { unique, to_field, .. } = &reverse.field().kind else { return None };
    let hop = Hop::Back {
        to: reverse.model.clone(),
        to_column: reverse.field().column.clone(),
        column: target_column(model, to_field.as_deref()),
        single: *unique,
    };
    Some((hop, (reverse.model.clone(), reverse.field)))
}

/// Where the rows are that one step leads to from a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The table whose rows they are: a join table's stand for those at its other end.
    pub table: String,
    /// Its column that points to the row.
    pub column: String,
    /// The position of the field that is pointed to.
    pub of: usize,
}

/// Where the rows are that one step leads to: over a many-to-many field, or to the rows that point here. `None` for
/// any other path.
#[must_use]
pub fn counted(schema: &Schema, model: &Arc<Model>, path: &str) -> Option<Counted> {
    let path = resolve(schema, model, path).ok()?;
    let at = |column: &str| model.fields.iter().position(|field| field.is_column() && field.column == column);
    match (path.hops.as_slice(), &path.field().kind) {
        ([], FieldKind::Many { through, .. }) => {
            let of = at(&model.key_field().column)?;
            Some(Counted { table: through.table.clone(), column: through.near.clone(), of })
        }
        ([Hop::Back { to, to_column, column, .. }], _) if path.field().name == to.primary_key => {
            Some(Counted { table: to.table.clone(), column: to_column.clone(), of: at(column)? })
        }
        _ => None,
    }
}

/// The column that a foreign key points to.
#[must_use]
pub fn target_column(model: &Model, to_field: Option<&str>) -> String {
    let field = to_field.and_then(|name| model.field(name)).unwrap_or_else(|| model.key_field());
    field.column.clone()
}

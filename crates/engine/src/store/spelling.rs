//! Which spelling a field's column has: what a driver binds and reads there.

use super::{Cell, Dialect};
use crate::model::{Field, FieldKind, ModelKey, Schema, Storage, TextFormat};

/// Keys that are foreign keys themselves are followed so far; a schema of circles ends there.
const DEEPEST: usize = 16;

/// The spelling of a field's column. A relation has the spelling of the column it points to.
#[must_use]
pub fn spelling(field: &Field, schema: &Schema, dialect: Dialect) -> Cell {
    spell(field, schema, dialect, DEEPEST)
}

fn spell(field: &Field, schema: &Schema, dialect: Dialect, depth: usize) -> Cell {
    match &field.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => Cell::Int,
        FieldKind::Bool => Cell::Bool,
        FieldKind::Float => Cell::Float,
        FieldKind::Decimal { places, .. } => Cell::Decimal { places: Some(*places) },
        FieldKind::Text { format: TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6, .. } => Cell::Ip,
        FieldKind::Text { .. } | FieldKind::File { .. } => Cell::Text,
        FieldKind::Date => Cell::Date,
        FieldKind::Time => Cell::Time,
        FieldKind::DateTime => instant(field.storage, dialect),
        FieldKind::Duration => Cell::Duration,
        FieldKind::Uuid if field.storage == Storage::Hyphenated => Cell::UuidText,
        FieldKind::Uuid => Cell::Uuid,
        FieldKind::Json => Cell::Json,
        FieldKind::Bytes => Cell::Bytes,
        FieldKind::One { to, to_field, .. } => target(to, to_field.as_deref(), schema, dialect, depth),
        FieldKind::Many { to, .. } => target(to, None, schema, dialect, depth),
    }
}

fn instant(storage: Storage, dialect: Dialect) -> Cell {
    match (storage, dialect) {
        (Storage::Iso, Dialect::Sqlite) | (Storage::Zoneless, Dialect::Postgres) => Cell::DateTimePlain,
        _ => Cell::DateTime,
    }
}

fn target(to: &ModelKey, to_field: Option<&str>, schema: &Schema, dialect: Dialect, depth: usize) -> Cell {
    let Some(model) = schema.model(to) else { return Cell::Any };
    let field = to_field.and_then(|name| model.field(name)).unwrap_or_else(|| model.key_field());
    if depth == 0 { Cell::Any } else { spell(field, schema, dialect, depth - 1) }
}

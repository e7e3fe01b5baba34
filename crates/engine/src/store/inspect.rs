//! Asks a live database what there is: tables, views, columns, keys and rules, as plain facts.

mod postgres;
mod sqlite;

use super::{Dialect, Store, StoreError};
pub use crate::model::facts::{Column, DjangoModel, Facts, Foreign, Index, Rule, Table};
use crate::value::Value;

/// Asks a database what there is.
///
/// # Errors
/// What the database says.
pub async fn inspect(store: &dyn Store) -> Result<Facts, StoreError> {
    let (tables, languages) = match store.dialect() {
        Dialect::Sqlite => (sqlite::tables(store).await?, sqlite::languages()),
        Dialect::Postgres => (postgres::tables(store).await?, postgres::languages(store).await?),
    };
    let has = |name: &str| tables.iter().any(|table| table.name == name);
    let django = if has("django_content_type") && has("auth_permission") { django(store).await? } else { Vec::new() };
    Ok(Facts { strict: store.dialect() == Dialect::Postgres, tables, django, languages })
}

/// Django names the model in the permission to add one: "Can add product image".
const DJANGO: &str = "SELECT t.app_label, t.model, p.name FROM django_content_type t \
    LEFT JOIN auth_permission p ON p.content_type_id = t.id AND p.codename = 'add_' || t.model ORDER BY t.id";

async fn django(store: &dyn Store) -> Result<Vec<DjangoModel>, StoreError> {
    let rows = store.catalogue(DJANGO, Vec::new()).await?;
    let model = |row: &Vec<Value>| DjangoModel {
        app: text(row, 0),
        model: text(row, 1),
        title: text(row, 2).strip_prefix("Can add ").map(str::to_owned),
    };
    Ok(rows.iter().map(model).collect())
}

/// The text in a row of the catalogue; empty for null.
fn text(row: &[Value], at: usize) -> String {
    row.get(at).map(ToString::to_string).unwrap_or_default()
}

/// The text in a row of the catalogue, if there is one.
fn optional(row: &[Value], at: usize) -> Option<String> {
    row.get(at).filter(|value| !value.is_null()).map(ToString::to_string)
}

/// The truth in a row of the catalogue, however the database spells it.
fn truth(row: &[Value], at: usize) -> bool {
    matches!(row.get(at), Some(Value::Bool(true)))
        || row.get(at).and_then(Value::as_int).is_some_and(|number| number != 0)
}

/// The table of a name, to add to.
fn table<'t>(tables: &'t mut [Table], name: &str) -> Option<&'t mut Table> {
    tables.iter_mut().find(|table| table.name == name)
}

/// Adds uniqueness told one column a row (`table, index, primary, column`); an index over an expression counts for
/// nothing, one over the primary key is the primary key.
fn add_uniques(tables: &mut [Table], rows: &[Vec<Value>]) {
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let size = rest.iter().take_while(|row| row[0] == first[0] && row[1] == first[1]).count();
        let (index, after) = rest.split_at(size);
        rest = after;
        let columns: Option<Vec<String>> = index.iter().map(|row| optional(row, 3)).collect();
        let (Some(columns), Some(table)) = (columns, table(tables, &text(first, 0))) else { continue };
        if truth(first, 2) {
            table.primary_key = columns;
        } else if columns != table.primary_key && !table.uniques.contains(&columns) {
            table.uniques.push(columns);
        }
    }
}

/// Adds indexes told one column a row (`table, index, column, any case`); what comes behind an expression is left out.
fn add_indexes(tables: &mut [Table], rows: &[Vec<Value>]) {
    for of_index in rows.chunk_by(|row, next| row[0] == next[0] && row[1] == next[1]) {
        let columns: Vec<String> = of_index.iter().map_while(|row| optional(row, 2)).collect();
        let any_case = truth(&of_index[0], 3);
        let Some(table) = table(tables, &text(&of_index[0], 0)).filter(|_| !columns.is_empty()) else { continue };
        table.indexes.push(Index { columns, any_case });
    }
}

/// Adds foreign keys told one column a row (`table, constraint, column, target table, target column, rule`).
fn add_foreign(tables: &mut [Table], rows: &[Vec<Value>], rule: impl Fn(&str) -> Rule) {
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let size = rest.iter().take_while(|row| row[0] == first[0] && row[1] == first[1]).count();
        let (columns, after) = rest.split_at(size);
        rest = after;
        let Some(table) = table(tables, &text(first, 0)) else { continue };
        table.foreign.push(Foreign {
            columns: columns.iter().map(|row| text(row, 2)).collect(),
            table: text(first, 3),
            targets: columns.iter().filter_map(|row| optional(row, 4)).collect(),
            on_delete: rule(&text(first, 5)),
        });
    }
}

//! SQLite: a full-text index of its own (FTS5) beside the table, filled from it, and triggers that keep it in step.

use super::{Made, Source, Standing, number, quoted};
use crate::store::sql::render;
use crate::store::statement::{Compare, Cond, Expr, Join, Output, Select, Statement};
use crate::store::{Answer, Cell, Dialect, Mode, Store, StoreError};

const INDEXED: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1 AND sql = ?2";

const TRIGGERS: &str = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, length(?1)) = ?1";

/// The alias of the index in a question.
const INDEX: &str = "s";

/// Whether the index is there as it is declared now.
pub(super) async fn is_indexed(store: &dyn Store, source: &Source) -> Result<bool, StoreError> {
    let args = vec![source.index.as_str().into(), definition(source).into()];
    Ok(source.numbered && number(&store.catalogue(INDEXED, args).await?) > 0)
}

pub(super) async fn standing(store: &dyn Store, source: &Source) -> Result<Standing, StoreError> {
    let indexed = is_indexed(store, source).await?;
    let stale = if indexed { stale(store, source).await? } else { 0 };
    let triggers = !triggers(store, source).await?.is_empty();
    Ok(Standing { measures: true, indexed, stale, triggers, indexable: source.numbered })
}

pub(super) async fn make(store: &dyn Store, source: &Source, wanted: bool) -> Result<Made, StoreError> {
    if !source.numbered {
        return Ok(Made::default());
    }
    let known = triggers(store, source).await?;
    let with_triggers = wanted || !known.is_empty();
    let mut script = dropped(source, &known);
    script.push_str(&format!("{};\n{};\n", definition(source), filled(source, "")));
    if with_triggers {
        script.push_str(&kept(source));
    }
    store.script(&script).await?;
    Ok(Made { index: true, triggers: with_triggers, ..Made::default() })
}

pub(super) async fn remove(store: &dyn Store, source: &Source) -> Result<(), StoreError> {
    let known = triggers(store, source).await?;
    store.script(&dropped(source, &known)).await
}

/// The triggers of a search have its name before a colon.
async fn triggers(store: &dyn Store, source: &Source) -> Result<Vec<String>, StoreError> {
    let rows = store.catalogue(TRIGGERS, vec![format!("{}:", source.index).into()]).await?;
    Ok(rows.iter().filter_map(|row| row.first()).map(ToString::to_string).collect())
}

fn dropped(source: &Source, triggers: &[String]) -> String {
    let triggers = triggers.iter().map(|name| format!("DROP TRIGGER IF EXISTS {};\n", quoted(name)));
    let table = format!("DROP TABLE IF EXISTS {};\n", quoted(&source.index));
    triggers.chain([table]).collect()
}

/// A column for each text. Its name begins with a letter of ours, since the index has columns of its own.
fn columns(source: &Source) -> Vec<String> {
    source.texts.iter().enumerate().map(|(at, (name, _))| quoted(&format!("t{at}_{name}"))).collect()
}

/// Runs of letters as they stand: an index that knew stems by its own rule would miss words that are one by ours, and one
/// that knew digits what stands directly behind them. Accents count, as they do on PostgreSQL.
fn definition(source: &Source) -> String {
    format!(
        "CREATE VIRTUAL TABLE {} USING fts5({}, tokenize = \"unicode61 remove_diacritics 0 categories 'L* Co'\")",
        quoted(&source.index),
        columns(source).join(", ")
    )
}

/// Fills the index with the rows of which something holds; all if nothing is said.
fn filled(source: &Source, holds: &str) -> String {
    let rows = text(&source.rows);
    format!("INSERT INTO {} (rowid, {}) {rows}{holds}", quoted(&source.index), columns(source).join(", "))
}

fn text(select: &Select) -> String {
    render(&Statement::Select(select.clone()), Dialect::Sqlite).0.to_string()
}

/// The triggers: on the table itself, and on each of which it shows a text.
fn kept(source: &Source) -> String {
    let Source { index, rows, .. } = source;
    let (name, table) = (quoted(index), quoted(&rows.table));
    let key = quoted(key_of(source));
    let alias = quoted(&rows.alias);
    let trigger = |what: &str, when: &str, table: &str, does: &str| {
        format!("CREATE TRIGGER {} AFTER {when} ON {table} BEGIN {does} END;\n", quoted(&format!("{index}:{what}")))
    };
    let forget = |rows: &str| format!("DELETE FROM {name} WHERE rowid IN ({rows});");
    let fill = filled(source, &format!(" WHERE {alias}.{key} = new.{key}"));
    let mut all = trigger("insert", "INSERT", &table, &format!("{} {fill};", forget(&format!("new.{key}"))));
    let both = format!("old.{key}, new.{key}");
    all.push_str(&trigger("update", "UPDATE", &table, &format!("{} {fill};", forget(&both))));
    all.push_str(&trigger("delete", "DELETE", &table, &forget(&format!("old.{key}"))));
    for Join { table, alias, column, .. } in &rows.joins {
        let holds = format!(" WHERE {}.{column} = new.{column}", quoted(alias), column = quoted(column));
        let keys = Select { outputs: rows.outputs.iter().take(1).cloned().collect(), ..rows.clone() };
        let forget = forget(&format!("{}{holds}", text(&keys)));
        let does = format!("{forget} {};", filled(source, &holds));
        all.push_str(&trigger(alias, "UPDATE", &quoted(table), &does));
    }
    all
}

/// The key's column: the first output.
fn key_of(source: &Source) -> &str {
    match source.rows.outputs.first().map(|output| &output.expr) {
        Some(Expr::Column(column)) => &column.column,
        _ => "rowid",
    }
}

/// How many rows the index does not know as they are, and how many it knows that are gone.
async fn stale(store: &dyn Store, source: &Source) -> Result<u64, StoreError> {
    let rows = &source.rows;
    let key = Expr::column(&rows.alias, key_of(source));
    let indexed = Join {
        table: source.index.clone(),
        alias: INDEX.to_owned(),
        column: "rowid".to_owned(),
        on: crate::store::statement::ColumnRef { table: rows.alias.clone(), column: key_of(source).to_owned() },
    };
    let texts = rows.outputs.iter().skip(1).zip(columns(source));
    let differs = texts.flat_map(|(output, column)| differing(&output.expr, column.trim_matches('"')));
    let unknown = Cond::Null(Expr::column(INDEX, "rowid"));
    let changed = Select {
        joins: rows.joins.iter().cloned().chain([indexed]).collect(),
        filter: Cond::Or(std::iter::once(unknown).chain(differs).collect()),
        ..rows.clone()
    };
    let there =
        Select { outputs: vec![Output { expr: key, cell: Cell::Int }], ..Select::from(&rows.table, &rows.alias) };
    let gone = Cond::Not(Box::new(Cond::InSelect(Expr::column(INDEX, "rowid"), Box::new(there))));
    let gone = Select { filter: gone, ..Select::from(&source.index, INDEX) };
    let mut session = store.begin(Mode::Read).await?;
    let answers = session.run(vec![Statement::Count(changed), Statement::Count(gone)]).await?;
    let count = |answer: &Answer| u64::try_from(number(&answer.rows)).unwrap_or_default();
    Ok(answers.iter().map(count).sum())
}

/// Two texts being different, null included.
fn differing(text: &Expr, column: &str) -> [Cond; 3] {
    let indexed = Expr::column(INDEX, column);
    let null = |expr: &Expr| Cond::Null(expr.clone());
    let one_is_null = |one: &Expr, other: &Expr| Cond::And(vec![null(one), Cond::Not(Box::new(null(other)))]);
    [
        Cond::Compare(text.clone(), Compare::IsNot, indexed.clone()),
        one_is_null(text, &indexed),
        one_is_null(&indexed, text),
    ]
}

//! SQLite's pragmas as facts.

use super::{Column, Rule, Table, add_foreign, add_indexes, add_uniques, optional, text, truth};
use crate::store::{Store, StoreError};
use crate::value::Value;

/// Virtual tables and their shadows are left out: they are indexes in the shape of tables.
const TABLES: &str = "SELECT m.name, m.type = 'view', m.sql, l.wr FROM sqlite_master m \
    JOIN pragma_table_list l ON l.name = m.name AND l.schema = 'main' \
    WHERE l.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.rowid";

const COLUMNS: &str = "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) \
    WHERE hidden <> 1 ORDER BY cid";

const UNIQUES: &str = "SELECT m.name, i.name, i.origin = 'pk', x.name FROM sqlite_master m \
    JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) x \
    WHERE m.type = 'table' AND i.\"unique\" = 1 AND i.partial = 0 ORDER BY m.rowid, i.seq DESC, x.seqno";

const INDEXES: &str = "SELECT m.name, i.name, x.name, x.coll = 'NOCASE' FROM sqlite_master m \
    JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) x \
    WHERE m.type = 'table' AND i.partial = 0 AND x.key = 1 ORDER BY m.rowid, i.seq DESC, x.seqno";

const FOREIGN: &str = "SELECT m.name, f.id, f.\"from\", f.\"table\", f.\"to\", f.on_delete FROM sqlite_master m \
    JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.rowid, f.id DESC, f.seq";

/// What the program itself knows: SQLite has no languages.
pub(super) fn languages() -> Vec<String> {
    ["english", "simple"].map(str::to_owned).to_vec()
}

/// All tables and views; a view that is broken is passed over.
pub(super) async fn tables(store: &dyn Store) -> Result<Vec<Table>, StoreError> {
    let mut tables = Vec::new();
    for row in store.catalogue(TABLES, Vec::new()).await? {
        let (name, view) = (text(&row, 0), truth(&row, 1));
        let checks = if view { Vec::new() } else { vec![text(&row, 2)] };
        let columns = match store.catalogue(COLUMNS, vec![Value::Text(name.clone())]).await {
            Ok(columns) => columns,
            Err(StoreError::Unavailable(words)) => return Err(StoreError::Unavailable(words)),
            Err(_) => continue,
        };
        let numbered = !view && !truth(&row, 3);
        tables.push(Table { numbered, checks, ..table_of(name, view, &columns) });
    }
    add_uniques(&mut tables, &store.catalogue(UNIQUES, Vec::new()).await?);
    add_indexes(&mut tables, &store.catalogue(INDEXES, Vec::new()).await?);
    add_foreign(&mut tables, &store.catalogue(FOREIGN, Vec::new()).await?, rule);
    spell_as_declared(&mut tables);
    Ok(tables)
}

fn table_of(name: String, view: bool, rows: &[Vec<Value>]) -> Table {
    let place = |row: &&Vec<Value>| row.get(4).and_then(Value::as_int).unwrap_or(0);
    let mut key: Vec<&Vec<Value>> = rows.iter().filter(|row| place(row) > 0).collect();
    key.sort_by_key(place);
    let primary_key: Vec<String> = key.iter().map(|row| text(row, 0)).collect();
    let columns = rows.iter().map(|row| column_of(row, &primary_key)).collect();
    Table { name, view, columns, primary_key, ..Table::default() }
}

fn column_of(row: &[Value], primary_key: &[String]) -> Column {
    let (name, declared) = (text(row, 0), text(row, 1));
    let in_key = primary_key.contains(&name);
    Column {
        // A lone INTEGER key is another name for the row's own number.
        identity: in_key && primary_key.len() == 1 && declared.eq_ignore_ascii_case("integer"),
        null: !truth(row, 2) && !in_key,
        default: optional(row, 3),
        generated: matches!(row.get(5).and_then(Value::as_int), Some(2 | 3)),
        name,
        declared,
        ..Column::default()
    }
}

fn rule(word: &str) -> Rule {
    match word {
        "CASCADE" => Rule::Cascade,
        "RESTRICT" => Rule::Restrict,
        "SET NULL" => Rule::SetNull,
        "SET DEFAULT" => Rule::SetDefault,
        _ => Rule::NoAction,
    }
}

/// SQLite finds tables and columns in any case, we do not: foreign keys take the spelling of what they point to.
fn spell_as_declared(tables: &mut [Table]) {
    let names: Vec<(String, Vec<String>)> = tables
        .iter()
        .map(|table| (table.name.clone(), table.columns.iter().map(|c| c.name.clone()).collect()))
        .collect();
    let own = |names: &[String], name: &mut String| {
        if let Some(found) = names.iter().find(|other| other.eq_ignore_ascii_case(name)) {
            name.clone_from(found);
        }
    };
    for (table, (_, columns)) in tables.iter_mut().zip(&names) {
        for foreign in &mut table.foreign {
            foreign.columns.iter_mut().for_each(|column| own(columns, column));
            if let Some((target, targets)) = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(&foreign.table)) {
                foreign.table.clone_from(target);
                foreign.targets.iter_mut().for_each(|column| own(targets, column));
            }
        }
    }
}

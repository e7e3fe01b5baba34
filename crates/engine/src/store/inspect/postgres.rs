//! PostgreSQL's catalogues as facts: what the search path reaches, without what extensions brought.

use super::{Column, Rule, Table, add_foreign, add_indexes, add_uniques, optional, table, text, truth};
use crate::store::{Store, StoreError};
use crate::value::Value;

/// Partitions are rows of their parent; what an extension made is not the user's.
macro_rules! own_tables {
    () => {
        "c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND pg_table_is_visible(c.oid) \
         AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%' \
         AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')"
    };
}

const TABLES: &str = concat!(
    "SELECT c.relname::text, c.relkind IN ('v', 'm') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ",
    own_tables!(),
    " ORDER BY c.relname COLLATE \"C\""
);

const COLUMNS: &str = concat!(
    "SELECT c.relname::text, a.attname::text, \
     CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END, \
     a.attnotnull OR t.typnotnull, CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END, \
     a.attidentity <> '', a.attgenerated <> '', \
     (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)::text FROM pg_enum e WHERE e.enumtypid = t.oid), \
     col_description(c.oid, a.attnum) \
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
     WHERE a.attnum > 0 AND NOT a.attisdropped AND ",
    own_tables!(),
    " ORDER BY c.relname COLLATE \"C\", a.attnum"
);

const UNIQUES: &str = concat!(
    "SELECT c.relname::text, i.indexrelid::int8, i.indisprimary, a.attname::text FROM pg_index i \
     JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) \
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number \
     WHERE i.indisunique AND i.indpred IS NULL AND k.place <= i.indnkeyatts AND ",
    own_tables!(),
    " ORDER BY c.relname COLLATE \"C\", i.indisprimary DESC, i.indexrelid, k.place"
);

const INDEXES: &str = concat!(
    "SELECT c.relname::text, i.indexrelid::int8, a.attname::text, false FROM pg_index i \
     JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) \
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number \
     WHERE i.indisvalid AND i.indpred IS NULL AND k.place <= i.indnkeyatts AND ",
    own_tables!(),
    " ORDER BY c.relname COLLATE \"C\", i.indexrelid, k.place"
);

const FOREIGN: &str = concat!(
    "SELECT c.relname::text, o.oid::int8, a.attname::text, f.relname::text, b.attname::text, o.confdeltype::text \
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_class f ON f.oid = o.confrelid \
     CROSS JOIN LATERAL unnest(o.conkey, o.confkey) WITH ORDINALITY AS k(near, far, place) \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.near \
     JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = k.far \
     WHERE o.contype = 'f' AND ",
    own_tables!(),
    " ORDER BY c.relname COLLATE \"C\", o.oid, k.place"
);

const CHECKS: &str = concat!(
    "SELECT c.relname::text, pg_get_constraintdef(o.oid) FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid \
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE o.contype = 'c' AND ",
    own_tables!(),
    " ORDER BY c.relname COLLATE \"C\", o.oid"
);

const LANGUAGES: &str =
    "SELECT cfgname::text FROM pg_ts_config WHERE pg_ts_config_is_visible(oid) ORDER BY cfgname COLLATE \"C\"";

/// The text search configurations that unqualified names reach.
pub(super) async fn languages(store: &dyn Store) -> Result<Vec<String>, StoreError> {
    Ok(store.catalogue(LANGUAGES, Vec::new()).await?.iter().map(|row| text(row, 0)).collect())
}

/// All tables and views that unqualified names reach.
pub(super) async fn tables(store: &dyn Store) -> Result<Vec<Table>, StoreError> {
    let rows = store.catalogue(TABLES, Vec::new()).await?;
    let mut tables: Vec<Table> =
        rows.iter().map(|row| Table { name: text(row, 0), view: truth(row, 1), ..Table::default() }).collect();
    for row in store.catalogue(COLUMNS, Vec::new()).await? {
        if let Some(table) = table(&mut tables, &text(&row, 0)) {
            table.columns.push(column_of(&row));
        }
    }
    add_uniques(&mut tables, &store.catalogue(UNIQUES, Vec::new()).await?);
    add_indexes(&mut tables, &store.catalogue(INDEXES, Vec::new()).await?);
    add_foreign(&mut tables, &store.catalogue(FOREIGN, Vec::new()).await?, rule);
    for row in store.catalogue(CHECKS, Vec::new()).await? {
        if let Some(table) = table(&mut tables, &text(&row, 0)) {
            table.checks.push(text(&row, 1));
        }
    }
    Ok(tables)
}

fn column_of(row: &[Value]) -> Column {
    let default = optional(row, 4);
    let counted = default.as_deref().is_some_and(|default| default.starts_with("nextval("));
    Column {
        name: text(row, 1),
        declared: text(row, 2),
        null: !truth(row, 3),
        identity: truth(row, 5) || counted,
        default: default.filter(|_| !counted),
        generated: truth(row, 6),
        labels: serde_json::from_str(&text(row, 7)).unwrap_or_default(),
        comment: text(row, 8),
    }
}

fn rule(letter: &str) -> Rule {
    match letter {
        "c" => Rule::Cascade,
        "r" => Rule::Restrict,
        "n" => Rule::SetNull,
        "d" => Rule::SetDefault,
        _ => Rule::NoAction,
    }
}
